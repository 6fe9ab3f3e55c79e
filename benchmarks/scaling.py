"""How the cost of a citizen changes with their number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import machine
from .interleave import Entry, Worker, run_in_turn
from .report import Section, number

__all__ = ["draw", "measure"]

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
LARGE = 10_000_000


def measure(quick: bool, large: bool) -> Section:
    """Return the cost by size; `large` adds ten million citizens."""
    sizes = (*(SIZES[:3] if quick else SIZES), *([LARGE] if large else []))
    threads = min(2, machine.cores())
    section = Section(
        "scaling",
        f"One year of Rongcheng beside no scheme, by number of citizens, {threads} threads",
        ["citizens", "making the people (s)", "living (s)", "ns per citizen-month", "peak MiB"],
    )
    points: list[dict[str, Any]] = []
    for citizens in sizes:
        worker = Worker("glasstown", {"scenario": "rongcheng", "citizens": citizens, "years": 1})
        entry = Entry(number(citizens), worker, {"threads": threads})
        run_in_turn([entry], 1 if citizens >= LARGE else 3)
        worker.close()
        last = entry.last
        ns = entry.seconds * 1e9 / last["citizen_months"]
        section.rows.append((entry.label, last["build"], entry.seconds, ns, last["peak_mib"]))
        points.append({"citizens": citizens, "ns": ns, "seconds": entry.seconds, "build": last["build"]})
    section.data = {"points": points, "threads": threads}
    return section


def draw(section: Section, path: Path) -> None:
    """Draw the cost of a citizen-month by number of citizens."""
    import altair as alt
    import pyarrow as pa

    points = section.data["points"]
    table = pa.table({name: [point[name] for point in points] for name in ("citizens", "ns")})
    base = alt.Chart(table).encode(
        x=alt.X("citizens:Q", scale=alt.Scale(type="log"), title="Citizens", axis=alt.Axis(format="~s")),
        y=alt.Y("ns:Q", scale=alt.Scale(zero=True), title="Nanoseconds per citizen-month"),
    )
    chart = (base.mark_line(color="#2f6f8f") + base.mark_point(filled=True, size=60, color="#2f6f8f")).properties(
        width=520,
        height=260,
        title=f"Rongcheng beside no scheme, {section.data['threads']} threads: what a citizen costs",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    chart.save(str(path))
