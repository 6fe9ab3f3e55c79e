"""Compiled living: one citizen through one window, day by day, on one side of a pair."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from . import measures as m
from .jit import inner, rare
from .kernel_blame import blame
from .kernel_lists import days_to_perform, enter, leave
from .kernel_power import SPARED, officer, pass_on, post_passed
from .kernel_response import frighten, mind_points, response
from .kernel_score import (
    condition,
    grade_of,
    held,
    points_of,
    refusal,
    refusal_in_context,
)
from .kernel_simple import is_simple, post_simple
from .kernel_subject import aware, current_score, has_profile, shift_points, visited, weighted
from .kernel_trust import be_harmed, send_harm
from .layout import (
    ACT,
    ASK,
    CODE_SHIFT,
    DAY_SHIFT,
    DOM_MOST,
    END,
    EXPIRE,
    FALSE_INDEX,
    FALSE_RECORD,
    FULL,
    HARM,
    HARMS_TIED,
    HOLD_MOST,
    HOLD_PASSED,
    ITEM_MASK,
    LATE_MOST,
    NEEDS_ABILITY,
    NO_HOLD,
    NUMBER_SHIFT,
    ORDINARILY,
    PASSED_ON,
    POINTS_ZERO,
    POST,
    RECORD_AMOUNT,
    RECORD_SHIFT,
    RECORD_STALE,
    RECORD_WRONG,
    RESPONDS,
    REST_MASK,
    SOUGHT,
    TRUE_RECORD,
    WHO_SHIFT,
    WRONG_PERSON,
)
from .tables import (
    A_ABLE,
    A_DOMAIN,
    A_FLAGS,
    A_FREE,
    A_PERFORM,
    A_ROOM,
    D_PRIVILEGE,
    D_SCARCE,
    H_LOCK,
    H_LOCK_DAYS,
    H_REMOVAL,
    K_CORRECT_DAYS,
    K_NOTICE,
    K_OBJECTS,
    K_STALE,
    K_STALE_DAYS,
    K_UPHELD,
    K_VISITS,
    N_FIRST,
    N_NAMESAKE,
    O_NAMED,
    O_PRIORITY,
    O_SAFE,
    P_KIND,
    P_MEND_ID,
    P_RECORD_ID,
    P_SOURCE,
    R_PER_REFUSAL,
    R_RECENT,
    U_CAP,
    U_DOMAIN,
    U_FROM,
    U_HIGH,
    U_HOLD,
    U_LOW,
    U_PASS,
    U_REPAIR,
    U_SOURCES,
    U_TERM,
    U_UNTIL,
    U_WHEN,
    V_GRACE,
    V_REWARD,
    V_SEVERITY,
    X_OFFICERS,
)

__all__ = ["live_cell", "wait"]

NOTHING = np.int64(-1)
"""Instead of a posting."""


@inner
def wait(pool, cell, window, event):
    """Put an event into the list of a later window; there is always room (checked before a cell is lived)."""
    at = pool.free[cell]
    if at >= 0:
        pool.free[cell] = pool.next[cell, at]
        pool.spare[cell] -= 1
    else:
        at = pool.top[cell]
        pool.top[cell] = at + 1
    pool.event[cell, at] = event
    pool.next[cell, at] = pool.head[cell, window]
    pool.head[cell, window] = at
    pool.many[cell, window] += 1


@rare
def schedule(shared, pool, cell, place, window, day, event, ahead, filled):
    """Put an event on a day counted from the start: ahead in this window, into a later one, or beyond the end.

    What is ahead stands in order between the third and the fourth of `filled`.
    """
    if day < shared.first_day[window + 1]:
        packed = event | (np.int64(day - shared.first_day[window]) << DAY_SHIFT) | (np.int64(place) << WHO_SHIFT)
        at = filled[3]
        filled[3] = at + 1
        while at > filled[2] and ahead[at - 1] > packed:
            ahead[at] = ahead[at - 1]
            at -= 1
        ahead[at] = packed
        return
    last = shared.first_day.shape[0] - 1
    if day >= shared.first_day[last]:
        return
    later = np.int64(shared.window_of_day[day])
    packed = event | (np.int64(day - shared.first_day[later]) << DAY_SHIFT)
    wait(pool, cell, later, packed | (np.int64(place) << WHO_SHIFT))


@inner
def write_record(
    shared, rules, state, here, pool, cell, place, who, word, subject, window, day, pair, number, record, tally, ahead,
    mail, filled, years,
):  # fmt: skip
    """Write down an act at one source as its record says, or a falsehood (0); a namesake's goes into `mail`.

    Return what is to be posted at once, or :data:`NOTHING`.
    """
    kind = np.int64(shared.pair[pair, P_KIND])
    source = np.int64(shared.pair[pair, P_SOURCE])
    base = rules.base
    if (
        record != 0
        and shared.keeper[source, K_VISITS] > 0
        and not visited(shared, rules, state, who, word, years, window, source, subject, here.scored[place])
    ):
        return NOTHING
    posts = rules.rule_start[kind + 1] > rules.rule_start[kind]
    status = (record >> RECORD_WRONG) & 1
    if record == 0:
        status = np.int64(FALSE_RECORD)
        number += FALSE_INDEX
    corrected = np.int64(0)
    target = np.int64(0)
    if status == TRUE_RECORD:
        tally[base[m.M_RECORDS] + pair] += 1
    else:
        k0, k1 = shared.key0, shared.key1
        own = who - shared.classes[subject, N_FIRST]
        q0, q1, q2, q3 = philox_compiled(own, shared.pair[pair, P_MEND_ID], window, number, k0, k1)
        if status == WRONG_PERSON:
            tally[base[m.M_WRONG_PERSON] + pair] += 1
        else:
            tally[base[m.M_FALSE] + pair] += 1
            _, _, _, r3 = philox_compiled(own, shared.pair[pair, P_RECORD_ID], window, number, k0, k1)
            record = (r3 & 255) << RECORD_AMOUNT
            if r3 >> 8 < shared.keeper[source, K_STALE]:
                record |= np.int64(1) << RECORD_STALE
        if q0 < shared.keeper[source, K_NOTICE]:
            tally[base[m.M_NOTICED] + source] += 1
            if q1 < shared.keeper[source, K_OBJECTS]:
                tally[base[m.M_OBJECTED] + source] += 1
                if q2 < shared.keeper[source, K_UPHELD]:
                    tally[base[m.M_CORRECTED] + source] += 1
                    corrected = 1
        namesake = shared.classes[subject, N_NAMESAKE]
        others = shared.classes[subject + 1, N_NAMESAKE] - namesake
        target = np.int64(shared.namesakes[namesake + ((q3 * others) >> 32)])
    if not posts:
        return NOTHING
    rest = (
        (kind << 30) | (source << 25) | (status << 23) | (record & ((1 << RECORD_WRONG) - 1)) | (corrected << 12)
    )  # fmt: skip
    due = day + (record & LATE_MOST) + rules.kind[kind, V_GRACE]
    if status == WRONG_PERSON:
        tally[base[m.M_SENT]] += 1
        at = filled[0]
        mail[at, 0] = target
        mail[at, 1] = due
        mail[at, 2] = rest
        filled[0] = at + 1
        return NOTHING
    if due == day:
        return rest
    schedule(shared, pool, cell, place, window, due, (np.int64(POST) << CODE_SHIFT) | rest, ahead, filled)
    return NOTHING


@inner
def happens(shared, rules, state, here, place, who, word, subject, kind, item, tally):
    """Return whether a candidate becomes an act; count it."""
    if shared.act[kind, A_FREE]:
        return True
    flags = shared.act[kind, A_FLAGS]
    severity, reward = rules.kind[kind, V_SEVERITY], rules.kind[kind, V_REWARD]
    watched = severity > 0 and here.scored[place]
    if (severity > 0 or reward > 0) and not (
        here.scored[place] and (shared.aware >= np.int64(1) << 32 or aware(shared, state, who, subject))
    ):
        severity = reward = np.int64(0)
    if flags & RESPONDS:
        shown = response(shared, rules, state, here.standing[place], who, kind, flags, severity, reward)
        if item & 0xFFFF >= (shown * shared.act[kind, A_ROOM]) >> 14:
            return False
    base = rules.base
    tally[base[m.M_ACTS] + kind] += 1
    if flags & SOUGHT:
        state.did[who] = shared.respond[R_RECENT]
    able = shared.act[kind, A_ABLE]
    lacking = able >= 0 and (word >> able) & 3 < shared.unable_below
    if flags & NEEDS_ABILITY and lacking:
        tally[base[m.M_ACTS_UNABLE] + kind] += 1
    if watched:
        tally[base[m.M_WATCHED] + shared.act[kind, A_DOMAIN]] += 1
        if shared.wary:
            risk = np.int64(state.risk[who])
            state.risk[who] = risk - (risk >> 5)
    return True


@inner
def post(
    shared, rules, state, pool, cell, place, who, word, subject, window, day, rest, tally, ahead, mail, filled, years,
    stack,
):  # fmt: skip
    """Post a record by every rule that it meets."""
    kind = rest >> 30
    source = (rest >> 25) & 31
    status = (rest >> 23) & 3
    if status == PASSED_ON:
        term, packed = post_passed(shared, rules, state, who, rest, tally)
        if term >= 0:
            schedule(shared, pool, cell, place, window, day + term, packed, ahead, filled)
        return
    amount = (rest >> 15) & 255
    repair = (rest >> 14) & 1
    stale = (rest >> 13) & 1
    corrected = (rest >> 12) & 1
    late = rest & LATE_MOST
    base = rules.base
    flags = shared.act[kind, A_FLAGS]
    able = shared.act[kind, A_ABLE]
    unable = (
        status == TRUE_RECORD and flags & NEEDS_ABILITY != 0 and able >= 0 and (word >> able) & 3 < shared.unable_below
    )
    grace = rules.kind[kind, V_GRACE]
    if corrected and shared.keeper[source, K_CORRECT_DAYS] < grace:
        return
    felt = False
    for r in range(rules.rule_start[kind], rules.rule_start[kind + 1]):
        if (rules.rule[r, U_SOURCES] >> source) & 1 == 0 or day < rules.rule[r, U_FROM] or day > rules.rule[r, U_UNTIL]:
            continue
        if rules.rule[r, U_WHEN] >= 0 and not condition(
            shared, rules, rules.rule[r, U_WHEN], word, years, amount, late, source, stack
        ):
            continue
        hold = np.int64(rules.rule[r, U_HOLD])
        performs = np.int64(-1)
        if hold >= 0:
            lock = rules.hold[hold, H_LOCK]
            if lock >= 0 and state.hold[who, lock] > 0:
                continue
            if status == TRUE_RECORD and rules.hold[hold, H_REMOVAL] >= 0 and shared.act[kind, A_PERFORM] > 0:
                performs = days_to_perform(shared, who, word, day - grace, kind, years)
                if performs >= 0 and performs < grace:
                    tally[base[m.M_GRACE] + hold] += 1
                    continue
        low, high = rules.rule[r, U_LOW], rules.rule[r, U_HIGH]
        step = (amount * (high - low + 1)) >> 8
        points = high - step if high <= 0 else low + step
        if rules.power[X_OFFICERS] != 0:
            points = officer(
                shared, rules, state, who, word, subject, years, day, r, source, amount, points, tally, stack
            )
            if points == SPARED:
                continue
        cap = rules.rule[r, U_CAP]
        if cap >= 0:
            used = np.int64(state.cap[who, cap])
            left = rules.cap_limit[cap] - used
            points = max(min(points, left), -left)
            state.cap[who, cap] = used + abs(points)
        domain = rules.rule[r, U_DOMAIN]
        held = np.int64(state.points[who, domain])
        points = max(min(held + points, DOM_MOST), -DOM_MOST) - held
        state.points[who, domain] = held + points
        tally[base[m.M_POSTED] + r] += 1
        if points < 0:
            tally[base[m.M_LOST] + domain] -= points
            if status != TRUE_RECORD:
                tally[base[m.M_LOST_WRONGLY] + domain] -= points
            if unable:
                tally[base[m.M_LOST_UNABLE] + domain] -= points
        else:
            tally[base[m.M_GAINED] + domain] += points
        if status != TRUE_RECORD:
            shift_points(state.wrong, who, weighted(rules, domain, points))
        elif unable:
            shift_points(state.unable, who, weighted(rules, domain, points))
        if hold >= 0 and state.hold[who, hold] & HOLD_MOST == HOLD_MOST:
            hold = np.int64(-1)
        if hold >= 0:
            enter(rules, state, who, hold, np.int64(status != TRUE_RECORD), np.int64(unable), np.int64(1), tally)
        if points < 0 or hold >= 0:
            felt = True
            if rules.rule[r, U_PASS] != 0:
                pass_on(
                    rules, who, kind, day, r, source, amount, status != TRUE_RECORD, unable, corrected, mail, filled
                )  # fmt: skip
        elif points > 0:
            mind_points(shared, state, who)
        term = np.int64(rules.rule[r, U_TERM])
        if repair and rules.rule[r, U_REPAIR] >= 0 and (term < 0 or rules.rule[r, U_REPAIR] < term):
            term = np.int64(rules.rule[r, U_REPAIR])
        performed = np.int64(0)
        if performs >= 0 and hold >= 0:
            days = performs - grace + rules.hold[hold, H_REMOVAL]
            if term < 0 or days < term:
                term = days
                performed = 1
        mended = np.int64(0)
        if corrected:
            days = shared.keeper[source, K_CORRECT_DAYS] - grace
            if term < 0 or days < term:
                term = days
                mended = 1
        if term >= 0:
            turn = 1 if stale and not mended else 0
            packed = (
                (np.int64(EXPIRE) << CODE_SHIFT)
                | (kind << 30)
                | (np.int64(domain) << 28)
                | ((points + POINTS_ZERO) << 15)
                | ((hold if hold >= 0 else NO_HOLD) << 11)
                | (np.int64(1 if status != TRUE_RECORD else 0) << 10)
                | (np.int64(1 if unable else 0) << 9)
                | (np.int64(turn) << 8)
                | (mended << 7)
                | (source << 2)
                | performed
            )
            schedule(shared, pool, cell, place, window, day + term, packed, ahead, filled)
    if felt:
        frighten(shared, state, who)
        if status == TRUE_RECORD:
            tally[base[m.M_CAUGHT] + shared.act[kind, A_DOMAIN]] += 1


@inner
def expire(shared, rules, state, pool, cell, place, who, window, day, rest, tally, ahead, filled):
    """Take a posting back at the end of its term, or let it turn stale and stay."""
    domain = (rest >> 28) & 3
    points = ((rest >> 15) & 0x1FFF) - POINTS_ZERO
    hold = (rest >> 11) & 15
    wrong = (rest >> 10) & 1
    unable = (rest >> 9) & 1
    if (rest >> 8) & 1:
        if not wrong:
            shift_points(state.wrong, who, weighted(rules, domain, points))
            if hold != NO_HOLD:
                state.hold_why[who, hold] += 1 - 16 * unable
            if unable:
                shift_points(state.unable, who, -weighted(rules, domain, points))
        source = (rest >> 2) & 31
        tally[rules.base[m.M_STALE] + source] += 1
        packed = (np.int64(EXPIRE) << CODE_SHIFT) | (rest & ~np.int64((1 << 8) | (1 << 9))) | np.int64(1 << 10)
        schedule(shared, pool, cell, place, window, day + shared.keeper[source, K_STALE_DAYS], packed, ahead, filled)
        return
    held = np.int64(state.points[who, domain])
    left = max(min(held - points, DOM_MOST), -DOM_MOST)
    state.points[who, domain] = left
    tally[rules.base[m.M_RETURNED] + domain] += left - held
    if wrong:
        shift_points(state.wrong, who, -weighted(rules, domain, points))
    elif unable:
        shift_points(state.unable, who, -weighted(rules, domain, points))
    if hold != NO_HOLD:
        state.hold[who, hold] -= 1
        if wrong:
            state.hold_why[who, hold] -= 1
        elif unable:
            state.hold_why[who, hold] -= 16
        if (rest >> 1) & 1:
            state.hold[who, hold] -= HOLD_PASSED
        if state.hold[who, hold] == 0:
            lock = leave(rules, state, who, hold, rest, tally)
            if lock != 0:
                until = day + rules.hold[hold, H_LOCK_DAYS]
                schedule(shared, pool, cell, place, window, until, lock, ahead, filled)
    if (rest >> 1) & 1:
        shift_points(state.passed, who, -weighted(rules, domain, points))


@inner
def ask(shared, rules, state, here, place, who, word, subject, years, day, rest, tally, queue, filled):
    """Answer a request at a door, or put it in the queue of a scarce one."""
    base = rules.base
    door, score, scored = rest >> 30, here.standing[place], here.scored[place]
    privilege = shared.door[door, D_PRIVILEGE]
    if privilege and not rules.door[door, O_NAMED]:
        return
    tally[base[m.M_REQUESTS] + door] += 1
    why = np.int64(0)
    if rest & ORDINARILY:
        tally[base[m.M_ORDINARY] + door] += 1
        why = 4
    else:
        if rules.any_rule and (score < rules.door[door, O_SAFE] or held(rules, state, who) > 0):
            why = refusal(rules, state, who, door, np.int64(0), score)
            if why > 0 and rules.same_domain:
                profiled = has_profile(rules, subject, scored)
                if not refusal_in_context(shared, rules, state, who, word, years, door, profiled):
                    why = np.int64(0)
        if privilege:
            withheld = why > 0 or not scored
            tally[base[m.M_ORDINARY if withheld else m.M_GRANTED] + door] += 1
            return
        if why > 0:
            tally[base[m.M_SCORE if why == 3 else (m.M_GRADE_REFUSED if why == 2 else m.M_LIST)] + door] += 1
            profiled = has_profile(rules, subject, scored)
            p0, p1, p2, p3 = points_of(rules, state, who, word, years, profiled)
            blame(shared, rules, state, who, word, years, door, profiled, p0, p1, p2, p3, tally)
        elif shared.door[door, D_SCARCE]:
            priority = np.int64(0)
            if rules.any_rule and rules.door[door, O_PRIORITY] == 1:
                priority = score
            elif rules.any_rule and rules.door[door, O_PRIORITY] == 2:
                priority = grade_of(rules, score, state, who, np.int64(0))
            at = filled[1]
            queue[at, 0] = door
            queue[at, 1] = who
            queue[at, 2] = priority
            queue[at, 3] = rest & 0xFFFF
            queue[at, 4] = day
            filled[1] = at + 1
            return
        else:
            tally[base[m.M_GRANTED] + door] += 1
    if why > 0:
        state.stress[who] = np.uint8(min(FULL, np.int64(state.stress[who]) + shared.respond[R_PER_REFUSAL]))


@rare
def live_cell(
    shared, words, rules, state, here, pool, drawn, cell, first, subject, window, years, due, tally, ahead, mail,
    queue, filled, stack,
):  # fmt: skip
    """Live the window of one cell's citizens, one after another.

    Parameters
    ----------
    here : how the citizens of the cell stand; their scores are kept up to date.
    due : what waited for this window, in order, and :data:`END`.
    ahead : scratch for what the citizen's own events bring about in this window.
    """
    first_day = shared.first_day[window]
    filled[2] = filled[3] = 0
    at = due_at = asked_at = 0
    while True:
        event = drawn.ordered[at]
        waited, asked = due[due_at], drawn.asked[asked_at]
        if filled[2] < filled[3] and ahead[filled[2]] < min(min(event, asked), waited):
            event = ahead[filled[2]]
            filled[2] += 1
            if filled[2] == filled[3]:
                filled[2] = filled[3] = 0
        elif asked < min(event, waited):
            event = asked
            asked_at += 1
        elif waited < event:
            event = waited
            due_at += 1
        else:
            at += 1
        if event == END:
            break
        place = event >> WHO_SHIFT
        who = first + place
        word = np.int64(words[who])
        row = tally[here.group[place]]
        day = first_day + ((event >> DAY_SHIFT) & 511)
        code = (event >> CODE_SHIFT) & 7
        rest = event & REST_MASK
        now = NOTHING
        if code == ASK:
            ask(shared, rules, state, here, place, who, word, subject, years, day, rest, row, queue, filled)
            continue
        if code == POST:
            now = rest
        elif code == HARM:
            be_harmed(shared, rules, state, who, row)
            continue
        elif code == EXPIRE:
            expire(shared, rules, state, pool, cell, place, who, window, day, rest, row, ahead, filled)
        else:
            false = code != ACT
            pair, end, item, number = rest >> 28, (rest >> 28) + 1, np.int64(0), (rest >> 14) & 0x3FFF
            if not false:
                kind = rest >> 30
                item = drawn.item[rest & ITEM_MASK]
                if not happens(shared, rules, state, here, place, who, word, subject, kind, item, row):
                    continue
                if shared.act[kind, A_FLAGS] & HARMS_TIED:
                    send_harm(mail, filled, who, day, kind, (item >> NUMBER_SHIFT) & 0x3FFF)
                pair, end = shared.cover_start[kind], shared.cover_start[kind + 1]
                record = item >> RECORD_SHIFT
                simple = here.simple[kind]
                if simple >= 0 and is_simple(record):
                    if here.scored[place]:
                        post_simple(shared, rules, state, who, kind, pair, simple, record, row)
                        profiled = has_profile(rules, subject, np.int64(1))
                        here.standing[place] = current_score(rules, state, who, word, years, profiled)
                    else:
                        row[rules.base[m.M_RECORDS] + pair] += 1
                    continue
                number = (item >> NUMBER_SHIFT) & 0x3FFF
            for nth in range(end - pair):
                record = item >> RECORD_SHIFT if nth == 0 else np.int64(drawn.more[nth - 1, rest & ITEM_MASK])
                if record != 0 or false:
                    more = write_record(
                        shared, rules, state, here, pool, cell, place, who, word, subject, window, day, pair + nth,
                        number, record, row, ahead, mail, filled, years,
                    )  # fmt: skip
                    if now == NOTHING:
                        now = more
                    elif more != NOTHING:
                        again = (np.int64(POST) << CODE_SHIFT) | more
                        schedule(shared, pool, cell, place, window, day, again, ahead, filled)
        if now != NOTHING and here.scored[place]:
            post(
                shared, rules, state, pool, cell, place, who, word, subject, window, day, now, row, ahead, mail, filled,
                years, stack,
            )  # fmt: skip
        if now != NOTHING or code == EXPIRE:
            profiled = has_profile(rules, subject, here.scored[place])
            here.standing[place] = current_score(rules, state, who, word, years, profiled)
