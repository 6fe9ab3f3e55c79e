"""Compiling what candidates are drawn by: how many a block of citizens has, and whose traits let them through."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from ..clock import DAYS_PER_YEAR
from ..columns import Traits
from ..errors import BadValue
from .layout import ADULT, BLOCK, CANDIDATES_MOST
from .tables import Factors

__all__ = ["WORD", "Counts", "FactorSets", "poisson_sums"]

I64 = npt.NDArray[np.int64]
By = Mapping[str, Mapping[str, float]]
WORD = 1 << 32


class FactorSets:
    """Collects sets of multipliers; each is divided by its largest among adults, which is returned."""

    def __init__(self) -> None:
        self.start = [0]
        self.rows: list[tuple[int, int, int, int]] = []
        self.lut: list[int] = []

    def add(self, by: By, traits: Traits) -> float:
        ceiling = 1.0
        for name in sorted(by):
            trait = traits[name]
            table = trait.table(by[name])
            reachable = table[ADULT:] if trait.ages else table[: len(trait.levels)]
            largest = max(reachable)
            ceiling *= largest
            scale = (1 << 31) / largest if largest > 0 else 0.0
            self.rows.append((trait.shift, trait.mask, len(self.lut), int(trait.ages)))
            self.lut.extend(min(round(value * scale), 1 << 31) for value in table)
        self.start.append(len(self.rows))
        return ceiling

    def tables(self) -> Factors:
        return Factors(
            start=np.array(self.start, np.int64),
            row=np.array(self.rows or [(0, 0, 0, 0)], dtype=np.int64),
            lut=np.array(self.lut or [0], np.int64),
        )


class Counts:
    """Tables of Poisson counts for a block of citizens, by stream and length of window."""

    def __init__(self, lengths: list[int]) -> None:
        self.lengths = lengths
        self.sums: list[I64] = []
        self.guides: list[I64] = []

    def add(self, name: str, per_year: float, once_a_year: bool) -> None:
        for days in self.lengths:
            mean = BLOCK * per_year * (1.0 if once_a_year else days / DAYS_PER_YEAR)
            self.sums.append(poisson_sums(name, mean))
            highs = np.arange(256, dtype=np.int64) << 24
            self.guides.append(np.searchsorted(self.sums[-1], highs, side="right"))

    def tables(self) -> tuple[I64, I64, npt.NDArray[np.int16]]:
        starts = np.cumsum([0, *(len(sums) for sums in self.sums)])[:-1]
        return np.concatenate(self.sums), starts.astype(np.int64), np.stack(self.guides).astype(np.int16)


def poisson_sums(name: str, mean: float) -> I64:
    """Return the cumulative chances of 0, 1, … of a Poisson count, in 2³²; the last is 2³² itself."""
    from scipy.special import pdtr

    most = int(mean + 12 * mean**0.5 + 16)
    if most >= CANDIDATES_MOST:
        raise BadValue(
            f'"{name}" is too frequent: {mean:.0f} candidates for {BLOCK} citizens in one window',
            "lower its rate or its multipliers, or use shorter windows",
        )
    sums = np.floor(pdtr(np.arange(most + 1), mean) * WORD).astype(np.int64)
    end = int(np.searchsorted(sums, WORD - 1, side="left"))
    return np.append(sums[:end], WORD)
