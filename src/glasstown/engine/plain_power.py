"""The plain twin of what lies beside points: officials who step in, losses passed on, visits of inspectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import draws
from . import measures as m
from .layout import DOM_MOST, FULL, HOLD_MOST, NO_HOLD, PASSED_ON
from .plain_events import Expire, Letter, Post
from .plain_lists import enter
from .plain_rules import weighted
from .tables import (
    K_CORRECT_DAYS,
    K_VISIT_ID,
    K_VISITS,
    U_DOMAIN,
    U_HIGH,
    U_HOLD,
    U_LOW,
    U_OFFICER,
    U_PASS,
    U_PASS_HELD,
    U_PASS_SHARE,
    U_TERM,
    X_CRITICS,
    X_OFFICERS,
    X_PRESS,
    X_PRESS_CHANCE,
    X_SPARE,
)

if TYPE_CHECKING:
    from .plain import _Window

__all__ = ["officer", "pass_on", "post_passed", "visit_chance", "visited"]


def officer(w: _Window, rule: int, event: Post, points: int) -> int | None:
    """Return the points after an official has looked at them; None where nothing is posted at all."""
    rules, life = w.rules, w.life
    power: list[int] = rules.power.tolist()
    if not power[X_OFFICERS] or (points >= 0 and int(rules.rule[rule, U_HOLD]) < 0):
        return points
    domain = int(rules.rule[rule, U_DOMAIN])
    decision = int(rules.rule[rule, U_OFFICER])
    spare, press, _, _ = draws.philox((w.own, decision, event.day, event.source << 8 | event.amount), w.key)
    if spare < power[X_SPARE] and w.program.favours(life.side, life.who, w.years):
        w.count(m.M_SPARED, domain, max(0, -points))
        w.count(m.M_EDITS, 0, 1)
        w.tell("spared", day=event.day, rule=rule, kind=event.kind, points=points, source=event.source)
        return None
    critics = power[X_CRITICS]
    if critics >= 0 and points < 0 and press < power[X_PRESS_CHANCE] and life.hold[critics] > 0:
        more = (-points * power[X_PRESS]) // 100
        w.count(m.M_PRESSED, domain, more)
        w.count(m.M_EDITS, 0, 1)
        return points - more
    return points


def pass_on(w: _Window, rule: int, event: Post, unable: bool) -> None:
    """Send what a rule took to all who are tied; the barrier finds them."""
    rules = w.rules
    if not int(rules.rule[rule, U_PASS]):
        return
    wrong = event.status != 0
    nth = rule - int(rules.rule_start[event.kind])
    post = Post(event.day, 1, event.kind, event.source, PASSED_ON, event.amount, wrong, unable, event.corrected, nth)
    w.letters.append(Letter(w.life.who, post))


def post_passed(w: _Window, event: Post) -> None:
    """Post what somebody else's record costs this citizen: `repair` says that it was wrong, `stale` inability."""
    rules, life = w.rules, w.life
    if not w.scored():
        return
    r = int(rules.rule_start[event.kind]) + event.late
    wrong, unable = event.repair, event.stale
    low, high = int(rules.rule[r, U_LOW]), int(rules.rule[r, U_HIGH])
    step = (event.amount * (high - low + 1)) >> 8
    points = min(high - step if high <= 0 else low + step, 0)
    points = -((-points * int(rules.rule[r, U_PASS_SHARE])) // 100)
    domain = int(rules.rule[r, U_DOMAIN])
    points = max(life.points[domain] + points, -DOM_MOST) - life.points[domain]
    life.points[domain] += points
    w.count_points(r, domain, points, not wrong, unable)
    w.count(m.M_LOST_PASSED, domain, -points)
    weight = weighted(rules, domain, points)
    life.passed = w.bounded(life.passed + weight)
    if wrong:
        life.wrong = w.bounded(life.wrong + weight)
    elif unable:
        life.unable = w.bounded(life.unable + weight)
    hold = int(rules.rule[r, U_HOLD]) if int(rules.rule[r, U_PASS_HELD]) else -1
    if hold >= 0 and life.hold[hold] == HOLD_MOST:
        hold = -1
    if hold >= 0:
        enter(w, hold, wrong=wrong, unable=unable, passed=True)
    life.risk += (FULL - life.risk) >> 3 if w.t.wary else 0
    term, mended = int(rules.rule[r, U_TERM]), False
    if event.corrected:
        days = int(w.t.keeper[event.source, K_CORRECT_DAYS])
        if term < 0 or days < term:
            term, mended = days, True
    until = None if term < 0 else event.day + term
    if until is not None:
        slot = hold if hold >= 0 else NO_HOLD
        w.schedule(
            Expire(
                until, 0, event.kind, domain, points, slot, wrong, unable and not wrong, False, mended,
                event.source, True,
            )
        )  # fmt: skip
    w.tell(
        "posting", day=event.day, rule=r, kind=event.kind, points=points, status=PASSED_ON, source=event.source,
        until=until, hold=hold, wrong=wrong, unable=unable, amount=event.amount,
    )  # fmt: skip


def visit_chance(w: _Window, source: int) -> int:
    """Return a citizen's chance of being visited in this window, in 2³²."""
    grades = len(w.rules.band_from)
    grade = w.grade() if w.scored() else grades
    return int(w.visit[source][w.subject * (grades + 1) + grade])


def visited(w: _Window, source: int) -> bool:
    """Return whether an inspector looks at this citizen in this window; all others look at everybody."""
    keeper = w.t.keeper[source].tolist()
    if not keeper[K_VISITS]:
        return True
    word = draws.philox((w.own, keeper[K_VISIT_ID], w.window, w.program.salt_of(w.life.who)), w.key)[0]
    return word < visit_chance(w, source)
