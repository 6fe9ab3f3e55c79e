"""Starting: the first compilation, kernels from the cache, and what the command line takes to say something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from .interleave import ROOT
from .report import Section

__all__ = ["measure"]

_TINY = """
import time
began = time.perf_counter()
from glasstown.engine.loop import simulate
from glasstown.engine.scenario import build, load_parts
program = build(load_parts("rongcheng", citizens=1000, years=1))
built = time.perf_counter()
simulate(program, 0, threads=1)
print(built - began, time.perf_counter() - built)
"""


def _tiny(cache: str) -> tuple[float, float]:
    """Return the seconds to build a tiny scenario and to live it, in a fresh process."""
    told = subprocess.run(
        [sys.executable, "-c", _TINY],
        cwd=ROOT, env={**os.environ, "GLASSTOWN_CACHE": cache}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    built, lived = told.split()
    return float(built), float(lived)


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - began


def measure(quick: bool) -> Section:
    """Return seconds, in fresh processes."""
    with tempfile.TemporaryDirectory() as cache:
        _, cold = _tiny(cache)
        warm = [_tiny(cache) for _ in range(3 if quick else 5)]
    section = Section("startup", "Starting, each in a fresh process", ["what", "seconds"])
    script = Path(sys.executable).parent / "glasstown"
    glasstown = [str(script)] if script.exists() else [shutil.which("glasstown") or "glasstown"]
    commands = {
        "glasstown --help": [*glasstown, "--help"],
        "import glasstown": [sys.executable, "-c", "import glasstown"],
        "Python alone": [sys.executable, "-c", "pass"],
    }
    found: dict[str, list[float]] = {label: [] for label in commands}
    for _ in range(5 if quick else 9):
        for label, command in commands.items():
            found[label].append(_seconds(command))
    section.rows = [
        ("first run: compiling the kernels", cold),
        ("later runs: kernels from the cache, first month lived", median(lived for _, lived in warm)),
        ("before that: imports, files, 1,000 people", median(built for built, _ in warm)),
        *((label, median(times)) for label, times in found.items()),
    ]
    section.data = dict(section.rows)
    return section
