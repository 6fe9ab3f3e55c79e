"""The barrier at a window's end: mail, scarce places, and what everyone hears. Nothing else sees two citizens."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from . import measures as m
from .layout import FULL
from .program import Program
from .tables import D_CHILD, D_SCARCE, R_PER_REFUSAL, Shared, SideRules, SideState, SideTallies

__all__ = ["Allotment", "allot", "hear", "sorted_letters"]

I64 = npt.NDArray[np.int64]


class Allotment(NamedTuple):
    """The outcome of one scarce door in one window: who is admitted is a matter of one comparison.

    A request is admitted when ``(-priority, luck, citizen)`` is not above the cutoff; all are where `short` is 0.
    """

    window: int
    door: int
    places: int
    short: int
    cutoff_priority: int
    cutoff_luck: int
    cutoff_citizen: int


def sorted_letters(letters: I64) -> I64:
    """Return letters in one order, whoever wrote them and whichever thread: by citizen, day, content."""
    order = np.lexsort((letters[:, 2], letters[:, 1], letters[:, 0]))
    return letters[order]


def allot(
    program: Program,
    side: int,
    state: SideState,
    tallies: SideTallies,
    requests: I64,
    window: int,
) -> list[Allotment]:
    """Give out the places of every scarce door; count who got one and who did not.

    Parameters
    ----------
    requests : int64, shape (requests, 5): door, citizen, priority, luck, day.
    """
    shared, rules = program.shared, program.sides[side]
    out = []
    for door in np.flatnonzero(shared.door[:, D_SCARCE]):
        asked = requests[requests[:, 0] == door]
        if not len(asked):
            continue
        places = program.places_of(int(door))
        order = np.lexsort((asked[:, 1], asked[:, 3], -asked[:, 2]))
        admitted, refused = asked[order[:places]], asked[order[places:]]
        by_lot = np.lexsort((asked[:, 1], asked[:, 3]))
        _count(program, rules, tallies, admitted[:, 1], m.M_GRANTED, int(door))
        _count(program, rules, tallies, refused[:, 1], m.M_SCARCE, int(door))
        if shared.door[door, D_CHILD]:
            passed_over = np.intersect1d(order[places:], by_lot[:places])
            _count(program, rules, tallies, asked[passed_over, 1], m.M_PASSED_ON, int(door))
        hurt = state.stress[refused[:, 1]].astype(np.int64) + int(shared.respond[R_PER_REFUSAL])
        state.stress[refused[:, 1]] = np.minimum(hurt, FULL).astype(np.uint8)
        last = admitted[-1] if len(admitted) else np.zeros(5, np.int64)
        out.append(Allotment(window, int(door), places, len(refused), int(last[2]), int(last[3]), int(last[1])))
    return out


def _count(program: Program, rules: SideRules, tallies: SideTallies, who: I64, measure: int, item: int) -> None:
    column = int(rules.base[measure]) + item
    np.add.at(tallies.place[:, column], program.place_of(who), 1)
    np.add.at(tallies.group[:, column], program.group_of(who), 1)
    np.add.at(tallies.cell[:, column], program.cell_of(who), 1)


def hear(shared: Shared, rules: SideRules, news: I64, counts: I64) -> None:
    """Update what everyone hears of the risk of being caught, by domain, in place.

    One part in eight of the new value is the share of this window's punishable acts that cost their doers something.
    """
    for domain in range(4):
        watched = int(counts[rules.base[m.M_WATCHED] + domain])
        if watched > 0:
            caught = min(int(counts[rules.base[m.M_CAUGHT] + domain]), watched)
            news[domain] = (7 * int(news[domain]) + (FULL * caught) // watched) // 8
