"""The counts of a run, by name: what every measure is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from ..columns import CITIZEN
from ..errors import UnknownName

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "CellCounts",
    "RunLike",
    "arrow",
    "of_subject",
    "plural_of",
    "scored_subject",
    "side_names",
    "side_title",
    "years_of",
]

Counts = npt.NDArray[np.float64]


class RunLike(Protocol):
    """Anything with a manifest and tables: a run, a run folder, or tables made for a test."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return what the run is."""

    def table(self, name: str) -> Any:
        """Return one table: ``pyarrow.Table``, or anything that gives one by ``to_arrow()``."""


def arrow(run: RunLike, name: str) -> pa.Table:
    """Return one table of a run as a ``pyarrow.Table``."""
    table = run.table(name)
    return table.to_arrow() if hasattr(table, "to_arrow") else table


def side_names(run: RunLike) -> tuple[str, ...]:
    """Return the sides of a run: ``("scheme", "pair")``, or one of them."""
    return tuple(str(side["name"]) for side in run.manifest["sides"])


def side_title(run: RunLike, side: str) -> str:
    """Return the title of the scheme that a side lives under."""
    for told in run.manifest["sides"]:
        if told["name"] == side:
            return str(told.get("title") or told.get("scheme") or side)
    raise UnknownName("side", side, side_names(run))


def years_of(run: RunLike) -> float:
    """Return the length of a run in years."""
    return float(run.manifest["windows"]) * float(run.manifest.get("window_months", 1)) / 12


def scored_subject(run: RunLike) -> str:
    """Return the first class of subjects that the run's scheme scores: citizens, unless it says otherwise."""
    told = run.manifest["sides"][0].get("subjects") or [CITIZEN]
    return str(told[0])


def plural_of(manifest: Mapping[str, Any], subject: str) -> str:
    """Return what many of a class of subjects are called."""
    return str(manifest.get("classes", {}).get(subject, {}).get("plural") or f"{subject}s")


def of_subject(table: pa.Table, subject: str) -> pa.Table:
    """Return the rows of one class of subjects; all of them in the tables of a run that has citizens alone."""
    import pyarrow.compute as pc

    if "subject" not in table.column_names:
        return table
    return table.filter(pc.equal(table.column("subject").cast("string"), subject))


class CellCounts:
    """One side's totals over the whole run, by replicate and cell.

    Parameters
    ----------
    run : where the table ``cells`` is.
    side : ``"scheme"`` or ``"pair"``.
    """

    def __init__(self, run: RunLike, side: str) -> None:
        if side not in side_names(run):
            raise UnknownName("side", side, side_names(run))
        self.side = side
        self.shape, self._counts = _by_key(arrow(run, "cells"), side, int(run.manifest["replicates"]))

    @classmethod
    def of(cls, run: RunLike, side: str) -> CellCounts:
        """Return a side's totals; those that a run keeps already, if it does."""
        kept = getattr(run, "cell_counts", None)
        found: CellCounts = kept(side) if kept else cls(run, side)
        return found

    def among(self, subject: str) -> CellCounts:
        """Return the counts of the cells of one class of subjects."""
        units = {item: self.get("units", item).any(axis=0) for item in self.items("units")}
        if subject != CITIZEN:
            keep = units.get(subject, np.zeros(self.shape[1], dtype=bool))
        elif units:
            keep = ~np.any(list(units.values()), axis=0)
        else:
            return self
        out = object.__new__(CellCounts)
        out.side, out.shape = self.side, (self.shape[0], int(keep.sum()))
        out._counts = {key: counts[:, keep] for key, counts in self._counts.items()}
        return out

    def items(self, measure: str) -> tuple[str, ...]:
        """Return the items that were counted under one measure, sorted."""
        return tuple(sorted(item for name, item in self._counts if name == measure))

    def get(self, measure: str, item: str) -> Counts:
        """Return one count by replicate and cell; zeros where nothing was counted."""
        found = self._counts.get((measure, item))
        return np.zeros(self.shape) if found is None else found

    def total(self, measures: Iterable[str], items: Mapping[str, float] | None = None) -> Counts:
        """Return the sum of several measures, over all their items or over `items` with their weights.

        An item of a record, ``court/fraud``, is weighed by its last part, the kind.
        """
        out = np.zeros(self.shape)
        for measure in measures:
            for item in self.items(measure):
                weight = 1.0 if items is None else items.get(item, items.get(item.rpartition("/")[2], 0.0))
                if weight:
                    out += weight * self.get(measure, item)
        return out


def _by_key(table: pa.Table, side: str, replicates: int) -> tuple[tuple[int, int], dict[tuple[str, str], Counts]]:
    import pyarrow.compute as pc

    cells = 1 + int(pc.max(table.column("cell")).as_py() if table.num_rows else -1)
    table = table.filter(pc.equal(table.column("side"), side))
    keys, codes = _encoded(table)
    at = table.column("replicate").to_numpy() * cells + table.column("cell").to_numpy()
    values = table.column("value").to_numpy()
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], np.arange(len(keys) + 1))
    out = {}
    for key, (measure, item) in enumerate(keys):
        rows = order[ends[key] : ends[key + 1]]
        if rows.size:
            counts = np.bincount(at[rows], weights=values[rows], minlength=replicates * cells)
            out[measure, item] = counts.astype(np.float64).reshape(replicates, cells)
    return (replicates, cells), out


def _encoded(table: pa.Table) -> tuple[list[tuple[str, str]], npt.NDArray[np.int64]]:
    """Return the pairs of measure and item, and each row's place among them."""
    parts = [table.column(name).combine_chunks() for name in ("measure", "item")]
    (measures, m), (items, i) = (_codes(part) for part in parts)
    return [(x, y) for x in measures for y in items], m * max(1, len(items)) + i


def _codes(column: Any) -> tuple[list[str], npt.NDArray[np.int64]]:
    import pyarrow as pa

    if isinstance(column, pa.ChunkedArray):
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
