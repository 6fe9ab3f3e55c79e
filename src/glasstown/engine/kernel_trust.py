"""Compiled trust: who is harmed, what harm and wrong refusals take of it, how it comes back, and what follows it."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from . import measures as m
from .jit import inner, rare
from .kernel_subject import aware
from .layout import AGAINST_TRUST, BLOCK_BITS, CODE_SHIFT, HARM, ONE
from .tables import N_FIRST, N_SALT, R_SHOCK, R_TRUST, R_TRUST_BACK, R_TRUST_START, R_WRONGED

__all__ = ["be_harmed", "lose_trust", "pass_trust", "send_harm", "trusting"]


@inner
def trusting(shared, state, who, flags, out):
    """Return how much of an act is shown at a citizen's trust."""
    moved = (shared.respond[R_TRUST] * (np.int64(state.trust[who]) - shared.respond[R_TRUST_START])) >> 8
    if flags & AGAINST_TRUST:
        moved = -moved
    return (out * max(ONE + moved, np.int64(0))) >> 15


@inner
def lose_trust(shared, state, who):
    """Take from a citizen's trust what a wrong refusal takes, where any is kept."""
    if state.trust.shape[0] > 1:
        trust = np.int64(state.trust[who])
        state.trust[who] = trust - ((trust * shared.respond[R_WRONGED] + (ONE >> 1)) >> 15)


@rare
def send_harm(mail, filled, who, day, kind, number):
    """Write a letter by which the barrier finds whom an act harms."""
    at = filled[0]
    mail[at, 0] = who
    mail[at, 1] = day
    mail[at, 2] = (np.int64(HARM) << CODE_SHIFT) | (kind << 30) | number
    filled[0] = at + 1


@rare
def be_harmed(shared, rules, state, who, row):
    """Take from trust what the act of a unit takes that one works for or buys from, and count it."""
    trust = np.int64(state.trust[who])
    state.trust[who] = trust - ((trust * shared.respond[R_SHOCK] + (ONE >> 1)) >> 15)
    row[rules.base[m.M_HARMED]] += 1


@rare
def pass_trust(shared, rules, state, here, first, count, window, tally):
    """Harm whom it meets in this window, let trust come back, and count both."""
    place = shared.place_of_block[first >> BLOCK_BITS]
    harm, told, start = state.harm[place, 0], state.harm[place, 1], shared.respond[R_TRUST_START]
    everybody = told == start or shared.aware >= np.int64(1) << 32
    shock, back = shared.respond[R_SHOCK], shared.respond[R_TRUST_BACK]
    own_first, salt = first - shared.classes[0, N_FIRST], shared.classes[0, N_SALT]
    harmed, sum_of, counted = rules.base[m.M_HARMED], rules.base[m.M_TRUST], rules.base[m.M_TRUST_COUNTED]
    drawn, trust = here.chance, state.trust
    for c in range(count):
        word, luck, _, _ = philox_compiled(own_first + c, shared.harmed_id, window, salt, shared.key0, shared.key1)
        drawn[c] = word << 15 | luck >> 17
    for c in range(count):
        left, row = np.int64(trust[first + c]), tally[here.group[c]]
        if drawn[c] >> 15 < harm:
            left -= (left * shock + (ONE >> 1)) >> 15
            row[harmed] += 1
        usual = told if everybody or aware(shared, state, first + c, np.int64(0)) else start
        # what comes back in a window is often less than the least step: it is rounded by lot
        left += ((usual - left) * back + (drawn[c] & (ONE - 1))) >> 15
        trust[first + c] = left
        if here.grown[c]:
            row[sum_of] += left
            row[counted] += 1
