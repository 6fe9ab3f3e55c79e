"""Trust at the barrier: how likely it is to be harmed in each place, and what trust time brings back there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..conduct.types import PERSONS
from . import measures as m
from .layout import FULL, HURTS_PLACE, ONE
from .program import Program
from .tables import A_HURTS, R_BELIEF, R_TRUST_START, SideRules, SideState

__all__ = ["PERSONS", "begin_harm", "first_grade", "foresee_harm", "harm_chance", "usual_trust"]

I64 = npt.NDArray[np.int64]


def harm_chance(harms: int, people: int) -> int:
    """Return the chance (2³²) that one of so many people is harmed, where each of so many acts harms one of them."""
    return min((harms << 32) // people, 1 << 32) if people else 0


def usual_trust(start: int, belief: int, grades: Sequence[int], first: int) -> int:
    """Return the trust that time brings back, 0 to 255.

    Parameters
    ----------
    start : where nobody believes in the score.
    belief : in Q15: how far it is the share of people in the grade `first` or a better one instead.
    grades : people of a place by grade; where there is but one grade, or nobody has any, there is nothing to believe.
    """
    graded = sum(grades)
    if len(grades) < 2 or not graded:
        return start
    well = FULL * sum(grades[first:])
    return ((ONE - belief) * start * graded + belief * well + (ONE * graded >> 1)) // (ONE * graded)


def first_grade(rules: SideRules) -> int:
    """Return the grade of the score that all begin with."""
    return int(np.searchsorted(rules.band_from[1:], rules.start, side="right"))


def begin_harm(program: Program) -> I64:
    """Return by place what :class:`~glasstown.engine.tables.SideState` keeps of harm before the first window."""
    places = program.places if program.trusting else 1
    return np.array([[0, int(program.shared.respond[R_TRUST_START])]] * places, np.int64)


def foresee_harm(program: Program, side: int, state: SideState, counts: I64) -> None:
    """Write how likely harm is in each place in the next window, and what trust comes back to, in place.

    Parameters
    ----------
    counts : tallies by place.
    """
    t, rules = program.shared, program.sides[side]
    if not program.trusting:
        return
    start, belief = int(t.respond[R_TRUST_START]), int(t.respond[R_BELIEF])
    acts = int(rules.base[m.M_ACTS]) + np.flatnonzero(t.act[:, A_HURTS] == HURTS_PLACE)
    harms = counts[:, acts].sum(axis=1).reshape(program.classes, program.places).sum(axis=0)
    grades = counts[: program.places, int(rules.base[m.M_GRADE]) : int(rules.base[m.M_GRADE + 1])]
    first = first_grade(rules)
    for place, people in enumerate(np.diff(program.society.place_start).tolist()):
        usual = usual_trust(start, belief, grades[place].tolist(), first)
        state.harm[place] = harm_chance(int(harms[place]), people), usual
