"""Ids, the clock and tidy texts."""

import unicodedata
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.kernel import clock, ids, texts
from kithwell.kernel.errors import Invalid


def test_ids_are_version_seven_and_ordered_by_time():
    made = [ids.new_id() for _ in range(2000)]
    assert {(i.version, i.variant) for i in made} == {(7, "specified in RFC 4122")}
    assert [i.int >> 80 for i in made] == sorted(i.int >> 80 for i in made)
    assert len(set(made)) == 2000


@given(st.uuids())
def test_the_short_form_of_an_id_comes_back(ident):
    assert ids.parse(ids.short(ident)) == ident == ids.parse(str(ident))


@given(st.text())
def test_what_is_no_id_is_none_and_never_an_error(text):
    assert ids.parse(text) is None or isinstance(ids.parse(text), UUID)


def test_the_clock_stands_still_and_moves_in_tests():
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with clock.frozen(noon):
        assert clock.now() == noon
        with clock.shifted(timedelta(hours=2)):
            assert clock.now() == noon + timedelta(hours=2)
        assert clock.now() == noon
    with pytest.raises(ValueError), clock.frozen(datetime(2026, 1, 1)):
        pass


def test_the_demos_clock_moves_for_every_process_and_no_other_clock_does(settings, tmp_path, monkeypatch):
    settings.KITHWELL = {**settings.KITHWELL, "data_dir": tmp_path, "demo": False}
    with pytest.raises(RuntimeError):
        clock.advance_demo(timedelta(hours=1))
    settings.KITHWELL = {**settings.KITHWELL, "demo": True}
    monkeypatch.setattr(clock, "_offset_seen", (-1.0, 0.0))
    clock.advance_demo(timedelta(hours=25))
    monkeypatch.setattr(clock, "_offset_seen", (-1.0, 0.0))  # as another process would look
    assert clock.now() - datetime.now(UTC) > timedelta(hours=24, minutes=59)
    monkeypatch.setattr(clock, "_offset_seen", (-1.0, 0.0))


@given(st.text(alphabet=st.characters(), max_size=300))
def test_tidy_text_is_normal_visible_and_stays_as_it_is(text):
    tidy = texts.tidy(text, 1000)
    assert texts.tidy(tidy, 1000) == tidy
    tidy.encode()  # no lone surrogate
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in tidy)


def test_a_text_that_is_too_long_is_refused_with_its_length_and_never_cut():
    with pytest.raises(Invalid) as refused:
        texts.tidy("x" * 11, 10, "reply")
    assert refused.value.fields["reply"].startswith("This is 11 characters long; there is room for 10.")
