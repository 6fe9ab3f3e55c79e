"""How far a run has come: a bar on a terminal, a line now and then elsewhere, nothing on standard output."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Told", "time_left"]

PATIENCE = 2.0
EVERY = 10.0


def time_left(seconds: float) -> str:
    """Return a span of seconds as a person would say it."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


class Told:
    """Progress told on standard error; use it as a context and call it with (stage, done, total).

    On a terminal a bar with the time left; elsewhere nothing in the first two seconds and then a line every
    ten. Where `quiet`, nothing.
    """

    def __init__(self, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._stage = ""
        self._began = time.monotonic()
        self._stage_began = self._began
        self._told = self._began + PATIENCE - EVERY

    def __enter__(self) -> Told:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell that `done` of `total` steps of `stage` are done."""
        if self._quiet:
            return
        if stage != self._stage:
            self._stage, self._stage_began = stage, time.monotonic()
        if self._stream.isatty():
            self._draw(stage, done, total)
        else:
            self._line(stage, done, total)

    def _draw(self, stage: str, done: int, total: int) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.completed} of {task.total}"),
                TimeRemainingColumn(),
                console=Console(file=self._stream),
                transient=True,
            )
            self._bar.start()
        if self._task is None or self._bar.tasks[-1].description != stage:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._task = self._bar.add_task(stage, total=total)
        self._bar.update(self._task, completed=done, total=total)

    def _line(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told < EVERY:
            return
        self._told = now
        line = f"{stage}: {done} of {total}"
        if 0 < done < total:
            line += f", about {time_left((now - self._stage_began) * (total - done) / done)} left"
        self._stream.write(f"{line}\n")
        self._stream.flush()
