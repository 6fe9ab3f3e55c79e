"""Compiled pieces of lists: when people do what is owed, and how they enter and leave."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from . import measures as m
from .jit import rare
from .kernel_score import factor_product
from .layout import CODE_SHIFT, EXPIRE, LAPSE_SHIFT, POINTS_ZERO
from .tables import A_CLASS, A_PERFORM, A_PERFORM_ID, A_PERFORM_SET, H_LOCK, N_FIRST

__all__ = ["days_to_perform", "enter", "leave"]


@rare
def days_to_perform(shared, who, word, day, kind, years):
    """Return the days from a record until its subject does what is owed; -1 for never."""
    product = factor_product(shared.factors, shared.act[kind, A_PERFORM_SET], word, years)
    hazard = (shared.act[kind, A_PERFORM] * product) >> 31
    if hazard == 0:
        return np.int64(-1)
    own = who - shared.classes[shared.act[kind, A_CLASS], N_FIRST]
    q, _, _, _ = philox_compiled(own, shared.act[kind, A_PERFORM_ID], day, 0, shared.key0, shared.key1)
    return (shared.lapse[np.int64(q) >> LAPSE_SHIFT] << 16) // hazard


@rare
def enter(rules, state, who, hold, wrong, unable, many, tally):
    """Put somebody on a list, or under a forced grade, by one more posting, that counts `many`; see ``plain_lists``."""
    base, right = rules.base, 1 - wrong
    if state.hold[who, hold] == 0:
        tally[base[m.M_ENTERED] + hold] += 1
        tally[base[m.M_ENTERED_WRONGLY] + hold] += wrong
        tally[base[m.M_ENTERED_UNABLE] + hold] += right * unable
    state.hold[who, hold] += many
    state.hold_why[who, hold] += wrong + 16 * right * unable


@rare
def leave(rules, state, who, hold, rest, tally):
    """Count who leaves a list; return the end of the lock that this puts on, as an event, or 0."""
    base = rules.base
    tally[base[m.M_LEFT] + hold] += 1
    if rest & 1 == 0:
        return np.int64(0)
    tally[base[m.M_PERFORMED] + hold] += 1
    lock = rules.hold[hold, H_LOCK]
    if lock < 0:
        return np.int64(0)
    state.hold[who, lock] += 1
    tally[base[m.M_ENTERED] + lock] += 1
    kind = rest & (np.int64(255) << 30)
    return (np.int64(EXPIRE) << CODE_SHIFT) | kind | (np.int64(POINTS_ZERO) << 15) | (np.int64(lock) << 11)
