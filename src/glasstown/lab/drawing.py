"""What might happen to the citizens of one block in a whole run, drawn at once.

The same candidates as those of :func:`glasstown.engine.plain_events.candidates`, which draws a window at a time:
whoever lives one life again needs all windows of its block, and most of the time would go into drawing them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ..draws import philox_over
from ..engine.layout import ADULT, BLOCK, BLOCK_BITS, COUNT_INDEX
from ..engine.plain_events import Event, candidate
from ..engine.tables import N_FIRST, S_CLASS, S_ID, S_MONTH

if TYPE_CHECKING:
    from ..engine.program import Program

__all__ = ["candidates_of"]

I64 = npt.NDArray[np.int64]
KEPT = 32
"""Blocks whose candidates are kept."""


class _Block(NamedTuple):
    """The candidates of one block that are let through: arrays of one length."""

    who: I64
    window: I64
    stream: I64
    day: I64
    number: I64
    luck: I64


class _Windows(NamedTuple):
    """What a window is for those who draw, by its number."""

    first_day: I64
    days: I64
    years: I64


def candidates_of(program: Program, who: int) -> Callable[[Program, int, int], Sequence[Event]]:
    """Return what tells the candidates of one citizen in a window."""
    drawn = _draw(program, who >> BLOCK_BITS)
    by_window: dict[int, list[Event]] = {}
    own = drawn.who == who
    for window, *facts in np.stack(drawn[1:])[:, own].T.tolist():
        by_window.setdefault(window, []).append(candidate(program, *facts))
    return lambda _program, _who, window: by_window.get(window, ())


@lru_cache(maxsize=KEPT)
def _draw(program: Program, block: int) -> _Block:
    t = program.shared
    subject, _, end = program.span_of(block)
    own = block - (int(t.classes[subject, N_FIRST]) >> BLOCK_BITS)
    of_class = np.flatnonzero(t.stream[:, S_CLASS] == subject)
    stream, window, number = _numbered(_counts(program, of_class, own), of_class)
    counter = (own, t.stream[stream, S_ID], window, number // 2)
    both = philox_over(counter, (t.key0, t.key1)).astype(np.int64)
    at, odd = np.arange(len(number)), 2 * (number % 2)
    word, chance = both[at, odd], both[at, odd + 1]
    who = block * BLOCK + word % BLOCK
    time = _windows(program)
    there = np.flatnonzero(who < end)
    stream, window, number, word, chance, who = (a[there] for a in (stream, window, number, word, chance, who))
    let = _old_enough(program, subject, who, time.years[window])
    let &= chance < _rooms(program, stream, who, time.years[window]) << 1
    stream, window, number, word, who = (a[let] for a in (stream, window, number, word, who))
    moment = (word // BLOCK) * time.days[window]
    return _Block(who, window, stream, time.first_day[window] + (moment >> 26), number, (moment >> 10) & 0xFFFF)


@lru_cache(maxsize=4)
def _windows(program: Program) -> _Windows:
    clock = program.clock
    each = range(clock.windows)
    return _Windows(
        np.array([clock.first_day(window) for window in each]),
        np.array([clock.days(window) for window in each]),
        np.array([program.years_elapsed(window) for window in each]),
    )


def _counts(program: Program, of_class: I64, own: int) -> I64:
    """Return how many candidates a block has, by stream of its class and by window."""
    t, windows = program.shared, program.clock.windows
    ids = np.repeat(t.stream[of_class, S_ID], windows)
    occasion = np.tile(np.arange(windows), len(of_class))
    words = philox_over((own // 4, ids, occasion, COUNT_INDEX), (t.key0, t.key1))[:, own % 4].astype(np.int64)
    out = words.reshape(len(of_class), windows)
    table = np.array([program.table_of(window) for window in range(windows)])
    months = [program.months_of(window) for window in range(windows)]
    for row, stream in enumerate(of_class.tolist()):
        for which in set(table.tolist()):
            at = table == which
            sums = program.count_sums(stream, int(np.argmax(at)))
            out[row, at] = np.searchsorted(sums, out[row, at], side="right")
        month = int(t.stream[stream, S_MONTH])
        if month >= 0:
            out[row, [month not in some for some in months]] = 0
    return out


def _numbered(counts: I64, of_class: I64) -> tuple[I64, I64, I64]:
    """Return stream, window and number of each candidate."""
    rows, windows = np.nonzero(counts)
    many = counts[rows, windows]
    starts = np.cumsum(many) - many
    number = np.arange(int(many.sum())) - np.repeat(starts, many)
    return of_class[np.repeat(rows, many)], np.repeat(windows, many), number


def _old_enough(program: Program, subject: int, who: I64, years: I64) -> npt.NDArray[np.bool_]:
    shift = program.shared.age_shift
    if subject > 0 or shift < 0:
        return np.ones(len(who), dtype=np.bool_)
    ages = (program.words[who].astype(np.int64) >> shift) & 127
    old: npt.NDArray[np.bool_] = np.minimum(ages + years, 127) >= ADULT
    return old


def _rooms(program: Program, stream: I64, who: I64, years: I64) -> I64:
    """Return the product of each candidate's multipliers, in Q31."""
    factors = program.shared.factors
    out = np.full(len(who), 1 << 31, dtype=np.int64)
    traits = program.words[who].astype(np.int64)
    for one in np.unique(stream).tolist():
        at = np.flatnonzero(stream == one)
        for row in range(int(factors.start[one]), int(factors.start[one + 1])):
            shift, mask, offset, ages = factors.row[row].tolist()
            value = (traits[at] >> shift) & mask
            if ages:
                value = np.minimum(value + years[at], 127)
            out[at] = (out[at] * factors.lut[offset + value].astype(np.int64)) >> 31
    return out
