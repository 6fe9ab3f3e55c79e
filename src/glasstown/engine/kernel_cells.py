"""Compiled window: draw, sort, live and count, cell by cell."""
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np
from numba import njit

from ..draws_compiled import philox_compiled
from . import measures as m
from .kernel_draw import draw_cell
from .kernel_live import live_window, wait
from .kernel_score import age_of, grade_of, group_of, score_of, score_without
from .layout import ADULT, BLOCK_BITS, CELL_MOST, CODE_SHIFT, DAY_SHIFT, EVENT_MASK, FULL, POST, WHO_SHIFT
from .tables import R_MOTIVE_BACK, R_STRESS_KEEP

__all__ = ["DONE", "GROW", "ROOM", "WORK", "deliver", "run_cells"]

DONE, GROW, ROOM, WORK = range(4)
"""Why :func:`run_cells` came back: all done; a pool is too small; hand over the mail; work arrays are too small."""


@njit
def sort_shared(n, who, event, start, ordered):
    """Order candidates by citizen; `start` gets the first position of each citizen, and one more."""
    cells = start.shape[0] - 1
    start[:] = 0
    for j in range(n):
        start[who[j] + 1] += 1
    for c in range(cells):
        start[c + 1] += start[c]
    for j in range(n):
        at = start[who[j]]
        ordered[at] = event[j]
        start[who[j]] = at + 1
    for c in range(cells, 0, -1):
        start[c] = start[c - 1]
    start[0] = 0


@njit
def take_due(pool, cell, window, due, due_start, due_next):
    """Take what waits for this window out of the pool, into a list for each citizen; return how many."""
    due_start[:] = -1
    n = 0
    at = pool.head[cell, window]
    while at >= 0:
        event = pool.event[cell, at]
        following = pool.next[cell, at]
        place = event >> WHO_SHIFT
        due[n] = event & EVENT_MASK
        due_next[n] = due_start[place]
        due_start[place] = n
        n += 1
        pool.next[cell, at] = pool.free[cell]
        pool.free[cell] = at
        pool.spare[cell] += 1
        at = following
    pool.head[cell, window] = -1
    return n


@njit
def count_due(pool, cell, window):
    """Return how many events wait for this window."""
    n = 0
    at = pool.head[cell, window]
    while at >= 0:
        n += 1
        at = pool.next[cell, at]
    return n


@njit
def decay_points(rules, state, who, tally):
    """Move a citizen's points towards the start by the scheme's monthly decay."""
    left = rules.decay
    for d in range(4):
        held = np.int64(state.points[who, d])
        step = min(left, abs(held))
        if step > 0:
            moved = -step if held > 0 else step
            state.points[who, d] = held + moved
            tally[rules.base[m.M_RETURNED] + d] += moved
            left -= step
    wrong = np.int64(state.wrong[who])
    state.wrong[who] = wrong - min(max(wrong, -rules.decay), rules.decay)
    unable = np.int64(state.unable[who])
    state.unable[who] = unable - min(max(unable, -rules.decay), rules.decay)


