"""Below the balance sheet: act kind by act kind, door by door, and month by month."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..columns import CITIZEN
from .balance import Pair
from .intervals import Estimate, difference_of_ratios, ratio_of_difference
from .lines import ALL_REFUSALS, picked
from .tallies import RunLike, arrow, of_subject, scored_subject, side_names

__all__ = ["DoorRow", "KindRow", "at_end", "by_door", "by_kind", "distribution", "group_of", "monthly", "quantiles"]

PER = 1000
Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class KindRow:
    """One act kind in both worlds.

    Attributes
    ----------
    subject : class of subjects that does it.
    scheme, pair : acts per 1,000 citizens (or units of the class) and year; `pair` is ``None`` in a run of one side.
    difference : scheme minus pair, in the same unit, with its interval.
    change : the same in per cent of the pair; ``None`` where the pair has none.
    events : acts counted, both sides together.
    group : ``harmful``, ``lawful-speech``, ``other-lawful``, ``good``, ``cheap`` or ``other``.
    """

    kind: str
    title: str
    domain: str
    group: str
    scheme: float
    pair: float | None
    difference: Estimate | None
    change: Estimate | None
    events: int
    subject: str = CITIZEN


@dataclass(frozen=True, slots=True)
class DoorRow:
    """One door in one world: how often it is asked for, and what is answered, in per cent of requests.

    Attributes
    ----------
    requests : per 1,000 citizens and year.
    refused : per cent of requests, by reason: ``refused_ordinary``, ``refused_score``, …
    wronged : per cent of requests that the scheme closed and that would have been open without wrong records,
        without points for inability, had only records of the door's own domain counted, or that were asked
        for one's child.
    """

    door: str
    title: str
    domain: str
    side: str
    requests: float
    refused: dict[str, float]
    wronged: dict[str, float]
    subject: str = CITIZEN


def by_kind(run: RunLike, against: RunLike | None = None) -> list[KindRow]:
    """Compare every act kind between the two worlds, the commonest first."""
    pair = Pair.of(run, against)
    names = set(pair.a.items("acts")) | set(pair.b.items("acts") if pair.b else ())
    told = {name: str(pair.kinds.get(name, {}).get("subject") or CITIZEN) for name in names}
    among = {subject: pair.among(subject) for subject in set(told.values())}
    rows = [_kind_row(among[told[name]], name, told[name]) for name in sorted(names)]
    return sorted(rows, key=lambda row: -row.events)


def _kind_row(pair: Pair, kind: str, subject: str) -> KindRow:
    told = pair.kinds.get(kind, {})
    many = ("citizens",) if subject == CITIZEN else ("units",)
    people = pair.a.total(many)
    scale = PER / pair.years / float(people.sum())
    acts = pair.a.get("acts", kind)
    title, domain = str(told.get("title") or kind), str(told.get("domain") or "")
    scheme = float(acts.sum()) * scale
    if pair.b is None:
        return KindRow(
            kind, title, domain, group_of(kind, pair.kinds), scheme, None, None, None, int(acts.sum()), subject
        )
    other = pair.b.get("acts", kind)
    people_b = pair.b.total(many)
    gap = difference_of_ratios(acts, people, other, people_b).times(PER / pair.years)
    change = ratio_of_difference(acts, other, other).times(100) if other.sum() else None
    without = float(other.sum()) * PER / pair.years / float(people_b.sum())
    events = int(acts.sum() + other.sum())
    return KindRow(kind, title, domain, group_of(kind, pair.kinds), scheme, without, gap, change, events, subject)


def group_of(kind: str, kinds: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the group of an act kind: harmful, lawful-speech, other-lawful, cheap, good or other."""
    for group in ("harmful", "lawful-speech", "other-lawful", "cheap", "good"):
        if kind in (picked(group, kinds) or {}):
            return group
    return "other"


