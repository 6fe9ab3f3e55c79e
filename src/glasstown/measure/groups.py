"""Who bears it: rates by group of people, and the gaps between groups.

Groups are counted over the whole run, not cell by cell, so their intervals rest on counting error, widened by
how much more than chance the same count varies between cells (the design effect [1]_): one person refused ten
times is ten refusals and one fate. With four or more replicates the replicates are the sample instead.

.. [1] L. Kish, *Survey Sampling*, Wiley, 1965, section 8.2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..columns import CITIZEN
from ..errors import BadValue
from .intervals import FEWEST_REPLICATES, LEVEL, Estimate, difference_of_ratios, ratio, student
from .tallies import CellCounts, RunLike, arrow, of_subject, scored_subject, years_of

__all__ = ["Gap", "GroupRate", "gaps", "rates_by_group"]

Counts = npt.NDArray[np.float64]
NORMAL = 1.959963984540054
PER = 1000


@dataclass(frozen=True, slots=True)
class GroupRate:
    """One group: how often it happens to its people.

    Attributes
    ----------
    group : the group as the tables name it, such as ``urban/low``.
    levels : its level of each trait, such as ``{"residence": "urban", "income": "low"}``.
    rate : per 1,000 people scored and year, or per cent of `per`.
    """

    group: str
    levels: dict[str, str]
    citizens: int
    subjects: int
    count: int
    rate: Estimate


@dataclass(frozen=True, slots=True)
class Gap:
    """Two levels of one trait: the one hit most, the one hit least, and the difference."""

    trait: str
    most: str
    least: str
    most_rate: float
    least_rate: float
    difference: Estimate


def rates_by_group(
    run: RunLike,
    measures: Sequence[str],
    *,
    side: str = "scheme",
    item: str | None = None,
    per: str = "subjects",
) -> list[GroupRate]:
    """Return the rate of some counts in every group, the highest first.

    Parameters
    ----------
    measures : counts that are added up, such as ``["refused_score", "refused_grade", "refused_list"]``.
    item : one item of them, such as ``flight``; by default all.
    per : ``subjects`` or ``citizens`` (per 1,000 and year), or another count (per cent of it), such as
        ``requests``.
    """
    counted = _Counted(run, measures, side, item, per)
    rows = []
    for group, (citizens, subjects) in counted.people.items():
        count = counted.above.get(group, counted.none)
        told = dict(zip(counted.traits, _parts(group), strict=False))
        rate = counted.rate([group])
        rows.append(GroupRate(group, told, citizens, subjects, int(count.sum()), rate))
    return sorted(rows, key=lambda row: (-_or_zero(row.rate.value), row.group))


def gaps(
    run: RunLike,
    measures: Sequence[str],
    *,
    side: str = "scheme",
    item: str | None = None,
    per: str = "subjects",
) -> list[Gap]:
    """Return, for each trait that groups are made of, the gap between the levels hit most and least."""
    counted = _Counted(run, measures, side, item, per)
    out = []
    for at, trait in enumerate(counted.traits):
        levels: dict[str, list[str]] = {}
        for group in counted.people:
            levels.setdefault(_parts(group)[at], []).append(group)
        rates = {level: counted.rate(groups) for level, groups in levels.items()}
        known = {level: rate for level, rate in rates.items() if math.isfinite(rate.value)}
        if len(known) < 2:
            continue
        most = max(sorted(known), key=lambda level: known[level].value)
        least = min(sorted(known), key=lambda level: known[level].value)
        gap = counted.gap(levels[most], levels[least], known[most], known[least])
        out.append(Gap(trait, most, least, known[most].value, known[least].value, gap))
    return out


class _Counted:
    """Counts by group and replicate, and how to make rates of them."""

    def __init__(self, run: RunLike, measures: Sequence[str], side: str, item: str | None, per: str) -> None:
        self.replicates = int(run.manifest["replicates"])
        self.none = np.zeros(self.replicates)
        self.subject = scored_subject(run)
        self.people = _people(run, self.subject)
        self.traits = _traits(run, self.people, self.subject)
        table = arrow(run, "by_group")
        self.above = _by_group(table, measures, side, item, self.replicates)
        self.share = per not in ("subjects", "citizens")
        self.scale = 100.0 if self.share else PER / years_of(run)
        self.below = (
            _by_group(table, [per], side, item, self.replicates)
            if self.share
            else {
                group: np.full(self.replicates, float(held[per == "subjects"])) for group, held in self.people.items()
            }
        )
        self.effect = _design_effect(run, measures, side, item, per, self.share)

    def _both(self, groups: Sequence[str]) -> tuple[Counts, Counts]:
        above = sum((self.above.get(group, self.none) for group in groups), self.none)
        below = sum((self.below.get(group, self.none) for group in groups), self.none)
        return above, below

    def rate(self, groups: Sequence[str]) -> Estimate:
        """Return the rate over several groups together."""
        above, below = self._both(groups)
        if self.replicates >= FEWEST_REPLICATES:
            return ratio(above[:, None], below[:, None]).times(self.scale)
        if not below.sum():
            return Estimate(math.nan, None, None, 0)
        count, size = float(above.sum()), float(below.sum())
        low, high = _wilson(count, size, self.effect) if self.share else _poisson(count, size, self.effect)
        return Estimate(count / size, low, high, int(size)).times(self.scale)

    def gap(self, most: Sequence[str], least: Sequence[str], first: Estimate, second: Estimate) -> Estimate:
        """Return the difference of two rates; the ends are joined as Newcombe does (1998, method 10)."""
        if self.replicates >= FEWEST_REPLICATES:
            (a, b), (c, d) = self._both(most), self._both(least)
            return difference_of_ratios(a[:, None], b[:, None], c[:, None], d[:, None]).times(self.scale)
        value = first.value - second.value
        if None in (first.low, first.high, second.low, second.high):
            return Estimate(value, None, None, 0)
        down = math.hypot(first.value - _or_zero(first.low), _or_zero(second.high) - second.value)
        up = math.hypot(_or_zero(first.high) - first.value, second.value - _or_zero(second.low))
        return Estimate(value, value - down, value + up, first.n + second.n)


def _parts(group: str) -> list[str]:
    """Return a group's levels, without the name of its class."""
    return group.rpartition(": ")[2].split("/")


