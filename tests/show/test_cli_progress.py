"""Progress: quiet for machines, sparse in logs, a bar on a terminal."""

from __future__ import annotations

import io

import pytest

from glasstown.show import cli_progress
from glasstown.show.cli_progress import Told, time_left


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list whose one number is the time."""
    now = [0.0]
    monkeypatch.setattr(cli_progress.time, "monotonic", lambda: now[0])
    return now


def test_short_runs_say_nothing(clock: list[float]) -> None:
    """In the first two seconds nothing is written to a log."""
    stream = io.StringIO()
    with Told(stream=stream) as told:
        for done in range(10):
            clock[0] = done * 0.19
            told("living", done, 10)
    assert stream.getvalue() == ""


def test_long_runs_say_a_line_now_and_then(clock: list[float]) -> None:
    """Afterwards a line every ten seconds, with the time left."""
    stream = io.StringIO()
    with Told(stream=stream) as told:
        for second in range(61):
            clock[0] = float(second)
            told("living", second, 60)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "living: 2 of 60, about 58 s left"
    assert len(lines) == 6


def test_quiet_is_quiet(clock: list[float]) -> None:
    """With ``--json`` nothing is told, not even on a terminal."""
    stream = Terminal()
    with Told(quiet=True, stream=stream) as told:
        clock[0] = 60
        told("living", 1, 2)
    assert stream.getvalue() == ""


def test_terminal_gets_a_bar() -> None:
    """On a terminal the stage and its count are drawn, stage after stage."""
    stream = Terminal()
    with Told(stream=stream) as told:
        told("building the society", 1, 2)
        told("living", 3, 60)
    assert "living" in stream.getvalue()
    assert "60" in stream.getvalue()


@pytest.mark.parametrize(("seconds", "says"), [(0.2, "1 s"), (59, "59 s"), (90, "2 min"), (9000, "2.5 h")])
def test_time_left(seconds: float, says: str) -> None:
    """Spans are said in the unit that suits them."""
    assert time_left(seconds) == says
