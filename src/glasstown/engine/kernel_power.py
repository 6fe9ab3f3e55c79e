"""Compiled pieces of what lies beside points: officials who step in, losses passed on to others."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from . import measures as m
from .jit import rare
from .kernel_lists import enter
from .kernel_response import frighten
from .kernel_score import condition
from .kernel_subject import shift_points, weighted
from .layout import (
    CODE_SHIFT,
    DOM_MOST,
    EXPIRE,
    HOLD_MOST,
    HOLD_PASSED,
    LATE_MOST,
    NO_HOLD,
    PASSED_ON,
    POINTS_ZERO,
)
from .tables import (
    K_CORRECT_DAYS,
    N_FIRST,
    U_DOMAIN,
    U_HIGH,
    U_HOLD,
    U_LOW,
    U_OFFICER,
    U_PASS_HELD,
    U_PASS_SHARE,
    U_TERM,
    X_CRITICS,
    X_FRIENDS,
    X_PRESS,
    X_PRESS_CHANCE,
    X_SPARE,
)

__all__ = ["SPARED", "officer", "pass_on", "post_passed"]

SPARED = 1 << 40
"""In place of points: nothing is posted."""


@rare
def officer(shared, rules, state, who, word, subject, years, day, r, source, amount, points, tally, stack):
    """Return the points after an official has looked at them, or :data:`SPARED`."""
    if points >= 0 and rules.rule[r, U_HOLD] < 0:
        return points
    power = rules.power
    domain = rules.rule[r, U_DOMAIN]
    spare, press, _, _ = philox_compiled(
        who - shared.classes[subject, N_FIRST],
        rules.rule[r, U_OFFICER],
        day,
        (source << 8) | amount,
        shared.key0,
        shared.key1,
    )
    if (
        power[X_FRIENDS] >= 0
        and subject == 0
        and spare < power[X_SPARE]
        and condition(shared, rules, power[X_FRIENDS], word, years, np.int64(0), np.int64(0), np.int64(0), stack)
    ):
        tally[rules.base[m.M_SPARED] + domain] += max(np.int64(0), -points)
        tally[rules.base[m.M_EDITS]] += 1
        return np.int64(SPARED)
    critics = power[X_CRITICS]
    if critics >= 0 and points < 0 and press < power[X_PRESS_CHANCE] and state.hold[who, critics] > 0:
        more = (-points * power[X_PRESS]) // 100
        tally[rules.base[m.M_PRESSED] + domain] += more
        tally[rules.base[m.M_EDITS]] += 1
        return points - more
    return points


@rare
def pass_on(rules, who, kind, day, r, source, amount, wrong, unable, corrected, mail, filled):
    """Write a letter, addressed to whom it comes from, that the barrier sends to all who are tied."""
    at = filled[0]
    mail[at, 0] = who
    mail[at, 1] = day
    mail[at, 2] = (
        (kind << 30) | (source << 25) | (np.int64(PASSED_ON) << 23) | (amount << 15) | (np.int64(wrong) << 14)
        | (np.int64(unable) << 13) | (corrected << 12) | (r - rules.rule_start[kind])
    )  # fmt: skip
    filled[0] = at + 1


@rare
def post_passed(shared, rules, state, who, rest, tally):
    """Post what somebody else's record costs a citizen; return the days until it ends (-1: never) and the end."""
    kind = rest >> 30
    source = (rest >> 25) & 31
    amount = (rest >> 15) & 255
    wrong = (rest >> 14) & 1
    unable = (rest >> 13) & 1 if not wrong else np.int64(0)
    r = rules.rule_start[kind] + (rest & LATE_MOST)
    low, high = rules.rule[r, U_LOW], rules.rule[r, U_HIGH]
    step = (amount * (high - low + 1)) >> 8
    points = min(high - step if high <= 0 else low + step, np.int64(0))
    points = -((-points * rules.rule[r, U_PASS_SHARE]) // 100)
    domain = rules.rule[r, U_DOMAIN]
    held = np.int64(state.points[who, domain])
    points = max(held + points, -DOM_MOST) - held
    state.points[who, domain] = held + points
    base = rules.base
    tally[base[m.M_POSTED] + r] += 1
    if points < 0:
        tally[base[m.M_LOST] + domain] -= points
        tally[base[m.M_LOST_PASSED] + domain] -= points
        if wrong:
            tally[base[m.M_LOST_WRONGLY] + domain] -= points
        if (rest >> 13) & 1:
            tally[base[m.M_LOST_UNABLE] + domain] -= points
    weight = weighted(rules, domain, points)
    shift_points(state.passed, who, weight)
    if wrong:
        shift_points(state.wrong, who, weight)
    elif unable:
        shift_points(state.unable, who, weight)
    hold = rules.rule[r, U_HOLD] if rules.rule[r, U_PASS_HELD] != 0 else np.int64(-1)
    if hold >= 0 and state.hold[who, hold] & HOLD_MOST == HOLD_MOST:
        hold = np.int64(-1)
    if hold >= 0:
        enter(rules, state, who, hold, wrong, unable, np.int64(1 + HOLD_PASSED), tally)
    frighten(shared, state, who)
    term, mended = np.int64(rules.rule[r, U_TERM]), np.int64(0)
    if (rest >> 12) & 1:
        days = np.int64(shared.keeper[source, K_CORRECT_DAYS])
        if term < 0 or days < term:
            term, mended = days, np.int64(1)
    packed = (
        (np.int64(EXPIRE) << CODE_SHIFT) | (kind << 30) | (np.int64(domain) << 28) | ((points + POINTS_ZERO) << 15)
        | ((hold if hold >= 0 else NO_HOLD) << 11) | (wrong << 10) | (unable << 9) | (mended << 7) | (source << 2) | 2
    )  # fmt: skip
    return term, packed
