"""Compiled beginning and end of a cell's window: how its subjects stand, and what time does to them.

Short loops over few columns: what is looked at together stays in registers.
"""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from . import measures as m
from .jit import inner, rare
from .kernel_score import age_of, grade_of, group_of, held, hundredth, points_of, score_without
from .kernel_subject import begun, consents, current_score, has_profile, visited
from .kernel_trust import pass_trust
from .layout import ADULT, FULL
from .tables import (
    H_GRADE,
    K_SUBJECTS,
    K_VISIT_ID,
    K_VISITS,
    N_FIRST,
    N_SALT,
    R_MOTIVE_BACK,
    R_STRESS_KEEP,
    X_PASSES,
)

__all__ = ["close_window", "find_groups", "meet", "stand"]


@rare
def find_groups(shared, words, here, first, count, subject):
    """Write the group of each subject of a cell."""
    for c in range(count):
        here.group[c] = group_of(shared, subject, np.int64(words[first + c]))


@rare
def meet(shared, words, rules, state, here, first, count, subject, years):
    """Write who of a cell is counted as grown up and who is scored on one side, and at what score all stand."""
    grown, mine = here.grown, here.scored
    inside = (rules.subjects >> subject) & 1 != 0 and begun(shared, state, first)
    for c in range(count):
        age = age_of(shared, np.int64(words[first + c]), years)
        grown[c] = subject > 0 or age >= max(ADULT, rules.min_age)
        mine[c] = inside and (subject > 0 or age >= rules.min_age)
    if inside and rules.consent < 0xFFFFFFFF:
        for c in range(count):
            if mine[c] and not consents(shared, rules, first + c, subject):
                mine[c] = 0
    stand(words, rules, state, here, first, count, subject, years)


@rare
def stand(words, rules, state, here, first, count, subject, years):
    """Write at what score all of a cell stand."""
    scored, standing, points = here.scored, here.standing, state.points
    w0, w1, w2, w3 = rules.weights[0], rules.weights[1], rules.weights[2], rules.weights[3]
    start, floor, ceiling = rules.start, rules.floor, rules.ceiling
    if rules.profile_start[4] == 0:
        for c in range(count):
            total = np.int32(points[first + c, 0] * w0) + np.int32(points[first + c, 1] * w1)
            total += np.int32(points[first + c, 2] * w2) + np.int32(points[first + c, 3] * w3)
            standing[c] = min(max(start + hundredth(total), floor), ceiling)
        return
    for c in range(count):
        word = np.int64(words[first + c])
        standing[c] = current_score(rules, state, first + c, word, years, has_profile(rules, subject, scored[c]))


@inner
def pass_time(shared, state, first, count):
    """Let stress, motive and what was done fade."""
    keep, back = shared.respond[R_STRESS_KEEP], shared.respond[R_MOTIVE_BACK]
    stress, motive, did = state.stress, state.motive, state.did
    for who in range(first, first + count):
        stress[who] = (np.int64(stress[who]) * keep) >> 8
    if shared.minded:
        for who in range(first, first + count):
            left = np.int64(motive[who])
            motive[who] = left + (((FULL - left) * back) >> 8)
    if did.shape[0] > 1:
        for who in range(first, first + count):
            did[who] -= did[who] > 0


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
def decay_all(words, rules, state, here, first, count, subject, years, tally):
    """Let the points of all who are scored decay."""
    for c in range(count):
        if here.grown[c] and here.scored[c]:
            decay_points(rules, state, first + c, tally[here.group[c]])
            word, profiled = np.int64(words[first + c]), has_profile(rules, subject, np.int64(1))
            here.standing[c] = current_score(rules, state, first + c, word, years, profiled)


