"""The command itself, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from glasstown.show.cli import main
from glasstown.show.web.worker import Job, Worker

SOURCE = Path(__file__).resolve().parent.parent.parent / "src"


def command(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    return subprocess.Popen(
        [sys.executable, "-m", "glasstown", "serve", "--no-open", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=cwd,
    )  # fmt: skip


@pytest.fixture
def server(folders: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = command("small", "--threads", "1", cwd=folders.parent)
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address, process.stderr and process.stderr.read()
        yield process, address.group()
    finally:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    return [int(one) for file in Path(f"/proc/{pid}/task").glob("*/children") for one in file.read_text().split()]


def alive(pid: int) -> bool:
    """Return whether a process is still there."""
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see children")
def test_it_stops_at_once(server: tuple[subprocess.Popen[str], str]) -> None:
    """Ctrl-C in the middle of a live run ends the streams, the processes and the server, with status 0."""
    process, address = server
    assert json.load(urlopen(f"{address}/api/about"))["opened"] == "small"
    body = json.dumps({"citizens": 20_000, "years": 8}).encode()
    head = {"content-type": "application/json"}
    live = json.load(urlopen(Request(f"{address}/api/live", body, head)))["id"]
    lines: list[bytes] = []

    def listen() -> None:
        with contextlib.suppress(OSError), urlopen(f"{address}/api/live/{live}/events") as stream:
            lines.extend(stream)

    listener = threading.Thread(target=listen)
    listener.start()
    until = time.monotonic() + 60
    while b"event: step\n" not in lines and time.monotonic() < until:
        time.sleep(0.05)
    workers = children(process.pid)
    assert workers
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=20)
    listener.join(timeout=5)
    assert not listener.is_alive()
    assert process.returncode == 0
    assert out.endswith("stopped\n")
    assert "Traceback" not in error
    until = time.monotonic() + 10
    while any(alive(worker) for worker in workers) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [worker for worker in workers if alive(worker)]


def test_what_cannot_be_served_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is taken, an address that is none and a run that is not there are errors with a hint."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for arguments, says in (
            (["--port", port], "--port"),
            (["--host", "999.1.1.1"], "999.1.1.1"),
            (["nope"], "nope"),
        ):
            assert main(["serve", "--no-open", *arguments]) in (2, 3)
            error = capsys.readouterr().err
            assert says in error
            assert "Traceback" not in error


@pytest.mark.nightly
def test_a_process_without_a_sign_is_ended() -> None:
    """A job that gives no sign for too long is stopped with an error, and the process does the next one."""
    worker = Worker("test", threads=1, stall=0.0)
    heard: list[tuple[str, object]] = []
    done, awaited = threading.Event(), ["error"]

    def take(what: str, content: object) -> None:
        heard.append((what, content))
        if what in awaited:
            done.set()

    try:
        worker.submit(Job("stuck", "live", {"citizens": 20_000, "years": 8}, take))
        until = time.monotonic() + 60
        while not done.is_set() and time.monotonic() < until:
            if worker._at == "stuck":
                worker.look()
            time.sleep(0.02)
        assert [what for what, _ in heard if what != "event"] == ["error"]
        assert getattr(heard[-1][1], "status", 0) == 504
        done.clear()
        awaited.append("event")
        worker.stall = 60.0
        worker.submit(Job("next", "words", {"scenario": "rongcheng"}, take))
        assert done.wait(60)
        assert "event" in [what for what, _ in heard[-2:]]
    finally:
        worker.close()


@pytest.mark.nightly
def test_letting_others_in_is_said(folders: Path) -> None:
    """Listening for other machines is warned of, and even then only own names are answered to."""
    process = command("--host", "0.0.0.0", cwd=folders.parent)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = line.rstrip().rstrip("/").rpartition(":")[2]
        own = json.load(urlopen(f"http://127.0.0.1:{port}/api/about"))
        assert own["version"]
        with pytest.raises(HTTPError) as caught:
            urlopen(Request(f"http://127.0.0.1:{port}/api/about", headers={"host": "evil.example"}))
        assert caught.value.code == 403
        caught.value.close()
    finally:
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=20)
    assert "WARNING" in error
    assert "no password" in error
