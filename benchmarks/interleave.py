"""Workers side by side, run in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["ROOT", "Entry", "Failed", "Worker", "run_in_turn"]

ROOT = Path(__file__).resolve().parent.parent
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}


class Failed(Exception):
    """A worker that ended before it answered."""


class Worker:
    """One system in a process of its own."""

    def __init__(self, system: str, options: dict[str, Any], python: str = sys.executable) -> None:
        self.process = subprocess.Popen(
            [python, "-m", "benchmarks.worker", system, json.dumps(options)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if python != sys.executable else None,
            env={**os.environ, **ONE_THREAD},
            text=True,
        )
        try:
            self._answer()
        except Failed:
            self.close()
            raise

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            told = self.process.stderr.read()[-400:] if self.process.stderr else ""
            raise Failed(told.strip().splitlines()[-1] if told.strip() else "the worker ended")
        found: dict[str, Any] = json.loads(line)
        return found

    def run(self, command: dict[str, Any]) -> dict[str, Any]:
        """Run once and return what it answers."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End the process."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=60)


@dataclass
class Entry:
    """One line of a comparison: a worker, what it is told, and what it answered."""

    label: str
    worker: Worker
    command: dict[str, Any] = field(default_factory=dict)
    most: int | None = None
    answers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Return the median of the seconds it took."""
        return median(answer["seconds"] for answer in self.answers)

    @property
    def last(self) -> dict[str, Any]:
        """Return the last answer."""
        return self.answers[-1]


def run_in_turn(entries: list[Entry], repeats: int) -> None:
    """Run all entries once, then all again, until each has its repeats (or its own `most`)."""
    for repeat in range(repeats):
        for entry in entries:
            if entry.most is None or repeat < entry.most:
                entry.answers.append(entry.worker.run({"seed": repeat + 1, **entry.command}))
