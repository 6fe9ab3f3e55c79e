"""Grades that nobody of some traits can be above: from the first day, like a forced grade without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .tables import N_FIRST

if TYPE_CHECKING:
    from .program import Program

__all__ = ["first_holds", "first_holds_of"]

U8 = npt.NDArray[np.uint8]


def first_holds(program: Program, side: int) -> U8:
    """Return how many entries each subject begins with in each slot of a side's lists and forced grades."""
    out = np.zeros((len(program.words), len(program.sides[side].hold)), np.uint8)
    for one in program.schemes[side].ceilings:
        members = slice(*program.shared.classes[one.subject : one.subject + 2, N_FIRST].tolist())
        values = (program.words[members].astype(np.int64) >> one.shift) & one.mask
        out[members, one.hold] += np.isin(values, one.values)
    return out


def first_holds_of(program: Program, side: int, who: int) -> list[int]:
    """Return the same for one subject, for the plain account."""
    out = [0] * len(program.sides[side].hold)
    for one in program.schemes[side].ceilings:
        value = (program.traits_of(who) >> one.shift) & one.mask
        out[one.hold] += one.subject == program.class_of(who) and value in one.values
    return out
