"""`kithwell run` for real: restarts what dies, stops gracefully, leaves nothing behind, heeds slow clients."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.servers
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


def eventually(seen, seconds=60.0):
    """Wait until `seen()` gives something, and return it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError, ValueError):
            if found := seen():
                return found
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds} s: {seen}")


def connect(url):
    host, _, port = url.removeprefix("http://").partition(":")
    made = socket.create_connection((host, int(port)), timeout=60)
    return made


def get(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.status, answer.read().decode()


def processes(server):
    return json.loads((server.data / "processes.json").read_text())


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"


def children(pid):
    return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def running(start_server):
    return start_server(stop_seconds="6")


def test_a_worker_that_is_killed_comes_back(running):
    before = processes(running)
    os.kill(before["crisis-1"], signal.SIGKILL)
    after = eventually(lambda: processes(running)["crisis-1"] != before["crisis-1"] and processes(running))
    assert alive(after["crisis-1"]) and after["web"] == before["web"]
    assert '"process.died"' in running.log() and '"exit_code":-9' in running.log()
    eventually(lambda: get(running.url + "/readyz")[0] == 200)


def test_a_web_process_that_is_killed_comes_back(running):
    (serving,) = children(processes(running)["web"])
    os.kill(serving, signal.SIGKILL)
    eventually(lambda: children(processes(running)["web"]) not in ([serving], []))
    eventually(lambda: get(running.url + "/healthz")[0] == 200)
    before = processes(running)["web"]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: processes(running)["web"] != before)
    eventually(lambda: get(running.url + "/healthz")[0] == 200)


def test_what_dies_again_and_again_is_started_less_and_less_often(running):
    for _ in range(3):
        pid = eventually(lambda: alive(processes(running)["normal-1"]) and processes(running)["normal-1"])
        os.kill(pid, signal.SIGKILL)
        eventually(lambda pid=pid: processes(running)["normal-1"] != pid)
    pauses = [json.loads(line)["delay"] for line in running.log().splitlines() if "process.died" in line]
    assert pauses == [0.5, 1.0, 2.0]


