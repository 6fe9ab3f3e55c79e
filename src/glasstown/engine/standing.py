"""How everybody stands at one moment: the scheme's grades over all citizens at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .. import draws
from .layout import ADULT
from .program import Program
from .tables import H_GRADE, L_AGES, L_CLASS, L_MASK, L_OFFSET, L_SHIFT, SideState

__all__ = ["NO_FILE", "grades", "scores"]

NO_FILE = 255
"""Stands in place of a grade for who has no file: minors, and who did not consent."""

I32 = npt.NDArray[np.int32]
U8 = npt.NDArray[np.uint8]


def scores(program: Program, side: int, state: SideState, window: int) -> I32:
    """Return everybody's score at a window's end, with or without a file."""
    rules, n = program.sides[side], program.society.n
    known = _known(program, side, program.years_elapsed(window))
    total = np.zeros(n, np.int32)
    for domain, weight in enumerate(rules.weights.tolist()):
        points = state.points[:n, domain].astype(np.int32)
        total += (points if known is None else points + known[:, domain]) * np.int32(weight)
    total //= np.int32(100)
    total += np.int32(rules.start)
    return np.clip(total, rules.floor, rules.ceiling, out=total)


def grades(program: Program, side: int, state: SideState, window: int) -> U8:
    """Return everybody's grade at a window's end, as the position of the band; :data:`NO_FILE` for none."""
    rules, years = program.sides[side], program.years_elapsed(window)
    n = program.society.n
    at = scores(program, side, state, window)
    at -= np.int32(rules.floor)
    out: U8 = _band_of(program, side).take(at)
    for slot, forced in enumerate(rules.hold[:, H_GRADE].tolist() if len(rules.hold) else []):
        if forced >= 0:
            held = state.hold[:n, slot] > 0
            np.minimum(out, np.where(held, np.uint8(forced), np.uint8(NO_FILE)), out=out)
    out |= _no_file(program, side, years)
    for place, first in enumerate(program.rollout):
        if first > window:
            out[slice(*program.society.place_start[place : place + 2])] = NO_FILE
    return out


@lru_cache(maxsize=64)
def _band_of(program: Program, side: int) -> U8:
    """Return the band of each score, from the lowest up."""
    rules = program.sides[side]
    every = np.arange(rules.floor, rules.ceiling + 1)
    out: U8 = np.searchsorted(rules.band_from[1:], every, side="right").astype(np.uint8)
    return out


@lru_cache(maxsize=64)
def _no_file(program: Program, side: int, years: int) -> U8:
    """Return :data:`NO_FILE` for who has none under a side's scheme after some years, and 0 for who has one."""
    return np.where(_scored(program, side, years), np.uint8(0), np.uint8(NO_FILE))


def _scored(program: Program, side: int, years: int) -> npt.NDArray[np.bool_]:
    """Return who has a file under a side's scheme, after some years."""
    rules, shared, words = program.sides[side], program.shared, program.society.words
    if not rules.subjects & 1:
        return np.zeros(program.society.n, bool)
    if shared.age_shift < 0:
        of_age = np.full(program.society.n, rules.min_age <= ADULT)
    else:
        age = ((words >> words.dtype.type(shared.age_shift)) & words.dtype.type(127)).astype(np.int32)
        of_age = np.minimum(age + years, 127) >= max(ADULT, rules.min_age)
    if rules.consent >= 0xFFFFFFFF:
        return of_age
    key = (shared.key0, shared.key1)
    who = np.arange(program.society.n)
    consents: npt.NDArray[np.bool_] = draws.words_over(key, who, "consent")[:, 0] < rules.consent
    return of_age & consents


@lru_cache(maxsize=64)
def _known(program: Program, side: int, years: int) -> npt.NDArray[np.int32] | None:
    """Return the points by domain for what registers know of each person; None where the scheme gives none."""
    rules, words = program.sides[side], program.society.words.astype(np.int64)
    if not len(rules.profile) or not int(rules.profile_start[-1]):
        return None
    out = np.zeros((program.society.n, 4), np.int32)
    for domain in range(4):
        for row in range(int(rules.profile_start[domain]), int(rules.profile_start[domain + 1])):
            if rules.profile[row, L_CLASS]:
                continue
            shift, mask, offset, ages = (int(rules.profile[row, at]) for at in (L_SHIFT, L_MASK, L_OFFSET, L_AGES))
            value = (words >> shift) & mask
            value = np.minimum(value + years, 127) if ages else value
            out[:, domain] += rules.profile_points[offset + value].astype(np.int32)
    return out
