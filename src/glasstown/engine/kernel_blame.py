"""Compiled account of what a refusal rests on."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from . import measures as m
from .jit import rare
from .kernel_score import held, refusal, refusal_in_context, score_without
from .kernel_trust import lose_trust
from .tables import D_CHILD, X_PASSES

__all__ = ["blame"]


@rare
def blame(shared, rules, state, who, word, years, door, profiled, p0, p1, p2, p3, tally):
    """Count what a refusal rests on: errors, inability, another context, others' doing; the citizen knows now."""
    base = rules.base
    # who has no such points and is on no list is refused without them as well
    listed, wrong, unable = held(rules, state, who) > 0, np.int64(state.wrong[who]), np.int64(state.unable[who])
    if listed or wrong != 0:
        clean = score_without(rules, p0, p1, p2, p3, wrong)
        if refusal(rules, state, who, door, np.int64(1), clean) == 0:
            tally[base[m.M_WRONGLY] + door] += 1
            lose_trust(shared, state, who)
    if listed or unable != 0:
        able = score_without(rules, p0, p1, p2, p3, unable)
        if refusal(rules, state, who, door, np.int64(2), able) == 0:
            tally[base[m.M_UNABLE] + door] += 1
    if not refusal_in_context(shared, rules, state, who, word, years, door, profiled):
        tally[base[m.M_CONTEXT] + door] += 1
    if shared.aware < np.int64(1) << 32:
        state.told[who] = 1
    others = np.int64(0)
    if rules.power[X_PASSES] != 0:
        others = refusal(
            rules, state, who, door, np.int64(3),
            score_without(rules, p0, p1, p2, p3, np.int64(state.passed[who])),
        ) == 0  # fmt: skip
    if shared.door[door, D_CHILD] or others:
        tally[base[m.M_PASSED_ON] + door] += 1
