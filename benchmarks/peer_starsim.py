"""The small workload in Starsim, as its own modules are written: one Bernoulli distribution a kind and step.

Common random numbers are switched off and results are kept by the module itself, which is Starsim's fast way.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import starsim as ss

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


class Scored(ss.Module):
    """Acts, records, scores and one door."""

    def __init__(self) -> None:
        super().__init__()
        self.define_states(
            ss.FloatArr("propensity", default=ss.gamma(a=2.0, scale=0.5)),
            ss.FloatArr("score", default=float(START)),
        )
        self.kinds = [ss.bernoulli(p=0.0, name=f"kind_{k}") for k in range(len(POINTS))]
        self.seen = ss.bernoulli(p=SEEN)
        self.stray = ss.bernoulli(p=WRONG)
        self.landing = ss.random()
        self.asks = ss.bernoulli(p=ASKS)
        self.records = self.refusals = self.acts = self.requests = 0

    def step(self) -> None:
        """Live one day."""
        people = self.sim.people
        score = self.score.raw
        restricted = score < LIMIT
        risk = self.propensity.raw * np.where(restricted, RESTRICTED_FACTOR, 1.0)
        change = np.zeros(len(score))
        for draw, rate, points in zip(self.kinds, RATES, POINTS, strict=True):
            draw.set(p=rate * risk[people.auids] if points < 0 else rate)
            acted = draw.filter()
            self.acts += len(acted)
            recorded = self.seen.filter(acted)
            self.records += len(recorded)
            who = np.array(recorded)
            stray = self.stray.rvs(recorded)
            if stray.any():
                moved = recorded[stray]
                who[stray] = (self.landing.rvs(moved) * len(people.auids)).astype(int)
            np.add.at(change, who, points)
        asking = self.asks.filter()
        self.requests += len(asking)
        self.refusals += int(np.count_nonzero(restricted[asking]))
        self.score[:] = np.clip(score + change, FLOOR, CEILING)


def run(citizens: int, seed: int) -> dict[str, Any]:
    """Live the whole workload once."""
    ss.options(crn=False, verbose=0)
    sim = ss.Sim(modules=Scored(), n_agents=citizens, dur=ss.days(DAYS - 1), dt=ss.days(1), rand_seed=seed, verbose=0)
    sim.init()
    began = time.perf_counter()
    sim.run()
    seconds = time.perf_counter() - began
    module = next(iter(sim.modules))
    score = module.score.values
    steps = len(sim.t.tvec)
    assert steps == DAYS, f"{steps} steps instead of {DAYS}"
    return {
        "seconds": seconds,
        "citizens": citizens,
        "mean": float(score.mean()),
        "restricted": float((score < LIMIT).mean()),
        "refusals": module.refusals / citizens,
        "records": module.records / citizens,
        "acts": module.acts / citizens,
        "requests": module.requests / citizens,
    }
