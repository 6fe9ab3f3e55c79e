"""Compiled window: draw, sort, live and count, cell by cell."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from . import measures as m
from .jit import inner, kernel, rare
from .kernel_draw import draw_cell
from .kernel_live import live_cell, wait
from .kernel_score import age_of, band_of, grade_of, group_of, held, points_of, score_of, score_without
from .kernel_subject import begun, consents, current_score, visited
from .layout import ADULT, BLOCK_BITS, CODE_SHIFT, DAY_SHIFT, END, FULL, POST, WHO_SHIFT
from .tables import (
    C_CLASS,
    C_COUNT,
    C_FIRST,
    C_PLACE,
    K_SUBJECTS,
    K_VISITS,
    R_MOTIVE_BACK,
    R_STRESS_KEEP,
    V_SPREAD,
    X_PASSES,
)

__all__ = ["DONE", "GROW", "ROOM", "SCRATCH", "WORK", "deliver", "live_cells"]

DONE, GROW, ROOM, SCRATCH, WORK = range(5)
"""Why :func:`live_cells` came back: all done; a pool is too small; hand over the mail; scratch or work too small."""


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


@rare
def close_window(shared, words, rules, state, standing, first, count, subject, window, years, tally, scores):
    """Count how each subject of a cell stands at the window's end, and let time pass."""
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
        if state.did[who] > 0:
            state.did[who] -= 1
    start_score = score_of(rules, np.int64(0), np.int64(0), np.int64(0), np.int64(0))
    start_grade = band_of(rules, start_score)
    holds = rules.hold.shape[0]
    profiled = subject if rules.profile_start[4] > 0 else np.int64(-1)
    out_of_scope = (rules.subjects >> subject) & 1 == 0
    for who in range(first, first + count):
        word = np.int64(words[who])
        if subject == 0 and age_of(shared, word, years) < max(ADULT, rules.min_age):
            continue
        row = tally[group_of(shared, subject, word)]
        row[base[m.M_STRESS]] += state.stress[who]
        if shared.visiting:
            for source in range(shared.keeper.shape[0]):
                looks = shared.keeper[source, K_VISITS] > 0 and (shared.keeper[source, K_SUBJECTS] >> subject) & 1
                if looks and visited(shared, rules, state, who, word, years, window, source):
                    row[base[m.M_VISITS] + source] += 1
        if out_of_scope or not begun(shared, state, who) or not consents(shared, rules, who, subject):
            continue
        did = np.int64(state.did[who] > 0)
        p = state.points
        p0, p1, p2, p3 = np.int64(p[who, 0]), np.int64(p[who, 1]), np.int64(p[who, 2]), np.int64(p[who, 3])
        wrong = np.int64(state.wrong[who])
        on_lists = held(rules, state, who)
        if profiled < 0 and (p0 | p1 | p2 | p3 | wrong | on_lists | state.unable[who]) == 0:
            row[base[m.M_GRADE] + start_grade] += 1
            row[base[m.M_DOERS] + start_grade] += did
            scores[(start_score - rules.floor) // 10] += 1
            continue
        if rules.decay > 0:
            decay_points(rules, state, who, row)
            p0, p1, p2, p3 = np.int64(p[who, 0]), np.int64(p[who, 1]), np.int64(p[who, 2]), np.int64(p[who, 3])
            wrong = np.int64(state.wrong[who])
        if profiled >= 0:
            p0, p1, p2, p3 = points_of(rules, state, who, word, years, profiled)
        if rules.decay > 0:
            standing[who - first] = score_of(rules, p0, p1, p2, p3)
        score = standing[who - first]
        grade = grade_of(rules, score, state, who, np.int64(0))
        row[base[m.M_GRADE] + grade] += 1
        row[base[m.M_DOERS] + grade] += did
        scores[(score - rules.floor) // 10] += 1
        if wrong < 0 or on_lists > 0:
            clean = score_without(rules, p0, p1, p2, p3, wrong)
            if grade_of(rules, clean, state, who, np.int64(1)) > grade:
                row[base[m.M_GRADED_DOWN]] += 1
            for h in range(holds):
                if state.hold[who, h] > 0:
                    row[base[m.M_HELD] + h] += 1


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
    standing, ahead, due, due_spare, digits, stack,
):  # fmt: skip
    """Live one window in the cells ``from_cell`` to ``to_cell``: draw, put in order, live on each side, count.

    Parameters
    ----------
    every_rules, every_state, every_pool, every_tallies, mails, queues, every_filled : two of each, for the two sides;
        of letters, shape (size, 3), and requests at scarce doors, shape (size, 5), the number is changed.
    sides : how many sides there are.
    side : side to begin with in the first cell.
    limits : most pairs of a kind, most rules of a kind.
    work, drawn, standing, ahead, due, due_spare, digits, stack : scratch; nothing is allocated here.

    Returns
    -------
    tuple
        Next cell to do, the side to begin with, and why it came back.
    """
    for cell in range(from_cell, to_cell):
        first, count, subject = cells[cell, C_FIRST], cells[cell, C_COUNT], cells[cell, C_CLASS]
        if not draw_cell(shared, words, work, drawn, first, count, subject, window, table, month_mask, days, years):
            return cell, side, WORK
        n = sort_heap(work.events, count, days, drawn.ordered)
        asked = sort_heap(work.asked, count, days, drawn.asked)
        if n < 0 or asked < 0:
            return cell, side, WORK
        straighten(drawn.ordered, 0, n)
        for s in range(side, sides):
            rules, state, pool, tallies = every_rules[s], every_state[s], every_pool[s], every_tallies[s]
            mail, queue, filled = mails[s], queues[s], every_filled[s]
            why = lacks(shared, rules, pool, drawn, cell, window, n, asked, mail, queue, filled, limits, due, ahead)
            if why != DONE:
                return cell, s, why
            take_due(pool, cell, window, due, due_spare, digits)
            if new_year:
                for who in range(first, first + count):
                    for cap in range(state.cap.shape[1]):
                        state.cap[who, cap] = 0
            count_free(shared, rules, drawn, tally)
            for c in range(count):
                standing[c] = current_score(shared, rules, state, first + c, np.int64(words[first + c]), years)
            live_cell(
                shared, words, rules, state, standing, pool, drawn, cell, first, subject, window, years, due, tally,
                ahead, mail, queue, filled, stack,
            )  # fmt: skip
            bins = tallies.scores.shape[0] // (shared.classes.shape[0] - 1)
            scores = tallies.scores[subject * bins : (subject + 1) * bins]
            close_window(shared, words, rules, state, standing, first, count, subject, window, years, tally, scores)
            flush(tally, tallies, subject * shared.places + cells[cell, C_PLACE], cell, rules.base[m.M_GRADE], last)
        side = 0
    return to_cell, 0, DONE


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
                    ((who - cells[cell, C_FIRST]) << WHO_SHIFT)
                    | ((day - shared.first_day[later]) << DAY_SHIFT)
                    | (np.int64(POST) << CODE_SHIFT)
                    | letters[j, 2]
                )
                wait(pool, cell, later, packed)
        subject = cells[cell, C_CLASS]
        group = group_of(shared, subject, np.int64(words[who]))
        column = rules.base[m.M_RECEIVED]
        tallies.place[subject * shared.places + cells[cell, C_PLACE], column] += 1
        tallies.group[group, column] += 1
        tallies.cell[cell, column] += 1
    return letters.shape[0]