@rare
def count_visits(shared, words, rules, state, here, first, count, subject, window, years, tally):
    """Count whom inspectors looked at."""
    grades = rules.band_from.shape[0]
    own_first, salt = first - shared.classes[subject, N_FIRST], shared.classes[subject, N_SALT]
    for source in range(shared.keeper.shape[0]):
        if shared.keeper[source, K_VISITS] == 0 or (shared.keeper[source, K_SUBJECTS] >> subject) & 1 == 0:
            continue
        most = np.int64(0)
        for at in range(subject * (grades + 1), (subject + 1) * (grades + 1)):
            most = max(most, state.visit[source, at])
        decision, chance = shared.keeper[source, K_VISIT_ID], here.chance
        for c in range(count):
            chance[c], _, _, _ = philox_compiled(own_first + c, decision, window, salt, shared.key0, shared.key1)
        column = rules.base[m.M_VISITS] + source
        for c in range(count):
            if chance[c] < most and here.grown[c]:
                who = first + c
                word = np.int64(words[who])
                if visited(shared, rules, state, who, word, years, window, source, subject, here.scored[c]):
                    tally[here.group[c], column] += 1


@rare
def count_grades(rules, state, here, first, count, tally, scores):
    """Count the grades and scores of all who are scored; write their grades."""
    base, standing, grade = rules.base, here.standing, here.grade
    floor = rules.floor
    forced = False
    for h in range(rules.hold.shape[0]):
        forced = forced or rules.hold[h, H_GRADE] >= 0
    for c in range(count):
        grade[c] = 0
    for band in range(1, rules.band_from.shape[0]):
        least = rules.band_from[band]
        for c in range(count):
            grade[c] += standing[c] >= least
    if forced:
        for c in range(count):
            if held(rules, state, first + c) > 0:
                grade[c] = grade_of(rules, standing[c], state, first + c, np.int64(0))
    column = base[m.M_GRADE]
    for c in range(count):
        if here.grown[c] & here.scored[c]:
            tally[here.group[c], column + grade[c]] += 1
            scores[(standing[c] - floor) // 10] += 1
    if state.did.shape[0] > 1:
        column = base[m.M_DOERS]
        for c in range(count):
            if state.did[first + c] > 0 and here.grown[c] & here.scored[c]:
                tally[here.group[c], column + grade[c]] += 1


@rare
def count_wronged(words, rules, state, here, first, count, subject, years, tally):
    """Count who is graded down by others' errors, and who is on each list."""
    base = rules.base
    for c in range(count):
        who = first + c
        wrong, on_lists = np.int64(state.wrong[who]), held(rules, state, who)
        if (wrong < 0 or on_lists > 0) and here.grown[c] & here.scored[c]:
            row, profiled = tally[here.group[c]], has_profile(rules, subject, np.int64(1))
            p0, p1, p2, p3 = points_of(rules, state, who, np.int64(words[who]), years, profiled)
            clean = score_without(rules, p0, p1, p2, p3, wrong)
            if grade_of(rules, clean, state, who, np.int64(1)) > here.grade[c]:
                row[base[m.M_GRADED_DOWN]] += 1
            for h in range(rules.hold.shape[0]):
                if state.hold[who, h] > 0:
                    row[base[m.M_HELD] + h] += 1


@rare
def close_window(shared, words, rules, state, here, first, count, subject, window, years, tally, scores):
    """Count how each subject of a cell stands at the window's end, and let time pass."""
    pass_time(shared, state, first, count)
    if state.trust.shape[0] > 1 and subject == 0:
        pass_trust(shared, rules, state, here, first, count, window, tally)
    column = rules.base[m.M_STRESS]
    for c in range(count):
        if state.stress[first + c] > 0 and here.grown[c]:
            tally[here.group[c], column] += state.stress[first + c]
    if shared.visiting:
        count_visits(shared, words, rules, state, here, first, count, subject, window, years, tally)
    if (rules.subjects >> subject) & 1 == 0 or not begun(shared, state, first):
        return
    if rules.decay > 0:
        decay_all(words, rules, state, here, first, count, subject, years, tally)
    count_grades(rules, state, here, first, count, tally, scores)
    count_wronged(words, rules, state, here, first, count, subject, years, tally)