@njit
def close_window(shared, words, rules, state, first, count, years, tally, scores):
    """Count how each citizen of a cell stands at the window's end, and let time pass."""
    base = rules.base
    keep = shared.respond[R_STRESS_KEEP]
    back = shared.respond[R_MOTIVE_BACK]
    for who in range(first, first + count):
        stress = np.int64(state.stress[who])
        if stress > 0:
            state.stress[who] = (stress * keep) >> 8
        motive = np.int64(state.motive[who])
        if motive < FULL:
            state.motive[who] = motive + (((FULL - motive) * back) >> 8)
    for who in range(first, first + count):
        word = np.int64(words[who])
        age = age_of(shared, word, years)
        if age < ADULT or age < rules.min_age:
            continue
        row = tally[group_of(shared, word)]
        row[base[m.M_STRESS]] += state.stress[who]
        if rules.consent < 0xFFFFFFFF:
            c, _, _, _ = philox_compiled(who, shared.consent_id, 0, 0, shared.key0, shared.key1)
            if c >= rules.consent:
                continue
        if rules.decay > 0:
            decay_points(rules, state, who, row)
        p = state.points
        p0, p1, p2, p3 = np.int64(p[who, 0]), np.int64(p[who, 1]), np.int64(p[who, 2]), np.int64(p[who, 3])
        score = score_of(rules, p0, p1, p2, p3)
        grade = grade_of(rules, score, state.hold, state.hold_wrong, who, False)
        row[base[m.M_GRADE] + grade] += 1
        scores[(score - rules.floor) // 10] += 1
        if state.wrong[who] < 0 or rules.hold_grade.shape[0] > 0:
            clean = score_without(rules, p0, p1, p2, p3, np.int64(state.wrong[who]))
            if grade_of(rules, clean, state.hold, state.hold_wrong, who, True) > grade:
                row[base[m.M_GRADED_DOWN]] += 1
            for h in range(rules.hold_grade.shape[0]):
                if state.hold[who, h] > 0:
                    row[base[m.M_HELD] + h] += 1


@njit
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


@njit(nogil=True, cache=True)
def run_cells(
    shared, words, sides, states, pools, tallies, cells, from_cell, to_cell, window, table, month_mask, days,
    years, new_year, last, work, tally, mail, mails, queue, queued, limits,
):  # fmt: skip
    """Live one window in the cells ``from_cell`` to ``to_cell`` on every side.

    Parameters
    ----------
    cells : int64, shape (cells, 3): first citizen, number of citizens, place.
    work : int64, shape (7, size): scratch for candidates.
    mail, mails : letters of each side, shape (sides, size, 3), and how many there are.
    queue, queued : requests at scarce doors, shape (sides, size, 5), and how many there are.
    limits : int64: most pairs of a kind, most rules of a kind.

    Returns
    -------
    tuple
        Next cell to do, and why it came back.
    """
    start = np.empty(CELL_MOST + 1, np.int64)
    due_start = np.empty(CELL_MOST, np.int64)
    due = np.empty(1024, np.int64)
    due_next = np.empty(1024, np.int64)
    mine = np.empty(4096, np.int64)
    box = np.zeros(2, np.int64)
    stack = np.zeros(20, np.int64)
    streams = shared.stream_id.shape[0]
    kept = np.zeros(streams, np.int64)
    for cell in range(from_cell, to_cell):
        first, count, place = cells[cell, 0], cells[cell, 1], cells[cell, 2]
        n = draw_cell(
            shared, words, first, count, window, table, month_mask, days, years,
            work[0], work[1], work[2], work[3], work[4], work[5], kept,
        )  # fmt: skip
        if n < 0:
            return cell, WORK
        for s in range(len(sides)):
            need = count_due(pools[s], cell, window) * max(limits[1], 1)
            for k in range(shared.acts):
                need += kept[k] * sides[s].spread[k]
            for k in range(shared.acts + shared.doors, streams):
                need += kept[k] * sides[s].false_spread[k - shared.acts - shared.doors]
            have = pools[s].event.shape[1] - pools[s].top[cell] + pools[s].spare[cell]
            if need > have:
                return cell, GROW
            if mails[s] + n * limits[0] > mail.shape[1] or queued[s] + n > queue.shape[1]:
                return cell, ROOM
        sort_shared(n, work[4], work[5], start[: count + 1], work[6])
        for s in range(len(sides)):
            rules, state, pool = sides[s], states[s], pools[s]
            waiting = count_due(pool, cell, window)
            if waiting > due.shape[0]:
                due = np.empty(2 * waiting, np.int64)
                due_next = np.empty(2 * waiting, np.int64)
            take_due(pool, cell, window, due, due_start[:count], due_next)
            if new_year:
                state.cap[first : first + count] = 0
            for c in range(count):
                k = start[c + 1] - start[c]
                if k == 0 and due_start[c] < 0:
                    continue
                extra = 0
                at = due_start[c]
                while at >= 0:
                    extra += 1
                    at = due_next[at]
                most = (k * limits[0] + extra) * (2 + 2 * limits[1]) + k + 8
                if most > mine.shape[0]:
                    mine = np.empty(2 * most, np.int64)
                for j in range(k):
                    mine[j] = work[6, start[c] + j]
                at = due_start[c]
                while at >= 0:
                    mine[k] = due[at]
                    k += 1
                    at = due_next[at]
                who = first + c
                word = np.int64(words[who])
                mails[s], queued[s] = live_window(
                    shared, rules, state, pool, cell, c, who, word, window, years, k,
                    tally[s, group_of(shared, word)], mine, box, mail[s], mails[s], queue[s], queued[s],
                    stack, streams,
                )  # fmt: skip
            close_window(shared, words, rules, state, first, count, years, tally[s], tallies[s].scores)
            flush(tally[s], tallies[s], place, cell, rules.base[m.M_GRADE], last)
    return to_cell, DONE


@njit(nogil=True, cache=True)
def deliver(shared, words, rules, pool, tallies, cells, cell_of_block, letters, window):
    """Put letters into the lists of the windows in which they fall due, not before the next one.

    Parameters
    ----------
    letters : int64, shape (letters, 3): citizen, day, rest of a posting.

    Returns
    -------
    int
        Number put; less than all where a pool is too small.
    """
    last = shared.first_day.shape[0] - 1
    for j in range(letters.shape[0]):
        who = letters[j, 0]
        cell = cell_of_block[who >> BLOCK_BITS]
        if window + 1 < last:
            if pool.event.shape[1] - pool.top[cell] + pool.spare[cell] < 1:
                return j
            day = max(letters[j, 1], shared.first_day[window + 1])
            if day < shared.first_day[last]:
                later = np.int64(shared.window_of_day[day])
                packed = (
                    ((who - cells[cell, 0]) << WHO_SHIFT)
                    | ((day - shared.first_day[later]) << DAY_SHIFT)
                    | (np.int64(POST) << CODE_SHIFT)
                    | letters[j, 2]
                )
                wait(pool, cell, later, packed)
        group = group_of(shared, np.int64(words[who]))
        column = rules.base[m.M_RECEIVED]
        tallies.place[cells[cell, 2], column] += 1
        tallies.group[group, column] += 1
        tallies.cell[cell, column] += 1
    return letters.shape[0]
