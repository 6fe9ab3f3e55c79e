"""What can happen to one citizen, one side's memory of them, and the plain drawing of candidates."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from .. import draws
from .ceilings import first_holds_of
from .layout import ADULT, BLOCK, COUNT_INDEX, FULL, HOLD_PASSED, RESPONDS
from .plain_rules import factor_product
from .program import Program
from .tables import A_FLAGS, N_FIRST, R_START_RISK, R_TRUST_START, S_CLASS, S_ID, S_MONTH, S_PAIR

__all__ = [
    "NO_HOLD",
    "Act",
    "Ask",
    "Event",
    "Expire",
    "Falsehood",
    "Heard",
    "Hurt",
    "Letter",
    "Life",
    "Post",
    "Request",
    "candidate",
    "candidates",
]


class Expire(NamedTuple):
    """A posting comes to its end, or turns stale."""

    day: int
    code: int
    kind: int
    domain: int
    points: int
    hold: int
    wrong: bool
    unable: bool
    turns_stale: bool
    corrected: bool
    source: int
    passed: bool = False
    performed: bool = False


class Post(NamedTuple):
    """A record arrives in a citizen's file."""

    day: int
    code: int
    kind: int
    source: int
    status: int
    amount: int
    repair: bool
    stale: bool
    corrected: bool
    late: int


class Hurt(NamedTuple):
    """A unit for which one works or from which one buys does harm: `by` is its number.

    Until the barrier has found whom it meets, it is addressed to the unit, and `by` is the number of the act.
    """

    day: int
    code: int
    kind: int
    by: int


class Act(NamedTuple):
    """A candidate for an act: its number in the block, and `luck` of 65,536 that the response is compared with."""

    day: int
    code: int
    kind: int
    number: int
    luck: int


class Falsehood(NamedTuple):
    """A source writes down what did not happen."""

    day: int
    code: int
    pair: int
    number: int


class Ask(NamedTuple):
    """A request at a door."""

    day: int
    code: int
    door: int
    number: int
    luck: int


Event = Expire | Post | Hurt | Act | Falsehood | Ask
NO_HOLD = 15


class Letter(NamedTuple):
    """A record or a harm on its way to another citizen; `post.day` is the day it falls due.

    One that is passed on is addressed to whom it comes from until the barrier has found the others.
    """

    who: int
    post: Post | Hurt


class Heard(NamedTuple):
    """What the last barrier left to everybody.

    Attributes
    ----------
    news : perceived risk by domain, 0 to 255.
    visit : chance of a visit by source and grade (2³²), the last for who has none.
    harm : by place, chance of being harmed (2³²) and the trust that time brings back; nothing where none is kept.
    """

    news: list[int]
    visit: list[list[int]]
    harm: Sequence[tuple[int, int]] = ()


class Request(NamedTuple):
    """A request at a scarce door, to be answered at the barrier."""

    door: int
    who: int
    priority: int
    luck: int
    day: int


@dataclass
class Life:
    """One citizen on one side of a pair: what is remembered, and what waits.

    Attributes
    ----------
    struck : day, kind, source, status and amount of one record that does not reach the file, to see what would have
        been without it; None in every life that was lived.
    """

    who: int
    side: int
    points: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    wrong: int = 0
    unable: int = 0
    hold: list[int] = field(default_factory=list)
    hold_wrong: list[int] = field(default_factory=list)
    hold_unable: list[int] = field(default_factory=list)
    cap: list[int] = field(default_factory=list)
    risk: int = 0
    stress: int = 0
    motive: int = FULL
    passed: int = 0
    hold_passed: list[int] = field(default_factory=list)
    told: int = 0
    did: int = 0
    trust: int = 0
    waiting: dict[int, list[Event]] = field(default_factory=dict)
    struck: tuple[int, int, int, int, int] | None = None

    @property
    def hold_kept(self) -> list[int]:
        """Return the holds' entries and those of others' doing, packed as the kernels keep them."""
        return [held + HOLD_PASSED * passed for held, passed in zip(self.hold, self.hold_passed, strict=True)]

    @property
    def hold_why(self) -> list[int]:
        """Return the holds' wrong entries and those of inability, packed as the kernels keep them."""
        return [wrong + 16 * unable for wrong, unable in zip(self.hold_wrong, self.hold_unable, strict=True)]

    @classmethod
    def begin(cls, program: Program, side: int, who: int) -> Life:
        """Return a citizen as the scenario starts."""
        rules = program.sides[side]
        holds = len(rules.hold)
        return cls(
            who,
            side,
            hold=first_holds_of(program, side, who),
            hold_wrong=[0] * holds,
            hold_unable=[0] * holds,
            hold_passed=[0] * holds,
            cap=[0] * len(rules.cap_limit),
            risk=int(program.shared.respond[R_START_RISK]),
            trust=int(program.shared.respond[R_TRUST_START]),
        )


@lru_cache(maxsize=4096)
def _block(program: Program, block: int, window: int) -> dict[int, list[Event]]:
    """Draw every candidate of one block of citizens in one window."""
    t = program.shared
    key = (t.key0, t.key1)
    out: dict[int, list[Event]] = {}
    days, years = program.clock.days(window), program.years_elapsed(window)
    subject, _, end = program.span_of(block)
    first = int(t.classes[subject, N_FIRST])
    own = block - first // BLOCK
    for stream, decision in enumerate(t.stream[:, S_ID].tolist()):
        if int(t.stream[stream, S_CLASS]) != subject:
            continue
        month = int(t.stream[stream, S_MONTH])
        if month >= 0 and month not in program.months_of(window):
            continue
        count_words = draws.philox((own // 4, decision, window, COUNT_INDEX), key)
        sums = program.count_sums(stream, window)
        count = bisect.bisect_right(sums, count_words[own % 4])
        for index in range(count):
            both = draws.philox((own, decision, window, index // 2), key)
            w0, w1 = both[2:] if index % 2 else both[:2]
            who = block * BLOCK + w0 % BLOCK
            if who >= end or program.age(who, years) < ADULT:
                continue
            traits = program.traits_of(who)
            room = factor_product(t.factors, stream, traits, years) << 1
            if w1 >= room:
                continue
            moment = (w0 // BLOCK) * days
            day, luck = program.clock.first_day(window) + (moment >> 26), (moment >> 10) & 0xFFFF
            out.setdefault(who, []).append(candidate(program, stream, day, index, luck))
    return out


def candidate(program: Program, stream: int, day: int, number: int, luck: int) -> Event:
    t = program.shared
    if stream < t.acts:
        return Act(day, 2, stream, number, luck if int(t.act[stream, A_FLAGS]) & RESPONDS else 0)
    if stream < t.acts + t.doors:
        return Ask(day, 4, stream - t.acts, number, luck)
    return Falsehood(day, 3, int(t.stream[stream, S_PAIR]), number)


def candidates(program: Program, who: int, window: int) -> list[Event]:
    """Return what might happen to one citizen in one window, whatever the scheme."""
    return list(_block(program, who // BLOCK, window).get(who, ()))
