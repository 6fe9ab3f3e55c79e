"""The small workload on the general engine, beside NumPy and Starsim."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import machine, workload
from .interleave import ROOT, Entry, Failed, Worker, run_in_turn
from .report import Section

__all__ = ["measure"]

SCENARIO = str(Path(__file__).parent / "w1" / "scenario.yaml")
STARSIM = ROOT / "build" / "starsim"
STARSIM_VERSION = "starsim==3.7.2"


def _starsim_python() -> str:
    """Return an interpreter that has Starsim, made the first time; raise :class:`Failed` where it cannot be."""
    python = STARSIM / "bin" / "python"
    if (STARSIM / "ready").is_file():
        return str(python)
    print("installing Starsim into build/starsim (once; a minute or two)", flush=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(STARSIM)], check=True, capture_output=True, timeout=120)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", STARSIM_VERSION]
        subprocess.run(pip, check=True, capture_output=True, timeout=600)
        subprocess.run([str(python), "-c", "import starsim"], check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        shutil.rmtree(STARSIM, ignore_errors=True)
        raise Failed(f"Starsim could not be installed ({type(error).__name__})") from error
    (STARSIM / "ready").touch()
    return str(python)


def _entries(citizens: int, quick: bool, notes: list[str]) -> list[Entry]:
    def ours(window_months: int) -> Worker:
        options = {"scenario": SCENARIO, "citizens": citizens, "window_months": window_months, "outputs": True}
        return Worker("glasstown", options)

    months, quarters = ours(1), ours(3)
    out = [
        Entry("Glasstown, windows of a month, 1 thread", months, {"threads": 1}),
        Entry("Glasstown, windows of three months, 1 thread", quarters, {"threads": 1}),
    ]
    if machine.cores() > 1:
        out += [
            Entry("Glasstown, windows of a month, 2 threads", months, {"threads": 2}),
            Entry("Glasstown, windows of three months, 2 threads", quarters, {"threads": 2}),
        ]
    out += [
        Entry("NumPy, only the events", Worker("numpy", {"citizens": citizens})),
        Entry(
            "NumPy, only the events, shaped to this workload", Worker("numpy", {"citizens": citizens, "tuned": True})
        ),
    ]
    try:
        python = _starsim_python()
        worker = Worker("starsim", {"citizens": citizens}, python)
        out.append(Entry("Starsim", worker, most=1 if quick else 2))
    except Failed as why:
        notes.append(f"Starsim is left out: {why}.")
    return out


def measure(quick: bool) -> Section:
    """Run everybody in turn and hold all outputs against what is expected."""
    citizens, repeats = (100_000, 3) if quick else (1_000_000, 5)
    notes: list[str] = []
    entries = _entries(citizens, quick, notes)
    run_in_turn(entries, repeats)
    section = Section(
        "w1",
        f"The small workload, {citizens:,} citizens for {workload.DAYS} days",
        ["system", "seconds", "million person-days/s", "times as fast as the first", "outputs agree"],
        notes=notes,
    )
    first = entries[0].seconds
    data: dict[str, Any] = {}
    for entry in entries:
        agree = all(workload.agrees(answer, answer["citizens"]) for answer in entry.answers)
        away = max(
            abs(value) for answer in entry.answers for value in workload.deviations(answer, answer["citizens"]).values()
        )
        rate = citizens * workload.DAYS / entry.seconds / 1e6
        verdict = f"{'yes' if agree else 'NO'} ({away:.1f} s.e.)"
        section.rows.append((entry.label, entry.seconds, rate, first / entry.seconds, verdict))
        data[entry.label] = {"seconds": entry.seconds, "rate": rate, "answers": entry.answers}
    for worker in {entry.worker for entry in entries}:
        worker.close()
    section.data = data
    section.notes += [
        "Making the people is left out for everybody; the farthest of four outputs over all runs is given in standard "
        "errors of the expected value (mean score, share restricted, refusals and records for each citizen).",
        "Glasstown runs the files in benchmarks/w1 on its general engine with every law on; the others are written "
        "for this workload. The last NumPy exploits that nobody needs to know who asked or who was restricted when.",
        "In Glasstown a record in the wrong file arrives in the next window, propensity has 64 classes (share "
        "restricted +0.0002) and requests come last in a day (refusals +0.0028): within a standard error at a million.",
    ]
    return section
