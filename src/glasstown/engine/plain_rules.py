"""The plain twin's scheme: scores, grades, conditions and doors in ordinary Python."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .layout import ADULT
from .tables import (
    H_DOMAIN,
    H_GRADE,
    L_AGES,
    L_CLASS,
    L_MASK,
    L_OFFSET,
    L_SHIFT,
    O_GRADES,
    O_HOLDS,
    O_SCORE,
    Factors,
    SideRules,
)

if TYPE_CHECKING:
    from .program import Program

__all__ = [
    "age_in",
    "condition_holds",
    "counted_points",
    "factor_product",
    "grade_of",
    "refusal",
    "refusal_in_context",
    "score_of",
    "score_without",
    "weighted",
]


def age_in(age_shift: int, traits: int, years: int) -> int:
    """Return an age after `years`; everyone is an adult where the society has no ages."""
    return ADULT if age_shift < 0 else min(((traits >> age_shift) & 127) + years, 127)


def factor_product(factors: Factors, at: int, traits: int, years: int) -> int:
    """Return the product of one set of multipliers, in Q31."""
    out = 1 << 31
    for f in range(int(factors.start[at]), int(factors.start[at + 1])):
        shift, mask, offset, ages = factors.row[f].tolist()
        value = (traits >> shift) & mask
        if ages:
            value = min(value + years, 127)
        out = (out * int(factors.lut[offset + value])) >> 31
    return out


def counted_points(rules: SideRules, subject: int, points: Sequence[int], traits: int, years: int) -> list[int]:
    """Return the points by domain that the score counts: posted, and by what registers know of this class."""
    out = list(points)
    for domain in range(len(out)):
        for row in range(int(rules.profile_start[domain]), int(rules.profile_start[domain + 1])):
            if int(rules.profile[row, L_CLASS]) != subject:
                continue
            value = (traits >> int(rules.profile[row, L_SHIFT])) & int(rules.profile[row, L_MASK])
            if rules.profile[row, L_AGES]:
                value = min(value + years, 127)
            out[domain] += int(rules.profile_points[int(rules.profile[row, L_OFFSET]) + value])
    return out


def weighted(rules: SideRules, domain: int, points: int) -> int:
    """Return what points of one domain weigh in the score."""
    return (points * int(rules.weights[domain])) // 100


def _total(rules: SideRules, points: Sequence[int]) -> int:
    return sum(p * int(w) for p, w in zip(points, rules.weights, strict=True)) // 100


def _clip(rules: SideRules, score: int) -> int:
    return min(max(score, rules.floor), rules.ceiling)


def score_of(rules: SideRules, points: Sequence[int]) -> int:
    """Return the score of four domain scores."""
    return _clip(rules, rules.start + _total(rules, points))


def score_without(rules: SideRules, points: Sequence[int], removed: int) -> int:
    """Return the score without some points, already weighted."""
    return _clip(rules, rules.start + _total(rules, points) - removed)


def _band(rules: SideRules, score: int) -> int:
    return max(b for b, least in enumerate(rules.band_from.tolist()) if b == 0 or score >= least)


def grade_of(rules: SideRules, score: int, holds: Sequence[int]) -> int:
    """Return the grade: the score's band, capped by every forced grade that is active."""
    grade = _band(rules, score)
    for active, forced in zip(holds, rules.hold[:, H_GRADE].tolist(), strict=True):
        if active > 0 and forced >= 0:
            grade = min(grade, forced)
    return grade


def refusal(rules: SideRules, score: int, holds: Sequence[int], door: int) -> str:
    """Return why the scheme refuses a door: ``list``, ``grade``, ``score``, or ``""`` for not at all."""
    mask = int(rules.door[door, O_HOLDS])
    if any(active > 0 and (mask >> h) & 1 for h, active in enumerate(holds)):
        return "list"
    if (int(rules.door[door, O_GRADES]) >> grade_of(rules, score, holds)) & 1:
        return "grade"
    return "score" if score < int(rules.door[door, O_SCORE]) else ""


def refusal_in_context(rules: SideRules, domain: int, points: Sequence[int], holds: Sequence[int], door: int) -> bool:
    """Return whether the door stays shut if only records of its own domain count."""
    own = [p if d == domain else 0 for d, p in enumerate(points)]
    own_holds = [
        active if rules.hold[h, H_DOMAIN] == domain or rules.hold[h, H_DOMAIN] < 0 else 0
        for h, active in enumerate(holds)
    ]
    return bool(refusal(rules, score_of(rules, own), own_holds, door))


def condition_holds(
    program: Program, side: int, rule: int, traits: int, years: int, amount: int, late: int, source: int
) -> bool:
    """Return whether a rule's condition holds for a record about this citizen."""
    return program.condition(side, rule, traits, years, amount, late, source)
