"""A society as the rest of the house sees it: packed traits, places, and who is tied to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..columns import Traits
from .types import ADULT, PLACE
from .units import Units

__all__ = ["Society", "describe"]

Links = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Society:
    """Synthetic people, numbered 0 to n - 1, ordered by place and within a place by household.

    Attributes
    ----------
    name : stable name of the society.
    n : number of people.
    traits : layout of the packed words.
    words : each person's traits.
    places : names of the places, in order.
    place_start : first person of each place, and `n`; multiples of 64 except the last.
    household : number of each person's household; a household is a run of neighbours.
    partner, child, parent : the person's partner, one child of school age, one ageing parent; -1 for none, or
        for one who lives elsewhere.
    groups : traits of the tables by group.
    classes : subjects beside the citizens, by class.
    """

    name: str
    n: int
    traits: Traits
    words: npt.NDArray[np.unsignedinteger]
    places: tuple[str, ...]
    place_start: npt.NDArray[np.int64]
    household: Links
    partner: Links
    child: Links
    parent: Links
    groups: tuple[str, ...]
    classes: tuple[Units, ...] = ()

    def column(self, name: str) -> npt.NDArray[np.uint8]:
        """Return one trait's values for everybody."""
        return self.traits.column(self.words, name)

    @property
    def place(self) -> npt.NDArray[np.int32]:
        """Return the position of each person's place."""
        return np.repeat(np.arange(len(self.places), dtype=np.int32), np.diff(self.place_start))

    @property
    def adults(self) -> npt.NDArray[np.bool_]:
        """Return who is of age; everybody, in a society without ages."""
        aged = [trait.name for trait in self.traits if trait.ages]
        return self.column(aged[0]) >= ADULT if aged else np.ones(self.n, dtype=bool)

    def counts(self, over: Sequence[str], bands: Sequence[str] = ()) -> dict[str, int]:
        """Return how many people have each combination of levels, keyed by the levels joined by ``/``.

        Parameters
        ----------
        over : traits, or ``place``.
        bands : age ranges for the trait that is an age; single years if left out.
        """
        cell = np.zeros(self.n, dtype=np.int64)
        labels = [""]
        for name in over:
            value, names = self._coded(name, bands)
            cell = cell * len(names) + value
            labels = [f"{label}/{level}" if label else level for label in labels for level in names]
        found = np.bincount(cell, minlength=len(labels))
        return {label: int(count) for label, count in zip(labels, found, strict=True)}

    def _coded(self, name: str, bands: Sequence[str]) -> tuple[npt.NDArray[np.int64], list[str]]:
        if name == PLACE:
            return self.place.astype(np.int64), list(self.places)
        trait = self.traits[name]
        value = self.column(name).astype(np.int64)
        if not trait.ages:
            return value, list(trait.levels)
        if not bands:
            return value, [str(year) for year in range(trait.mask + 1)]
        code = np.full(trait.mask + 1, len(bands), dtype=np.int64)
        for at, band in enumerate(bands):
            span = trait.values(band)
            code[span.start : span.stop] = at
        return code[value], [*bands, "other"]


DECADES = ("0-9", "10-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+")


def describe(society: Society) -> dict[str, Any]:
    """Return a society's numbers: people by place and by each trait's level, households, and ties."""
    sizes = np.bincount(society.household) if society.n else np.zeros(0, dtype=np.int64)
    ties = {name: int((getattr(society, name) >= 0).sum()) for name in ("partner", "child", "parent")}
    return {
        "name": society.name,
        "citizens": society.n,
        "adults": int(society.adults.sum()),
        "places": society.counts([PLACE]),
        "traits": {
            trait.name: {
                level: count
                for level, count in society.counts([trait.name], DECADES).items()
                if count or level in trait.levels
            }
            for trait in society.traits
        },
        "households": {str(size): int(count) for size, count in enumerate(np.bincount(sizes)) if count},
        "ties": ties,
        "classes": {units.name: units.n for units in society.classes},
    }
