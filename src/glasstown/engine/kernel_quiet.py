"""Compiled living of quiet acts: those that may be taken in any order.

A kind is quiet in a window where, on every side, no response but that to a closed life moves it, one simple rule at
one number of points posts it, or none, and nobody's fear hangs on it. For a citizen to whom nothing else happens in
the window, who is on no list and whose score stays above every bar, the order of such acts changes nothing: they are
counted kind by kind. All others live theirs in their turn.
"""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from . import measures as m
from .jit import inner, rare
from .kernel_simple import find_simple
from .layout import DOM_MOST, ITEM_MASK, ONE, RECORD_SHIFT, RESPONDS_INCAPACITATION, WHO_SHIFT
from .tables import (
    A_DOMAIN,
    A_FLAGS,
    A_FREE,
    A_ROOM,
    K_VISITS,
    P_SOURCE,
    R_CONFINED,
    U_DOMAIN,
    U_HIGH,
    U_LOW,
    V_SEVERITY,
    V_WORST,
)

__all__ = ["find_calm", "find_quiet", "live_quiet"]

NEVER = -(1 << 40)


@inner
def is_quiet(shared, rules, kind, r):
    """Return whether the acts of a kind that the rule `r` posts, or none (-1), are quiet on one side."""
    pair = shared.cover_start[kind]
    if shared.act[kind, A_FLAGS] & ~RESPONDS_INCAPACITATION != 0 or shared.cover_start[kind + 1] - pair != 1:
        return False
    if shared.keeper[shared.pair[pair, P_SOURCE], K_VISITS] > 0:
        return False
    if rules.kind[kind, V_SEVERITY] > 0 and (shared.wary or shared.aware < np.int64(1) << 32):
        return False
    if r < 0:
        return rules.rule_start[kind + 1] == rules.rule_start[kind]
    return rules.rule[r, U_LOW] == rules.rule[r, U_HIGH] and (rules.rule[r, U_LOW] >= 0 or not shared.wary)


@rare
def find_quiet(shared, every_rules, sides, window, here):
    """Write which kinds are quiet in a window."""
    quiet = here.quiet
    for kind in range(shared.acts):
        quiet[kind] = 1
    for s in range(sides):
        rules = every_rules[s]
        find_simple(shared, rules, window, here.simple)
        for kind in range(shared.acts):
            quiet[kind] &= is_quiet(shared, rules, kind, here.simple[kind])


@rare
def find_calm(shared, rules, state, here, drawn, first, count):
    """Write to whom nothing may happen but quiet acts and requests, and how low these can bring each one's score.

    Both are kept in one number until all are known: how far points may move lies above the lowest 32 bits.
    """
    lowest, standing, calm, points = here.lowest, here.standing, here.calm, state.points
    for c in range(count):
        lowest[c] = standing[c]
    for kind in range(shared.acts):
        r, begin, end = here.simple[kind], drawn.quiet_start[kind], drawn.quiet_start[kind + 1]
        if r < 0 or begin == end:
            continue
        sway = rules.kind[kind, V_WORST] + (abs(rules.rule[r, U_LOW]) << 32)
        for i in range(begin, end):
            event = drawn.quiet[i]
            seen = np.int64(drawn.item[event & ITEM_MASK] >> RECORD_SHIFT != 0)
            lowest[event >> WHO_SHIFT] -= sway * seen
    for c in range(count):
        low = (lowest[c] << 32) >> 32
        sway = (low - lowest[c]) >> 32
        most = max(
            max(abs(np.int64(points[first + c, 0])), abs(np.int64(points[first + c, 1]))),
            max(abs(np.int64(points[first + c, 2])), abs(np.int64(points[first + c, 3]))),
        )
        calm[c] = most + sway <= DOM_MOST
        lowest[c] = low


@inner
def confining(shared, rules):
    """Return the score from which on no act is done less for a closed life."""
    if shared.respond[R_CONFINED] == ONE or not rules.any_rule:
        return np.int64(NEVER)
    return rules.band_from[1] if rules.band_from.shape[0] > 1 else np.int64(1 << 40)


@inner
def count_quiet(shared, rules, here, kind, r, tally):
    """Count the quiet acts of a kind; what was counted in `here` is zero again."""
    base, counts, pair = rules.base, here.counts, shared.cover_start[kind]
    for g in range(tally.shape[0]):
        unscored, scored = counts[2 * g], counts[2 * g + 1]
        counts[2 * g] = counts[2 * g + 1] = 0
        if unscored + scored == 0:
            continue
        posted = scored >> 32
        if not shared.act[kind, A_FREE]:
            tally[g, base[m.M_ACTS] + kind] += (unscored + scored) & 0xFFFFFFFF
        if rules.kind[kind, V_SEVERITY] > 0:
            tally[g, base[m.M_WATCHED] + shared.act[kind, A_DOMAIN]] += scored & 0xFFFFFFFF
        tally[g, base[m.M_RECORDS] + pair] += (unscored >> 32) + posted
        if r < 0:
            continue
        points, domain = rules.rule[r, U_LOW], rules.rule[r, U_DOMAIN]
        tally[g, base[m.M_POSTED] + r] += posted
        if points < 0:
            tally[g, base[m.M_LOST] + domain] -= points * posted
            tally[g, base[m.M_CAUGHT] + shared.act[kind, A_DOMAIN]] += posted
        else:
            tally[g, base[m.M_GAINED] + domain] += points * posted


@rare
def live_quiet(shared, rules, state, here, drawn, first, count, left, tally):
    """Live the quiet acts of the calm; add the others' to the `left` events that wait for their turn.

    Returns
    -------
    int
        How many wait now.
    """
    calm, lowest, scored, group = here.calm, here.lowest, here.scored, here.group
    start, counts, motive = here.start, here.counts, state.motive
    bar = confining(shared, rules)
    for c in range(count):
        calm[c] &= lowest[c] >= bar
    for kind in range(shared.acts):
        r, begin, end = here.simple[kind], drawn.quiet_start[kind], drawn.quiet_start[kind + 1]
        if begin == end:
            continue
        room = np.int64(1) << 16 if shared.act[kind, A_FREE] else (ONE * shared.act[kind, A_ROOM]) >> 14
        points = rules.rule[r, U_LOW] if r >= 0 else np.int64(0)
        domain = rules.rule[r, U_DOMAIN] if r >= 0 else np.int64(0)
        for i in range(begin, end):
            event = drawn.quiet[i]
            place, item = event >> WHO_SHIFT, drawn.item[event & ITEM_MASK]
            at_once = np.int64(calm[place])
            done = at_once & np.int64(item & 0xFFFF < room)
            seen = done & np.int64(item >> RECORD_SHIFT != 0)
            rated = np.int64(scored[place])
            counts[2 * group[place] + rated] += done | seen << 32
            state.points[first + place, domain] += points * (seen & rated)
            drawn.open[left] = event
            start[place + 1] += 1 - at_once
            left += 1 - at_once
        if points > 0 and shared.minded:
            for i in range(begin, end):
                event = drawn.quiet[i]
                place = event >> WHO_SHIFT
                seen = np.int64(calm[place] & scored[place]) & np.int64(
                    drawn.item[event & ITEM_MASK] >> RECORD_SHIFT != 0
                )
                held = np.int64(motive[first + place])
                motive[first + place] = held - (held >> 4) * seen
        count_quiet(shared, rules, here, kind, r, tally)
    return left
