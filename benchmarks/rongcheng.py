"""The full rulebook of Rongcheng on this machine: one side, the pair, threads, memory, and whole runs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from typing import Any

from . import machine
from .interleave import ROOT, Entry, Worker, run_in_turn
from .report import Section

__all__ = ["measure", "whole_run"]


def _entries(citizens: int, years: int) -> list[Entry]:
    options = {"scenario": "rongcheng", "citizens": citizens, "years": years}
    pair, alone = Worker("glasstown", options), Worker("glasstown", {**options, "sides": 1})
    out = []
    for threads in range(1, min(machine.cores(), 2) + 1):
        plural = "s" if threads > 1 else ""
        out += [
            Entry(f"one side, {threads} thread{plural}", alone, {"threads": threads}),
            Entry(f"the pair, {threads} thread{plural}", pair, {"threads": threads}),
        ]
    return out


def measure(quick: bool) -> Section:
    """Return nanoseconds per citizen-month and core, and the bytes that are kept for each citizen."""
    citizens, years, repeats = (100_000, 2, 3) if quick else (670_000, 2, 3)
    entries = _entries(citizens, years)
    run_in_turn(entries, repeats)
    section = Section(
        "rongcheng",
        f"The full rulebook of Rongcheng, {citizens:,} citizens for {years} years",
        ["what", "seconds", "ns per citizen-month", "the same, times threads (ns and core)", "peak MiB"],
    )
    for entry in entries:
        months = entry.last["citizen_months"]
        ns = entry.seconds * 1e9 / months
        threads = entry.command["threads"]
        section.rows.append((entry.label, entry.seconds, ns, ns * threads, entry.last["peak_mib"]))
        section.data[entry.label] = {
            "seconds": entry.seconds, "ns": ns, "threads": threads, "all": [a["seconds"] for a in entry.answers],
        }  # fmt: skip
    by_label = {entry.label: entry for entry in entries}
    for what in ("one side", "the pair"):
        if f"{what}, 2 threads" in by_label:
            ratio = by_label[f"{what}, 1 thread"].seconds / by_label[f"{what}, 2 threads"].seconds
            section.notes.append(f"Two threads against one, {what}: {ratio:.2f} times as fast.")
            section.data[f"two threads, {what}"] = ratio
    half = by_label["the pair, 1 thread"].seconds * 1e9 / entries[1].last["citizen_months"] / 2
    section.notes.append(f"One side of a pair, that is half of it, on one core: {half:.0f} ns per citizen-month.")
    section.data["one side of a pair"] = half
    state = entries[0].last["state"]
    parts = ", ".join(f"{name} {size:g}" for name, size in state.items())
    section.notes.append(
        f"Kept for each citizen from month to month: {sum(state.values()):g} bytes on one side ({parts}); "
        f"{2 * sum(state.values()) - state['traits']:g} at most for the pair, whose traits are shared."
    )
    section.notes.append("Citizens are people of all ages; about four in five are adults, and only they act.")
    section.data["state"] = state
    for worker in {entry.worker for entry in entries}:
        worker.close()
    return section


_WHOLE = """
import json, sys, time
began = time.perf_counter()
import glasstown as gt
from glasstown.show.report import write_report
run = gt.run("rongcheng", citizens=int(sys.argv[1]) or None, years=int(sys.argv[2]) or None, out=sys.argv[3] + "/run")
lived = time.perf_counter()
balance = run.balance()
summed = time.perf_counter()
write_report(run, sys.argv[3] + "/report.html")
drawn = time.perf_counter()
print(json.dumps({"run": lived - began, "balance": summed - lived, "report": drawn - summed,
                  "inside": run.manifest["seconds"], "all": drawn - began}))
"""


def whole_run(quick: bool) -> Section:
    """Time whole runs as somebody would start them: files, people, both sides, tables, balance sheet, report."""
    cases = [("100,000 citizens for 5 years", 100_000, 0)]
    if not quick:
        cases += [("the default: 670,000 citizens for 5 years", 0, 0)]
    section = Section(
        "whole",
        "Whole paired runs, all cores, in a process of their own",
        ["run", "all", "people and tables", "living", "rest of the run", "balance sheet", "report (s)"],
    )
    for label, citizens, years in cases:
        found = _whole(citizens, years)
        inside = found["inside"]
        rest = found["run"] - inside["build"] - inside["run"]
        section.rows.append(
            (label, found["all"], inside["build"], inside["run"], rest, found["balance"], found["report"])
        )
        section.data[label] = found
    section.notes.append("Seconds; the kernels come from the cache.")
    return section


def _whole(citizens: int, years: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", _WHOLE, str(citizens), str(years), folder]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found
