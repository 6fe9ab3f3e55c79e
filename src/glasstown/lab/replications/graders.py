"""Graders with friends: Hmaidi's qualitative findings, tested in a reconstruction of ours.

Everybody has a trustworthiness that nobody sees. A score is built from what graders write down. Their bias: they
overlook the wrongs of people near to them and the good deeds of the rest. Their noise: what they never see, and what
they write down without an act.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
import numpy.typing as npt

from .rows import ABOVE, Replication, Row, verdict
from .worlds import act, cited, keeper, lived, rule, scarce, world

__all__ = ["replication"]

SOURCE = "A. Hmaidi, 35C3, 27 December 2018 (abstract), and interview, ZEIT online, December 2018"
TRUST = {"low": 0.25, "mid": 0.25, "high": 0.25, "very-high": 0.25}
NEAR = {"far": 0.85, "near": 0.15}
PLACES = 0.1
BIASES = (0.0, 0.5, 1.0)
SEEN = (0.9, 0.3, 0.05)
F64 = npt.NDArray[np.float64]


def replication(citizens: int = 100_000, seed: int = 1) -> Replication:
    """Score people by graders with more and more bias, and with less and less data."""
    biased = [_measure(citizens, seed, bias, 0.5) for bias in BIASES]
    blind = [_measure(citizens, seed, 0.0, seen) for seen in SEEN]
    noisy = _measure(citizens, seed, 1.0, 0.05, false=0.4)
    catalogue = _measure(citizens, seed, 0.0, 0.5, good=False)
    rows = (
        _falls("score and trustworthiness correlate less as graders favour their own", "bias", BIASES, biased, 0),
        _falls("the same as data go missing", "seen", SEEN, blind, 0),
        _falls(
            "a scarce place finds the more trustworthy less often as graders favour their own",
            "bias",
            BIASES,
            biased,
            1,
        ),
        Row(
            "friends score higher at equal conduct",
            "likely",
            f"+{biased[-1][2]:.0f} points at bias 1, {biased[0][2]:+.0f} at 0",
            "–",
            verdict(min(biased[-1][2] - 5, 5 - abs(biased[0][2])), ABOVE, inf),
            "built in",
            SOURCE,
        ),
        Row(
            "at full bias the place is given no better than by lot",
            "unlikely to serve efficiency",
            f"{100 * biased[-1][1]:.0f} % of what knowing everybody would gain over a lottery",
            "–",
            verdict(biased[-1][1], -inf, 0.05),
            "reconstruction",
            SOURCE,
        ),
        Row(
            "at full bias, with little seen and much made up, it is given no better than by lot",
            "unlikely to serve efficiency",
            f"{100 * noisy[1]:.0f} % of that gain",
            "–",
            verdict(noisy[1], -inf, 0.05),
            "reconstruction",
            SOURCE,
        ),
        Row(
            "a catalogue of wrongs alone, beside one of wrongs and good deeds",
            "not published",
            f"correlation {catalogue[0]:.2f} beside {biased[0][0]:.2f}",
            "–",
            "–",
            "measured",
        ),
    )
    return Replication(
        "graders",
        "Graders with friends: a reconstruction",
        "In 2018 Antonia Hmaidi argued from fieldwork and a simulation that most pilots can be manipulated by "
        "leaders at all levels, that graders likely rate those close to them better, and that scarce resources would "
        "hardly be allocated more efficiently. Her decision rules, parameters and plots were not at hand. What "
        "follows is a model of ours that can show such signs, or fail to; **no number in it is hers**.",
        rows,
        (
            "Gain over a lottery: mean trustworthiness of those who get one of the scarce places (a tenth of the "
            "people), less that of everybody, in parts of what giving them to the most trustworthy would reach.",
            "15 in 100 are near to their grader, whatever their trustworthiness. A bias of 1 means that no wrong of "
            "theirs is written down, and no good deed of anybody else: that friends score higher is built in.",
            "Bias alone does not bring the gain down to that of a lottery here, since graders still record something "
            "true of somebody; with little seen and much made up beside it, about a twentieth is left. Less than 5 % "
            "of the gain counts as no better than by lot.",
            "Leaders who edit scores are not in this table, but in the one on friends of officials.",
        ),
    )


def _measure(
    citizens: int, seed: int, bias: float, seen: float, *, false: float = 0.0, good: bool = True
) -> tuple[float, float, float]:
    """Return correlation of score with trustworthiness, gain over a lottery, and what friends score higher."""
    steps = {"low": 2.0, "mid": 1.2, "high": 0.6, "very-high": 0.2}
    up = dict(zip(steps, reversed(steps.values()), strict=True))
    kinds = {"wrong": act(1.0, "social", trust=steps), "good-deed": act(1.0, "social", good=True, trust=up)}
    given = world(
        citizens,
        3,
        traits={"trust": TRUST, "grader": NEAR},
        acts=kinds,
        keepers={
            "grader": keeper(
                {
                    "wrong": {**cited(seen), "by": {"grader": {"near": 1 - bias}}},
                    "good-deed": {**cited(seen), "by": {"grader": {"far": 1 - bias}}},
                },
                {"wrong": false, "good-deed": false} if false else {},
            )
        },
        scheme={
            "floor": 0,
            "rules": {
                "wrong": rule("wrong", -10, "social"),
                **({"good-deed": rule("good-deed", 10, "social")} if good else {}),
            },
            "doors": {"school": {"priority": "score", "status": "assumed"}},
        },
        doors={"school": scarce(1000 * PLACES)},
        seed=seed,
    )
    side, rules, people = lived(given), given.sides[0], given.society
    assert side.state is not None
    score = np.clip(rules.start + side.state.points.astype(np.int64).sum(axis=1), rules.floor, rules.ceiling)
    trust = people.column("trust").astype(float)
    near = people.column("grader") == 1
    friends = np.mean([score[near & (trust == t)].mean() - score[~near & (trust == t)].mean() for t in range(4)])
    return float(np.corrcoef(score, trust)[0, 1]), _gain(score, trust), float(friends)


def _gain(score: npt.NDArray[np.int64], trust: F64) -> float:
    """Return the gain over a lottery; ties go by lot, as at the engine's scarce doors."""
    places = int(PLACES * len(score))
    least = np.sort(score)[-places]
    sure, tied = trust[score > least], trust[score == least]
    got = (sure.sum() + (places - len(sure)) * tied.mean()) / places
    best = np.sort(trust)[-places:].mean()
    return float((got - trust.mean()) / (best - trust.mean()))


def _falls(what: str, over: str, at: tuple[float, ...], found: list[tuple[float, float, float]], which: int) -> Row:
    values = [one[which] for one in found]
    fall = min(earlier - later for earlier, later in pairwise(values))
    ours = ", ".join(f"{value:.2f} at {over} {x:g}" for x, value in zip(at, values, strict=True))
    return Row(what, "falls", ours, "–", verdict(fall, ABOVE, inf), "reconstruction", SOURCE)
