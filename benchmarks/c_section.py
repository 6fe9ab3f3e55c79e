"""Glasstown's kernels beside a C program that does the same work, on the tables of Rongcheng, on one thread."""

from __future__ import annotations

import subprocess
from statistics import median
from typing import Any

from .interleave import Entry, Failed, Worker, run_in_turn
from .report import Section

__all__ = ["measure"]


def _measure(section: Section, label: str, sides: int, size: dict[str, int], repeats: int) -> None:
    worker = Worker("c", {"scenario": "rongcheng", "sides": sides, **size})
    same = worker.run({"seed": 1, "what": "same"})["same"]
    ours, c = Entry("Glasstown", worker, {"what": "ours"}), Entry("C", worker, {"what": "c"})
    run_in_turn([ours, c], repeats)
    worker.close()
    kernels = {e.label: median(a["kernels"] for a in e.answers) for e in (ours, c)}
    for entry in (ours, c):
        ns = entry.seconds * 1e9 / entry.last["citizen_months"]
        section.rows.append((f"{label}, {entry.label}", entry.seconds, ns, kernels[entry.label]))
    ratios: dict[str, Any] = {
        "all": ours.seconds / c.seconds,
        "kernels": kernels["Glasstown"] / kernels["C"],
        "same": same,
        "answers": {entry.label: entry.answers for entry in (ours, c)},
    }
    section.data[label] = ratios
    section.notes.append(
        f"{label}: {ratios['all']:.2f} times the time of C ({ratios['kernels']:.2f} for the kernels alone); "
        f"tables {'equal in every cell' if same else 'DIFFER'}."
    )


def measure(quick: bool) -> Section:
    """Return the time of both, after holding all their tables against each other."""
    size, repeats = ({"citizens": 50_000, "years": 2}, 5) if quick else ({"citizens": 200_000, "years": 3}, 7)
    section = Section(
        "c",
        f"Rongcheng in C and in Glasstown, {size['citizens']:,} citizens for {size['years']} years, 1 thread",
        ["what", "seconds", "ns per citizen-month", "kernels (s)"],
    )
    try:
        for label, sides in (("one side", 1), ("the pair", 2)):
            _measure(section, label, sides, size, repeats)
    except (Failed, subprocess.SubprocessError) as why:
        section.notes.append(f"C is left out: {why}.")
        return section
    section.notes.append(
        "The C program (benchmarks/c, gcc -O3 -march=native) draws, sorts, lives, counts, delivers mail and allots "
        "places as the kernels and the barrier do, from the same tables, to the same totals bit for bit."
    )
    return section
