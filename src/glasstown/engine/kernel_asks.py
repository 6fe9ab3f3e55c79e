"""Compiled settling of what needs no turn: requests that nothing in a window can refuse, and quiet acts.

A door never refuses whoever is on no list and stands above its highest bar. Where that holds for a citizen however
gravely all that lies ahead in the window may be taken, the day of a request and what came before it do not matter:
it is granted in bulk. All others are answered in their turn. See ``kernel_quiet`` for acts.
"""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from . import measures as m
from .jit import inner, rare
from .kernel_order import straighten
from .kernel_quiet import NEVER, find_calm, live_quiet
from .kernel_score import held
from .layout import CODE_SHIFT, END, EXPIRE, FALSE, ORDINARILY, POINTS_ZERO, REST_MASK, WHO_SHIFT
from .tables import D_PRIVILEGE, D_SCARCE, O_NAMED, O_SAFE, P_KIND, V_WORST

__all__ = ["settle_at_once"]


@inner
def kind_of(shared, event):
    """Return the kind of act that an event is about."""
    rest = event & REST_MASK
    code = (event >> CODE_SHIFT) & 7
    return shared.pair[rest >> 28, P_KIND] if code == FALSE else rest >> 30


@inner
def find_lowest(shared, rules, state, here, drawn, due, events, first, count):
    """Write the lowest score that each subject of a cell can come to in the window, and for whom all is quiet."""
    lowest, calm = here.lowest, here.calm
    counted = np.int64(1)
    for domain in range(4):
        if rules.weights[domain] > 100:
            counted = np.int64(2)
    find_calm(shared, rules, state, here, drawn, first, count)
    if rules.hold.shape[0] > 0:
        for c in range(count):
            if held(rules, state, first + c) > 0:
                lowest[c] = NEVER
                calm[c] = 0
    for i in range(events):
        event = drawn.ordered[i]
        lowest[event >> WHO_SHIFT] -= rules.kind[kind_of(shared, event), V_WORST]
        calm[event >> WHO_SHIFT] = 0
    i = 0
    while due[i] != END:
        event = due[i]
        calm[event >> WHO_SHIFT] = 0
        if (event >> CODE_SHIFT) & 7 == EXPIRE:
            # one more for rounding
            lowest[event >> WHO_SHIFT] -= counted * max(((event >> 15) & 0x1FFF) - POINTS_ZERO, 0) + 1
        else:
            lowest[event >> WHO_SHIFT] -= rules.kind[kind_of(shared, event), V_WORST]
        i += 1


@rare
def settle_at_once(shared, rules, state, here, drawn, due, events, first, count, tally):
    """Grant what cannot be refused, live what is quiet; put in order what is left of both, and :data:`END`.

    Returns
    -------
    bool
        Whether there were quiet acts, which may have moved scores.
    """
    find_lowest(shared, rules, state, here, drawn, due, events, first, count)
    start, lowest, group, counts, calm = here.start, here.lowest, here.group, here.counts, here.calm
    for c in range(count + 1):
        start[c] = 0
    left = 0
    for door in range(shared.doors):
        if shared.door[door, D_PRIVILEGE] and not rules.door[door, O_NAMED]:
            continue
        bar = rules.door[door, O_SAFE] if rules.any_rule else np.int64(NEVER)
        if shared.door[door, D_SCARCE] or shared.door[door, D_PRIVILEGE]:
            bar = np.int64(1 << 40)
        requests, granted = rules.base[m.M_REQUESTS] + door, rules.base[m.M_GRANTED] + door
        for i in range(drawn.door_start[door], drawn.door_start[door + 1]):
            event = drawn.request[i]
            place = event >> WHO_SHIFT
            at_once = np.int64(lowest[place] >= bar and event & ORDINARILY == 0)
            counts[group[place]] += at_once
            calm[place] &= at_once
            drawn.open[left] = event
            start[place + 1] += 1 - at_once
            left += 1 - at_once
        for g in range(tally.shape[0]):
            tally[g, requests] += counts[g]
            tally[g, granted] += counts[g]
            counts[g] = 0
    quiet = drawn.quiet_start[shared.acts] > 0
    if quiet:
        left = live_quiet(shared, rules, state, here, drawn, first, count, left, tally)
    total = np.int64(0)
    for c in range(count + 1):
        total += start[c]
        start[c] = total
    for i in range(left):
        event = drawn.open[i]
        at = start[event >> WHO_SHIFT]
        start[event >> WHO_SHIFT] = at + 1
        drawn.asked[at] = event
    straighten(drawn.asked, 0, left)
    drawn.asked[left] = END
    return quiet
