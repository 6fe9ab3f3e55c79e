"""Iterative proportional fitting in any number of dimensions, and whole numbers that meet the margins.

A table is flat; a margin says for each cell of the table into which of its own cells it counts. So one margin
may group levels (ages in coarser bands) while another does not. The fit is the classical one of Deming and
Stephan [1]_; it keeps every odds ratio of the seed that the margins leave open. All sums run in one order, so
that the result is the same on every machine.

.. [1] W. E. Deming, F. F. Stephan, "On a least squares adjustment of a sampled frequency table when the
   expected marginal totals are known", Annals of Mathematical Statistics 11 (1940) 427-444,
   doi 10.1214/aoms/1177731829.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import BadValue

__all__ = ["Fit", "FlatMargin", "apportion", "fit", "fit_table", "margin_over", "whole"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CELL_WEIGHT = 0.05
SUPPORT = 1e-7
TRIES = 30
ROUGHLY = 1e-6
"""Far above what rounding can do to a sum of errors."""


@dataclass(frozen=True, slots=True)
class FlatMargin:
    """A margin of a flat table.

    Attributes
    ----------
    name : what messages call it.
    cell : for each cell of the table, the margin's cell into which it counts.
    target : what each of the margin's cells should sum to.
    """

    name: str
    cell: npt.NDArray[np.intp]
    target: Floats

    def sums(self, table: npt.NDArray[np.generic]) -> Floats:
        """Return what the table sums to in each of the margin's cells."""
        return np.bincount(self.cell, weights=table.ravel(), minlength=len(self.target)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted table, and what is left of the margins.

    Attributes
    ----------
    table : flat, of the seed's length.
    residual : greatest difference between a margin's cell and its target.
    worst : position of the margin where it is, and of its cell.
    rounds : rounds that it took.
    """

    table: Floats
    residual: float
    worst: tuple[int, int]
    rounds: int


def margin_over(name: str, shape: Sequence[int], axes: Sequence[int], target: npt.ArrayLike) -> FlatMargin:
    """Return the margin of an n-dimensional table over some of its axes; `target` has these axes' shape."""
    wanted = np.asarray(target, dtype=np.float64)
    if wanted.shape != tuple(shape[axis] for axis in axes):
        raise BadValue(f'the margin "{name}" has the shape {wanted.shape}, not that of the axes {tuple(axes)}')
    cell = np.zeros(tuple(shape), dtype=np.intp)
    for axis in axes:
        step = np.arange(shape[axis], dtype=np.intp).reshape([-1 if i == axis else 1 for i in range(len(shape))])
        cell = cell * shape[axis] + step
    return FlatMargin(name, cell.ravel(), wanted.ravel())


def _residual(table: Floats, margins: Sequence[FlatMargin]) -> tuple[float, tuple[int, int]]:
    worst, where = 0.0, (0, 0)
    for at, margin in enumerate(margins):
        off = np.abs(margin.sums(table) - margin.target)
        cell = int(off.argmax())
        if off[cell] > worst:
            worst, where = float(off[cell]), (at, cell)
    return worst, where


def fit(seed: Floats, margins: Sequence[FlatMargin], *, rounds: int = 2000, tolerance: float = 1e-10) -> Fit:
    """Scale `seed` until it meets every margin, or until more rounds bring nothing.

    Parameters
    ----------
    seed : flat table, not negative; a cell of 0 stays 0.
    tolerance : greatest residual, relative to the table's total, at which the fit is done.
    """
    table = np.array(seed, dtype=np.float64).ravel()
    if not margins:
        return Fit(table, 0.0, (0, 0), 0)
    enough = tolerance * float(margins[0].target.sum())
    best, since = np.inf, 0
    off, worst = _residual(table, margins)
    done = 0
    while off > enough and done < rounds and since < 25:
        for margin in margins:
            sums = margin.sums(table)
            factor = np.divide(margin.target, sums, out=np.zeros_like(sums), where=sums > 0)
            table *= factor[margin.cell]
        done += 1
        off, worst = _residual(table, margins)
        since = 0 if off < best * 0.999 else since + 1
        best = min(best, off)
    return Fit(table, off, worst, done)


def fit_table(seed: npt.ArrayLike, margins: Sequence[tuple[Sequence[int], npt.ArrayLike]]) -> Floats:
    """Fit an n-dimensional table to margins given as ``(axes, target)``."""
    table = np.asarray(seed, dtype=np.float64)
    flat = [margin_over(str(tuple(axes)), table.shape, axes, target) for axes, target in margins]
    return fit(table, flat).table.reshape(table.shape)


def apportion(shares: npt.ArrayLike, total: int) -> Ints:
    """Return whole numbers in proportion to `shares` that sum to `total`, by largest remainder."""
    weight = np.asarray(shares, dtype=np.float64)
    if total < 0 or weight.size == 0 or weight.min() < 0 or not weight.sum() > 0:
        raise BadValue("nothing to share out: shares are not negative and sum to more than 0")
    exact = weight * (total / float(weight.sum()))
    out = np.floor(exact).astype(np.int64)
    left = total - int(out.sum())
    order = np.argsort(-(exact - out), kind="stable")
    out[order[:left]] += 1
    return out


def _start(table: Floats, totals: Ints) -> Ints:
    """Round each row along its running sum, each row from its own phase."""
    running = np.cumsum(table, axis=1)
    last = running[:, -1:]
    running *= np.divide(totals[:, None], last, out=np.zeros_like(last), where=last > 0)
    phase = (np.arange(1, len(totals) + 1) * 0.6180339887498949) % 1.0
    steps = np.floor(running + phase[:, None]).astype(np.int64)
    steps[:, -1] = totals
    steps = np.minimum(steps, totals[:, None])
    return np.diff(steps, axis=1, prepend=0)


class _Row:
    """The margins as seen from one row of the table: the cells of the row that can hold anybody."""

    def __init__(self, row: int, table: Floats, total: int, margins: Sequence[FlatMargin]) -> None:
        width = table.shape[1]
        self.at = row
        self.open = np.flatnonzero(table[row] > SUPPORT * max(1, total))
        self.cells = np.array([margin.cell[row * width + self.open] for margin in margins], dtype=np.int32)


def whole(table: Floats, totals: Ints, margins: Sequence[FlatMargin], *, sweeps: int = 3000) -> Ints:
    """Return whole numbers near `table` that meet the margins to about one person.

    Each row sums to its entry of `totals` exactly. Rounding starts along the running sum; then single persons
    move between two cells of a row as long as a move brings the margins nearer to the fitted ones.

    Parameters
    ----------
    table : two-dimensional and fitted: row by place, column by cell.
    totals : whole number of people in each row.
    margins : margins over the flattened table; their `target` is not used, the table's own sums are.
    """
    out = _start(table, totals)
    off = [margin.sums(out) - margin.sums(table) for margin in margins]
    rows = [_Row(row, table, int(totals[row]), margins) for row in range(len(totals)) if totals[row]]
    for _ in range(sweeps):
        moved = False
        for row in rows:
            moved |= _move(row, out, table, off)
        if not moved:
            break
    return out


def _move(row: _Row, out: Ints, table: Floats, off: list[Floats]) -> bool:
    """Make the best move that is found in one row; say whether there was one."""
    if row.open.size < 2:
        return False
    here, near = out[row.at], table[row.at, row.open]
    own = CELL_WEIGHT * (here[row.open] - near)
    errors = np.array([o[cell] for o, cell in zip(off, row.cells, strict=True)])
    pull = own.copy()
    for error in errors:
        pull += error
    leaving = np.where(here[row.open] > 0, pull, -np.inf)
    count = min(TRIES, row.open.size)
    for a in np.argsort(-leaving, kind="stable")[:count]:
        if leaving[a] == -np.inf:
            break
        b, gain = _best(row, int(a), own, errors, pull)
        if gain < -1e-6:
            here[row.open[a]] -= 1
            here[row.open[b]] += 1
            for o, cell in zip(off, row.cells, strict=True):
                o[cell[a]] -= 1
                o[cell[b]] += 1
            return True
    return False


def _best(row: _Row, a: int, own: Floats, errors: Floats, pull: Floats) -> tuple[int, float]:
    """Return where somebody from `a` goes best, and what that costs; only the nearest are reckoned to the last bit."""
    alike = row.cells == row.cells[:, a : a + 1]
    rough = pull - np.add.reduce(alike.view(np.uint8), axis=0, dtype=np.uint16)
    rough[a] = np.inf
    some = np.flatnonzero(rough <= rough.min() + ROUGHLY)
    gains = np.empty((len(errors) + 1, len(some)))
    gains[0] = own[some] - (own[a] - CELL_WEIGHT)
    gains[1:] = np.where(alike[:, some], 0.0, errors[:, some] - (errors[:, a : a + 1] - 1))
    gain = gains.cumsum(axis=0)[-1]
    best = int(gain.argmin())
    return int(some[best]), float(gain[best])
