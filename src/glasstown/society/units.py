"""Subjects beside the citizens: companies, doctors, teachers, governments, in the places where people live.

They are numbered after the citizens. Each class begins at a multiple of 64, and within it each place, so that a block
of the engine never mixes two classes or two places; numbers between are nobody's. What is drawn for a unit is named
by its number within the class: neither more citizens nor another class changes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..columns import Traits
from .chances import draw, draw_trait
from .checks import chance_order
from .margins import BLOCK
from .types import PLACE, Owners, SocietyModel, UnitsModel

__all__ = ["Units", "build_units", "class_traits", "whole_blocks"]

I64 = npt.NDArray[np.int64]
Links = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """One class of subjects.

    Attributes
    ----------
    name : stable name of the class, such as ``company``.
    first : number of the first one among all subjects; a multiple of 64.
    traits, words : layout and traits; words of nobody are 0.
    place_first, place_count : first unit of each place (counted from `first`), and how many there are.
    owner : citizen who owns each; -1 for none.
    jobs : how many citizens each has work for; 0 for nobody.
    workers : trait and levels of the citizens who can work there.
    customers : how many of the class each inhabitant of a place goes to.
    groups : traits of the tables by group.
    """

    name: str
    first: int
    traits: Traits
    words: npt.NDArray[np.unsignedinteger]
    place_first: I64
    place_count: I64
    owner: Links
    jobs: Links
    workers: tuple[str, tuple[int, ...]]
    customers: int
    groups: tuple[str, ...]

    @property
    def n(self) -> int:
        """Return how many units there are."""
        return int(self.place_count.sum())

    @property
    def end(self) -> int:
        """Return the number after the last one that the class takes."""
        return self.first + len(self.words)

    @property
    def numbers(self) -> I64:
        """Return the number of every unit among all subjects."""
        parts = [np.arange(at, at + many) for at, many in zip(self.place_first, self.place_count, strict=True)]
        out: I64 = np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64) + self.first
        return out

    def column(self, name: str) -> npt.NDArray[np.uint8]:
        """Return one trait's value for every unit."""
        return self.traits.column(self.words, name)[self.numbers - self.first]


def whole_blocks(count: int) -> int:
    """Return a number of subjects, rounded up to whole blocks."""
    return -(-count // BLOCK) * BLOCK


def class_traits(units: UnitsModel) -> Traits:
    """Return the layout of a class's traits, in the order of the file."""
    return Traits.pack(
        (name, trait.title, trait.sees, tuple(trait.levels), trait.ages) for name, trait in units.traits.items()
    )


def build_units(
    model: SocietyModel,
    seed: int,
    place_start: I64,
    adults: npt.NDArray[np.bool_],
    traits: Traits,
    words: npt.NDArray[np.unsignedinteger],
) -> tuple[Units, ...]:
    """Build every class of a society, by name.

    Parameters
    ----------
    place_start : first citizen of each place, and one more.
    adults, traits, words : of the citizens, from whom owners are taken.
    """
    first = whole_blocks(int(place_start[-1]))
    out: list[Units] = []
    for name in sorted(model.classes):
        units = _build(model, name, seed, place_start, first, traits)
        owners = model.classes[name].owners
        if owners:
            can = np.isin(traits.column(words, owners.trait), _values(traits, owners.trait, owners.levels))
            _own(units, owners, seed, place_start, adults, can)
        out.append(units)
        first = units.end
    return tuple(out)


def _build(model: SocietyModel, name: str, seed: int, place_start: I64, first: int, citizens: Traits) -> Units:
    units = model.classes[name]
    people = np.diff(place_start)
    if units.per_place:
        count = np.full(len(people), round(units.per_place.value), np.int64)
    else:
        assert units.per_1000 is not None
        until = np.rint(np.cumsum(people) * units.per_1000.value / 1000).astype(np.int64)
        count = np.diff(until, prepend=0)
    size = -(-count // BLOCK) * BLOCK
    place_first = np.cumsum(size) - size
    total = int(size.sum())
    own = model.of_class(name)
    known: dict[str, npt.NDArray[np.integer]] = {PLACE: np.repeat(np.arange(len(count), dtype=np.int32), size)}
    for trait in chance_order(own)[0]:
        known[trait] = draw_trait(own, trait, seed, known, total, f"{name}/")
    traits = class_traits(units)
    words = np.zeros(total, traits.dtype)
    for one in traits:
        words |= known[one.name].astype(traits.dtype) << traits.dtype.type(one.shift)
    there = np.arange(total) - np.repeat(place_first, size) < np.repeat(count, size)
    words[~there] = 0
    jobs = np.zeros(total, np.int32)
    workers: tuple[str, tuple[int, ...]] = ("", ())
    if units.staff:
        workers = units.staff.trait, _values(citizens, units.staff.trait, units.staff.levels)
        levels = traits.column(words, units.staff.by)
        for level, many in units.staff.jobs.items():
            jobs[there & (levels == traits[units.staff.by].levels.index(level))] = many
    return Units(
        name=name,
        first=first,
        traits=traits,
        words=words,
        place_first=place_first,
        place_count=count,
        owner=np.full(total, -1, np.int32),
        jobs=jobs,
        workers=workers,
        customers=units.customers.each if units.customers else 0,
        groups=tuple(units.groups),
    )


def _values(traits: Traits, trait: str, levels: Iterable[str]) -> tuple[int, ...]:
    return tuple(traits[trait].levels.index(level) for level in levels)


def _own(
    units: Units,
    owners: Owners,
    seed: int,
    place_start: I64,
    adults: npt.NDArray[np.bool_],
    can: npt.NDArray[np.bool_],
) -> None:
    """Give each unit an owner of its place: the first ones one each, the rest to any of these."""
    for place in range(len(place_start) - 1):
        here = np.arange(place_start[place], place_start[place + 1])
        here = here[adults[here]]
        many = int(units.place_count[place])
        if not many or not len(here):
            continue
        lot = draw(seed, f"society/{units.name}/pool", here)[:, 0]
        pool = here[np.lexsort((lot, ~can[here]))][: max(1, round(many / owners.firms.value))]
        own = np.arange(units.place_first[place], units.place_first[place] + many)
        word = draw(seed, f"society/{units.name}/owner", own)[:, 0].astype(np.uint64)
        pick = ((word * np.uint64(len(pool))) >> np.uint64(32)).astype(np.int64)
        pick[: len(pool)] = np.arange(min(len(pool), many))
        units.owner[own] = pool[pick]
