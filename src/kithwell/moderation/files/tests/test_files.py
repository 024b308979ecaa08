"""Files that people send: malware does not get in, and pictures that a list names are held back for a person."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from kithwell.kernel import errors
from kithwell.kernel.principal import Principal
from kithwell.moderation.files import clam, lists, looks, pdq
from kithwell.moderation.files.models import HashEntry, HashList
from kithwell.people import actions as people

HARMFUL = b"kithwell-test-signature-that-is-harmless"


def picture(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    dice, image = random.Random(seed), Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _n in range(30):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        draw.rectangle(
            [x, y, x + dice.randint(9, 90), y + dice.randint(9, 90)],
            fill=tuple(dice.choices(range(256), k=3)),
        )
    return image


def encoded(image: Image.Image, form: str = "PNG", **more: int) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


# -- the hash --------------------------------------------------------------------------------------------------------


def test_a_picture_keeps_its_hash_when_it_is_scaled_and_encoded_anew() -> None:
    for seed in range(12):
        one = picture(seed)
        other = pdq.of_bytes(encoded(one.resize((213, 160)), "JPEG", quality=55))
        assert pdq.distance(pdq.of_image(one).bits, other.bits) <= pdq.SAME


def test_different_pictures_have_different_hashes() -> None:
    hashes = [pdq.of_image(picture(seed)).bits for seed in range(12)]
    apart = [pdq.distance(a, b) for n, a in enumerate(hashes) for b in hashes[:n]]
    assert min(apart) > 2 * pdq.SAME


def test_a_plain_picture_says_that_its_hash_means_nothing() -> None:
    assert pdq.of_image(Image.new("RGB", (200, 200), "white")).quality < pdq.GOOD
    assert pdq.of_image(picture(3)).quality >= pdq.GOOD


@given(st.binary(max_size=300))
@settings(max_examples=60)
def test_no_bytes_break_the_hash(data: bytes) -> None:
    for tried in (data, b"\x89PNG\r\n\x1a\n" + data, b"\xff\xd8\xff" + data, b"GIF89a" + data):
        with contextlib.suppress(pdq.NotAPicture):
            pdq.of_bytes(tried)


# -- lists -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def steward(db: None) -> Principal:
    ident = people.create_account("Steady Pine", roles=("steward",))
    return Principal("account", ident, "Steady Pine", frozenset({"member", "steward"}), stepped_up=True)


def bring(who: Principal, *images: Image.Image, effect: str = "hold", name: str = "One") -> tuple[int, int]:
    text = "hash,note\n" + "".join(f"{pdq.of_image(i).hex},x\n" for i in images)
    return lists.bring(who, name, "a test", "graphic", effect, text)


def test_a_listed_picture_is_held_also_when_it_was_changed_a_little(steward: Principal) -> None:
    bring(steward, picture(1), picture(2))
    look = looks.check(encoded(picture(1).resize((500, 375)), "JPEG", quality=60), picture=True)
    assert (look.held, look.category, look.list) == (True, "graphic", "One")
    assert looks.check(encoded(picture(5)), picture=True) == looks.Look()


def test_a_list_can_be_added_to_changed_and_taken_away(steward: Principal) -> None:
    assert bring(steward, picture(1)) == (1, 0)
    assert bring(steward, picture(1), picture(2), effect="blur") == (1, 1)
    assert looks.check(encoded(picture(2)), picture=True).blurred
    lists.drop(steward, lists.rows(steward)[0].id)
    assert looks.check(encoded(picture(2)), picture=True) == looks.Look()
    assert not HashEntry.objects.exists() and not HashList.objects.exists()


def test_holding_back_goes_before_blurring(steward: Principal) -> None:
    bring(steward, picture(1), effect="blur", name="Soft")
    bring(steward, picture(1), effect="hold", name="Hard")
    assert looks.check(encoded(picture(1)), picture=True).held


def test_a_plain_picture_matches_no_list(steward: Principal) -> None:
    bring(steward, Image.new("RGB", (200, 200), "white"))
    assert looks.check(encoded(Image.new("RGB", (300, 300), "white")), picture=True) == looks.Look()


def test_a_file_without_hashes_and_a_form_without_a_source_are_refused(steward: Principal) -> None:
    with pytest.raises(errors.Invalid) as wrong:
        lists.bring(steward, "", " ", "graphic", "eat", "no hash here\n" + "z" * 64)
    assert set(wrong.value.fields) == {"name", "source", "effect", "file"}


def test_only_stewards_touch_lists(steward: Principal) -> None:
    ident = people.create_account("Blue Wren", roles=("moderator",))
    other = Principal("account", ident, "Blue Wren", frozenset({"member", "moderator"}), stepped_up=True)
    for act in (lambda: bring(other, picture(1)), lambda: lists.rows(other)):
        with pytest.raises(errors.Refused):
            act()


# -- malware ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def daemon(settings: object) -> Iterator[Callable[[bytes], None]]:
    """A clamd that speaks INSTREAM to the letter; `daemon(answer)` sets what it says next (b"" hangs up)."""
    said = [b""]
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.KITHWELL = settings.KITHWELL | {"clamav": f"tcp://127.0.0.1:{server.getsockname()[1]}"}  # type: ignore[attr-defined]

        def exactly(line: socket.socket, count: int) -> bytes:
            got = b""
            while len(got) < count:
                part = line.recv(count - len(got))
                if not part:
                    raise OSError("cut")
                got += part
            return got

        def serve() -> None:
            while True:
                try:
                    line, _where = server.accept()
                except OSError:
                    return
                with line:
                    try:
                        assert exactly(line, 10) == b"zINSTREAM\0"
                        data = b""
                        while count := struct.unpack(">I", exactly(line, 4))[0]:
                            data += exactly(line, count)
                        found = b"stream: Kithwell.Test FOUND" if HARMFUL in data else b"stream: OK"
                        line.sendall((said[0] or found) + b"\0" if said[0] != b"-" else b"")
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        yield lambda answer: said.__setitem__(0, answer)


def test_malware_is_refused_in_words_and_anything_else_passes(daemon: Callable[[bytes], None]) -> None:
    assert looks.check(b"x" * 200_000) == looks.Look()
    with pytest.raises(errors.Invalid) as wrong:
        looks.check(b"x" * 70_000 + HARMFUL, "picture")
    assert "harmful" in wrong.value.fields["picture"]


@pytest.mark.parametrize(
    "answer", [b"-", b"INSTREAM size limit exceeded. ERROR", b"stream: what", b"\xff\xfe"]
)
def test_a_file_that_could_not_be_looked_at_does_not_get_in(
    daemon: Callable[[bytes], None], answer: bytes
) -> None:
    daemon(answer)
    with pytest.raises(errors.Invalid) as wrong:
        looks.check(b"hello")
    assert "kept" in wrong.value.fields["file"]


def test_a_daemon_that_is_away_keeps_files_out_and_no_daemon_asks_nobody(settings: object) -> None:
    settings.KITHWELL = settings.KITHWELL | {"clamav": "unix:///nowhere/clamd.ctl"}  # type: ignore[attr-defined]
    with pytest.raises(clam.Unreachable):
        clam.look(b"hello")
    settings.KITHWELL = settings.KITHWELL | {"clamav": ""}  # type: ignore[attr-defined]
    assert clam.look(HARMFUL) == clam.Seen(False)


@pytest.mark.servers
@pytest.mark.skipif(shutil.which("clamd") is None, reason="no clamd on this machine")
def test_a_real_clamd_finds_what_its_signatures_name(tmp_path: Path, settings: object) -> None:
    (tmp_path / "db").mkdir()
    (tmp_path / "db/test.ndb").write_text(f"Kithwell.Test:0:*:{HARMFUL.hex()}\n")
    socket_file = tmp_path / "s"
    (tmp_path / "clamd.conf").write_text(
        f"LocalSocket {socket_file}\nDatabaseDirectory {tmp_path / 'db'}\nForeground yes\n"
        f"TemporaryDirectory {tmp_path}\n"
    )
    process = subprocess.Popen(
        ["clamd", f"--config-file={tmp_path / 'clamd.conf'}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        settings.KITHWELL = settings.KITHWELL | {"clamav": f"unix://{socket_file}"}  # type: ignore[attr-defined]
        for _try in range(600):
            try:
                assert clam.look(b"hello") == clam.Seen(True)
                break
            except clam.Unreachable:
                assert process.poll() is None, "clamd ended"
                threading.Event().wait(0.1)
        assert clam.look(b"x" * 90_000 + HARMFUL).found.startswith("Kithwell.Test")
    finally:
        process.kill()
        process.wait()