def sign_in(url, name="Sam", password="kithwell-demo"):
    """Cookies of somebody signed in, through the real form."""
    import http.cookiejar
    import re
    import urllib.parse

    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(url + "/sign-in", timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    fields = {"csrfmiddlewaretoken": token, "name": name, "pseudonym": name, "password": password}
    opener.open(url + "/sign-in", urllib.parse.urlencode(fields).encode(), timeout=60).read()
    return "; ".join(f"{c.name}={c.value}" for c in jar)


def test_a_stop_closes_live_streams_at_once_and_a_closed_page_stops_its_stream(start_server):
    server = start_server("--demo", stop_seconds="90")
    cookies = sign_in(server.url)
    account = server.cli(
        "manage", "shell", "--verbosity", "0", "-c",
        "from kithwell.people import queries; print(queries.account_named('Sam'))",
    ).split()[-1]  # fmt: skip
    ask = f"GET /live?topic=desk:{account} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode()

    def listeners():
        text = get(server.url + "/metrics")[1]
        values = [
            line.split()[-1] for line in text.splitlines() if line.startswith("kithwell_live_listeners")
        ]
        return sum(map(float, values))

    with connect(server.url) as stays, connect(server.url) as leaves:
        for stream in (stays, leaves):
            stream.sendall(ask)
            assert b"200 OK" in stream.recv(4096)
        eventually(lambda: listeners() == 2)
        leaves.close()
        eventually(lambda: listeners() == 1)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        while stays.recv(4096):
            pass
        assert server.process.wait(85) == 0
        assert time.monotonic() - began < 45  # it would wait 90 s for streams that stay open


def test_a_stop_lets_the_request_in_hand_finish(running):
    pids = [p for p in processes(running).values()] + children(processes(running)["web"])
    with connect(running.url) as slow, connect(running.url) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
        slow.sendall(
            f"POST /theme HTTP/1.1\r\nHost: localhost\r\n{FORM}Content-Length: 10\r\n\r\nthe".encode()
        )
        eventually(lambda: "request.done" in running.log())
        running.process.send_signal(signal.SIGTERM)
        eventually(
            lambda: not alive(pids[2]) and not alive(pids[3])
        )  # the workers have stopped: the stop is under way
        slow.sendall(b"me=dark")
        assert slow.recv(12) == b"HTTP/1.1 303"
    assert running.process.wait(60) == 0
    assert not [p for p in pids if alive(p)]
    assert running.log().count('"worker.stopped"') == 2


def test_when_the_supervisor_is_killed_nothing_is_left_behind(running):
    pids = [p for p in processes(running).values()] + children(processes(running)["web"])
    running.process.kill()
    eventually(lambda: not [p for p in pids if alive(p)])


def test_a_head_that_does_not_come_is_cut_off_and_a_body_that_does_not_come_is_told_so(start_server):
    server = start_server(head_seconds="1", body_seconds="0.5")
    with connect(server.url) as head, connect(server.url) as body:
        head.sendall(b"GET / HTTP/1.1\r\nHos")
        body.sendall(
            f"POST /theme HTTP/1.1\r\nHost: localhost\r\n{FORM}Content-Length: 10\r\n\r\nth".encode()
        )
        assert body.recv(12) == b"HTTP/1.1 408"
        assert head.recv(100) == b""


def test_a_large_body_is_refused_while_it_is_still_being_sent(running):
    with connect(running.url) as client:
        client.sendall(
            f"POST /theme HTTP/1.1\r\nHost: localhost\r\n{FORM}Transfer-Encoding: chunked\r\n\r\n".encode()
        )
        chunk = b"ffff\r\n" + b"x" * 0xFFFF + b"\r\n"
        with suppress(OSError):
            for _ in range(800):  # 50 MB
                client.sendall(chunk)
        assert client.recv(12) == b"HTTP/1.1 413"
    (serving,) = children(processes(running)["web"])
    peak = next(line for line in Path(f"/proc/{serving}/status").read_text().splitlines() if "VmHWM" in line)
    assert int(peak.split()[1]) < 250_000, "kB: the body was not taken into memory"


def test_a_port_in_use_is_told_in_words(running, tmp_path):
    port = running.url.rpartition(":")[2]
    done = run(tmp_path, "run", "--port", port)
    assert done.returncode == 1 and "is in use" in done.stderr


def test_wrong_settings_stop_the_start_with_all_reasons(tmp_path):
    done = run(tmp_path, "run", KITHWELL_THREADS="many", KITHWELL_PUBLIC_URL="help.example")
    assert done.returncode == 2
    assert "KITHWELL_THREADS: 'many' is not a whole number" in done.stderr
    assert "KITHWELL_PUBLIC_URL: 'help.example'; allowed is" in done.stderr


def test_check_says_a_line_for_each_thing_and_fails_before_init(tmp_path):
    before = run(tmp_path, "check")
    assert before.returncode == 1 and "FAIL  migrations" in before.stdout
    assert run(tmp_path, "init").returncode == 0
    after = run(tmp_path, "check")
    assert after.returncode == 0, after.stdout
    assert len(after.stdout.splitlines()) == 9 and "ok    keys" in after.stdout


def test_settings_are_shown_without_secrets(tmp_path):
    done = run(tmp_path, "settings", KITHWELL_SECRET_KEY="s3cret" * 8)
    assert done.returncode == 0 and "site_name" in done.stdout and "s3cret" not in done.stdout


def test_scan_needs_no_django(tmp_path):
    done = run(tmp_path, "--help")
    code = "import sys\nfrom kithwell.config import cli\ncli.build()\nprint('django.db' in sys.modules)"
    seen = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert seen.stdout.strip() == "False" and "run" in done.stdout


def run(folder, *arguments, **environ):
    env = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    env |= {"KITHWELL_DATA": str(folder / "data")} | environ
    command = [sys.executable, "-m", "kithwell.config.cli", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=folder, timeout=90)
