"""The charts of a report that run over time: scores, grades, speech."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from ...lab.findings import Findings, number, percent
from .draw import COLOURS, Chart, altair, values

__all__ = ["grades", "score_end", "scores", "speech"]

BANDS = ("#b2182b", "#ef8a62", "#fddbc7", "#d1e5f0", "#67a9cf", "#2166ac", "#053061")


def _time(found: Findings) -> list[float]:
    """Return the end of each window as a year with a fraction."""
    start = date.fromisoformat(str(found.manifest.get("start", "2000-01-01")))
    months = float(found.manifest.get("window_months", 1))
    first = start.year + (start.month - 1) / 12
    return [first + (at + 1) * months / 12 for at in range(int(found.manifest["windows"]))]


def _year_axis(found: Findings) -> Any:
    alt = altair()
    years = _time(found)
    edge = [math.floor(years[0] - 1e-9), math.ceil(years[-1] - 1e-9)]
    marks = list(range(edge[0], edge[1] + 1, max(1, (edge[1] - edge[0]) // 10)))
    return alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=edge, nice=False),
        axis=alt.Axis(format="d", values=marks, grid=False),
    )


def _month(found: Findings, at: int) -> str:
    start = date.fromisoformat(str(found.manifest.get("start", "2000-01-01")))
    year, month = divmod(start.year * 12 + start.month - 1 + at * int(found.manifest.get("window_months", 1)), 12)
    return f"{year}-{month + 1:02d}"


def speech(found: Findings) -> Chart | None:
    if not found.speech or not any(any(months) for months in found.speech.values()):
        return None
    alt = altair()
    titles = {"scheme": f"with “{found.balance.scheme_title}”", "pair": f"with “{found.balance.pair_title}”"}
    scale = 1000 / float(found.manifest["citizens"])
    years = _time(found)
    data = [
        {"year": years[at], "value": value * scale, "side": titles.get(side, side)}
        for side, months in found.speech.items()
        for at, value in enumerate(months)
    ]
    names = [titles.get(side, side) for side in found.speech]
    shades = [COLOURS[side] for side in found.speech]
    chart = (
        alt.Chart(values(data))
        .mark_line(strokeWidth=2.5)
        .encode(
            x=_year_axis(found),
            y=alt.Y("value:Q", title="per 1,000 citizens a month", scale=alt.Scale(zero=True)),
            color=alt.Color(
                "side:N",
                title=None,
                scale=alt.Scale(domain=names, range=shades),
            ),
            strokeDash=alt.StrokeDash("side:N", sort=names, legend=None),
        )
        .properties(width=520, height=220)
    )
    label = "Lawful criticism each month, " + " and ".join(titles.get(side, side) for side in found.speech) + "."
    rows = tuple(
        (_month(found, at), *(number(months[at] * scale) for months in found.speech.values()))
        for at in range(len(years))
    )
    head = ("Month", *names)
    return Chart("speech", chart, label, "", head, rows)


def scores(found: Findings) -> Chart | None:
    if not found.scores:
        return None
    alt = altair()
    years = _time(found)
    shares = [name for name in found.scores[0] if name != "window"]
    low, quarter, middle, three, high = shares
    data = [
        {"year": years[row["window"]], **{f"q{at}": row[name] for at, name in enumerate(shares)}}
        for row in found.scores
        if row["window"] < len(years)
    ]
    base = alt.Chart(values(data)).encode(x=_year_axis(found))
    y = alt.Y("q0:Q", title="score", scale=alt.Scale(zero=False))
    chart = alt.layer(
        base.mark_area(color=COLOURS["pair"], opacity=0.2).encode(y=y, y2="q4:Q"),
        base.mark_area(color=COLOURS["pair"], opacity=0.4).encode(y="q1:Q", y2="q3:Q"),
        base.mark_line(color="#003a5c", strokeWidth=2.5).encode(y="q2:Q"),
    ).properties(width=520, height=240)
    first, last = found.scores[0], found.scores[-1]
    label = (
        f"Scores over time: nine in ten people stand between {number(first[low])} and {number(first[high])} "
        f"at the start and between {number(last[low])} and {number(last[high])} at the end; "
        f"half of them above {number(last[middle])}."
    )
    return Chart(
        "scores",
        chart,
        label,
        "The line is the score that half the people are above; half of them stand in the darker band, "
        "nine in ten in the lighter one.",
        ("Month", "5 % are below", "25 %", "50 %", "75 %", "95 %"),
        tuple(
            (
                _month(found, row["window"]),
                *(number(row[name]) for name in (low, quarter, middle, three, high)),
            )
            for row in found.scores
        ),
    )


def score_end(found: Findings) -> Chart | None:
    if not found.score_end:
        return None
    alt = altair()
    span = max(found.score_end) - min(found.score_end) + 10
    width = 10 * max(1, math.ceil(span / 400))
    bins: dict[int, float] = {}
    for score, people in found.score_end.items():
        bins[score // width * width] = bins.get(score // width * width, 0) + people
    total = sum(bins.values())
    data = [{"low": low, "high": low + width, "value": 100 * people / total} for low, people in sorted(bins.items())]
    chart = (
        alt.Chart(values(data))
        .mark_rect(color=COLOURS["pair"], stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("low:Q", title="score", scale=alt.Scale(zero=False)),
            x2="high:Q",
            y=alt.Y("value:Q", title="per cent of people", scale=alt.Scale(zero=True)),
            y2=alt.datum(0),
        )
        .properties(width=520, height=200)
    )
    top = max(bins, key=lambda low: bins[low])
    most = percent(100 * bins[top] / total)
    label = f"Scores at the end: {most} of people stand between {top} and {top + width}."
    rows = tuple(
        (f"{low} to {low + width}", number(people), percent(100 * people / total))
        for low, people in sorted(bins.items())
    )
    return Chart("score-end", chart, label, "", ("Score", "people", "share"), rows)


def grades(found: Findings) -> Chart | None:
    held = found.grades.get("scheme") or next(iter(found.grades.values()), {})
    bands = [band for band in found.bands if band in held]
    if not bands:
        return None
    alt = altair()
    years = _time(found)
    totals = [sum(held[band][at] for band in bands) or 1.0 for at in range(len(years))]
    share = {band: [100 * held[band][at] / totals[at] for at in range(len(years))] for band in bands}
    biggest = max(bands, key=lambda band: share[band][-1])
    zoomed = min(share[biggest]) > 70 and len(bands) > 1
    shown = [band for band in bands if band != biggest] if zoomed else bands
    data = [
        {"year": years[at], "band": band, "value": share[band][at], "order": order}
        for order, band in enumerate(shown)
        for at in range(len(years))
    ]
    shades = _shades(len(bands))
    domain = [bands.index(band) for band in shown]
    chart = (
        alt.Chart(values(data))
        .mark_area(stroke="white", strokeWidth=0.5)
        .encode(
            x=_year_axis(found),
            y=alt.Y("value:Q", title="per cent of people scored", stack="zero"),
            order=alt.Order("order:Q"),
            color=alt.Color(
                "band:N",
                title="grade, worst first",
                scale=alt.Scale(domain=shown, range=[shades[at] for at in domain]),
            ),
        )
        .properties(width=520, height=240)
    )
    rest = f"The rest hold {biggest}: {percent(share[biggest][-1])} at the end." if zoomed else ""
    label = "Share of people in each grade over time. At the end: " + ", ".join(
        f"{band} {percent(share[band][-1])}" for band in bands
    )
    rows = tuple((_month(found, at), *(percent(share[band][at]) for band in bands)) for at in range(len(years)))
    return Chart("grades", chart, label + ".", rest, ("Month", *bands), rows)


def _shades(count: int) -> list[str]:
    if count <= 1:
        return [BANDS[-2]]
    if count > len(BANDS):
        return [BANDS[at % len(BANDS)] for at in range(count)]
    return [BANDS[round(at * (len(BANDS) - 1) / (count - 1))] for at in range(count)]
