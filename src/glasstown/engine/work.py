"""Who works where and who buys where, computed from numbers.

The jobs of a place's units stand in a row, and so do the people who can work there; a step that has no divisor in
common with their number leads from one to the next, so that a household is not one firm's staff. Each inhabitant
goes to the units of a class that lie some steps, drawn once for the place, up the ring of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .. import draws

if TYPE_CHECKING:
    from ..society.units import Units
    from .program import Program

__all__ = ["customer_of", "customers_of", "employers", "shops_of", "those_of"]

I64 = npt.NDArray[np.int64]


def those_of(of: npt.NDArray[np.int32], subjects: int) -> tuple[I64, I64]:
    """Return the index of a column: who has subject `s` in it are ``who[start[s]:start[s + 1]]``, by number."""
    who = np.flatnonzero(of >= 0)
    order = np.argsort(of[who], kind="stable")
    start = np.searchsorted(of[who][order], np.arange(subjects + 1))
    return start.astype(np.int64), who[order].astype(np.int64)


def employers(program: Program) -> npt.NDArray[np.int32]:
    """Return for whom each subject works; -1 for nobody. Classes take their staff in order of their names."""
    society = program.society
    out = np.full(len(program.words), -1, np.int32)
    for units in society.classes:
        trait, levels = units.workers
        if not trait:
            continue
        can = society.adults & np.isin(society.column(trait), levels) & (out[: society.n] < 0)
        for place in range(len(society.places)):
            first, end = society.place_start[place : place + 2].tolist()
            here = np.flatnonzero(can[first:end]) + first
            unit = units.place_first[place] + np.arange(units.place_count[place])
            until = np.cumsum(units.jobs[unit], dtype=np.int64)
            if not len(here) or not len(unit) or not until[-1]:
                continue
            until = until * min(len(here), int(until[-1])) // until[-1]
            order = np.arange(until[-1]) * _step(program, units, place, len(here)) % len(here)
            out[here[order]] = np.repeat(unit + units.first, np.diff(until, prepend=0))
    return out


def _word(program: Program, units: Units, place: int, what: str) -> int:
    return int(draws.words((program.shared.key0, 0), place, f"tie/{units.name}/{what}")[0])


def _step(program: Program, units: Units, place: int, ring: int) -> int:
    """Return a step that leads through the whole of a ring."""
    step = 1 + ((_word(program, units, place, "staff") * ring) >> 32)
    while math.gcd(step, ring) != 1:
        step += 1
    return step


def _steps(program: Program, units: Units, place: int) -> list[int]:
    """Return how far up the ring of a place's units its inhabitants go."""
    ring = int(units.place_count[place])
    begin = (_word(program, units, place, "shops") * ring) >> 32
    return [(begin + nth) % ring for nth in range(min(units.customers, ring))]


def shops_of(program: Program, who: int) -> Iterator[int]:
    """Yield the units to which a citizen goes, class by class."""
    place = int(program.place_of(who))
    at = who - int(program.society.place_start[place])
    for units in program.society.classes:
        first = units.first + int(units.place_first[place])
        for step in _steps(program, units, place):
            yield first + (at + step) % int(units.place_count[place])


def customers_of(program: Program, unit: int) -> Iterator[int]:
    """Yield the citizens who go to a unit; nobody goes to a citizen."""
    units = next((one for one in program.society.classes if one.first <= unit < one.end), None)
    if units is None:
        return
    place = int(program.place_of(unit))
    first, end = program.society.place_start[place : place + 2].tolist()
    at, ring = unit - units.first - int(units.place_first[place]), int(units.place_count[place])
    for step in _steps(program, units, place):
        yield from range(first + (at - step) % ring, end, ring)


def customer_of(program: Program, unit: I64, luck: I64) -> I64:
    """Return one of each unit's customers by a word of luck; -1 where it has none. All units are of one class."""
    units = next(one for one in program.society.classes if one.first <= unit[0] < one.end)
    places, where = np.unique(program.place_of(unit), return_inverse=True)
    known = [_steps(program, units, place) for place in places.tolist()]
    steps = np.full((len(places), max(map(len, known))), -1, np.int64)
    for row, some in zip(steps, known, strict=True):
        row[: len(some)] = some
    bounds, ring = program.society.place_start, units.place_count[places][where][:, None].astype(np.int64)
    at = (unit - units.first - units.place_first[places][where])[:, None]
    first = bounds[places][where][:, None] + (at - steps[where]) % ring
    many = np.where(steps[where] >= 0, -((first - bounds[places + 1][where][:, None]) // ring), 0).clip(0)
    until = many.cumsum(axis=1)
    nth = (luck * until[:, -1]) >> 32
    step = (nth[:, None] >= until).sum(axis=1).clip(max=steps.shape[1] - 1)
    row = np.arange(len(unit))
    who = first[row, step] + (nth - until[row, step] + many[row, step]) * ring[:, 0]
    return np.where(until[:, -1] > 0, who, -1).astype(np.int64)
