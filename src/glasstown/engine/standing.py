"""How everybody stands at one moment: the scheme's grades over all citizens at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .. import draws
from .layout import ADULT
from .program import Program
from .tables import H_GRADE, SideState

__all__ = ["NO_FILE", "grades"]

NO_FILE = 255
"""Stands in place of a grade for who has no file: minors, and who did not consent."""

U8 = npt.NDArray[np.uint8]


def grades(program: Program, side: int, state: SideState, window: int) -> U8:
    """Return everybody's grade at a window's end, as the position of the band; :data:`NO_FILE` for none."""
    rules = program.sides[side]
    total = state.points.astype(np.int32) @ rules.weights.astype(np.int32)
    score = np.clip(rules.start + total // 100, rules.floor, rules.ceiling)
    out = (np.searchsorted(rules.band_from[1:], score, side="right")).astype(np.uint8)
    for at, forced in enumerate(rules.hold[:, H_GRADE].tolist() if len(rules.hold) else []):
        if forced >= 0:
            held = state.hold[:, at] > 0
            out[held] = np.minimum(out[held], forced)
    out[~_scored(program, side, program.years_elapsed(window))] = NO_FILE
    return out


@lru_cache(maxsize=64)
def _scored(program: Program, side: int, years: int) -> npt.NDArray[np.bool_]:
    """Return who has a file under a side's scheme, after some years."""
    rules, shared, words = program.sides[side], program.shared, program.society.words
    if shared.age_shift < 0:
        of_age = np.ones(program.society.n, bool)
    else:
        age = ((words >> words.dtype.type(shared.age_shift)) & words.dtype.type(127)).astype(np.int32)
        of_age = np.minimum(age + years, 127) >= max(ADULT, rules.min_age)
    if rules.consent >= 0xFFFFFFFF:
        return of_age
    key = (shared.key0, shared.key1)
    who = np.arange(program.society.n)
    consents: npt.NDArray[np.bool_] = draws.words_over(key, who, "consent")[:, 0] < rules.consent
    return of_age & consents
