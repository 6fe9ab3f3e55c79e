"""Compiled pieces about one subject: who is scored, who knows of it, what the score counts, who is looked at."""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from .jit import inner, rare
from .kernel_score import grade_of, hundredth, points_of, score_of
from .layout import BLOCK_BITS, DOM_MOST
from .tables import K_VISIT_ID, N_FIRST, N_SALT

__all__ = [
    "aware",
    "begun",
    "consents",
    "current_score",
    "has_profile",
    "shift_points",
    "visited",
    "weighted",
]


@inner
def weighted(rules, domain, points):
    """Return what points of one domain weigh in the score."""
    return hundredth(points * rules.weights[domain])


@inner
def shift_points(column, who, points):
    """Add weighted points to a column that never passes its bound."""
    column[who] = max(min(np.int64(column[who]) + points, DOM_MOST), -DOM_MOST)


@inner
def begun(shared, state, who):
    """Return whether the scheme has begun where a citizen lives."""
    return shared.rolled_out == 0 or state.started[shared.place_of_block[who >> BLOCK_BITS]] != 0


@inner
def consents(shared, rules, who, subject):
    """Return whether somebody lets a scheme score them; all do where it does not ask."""
    if rules.consent >= 0xFFFFFFFF:
        return True
    own = who - shared.classes[subject, N_FIRST]
    c, _, _, _ = philox_compiled(own, shared.consent_id, 0, shared.classes[subject, N_SALT], shared.key0, shared.key1)
    return c < rules.consent


@rare
def aware(shared, state, who, subject):
    """Return whether a citizen knows of being scored, where not everybody does."""
    if state.told[who] != 0:
        return True
    own = who - shared.classes[subject, N_FIRST]
    c, _, _, _ = philox_compiled(own, shared.aware_id, 0, shared.classes[subject, N_SALT], shared.key0, shared.key1)
    return c < shared.aware


@inner
def has_profile(rules, subject, scored):
    """Return the class of whoever points by what registers know count for; -1 where they do not."""
    return subject if scored and rules.profile_start[4] > 0 else np.int64(-1)


@inner
def current_score(rules, state, who, word, years, profiled):
    """Return a citizen's score."""
    p0, p1, p2, p3 = points_of(rules, state, who, word, years, profiled)
    return score_of(rules, p0, p1, p2, p3)


@rare
def visited(shared, rules, state, who, word, years, window, source, subject, scored):
    """Return whether an inspector looks at a citizen in this window."""
    grades = rules.band_from.shape[0]
    at = grades
    if scored:
        profiled = has_profile(rules, subject, scored)
        at = grade_of(rules, current_score(rules, state, who, word, years, profiled), state, who, np.int64(0))
    own = who - shared.classes[subject, N_FIRST]
    salt = shared.classes[subject, N_SALT]
    c, _, _, _ = philox_compiled(own, shared.keeper[source, K_VISIT_ID], window, salt, shared.key0, shared.key1)
    return c < state.visit[source, subject * (grades + 1) + at]
