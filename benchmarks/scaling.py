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
    """Draw the seconds by number of citizens on logarithmic axes, beside what cost in proportion would be."""
    import altair as alt
    import pyarrow as pa

    points = section.data["points"]
    living, people, even = "living one year", "making the people", "in proportion to ten million"
    most = points[-1]
    rows = [
        row
        for one in points
        for row in (
            {"citizens": one["citizens"], "seconds": one["seconds"], "what": living},
            {"citizens": one["citizens"], "seconds": one["build"], "what": people},
            {
                "citizens": one["citizens"],
                "seconds": most["seconds"] * one["citizens"] / most["citizens"],
                "what": even,
            },
        )
    ]
    grown = alt.Scale(type="log")
    base = alt.Chart(pa.Table.from_pylist(rows)).encode(
        x=alt.X(
            "citizens:Q", scale=grown, title="Citizens", axis=alt.Axis(format="~s", values=[10**n for n in range(4, 8)])
        ),
        y=alt.Y("seconds:Q", scale=grown, title="Seconds", axis=alt.Axis(values=[10**n for n in range(-2, 3)])),
        color=alt.Color(
            "what:N",
            scale=alt.Scale(domain=[living, people, even], range=["#d55e00", "#0072b2", "#8a8a84"]),
            legend=alt.Legend(title=None, orient="bottom"),
        ),
        strokeDash=alt.StrokeDash(
            "what:N", scale=alt.Scale(domain=[living, people, even], range=[[1, 0], [1, 0], [5, 4]]), legend=None
        ),
    )
    measured = base.transform_filter(alt.datum.what != even).mark_point(filled=True, size=50)
    chart = (base.mark_line() + measured).properties(
        width=520,
        height=280,
        title=f"Rongcheng beside no scheme, {section.data['threads']} threads",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    chart.save(str(path))
