"""Who wrote what, and who stands where: records by source, lists by entry and exit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .lines import ALL_RECORDS
from .tallies import CellCounts, RunLike, arrow, side_names, years_of

__all__ = ["ListRow", "SourceRow", "by_list", "by_source"]

LIST_FLOWS = ("entered", "entered_wrongly", "entered_unable", "left", "left_by_performing", "spared_by_grace")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """What one source wrote in one world; numbers a year, means over replicates.

    Attributes
    ----------
    records : all that it wrote, of whom or whatever.
    wrong_person, false : of these, about another than the doer, and of acts that nobody did.
    stale : records that it kept beyond their term.
    noticed, objected, corrected : wrong records that their subject heard of, objected to, and had put right.
    visits : inspections by it.
    days_late : mean days from an act to its record, by what it wrote; None where nobody says how late it writes.
    """

    side: str
    source: str
    records: float
    wrong_person: float
    false: float
    stale: float
    noticed: float
    objected: float
    corrected: float
    visits: float
    days_late: float | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list, or a grade that a rule forces, in one world; means over replicates.

    Attributes
    ----------
    entered, left : entries and exits, a year.
    wrongly, unable : of the entries, by a wrong record, and by a right one of what its subject could not do.
    by_performing : of the exits, by doing what was owed.
    spared : entries that did not come about since what was owed was done in time, a year.
    held : entries that stand at the end.
    """

    side: str
    list: str
    entered: float
    wrongly: float
    unable: float
    left: float
    by_performing: float
    spared: float
    held: float


def by_source(run: RunLike, delays: Mapping[str, float] | None = None) -> list[SourceRow]:
    """Return what every source wrote in each world; who wrote most comes first.

    Parameters
    ----------
    delays : mean days from act to record, by source and kind, such as ``court/fraud``.
    """
    rows = []
    for side in side_names(run):
        cells = CellCounts.of(run, side)
        names = {item.partition("/")[0] for measure in ("records", "records_false") for item in cells.items(measure)}
        names |= {item for measure in ("stale", "visits") for item in cells.items(measure)}
        rows += [_source(run, cells, side, name, delays or {}) for name in sorted(names)]
    most: dict[str, float] = {}
    for row in rows:
        most[row.source] = max(row.records, most.get(row.source, 0.0))
    return sorted(rows, key=lambda row: (-most[row.source], row.source))


def _source(run: RunLike, cells: CellCounts, side: str, name: str, delays: Mapping[str, float]) -> SourceRow:
    def of(measure: str) -> float:
        items = [item for item in cells.items(measure) if item.partition("/")[0] == name]
        return _yearly(run, cells, measure, items)

    written = [of(measure) for measure in ALL_RECORDS]
    counted = ("stale", "noticed", "objected", "corrected", "visits")
    late = _days_late(run, cells, {item: days for item, days in delays.items() if item.partition("/")[0] == name})
    seen = {measure: of(measure) for measure in counted}
    return SourceRow(side, name, sum(written), written[1], written[2], **seen, days_late=late)


def _days_late(run: RunLike, cells: CellCounts, delays: Mapping[str, float]) -> float | None:
    """Return the mean delay of what was written of acts; what nobody did has none."""
    many = {
        item: sum(_yearly(run, cells, one, [item]) for one in ("records", "records_wrong_person")) for item in delays
    }
    written = sum(many.values())
    return sum(many[item] * days for item, days in delays.items()) / written if written else None


def by_list(run: RunLike) -> list[ListRow]:
    """Return entries, exits and stock of every list in each world."""
    rows = []
    for side in side_names(run):
        cells, held = CellCounts.of(run, side), _held(run, side)
        names = {*cells.items("entered"), *cells.items("spared_by_grace"), *held}
        for name in sorted(names):
            flows = [_yearly(run, cells, one, [name]) for one in LIST_FLOWS]
            rows.append(ListRow(side, name, *[*flows, held.get(name, 0.0)]))
    return rows


def _yearly(run: RunLike, cells: CellCounts, measure: str, items: list[str]) -> float:
    total = sum((cells.get(measure, item) for item in items), np.zeros(cells.shape))
    return float(total.sum()) / cells.shape[0] / years_of(run)


def _held(run: RunLike, side: str) -> dict[str, float]:
    """Return what stands on each list at the end of the last window."""
    import pyarrow.compute as pc

    rows: Any = arrow(run, "by_place")
    told = (("side", side), ("measure", "held"))
    for column, wanted in told:
        rows = rows.filter(pc.equal(rows.column(column).cast("string"), wanted))
    rows = rows.filter(pc.equal(rows.column("window"), int(run.manifest["windows"]) - 1))
    out: dict[str, float] = {}
    for item, value in zip(rows.column("item").to_pylist(), rows.column("value").to_pylist(), strict=True):
        out[str(item)] = out.get(str(item), 0.0) + value / int(run.manifest["replicates"])
    return out
