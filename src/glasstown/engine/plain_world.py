"""The plain twin of the loop: every citizen lived in turn, then a barrier in ordinary Python."""

from __future__ import annotations

from collections import Counter

from .. import draws
from ..scheme.power import TIES
from . import measures as m
from .barrier import Allotment, visit_chances
from .layout import FALSE_RECORD, FULL, HURTS_PLACE, HURTS_STAFF, PASSED_ON
from .plain import Heard, live
from .plain_events import Hurt, Letter, Life, Post, Request
from .program import Program
from .tables import (
    A_HURTS,
    D_CHILD,
    K_VISITS,
    N_NAMESAKE,
    P_KIND,
    P_SOURCE,
    R_BELIEF,
    R_PER_REFUSAL,
    R_START_RISK,
    R_TRUST_START,
    U_PASS,
    X_QUOTA,
    X_QUOTA_PAIR,
)
from .ties import tied
from .trust import first_grade, harm_chance, usual_trust
from .victims import victim_decision

__all__ = ["PlainSide", "run_plain"]


class PlainSide:
    """One side of a scenario, lived citizen by citizen.

    Attributes
    ----------
    place, group, cell : counts by (window, row, measure, item), (year, group, measure, item), (cell, measure, item).
    """

    def __init__(self, program: Program, side: int) -> None:
        self.program, self.side = program, side
        self.rules = program.sides[side]
        self.lives = {who: Life.begin(program, side, who) for who in program.everyone.tolist()}
        of = (program.row_of, program.group_of, program.cell_of)
        self.home = dict(zip(self.lives, zip(*(at(program.everyone).tolist() for at in of), strict=True), strict=True))
        self.news = [int(program.shared.respond[R_START_RISK])] * 4 * program.classes
        columns = program.classes * (len(self.rules.band_from) + 1)
        self.visit = [[visits] * columns for visits in program.shared.keeper[:, K_VISITS].tolist()]
        self.harm = [(0, int(program.shared.respond[R_TRUST_START]))] * (program.places if program.trusting else 1)
        self.place: Counter[tuple[int, int, int, int]] = Counter()
        self.group: Counter[tuple[int, int, int, int]] = Counter()
        self.cell: Counter[tuple[int, int, int]] = Counter()
        self.scores: Counter[tuple[int, int]] = Counter()
        self.letters: list[list[Letter]] = []
        self.allotments: list[Allotment] = []

    def window(self, window: int) -> None:
        """Live one window, then the barrier."""
        letters: list[Letter] = []
        requests: list[Request] = []
        totals: Counter[tuple[int, int, int]] = Counter()
        for life in self.lives.values():
            lived = live(self.program, life, window, Heard(self.news, self.visit, self.harm))
            letters += lived.letters
            requests += lived.requests
            subject = self.program.class_of(life.who)
            if lived.score is not None:
                at = subject * self.program.bins + (lived.score - self.rules.floor) // 10
                self.scores[window, at] += 1
            for (measure, item), n in lived.counts.items():
                self.count(life.who, window, measure, item, n)
                totals[subject, measure, item] += n
        letters = self.find_victims(letters, window)
        self.deliver([*self.passed_on(letters, window), *self.made_up(window)], window)
        self.allot(requests, window)
        self.hear(totals)
        self.look_ahead(totals)
        self.foresee_harm(window)

    def count(self, who: int, window: int, measure: int, item: int, n: int) -> None:
        program = self.program
        last_of_year = window + 1 == program.clock.windows or program.is_new_year(window + 1)
        place, group, cell = self.home[who]
        self.place[window, place, measure, item] += n
        if measure < m.M_GRADE or last_of_year:
            self.group[program.years_elapsed(window), group, measure, item] += n
        if measure < m.M_GRADE or window + 1 == program.clock.windows:
            self.cell[cell, measure, item] += n

    def find_victims(self, letters: list[Letter], window: int) -> list[Letter]:
        """Address each harm to one of those who work for its doer, or buy there; to nobody where there are none."""
        program, t, out = self.program, self.program.shared, []
        for letter in letters:
            hurt = letter.post
            if not isinstance(hurt, Hurt):
                out.append(letter)
                continue
            tie = "staff" if t.act[hurt.kind, A_HURTS] == HURTS_STAFF else "customers"
            near = list(tied(program, letter.who, 1 << TIES.index(tie)))
            decision = victim_decision(program.names.kinds[hurt.kind])
            luck = draws.words((t.key0, t.key1), program.own_number(letter.who), decision, window, hurt.by)[0]
            if near:
                out.append(Letter(near[(luck * len(near)) >> 32], hurt._replace(by=letter.who)))
        return out

    def passed_on(self, letters: list[Letter], window: int) -> list[Letter]:
        """Address what is passed on to all who are tied to whom it comes from."""
        out = []
        for letter in letters:
            post = letter.post
            if isinstance(post, Hurt) or post.status != PASSED_ON:
                out.append(letter)
                continue
            rule = int(self.rules.rule_start[post.kind]) + post.late
            for other in tied(self.program, letter.who, int(self.rules.rule[rule, U_PASS])):
                out.append(Letter(other, post))
                self.count(letter.who, window, m.M_SENT, 0, 1)
        return out

    def made_up(self, window: int) -> list[Letter]:
        """Make up the losses by which a place falls short of its quota."""
        program, quota, pair = self.program, int(self.rules.power[X_QUOTA]), int(self.rules.power[X_QUOTA_PAIR])
        out: list[Letter] = []
        if not quota:
            return out
        t = program.shared
        kind, source = int(t.pair[pair, P_KIND]), int(t.pair[pair, P_SOURCE])
        for place in range(program.places):
            scored = sum(
                n for (w, p, measure, _), n in self.place.items() if (w, p, measure) == (window, place, m.M_GRADE)
            )
            shown = sum(
                n for (w, p, measure, _), n in self.place.items() if (w, p, measure) == (window, place, m.M_CAUGHT)
            )
            adults = program.adults_of(place)
            for i in range(max(0, quota * scored // 10**6 - shown)):
                whom, how, _, _ = draws.philox((place, t.quota_id, window, i), (t.key0, t.key1))
                who = int(adults[(whom * len(adults)) >> 32])
                day = program.clock.first_day(window + 1)
                out.append(Letter(who, Post(day, 1, kind, source, FALSE_RECORD, how & 255, False, False, False, 0)))
                for measure, item in ((m.M_FALSE, pair), (m.M_FABRICATED, 0), (m.M_SENT, 0)):
                    self.count(who, window, measure, item, 1)
        return out

    def look_ahead(self, totals: Counter[tuple[int, int, int]]) -> None:
        """Spread the next window's visits over the grades of each class."""
        t, weights = self.program.shared, self.rules.visit_weight.tolist()
        self.visit = [[] for _ in self.visit]
        for subject in range(self.program.classes):
            graded = [totals[subject, m.M_GRADE, band] for band in range(len(self.rules.band_from))]
            first, end = t.classes[subject : subject + 2, N_NAMESAKE].tolist()
            others = max(0, end - first - sum(graded))
            for source, visits in enumerate(t.keeper[:, K_VISITS].tolist()):
                self.visit[source] = self.visit[source] + visit_chances(visits, weights, graded, others)

    def foresee_harm(self, window: int) -> None:
        """Spread this window's harm to persons over the people of each place in the next."""
        program, t = self.program, self.program.shared
        if not program.trusting:
            return
        counted = [(row, measure, item, n) for (at, row, measure, item), n in self.place.items() if at == window]
        start, belief = int(t.respond[R_TRUST_START]), int(t.respond[R_BELIEF])
        ahead = []
        for place in range(program.places):
            harms, graded = 0, [0] * len(self.rules.band_from)
            for row, measure, item, n in counted:
                if measure == m.M_ACTS and row % program.places == place and t.act[item, A_HURTS] == HURTS_PLACE:
                    harms += n
                elif measure == m.M_GRADE and row == place:
                    graded[item] += n
            first, end = program.society.place_start[place : place + 2].tolist()
            usual = usual_trust(start, belief, graded, first_grade(self.rules))
            ahead.append((harm_chance(harms, end - first), usual))
        self.harm = ahead

    def deliver(self, letters: list[Letter], window: int) -> None:
        clock = self.program.clock
        for letter in letters:
            day = max(letter.post.day, clock.first_day(window + 1))
            if day < clock.first_day(clock.windows):
                waiting = self.lives[letter.who].waiting.setdefault(self.program.window_of(day), [])
                waiting.append(letter.post._replace(day=day))
            self.count(letter.who, window, m.M_RECEIVED, 0, int(isinstance(letter.post, Post)))
        self.letters.append(letters)

    def allot(self, requests: list[Request], window: int) -> None:
        """Give out scarce places: by priority, then by lot."""
        t = self.program.shared
        for door in sorted({request.door for request in requests}):
            asked = [request for request in requests if request.door == door]
            places = self.program.places_of(door)
            ranked = sorted(asked, key=lambda r: (-r.priority, r.luck, r.who))
            lucky = sorted(asked, key=lambda r: (r.luck, r.who))[:places]
            for request in ranked[:places]:
                self.count(request.who, window, m.M_GRANTED, door, 1)
            hurt: set[int] = set()
            for request in ranked[places:]:
                self.count(request.who, window, m.M_SCARCE, door, 1)
                if t.door[door, D_CHILD] and request in lucky:
                    self.count(request.who, window, m.M_PASSED_ON, door, 1)
                hurt.add(request.who)
            for who in hurt:
                life = self.lives[who]
                life.stress = min(FULL, life.stress + int(t.respond[R_PER_REFUSAL]))
            last = ranked[:places][-1] if ranked[:places] else Request(door, 0, 0, 0, 0)
            short = max(0, len(asked) - places)
            self.allotments.append(Allotment(window, door, places, short, last.priority, last.luck, last.who))

    def hear(self, totals: Counter[tuple[int, int, int]]) -> None:
        """Update what everyone of a class hears of the risk of being caught."""
        news = list(self.news)
        for subject in range(self.program.classes):
            for domain in range(4):
                watched = totals[subject, m.M_WATCHED, domain]
                if watched > 0:
                    caught = min(totals[subject, m.M_CAUGHT, domain], watched)
                    at = 4 * subject + domain
                    news[at] = (7 * news[at] + (FULL * caught) // watched) // 8
        self.news = news


def run_plain(program: Program, replicate: int = 0) -> list[PlainSide]:
    """Live a whole scenario, every side, without a kernel or an array of people.

    Meant for hundreds of citizens, not millions; equal to :func:`glasstown.engine.loop.simulate`, bit for bit.
    """
    program = program.with_replicate(replicate)
    sides = [PlainSide(program, s) for s in range(len(program.sides))]
    for window in range(program.clock.windows):
        for side in sides:
            side.window(window)
    return sides
