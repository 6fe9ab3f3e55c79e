"""Compiled window: draw, sort, live and count, cell by cell."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from . import measures as m
from .array_types import as_fixed, as_table
from .jit import inner, kernel, rare
from .kernel_asks import settle_at_once
from .kernel_close import close_window, find_groups, meet, stand
from .kernel_draw import draw_cell
from .kernel_live import live_cell, wait
from .kernel_order import sort_heap, straighten, take_due
from .kernel_quiet import find_quiet
from .kernel_score import group_of
from .kernel_simple import find_simple
from .layout import BLOCK_BITS, CODE_SHIFT, DAY_SHIFT, POST, WHO_SHIFT
from .tables import C_CLASS, C_COUNT, C_FIRST, C_PLACE, V_SPREAD, X_PASSES

__all__ = ["DONE", "GROW", "ROOM", "SCRATCH", "WORK", "deliver", "live_cells"]

DONE, GROW, ROOM, SCRATCH, WORK = range(5)
"""Why :func:`live_cells` came back: all done; a pool is too small; hand over the mail; scratch or work too small."""


@rare
def flush(tally, tallies, place, cell, flows, last):
    """Add one cell's counts to the worker's; stocks go to the cells' table only at the end."""
    columns = tally.shape[1]
    for g in range(tally.shape[0]):
        for c in range(columns):
            value = tally[g, c]
            if value != 0:
                tallies.place[place, c] += value
                tallies.group[g, c] += value
                if c < flows or last:
                    tallies.cell[cell, c] += value
                tally[g, c] = 0


@inner
def room_for(shared, rules, pool, cell, window, kept, most_rules):
    """Return whether a cell's pool has room for all that this window can put into it."""
    need = np.int64(pool.many[cell, window]) * most_rules
    for k in range(shared.acts):
        need += kept[k] * rules.kind[k, V_SPREAD]
    doors_end = shared.acts + shared.doors
    for k in range(doors_end, shared.stream.shape[0]):
        need += kept[k] * rules.false_spread[k - doors_end]
    return need <= pool.event.shape[1] - pool.top[cell] + pool.spare[cell]


@rare
def count_free(shared, rules, drawn, tally):
    """Count the acts that nothing keeps from happening."""
    column = rules.base[m.M_ACTS]
    for g in range(tally.shape[0]):
        for kind in range(shared.acts):
            tally[g, column + kind] += drawn.free[g, kind]


@rare
def lacks(shared, rules, pool, drawn, cell, window, n, asked, mail, queue, filled, limits, due, ahead):
    """Return what a cell of `n` events and `asked` requests may have too little room for on one side."""
    letters = n * limits[0]
    if rules.power[X_PASSES] != 0:
        letters = (letters + pool.many[cell, window]) * (1 + limits[1])
    if filled[0] + letters > mail.shape[0] or filled[1] + asked > queue.shape[0]:
        return ROOM
    if not room_for(shared, rules, pool, cell, window, drawn.kept, limits[1]):
        return GROW
    waiting = np.int64(pool.many[cell, window])
    if waiting >= due.shape[0] or (n * limits[0] + waiting) * (3 + 3 * limits[1]) + 8 > ahead.shape[0]:
        return SCRATCH
    return DONE


