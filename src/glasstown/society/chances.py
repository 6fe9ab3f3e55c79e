"""Traits drawn person by person, with shares that depend on other traits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from ..draws import words_over
from .levels import chance_grid, levels_of
from .types import ADULT, SocietyModel

__all__ = ["CHUNK", "Columns", "draw", "draw_trait", "drawn_names", "exact_ages"]

CHUNK = 1 << 16
Columns = Mapping[str, npt.NDArray[np.integer]]
Ids = npt.NDArray[np.int64]


def draw(seed: int, decision: str, ids: npt.NDArray[np.integer], index: int = 0) -> npt.NDArray[np.uint32]:
    """Return four words for each id, made in chunks that stay in the cache."""
    out = np.empty((len(ids), 4), dtype=np.uint32)
    for start in range(0, len(ids), CHUNK):
        out[start : start + CHUNK] = words_over((seed, 0), ids[start : start + CHUNK], decision, 0, index)
    return out


def _thresholds(model: SocietyModel, name: str) -> npt.NDArray[np.uint64]:
    """Return, for each combination of the traits of `by`, the words at which the levels end."""
    chance = model.chances[name]
    grid = chance_grid(model, chance)
    levels = levels_of(model, name)
    shares = np.array([[chance.table[key].get(level, 0.0) for level in levels] for key in grid.keys])
    running = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    bars = np.rint(np.minimum(running, 1.0) * 2.0**32).astype(np.uint64)
    last = np.array([max(at for at, share in enumerate(row) if share > 0) for row in shares])
    bars[np.arange(len(levels))[None, :] >= last[:, None]] = 1 << 32
    spread: npt.NDArray[np.uint64] = bars[np.maximum(grid.row.ravel(), 0), :-1]
    return spread


def draw_trait(
    model: SocietyModel, name: str, seed: int, columns: Columns, citizens: int, of: str = ""
) -> npt.NDArray[np.uint8]:
    """Return a trait's level for everybody, by the words of ``society/<trait>``.

    Parameters
    ----------
    of : class of subjects, with a slash, where they are not citizens.
    """
    chance = model.chances[name]
    bars = _thresholds(model, name)
    sizes = [len(levels_of(model, other)) or 128 for other in chance.by]
    age = model.age_trait
    out = np.zeros(citizens, dtype=np.uint8)
    for start in range(0, citizens, CHUNK):
        part = slice(start, min(start + CHUNK, citizens))
        at = np.zeros(part.stop - start, dtype=np.int64)
        for other, size in zip(chance.by, sizes, strict=True):
            at = at * size + columns[other][part]
        word = words_over((seed, 0), np.arange(start, part.stop), f"society/{of}{name}")[:, 0].astype(np.uint64)
        for level in range(bars.shape[1]):
            out[part] += word >= bars[at, level]
        if chance.minors and age:
            low = columns[age][part] < ADULT
            out[part][low] = levels_of(model, name).index(chance.minors)
    return out


def exact_ages(seed: int, low: npt.NDArray[np.uint8], width: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return for everybody a year drawn evenly from a band of ages."""
    out = np.empty(len(low), dtype=np.uint8)
    for start in range(0, len(low), CHUNK):
        part = slice(start, min(start + CHUNK, len(low)))
        word = words_over((seed, 0), np.arange(start, part.stop), "society/age")[:, 0].astype(np.uint64)
        out[part] = low[part] + ((word * width[part].astype(np.uint64)) >> np.uint64(32)).astype(np.uint8)
    return out


def drawn_names(model: SocietyModel) -> list[str]:
    """Return the name of every decision that building the society draws for."""
    makers = ("couples", "homes", "young", "elders", "order")
    return [
        "society/age",
        *(f"society/{name}" for name in model.chances),
        *(f"society/households/{m}" for m in makers),
        *(f"society/{of}/{name}" for of, units in model.classes.items() for name in units.chances),
        *(f"society/{of}/{what}" for of, units in model.classes.items() if units.owners for what in ("pool", "owner")),
    ]
