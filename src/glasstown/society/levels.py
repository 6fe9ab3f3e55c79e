"""What the keys of a society's tables stand for: levels, age ranges, places, and patterns of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt

from ..columns import parse_ages
from ..errors import BadValue, UnknownName
from .types import ADULT, PLACE, Chance, SocietyModel

__all__ = ["AGES", "ChanceGrid", "chance_grid", "level_range", "levels_of", "size_of", "uncovered"]

AGES = 128
MOST_ROWS = 1_000_000


def levels_of(model: SocietyModel, name: str) -> tuple[str, ...]:
    """Return the levels of a trait, or the names of the places; empty for an age."""
    if name == PLACE:
        return model.place_names
    if name not in model.traits:
        raise UnknownName("trait", name, [*model.traits, PLACE])
    return tuple(model.traits[name].levels)


def size_of(model: SocietyModel, name: str) -> int:
    """Return how many values a trait has."""
    return len(levels_of(model, name)) or AGES


def level_range(model: SocietyModel, name: str, level: str) -> tuple[int, int]:
    """Return the first and last value that a level's name or an age range stands for."""
    levels = levels_of(model, name)
    if not levels:
        low, high = parse_ages(level)
        oldest = model.traits[name].oldest
        if low > oldest:
            raise BadValue(f"nobody is {low} at the start: `oldest` is {oldest}")
        return low, min(high, oldest)
    if level not in levels:
        raise UnknownName("place" if name == PLACE else f"level of the trait {name}", level, levels)
    at = levels.index(level)
    return at, at


def _mask(model: SocietyModel, name: str, part: str) -> npt.NDArray[np.bool_]:
    out = np.zeros(size_of(model, name), dtype=bool)
    if part == "*":
        out[:] = True
        return out
    for level in part.split("|"):
        low, high = level_range(model, name, level.strip())
        out[low : high + 1] = True
        if not levels_of(model, name) and high == model.traits[name].oldest:
            out[high:] = True
    return out


@dataclass(frozen=True, slots=True)
class ChanceGrid:
    """A chance's table spread out: for each combination of the traits of `by`, the row that holds for it.

    Attributes
    ----------
    row : shape of the traits' sizes; position of the row in `keys`, -1 where none fits.
    clash : pairs of rows that fit one combination with as many stars.
    """

    keys: tuple[str, ...]
    row: npt.NDArray[np.int32]
    clash: tuple[tuple[str, str], ...]


def chance_grid(model: SocietyModel, chance: Chance) -> ChanceGrid:
    """Spread a chance's rows over all combinations; raise at a key that does not hold."""
    shape = tuple(size_of(model, name) for name in chance.by)
    if not chance.by:
        return ChanceGrid(("all",), np.zeros((), dtype=np.int32), ())
    keys = tuple(sorted(chance.table))
    if prod(shape) > MOST_ROWS:
        raise BadValue(f"the chance runs over {prod(shape):,} combinations; {MOST_ROWS:,} is the most", "shorten `by`")
    row = np.full(shape, -1, dtype=np.int32)
    stars = np.full(shape, 99, dtype=np.int32)
    clash: list[tuple[str, str]] = []
    for at, key in enumerate(keys):
        parts = [part.strip() for part in key.split("/")]
        if len(parts) != len(chance.by):
            raise BadValue(f'the row "{key}" has {len(parts)} parts; `by` names {len(chance.by)} traits')
        mask = np.ones(shape, dtype=bool)
        for axis, (name, part) in enumerate(zip(chance.by, parts, strict=True)):
            mask &= _mask(model, name, part).reshape([-1 if i == axis else 1 for i in range(len(shape))])
        own = parts.count("*")
        same = mask & (stars == own)
        if same.any():
            clash.append((keys[int(row[same].min())], key))
        take = mask & (stars > own)
        row[take] = at
        stars[take] = own
    return ChanceGrid(keys, row, tuple(clash))


def uncovered(model: SocietyModel, chance: Chance, grid: ChanceGrid) -> str:
    """Return the first combination that no row of a chance fits, or ``""``."""
    missing = grid.row < 0
    for axis, name in enumerate(chance.by):
        if name == model.age_trait:
            ages = np.arange(AGES)
            live = ages <= model.traits[name].oldest
            if chance.minors:
                live &= ages >= ADULT
            missing = missing & live.reshape([-1 if i == axis else 1 for i in range(missing.ndim)])
    if not missing.any():
        return ""
    first = np.argwhere(missing)[0]
    shown = [(levels_of(model, name) or range(AGES))[int(at)] for name, at in zip(chance.by, first, strict=True)]
    return "/".join(str(level) for level in shown)
