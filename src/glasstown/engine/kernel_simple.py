"""Compiled posting of true records by the simplest rules, which are most of what is ever posted.

A kind is simple on a side where one rule, without condition, term, cap, list or letters to others, posts it: nothing
follows from such a posting but points, and what everybody feels of it.
"""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from . import measures as m
from .jit import inner, rare
from .kernel_response import frighten, mind_points
from .layout import DOM_MOST, LATE_MOST, RECORD_AMOUNT, RECORD_WRONG
from .tables import A_DOMAIN, K_VISITS, P_SOURCE, U_DOMAIN, U_FROM, U_HIGH, U_LOW, U_SOURCES, U_UNTIL, V_SIMPLE

__all__ = ["ODD", "find_simple", "is_simple", "post_simple"]


ODD = 1 << RECORD_WRONG | LATE_MOST
"""Where any of these is set, a record is of somebody else's act, or late."""


@rare
def find_simple(shared, rules, window, simple):
    """Write the rule that posts each kind's true records of the day, all through a window, or -1: the long way."""
    begins, ends = shared.first_day[window], shared.first_day[window + 1] - 1
    for kind in range(shared.acts):
        simple[kind] = -1
        r, pair = rules.kind[kind, V_SIMPLE], shared.cover_start[kind]
        if r < 0 or shared.cover_start[kind + 1] - pair != 1:
            continue
        source = shared.pair[pair, P_SOURCE]
        heard = (rules.rule[r, U_SOURCES] >> source) & 1 != 0 and shared.keeper[source, K_VISITS] == 0
        if heard and begins >= rules.rule[r, U_FROM] and ends <= rules.rule[r, U_UNTIL]:
            simple[kind] = r


@inner
def is_simple(record):
    """Return whether a record is there, true and on time."""
    return (record != 0) & (record & ODD == 0)


@inner
def post_simple(shared, rules, state, who, kind, pair, r, record, tally):
    """Post a simple record by its rule."""
    base = rules.base
    low, high, domain = rules.rule[r, U_LOW], rules.rule[r, U_HIGH], rules.rule[r, U_DOMAIN]
    step = (((record >> RECORD_AMOUNT) & 255) * (high - low + 1)) >> 8
    points = high - step if high <= 0 else low + step
    held = np.int64(state.points[who, domain])
    points = max(min(held + points, DOM_MOST), -DOM_MOST) - held
    state.points[who, domain] = held + points
    tally[base[m.M_RECORDS] + pair] += 1
    tally[base[m.M_POSTED] + r] += 1
    if points < 0:
        tally[base[m.M_LOST] + domain] -= points
        tally[base[m.M_CAUGHT] + shared.act[kind, A_DOMAIN]] += 1
        frighten(shared, state, who)
    else:
        tally[base[m.M_GAINED] + domain] += points
        if points > 0:
            mind_points(shared, state, who)
