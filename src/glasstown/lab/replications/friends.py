"""Friends of officials at equal conduct: what an arbitrary hand on the files gives them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...engine.loop import simulate
from ...engine.scenario import Parts, compiled, load_parts, people_of
from ...engine.standing import NO_FILE, grades, scores
from ...scheme.types import SchemeModel
from .rows import ABOVE, Replication, Row, verdict
from .worlds import total

if TYPE_CHECKING:
    from ...society.people import Society

__all__ = ["replication"]

HMAIDI = "A. Hmaidi, 35C3, 27 December 2018 (abstract), and interview, ZEIT online, December 2018"
LIN = "Lin and Milhaupt, China Quarterly, 21 June 2023"
SHARES = (0.0, 0.25, 0.5, 1.0)
YEARS = 3
I32 = npt.NDArray[np.int32]
U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class _Found:
    friends: float
    others: float
    raised: float
    edits: float
    worst_friends: float
    worst_others: float


def replication(citizens: int = 60_000, seed: int = 1) -> Replication:
    """Live one society under the nightmare with officials from rule-bound to arbitrary, at equal conduct."""
    found = _lived(citizens, seed)
    ruled, free = found[0], found[-1]
    gains = [one.friends - ruled.friends for one in found]
    gaps = [one.friends - one.others for one in found]
    rise = min(later - earlier for earlier, later in pairwise(gains))
    shown = ", ".join(f"{gain:+.1f} at {share:g}" for share, gain in zip(SHARES, gains, strict=True))
    rows = (
        Row(
            "friends score higher at equal conduct",
            "yes (politically connected firms)",
            f"{gains[-1]:+.1f} points at full discretion",
            "–",
            verdict(gains[-1], ABOVE, inf),
            "built in",
            LIN,
        ),
        Row(
            "the more discretion, the higher",
            "graders favour those close to them",
            shown,
            "–",
            verdict(rise, ABOVE, inf),
            "built in",
            HMAIDI,
        ),
        Row(
            "others gain nothing by it",
            "and rate others worse",
            f"{free.others - ruled.others:+.1f} points",
            "–",
            verdict(free.others - ruled.others, -inf, 0.5),
            "built in",
            HMAIDI,
        ),
        Row(
            "gap between friends and others, rule-bound and arbitrary",
            "not published",
            f"{gaps[0]:+.1f} and {gaps[-1]:+.1f} points",
            "–",
            "–",
            "measured",
        ),
        Row(
            "friends in a higher grade than the rules give them",
            "not published",
            f"{100 * free.raised:.1f} %",
            "–",
            "–",
            "measured",
        ),
        Row(
            "edits for each friend who stands a grade higher",
            "not published",
            f"{free.edits:.1f}",
            "–",
            "–",
            "measured",
        ),
        Row(
            "in the worst grade at full discretion: friends and others",
            "not published",
            f"{100 * free.worst_friends:.2f} % and {100 * free.worst_others:.2f} %",
            "–",
            "–",
            "measured",
        ),
    )
    return Replication(
        "friends",
        "Friends of officials score higher at equal conduct: a reconstruction",
        "Politically connected firms were found to score higher, through what is not compliance; graders in Rongcheng "
        "were thought likely to rate those close to them better. Here officials spare Party members' losses and press "
        "critics, from never to whenever they may, under the scheme nightmare; nobody responds, so that conduct is the "
        "same.",
        rows,
        (
            "All of it is our reconstruction: neither source gives numbers for citizens, and none is attributed to "
            "them.",
            "The three signs are built in: officials here spare friends, press critics and do nothing else, and do it "
            "the more often the more they may. They show what the sources describe, and are no evidence for it. What "
            "comes of it are the sizes: how far apart the two stand, and how many edits a grade takes.",
            f"{citizens:,} citizens, {YEARS} years. The same people do the same things in every column.",
        ),
    )


def _lived(citizens: int, seed: int) -> list[_Found]:
    parts = load_parts("nightmare", citizens=citizens, years=YEARS, seed=seed)
    off = dict.fromkeys(parts.scenario.switches, False)
    parts = replace(parts, schemes=parts.schemes[:1], scenario=parts.scenario.model_copy(update={"switches": off}))
    people = people_of(parts)
    friend = people.column("party") == people.traits["party"].levels.index("yes")
    base = None
    out = []
    for share in SHARES:
        model = _with_share(parts.schemes[0].model, share)
        edits, score, band = _end(parts, model, people)
        scored = band != NO_FILE
        base = band if base is None else base
        raised = (band > base) & friend & scored
        mine, theirs = friend & scored, ~friend & scored
        out.append(
            _Found(
                float(score[mine].mean()),
                float(score[theirs].mean()),
                float(raised.sum() / mine.sum()),
                float(edits / max(1, raised.sum())),
                float((band[mine] == 0).mean()),
                float((band[theirs] == 0).mean()),
            )
        )
    return out


def _with_share(model: SchemeModel, share: float) -> SchemeModel:
    tree = model.model_dump(by_alias=True, exclude_unset=True)
    tree["discretion"]["share"] = share
    return SchemeModel.model_validate(tree)


def _end(parts: Parts, model: SchemeModel, people: Society) -> tuple[int, I32, U8]:
    program = compiled(replace(parts, schemes=(replace(parts.schemes[0], model=model),)), people)
    side = simulate(program).sides[0]
    assert side.state is not None
    last = program.clock.windows - 1
    edits = sum(total(program, side, "edits").values())
    return edits, scores(program, 0, side.state, last), grades(program, 0, side.state, last)
