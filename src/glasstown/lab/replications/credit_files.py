"""Wrong records in credit files: error rates of two studies, and how many people they put into a wrong tier."""

from __future__ import annotations

from math import log

import numpy as np

from .rows import Replication, Row, share, verdict
from .worlds import act, keeper, lived, rule, world

__all__ = ["replication"]

FTC = "FTC, report under section 319 of the FACT Act, December 2012 (n = 1,001)"
SCHUFA = "Finanztest sample of SCHUFA files, 2010"
YEARS = 5
CHANGED, SCORED = 0.206, 0.129
POINTS = {"late": (-40, -10), "default": (-120, -40)}
BANDS = {"very-good": 800, "good": 740, "fair": 670, "weak": 580, "poor": None}


def replication(citizens: int = 300_000, seed: int = 1) -> Replication:
    """Run a banded score of 300 to 850 over files with the studies' errors."""
    any_, counting, over50, tier = _files(citizens, seed, *_false_rates(), wrong=0.0, stale=0.0, coverage=0.9)
    _, _, _, schufa = _files(citizens, seed, 0.0, 0.0, wrong=0.01, stale=0.08, coverage=0.72)
    rows = (
        Row(
            "people with a wrong record in the file",
            "20.6 % (a report was changed)",
            share(any_),
            _far(any_, CHANGED),
            verdict(any_, 0.196, 0.216),
            "calibrated",
            FTC,
        ),
        Row(
            "people whose score is wrong for it",
            "12.9 % (the score changed)",
            share(counting),
            _far(counting, SCORED),
            verdict(counting, 0.119, 0.139),
            "calibrated",
            FTC,
        ),
        Row(
            "people in a worse tier for it",
            "5.2 % (moved risk tier)",
            share(tier),
            _far(tier, 0.052),
            verdict(tier, 0.038, 0.066),
            "predicted",
            FTC,
        ),
        Row(
            "people short of more than 50 points for it",
            "2.7 % (gained more than 50)",
            share(over50),
            _far(over50, 0.027),
            verdict(over50, 0.017, 0.037),
            "predicted",
            FTC,
        ),
        Row(
            "people in a worse tier, at 1 % wrong, 8 % stale, 28 % missing records",
            "not published",
            share(schufa),
            "–",
            "–",
            "measured",
            SCHUFA,
        ),
    )
    return Replication(
        "credit-files",
        "Wrong records in credit files",
        "In a study of 1,001 American consumers 20.6 per cent had a report changed after they disputed it, 12.9 per "
        "cent had their score changed, 5.2 per cent moved to another risk tier. A score of 300 to 850 in five tiers "
        "is run over files with errors at such rates.",
        rows,
        (
            "Calibrated: how often a false record is written, and which share of them costs points (two numbers, to "
            "the first two rows). Predicted: the two rows after that.",
            "Bounds are two standard errors of the study's own sample of 1,001.",
            "Assumed, and not tuned: 10 to 40 points for a late payment, 40 to 120 for a default, who pays late, and "
            "where the tiers begin (800, 740, 670, 580). Other points give other tiers: the prediction is as good as "
            "these.",
            "In the study a tier is what a lender uses and both directions count; errors here only ever cost points.",
        ),
    )


def _far(ours: float, published: float) -> str:
    return f"{100 * (ours - published):+.1f} points"


def _false_rates() -> tuple[float, float]:
    """Return false records a year that cost nothing, and that cost points, by inverting the Poisson."""
    counting = -log(1 - SCORED) / YEARS
    return -log(1 - CHANGED) / YEARS - counting, counting


def _files(
    citizens: int, seed: int, neutral: float, counting: float, *, wrong: float, stale: float, coverage: float
) -> tuple[float, float, float, float]:
    """Return shares of people: any wrong record, a wrong score, more than 50 points short, in a worse tier."""
    given = world(
        citizens,
        YEARS,
        traits={"means": {"short": 0.15, "enough": 0.55, "ample": 0.3}},
        acts={
            "late": act(0.25, means={"short": 4, "ample": 0.2}),
            "default": act(0.02, means={"short": 5, "ample": 0.1}),
            "address": act(0.3),
        },
        keepers={
            "bureau": keeper(
                {"late": coverage, "default": coverage, "address": coverage},
                {"late": 0.8 * counting, "default": 0.2 * counting, "address": neutral},
                wrong=wrong,
                stale=stale,
            )
        },
        scheme={
            "start": {"points": 830, "status": "assumed"},
            "floor": 300,
            "ceiling": 850,
            "bands": {name: {"from": least, "status": "assumed"} for name, least in BANDS.items()},
            "lists": {"noted": {"title": "Noted", "exit": "term", "status": "assumed"}},
            "rules": {
                **{kind: rule(kind, points, term_months=84 if stale == 0 else 24) for kind, points in POINTS.items()},
                "address": rule("address", 0, list="noted", term_months=84 if stale == 0 else 24),
            },
        },
        seed=seed,
    )
    side, rules = lived(given), given.sides[0]
    state = side.state
    assert state is not None
    points = state.points.astype(np.int64).sum(axis=1)
    score = np.clip(rules.start + points, rules.floor, rules.ceiling)
    clean = np.clip(rules.start + points - state.wrong.astype(np.int64), rules.floor, rules.ceiling)
    bands = rules.band_from[1:]
    tier = np.searchsorted(bands, clean, side="right") > np.searchsorted(bands, score, side="right")
    noted = (state.hold_why[:, 0] & 15) > 0
    wrong_score = state.wrong < 0
    return tuple(float(one.mean()) for one in (noted | wrong_score, wrong_score, clean - score > 50, tier))  # type: ignore[return-value]
