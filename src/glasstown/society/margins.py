"""From the margins of a file to one table: axes, flat margins, and the margins that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np
import numpy.typing as npt

from ..errors import BadValue, Contradiction
from .ipf import Fit, FlatMargin, apportion, fit, whole
from .levels import level_range, levels_of
from .types import PLACE, TOLERANCE, MarginTable, SocietyModel

__all__ = ["BLOCK", "Axis", "Cells", "check_margins", "count_cells"]

BLOCK = 64
"""Places start at multiples of this many people, the width of a block of the engine."""
MOST_CELLS = 4_000_000
FAINT = 1e-6

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Spans = tuple[tuple[int, int], ...]
MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the table: a trait and the spans of its values that the margins tell apart."""

    name: str
    spans: Spans
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """How many people are in each cell of each place.

    Attributes
    ----------
    axes : traits with margins; the columns of `counts` run over them, the last one fastest.
    counts : one row for each place.
    fitted : the same before rounding.
    """

    axes: tuple[Axis, ...]
    counts: Ints
    fitted: Floats


@dataclass(frozen=True, slots=True)
class _Resolved:
    """A margin with its rows weighed: shares of all people, on its own levels of each axis."""

    margin: MarginTable
    axes: tuple[Axis, ...]
    target: Floats
    closed: npt.NDArray[np.bool_]

    @property
    def complete(self) -> bool:
        return bool(self.closed.all())


_Fitted = tuple[tuple[Axis, ...], list[FlatMargin], Floats]
_KEPT: dict[str, _Fitted] = {}
"""Fitted tables by what their files say of margins, traits and places; the oldest goes first."""


def _axis(model: SocietyModel, name: str, keys: Sequence[str]) -> Axis:
    levels = levels_of(model, name)
    if levels:
        return Axis(name, tuple((at, at) for at in range(len(levels))), levels)
    pairs = sorted({level_range(model, name, key): key for key in keys}.items())
    return Axis(name, tuple(span for span, _ in pairs), tuple(key for _, key in pairs))


def _own_axes(model: SocietyModel, margin: MarginTable) -> tuple[Axis, ...]:
    keys: list[list[str]] = [[] for _ in margin.over]
    for key, row in margin.rows.items():
        for at, part in enumerate(key.split("/") if key else []):
            keys[at].append(part.strip())
        keys[-1] += row
    return tuple(_axis(model, name, found) for name, found in zip(margin.over, keys, strict=True))


def _cut(name: str, axes: Sequence[Axis]) -> Axis:
    """Return the axis that tells apart whatever one of `axes` tells apart."""
    spans = [span for axis in axes for span in axis.spans]
    edges = sorted({low for low, _ in spans} | {high + 1 for _, high in spans})
    fine = tuple(
        (low, after - 1)
        for low, after in pairwise(edges)
        if any(start <= low and after - 1 <= end for start, end in spans)
    )
    if len(fine) == len(axes[0].spans) and fine == axes[0].spans:
        return axes[0]
    return Axis(name, fine, tuple(f"{low}-{high}" for low, high in fine))


def _onto(fine: Axis, coarse: Axis) -> npt.NDArray[np.intp]:
    """Return for each span of `fine` the span of `coarse` that holds it; one past the last if none."""
    out = np.full(len(fine.spans), len(coarse.spans), dtype=np.intp)
    for at, (low, high) in enumerate(fine.spans):
        for to, (start, end) in enumerate(coarse.spans):
            if start <= low and high <= end:
                out[at] = to
    return out


def _bounded(shape: tuple[int, ...]) -> None:
    if prod(shape) > MOST_CELLS:
        raise BadValue(
            f"the margins make a table of {prod(shape):,} cells; {MOST_CELLS:,} is the most",
            "give some traits a chance instead of a margin",
        )