@kernel
def live_cells(
    shared, words, every_rules, every_state, every_pool, every_tallies, sides, cells, side, from_cell, to_cell,
    window, table, month_mask, days, years, new_year, last, work, drawn, tally, mails, queues, every_filled, limits,
    here, ahead, due, due_spare, digits, stack,
):  # fmt: skip
    """Live one window in the cells ``from_cell`` to ``to_cell``: draw, put in order, live on each side, count.

    Parameters
    ----------
    every_rules, every_state, every_pool, every_tallies, mails, queues, every_filled : two of each, for the two sides;
        of letters, shape (size, 3), and requests at scarce doors, shape (size, 5), the number is changed.
    sides : how many sides there are.
    side : side to begin with in the first cell.
    limits : most pairs of a kind, most rules of a kind.
    work, drawn, here, ahead, due, due_spare, digits, stack : scratch; nothing is allocated here.

    Returns
    -------
    tuple
        Next cell to do, the side to begin with, and why it came back.
    """
    words, cells, limits = as_fixed(words), as_fixed(cells), as_fixed(limits)
    tally, ahead = as_table(tally), as_table(ahead)
    due, due_spare, digits, stack = as_table(due), as_table(due_spare), as_table(digits), as_table(stack)
    find_quiet(shared, every_rules, sides, window, here)
    for cell in range(from_cell, to_cell):
        first, count, subject = cells[cell, C_FIRST], cells[cell, C_COUNT], cells[cell, C_CLASS]
        if not draw_cell(
            shared, words, work, drawn, here.quiet, first, count, subject, window, table, month_mask, days, years
        ):  # fmt: skip
            return cell, side, WORK
        n = sort_heap(work.events, count, days, drawn.ordered)
        if n < 0:
            return cell, side, WORK
        straighten(drawn.ordered, 0, n)
        find_groups(shared, words, here, first, count, subject)
        asked = drawn.door_start[shared.doors]
        for s in range(side, sides):
            rules, state, pool, tallies = every_rules[s], every_state[s], every_pool[s], every_tallies[s]
            mail, queue, filled = as_table(mails[s]), as_table(queues[s]), as_table(every_filled[s])
            why = lacks(shared, rules, pool, drawn, cell, window, n, asked, mail, queue, filled, limits, due, ahead)
            if why != DONE:
                return cell, s, why
            take_due(pool, cell, window, due, due_spare, digits)
            if new_year:
                for who in range(first, first + count):
                    for cap in range(state.cap.shape[1]):
                        state.cap[who, cap] = 0
            count_free(shared, rules, drawn, tally)
            find_simple(shared, rules, window, here.simple)
            meet(shared, words, rules, state, here, first, count, subject, years)
            if settle_at_once(shared, rules, state, here, drawn, due, n, first, count, tally):
                stand(words, rules, state, here, first, count, subject, years)
            live_cell(
                shared, words, rules, state, here, pool, drawn, cell, first, subject, window, years, due, tally,
                ahead, mail, queue, filled, stack,
            )  # fmt: skip
            bins = tallies.scores.shape[0] // (shared.classes.shape[0] - 1)
            scores = tallies.scores[subject * bins : (subject + 1) * bins]
            close_window(shared, words, rules, state, here, first, count, subject, window, years, tally, scores)
            flush(tally, tallies, subject * shared.places + cells[cell, C_PLACE], cell, rules.base[m.M_GRADE], last)
        side = 0
    return to_cell, 0, DONE


@kernel
def deliver(shared, words, rules, pool, tallies, cells, cell_of_block, letters, window):
    """Put letters into the lists of the windows in which they fall due, not before the next one.

    Parameters
    ----------
    letters : int64, shape (letters, 3): citizen, day, rest of a posting or a harm.

    Returns
    -------
    int
        Number put; less than all where a pool is too small.
    """
    last = shared.first_day.shape[0] - 1
    for j in range(letters.shape[0]):
        who, harms = letters[j, 0], letters[j, 2] >> CODE_SHIFT != 0
        cell = cell_of_block[who >> BLOCK_BITS]
        if window + 1 < last:
            if pool.event.shape[1] - pool.top[cell] + pool.spare[cell] < 1:
                return j
            day = max(letters[j, 1], shared.first_day[window + 1])
            if day < shared.first_day[last]:
                later = np.int64(shared.window_of_day[day])
                packed = (
                    ((who - cells[cell, C_FIRST]) << WHO_SHIFT)
                    | ((day - shared.first_day[later]) << DAY_SHIFT)
                    | (np.int64(0 if harms else POST) << CODE_SHIFT)
                    | letters[j, 2]
                )
                wait(pool, cell, later, packed)
        if harms:
            continue
        subject = cells[cell, C_CLASS]
        group = group_of(shared, subject, np.int64(words[who]))
        column = rules.base[m.M_RECEIVED]
        tallies.place[subject * shared.places + cells[cell, C_PLACE], column] += 1
        tallies.group[group, column] += 1
        tallies.cell[cell, column] += 1
    return letters.shape[0]
