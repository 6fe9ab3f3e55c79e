"""Compiled pieces of the scheme: scores, grades, conditions, doors."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from .jit import inner, rare
from .layout import ADULT, HOLD_MOST
from .tables import (
    D_DOMAIN,
    F_AGES,
    F_MASK,
    F_OFFSET,
    F_SHIFT,
    G_MASK,
    G_SHIFT,
    G_STRIDE,
    H_DOMAIN,
    H_GRADE,
    L_AGES,
    L_CLASS,
    L_MASK,
    L_OFFSET,
    L_SHIFT,
    N_GROUP,
    N_GROUP_TRAIT,
    O_GRADES,
    O_HOLDS,
    O_SCORE,
    T_AGES,
    T_MASK,
    T_SHIFT,
    SideRules,
    SideState,
)

__all__ = [
    "age_of",
    "condition",
    "factor_product",
    "grade_of",
    "group_of",
    "held",
    "hundredth",
    "points_in",
    "points_of",
    "score_of",
    "trait_of",
]


@inner
def age_of(shared, word, years):
    """Return the age in `years` elapsed, or an adult's where the society has no ages."""
    if shared.age_shift < 0:
        return np.int64(ADULT)
    return min(((word >> shared.age_shift) & 127) + years, 127)


@inner
def trait_of(shared, word, at, years):
    """Return one trait's value; ages grow with the calendar."""
    value = (word >> shared.trait[at, T_SHIFT]) & shared.trait[at, T_MASK]
    if shared.trait[at, T_AGES]:
        value = min(value + years, 127)
    return value


@inner
def group_of(shared, subject, word):
    """Return the number of a subject's group; `subject` is the class."""
    out = np.int64(shared.classes[subject, N_GROUP])
    for at in range(shared.classes[subject, N_GROUP_TRAIT], shared.classes[subject + 1, N_GROUP_TRAIT]):
        out += ((word >> shared.group[at, G_SHIFT]) & shared.group[at, G_MASK]) * shared.group[at, G_STRIDE]
    return out


@inner
def factor_product(factors, at, word, years):
    """Return the product of a set's multipliers for one citizen, in Q31."""
    out = np.int64(1) << 31
    for f in range(factors.start[at], factors.start[at + 1]):
        value = (word >> factors.row[f, F_SHIFT]) & factors.row[f, F_MASK]
        if factors.row[f, F_AGES]:
            value = min(value + years, 127)
        out = (out * factors.lut[factors.row[f, F_OFFSET] + value]) >> 31
    return out


@inner
def points_in(rules, state, who, word, years, domain, profiled):
    """Return the points of one domain: posted, and by what registers know.

    `profiled` is the class of whoever is scored; -1 for others, of whom nothing counts that registers know.
    """
    out = np.int64(state.points[who, domain])
    if profiled >= 0:
        out += profile_points(rules, word, years, domain, profiled)
    return out


@rare
def profile_points(rules, word, years, domain, subject):
    """Return the points of one domain that go by what registers know of a class of subjects."""
    out = np.int64(0)
    for row in range(rules.profile_start[domain], rules.profile_start[domain + 1]):
        if rules.profile[row, L_CLASS] != subject:
            continue
        value = (word >> rules.profile[row, L_SHIFT]) & rules.profile[row, L_MASK]
        if rules.profile[row, L_AGES]:
            value = min(value + years, 127)
        out += rules.profile_points[rules.profile[row, L_OFFSET] + value]
    return out


@inner
def points_of(rules, state, who, word, years, profiled):
    """Return the points of every domain; see :func:`points_in`."""
    p0, p1 = np.int64(state.points[who, 0]), np.int64(state.points[who, 1])
    p2, p3 = np.int64(state.points[who, 2]), np.int64(state.points[who, 3])
    if profiled >= 0:
        p0 += profile_points(rules, word, years, np.int64(0), profiled)
        p1 += profile_points(rules, word, years, np.int64(1), profiled)
        p2 += profile_points(rules, word, years, np.int64(2), profiled)
        p3 += profile_points(rules, word, years, np.int64(3), profiled)
    return p0, p1, p2, p3


@inner
def hundredth(total):
    """Return ``total // 100``, for what points can come to: without a division, so that several are done at once.

    Exact below 2·10⁸ either way (42949673 is 2³² / 100 rounded up).
    """
    return ((((total + (100 << 21)) & 0xFFFFFFFF) * 42949673) >> 32) - (1 << 21)


@inner
def score_of(rules, p0, p1, p2, p3):
    """Return the score of four domain scores."""
    total = p0 * rules.weights[0] + p1 * rules.weights[1] + p2 * rules.weights[2] + p3 * rules.weights[3]
    return min(max(rules.start + hundredth(total), rules.floor), rules.ceiling)


