"""Nothing is lost in the count: what must add up in the tables of every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..columns import CITIZEN
from .lines import ALL_REFUSALS, BY_SCHEME
from .tallies import RunLike, arrow, of_subject

__all__ = ["Violation", "violations"]

SIGNED = frozenset({"points_lost", "points_gained", "points_returned"})
STOCKS = frozenset({"grade", "graded_down_wrongly", "stress", "held", "grade_of_doers", "trust", "trust_counted"})
PEOPLE = frozenset({"citizens", "subjects", "units"})
CLOSED = (*BY_SCHEME, "refused_scarce")

AT_MOST: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("mail_received", ("mail_sent",)),
    ("acts_unable", ("acts",)),
    ("fabricated", ("mail_sent",)),
    ("points_lost_passed_on", ("points_lost",)),
    ("noticed", ("records_wrong_person", "records_false")),
    ("objected", ("noticed",)),
    ("corrected", ("objected",)),
    ("refused_wrongly", CLOSED),
    ("refused_unable", CLOSED),
    ("refused_out_of_context", CLOSED),
    ("refused_passed_on", CLOSED),
)
"""The first count is at most the sum of the others, item by item (records: source by source)."""

Key = tuple[str, int, str, str]
Totals = Counter[Key]


@dataclass(frozen=True, slots=True)
class Violation:
    """A sum that does not come out: which law, where, and the two numbers."""

    law: str
    where: str
    expected: int
    found: int

    def __str__(self) -> str:
        return f"{self.law}: {self.where}: {self.found:,}, not {self.expected:,}"


def violations(run: RunLike) -> list[Violation]:
    """Return every sum of a run that does not come out; empty if the tables hold together."""
    totals = {name: _totals(run, name) for name in ("by_place", "by_group", "cells")}
    places = totals["by_place"]
    return [
        *_people(run),
        *_same(totals),
        *_not_negative(places),
        *_answered(run),
        *_at_most(places),
        *_graded(run),
    ]


def _totals(run: RunLike, name: str) -> Totals:
    table = arrow(run, name)
    keys = ["side", "replicate", "measure", "item"]
    sums = table.group_by(keys).aggregate([("value", "sum")])
    columns = [sums.column(key).to_pylist() for key in (*keys, "value_sum")]
    return Counter({(s, r, m, i): value for s, r, m, i, value in zip(*columns, strict=True)})


def _people(run: RunLike) -> Iterator[Violation]:
    import pyarrow.compute as pc

    table = of_subject(arrow(run, "population"), CITIZEN)
    for name in ("citizens", "subjects"):
        told, found = run.manifest.get(name), pc.sum(table.column(name)).as_py() or 0
        if isinstance(told, int) and told != found:
            yield Violation(f"the table of the population holds every one of the {name}", "population", told, found)
    for subject, facts in run.manifest.get("classes", {}).items():
        units = pc.sum(of_subject(arrow(run, "population"), subject).column("subjects")).as_py() or 0
        if facts.get("units") != units:
            where = f"population, {subject}"
            yield Violation("the table of the population holds every unit", where, int(facts.get("units", 0)), units)


def _same(totals: dict[str, Totals]) -> Iterator[Violation]:
    flows = {
        name: {key: value for key, value in found.items() if key[2] not in STOCKS | PEOPLE}
        for name, found in totals.items()
    }
    first = flows.pop("by_place")
    for name, other in flows.items():
        held = {key[2] for key in other}
        for key in sorted({*other, *(key for key in first if key[2] in held)}):
            if first.get(key, 0) != other.get(key, 0):
                yield Violation(
                    "every table tells the same total",
                    f"{name}: {_where(key)}",
                    first.get(key, 0),
                    other.get(key, 0),
                )


def _not_negative(totals: Totals) -> Iterator[Violation]:
    for key, value in sorted(totals.items()):
        if value < 0 and key[2] not in SIGNED:
            yield Violation("no count is negative", _where(key), 0, value)


def _answered(run: RunLike) -> Iterator[Violation]:
    """Check that every request is granted or refused, place by place over the run."""
    import pyarrow as pa
    import pyarrow.compute as pc

    answers = ("granted", *ALL_REFUSALS)
    table = arrow(run, "by_place")
    table = table.filter(pc.is_in(table.column("measure"), pa.array(["requests", *answers], pa.string())))
    keys = ["side", "replicate", "place", "item", "measure"]
    sums = table.group_by(keys).aggregate([("value", "sum")])
    asked: Counter[tuple[str, int, str, str]] = Counter()
    answered: Counter[tuple[str, int, str, str]] = Counter()
    columns = [sums.column(key).to_pylist() for key in (*keys, "value_sum")]
    for side, replicate, place, door, measure, value in zip(*columns, strict=True):
        (asked if measure == "requests" else answered)[side, replicate, place, door] += value
    for key in sorted(asked.keys() | answered.keys()):
        if asked[key] != answered[key]:
            side, replicate, place, door = key
            where = f"{side}, replicate {replicate}, {place}, {door}"
            yield Violation("every request is granted or refused", where, asked[key], answered[key])


def _at_most(totals: Totals) -> Iterator[Violation]:
    for measure, others in AT_MOST:
        below, limit = _folded(totals, (measure,)), _folded(totals, others)
        for key in sorted(below):
            if below[key] > limit[key]:
                side, replicate, item = key
                where = f"{side}, replicate {replicate}, {item}"
                yield Violation(f"{measure} is at most {' + '.join(others)}", where, limit[key], below[key])


def _folded(totals: Totals, measures: Iterable[str]) -> Counter[tuple[str, int, str]]:
    out: Counter[tuple[str, int, str]] = Counter()
    wanted = set(measures)
    for (side, replicate, measure, item), value in totals.items():
        if measure in wanted:
            source = item.partition("/")[0] if measure.startswith("records") else item
            out[side, replicate, source] += value
    return out


def _graded(run: RunLike) -> Iterator[Violation]:
    """Check that as many people hold a grade as have a score, window by window."""
    import pyarrow.compute as pc

    places, scores = arrow(run, "by_place"), arrow(run, "scores")
    keys = ["side", "replicate", "window"]
    graded = places.filter(pc.equal(places.column("measure"), "grade")).group_by(keys)
    scored = scores.group_by(keys).aggregate([("subjects", "sum")])
    held = _keyed(graded.aggregate([("value", "sum")]), keys, "value_sum")
    for key, count in sorted(_keyed(scored, keys, "subjects_sum").items()):
        if key in held and held[key] != count:
            where = f"{key[0]}, replicate {key[1]}, window {key[2]}"
            yield Violation("whoever has a score has a grade", where, count, held[key])


def _keyed(table: object, keys: list[str], value: str) -> dict[tuple[str, int, int], int]:
    columns = [table.column(name).to_pylist() for name in (*keys, value)]  # type: ignore[attr-defined]
    return {(a, b, c): count for a, b, c, count in zip(*columns, strict=True)}


def _where(key: Key) -> str:
    side, replicate, measure, item = key
    return f"{side}, replicate {replicate}, {measure}/{item}"
