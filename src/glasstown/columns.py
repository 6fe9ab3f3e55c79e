"""Traits of a person as bits of one word, and the names that files refer to.

A society declares its traits; every person's traits are packed into one ``uint32`` (``uint64`` where more than
32 bits are declared). Each trait says who can see it: a *register* trait is known to the authorities and may
stand in a scheme's conditions; a *truth* trait is known to us alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from .errors import BadValue, UnknownName, did_you_mean

__all__ = ["CITIZEN", "OLDEST", "Names", "Sees", "Trait", "Traits", "parse_ages"]

Sees = Literal["register", "truth"]
OLDEST = 127
CITIZEN = "citizen"
"""The class of subjects that every society has; further ones are declared in its file."""
_AGES = re.compile(r"^(\d{1,3})(?:-(\d{1,3})|(\+))?$", re.ASCII)


def parse_ages(text: str) -> tuple[int, int]:
    """Return the first and last year of an age range: ``18-29``, ``60+`` or ``17``."""
    found = _AGES.match(text)
    if not found:
        raise BadValue(f'"{text}" is not an age range', "write ages as 18-29, 60+ or 17")
    low = int(found[1])
    high = OLDEST if found[3] else int(found[2] or low)
    if low > high or high > OLDEST:
        raise BadValue(f'the age range "{text}" is empty or beyond {OLDEST}')
    return low, high


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait: where its bits stand, and what its values are called.

    Attributes
    ----------
    levels : names of the values 0, 1, …; empty for an age in years.
    ages : whether the value is an age in years (0 to 127), which grows with the calendar.
    """

    name: str
    title: str
    sees: Sees
    levels: tuple[str, ...]
    shift: int
    ages: bool = False

    @property
    def bits(self) -> int:
        """Return the number of bits that the trait takes."""
        return 7 if self.ages else max(1, (len(self.levels) - 1).bit_length())

    @property
    def mask(self) -> int:
        """Return the mask of the trait's bits after the shift."""
        return (1 << self.bits) - 1

    def values(self, level: str) -> range:
        """Return the values that a level's name (or an age range) stands for."""
        if self.ages:
            low, high = parse_ages(level)
            return range(low, high + 1)
        if level not in self.levels:
            raise UnknownName(f"level of the trait {self.name}", level, self.levels)
        at = self.levels.index(level)
        return range(at, at + 1)

    def table(self, by: Mapping[str, float]) -> list[float]:
        """Return one multiplier for each value of the trait; 1 where `by` names none."""
        out = [1.0] * (self.mask + 1)
        for level, factor in by.items():
            for value in self.values(level):
                out[value] = factor
        return out

    def show(self, value: int) -> str:
        """Return the value as a person would say it."""
        return str(value) if self.ages else self.levels[value]


class Traits:
    """The traits of a society, in order of their bits."""

    def __init__(self, traits: Iterable[Trait]) -> None:
        self._by_name = {trait.name: trait for trait in traits}

    @classmethod
    def pack(cls, declared: Iterable[tuple[str, str, Sees, tuple[str, ...], bool]]) -> Traits:
        """Lay out traits declared as ``(name, title, sees, levels, ages)``, from the lowest bit up."""
        out: list[Trait] = []
        shift = 0
        for name, title, sees, levels, ages in declared:
            trait = Trait(name, title, sees, levels, shift, ages)
            shift += trait.bits
            out.append(trait)
        if shift > 64:
            raise BadValue(f"the traits take {shift} bits; 64 is the most")
        return cls(out)

    def __iter__(self) -> Iterator[Trait]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Trait:
        try:
            return self._by_name[name]
        except KeyError:
            raise UnknownName("trait", name, self._by_name) from None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the traits' names in order."""
        return tuple(self._by_name)

    @property
    def dtype(self) -> np.dtype[np.unsignedinteger]:
        """Return the type of the packed word."""
        bits = sum(trait.bits for trait in self)
        return np.dtype(np.uint32) if bits <= 32 else np.dtype(np.uint64)

    def unpack(self, word: int) -> dict[str, int]:
        """Return each trait's value in one packed word."""
        return {trait.name: (int(word) >> trait.shift) & trait.mask for trait in self}

    def column(self, words: npt.NDArray[np.unsignedinteger], name: str) -> npt.NDArray[np.uint8]:
        """Return one trait's values for many people."""
        trait = self[name]
        out: npt.NDArray[np.uint8] = ((words >> words.dtype.type(trait.shift)) & words.dtype.type(trait.mask)).astype(
            np.uint8
        )
        return out


@dataclass(frozen=True, slots=True)
class Names:
    """What a scheme may refer to: the stable names of a scenario, each list sorted.

    Attributes
    ----------
    traits : those of citizens.
    classes : traits of each further class of subjects.
    kind_of, door_of : class of whoever does a kind of act, or asks at a door; left out for citizens.
    """

    kinds: tuple[str, ...]
    sources: tuple[str, ...]
    doors: tuple[str, ...]
    traits: Traits
    classes: Mapping[str, Traits] = field(default_factory=dict)
    kind_of: Mapping[str, str] = field(default_factory=dict)
    door_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return the classes of subjects, citizens first."""
        return (CITIZEN, *sorted(self.classes))

    def traits_of(self, subject: str) -> Traits:
        """Return the traits of one class of subjects."""
        return self.traits if subject == CITIZEN else self.classes[subject]

    def subject(self, kind: str) -> str:
        """Return the class that does a kind of act."""
        return self.kind_of.get(kind, CITIZEN)

    def index(self, what: Literal["kinds", "sources", "doors"], name: str) -> int:
        """Return the position of a name in its sorted list."""
        known: tuple[str, ...] = getattr(self, what)
        if name not in known:
            raise UnknownName({"kinds": "act kind", "sources": "source", "doors": "door"}[what], name, known)
        return known.index(name)

    def hint(self, what: Literal["kinds", "sources", "doors"], name: str) -> str:
        """Return a "did you mean" for a name that is not there."""
        return did_you_mean(name, getattr(self, what))