@inner
def score_without(rules, p0, p1, p2, p3, weighted):
    """Return the score without some points, already weighted."""
    total = p0 * rules.weights[0] + p1 * rules.weights[1] + p2 * rules.weights[2] + p3 * rules.weights[3]
    return min(max(rules.start + hundredth(total) - weighted, rules.floor), rules.ceiling)


@inner
def band_of(rules, score):
    """Return the band that a score alone gives."""
    grade = rules.band_from.shape[0] - 1
    while grade > 0 and score < rules.band_from[grade]:
        grade -= 1
    return grade


@inner
def entries(state, who, h, without):
    """Return the active entries of a hold: all, or without the wrong (1), those of inability (2), or others' (3)."""
    count = np.int64(state.hold[who, h]) & HOLD_MOST
    if without == 1:
        count -= np.int64(state.hold_why[who, h]) & 15
    elif without == 2:
        count -= np.int64(state.hold_why[who, h]) >> 4
    elif without == 3:
        count -= np.int64(state.hold[who, h]) >> 4
    return count


@inner
def held(rules, state, who):
    """Return a number above 0 where a citizen is on a list or under a forced grade."""
    out = np.int64(0)
    for h in range(rules.hold.shape[0]):
        out += state.hold[who, h]
    return out


@rare
def grade_of(rules, score, state, who, without):
    """Return the grade: the score's band, capped by forced grades; see :func:`entries` for `without`."""
    grade = band_of(rules, score)
    for h in range(rules.hold.shape[0]):
        if rules.hold[h, H_GRADE] >= 0 and entries(state, who, h, without) > 0:
            grade = min(grade, np.int64(rules.hold[h, H_GRADE]))
    return grade


@rare
def condition(shared, rules, at, word, years, amount, late, source, stack):
    """Return whether the condition at `at` of the side's code holds."""
    top = -1
    code = rules.code
    while True:
        op, arg = code[at], code[at + 1]
        at += 2
        if op == 0:
            return stack[0] != 0
        if op <= 5:
            top += 1
            if op == 1:
                stack[top] = arg
            elif op == 2:
                stack[top] = trait_of(shared, word, arg, years)
            elif op == 3:
                stack[top] = amount
            elif op == 4:
                stack[top] = late
            else:
                stack[top] = source
        elif op == 14:
            stack[top] = 1 if stack[top] == 0 else 0
        elif op == 18:
            stack[top] = -stack[top]
        else:
            b = stack[top]
            top -= 1
            a = stack[top]
            if op == 6:
                stack[top] = 1 if a == b else 0
            elif op == 7:
                stack[top] = 1 if a != b else 0
            elif op == 8:
                stack[top] = 1 if a < b else 0
            elif op == 9:
                stack[top] = 1 if a <= b else 0
            elif op == 10:
                stack[top] = 1 if a > b else 0
            elif op == 11:
                stack[top] = 1 if a >= b else 0
            elif op == 12:
                stack[top] = 1 if a != 0 and b != 0 else 0
            elif op == 13:
                stack[top] = 1 if a != 0 or b != 0 else 0
            elif op == 15:
                stack[top] = a + b
            elif op == 16:
                stack[top] = a - b
            else:
                stack[top] = a * b


LIST, GRADE, SCORE = 1, 2, 3


@rare
def refusal(rules: SideRules, state: SideState, who, door, without, score):
    """Return why the scheme refuses a door at this score: 0 not at all, 1 list, 2 grade, 3 score."""
    mask = rules.door[door, O_HOLDS]
    if mask != 0:
        for h in range(rules.hold.shape[0]):
            if (mask >> h) & 1 and entries(state, who, h, without) > 0:
                return LIST
    if rules.door[door, O_GRADES] != 0:
        grade = grade_of(rules, score, state, who, without)
        if (rules.door[door, O_GRADES] >> grade) & 1:
            return GRADE
    if score < rules.door[door, O_SCORE]:
        return SCORE
    return 0


@rare
def refusal_in_context(shared, rules: SideRules, state: SideState, who, word, years, door, profiled):
    """Return whether the door would still be refused if only its own domain's records counted."""
    domain = shared.door[door, D_DOMAIN]
    points = points_in(rules, state, who, word, years, domain, profiled)
    score = min(max(rules.start + hundredth(points * rules.weights[domain]), rules.floor), rules.ceiling)
    mask = rules.door[door, O_HOLDS]
    grade = band_of(rules, score)
    for h in range(rules.hold.shape[0]):
        if state.hold[who, h] > 0 and (rules.hold[h, H_DOMAIN] == domain or rules.hold[h, H_DOMAIN] < 0):
            if (mask >> h) & 1:
                return True
            if rules.hold[h, H_GRADE] >= 0:
                grade = min(grade, np.int64(rules.hold[h, H_GRADE]))
    if (rules.door[door, O_GRADES] >> grade) & 1:
        return True
    return score < rules.door[door, O_SCORE]
