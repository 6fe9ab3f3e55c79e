"""Compiled window: draw, sort, live and count, cell by cell."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from . import measures as m
from .jit import inner, kernel
from .kernel_draw import draw_cell
from .kernel_live import live_window, wait
from .kernel_score import age_of, band_of, grade_of, group_of, points_in, score_of, score_without
from .kernel_subject import begun, visited
from .layout import ADULT, BLOCK_BITS, CODE_SHIFT, DAY_SHIFT, EVENT_MASK, FULL, POST, WHO_SHIFT
from .tables import K_VISITS, R_MOTIVE_BACK, R_STRESS_KEEP, V_SPREAD, X_PASSES

__all__ = ["DONE", "GROW", "ROOM", "SCRATCH", "deliver", "draw_cells", "live_cells"]

DONE, GROW, ROOM, SCRATCH = range(4)
"""Why :func:`live_cells` came back: all done; a pool is too small; hand over the mail; scratch too small."""


@inner
def sort_shared(n, count, at, who, event, start, ordered):
    """Order a cell's `n` candidates by citizen, from `at` on; `start` gets each citizen's first, and one more."""
    for c in range(count + 1):
        start[c] = 0
    for j in range(n):
        start[who[j] + 1] += 1
    start[0] = at
    for c in range(count):
        start[c + 1] += start[c]
    for j in range(n):
        to = start[who[j]]
        ordered[to] = event[j]
        start[who[j]] = to + 1
    for c in range(count, 0, -1):
        start[c] = start[c - 1]
    start[0] = at


@inner
def take_due(pool, cell, window, count, due, due_start, due_next):
    """Take what waits for this window out of the pool, into a list for each citizen."""
    for c in range(count):
        due_start[c] = -1
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
    pool.many[cell, window] = 0


@inner
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
    if rules.power[X_PASSES] != 0:
        passed = np.int64(state.passed[who])
        state.passed[who] = passed - min(max(passed, -rules.decay), rules.decay)


@inner
def close_window(shared, words, rules, state, first, count, window, years, tally, scores):
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
    start_score = score_of(rules, np.int64(0), np.int64(0), np.int64(0), np.int64(0))
    start_grade = band_of(rules, start_score)
    holds = rules.hold.shape[0]
    profiled = rules.profile_start[4] > 0
    for who in range(first, first + count):
        word = np.int64(words[who])
        age = age_of(shared, word, years)
        if age < ADULT or age < rules.min_age:
            continue
        row = tally[group_of(shared, word)]
        row[base[m.M_STRESS]] += state.stress[who]
        if shared.visiting:
            for source in range(shared.keeper.shape[0]):
                if shared.keeper[source, K_VISITS] > 0 and visited(
                    shared, rules, state, who, word, years, window, source
                ):
                    row[base[m.M_VISITS] + source] += 1
        if not begun(shared, state, who):
            continue
        if rules.consent < 0xFFFFFFFF:
            c, _, _, _ = philox_compiled(who, shared.consent_id, 0, 0, shared.key0, shared.key1)
            if c >= rules.consent:
                continue
        p = state.points
        p0, p1, p2, p3 = np.int64(p[who, 0]), np.int64(p[who, 1]), np.int64(p[who, 2]), np.int64(p[who, 3])
        wrong = np.int64(state.wrong[who])
        held = np.int64(0)
        for h in range(holds):
            held += state.hold[who, h]
        if not profiled and (p0 | p1 | p2 | p3 | wrong | held | state.unable[who]) == 0:
            row[base[m.M_GRADE] + start_grade] += 1
            scores[(start_score - rules.floor) // 10] += 1
            continue
        if rules.decay > 0:
            decay_points(rules, state, who, row)
            p0, p1, p2, p3 = np.int64(p[who, 0]), np.int64(p[who, 1]), np.int64(p[who, 2]), np.int64(p[who, 3])
            wrong = np.int64(state.wrong[who])
        if profiled:
            p0 = points_in(rules, state, who, word, years, 0, True)
            p1 = points_in(rules, state, who, word, years, 1, True)
            p2 = points_in(rules, state, who, word, years, 2, True)
            p3 = points_in(rules, state, who, word, years, 3, True)
        score = score_of(rules, p0, p1, p2, p3)
        grade = grade_of(rules, score, state, who, np.int64(0))
        row[base[m.M_GRADE] + grade] += 1
        scores[(score - rules.floor) // 10] += 1
        if wrong < 0 or held > 0:
            clean = score_without(rules, p0, p1, p2, p3, wrong)
            if grade_of(rules, clean, state, who, np.int64(1)) > grade:
                row[base[m.M_GRADED_DOWN]] += 1
            for h in range(holds):
                if state.hold[who, h] > 0:
                    row[base[m.M_HELD] + h] += 1


@inner
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


@kernel
def draw_cells(
    shared, words, cells, from_cell, to_cell, window, table, month_mask, days, years, work, start, ordered, kept
):  # fmt: skip
    """Draw and order the candidates of some cells in one window.

    Parameters
    ----------
    work : int64, shape (8, size): scratch for the candidates of one cell.
    start : filled with the first candidate of each citizen of each cell, shape (cells, most citizens + 1).
    ordered : filled with the candidates, citizen by citizen.
    kept : filled with the number of candidates by cell and stream.

    Returns
    -------
    bool
        False where the work arrays are too small.
    """
    at = 0
    for cell in range(from_cell, to_cell):
        c = cell - from_cell
        first, count = cells[cell, 0], cells[cell, 1]
        n = draw_cell(
            shared, words, first, count, window, table, month_mask, days, years,
            work[0], work[1], work[2], work[3], work[4], work[5], work[6], work[7], kept[c],
        )  # fmt: skip
        if n < 0 or at + n > ordered.shape[0]:
            return False
        sort_shared(n, count, at, work[6], work[7], start[c], ordered)
        at += n
    return True


@kernel
def live_cells(
    shared, words, rules, state, pool, tallies, cells, from_cell, to_cell, drawn_from, window, years, new_year, last,
    start, ordered, kept, tally, mail, queue, filled, limits,
    mine, due, due_next, due_start, stack,
):  # fmt: skip
    """Live one window in the cells ``from_cell`` to ``to_cell`` on one side.

    Parameters
    ----------
    drawn_from : first cell of those whose candidates stand in `start`, `ordered` and `kept`.
    mail, queue : letters, shape (size, 3), and requests at scarce doors, shape (size, 5).
    filled : how many of each there are; changed.
    limits : most pairs of a kind, most rules of a kind.
    mine, due, due_next, due_start, stack : scratch; nothing is allocated here.

    Returns
    -------
    tuple
        Next cell to do, and why it came back.
    """
    streams = shared.stream.shape[0]
    for cell in range(from_cell, to_cell):
        first, count, place = cells[cell, 0], cells[cell, 1], cells[cell, 2]
        row = cell - drawn_from
        n = start[row, count] - start[row, 0]
        letters = n * limits[0]
        if rules.power[X_PASSES] != 0:
            letters = (letters + pool.many[cell, window]) * (1 + limits[1])
        if filled[0] + letters > mail.shape[0] or filled[1] + n > queue.shape[0]:
            return cell, ROOM
        if not room_for(shared, rules, pool, cell, window, kept[row], limits[1]):
            return cell, GROW
        waiting = np.int64(pool.many[cell, window])
        longest = np.int64(0)
        for c in range(count):
            longest = max(longest, start[row, c + 1] - start[row, c])
        if waiting > due.shape[0] or (longest * limits[0] + waiting) * (3 + 2 * limits[1]) + 8 > mine.shape[0]:
            return cell, SCRATCH
        take_due(pool, cell, window, count, due, due_start, due_next)
        if new_year:
            for who in range(first, first + count):
                for cap in range(state.cap.shape[1]):
                    state.cap[who, cap] = 0
        for c in range(count):
            k = start[row, c + 1] - start[row, c]
            if k == 0 and due_start[c] < 0:
                continue
            for j in range(k):
                mine[j] = ordered[start[row, c] + j]
            at = due_start[c]
            while at >= 0:
                mine[k] = due[at]
                k += 1
                at = due_next[at]
            who = first + c
            word = np.int64(words[who])
            live_window(
                shared, rules, state, pool, cell, c, who, word, window, years, k,
                tally[group_of(shared, word)], mine, mail, queue, filled, stack, streams,
            )  # fmt: skip
        close_window(shared, words, rules, state, first, count, window, years, tally, tallies.scores)
        flush(tally, tallies, place, cell, rules.base[m.M_GRADE], last)
    return to_cell, DONE


@kernel
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