def _grid(model: SocietyModel, margin: MarginTable, axes: tuple[Axis, ...]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the shares as the file has them, and which rows it names."""
    shape = tuple(len(axis.spans) for axis in axes)
    _bounded(shape)
    grid = np.zeros(shape)
    named = np.zeros(shape[:-1], dtype=bool)
    for key, row in margin.rows.items():
        parts = [part.strip() for part in key.split("/")] if key else []
        at = tuple(
            axis.spans.index(level_range(model, axis.name, part)) for axis, part in zip(axes, parts, strict=False)
        )
        named[at] = True
        for level, share in row.items():
            grid[(*at, axes[-1].spans.index(level_range(model, axes[-1].name, level)))] = share
    return grid, named


def _weight_of_rows(axes: Sequence[Axis], known: Sequence[_Resolved]) -> Floats | None:
    """Return the share of all people in each row, from a margin that tells it."""
    for other in known:
        if not other.complete or not {axis.name for axis in axes} <= set(other.margin.over):
            continue
        maps = [_onto(next(a for a in other.axes if a.name == axis.name), axis) for axis in axes]
        edges_met = all(
            sum(high - low + 1 for (low, high), to in zip(_spans(other, axis.name), on, strict=True) if to == cell)
            == end - start + 1
            for axis, on in zip(axes, maps, strict=True)
            for cell, (start, end) in enumerate(axis.spans)
        )
        if edges_met:
            return _collapse(other, axes, maps)
    return None


def _spans(margin: _Resolved, name: str) -> Spans:
    return next(axis.spans for axis in margin.axes if axis.name == name)


def _collapse(margin: _Resolved, axes: Sequence[Axis], maps: Sequence[npt.NDArray[np.intp]]) -> Floats:
    """Sum a margin's shares over `axes`; what falls outside them is dropped."""
    shape = tuple(len(axis.spans) + 1 for axis in axes)
    cell = np.zeros(margin.target.shape, dtype=np.intp)
    for axis, on, size in zip(axes, maps, shape, strict=True):
        at = [a.name for a in margin.axes].index(axis.name)
        cell = cell * size + on.reshape([-1 if i == at else 1 for i in range(cell.ndim)])
    flat = np.bincount(cell.ravel(), weights=margin.target.ravel(), minlength=prod(shape))
    return np.asarray(flat.reshape(shape)[tuple(slice(0, size - 1) for size in shape)], dtype=np.float64)


def _resolve(model: SocietyModel) -> list[_Resolved]:
    """Weigh every margin's rows; margins over rows wait for one that says how many people a row has."""
    done: dict[int, _Resolved] = {}
    waiting = list(range(len(model.margins)))
    while waiting:
        left: list[int] = []
        for at in waiting:
            margin = model.margins[at]
            axes = _own_axes(model, margin)
            grid, named = _grid(model, margin, axes)
            if margin.per_row:
                weight = _weight_of_rows(axes[:-1], [done[key] for key in sorted(done)])
                if weight is None:
                    left.append(at)
                    continue
                sums = grid.sum(axis=-1, keepdims=True)
                grid = np.divide(grid, sums, out=np.zeros_like(grid), where=sums > 0) * weight[..., None]
                closed = named | (weight == 0)
            else:
                grid = grid / grid.sum()
                closed = np.ones(grid.shape[:-1], dtype=bool)
            done[at] = _Resolved(margin, axes, grid, closed)
        if left == waiting:
            margin = model.margins[left[0]]
            rows = ", ".join(margin.over[:-1])
            raise BadValue(
                f'the margin "{margin.name}" has shares per row, and no margin says how many are in each row',
                f"add a margin over {rows}, with bands at least as fine",
            )
        waiting = left
    return [done[key] for key in sorted(done)]


def _common(first: Axis, second: Axis) -> Axis:
    """Return the finest axis whose spans are unions of spans of both."""
    if first.spans == second.spans:
        return first
    edges = {low for low, _ in first.spans} | {high + 1 for _, high in first.spans}
    edges &= {low for low, _ in second.spans} | {high + 1 for _, high in second.spans}
    cuts = sorted(edges)
    spans = tuple((low, after - 1) for low, after in pairwise(cuts))
    return Axis(first.name, spans, tuple(f"{low}-{high}" for low, high in spans))


def _compare(first: _Resolved, second: _Resolved) -> None:
    """Raise `Contradiction` where two margins give a shared level different numbers of people."""
    shared = [axis for axis in first.axes if axis.name in second.margin.over]
    if not shared or (not first.complete and not second.complete):
        return
    axes = [_common(axis, next(a for a in second.axes if a.name == axis.name)) for axis in shared]
    one, two = (
        _collapse(side, axes, [_onto(next(a for a in side.axes if a.name == axis.name), axis) for axis in axes])
        for side in (first, second)
    )
    off = np.abs(one - two)
    if not first.complete:
        off = one - two
    elif not second.complete:
        off = two - one
    if not off.size or off.max() <= TOLERANCE:
        return
    cell = np.unravel_index(int(off.argmax()), off.shape)
    where = ", ".join(f"{axis.name} {axis.labels[int(at)]}" for axis, at in zip(axes, cell, strict=True))
    least = ("" if first.complete else "at least ", "" if second.complete else "at least ")
    raise Contradiction(
        f'the margins "{first.margin.name}" and "{second.margin.name}" do not fit together: {where} is '
        f"{least[0]}{one[cell]:.2%} of all people in the first and {least[1]}{two[cell]:.2%} in the second, "
        f"{off[cell] * 100:.2f} points apart",
        "change one of the two; margins that share a trait have to agree on it",
    )


def _flatten(resolved: _Resolved, axes: Sequence[Axis]) -> FlatMargin:
    """Lay a margin over the cells of the whole table; rows that it leaves open make one cell of the rest."""
    shape = tuple(len(axis.spans) for axis in axes)
    own = tuple(len(axis.spans) for axis in resolved.axes)
    rest = prod(own)
    cell = np.zeros(shape, dtype=np.intp)
    outside = np.zeros(shape, dtype=bool)
    for axis, size in zip(resolved.axes, own, strict=True):
        at = [a.name for a in axes].index(axis.name)
        on = _onto(axes[at], axis).reshape([-1 if i == at else 1 for i in range(len(shape))])
        outside |= on == size
        cell = cell * size + np.minimum(on, size - 1)
    open_cell = ~np.broadcast_to(resolved.closed[..., None], own).ravel()
    flat = np.where(outside.ravel(), rest, cell.ravel())
    if not resolved.complete:
        flat = np.where(np.append(open_cell, True)[flat], rest, flat)
    target = np.append(np.where(open_cell, 0.0, resolved.target.ravel()), 0.0)
    target[rest] = 0.0 if resolved.complete else max(0.0, 1 - float(target.sum()))
    return FlatMargin(resolved.margin.name, flat, target)


def _blame(fitted: Fit, flat: Sequence[FlatMargin], resolved: Sequence[_Resolved], seed: Floats) -> Contradiction:
    """Return the error for margins that agree on every shared trait and still cannot hold together."""
    worst = flat[fitted.worst[0]]
    axes = resolved[fitted.worst[0]].axes
    shape = tuple(len(axis.spans) for axis in axes)
    label = "the rest"
    if fitted.worst[1] < prod(shape):
        cell = np.unravel_index(fitted.worst[1], shape)
        label = ", ".join(f"{axis.name} {axis.labels[int(at)]}" for axis, at in zip(axes, cell, strict=True))
    other = None
    for margin in flat:
        if margin is not worst and fit(seed, [margin, worst], rounds=300).residual > TOLERANCE:
            other = margin.name
            break
    among = f'the margins "{worst.name}" and "{other}"' if other else f'the margin "{worst.name}" and the others'
    return Contradiction(
        f"{among} cannot hold together: {label} is missed by {fitted.residual * 100:.2f} points",
        "one of them leaves no room for what the other asks; look for shares of 0",
    )


def _axes(model: SocietyModel, resolved: Sequence[_Resolved]) -> tuple[Axis, ...]:
    """Return the table's axes: the place first, then the traits by name."""
    names = sorted({name for margin in model.margins for name in margin.over} - {PLACE})
    found = [_cut(name, [a for r in resolved for a in r.axes if a.name == name]) for name in names]
    return (_axis(model, PLACE, ()), *found)


def _seed(axes: Sequence[Axis]) -> Floats:
    seed = np.ones(tuple(len(axis.spans) for axis in axes))
    for at, axis in enumerate(axes):
        width = np.array([high - low + 1.0 for low, high in axis.spans])
        seed *= width.reshape([-1 if i == at else 1 for i in range(len(axes))])
    return seed.ravel()


def _single(axes: Sequence[Axis]) -> list[FlatMargin]:
    """Return the margins over each trait alone, so that rounding keeps these as well."""
    shape = tuple(len(axis.spans) for axis in axes)
    out: list[FlatMargin] = []
    for at, axis in enumerate(axes[1:], start=1):
        step = np.arange(shape[at], dtype=np.intp).reshape([-1 if i == at else 1 for i in range(len(shape))])
        out.append(FlatMargin(axis.name, np.broadcast_to(step, shape).ravel(), np.zeros(shape[at])))
    return out


def _places(table: Floats, citizens: int) -> Ints:
    """Share people out to places in blocks; the last place takes what is over."""
    sizes = apportion(table.sum(axis=1), citizens // BLOCK) * BLOCK
    sizes[-1] += citizens % BLOCK
    return sizes


def _to_places(table: Floats, sizes: Ints, flat: Sequence[FlatMargin], places: set[str]) -> Floats:
    """Scale a fitted table to whole blocks per place; margins that do not name the place stay."""
    share = sizes / sizes.sum()
    faint = share[:, None] * table.sum(axis=0)[None, :]
    mixed = np.where(share[:, None] > 0, table + FAINT * faint, 0.0).ravel()
    width = table.shape[1]
    rows = FlatMargin(PLACE, np.repeat(np.arange(len(share), dtype=np.intp), width), share)
    kept = [FlatMargin(m.name, m.cell, m.sums(table)) for m in flat if m.name not in places]
    return fit(mixed, [*kept, rows], rounds=400, tolerance=1e-9).table.reshape(table.shape)


def check_margins(model: SocietyModel) -> None:
    """Raise `Contradiction` where the margins of a file without faults cannot hold together."""
    _fitted(model)


def _fitted(model: SocietyModel) -> _Fitted:
    """Return the fitted table of shares; the same file is fitted once, however many people it is for."""
    said = model.model_dump_json(include={"margins", "traits", "places"})
    found = _KEPT.get(said)
    if found is None:
        _KEPT[said] = found = _fit_margins(model)
        for other in [*_KEPT][:-MOST_KEPT]:
            _KEPT.pop(other, None)
    return found


def _fit_margins(model: SocietyModel) -> _Fitted:
    resolved = _resolve(model)
    for at, first in enumerate(resolved):
        for second in resolved[at + 1 :]:
            _compare(first, second)
    axes = _axes(model, resolved)
    shape = tuple(len(axis.spans) for axis in axes)
    _bounded(shape)
    flat = [_flatten(one, axes) for one in resolved]
    seed = _seed(axes)
    fitted = fit(seed / seed.sum(), flat)
    if fitted.residual > TOLERANCE:
        raise _blame(fitted, flat, resolved, seed)
    table = fitted.table.reshape(shape[0], -1)
    table.flags.writeable = False
    return axes, flat, table


def count_cells(model: SocietyModel, citizens: int) -> Cells:
    """Return whole numbers of people by place and cell that meet the margins of a file.

    Raises
    ------
    Contradiction
        Where two margins cannot hold together; it names both, the shared level and the difference.
    """
    axes, flat, table = _fitted(model)
    sizes = _places(table, citizens)
    placed = {margin.name for margin in model.margins if PLACE in margin.over}
    table = _to_places(table, sizes, flat, placed) * citizens
    counts = whole(table, sizes, [*flat, *_single(axes)])
    return Cells(axes[1:], counts, table)
