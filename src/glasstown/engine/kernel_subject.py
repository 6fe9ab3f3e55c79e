"""Compiled pieces about one subject: who is scored, who knows of it, what the score counts, who is looked at."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from .jit import inner, rare
from .kernel_score import age_of, grade_of, points_of, score_of
from .layout import BLOCK_BITS, DOM_MOST
from .tables import K_VISIT_ID

__all__ = ["aware", "begun", "current_score", "has_profile", "scored", "shift_points", "visited", "weighted"]


@inner
def weighted(rules, domain, points):
    """Return what points of one domain weigh in the score."""
    return (points * rules.weights[domain]) // 100


@inner
def shift_points(column, who, points):
    """Add weighted points to a column that never passes its bound."""
    column[who] = max(min(np.int64(column[who]) + points, DOM_MOST), -DOM_MOST)


@inner
def begun(shared, state, who):
    """Return whether the scheme has begun where a citizen lives."""
    return shared.rolled_out == 0 or state.started[shared.place_of_block[who >> BLOCK_BITS]] != 0


@inner
def scored(shared, rules, state, who, word, years):
    """Return whether a citizen is a subject of this side's scheme: begun, old enough, and willing where it asks."""
    if age_of(shared, word, years) < rules.min_age or not begun(shared, state, who):
        return False
    if rules.consent < 0xFFFFFFFF:
        c, _, _, _ = philox_compiled(who, shared.consent_id, 0, 0, shared.key0, shared.key1)
        return c < rules.consent
    return True


@rare
def aware(shared, state, who):
    """Return whether a citizen knows of being scored."""
    if shared.aware >= np.int64(1) << 32 or state.told[who] != 0:
        return True
    c, _, _, _ = philox_compiled(who, shared.aware_id, 0, 0, shared.key0, shared.key1)
    return c < shared.aware


@inner
def has_profile(shared, rules, state, who, word, years):
    """Return whether points by what registers know count for a citizen."""
    return rules.profile_start[4] > 0 and scored(shared, rules, state, who, word, years)


@inner
def current_score(shared, rules, state, who, word, years):
    """Return a citizen's score."""
    profiled = has_profile(shared, rules, state, who, word, years)
    p0, p1, p2, p3 = points_of(rules, state, who, word, years, profiled)
    return score_of(rules, p0, p1, p2, p3)


@rare
def visited(shared, rules, state, who, word, years, window, source):
    """Return whether an inspector looks at a citizen in this window."""
    at = rules.band_from.shape[0]
    if scored(shared, rules, state, who, word, years):
        at = grade_of(rules, current_score(shared, rules, state, who, word, years), state, who, np.int64(0))
    c, _, _, _ = philox_compiled(who, shared.keeper[source, K_VISIT_ID], window, 0, shared.key0, shared.key1)
    return c < state.visit[source, at]
