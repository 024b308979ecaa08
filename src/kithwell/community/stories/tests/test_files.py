"""What a file is, what is taken out of it, how it is kept, and how parts of it are sent."""

from __future__ import annotations

import random
import wave
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.stories import actions, files, queries
from kithwell.community.stories.models import Media
from kithwell.community.stories.rules import captions as vtt
from kithwell.community.stories.rules import clean
from kithwell.community.stories.rules.story import CHECKS
from kithwell.community.stories.tests import cast
from kithwell.kernel import crypto, ids
from kithwell.kernel.errors import Invalid

SECRET = b"+52.5200+013.4050/ Lena's phone 2026"


@pytest.mark.parametrize(
    ("data", "kind", "mime"),
    [
        (cast.wav(SECRET), "audio", "audio/wav"),
        (cast.mp3(SECRET), "audio", "audio/mpeg"),
        (cast.mp4(SECRET), "video", "video/mp4"),
        (cast.mp4(SECRET, b"soun"), "audio", "audio/mp4"),
        (cast.webm(SECRET), "video", "video/webm"),
        (cast.webm(SECRET, kind=2), "audio", "audio/webm"),
        (cast.webm(SECRET, live=True), "video", "video/webm"),
    ],
)
def test_place_device_and_date_are_gone_and_the_rest_is_there(data: bytes, kind: str, mime: str) -> None:
    assert SECRET in data
    found, said, cleaned = clean.clean(data)
    assert (found, said) == (kind, mime)
    assert SECRET not in cleaned and b"Lena" not in cleaned and b"\xde\xad\xbe\xef" not in cleaned
    assert clean.clean(cleaned)[2] == cleaned  # once is enough
    if mime == "audio/wav":
        with wave.open(BytesIO(cleaned)) as file:
            assert file.getnframes() == 4000
    if mime == "video/mp4":
        assert b"picture" * 20 in cleaned and len(cleaned) == len(data)


def test_a_track_of_places_that_cannot_be_found_in_the_file_is_refused_rather_than_kept() -> None:
    for data in (cast.mp4(b"x", b"meta"), cast.mp4(b"x", b"camm"), cast.webm(kind=17)):
        with pytest.raises(clean.Unclean):
            clean.clean(data)


def test_a_phones_own_tracks_go_with_what_they_say_and_picture_and_sound_stay() -> None:
    for wide in (False, True):
        data = cast.phone_film(SECRET, wide=wide)
        assert data.count(SECRET) == 3
        kind, mime, cleaned = clean.clean(data)
        assert (kind, mime, len(cleaned)) == ("video", "video/mp4", len(data))
        assert SECRET not in cleaned and b"mebx" not in cleaned and cleaned.count(b"picture") == 3
        assert clean.clean(cleaned)[2] == cleaned


@given(st.binary(min_size=12, max_size=12), st.sampled_from([b"stsz", b"stsc", b"stco"]))
def test_a_track_that_lies_about_where_it_is_breaks_nothing(lie: bytes, table: bytes) -> None:
    data = cast.phone_film(SECRET)
    at = data.rindex(table) + 4
    with suppress(clean.Unclean):
        clean.clean(data[:at] + lie + data[at + 12 :])


@given(st.binary(max_size=300))
def test_no_file_however_broken_breaks_the_reader(data: bytes) -> None:
    for head in (b"", b"ID3", b"RIFF0000WAVE", b"\x1a\x45\xdf\xa3", b"\0\0\0\x10ftypisom", b"\xff\xfb"):
        try:
            clean.clean(head + data)
        except clean.Unclean as refused:
            assert refused.code in ("unknown", "broken", "unclean", "large")


@given(st.integers(0, 5000), st.data())
def test_a_film_cut_anywhere_is_refused_or_still_clean(cut: int, data: Any) -> None:
    whole = data.draw(
        st.sampled_from([cast.mp4(SECRET), cast.webm(SECRET), cast.wav(SECRET), cast.mp3(SECRET)])
    )
    with suppress(clean.Unclean):
        assert SECRET not in clean.clean(whole[: cut % len(whole)])[2]


def test_a_name_does_not_make_a_file_what_it_is_not() -> None:
    for data in (
        b"<svg onload=alert(1)>",
        b"<html>",
        b"%PDF-1.7",
        b"OggS\0\0",
        b"fLaC\0",
        b"MZ\x90",
        b"",
        b"\0" * 50,
    ):
        with pytest.raises(clean.Unclean):
            clean.clean(data)


