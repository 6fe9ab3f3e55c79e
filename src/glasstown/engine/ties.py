"""Who is tied to whom: households from the register, the rest computed from numbers, never stored.

Friends, colleagues and neighbours of a citizen are the people a few places up and down a ring of everybody in the
same place; owners are those of the society's classes; staff and customers are those of
:mod:`glasstown.engine.work`. The steps of friends and colleagues are drawn once for each place; neighbours are the
next doors but one. Ties are mutual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .. import draws
from ..scheme.power import TIES
from .work import customers_of, shops_of

if TYPE_CHECKING:
    from .program import Program

__all__ = ["steps_of", "tied", "tied_over"]

I64 = npt.NDArray[np.int64]
DRAWN = ("friends", "colleagues")
NEXT_DOORS = (4, 8)
LEAST_RING = 24
"""People in a place from which on it has rings."""


def steps_of(program: Program, tie: str, place: int) -> tuple[int, ...]:
    """Return how far up and down the ring of a place a tie reaches; nothing where the place is too small."""
    first, end = program.society.place_start[place : place + 2].tolist()
    size = int(end - first)
    if size < LEAST_RING:
        return ()
    if tie not in DRAWN:
        return NEXT_DOORS
    words = draws.words((program.shared.key0, 0), place, f"tie/{tie}")
    half = size // 2 - 1
    one = 1 + ((words[0] * half) >> 32)
    other = 1 + ((words[1] * half) >> 32)
    return (one, other) if one != other else (one,)


def tied(program: Program, who: int, ties: int) -> Iterator[int]:
    """Yield everybody to whom a citizen has one of the ties, each tie in turn; `ties` are bits of ``TIES``."""
    society = program.society
    for bit, tie in enumerate(TIES):
        if not (ties >> bit) & 1:
            continue
        if tie in ("owner", "firms", "same-owner"):
            yield from _owned(program, who, tie)
        elif tie in FAR:
            yield from FAR[tie](program, who)
        elif tie == "household":
            yield from _home(society.household, who, int(society.household[who]))
        elif tie in ("partner", "parent"):
            other = int(getattr(society, tie)[who])
            if other >= 0:
                yield other
        else:
            place = int(program.place_of(who))
            first, end = society.place_start[place : place + 2].tolist()
            for step in steps_of(program, tie, place):
                for way in (-step, step):
                    yield int(first + (who - first + way) % (end - first))


def _employer(program: Program, who: int) -> Iterator[int]:
    if program.employer_of[who] >= 0:
        yield int(program.employer_of[who])


def _staff(program: Program, who: int) -> Iterator[int]:
    start, worker = program.staff_of
    yield from worker[start[who] : start[who + 1]].tolist()


FAR: dict[str, Callable[[Program, int], Iterator[int]]] = {
    "staff": _staff,
    "employer": _employer,
    "customers": customers_of,
    "shops": shops_of,
}
"""Ties of few who pass something on, to many: looked up one by one."""


def _owned(program: Program, who: int, tie: str) -> Iterator[int]:
    """Yield who owns a unit, what a citizen owns, or what else the owner of a unit owns."""
    owner = who if tie == "firms" else int(program.owner_of[who])
    if owner < 0:
        return
    if tie == "owner":
        yield owner
        return
    start, firm = program.firms_of
    yield from (one for one in firm[start[owner] : start[owner + 1]].tolist() if one != who)


def _home(household: npt.NDArray[np.int32], who: int, home: int) -> Iterator[int]:
    """Yield the others of a household, a run of neighbours."""
    at = who - 1
    while at >= 0 and int(household[at]) == home:
        yield at
        at -= 1
    at = who + 1
    while at < len(household) and int(household[at]) == home:
        yield at
        at += 1


def tied_over(program: Program, who: I64, ties: I64) -> tuple[I64, I64]:
    """Return the same for many: positions in `who`, and the tied citizen of each.

    Parameters
    ----------
    who : citizens, int64.
    ties : bits of ``TIES`` for each of them.
    """
    at: list[I64] = [np.zeros(0, np.int64)]
    to: list[I64] = [np.zeros(0, np.int64)]

    def add(where: I64, others: I64) -> None:
        at.append(where)
        to.append(others)

    society = program.society
    place = program.place_of(who)
    for bit, tie in enumerate(TIES):
        have = np.flatnonzero((ties >> bit) & 1)
        if not len(have):
            continue
        if tie in ("owner", "firms", "same-owner"):
            _firms(program, who, have, tie, add)
        elif tie in FAR:
            for one in have.tolist():
                others = np.fromiter(FAR[tie](program, int(who[one])), np.int64)
                add(np.full(len(others), one), others)
        elif tie == "household":
            _homes(society.household, who, have, add)
        elif tie in ("partner", "parent"):
            others = getattr(society, tie)[who[have]].astype(np.int64)
            add(have[others >= 0], others[others >= 0])
        else:
            for where in np.unique(place[have]).tolist():
                here = have[place[have] == where]
                first, end = society.place_start[where : where + 2].tolist()
                for step in steps_of(program, tie, where):
                    for way in (-step, step):
                        add(here, first + (who[here] - first + way) % (end - first))
    return np.concatenate(at), np.concatenate(to)


def _firms(program: Program, who: I64, have: I64, tie: str, add: Callable[[I64, I64], None]) -> None:
    owner = who[have] if tie == "firms" else program.owner_of[who[have]].astype(np.int64)
    have, owner = have[owner >= 0], owner[owner >= 0]
    if tie == "owner":
        add(have, owner)
        return
    start, firm = program.firms_of
    many = start[owner + 1] - start[owner]
    for nth in range(int(many.max(initial=0))):
        there = many > nth
        other = firm[start[owner[there]] + nth]
        keep = other != who[have[there]]
        add(have[there][keep], other[keep])


def _homes(household: npt.NDArray[np.int32], who: I64, have: I64, add: Callable[[I64, I64], None]) -> None:
    home = household[who[have]]
    first = np.searchsorted(household, home, side="left")
    last = np.searchsorted(household, home, side="right")
    for member in range(int((last - first).max(initial=0))):
        other = first + member
        there = (other < last) & (other != who[have])
        add(have[there], other[there].astype(np.int64))
