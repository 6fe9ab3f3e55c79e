"""Compiled response: how much of what somebody would do is shown under a scheme."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from .jit import inner
from .kernel_score import grade_of
from .kernel_trust import trusting
from .layout import (
    FULL,
    ONE,
    RESPONDS_CROWDING,
    RESPONDS_DETERRENCE,
    RESPONDS_GAMING,
    RESPONDS_INCAPACITATION,
    RESPONDS_SILENCE,
    RESPONDS_STRESS,
    RESPONDS_TRUST,
    RISK_SHIFT,
    SEVERITY_SHIFT,
    SEVERITY_STEPS,
)
from .tables import A_CLASS, A_DOMAIN, R_CONFINED, R_CROWD, R_GAMING, R_REACH, R_STRESS, R_TRUST

__all__ = ["frighten", "mind_points", "response"]


@inner
def frighten(shared, state, who):
    """Let it seem likelier to be caught to who was, where any act hangs on that."""
    if shared.wary:
        risk = np.int64(state.risk[who])
        state.risk[who] = risk + ((FULL - risk) >> 3)


@inner
def mind_points(shared, state, who):
    """Let points take some of the place of a good will, where any act hangs on that."""
    if shared.minded:
        motive = np.int64(state.motive[who])
        state.motive[who] = motive - (motive >> 4)


@inner
def response(shared, rules, state, score, who, kind, flags, severity, reward):
    """Return how much of a kind's ceiling a citizen shows under this side's scheme, in Q15.

    `severity` and `reward` are 0 for who is not scored.
    """
    out = np.int64(ONE)
    if severity > 0 and flags & (RESPONDS_DETERRENCE | RESPONDS_SILENCE):
        told = state.news[4 * shared.act[kind, A_CLASS] + shared.act[kind, A_DOMAIN]]
        risk = ((3 * np.int64(state.risk[who]) + told) >> 2) >> RISK_SHIFT
        at = risk * SEVERITY_STEPS + (severity >> SEVERITY_SHIFT)
        if flags & RESPONDS_DETERRENCE:
            out = (out * shared.deter[at]) >> 15
        if flags & RESPONDS_SILENCE:
            out = (out * shared.silence[at]) >> 15
    if flags & RESPONDS_STRESS:
        out = (out * (ONE + ((shared.respond[R_STRESS] * state.stress[who]) >> 8))) >> 15
    if reward > 0:
        if flags & RESPONDS_GAMING:
            for b in range(1, rules.band_from.shape[0]):
                gap = rules.band_from[b] - score
                if gap > 0 and gap <= shared.respond[R_REACH]:
                    out = (out * (ONE + shared.respond[R_GAMING])) >> 15
                    break
        if flags & RESPONDS_CROWDING:
            lost = (shared.respond[R_CROWD] * (FULL - np.int64(state.motive[who]))) >> 8
            out = (out * (ONE - lost)) >> 15
    if flags & RESPONDS_TRUST and shared.respond[R_TRUST] != 0:
        out = trusting(shared, state, who, flags, out)
    confined = shared.respond[R_CONFINED] != ONE and rules.any_rule
    if flags & RESPONDS_INCAPACITATION and confined and grade_of(rules, score, state, who, np.int64(0)) == 0:
        out = (out * shared.respond[R_CONFINED]) >> 15
    return out
