"""The barrier at a window's end: mail, scarce places, and what everyone hears. Nothing else sees two citizens."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .. import draws
from . import measures as m
from .layout import CODE_SHIFT, FALSE_RECORD, FULL, LATE_MOST, PASSED_ON
from .program import Program
from .tables import (
    D_CHILD,
    D_SCARCE,
    K_VISITS,
    N_NAMESAKE,
    P_KIND,
    P_SOURCE,
    R_PER_REFUSAL,
    U_PASS,
    X_PASSES,
    X_QUOTA,
    X_QUOTA_PAIR,
    SideRules,
    SideState,
    SideTallies,
)
from .ties import tied_over

__all__ = ["Allotment", "allot", "fabricate", "hear", "look_ahead", "pass_on", "sorted_letters", "visit_chances"]

I64 = npt.NDArray[np.int64]


class Allotment(NamedTuple):
    """The outcome of one scarce door in one window: who is admitted is a matter of one comparison.

    A request is admitted when ``(-priority, luck, citizen)`` is not above the cutoff; all are where `short` is 0.
    """

    window: int
    door: int
    places: int
    short: int
    cutoff_priority: int
    cutoff_luck: int
    cutoff_citizen: int


def sorted_letters(letters: I64) -> I64:
    """Return letters in one order, whoever wrote them and whichever thread: by citizen, day, content."""
    order = np.lexsort((letters[:, 2], letters[:, 1], letters[:, 0]))
    return letters[order]


def allot(
    program: Program,
    side: int,
    state: SideState,
    tallies: SideTallies,
    requests: I64,
    window: int,
) -> list[Allotment]:
    """Give out the places of every scarce door; count who got one and who did not.

    Parameters
    ----------
    requests : int64, shape (requests, 5): door, citizen, priority, luck, day.
    """
    shared, rules = program.shared, program.sides[side]
    out = []
    for door in np.flatnonzero(shared.door[:, D_SCARCE]):
        asked = requests[requests[:, 0] == door]
        if not len(asked):
            continue
        places = program.places_of(int(door))
        order = np.lexsort((asked[:, 1], asked[:, 3], -asked[:, 2]))
        admitted, refused = asked[order[:places]], asked[order[places:]]
        by_lot = np.lexsort((asked[:, 1], asked[:, 3]))
        _count(program, rules, tallies, admitted[:, 1], m.M_GRANTED, int(door))
        _count(program, rules, tallies, refused[:, 1], m.M_SCARCE, int(door))
        if shared.door[door, D_CHILD]:
            passed_over = np.intersect1d(order[places:], by_lot[:places])
            _count(program, rules, tallies, asked[passed_over, 1], m.M_PASSED_ON, int(door))
        hurt = state.stress[refused[:, 1]].astype(np.int64) + int(shared.respond[R_PER_REFUSAL])
        state.stress[refused[:, 1]] = np.minimum(hurt, FULL).astype(np.uint8)
        last = admitted[-1] if len(admitted) else np.zeros(5, np.int64)
        out.append(Allotment(window, int(door), places, len(refused), int(last[2]), int(last[3]), int(last[1])))
    return out


def _count(program: Program, rules: SideRules, tallies: SideTallies, who: I64, measure: int, item: int) -> None:
    column = int(rules.base[measure]) + item
    np.add.at(tallies.place[:, column], program.row_of(who), 1)
    np.add.at(tallies.group[:, column], program.group_of(who), 1)
    np.add.at(tallies.cell[:, column], program.cell_of(who), 1)


def hear(program: Program, rules: SideRules, news: I64, counts: I64) -> None:
    """Update what everyone of a class hears of the risk of being caught, by domain, in place.

    One part in eight of the new value is the share of this window's punishable acts that cost their doers something.

    Parameters
    ----------
    news : four domains for each class of subjects.
    counts : tallies by place.
    """
    for subject in range(program.classes):
        total = counts[subject * program.places : (subject + 1) * program.places].sum(axis=0)
        for domain in range(4):
            watched = int(total[rules.base[m.M_WATCHED] + domain])
            if watched > 0:
                at = 4 * subject + domain
                caught = min(int(total[rules.base[m.M_CAUGHT] + domain]), watched)
                news[at] = (7 * int(news[at]) + (FULL * caught) // watched) // 8


def pass_on(program: Program, side: int, tallies: SideTallies, letters: I64) -> I64:
    """Return the letters with those that are passed on addressed to all who are tied to whom they come from."""
    rules = program.sides[side]
    if not rules.power[X_PASSES] or not len(letters):
        return letters
    passed = ((letters[:, 2] >> 23) & 3 == PASSED_ON) & (letters[:, 2] >> CODE_SHIFT == 0)
    own = letters[passed]
    rule = rules.rule_start[own[:, 2] >> 30] + (own[:, 2] & LATE_MOST)
    at, to = tied_over(program, own[:, 0], rules.rule[rule, U_PASS])
    _count(program, rules, tallies, own[at, 0], m.M_SENT, 0)
    return np.concatenate([letters[~passed], np.column_stack([to, own[at, 1:]])])


def fabricate(program: Program, side: int, tallies: SideTallies, window: int) -> I64:
    """Return letters with the losses by which places fall short of their quota."""
    rules, t = program.sides[side], program.shared
    quota, pair = int(rules.power[X_QUOTA]), int(rules.power[X_QUOTA_PAIR])
    out = [np.zeros((0, 3), np.int64)]
    grades = slice(int(rules.base[m.M_GRADE]), int(rules.base[m.M_GRADE + 1]))
    caught = slice(int(rules.base[m.M_CAUGHT]), int(rules.base[m.M_CAUGHT + 1]))
    rest = (int(t.pair[pair, P_KIND]) << 30) | (int(t.pair[pair, P_SOURCE]) << 25) | (FALSE_RECORD << 23)
    for place in range(program.places) if quota else ():
        scored, shown = int(tallies.place[place, grades].sum()), int(tallies.place[place, caught].sum())
        missing, adults = quota * scored // 10**6 - shown, program.adults_of(place)
        rows = []
        for i in range(missing):
            whom, how, _, _ = draws.philox((place, t.quota_id, window, i), (t.key0, t.key1))
            day = program.clock.first_day(window + 1)
            rows.append((int(adults[(whom * len(adults)) >> 32]), day, rest | (how & 255) << 15))
        out.append(np.array(rows, np.int64).reshape(-1, 3))
    letters = np.concatenate(out)
    for measure, item in ((m.M_FALSE, pair), (m.M_FABRICATED, 0), (m.M_SENT, 0)) if len(letters) else ():
        _count(program, rules, tallies, letters[:, 0], measure, item)
    return letters


def visit_chances(visits: int, weights: list[int], graded: list[int], others: int) -> list[int]:
    """Return the chance of a visit by grade (2³²), and of who has none, so that as many are visited as can be.

    Parameters
    ----------
    visits : chance where all are visited alike, in 2³².
    weights : how often each grade is visited beside the others, in thousandths.
    graded, others : people of each grade, and those who have none; they are visited as a grade of weight 1.
    """
    total = sum(n * weight for n, weight in zip(graded, weights, strict=True)) + others * 1000
    if total == 0:
        return [visits] * (len(weights) + 1)
    share = visits * (sum(graded) + others)
    return [min(share * weight // total, 1 << 32) for weight in [*weights, 1000]]


def look_ahead(program: Program, side: int, state: SideState, counts: I64) -> None:
    """Spread the next window's visits over the grades of each class, in place.

    Parameters
    ----------
    counts : tallies by place.
    """
    rules, wide = program.sides[side], len(program.sides[side].visit_weight) + 1
    for subject in range(program.classes):
        total = counts[subject * program.places : (subject + 1) * program.places].sum(axis=0)
        graded = total[int(rules.base[m.M_GRADE]) : int(rules.base[m.M_GRADE + 1])].tolist()
        others = max(0, int(np.diff(program.shared.classes[subject : subject + 2, N_NAMESAKE])[0]) - sum(graded))
        for source, visits in enumerate(program.shared.keeper[:, K_VISITS].tolist()):
            chances = visit_chances(visits, rules.visit_weight.tolist(), graded, others)
            state.visit[source, subject * wide : (subject + 1) * wide] = chances
