"""The small workload in NumPy, drawing only the events: days in lock step.

:func:`straight` is what one writes who knows NumPy well. :func:`tuned` is as fast as we know how to make it: citizens
stand in order of propensity, in strata of one size, so that the Poisson counts of a day are drawn for each kind and
stratum and hardly a candidate is thrown away; one uniform decides both whether a candidate is an act and whether it
is recorded; requests are counted and not thrown on anybody, because only the number of restricted citizens matters;
scores are looked at where records land and nowhere else.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from .workload import (
    ASKS,
    CEILING,
    DAYS,
    FLOOR,
    LIMIT,
    POINTS,
    RATES,
    RESTRICTED_FACTOR,
    SEEN,
    START,
    WRONG,
)

STRATA = 50


def straight(citizens: int, seed: int) -> dict[str, Any]:
    """Live the whole workload once: for each day and kind, as many citizens as have an act, picked by propensity."""
    rng = np.random.default_rng(seed)
    n = citizens
    propensity = rng.gamma(2.0, 0.5, n)
    reach = np.cumsum(propensity)
    score = np.full(n, START, np.int16)
    acts = records = requests = refusals = 0
    began = time.perf_counter()
    for _ in range(DAYS):
        restricted = score < LIMIT
        change = []
        for rate, points in zip(RATES, POINTS, strict=True):
            if points > 0:
                who = rng.integers(0, n, rng.poisson(rate * n))
            else:
                who = np.searchsorted(reach, rng.random(rng.poisson(rate * reach[-1])) * reach[-1])
                who = who[~restricted[who] | (rng.random(len(who)) < RESTRICTED_FACTOR)]
            acts += len(who)
            who = who[rng.random(len(who)) < SEEN]
            records += len(who)
            stray = rng.random(len(who)) < WRONG
            who[stray] = rng.integers(0, n, np.count_nonzero(stray))
            change.append((who, points))
        asking = rng.integers(0, n, rng.poisson(ASKS * n))
        requests += len(asking)
        refusals += int(np.count_nonzero(restricted[asking]))
        for who, points in change:
            np.add.at(score, who, points)
        np.clip(score, FLOOR, CEILING, out=score)
    return _answer(time.perf_counter() - began, score, refusals, records, acts, requests)


def _answer(seconds: float, score: np.ndarray, refusals: int, records: int, acts: int, requests: int) -> dict[str, Any]:
    n = len(score)
    return {
        "seconds": seconds,
        "citizens": n,
        "mean": float(score.mean()),
        "restricted": float((score < LIMIT).mean()),
        "refusals": refusals / n,
        "records": records / n,
        "acts": acts / n,
        "requests": requests / n,
    }


def tuned(citizens: int, seed: int) -> dict[str, Any]:
    """Live the whole workload once; `citizens` is cut to a multiple of the number of strata."""
    rng = np.random.Generator(np.random.SFC64(seed))
    size = citizens // STRATA
    n = size * STRATA
    propensity = np.sort(rng.gamma(2.0, 0.5, n)).astype(np.float32)
    ceiling = propensity.reshape(STRATA, size).max(axis=1)
    points = np.array(POINTS, np.int16)
    bad = points < 0
    rate = np.array(RATES)[:, None] * np.where(bad[:, None], ceiling[None, :], 1.0) * size
    share = propensity / np.repeat(ceiling, size)
    first = np.tile(np.arange(STRATA, dtype=np.int32) * size, len(POINTS))
    good_strata = np.flatnonzero(~bad)
    score = np.full(n, START, np.int16)
    restricted = np.zeros(n, np.bool_)
    acts = np.zeros(len(POINTS), np.int64)
    records = np.zeros(len(POINTS), np.int64)
    requests = refusals = 0
    began = time.perf_counter()
    for _ in range(DAYS):
        number = rng.poisson(rate)
        by_kind = number.sum(axis=1)
        total = int(by_kind.sum())
        who = np.repeat(first, number.ravel()) + rng.integers(0, size, total, np.int32)
        kind = np.repeat(np.arange(len(POINTS), dtype=np.int8), by_kind)
        chance = share[who]
        chance[restricted[who]] *= np.float32(RESTRICTED_FACTOR)
        ends = np.cumsum(by_kind)
        for k in good_strata:
            chance[ends[k] - by_kind[k] : ends[k]] = 1
        luck = rng.random(total, np.float32)
        acts += np.bincount(kind[luck < chance], minlength=len(POINTS))
        seen = luck < chance * np.float32(SEEN)
        kind, who = kind[seen], who[seen]
        records += np.bincount(kind, minlength=len(POINTS))
        stray = rng.random(len(who), np.float32) < WRONG
        who[stray] = rng.integers(0, n, int(np.count_nonzero(stray)), np.int32)
        held = int(np.count_nonzero(restricted))
        refused = int(rng.binomial(held, ASKS))
        refusals += refused
        requests += refused + int(rng.binomial(n - held, ASKS))
        np.add.at(score, who, points[kind])
        now = np.clip(score[who], FLOOR, CEILING)
        score[who] = now
        restricted[who] = now < LIMIT
    seconds = time.perf_counter() - began
    return _answer(seconds, score, refusals, int(records.sum()), int(acts.sum()), requests)
