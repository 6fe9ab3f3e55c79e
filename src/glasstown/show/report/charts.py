"""The charts of a report."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from ...lab.findings import DoorRow, Findings, KindRow, between, number, percent
from .draw import COLOURS, SPLIT, Chart, altair, values, wrapped
from .over_time import grades, score_end, scores, speech

__all__ = ["charts"]

FEW_EVENTS = 30
MOST_ROWS = 24
WIDE = 390
BY_SCHEME = ("refused_score", "refused_grade", "refused_list")
REASONS = {
    "refused_ordinary": ("for an ordinary reason", COLOURS["grey"]),
    "refused_scarce": ("no place left", COLOURS["sky"]),
    "refused_score": ("score too low", COLOURS["orange"]),
    "refused_grade": ("grade too low", COLOURS["scheme"]),
    "refused_list": ("on a list", COLOURS["purple"]),
}


def charts(found: Findings) -> dict[str, Chart]:
    """Return every chart that the run has numbers for, by name."""
    makers: dict[str, Callable[[Findings], Chart | None]] = {
        "deterred": _deterred,
        "speech": speech,
        "wronged": _wronged,
        "doors": _doors,
        "groups": _groups,
        "scores": scores,
        "score-end": score_end,
        "grades": grades,
    }
    made = {name: make(found) for name, make in makers.items()}
    return {name: chart for name, chart in made.items() if chart is not None}


def _deterred(found: Findings) -> Chart | None:
    rows = [row for row in found.kinds if row.change is not None]
    if not rows:
        return None
    groups = {
        "harmful": ("harmful act", COLOURS["green"]),
        "lawful-speech": ("lawful speech", COLOURS["scheme"]),
        "other-lawful": ("other lawful act", COLOURS["purple"]),
        "good": ("good deed", COLOURS["pair"]),
        "cheap": ("cheap show of loyalty", COLOURS["orange"]),
        "other": ("other act", COLOURS["grey"]),
    }
    sure = [row for row in rows if row.events >= FEW_EVENTS][:MOST_ROWS]
    shown = sorted(sure, key=lambda row: row.change.value if row.change else 0)
    data = [
        {
            "label": wrapped(row.title),
            "value": row.change.value if row.change else None,
            "low": row.change.low if row.change else None,
            "high": row.change.high if row.change else None,
            "what": groups[row.group][0],
        }
        for row in shown
    ]
    used = [pair for pair in groups.values() if any(row["what"] == pair[0] for row in data)]
    chart = _spans(data, "change against the other world, per cent", used)
    most = shown[0] if shown else rows[0]
    label = f"Change in each kind of act. The largest fall: {most.title}, {_percent(most)}."
    return Chart(
        "deterred",
        chart if data else None,
        label,
        "Each dot is the change against the same people in the other world; the line is its 95 % interval. "
        f"Kinds with fewer than {FEW_EVENTS} acts are in the table only.",
        ("Act", "with, per 1,000 a year", "without", "change", "95 % interval", "acts counted"),
        tuple(_kind_cells(row) for row in rows),
    )


def _percent(row: KindRow) -> str:
    return percent(row.change.value if row.change else None, sign=True)


def _kind_cells(row: KindRow) -> tuple[str, ...]:
    change = row.change
    span = between(change.low, change.high) + " %" if change and change.low is not None else ""
    return (row.title, number(row.scheme), number(row.pair), _percent(row), span, f"{row.events:,}")


def _spans(data: list[dict[str, Any]], title: str, colours: list[tuple[str, str]]) -> Any:
    """Return dots with intervals, one row each, in the order given."""
    alt = altair()
    order = [row["label"] for row in data]
    y = alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelExpr=SPLIT, grid=True, ticks=False))
    colour = alt.Color(
        "what:N",
        title=None,
        scale=alt.Scale(domain=[name for name, _ in colours], range=[shade for _, shade in colours]),
        legend=alt.Legend(columns=3) if len(colours) > 1 else None,
    )
    base = alt.Chart(values(data)).encode(y=y, color=colour)
    lines = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q", title=title, axis=alt.Axis(format=",f", tickCount=6)), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=75, opacity=1).encode(x="value:Q")
    zero = alt.Chart(values([{"at": 0}])).mark_rule(color=COLOURS["ink"], strokeWidth=1).encode(x="at:Q")
    return alt.layer(zero, lines, dots).properties(width=WIDE, height=alt.Step(_step(order)))


def _step(labels: list[str]) -> int:
    return 38 if any("\n" in label for label in labels) else 30


def _wronged(found: Findings) -> Chart | None:
    rows = [row for row in found.wronged if row.unit.startswith(f"per 1,000 {found.people} a year")]
    if not any(row.scheme for row in rows):
        return None
    data = [
        {
            "label": wrapped(_reason(row.label), 34),
            "value": row.scheme,
            "low": row.low if row.pair == 0 else None,
            "high": row.high if row.pair == 0 else None,
            "what": "",
        }
        for row in rows
    ]
    unit = f"per 1,000 {found.people} a year"
    chart = _spans(data, unit, [("", COLOURS["scheme"])])
    first, *others = rows
    top = max(others or rows, key=lambda row: row.scheme or 0)
    label = (
        f"Doors closed by the scheme, {number(first.scheme)}, and for which wrong reasons; "
        f"most: {_reason(top.label)}, {number(top.scheme)} {unit}."
    )
    return Chart(
        "wronged",
        chart,
        label,
        "One closed door can be wrong for several reasons, so the lower lines overlap.",
        ("What", unit, "95 % interval"),
        tuple((row.label, number(row.scheme), between(row.low, row.high)) for row in rows),
    )


def _reason(label: str) -> str:
    return label.replace("… ", "").capitalize()


def _doors(found: Findings) -> Chart | None:
    if not found.doors:
        return None
    titles = dict(zip(("scheme", "pair"), (head.capitalize() for head in found.balance.heads), strict=True))
    data = [
        {
            "label": wrapped(row.title),
            "side": titles.get(row.side, row.side),
            "why": REASONS[reason][0],
            "order": at,
            "value": row.refused[reason],
        }
        for row in found.doors
        for at, reason in enumerate(BY_SCHEME)
    ]
    sides = [titles[side] for side in ("scheme", "pair") if any(_closed(row, side) for row in found.doors)]
    rows = tuple(
        (
            row.title,
            titles.get(row.side, row.side),
            number(row.requests),
            *(percent(row.refused[reason]) for reason in REASONS),
        )
        for row in found.doors
    )
    closed = [row for row in found.doors if row.side == "scheme"]
    worst = max(closed or found.doors, key=lambda row: sum(row.refused[reason] for reason in BY_SCHEME))
    share = sum(worst.refused[reason] for reason in BY_SCHEME)
    return Chart(
        "doors",
        _bars([row for row in data if row["side"] in sides], sides) if sides else None,
        f"Requests that the scheme refuses, by door and reason; most at: {worst.title}, {percent(share)}.",
        _doors_caption(sides),
        ("Door", "World", "requests per 1,000 a year", *(name for name, _ in REASONS.values())),
        rows,
    )


def _doors_caption(sides: list[str]) -> str:
    rest = "Requests refused for ordinary reasons, as in any world, are in the table."
    if not sides:
        return "No scheme closed a door in this run. " + rest
    return rest if len(sides) > 1 else "No door is closed by a scheme in the other world. " + rest


def _closed(row: DoorRow, side: str) -> bool:
    return row.side == side and any(row.refused[reason] for reason in BY_SCHEME)


def _bars(data: list[dict[str, Any]], sides: list[str]) -> Any:
    """Return stacked bars, one for each door; one column for each side."""
    alt = altair()
    order = list(dict.fromkeys(row["label"] for row in data))
    shown = [REASONS[reason] for reason in BY_SCHEME]
    chart = (
        alt.Chart(values(data))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            y=alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelExpr=SPLIT, ticks=False)),
            x=alt.X(
                "sum(value):Q", title="per cent of requests", stack="zero", axis=alt.Axis(format=",f", tickCount=6)
            ),
            order=alt.Order("order:Q"),
            color=alt.Color(
                "why:N",
                title=None,
                scale=alt.Scale(domain=[name for name, _ in shown], range=[shade for _, shade in shown]),
            ),
        )
        .properties(width=WIDE if len(sides) == 1 else WIDE // 2 - 20, height=alt.Step(_step(order)))
    )
    return chart if len(sides) == 1 else chart.facet(column=alt.Column("side:N", sort=sides, title=None))


def _groups(found: Findings) -> Chart | None:
    rows = [row for row in found.groups if math.isfinite(row.rate.value)]
    if not any(row.count for row in rows):
        return None
    traits = list(rows[0].levels)
    shades = (COLOURS["scheme"], COLOURS["pair"], COLOURS["green"], COLOURS["purple"], COLOURS["orange"])
    firsts = sorted({row.levels[traits[0]] for row in rows})[: len(shades)]
    data = [
        {
            "label": ", ".join(row.levels.values()),
            "value": row.rate.value,
            "low": row.rate.low,
            "high": row.rate.high,
            "what": row.levels[traits[0]],
        }
        for row in rows[:MOST_ROWS]
    ]
    colours = list(zip(firsts, shades, strict=False))
    chart = _spans(data, "doors closed by the scheme, per 1,000 people scored a year", colours)
    top, low = rows[0], rows[-1]
    return Chart(
        "groups",
        chart,
        f"Doors closed by the scheme in each group of {' and '.join(traits)}: most for {top.group}, "
        f"{number(top.rate.value)}, fewest for {low.group}, {number(low.rate.value)} per 1,000 a year.",
        "The lines are 95 % intervals.",
        (*traits, "people scored", "doors closed", "per 1,000 a year", "95 % interval"),
        tuple(
            (
                *row.levels.values(),
                f"{row.subjects:,}",
                f"{row.count:,}",
                number(row.rate.value),
                between(row.rate.low, row.rate.high),
            )
            for row in rows
        ),
        _levels(rows),
    )


def _levels(rows: Sequence[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return every text that says a group, or one level of it, with the levels that it says."""
    out: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        of = list(row.levels.items())
        out |= {row.group: of, ", ".join(row.levels.values()): of} | {name: [(trait, name)] for trait, name in of[:1]}
    return out