# -- captions ---------------------------------------------------------------------------------------------------------

_LETTERS = st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp"))
cues = st.lists(
    st.tuples(st.integers(1, 600_000), st.text(_LETTERS, min_size=1, max_size=40)),
    min_size=1, max_size=20, unique_by=lambda c: c[0],
)  # fmt: skip


@given(cues)
def test_lines_with_times_become_captions_that_read_the_same(found: list[tuple[int, str]]) -> None:
    lines = [
        f"{ms // 60000}:{ms // 1000 % 60:02}.{ms % 1000:03} word {text.strip()}" for ms, text in sorted(found)
    ]
    made = vtt.from_lines("\n".join(lines))
    again = vtt.read(vtt.write(made))
    assert [round(c.start * 1000) for c in again] == [ms for ms, _t in sorted(found)]
    assert [" ".join(c.text.split()) for c in again] == [" ".join(c.text.split()) for c in made]
    assert all(c.start < c.end for c in again)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader_of_captions(text: str) -> None:
    for read in (vtt.read, vtt.from_lines):
        for given_text in (text, "WEBVTT\n\n" + text):
            try:
                assert read(given_text)
            except vtt.BadCaptions as wrong:
                assert wrong.line >= 1


def test_marks_in_captions_are_text() -> None:
    made = vtt.write(vtt.from_lines("0:01 <b>A & B</b>\n0:03 --> not a time"))
    assert "&lt;b&gt;A &amp; B" in made and made.count("-->") == 2
    assert vtt.read(made)[0].text == "<b>A & B</b>"


@pytest.mark.parametrize(
    ("text", "code"),
    [("hello", "time"), ("0:05 a\n0:03 b", "order"), ("", "empty"), ("0:05 a\n0:05 b", "order")],
)
def test_what_is_wrong_in_captions_is_said_with_its_line(text: str, code: str) -> None:
    with pytest.raises(vtt.BadCaptions) as wrong:
        vtt.from_lines(text)
    assert wrong.value.code == code


# -- kept and sent
# ------------------------------------------------------------------------------------------------------


@pytest.fixture
def story(db: None, settings: Any, tmp_path: Any) -> Any:
    from kithwell.kernel import conf

    settings.KITHWELL = {**settings.KITHWELL, "data_dir": tmp_path}
    assert conf.get("data_dir") == tmp_path

    class Scene:
        ana, mo = (
            cast.person("Ana", password=cast.PASSWORD),
            cast.person("Mo", "moderator", password=cast.PASSWORD),
        )
        folder = tmp_path

    scene: Any = Scene()
    scene.ident = cast.draft(scene.ana)
    return scene


def test_a_file_lies_sealed_and_is_read_in_parts(story: Any) -> None:
    big = cast.wav()
    ident = actions.add(story.ana, story.ident, big)
    row = Media.objects.get(id=ident)
    place = next(p for p in (story.folder / "stories").rglob("*") if p.is_file())
    assert big[:64] not in place.read_bytes()
    assert b"".join(files.read(row.story.subject, ident, 0, row.size - 1)) == clean.clean(big)[2]
    assert b"".join(files.read(row.story.subject, ident, 100, 199)) == clean.clean(big)[2][100:200]


def test_any_part_of_a_long_sealed_file_is_that_part(story: Any) -> None:
    subject, ident = crypto.new_subject(), ids.new_id()
    data = random.Random(5).randbytes(2 * files.PIECE + 17)
    files.put(subject, ident, data)
    edges = (0, 1, files.PIECE - 1, files.PIECE, files.PIECE + 1, 2 * files.PIECE, len(data) - 1)
    for first in edges:
        for last in edges:
            if first <= last:
                assert b"".join(files.read(subject, ident, first, last)) == data[first : last + 1]


