"""The balance sheet of a scheme: what it did for people, to people and to power."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..columns import CITIZEN
from ..errors import Contradiction, UnknownName
from .intervals import Estimate, difference_of_ratios, ratio
from .lines import LINES, PICKS, Line, class_lines, picked
from .tallies import CellCounts, RunLike, arrow, of_subject, plural_of, side_names, side_title, years_of
from .words import between, number

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Balance", "BalanceRow", "Pair", "balance"]

PER = 1000
FEW_EVENTS = 30
Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One line: the scheme's world, the other world, their difference and its 95 % interval.

    ``None`` stands for what is not there: no other world, or nothing to divide by.
    """

    section: str
    key: str
    label: str
    unit: str
    scheme: float | None
    pair: float | None
    difference: float | None
    low: float | None
    high: float | None
    n: int
    better: str
    note: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The two sides that are compared, wherever they come from; `b` is missing in a run of one side."""

    run: RunLike
    a: CellCounts
    b: CellCounts | None
    run_b: RunLike
    title_a: str
    title_b: str

    @classmethod
    def of(cls, run: RunLike, against: RunLike | None = None) -> Pair:
        """Take the two sides of one run, or the scheme's sides of two."""
        first = side_names(run)[0]
        a = CellCounts.of(run, first)
        if against is not None:
            _comparable(run, against)
            other = side_names(against)[0]
            b = CellCounts.of(against, other)
            return cls(run, a, b, against, side_title(run, first), side_title(against, other))
        others = [name for name in side_names(run) if name != first]
        if not others:
            return cls(run, a, None, run, side_title(run, first), "")
        b = CellCounts.of(run, others[0])
        return cls(run, a, b, run, side_title(run, first), side_title(run, others[0]))

    def among(self, subject: str) -> Pair:
        """Return the same two sides, among one class of subjects."""
        return replace(self, a=self.a.among(subject), b=self.b.among(subject) if self.b else None)

    @property
    def kinds(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the facts about act kinds, of both runs."""
        return {**self.run_b.manifest.get("kinds", {}), **self.run.manifest.get("kinds", {})}

    @property
    def doors(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the facts about doors, of both runs."""
        return {**self.run_b.manifest.get("doors", {}), **self.run.manifest.get("doors", {})}

    @property
    def years(self) -> float:
        """Return the length of the runs."""
        return years_of(self.run)


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance sheet of a run; see :func:`balance`."""

    title: str
    scheme_title: str
    pair_title: str
    lines: tuple[BalanceRow, ...]
    heads: tuple[str, str] = ("with", "without")
    """What the two worlds are called above their columns."""
    idle: frozenset[str] = frozenset()
    """Keys of the lines of which nothing in this run could ever be counted."""

    def rows(self) -> list[dict[str, Any]]:
        """Return the lines as dictionaries."""
        return [asdict(row) for row in self.lines]

    def to_arrow(self) -> pa.Table:
        """Return the lines as a ``pyarrow.Table``."""
        import pyarrow as pa

        kinds = {"float | None": pa.float64(), "int": pa.int64(), "str": pa.string()}
        schema = pa.schema([(field.name, kinds[str(field.type)]) for field in fields(BalanceRow)])
        return pa.Table.from_pylist(self.rows(), schema=schema)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the lines to another library."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    @property
    def sections(self) -> dict[str, tuple[BalanceRow, ...]]:
        """Return the lines by section, in order; idle ones and sections in which nothing was counted are left out."""
        names = dict.fromkeys(row.section for row in self.lines)
        lines = [row for row in self.lines if row.key not in self.idle]
        found = {name: tuple(row for row in lines if row.section == name) for name in names}
        told = {
            name: rows for name, rows in found.items() if any(row.scheme or row.pair or row.difference for row in rows)
        }
        return told or found

    def __getitem__(self, key: str) -> BalanceRow:
        """Return one line by its key, such as ``harmful-acts``."""
        for row in self.lines:
            if row.key == key:
                return row
        raise UnknownName("line in the balance sheet", key, [row.key for row in self.lines])

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[BalanceRow]:
        return iter(self.lines)

    def __repr__(self) -> str:
        head = self._head()
        table = [head, *(_cells(row) for rows in self.sections.values() for row in rows)]
        wide = [max(len(cells[at]) for cells in table) for at in range(len(head))]
        lines = [self.title]
        for name, rows in self.sections.items():
            lines += ["", name if len(lines) > 1 else _aligned([name, *head[1:]], wide)]
            lines += [_aligned(_cells(row), wide) for row in rows]
        return "\n".join(lines)

    def _head(self) -> list[str]:
        return ["", *self.heads, "difference", "95 % interval", "unit"]

    def _repr_html_(self) -> str:
        heads = self._head()
        head = "".join(f'<th scope="col">{name}</th>' for name in heads)
        body = ""
        for name, rows in self.sections.items():
            body += f'<tr><th scope="rowgroup" colspan="{len(heads)}">{html.escape(name)}</th></tr>'
            for row in rows:
                first, *rest = (html.escape(text) for text in _cells(row))
                body += f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{text}</td>" for text in rest) + "</tr>"
        return (
            f"<table><caption>{html.escape(self.title)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table>"
        )


def balance(run: RunLike, against: RunLike | None = None) -> Balance:
    """Draw up the balance sheet of a run.

    Parameters
    ----------
    run : a run; its two sides are compared, or its first side where `against` is given.
    against : another run of the same people and draws; its first side is the other world.
    """
    pair = Pair.of(run, against)
    lines = [line for line in LINES if (line.kind != "price" or pair.b is not None) and _is_told(line, pair)]
    scored = {subject for side in run.manifest["sides"] for subject in side.get("subjects", ())}
    for subject in (name for name in run.manifest.get("classes", {}) if name in scored):
        lines += class_lines(subject, plural_of(run.manifest, subject), _bottom(run))
    among = {subject: pair.among(subject) for subject in {line.subject for line in lines}}
    rows = tuple(_row(line, among[line.subject]) for line in lines)
    versus = f' against "{pair.title_b}"' if pair.b is not None else ""
    heads = ("first", "second") if against is not None else _heads(run)
    idle = frozenset(line.key for line in lines if _is_idle(line, among[line.subject]))
    return Balance(f'"{pair.title_a}"{versus}', pair.title_a, pair.title_b, rows, heads, idle)


def _bottom(run: RunLike) -> str:
    """Return the scheme's worst grade; nothing where it has none."""
    bands = run.manifest["sides"][0].get("bands") or ["all"]
    return str(bands[0]) if len(bands) > 1 else ""


def _heads(run: RunLike) -> tuple[str, str]:
    """Return what the worlds are called: with and without only where the other one has no scheme."""
    others = [side.get("scheme") for side in run.manifest["sides"]][1:]
    return ("with", "without") if others in ([], ["none"]) else ("scheme", "pair")


def _is_told(line: Line, pair: Pair) -> bool:
    """Return whether a line belongs on this sheet: a rare one only where something of it was counted."""
    if not line.rare:
        return True
    sides = [cells for cells in (pair.a, pair.b) if cells is not None]
    return any(cells.total(line.measures).sum() > 0 for cells in sides)


def _is_idle(line: Line, pair: Pair) -> bool:
    """Return whether a line says nothing of these runs: of what nobody can do, of parts of nothing, of no grades."""
    done = {kind: told for kind, told in pair.kinds.items() if told.get("subject", CITIZEN) == line.subject}
    if line.pick in PICKS and not picked(line.pick, done):
        return True
    sides = [side for run in (pair.run, pair.run_b) for side in run.manifest["sides"]]
    if line.graded and not any("bands" not in side or len(side["bands"]) > 1 for side in sides):
        return True
    counted = (cells.total((*line.measures, *line.part_of)) for cells in (pair.a, pair.b) if cells is not None)
    return bool(line.part_of) and not any(counts.sum() for counts in counted)


def _comparable(run: RunLike, against: RunLike) -> None:
    for key in ("citizens", "cell", "windows", "window_months", "start", "seed", "replicates"):
        ours, theirs = run.manifest.get(key), against.manifest.get(key)
        if ours != theirs:
            raise Contradiction(
                f"the two runs differ in {key}: {ours} and {theirs}",
                "only runs of the same people, dates and draws can be compared",
            )


def _row(line: Line, pair: Pair) -> BalanceRow:
    if line.kind == "price":
        return _price(line, pair)
    above, below = _fraction(line, pair, pair.a, pair.run)
    scale = line.times * _scale(line, pair)
    first = ratio(above, below)
    second, gap = None, None
    if pair.b is not None:
        other_above, other_below = _fraction(line, pair, pair.b, pair.run_b)
        second = ratio(other_above, other_below).times(scale)
        if np.shape(above) == np.shape(other_above):
            gap = difference_of_ratios(above, below, other_above, other_below).times(scale)
        else:
            gap = Estimate((first.value * scale) - second.value, None, None, 0)
    events = above.sum() + (0 if pair.b is None else other_above.sum())
    return _filled(line, first.times(scale), second, gap, _note(line, float(events)))


def _scale(line: Line, pair: Pair) -> float:
    return {"share": 100.0, "rate": PER / pair.years, "end": PER}[line.kind]


def _fraction(line: Line, pair: Pair, cells: CellCounts, run: RunLike) -> tuple[Counts, Counts]:
    items = picked(line.pick, pair.kinds)
    above = cells.total(line.measures, items) - cells.total(line.minus, items)
    if isinstance(line.per, tuple):
        return above, cells.total(line.per, picked(line.per_pick, pair.kinds))
    people = cells.total((line.per,))
    if line.kind == "end" and not any(cells.items(measure) for measure in line.measures):
        return _at_end(run, cells.side, line), people.sum(axis=1, keepdims=True)
    return above, people


def _at_end(run: RunLike, side: str, line: Line) -> Counts:
    """Return a stock at the end of the run by replicate, from the table that has it by place."""
    import pyarrow.compute as pc

    table, measures = of_subject(arrow(run, "by_place"), line.subject), line.measures
    last = pc.equal(table.column("window"), int(run.manifest["windows"]) - 1)
    here = pc.and_(pc.equal(table.column("side"), side), pc.is_in(table.column("measure"), _set(measures)))
    table = table.filter(pc.and_(last, here))
    values = np.zeros((int(run.manifest["replicates"]), 1))
    np.add.at(values[:, 0], table.column("replicate").to_numpy(), table.column("value").to_numpy())
    return values


def _set(values: tuple[str, ...]) -> Any:
    import pyarrow as pa

    return pa.array(values, pa.string())


def _price(line: Line, pair: Pair) -> BalanceRow:
    assert pair.b is not None
    harm = picked(line.per_pick, pair.kinds)
    per = line.per if isinstance(line.per, tuple) else (line.per,)
    prevented = pair.b.total(per, harm) - pair.a.total(per, harm)
    if not ratio(prevented, np.ones_like(prevented)).clear or prevented.sum() <= 0:
        return _filled(line, None, None, None, "no harm was measurably prevented, so it has no price")
    count = pair.a.total(line.measures, picked(line.pick, pair.kinds))
    return _filled(line, None, None, ratio(count, prevented), line.note)


def _note(line: Line, events: float) -> str:
    if events == 0:
        return "none counted" if not line.note else f"none counted; {line.note}"
    few = f"only {events:,.0f} counted: too few to be sure" if events < FEW_EVENTS and line.kind != "end" else ""
    return "; ".join(part for part in (few, line.note) if part)


def _filled(line: Line, scheme: Estimate | None, pair: Estimate | None, gap: Estimate | None, note: str) -> BalanceRow:
    return BalanceRow(
        line.section,
        line.key,
        line.label,
        line.unit,
        _number(scheme.value if scheme else None),
        _number(pair.value if pair else None),
        _number(gap.value if gap else None),
        _number(gap.low if gap else None),
        _number(gap.high if gap else None),
        gap.n if gap else (scheme.n if scheme else 0),
        line.better,
        note,
    )


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value + 0.0


def _cells(row: BalanceRow) -> list[str]:
    numbers = [number(value) for value in (row.scheme, row.pair, row.difference)]
    unit = f"{row.unit} ({row.note})" if row.note else row.unit
    return [row.label, *numbers, between(row.low, row.high), unit]


def _aligned(cells: list[str], wide: list[int]) -> str:
    first, *middle, last = cells
    numbers = "  ".join(text.rjust(size) for text, size in zip(middle, wide[1:-1], strict=True))
    return f"{first.ljust(wide[0])}  {numbers}  {last}".rstrip()
