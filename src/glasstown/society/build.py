"""Build a society: count cells, spread people over them, draw the rest, make households, order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..columns import Traits
from ..draws import check_decisions
from ..errors import BadValue, FileFaults
from .chances import draw, draw_trait, drawn_names, exact_ages
from .checks import chance_order, society_faults
from .households import Homes, make_households
from .margins import Cells, count_cells
from .people import Society
from .types import ADULT, PLACE, SocietyModel
from .units import build_units

__all__ = ["build_society", "traits_of"]

Column = npt.NDArray[np.uint8]


def traits_of(model: SocietyModel) -> Traits:
    """Return the layout of a society's traits, in the order of its file."""
    return Traits.pack(
        (name, trait.title, trait.sees, tuple(trait.levels), trait.ages) for name, trait in model.traits.items()
    )


def _spread(model: SocietyModel, cells: Cells, seed: int) -> tuple[npt.NDArray[np.int32], dict[str, Column]]:
    """Return everybody's place and counted traits, place by place and cell by cell."""
    sizes = cells.counts.sum(axis=1)
    place = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    full = np.nonzero(cells.counts.ravel())[0]
    many = cells.counts.ravel()[full]
    shape = tuple(len(axis.spans) for axis in cells.axes)
    index = np.unravel_index(full % cells.counts.shape[1], shape) if shape else ()
    columns: dict[str, Column] = {}
    for axis, at in zip(cells.axes, index, strict=True):
        low = np.array([start for start, _ in axis.spans], dtype=np.uint8)[at]
        column = np.repeat(low, many)
        if model.traits[axis.name].ages:
            wide = np.array([end - start + 1 for start, end in axis.spans], dtype=np.uint8)[at]
            column = exact_ages(seed, column, np.repeat(wide, many))
        columns[axis.name] = column
    return place, columns


def _order(seed: int, place: npt.NDArray[np.int32], root: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the final order: by place, households by lot, a household together."""
    head = np.flatnonzero(root == np.arange(len(root), dtype=np.int32))
    lot = draw(seed, "society/households/order", head)[:, 0]
    key = place[head].astype(np.uint64) << np.uint64(32) | lot
    rank = np.zeros(len(root), dtype=np.uint64)
    rank[head[np.argsort(key, kind="stable")]] = np.arange(len(head), dtype=np.uint64)
    del key, lot
    line = rank[root] << np.uint64(32)
    line |= np.arange(len(root), dtype=np.uint64)
    line.sort()
    return (line & np.uint64(0xFFFFFFFF)).astype(np.int64)


def _pack(traits: Traits, columns: dict[str, Column], order: npt.NDArray[np.int64]) -> npt.NDArray[np.unsignedinteger]:
    kind = traits.dtype.type
    words = np.zeros(len(order), dtype=traits.dtype)
    for trait in traits:
        words |= columns[trait.name].astype(traits.dtype) << kind(trait.shift)
    return words[order]


def _relink(homes: Homes, order: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.int32]]:
    """Return households and ties under the final numbers."""
    new = np.empty(len(order), dtype=np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    out: dict[str, npt.NDArray[np.int32]] = {}
    for name in ("partner", "child", "parent"):
        link = getattr(homes, name)[order]
        out[name] = np.where(link >= 0, new[link], np.int32(-1)).astype(np.int32)
    root = homes.root[order]
    out["household"] = (np.cumsum(np.diff(root, prepend=np.int32(-1)) != 0) - 1).astype(np.int32)
    return out


def build_society(model: SocietyModel, citizens: int, seed: int) -> Society:
    """Build a society of synthetic people; the result depends on `model`, `citizens` and `seed` alone.

    Parameters
    ----------
    citizens : number of people. Every place holds a multiple of 64 but the last, so that a society of a few
        hundred may leave small places empty.
    seed : below 2³²; the seed of the scenario.

    Raises
    ------
    FileFaults
        Where the file names what is not there, or leaves somebody without a trait.
    Contradiction
        Where two margins cannot hold together.
    """
    if not 1 <= citizens < 1 << 31:
        raise BadValue(f"a society has 1 to 2,147,483,647 people, not {citizens:,}")
    if not 0 <= seed < 1 << 32:
        raise BadValue(f"a seed is a whole number from 0 to 4,294,967,295, not {seed}")
    if faults := society_faults(model):
        raise FileFaults(model.society, faults)
    check_decisions(drawn_names(model))
    before, after = chance_order(model)
    cells = count_cells(model, citizens)
    place, columns = _spread(model, cells, seed)
    known: dict[str, npt.NDArray[np.integer]] = {PLACE: place, **columns}
    for name in before:
        known[name] = columns[name] = draw_trait(model, name, seed, known, citizens)
    homes = make_households(model, seed, place, columns)
    known = {PLACE: place, **columns}
    for name in after:
        known[name] = columns[name] = draw_trait(model, name, seed, known, citizens)
    order = _order(seed, place, homes.root)
    traits = traits_of(model)
    words = _pack(traits, columns, order)
    age = model.age_trait
    adults = columns[age][order] >= ADULT if age else np.ones(citizens, dtype=bool)
    del columns, known
    start = np.concatenate([[0], np.cumsum(cells.counts.sum(axis=1))]).astype(np.int64)
    return Society(
        name=model.society,
        n=citizens,
        traits=traits,
        words=words,
        places=model.place_names,
        place_start=start,
        groups=tuple(model.groups),
        classes=build_units(model, seed, start, adults, traits, words),
        **_relink(homes, order),
    )