def by_door(run: RunLike, against: RunLike | None = None) -> list[DoorRow]:
    """Return what every door answers, in each world, the most asked for first."""
    pair = Pair.of(run, against)
    sides = [("scheme", pair.a), *([("pair", pair.b)] if pair.b else [])]
    wronged = ("refused_wrongly", "refused_unable", "refused_out_of_context", "refused_passed_on")
    rows = []
    for name, cells in sides:
        for door in cells.items("requests"):
            asked = float(cells.get("requests", door).sum())
            told = pair.doors.get(door, {})
            subject = str(told.get("subject") or CITIZEN)
            many = cells.total(("citizens",)) if subject == CITIZEN else cells.get("units", subject)
            people = float(many.sum()) * pair.years

            def share(measure: str, door: str = door, asked: float = asked, cells: Any = cells) -> float:
                return 100 * float(cells.get(measure, door).sum()) / asked

            rows.append(
                DoorRow(
                    door,
                    str(told.get("title") or door),
                    str(told.get("domain") or ""),
                    name,
                    PER * asked / people,
                    {measure: share(measure) for measure in ALL_REFUSALS},
                    {measure: share(measure) for measure in wronged},
                    subject,
                )
            )
    return sorted(rows, key=lambda row: (-row.requests, row.door))


def monthly(run: RunLike, measures: Sequence[str], pick: str = "all") -> dict[str, dict[str, list[float]]]:
    """Return counts by side and item, one number for each window (the mean over replicates).

    Flows and stocks alike: ``monthly(run, ["grade"])`` is how many held each grade at each window's end. Stocks are
    those of the class that the scheme scores first; acts are of whoever does them.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    items = picked(pick, run.manifest.get("kinds", {}))
    table = arrow(run, "by_place")
    if "grade" in measures:
        table = of_subject(table, scored_subject(run))
    table = table.filter(pc.is_in(table.column("measure"), pa.array(list(measures), pa.string())))
    if items is not None:
        table = table.filter(pc.is_in(table.column("item"), pa.array(list(items), pa.string())))
    sums = table.group_by(["side", "item", "window"]).aggregate([("value", "sum")])
    windows, replicates = int(run.manifest["windows"]), int(run.manifest["replicates"])
    out: dict[str, dict[str, list[float]]] = {side: {} for side in side_names(run)}
    columns = [sums.column(name).to_pylist() for name in ("side", "item", "window", "value_sum")]
    for side, item, window, value in zip(*columns, strict=True):
        if side in out and 0 <= window < windows:
            out[side].setdefault(item, [0.0] * windows)[window] += value / replicates
    return out


def distribution(run: RunLike, side: str, shares: Sequence[float]) -> list[dict[str, Any]]:
    """Return quantiles of the score at each window's end, read from bins of ten points.

    Parameters
    ----------
    shares : which quantiles, such as ``(0.05, 0.5, 0.95)``.
    """
    bins = _bins(run, side)
    out = []
    for window in sorted(bins):
        found = quantiles(bins[window], shares)
        out.append({"window": window, **dict(zip(map(str, shares), found, strict=True))})
    return out


def _bins(run: RunLike, side: str) -> dict[int, dict[int, float]]:
    import pyarrow.compute as pc

    table = of_subject(arrow(run, "scores"), scored_subject(run))
    table = table.filter(pc.equal(table.column("side"), side))
    sums = table.group_by(["window", "score"]).aggregate([("subjects", "sum")])
    out: dict[int, dict[int, float]] = {}
    columns = [sums.column(name).to_pylist() for name in ("window", "score", "subjects_sum")]
    for window, score, subjects in zip(*columns, strict=True):
        out.setdefault(window, {})[score] = float(subjects)
    return out


def at_end(run: RunLike, side: str) -> dict[int, float]:
    """Return how many people stand in each ten-point bin of the score at the end."""
    bins = _bins(run, side)
    return dict(sorted(bins[max(bins)].items())) if bins else {}


def quantiles(bins: Mapping[int, float], shares: Sequence[float], width: int = 10) -> list[float]:
    """Return quantiles of binned scores, each bin spread evenly over its width."""
    edges = sorted(bins)
    total = math.fsum(bins.values())
    out = []
    for share in shares:
        left = share * total
        for edge in edges:
            if left <= bins[edge] or edge == edges[-1]:
                out.append(edge + width * min(1.0, left / bins[edge]))
                break
            left -= bins[edge]
    return out
