"""The plain twin: one citizen at a time, in ordinary Python, with the same draws and the same results.

Read this file to know what the model does. The kernels do the same, faster; a test holds the two together,
bit for bit. It also tells a citizen's story: `Teller.tell` is called with everything that happens.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from .. import draws
from . import measures as m
from .layout import (
    ADULT,
    DOM_MOST,
    FALSE_INDEX,
    FALSE_RECORD,
    FULL,
    HOLD_MOST,
    LATE_MOST,
    NEEDS_ABILITY,
    ONE,
    PASSED_ON,
    RESPONDS,
    RESPONDS_CROWDING,
    RESPONDS_DETERRENCE,
    RESPONDS_GAMING,
    RESPONDS_INCAPACITATION,
    RESPONDS_SILENCE,
    RESPONDS_STRESS,
    RISK_SHIFT,
    SEVERITY_SHIFT,
    SEVERITY_STEPS,
    SOUGHT,
    TRUE_RECORD,
    WRONG_PERSON,
)
from .plain_blame import blame, in_context
from .plain_events import (
    NO_HOLD,
    Act,
    Ask,
    Event,
    Expire,
    Falsehood,
    Heard,
    Hurt,
    Letter,
    Life,
    Post,
    Request,
    candidates,
)
from .plain_lists import enter, is_lock, kept_off, leave, performance
from .plain_power import officer, pass_on, post_passed, visited
from .plain_rules import (
    condition_holds,
    counted_points,
    factor_product,
    grade_of,
    refusal,
    score_of,
    score_without,
    weighted,
)
from .plain_trust import be_harmed, pass_trust, send_harm, trusting
from .program import Program
from .tables import (
    A_DOMAIN,
    A_FLAGS,
    A_ROOM,
    D_ORDINARY,
    D_PRIVILEGE,
    D_SCARCE,
    H_REMOVAL,
    K_CORRECT_DAYS,
    K_NOTICE,
    K_OBJECTS,
    K_REPAIR,
    K_STALE,
    K_STALE_DAYS,
    K_SUBJECTS,
    K_UPHELD,
    K_VISITS,
    K_WRONG,
    N_NAMESAKE,
    O_NAMED,
    O_PRIORITY,
    P_DELAY,
    P_DELAY_SPAN,
    P_KIND,
    P_MEND_ID,
    P_RECORD_ID,
    P_SEEN,
    P_SET,
    P_SOURCE,
    R_CONFINED,
    R_CROWD,
    R_GAMING,
    R_MOTIVE_BACK,
    R_PER_REFUSAL,
    R_REACH,
    R_RECENT,
    R_STRESS,
    R_STRESS_KEEP,
    U_CAP,
    U_DOMAIN,
    U_FROM,
    U_HIGH,
    U_HOLD,
    U_LOW,
    U_REPAIR,
    U_SOURCES,
    U_TERM,
    U_UNTIL,
    U_WHEN,
    V_GRACE,
    V_REWARD,
    V_SEVERITY,
)

__all__ = ["Heard", "Lived", "live"]


Tell = Callable[..., None]
Draw = Callable[[Program, int, int], Sequence[Event]]


def _silent(*_: Any, **__: Any) -> None:
    """Tell nobody."""


class _Window:
    """One citizen living one window: the methods are the kinds of event."""

    def __init__(self, program: Program, life: Life, window: int, heard: Heard, tell: Tell) -> None:
        self.program, self.life, self.window = program, life, window
        self.news, self.visit, self.harm = heard
        self.t, self.rules = program.shared, program.sides[life.side]
        self.key = (self.t.key0, self.t.key1)
        self.counts: Counter[tuple[int, int]] = Counter()
        self.traits = program.traits_of(life.who)
        self.subject, self.own = program.class_of(life.who), program.own_number(life.who)
        self.tell, self.years = tell, program.years_elapsed(window)
        self.ahead: list[Event] = []
        self.letters: list[Letter] = []
        self.requests: list[Request] = []

    def count(self, measure: int, item: int, n: int) -> None:
        self.counts[measure, item] += n

    def live(self, events: list[Event]) -> None:
        self.ahead = sorted(events)
        while self.ahead:
            event = self.ahead.pop(0)
            if isinstance(event, Act):
                self.act(event)
            elif isinstance(event, Post) and self.is_struck(event):
                self.life.struck = None
            elif isinstance(event, Post):
                (self.post if event.status != PASSED_ON else partial(post_passed, self))(event)
            elif isinstance(event, Expire):
                self.expire(event)
            elif isinstance(event, Hurt):
                be_harmed(self, event)
            elif isinstance(event, Falsehood):
                self.write(event.pair, event.day, event.number + FALSE_INDEX, FALSE_RECORD)
            else:
                self.ask(event)

    def is_struck(self, event: Post) -> bool:
        """Return whether this is the one record of which it is asked what would be without it."""
        return self.life.struck == (event.day, event.kind, event.source, event.status, event.amount)

    def schedule(self, event: Event) -> None:
        """Put an event on its day: later in this window, in another, or beyond the end."""
        clock = self.program.clock
        if event.day < clock.first_day(self.window + 1):
            bisect.insort(self.ahead, event)
        elif event.day < clock.first_day(clock.windows):
            self.life.waiting.setdefault(self.program.window_of(event.day), []).append(event)

    # -- conduct ------------------------------------------------------------------------------------------

    def at_stake(self, kind: int) -> tuple[int, int]:
        """Return how grave and how rewarding a kind is to this citizen: nothing to who is not scored."""
        severity, reward = int(self.rules.kind[kind, V_SEVERITY]), int(self.rules.kind[kind, V_REWARD])
        stake = (severity or reward) and self.scored() and (self.life.told or self.program.is_aware(self.life.who))
        return (severity, reward) if stake else (0, 0)

    def response(self, kind: int, severity: int, reward: int) -> int:
        """Return how much of a kind's ceiling is shown under this side's scheme, in Q15."""
        t, rules, life = self.t, self.rules, self.life
        flags = int(t.act[kind, A_FLAGS])
        r = t.respond.tolist()
        out = ONE
        if severity > 0:
            told = self.news[4 * self.subject + int(t.act[kind, A_DOMAIN])]
            risk = ((3 * life.risk + told) >> 2) >> RISK_SHIFT
            step = risk * SEVERITY_STEPS + (severity >> SEVERITY_SHIFT)
            if flags & RESPONDS_DETERRENCE:
                out = (out * int(t.deter[step])) >> 15
            if flags & RESPONDS_SILENCE:
                out = (out * int(t.silence[step])) >> 15
        if flags & RESPONDS_STRESS:
            out = (out * (ONE + ((r[R_STRESS] * life.stress) >> 8))) >> 15
        if reward > 0:
            if flags & RESPONDS_GAMING:
                gaps = (int(band) - score_of(rules, self.points()) for band in rules.band_from[1:])
                if any(0 < gap <= r[R_REACH] for gap in gaps):
                    out = (out * (ONE + r[R_GAMING])) >> 15
            if flags & RESPONDS_CROWDING:
                out = (out * (ONE - ((r[R_CROWD] * (FULL - life.motive)) >> 8))) >> 15
        out = trusting(self, flags, out)
        confined = r[R_CONFINED] != ONE and rules.any_rule
        if flags & RESPONDS_INCAPACITATION and confined and self.grade() == 0:
            out = (out * r[R_CONFINED]) >> 15
        return out

    def points(self) -> list[int]:
        """Return the points by domain that the score counts."""
        if not self.scored():
            return list(self.life.points)
        return counted_points(self.rules, self.subject, self.life.points, self.traits, self.years)

    def grade(self) -> int:
        return grade_of(self.rules, score_of(self.rules, self.points()), self.life.hold)

    def unable_to(self, kind: int) -> bool:
        return bool(int(self.t.act[kind, A_FLAGS]) & NEEDS_ABILITY) and self.program.is_unable(kind, self.traits)

    def act(self, event: Act) -> None:
        """Let a candidate become an act, or not; then let every source look."""
        t, kind = self.t, event.kind
        severity, reward = self.at_stake(kind)
        if int(t.act[kind, A_FLAGS]) & RESPONDS:
            share = (self.response(kind, severity, reward) * int(t.act[kind, A_ROOM])) >> 14
            if event.luck >= share:
                self.tell("held back", day=event.day, kind=kind)
                return
        if int(t.act[kind, A_FLAGS]) & SOUGHT:
            self.life.did = int(t.respond[R_RECENT])
        unable = self.unable_to(kind)
        self.count(m.M_ACTS, kind, 1)
        self.count(m.M_ACTS_UNABLE, kind, int(unable))
        self.tell("act", day=event.day, kind=kind, unable=unable)
        if int(self.rules.kind[kind, V_SEVERITY]) > 0 and self.scored():
            self.count(m.M_WATCHED, int(t.act[kind, A_DOMAIN]), 1)
            self.life.risk -= self.life.risk >> 5 if t.wary else 0
        send_harm(self, event)
        for pair in range(int(t.cover_start[kind]), int(t.cover_start[kind + 1])):
            self.write(pair, event.day, event.number, TRUE_RECORD)

    # -- records ------------------------------------------------------------------------------------------

    def draw(self, what: int, pair: int, index: int) -> tuple[int, int, int, int]:
        return draws.philox((self.own, int(self.t.pair[pair, what]), self.window, index), self.key)

    def write(self, pair: int, day: int, index: int, status: int) -> None:
        """Write down an act, or a falsehood, at one source."""
        t = self.t
        kind, source = int(t.pair[pair, P_KIND]), int(t.pair[pair, P_SOURCE])
        seen, when, whose, how = self.draw(P_RECORD_ID, pair, index)
        if status == TRUE_RECORD:
            if seen >= self.coverage(pair) or not visited(self, source):
                return
            if whose < int(t.keeper[source, K_WRONG]):
                status = WRONG_PERSON
        delay = 0
        if status != FALSE_RECORD:
            delay = int(t.pair[pair, P_DELAY]) + ((when * int(t.pair[pair, P_DELAY_SPAN])) >> 32)
        posts = int(self.rules.rule_start[kind + 1]) > int(self.rules.rule_start[kind])
        corrected = repair = False
        target = self.life.who
        if status == TRUE_RECORD:
            self.count(m.M_RECORDS, pair, 1)
            repair = whose >= int(t.keeper[source, K_REPAIR])
        else:
            self.count(m.M_WRONG_PERSON if status == WRONG_PERSON else m.M_FALSE, pair, 1)
            corrected, target = self.mend(pair, source, index)
        due = day + delay + int(self.rules.kind[kind, V_GRACE])
        self.tell(
            "record", day=day, kind=kind, source=source, status=status, due=due, target=target,
            corrected=corrected, amount=how & 255,
        )  # fmt: skip
        if not posts:
            return
        stale = (how >> 8) < int(t.keeper[source, K_STALE])
        post = Post(due, 1, kind, source, status, how & 255, repair, stale, corrected, min(delay, LATE_MOST))
        if status == WRONG_PERSON:
            self.count(m.M_SENT, 0, 1)
            self.letters.append(Letter(target, post))
        else:
            self.schedule(post)

    def coverage(self, pair: int) -> int:
        """Return how surely a source sees this citizen do a kind of act, in 2³²."""
        most, at = int(self.t.pair[pair, P_SEEN]), int(self.t.pair[pair, P_SET])
        return most if at < 0 else (most * factor_product(self.t.factors, at, self.traits, self.years)) >> 31

    def mend(self, pair: int, source: int, index: int) -> tuple[bool, int]:
        """Return whether a wrong record will be corrected, and whose file a namesake's is."""
        t = self.t
        notice, objects, upheld, whose = self.draw(P_MEND_ID, pair, index)
        corrected = False
        if notice < int(t.keeper[source, K_NOTICE]):
            self.count(m.M_NOTICED, source, 1)
            if objects < int(t.keeper[source, K_OBJECTS]):
                self.count(m.M_OBJECTED, source, 1)
                if upheld < int(t.keeper[source, K_UPHELD]):
                    self.count(m.M_CORRECTED, source, 1)
                    corrected = True
        first, end = t.classes[self.subject : self.subject + 2, N_NAMESAKE].tolist()
        return corrected, int(t.namesakes[first + ((whose * (end - first)) >> 32)])

    # -- scheme -------------------------------------------------------------------------------------------

    def scored(self) -> bool:
        """Return whether this citizen is a subject of this side's scheme."""
        return self.program.is_subject(self.life.side, self.life.who, self.window)

    def post(self, event: Post) -> None:
        """Post a record by every rule that it meets."""
        rules, life, t = self.rules, self.life, self.t
        if not self.scored():
            return
        kind, right = event.kind, event.status == TRUE_RECORD
        unable = right and self.unable_to(kind)
        grace = int(rules.kind[kind, V_GRACE])
        if event.corrected and int(t.keeper[event.source, K_CORRECT_DAYS]) < grace:
            return
        felt = False
        for r in range(int(rules.rule_start[kind]), int(rules.rule_start[kind + 1])):
            if not (int(rules.rule[r, U_SOURCES]) >> event.source) & 1:
                continue
            if not int(rules.rule[r, U_FROM]) <= event.day <= int(rules.rule[r, U_UNTIL]):
                continue
            if rules.rule[r, U_WHEN] >= 0 and not condition_holds(
                self.program, life.side, r, self.traits, self.years, event.amount, event.late, event.source
            ):
                continue
            hold = int(rules.rule[r, U_HOLD])
            performs = performance(self, hold, event)
            if kept_off(self, r, hold, event, performs):
                continue
            low, high = int(rules.rule[r, U_LOW]), int(rules.rule[r, U_HIGH])
            step = (event.amount * (high - low + 1)) >> 8
            edited = officer(self, r, event, high - step if high <= 0 else low + step)
            if edited is None:
                continue
            points = edited
            cap = int(rules.rule[r, U_CAP])
            if cap >= 0:
                left = int(rules.cap_limit[cap]) - life.cap[cap]
                points = max(min(points, left), -left)
                life.cap[cap] += abs(points)
            domain = int(rules.rule[r, U_DOMAIN])
            points = max(min(life.points[domain] + points, DOM_MOST), -DOM_MOST) - life.points[domain]
            life.points[domain] += points
            self.count_points(r, domain, points, right, unable)
            if not right:
                life.wrong = self.bounded(life.wrong + weighted(rules, domain, points))
            elif unable:
                life.unable = self.bounded(life.unable + weighted(rules, domain, points))
            if hold >= 0 and life.hold[hold] == HOLD_MOST:
                hold = -1
            if hold >= 0:
                enter(self, hold, wrong=not right, unable=unable)
            if points < 0 or hold >= 0:
                felt = True
                pass_on(self, r, event, unable)
            elif points > 0:
                life.motive -= life.motive >> 4 if t.minded else 0
            until = self.end_posting(r, event, domain, points, hold, unable, performs)
            self.tell(
                "posting", day=event.day, rule=r, kind=kind, points=points, status=event.status,
                source=event.source, until=until, hold=hold, amount=event.amount,
            )  # fmt: skip
        if felt:
            life.risk += (FULL - life.risk) >> 3 if t.wary else 0
            if right:
                self.count(m.M_CAUGHT, int(t.act[kind, A_DOMAIN]), 1)

    def count_points(self, rule: int, domain: int, points: int, right: bool, unable: bool) -> None:
        self.count(m.M_POSTED, rule, 1)
        self.count(m.M_GAINED if points >= 0 else m.M_LOST, domain, abs(points))
        if points < 0 and not right:
            self.count(m.M_LOST_WRONGLY, domain, -points)
        if points < 0 and unable:
            self.count(m.M_LOST_UNABLE, domain, -points)

    @staticmethod
    def bounded(points: int) -> int:
        return max(min(points, DOM_MOST), -DOM_MOST)

    def end_posting(
        self, rule: int, event: Post, domain: int, points: int, hold: int, unable: bool, performs: int | None
    ) -> int | None:
        """Schedule the end of a posting: its term, repair, performance or correction; return the day."""
        rules = self.rules
        grace = int(rules.kind[event.kind, V_GRACE])
        term, repair = int(rules.rule[rule, U_TERM]), int(rules.rule[rule, U_REPAIR])
        if event.repair and repair >= 0 and (term < 0 or repair < term):
            term = repair
        performed = mended = False
        if performs is not None and hold >= 0:
            days = performs - grace + int(rules.hold[hold, H_REMOVAL])
            if term < 0 or days < term:
                term, performed = days, True
        if event.corrected:
            days = int(self.t.keeper[event.source, K_CORRECT_DAYS]) - grace
            if term < 0 or days < term:
                term, mended = days, True
        if term < 0:
            return None
        self.schedule(
            Expire(
                event.day + term,
                0,
                event.kind,
                domain,
                points,
                hold if hold >= 0 else NO_HOLD,
                event.status != TRUE_RECORD,
                unable,
                event.stale and not mended,
                mended,
                event.source,
                performed=performed,
            )
        )
        return event.day + term

    def expire(self, event: Expire) -> None:
        """Take a posting back, or let it turn stale and stay."""
        rules, life, p = self.rules, self.life, event.points
        weight = weighted(rules, event.domain, p)
        if event.turns_stale:
            if not event.wrong:
                life.wrong = self.bounded(life.wrong + weight)
                if event.hold != NO_HOLD:
                    life.hold_wrong[event.hold] += 1
                    life.hold_unable[event.hold] -= event.unable
                if event.unable:
                    life.unable = self.bounded(life.unable - weight)
            self.count(m.M_STALE, event.source, 1)
            days = int(self.t.keeper[event.source, K_STALE_DAYS])
            self.tell("stale", day=event.day, kind=event.kind, points=p, source=event.source)
            self.schedule(event._replace(day=event.day + days, wrong=True, unable=False, turns_stale=False))
            return
        left = self.bounded(life.points[event.domain] - p)
        self.count(m.M_RETURNED, event.domain, left - life.points[event.domain])
        life.points[event.domain] = left
        if event.wrong:
            life.wrong = self.bounded(life.wrong - weight)
        elif event.unable:
            life.unable = self.bounded(life.unable - weight)
        if event.hold != NO_HOLD:
            life.hold[event.hold] -= 1
            life.hold_wrong[event.hold] -= event.wrong
            life.hold_unable[event.hold] -= event.unable
            life.hold_passed[event.hold] -= event.passed
            if life.hold[event.hold] == 0:
                leave(self, event)
        if event.passed:
            life.passed = self.bounded(life.passed - weight)
        if not is_lock(rules, event.hold):
            self.tell(
                "expiry", day=event.day, kind=event.kind, points=-p, corrected=event.corrected,
                performed=event.performed,
            )  # fmt: skip

    # -- doors --------------------------------------------------------------------------------------------

    def ask(self, event: Ask) -> None:
        """Answer a request, or leave it in the queue of a scarce door."""
        t, rules, life, door = self.t, self.rules, self.life, event.door
        privilege = bool(t.door[door, D_PRIVILEGE])
        if privilege and not rules.door[door, O_NAMED]:
            return
        self.count(m.M_REQUESTS, door, 1)
        streams = len(t.stream)
        ordinary = int(t.door[door, D_ORDINARY]) * factor_product(t.factors, streams + door, self.traits, self.years)
        if event.luck < ordinary >> 31:
            self.count(m.M_ORDINARY, door, 1)
            self.refused(event, "ordinary")
            return
        score = score_of(rules, self.points())
        why = refusal(rules, score, life.hold, door) if rules.any_rule else ""
        if why and rules.same_domain and not in_context(self, door):
            why = ""
        if privilege:
            self.favour(event, score, why)
        elif why:
            self.count({"list": m.M_LIST, "grade": m.M_GRADE_REFUSED, "score": m.M_SCORE}[why], door, 1)
            blame(self, door)
            life.told = 1 if t.aware < 1 << 32 else 0
            self.refused(event, why, score=score)
        elif t.door[door, D_SCARCE]:
            priority = {0: 0, 1: score, 2: self.grade()}[int(rules.door[door, O_PRIORITY]) if rules.any_rule else 0]
            self.tell("queued", day=event.day, door=door, priority=priority)
            self.requests.append(Request(door, life.who, priority, event.luck, event.day))
        else:
            self.count(m.M_GRANTED, door, 1)
            self.tell("granted", day=event.day, door=door)

    def favour(self, event: Ask, score: int, why: str) -> None:
        """Grant a privilege or not: who goes without is where everybody is without the scheme."""
        if why or not self.scored():
            self.count(m.M_ORDINARY, event.door, 1)
            self.tell("refused", day=event.day, door=event.door, why="no favour", score=score)
        else:
            self.count(m.M_GRANTED, event.door, 1)
            self.tell("granted", day=event.day, door=event.door)

    def refused(self, event: Ask, why: str, score: int | None = None) -> None:
        self.tell("refused", day=event.day, door=event.door, why=why, score=score)
        self.life.stress = min(FULL, self.life.stress + int(self.t.respond[R_PER_REFUSAL]))

    # -- the window's end -----------------------------------------------------------------------------------

    def close(self) -> int | None:
        """Count how the citizen stands, and let time pass; return the score of a subject."""
        rules, life, r = self.rules, self.life, self.t.respond.tolist()
        life.stress = (life.stress * r[R_STRESS_KEEP]) >> 8
        life.motive += ((FULL - life.motive) * r[R_MOTIVE_BACK]) >> 8
        life.did = max(0, life.did - 1)
        pass_trust(self)
        if self.subject == 0 and self.program.age(life.who, self.years) < max(ADULT, rules.min_age):
            return None
        self.count(m.M_STRESS, 0, life.stress)
        for source in range(len(self.t.keeper)):
            looks = int(self.t.keeper[source, K_SUBJECTS]) >> self.subject & 1
            if self.t.keeper[source, K_VISITS] and looks and visited(self, source):
                self.count(m.M_VISITS, source, 1)
        if not self.scored():
            return None
        self.decay()
        score = score_of(rules, self.points())
        grade = grade_of(rules, score, life.hold)
        self.count(m.M_GRADE, grade, 1)
        self.count(m.M_DOERS, grade, int(life.did > 0))
        right_holds = [a - b for a, b in zip(life.hold, life.hold_wrong, strict=True)]
        clean = score_without(rules, self.points(), life.wrong)
        looked_at = life.wrong < 0 or len(life.hold) > 0
        if looked_at and grade_of(rules, clean, right_holds) > grade:
            self.count(m.M_GRADED_DOWN, 0, 1)
        for h, active in enumerate(life.hold):
            self.count(m.M_HELD, h, int(active > 0))
        self.tell("month", day=self.program.clock.first_day(self.window + 1) - 1, score=score, grade=grade)
        return score

    def decay(self) -> None:
        """Move the points towards the start by the scheme's monthly decay."""
        life, left = self.life, self.rules.decay
        for d in range(4):
            step = min(left, abs(life.points[d]))
            if step:
                moved = -step if life.points[d] > 0 else step
                life.points[d] += moved
                left -= step
                self.count(m.M_RETURNED, d, moved)
        most = self.rules.decay
        life.wrong -= min(max(life.wrong, -most), most)
        life.unable -= min(max(life.unable, -most), most)
        life.passed -= min(max(life.passed, -most), most)


class Lived(NamedTuple):
    """What one citizen's window leaves to the barrier and to the counts."""

    letters: list[Letter]
    requests: list[Request]
    counts: Counter[tuple[int, int]]
    score: int | None


def live(
    program: Program, life: Life, window: int, heard: Heard, tell: Tell = _silent, drawn: Draw = candidates
) -> Lived:
    """Let one citizen live one window; `life` changes.

    Parameters
    ----------
    heard : what the last barrier left to everybody.
    tell : called with the name of each happening and its facts.
    drawn : what tells the candidates.
    """
    if program.is_new_year(window):
        life.cap = [0] * len(life.cap)
    lived = _Window(program, life, window, heard, tell)
    lived.live([*drawn(program, life.who, window), *life.waiting.pop(window, [])])
    return Lived(lived.letters, lived.requests, lived.counts, lived.close())