def _people(run: RunLike, subject: str) -> dict[str, tuple[int, int]]:
    table = of_subject(arrow(run, "population"), subject)
    sums = table.group_by("group").aggregate([("citizens", "sum"), ("subjects", "sum")])
    columns = [sums.column(name).to_pylist() for name in ("group", "citizens_sum", "subjects_sum")]
    return {group: (citizens, subjects) for group, citizens, subjects in sorted(zip(*columns, strict=True))}


def _traits(run: RunLike, people: dict[str, tuple[int, int]], subject: str) -> tuple[str, ...]:
    parts = {len(_parts(group)) for group in people}
    told = run.manifest if subject == CITIZEN else run.manifest["classes"][subject]
    named = tuple(map(str, told.get("groups", ())))
    if not parts or parts == {len(named)}:
        return named
    if len(parts) > 1:
        raise BadValue("the groups of this run are not made of the same traits")
    return tuple(f"group {at + 1}" for at in range(parts.pop()))


def _by_group(table: Any, measures: Sequence[str], side: str, item: str | None, replicates: int) -> dict[str, Counts]:
    import pyarrow as pa
    import pyarrow.compute as pc

    keep = pc.is_in(table.column("measure"), pa.array(list(measures), pa.string()))
    keep = pc.and_(keep, pc.equal(table.column("side"), side))
    if item is not None:
        keep = pc.and_(keep, pc.equal(table.column("item"), item))
    sums = table.filter(keep).group_by(["group", "replicate"]).aggregate([("value", "sum")])
    out: dict[str, Counts] = {}
    columns = [sums.column(name).to_pylist() for name in ("group", "replicate", "value_sum")]
    for group, replicate, value in zip(*columns, strict=True):
        out.setdefault(group, np.zeros(replicates))[replicate] += value
    return out


def _design_effect(run: RunLike, measures: Sequence[str], side: str, item: str | None, per: str, share: bool) -> float:
    """Return how much wider than chance the count varies between cells; at least 1."""
    subject = scored_subject(run)
    cells = CellCounts.of(run, side).among(subject)
    if subject != CITIZEN and not share:
        per = "units"
    items = None if item is None else {item: 1.0}
    above = cells.total(measures, items).sum(axis=0)
    below = cells.total((per,), items if share else None).sum(axis=0)
    found = ratio(above, below)
    if found.high is None or not found.value > 0:
        return 1.0
    variance = ((found.high - found.value) / student(LEVEL, found.n - 1)) ** 2
    chance = found.value * (max(0.0, 1 - found.value) if share else 1.0) / float(below.sum())
    return max(1.0, variance / chance) if chance else 1.0


def _wilson(count: float, size: float, effect: float) -> tuple[float, float]:
    n, p = size / effect, count / size
    middle = (p + NORMAL**2 / (2 * n)) / (1 + NORMAL**2 / n)
    half = NORMAL / (1 + NORMAL**2 / n) * math.sqrt(p * (1 - p) / n + NORMAL**2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def _poisson(count: float, size: float, effect: float) -> tuple[float, float]:
    """Return score limits of a rate: those of a Poisson count, thinned by the design effect."""
    seen, exposure = count / effect, size / effect
    middle, half = seen + NORMAL**2 / 2, NORMAL * math.sqrt(seen + NORMAL**2 / 4)
    return max(0.0, (middle - half) / exposure), (middle + half) / exposure


def _or_zero(value: float | None) -> float:
    return 0.0 if value is None or not math.isfinite(value) else value