def test_a_public_story_with_a_film_is_played_in_parts_with_captions_and_words_to_read(story: Any) -> None:
    ident = actions.add(story.ana, story.ident, cast.webm(SECRET), alt="I talk about plants")
    with pytest.raises(Invalid) as wrong:
        actions.send(story.ana, story.ident, {"site": "90"})
    assert "captions" in wrong.value.fields
    actions.caption(story.ana, story.ident, ident, "0:01 Hello\n0:03 I could not get up")
    actions.send(story.ana, story.ident, {"site": "90"})
    slug = actions.approve(story.mo, story.ident, cast.row(story.ident).version, CHECKS)
    client = Client()
    shown = client.get(f"/stories/{slug}").content.decode()
    assert "<video controls" in shown and "<track" in shown and "autoplay" not in shown
    assert "I could not get up" in shown and "I talk about plants" in shown
    url = f"/stories/file/{ident}"
    whole = b"".join(client.get(url).streaming_content)  # type: ignore[attr-defined]
    assert SECRET not in whole
    part = client.get(url, headers={"range": "bytes=5-9"})
    assert part.status_code == 206 and part["Content-Range"] == f"bytes 5-9/{len(whole)}"
    assert b"".join(part.streaming_content) == whole[5:10]  # type: ignore[attr-defined]
    last = client.get(url, headers={"range": "bytes=-4"})
    assert b"".join(last.streaming_content) == whole[-4:]  # type: ignore[attr-defined]
    assert client.get(url, headers={"range": f"bytes={len(whole)}-"}).status_code == 416
    assert client.get(url, headers={"range": "bytes=x"}).status_code == 200
    captions = client.get(f"{url}/captions.vtt")
    assert captions["Content-Type"].startswith("text/vtt") and b"WEBVTT" in captions.content
    actions.withdraw(story.ana, story.ident)
    assert client.get(url).status_code == 404 and client.get(f"{url}/captions.vtt").status_code == 404


def test_a_picture_needs_a_description_and_loses_everything_but_its_pixels(story: Any) -> None:
    from PIL import Image

    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Lena's phone"
    Image.new("RGB", (40, 30), "green").save(out, "JPEG", exif=exif)
    with pytest.raises(Invalid):
        actions.add(story.ana, story.ident, out.getvalue())
    ident = actions.add(story.ana, story.ident, out.getvalue(), alt="A green leaf")
    row = Media.objects.get(id=ident)
    data = b"".join(files.read(row.story.subject, ident, 0, row.size - 1))
    assert b"Lena" not in data and (row.width, row.height, row.mime) == (40, 30, "image/webp")


def test_files_come_by_an_ordinary_form_and_go_with_the_story(
    story: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = cast.browser(story.ana)
    sent = SimpleUploadedFile("voice.mp3", cast.mp3(SECRET), content_type="text/html")
    answer = client.post(f"/stories/mine/{story.ident}/file", {"file": sent})
    assert answer.status_code == 303
    where = answer["Location"].partition("?")[0]
    assert client.post(where, {"captions": "no time here"}).status_code == 422
    assert client.post(where, {"captions": "0:01 Good evening", "alt": "My voice"}).status_code == 303
    assert [f.transcript for f in queries.own(story.ana, story.ident).files] == ["Good evening"]
    wrong = client.post(f"/stories/mine/{story.ident}/file", {"file": SimpleUploadedFile("a.mp3", b"<html>")})
    assert wrong.status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        actions.let_go(story.ana, story.ident)
    assert not [p for p in (story.folder / "stories").rglob("*") if p.is_file()]


def test_a_file_cannot_be_opened_with_anothers_key(story: Any) -> None:
    ident = actions.add(story.ana, story.ident, cast.wav())
    with pytest.raises(crypto.CryptoError):
        list(files.read(crypto.new_subject(), ident, 0, 10))


@pytest.mark.django_db
def test_a_file_that_cannot_be_looked_at_for_malware_is_refused_whatever_it_is(settings: object) -> None:
    from kithwell.community.posts.tests.test_changing import png
    from kithwell.community.stories import actions
    from kithwell.community.stories.models import Media
    from kithwell.community.stories.tests import cast
    from kithwell.kernel.errors import Invalid

    author = cast.person("Ana")
    story = actions.begin(author)
    settings.KITHWELL = settings.KITHWELL | {"clamav": "unix:///nowhere/clamd.ctl"}  # type: ignore[attr-defined]
    for data in (png(), b"ID3" + bytes(400)):
        with pytest.raises(Invalid) as wrong:
            actions.add(author, story, data, "what it shows")
        assert "cannot be checked" in str(wrong.value.fields["file"])
    assert not Media.objects.exists()
