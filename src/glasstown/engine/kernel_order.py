"""Compiled ordering of a cell's events."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from .jit import inner, rare
from .layout import END, WHO_SHIFT

__all__ = ["sort_heap", "straighten", "take_due"]


@rare
def sort_heap(heap, count, days, ordered):
    """Order a heap by citizen, then day, then what they are; :data:`END` follows. Return how many.

    It is in order of days already, and each of them in order of streams: what is left is to sort by citizen. (What
    shares citizen and day in another order than the streams' is left to :func:`straighten`.)
    """
    start = heap.start
    n = np.int64(0)
    for c in range(count + 1):
        n += start[c]
        start[c] = n
    if n >= ordered.shape[0]:
        return -1
    for day in range(days):
        for i in range(heap.fill[day]):
            event = heap.event[day, i]
            to = start[event >> WHO_SHIFT]
            ordered[to] = event
            start[event >> WHO_SHIFT] = to + 1
    ordered[n] = END
    return n


@inner
def straighten(events, first, end):
    """Sort what is almost in order."""
    for i in range(first + 1, end):
        moving = events[i]
        if moving < events[i - 1]:
            at = i - 1
            while at >= first and events[at] > moving:
                events[at + 1] = events[at]
                at -= 1
            events[at + 1] = moving


@inner
def by_digit(events, out, n, shift, digits):
    """Order events by six bits."""
    for d in range(65):
        digits[d] = 0
    for i in range(n):
        digits[((events[i] >> shift) & 63) + 1] += 1
    for d in range(64):
        digits[d + 1] += digits[d]
    for i in range(n):
        digit = (events[i] >> shift) & 63
        out[digits[digit]] = events[i]
        digits[digit] += 1


@rare
def take_due(pool, cell, window, due, other, digits):
    """Take what waits for this window out of the pool, in order; :data:`END` follows."""
    n = 0
    at = pool.head[cell, window]
    while at >= 0:
        following = pool.next[cell, at]
        due[n] = pool.event[cell, at]
        n += 1
        pool.next[cell, at] = pool.free[cell]
        pool.free[cell] = at
        at = following
    pool.spare[cell] += n
    pool.head[cell, window] = -1
    pool.many[cell, window] = 0
    if n > 16:
        by_digit(due, other, n, WHO_SHIFT, digits)
        by_digit(other, due, n, WHO_SHIFT + 6, digits)
    straighten(due, 0, n)
    due[n] = END
