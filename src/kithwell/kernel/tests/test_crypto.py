"""What is sealed for a person opens only for them, in its own row, and never again once their key is gone."""

import os
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kithwell.kernel import crypto
from kithwell.kernel.models import Subject

AT = ("support_message", "body", 7)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_keys():
    crypto.forget_cached_keys()
    yield
    crypto.forget_cached_keys()


def test_what_is_sealed_opens_again_and_its_bytes_do_not_show_the_text():
    subject = crypto.new_subject()
    blob = crypto.seal(subject, "I did not sleep again", at=AT)
    assert b"sleep" not in blob
    crypto.forget_cached_keys()
    assert crypto.unseal(subject, blob, at=AT) == "I did not sleep again"


class Sealing(TestCase):
    @given(st.text(), st.text(max_size=20), st.integers())
    def test_any_text_in_any_place_comes_back_as_it_was(self, text, column, pk):
        encodable = text.encode("utf-8", "ignore").decode()
        subject = crypto.new_subject()
        at = ("t", column.encode("utf-8", "ignore").decode(), pk)
        assert crypto.unseal(subject, crypto.seal(subject, encodable, at=at), at=at) == encodable


@pytest.mark.parametrize(
    "elsewhere", [("support_message", "body", 8), ("support_message", "note", 7), ("support_note", "body", 7)]
)
def test_a_sealed_value_moved_to_another_place_does_not_open(elsewhere):
    subject = crypto.new_subject()
    blob = crypto.seal(subject, "words", at=AT)
    with pytest.raises(crypto.Tampered):
        crypto.unseal(subject, blob, at=elsewhere)


def test_one_persons_data_does_not_open_with_anothers_key():
    one, other = crypto.new_subject(), crypto.new_subject()
    with pytest.raises(crypto.Tampered):
        crypto.unseal(other, crypto.seal(one, "words", at=AT), at=AT)


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-1], lambda b: b[:20] + b"x" + b[21:], lambda b: b"", lambda b: b"\x02"]
)
def test_a_changed_value_is_refused(harm):
    subject = crypto.new_subject()
    with pytest.raises(crypto.Tampered):
        crypto.unseal(subject, harm(crypto.seal(subject, "words", at=AT)), at=AT)


def test_after_erasure_nothing_sealed_for_the_person_opens_not_even_from_a_back_up():
    subject = crypto.new_subject()
    backed_up = crypto.seal(subject, "words", at=AT)
    crypto.erase_subject(subject)
    crypto.forget_cached_keys()
    with pytest.raises(crypto.Erased):
        crypto.unseal(subject, backed_up, at=AT)
    with pytest.raises(crypto.Erased):
        crypto.seal(subject, "more", at=AT)
    assert Subject.objects.get(id=subject).wrapped_key is None
    crypto.erase_subject(subject)  # twice is no error


def test_after_rotation_everything_opens_with_the_new_master_alone(settings):
    old, new = settings.KITHWELL["master_keys"][0], os.urandom(32).hex()
    subject = crypto.new_subject()
    blob = crypto.seal(subject, "words", at=AT)
    index = crypto.blind_index("email", "a@example.org")
    settings.KITHWELL = {**settings.KITHWELL, "master_keys": [new, old]}
    assert crypto.rotate_master(batch=1) >= 2
    settings.KITHWELL = {**settings.KITHWELL, "master_keys": [new]}
    crypto.forget_cached_keys()
    assert crypto.unseal(subject, blob, at=AT) == "words"
    assert crypto.blind_index("email", "a@example.org") == index
    assert crypto.rotate_master() == 0


def test_with_the_wrong_master_key_the_error_says_which_is_missing(settings):
    subject = crypto.new_subject()
    blob = crypto.seal(subject, "words", at=AT)
    settings.KITHWELL = {**settings.KITHWELL, "master_keys": [os.urandom(32).hex()]}
    crypto.forget_cached_keys()
    with pytest.raises(crypto.NoMasterKey, match=str(subject)):
        crypto.unseal(subject, blob, at=AT)


def test_keys_of_many_people_are_loaded_with_one_query(django_assert_num_queries):
    people = crypto.new_subjects(30)
    blobs = [crypto.seal(p, "words", at=AT) for p in people]
    crypto.forget_cached_keys()
    with django_assert_num_queries(1):
        crypto.load_keys(people)
        for person, blob in zip(people, blobs, strict=True):
            crypto.unseal(person, blob, at=AT)


def test_a_blind_index_finds_equal_values_of_one_kind_and_tells_nothing_else():
    found = crypto.blind_index("phone", "447700900123")
    assert found == crypto.blind_index("phone", "447700900123")
    assert found != crypto.blind_index("email", "447700900123")
    assert found != crypto.blind_index("phone", "447700900124")
    assert "447700900123" not in found and len(found) == 64


def test_a_person_who_never_was_has_no_key():
    with pytest.raises(crypto.Erased):
        crypto.seal(uuid4(), "words", at=AT)
