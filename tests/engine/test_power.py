"""What lies beside points, against what is known of it: passing on, visits, officials, roll-out, awareness.

Counts that follow from each other are held exactly; shares are held within four standard errors, as in
``test_closed_forms``.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from test_closed_forms import EXACT, PEOPLE, close, conduct, police, run, scheme, state
from tiny import ASSUMED, CONDUCT, FULL, NONE, RESPONSES, cited, grown_ups, lived, program, rate, rule, society, total

from glasstown.engine import measures as m
from glasstown.engine.ties import tied, tied_over
from glasstown.scheme.power import TIES
from glasstown.society.build import Society

RED = {"red_light": rate(2.0)}


@pytest.fixture(scope="module")
def people() -> Society:
    return grown_ups(PEOPLE)


def passing(**how: Any) -> Any:
    """Return a scheme of one rule of 10 points that passes losses on."""
    return scheme(rule("red-light", "legal", -10, passes_on={**how, **ASSUMED}))


def test_ties_are_mutual_and_the_same_one_by_one() -> None:
    """Whoever is tied to somebody has that somebody tied to them, and many at once come out as one by one."""
    world = program(960, 1)
    for bit, tie in enumerate(TIES):
        ties = {who: list(tied(world, who, 1 << bit)) for who in range(960)}
        assert all(who not in others for who, others in ties.items())
        if tie != "parent":
            assert all(who in ties[other] for who, others in ties.items() for other in others)
    everyone = np.arange(960, dtype=np.int64)
    at, to = tied_over(world, everyone, np.full(960, (1 << len(TIES)) - 1, np.int64))
    pairs = sorted(zip(at.tolist(), to.tolist(), strict=True))
    assert pairs == sorted((who, other) for who in range(960) for other in tied(world, who, (1 << len(TIES)) - 1))


def test_friends_lose_their_share(people: Society) -> None:
    """Each loss goes out to four friends; each of them loses half of it, exactly, as soon as the barrier delivers."""
    windows = 4
    world, outcome = run(people, windows, passing(to=["friends"], share=50), conduct(**RED), police())
    side, base = outcome.sides[0], world.catalogues[0].base
    records = total(world, outcome, "records")["police/red-light"]
    sent = side.place[:, :, base[m.M_SENT]].sum(axis=1)
    assert sent.sum() == 4 * records
    assert total(world, outcome, "points_lost_passed_on")["legal"] == 5 * sent[:-1].sum()
    assert total(world, outcome, "points_lost")["legal"] == 10 * records + 5 * sent[:-1].sum()
    assert -int(state(outcome).passed.astype(np.int64).sum()) == 5 * sent[:-1].sum()


def test_nobody_else_loses_where_nothing_is_passed_on(people: Society) -> None:
    """Without passing on there is no mail and no loss for others."""
    world, outcome = run(people, 3, scheme(rule("red-light", "legal", -10)), conduct(**RED), police())
    assert total(world, outcome, "mail_sent") == {"-": 0}
    assert total(world, outcome, "points_lost_passed_on")["legal"] == 0


def inspectors(per_1000: float, coverage: float = 1.0) -> Any:
    """Return one source that sees those whom it visits."""
    keeper = {**EXACT, "visits": {"per_1000": cited(per_1000)}}
    keeper["records"] = {"red-light": {"coverage": cited(coverage), "delay_days": [0, 0]}}
    return {"sources": "one", "title": "One", "keepers": {"police": keeper}}


def test_inspectors_see_whom_they_visit(people: Society) -> None:
    """At v visits a head and year, v/12 of the people are visited a month, and that share of acts is written down.

    Acts of one person and month stand or fall together: their variance is that of a binomial times 1 + λ/12.
    """
    windows, per_year, seen = 6, 0.5, 0.8
    acts = conduct(red_light=rate(per_year))
    world, outcome = run(people, windows, scheme(rule("red-light", "legal", -1)), acts, inspectors(600, seen))
    visits = total(world, outcome, "visits")["police"]
    close(visits / (PEOPLE * windows), 0.05, sqrt(0.05 * 0.95 / (PEOPLE * windows)))
    done = total(world, outcome, "acts")["red-light"]
    share = 0.05 * seen
    error = sqrt(share * (1 - share) / done * (1 + per_year / 12))
    close(total(world, outcome, "records")["police/red-light"] / done, share, error)


def test_inspections_by_grade_keep_the_budget(people: Society) -> None:
    """Visits by grade go where they are sent, and are as many as the budget: what is found sends them there again."""
    one = scheme(
        rule("red-light", "legal", -100),
        bands={"A": {"from": 950, **ASSUMED}, "D": {"from": None, **ASSUMED}},
        inspections={"by_grade": {"D": 8, "A": 1}, **ASSUMED},
        start={"points": 1000, **ASSUMED},
    )
    windows = 8
    world, outcome = run(people, windows, one, conduct(**RED), inspectors(600))
    close(total(world, outcome, "visits")["police"] / (PEOPLE * windows), 0.05, sqrt(0.05 * 0.95 / (PEOPLE * windows)))
    worst, best = outcome.sides[0].visits[-1, 0, :2].tolist()
    assert worst == pytest.approx(8 * best, rel=1e-6)
    assert worst > 0.05 * 2**32 > best


def officials(**what: Any) -> Any:
    """Return a scheme of two rules under officials."""
    return {
        **scheme(rule("red-light", "legal", -10)),
        "lists": {"critics": {"title": "Critics", "exit": "none-declared", "permanent": True, **ASSUMED}},
        "rules": {
            "red": rule("red-light", "legal", -10),
            "critic": rule("criticise", "political", 0, list="critics"),
        },
        "discretion": {**what, **ASSUMED},
    }


SEEN = police(({"coverage": cited(1), "delay_days": [0, 0]}, "records", "criticise"))


def test_friends_are_spared(people: Society) -> None:
    """Of what friends would lose, the share (how often) x (how much) is never posted; others lose all."""
    one = officials(share=0.5, friends='work == "official"', spare=0.6)
    acts = conduct(red_light=rate(2.0), criticise=rate(0.0))
    world, outcome = run(people, 4, one, acts, SEEN)
    spared, lost = total(world, outcome, "points_spared")["legal"], total(world, outcome, "points_lost")["legal"]
    friends = people.counts(["work"])["official"] / PEOPLE
    share, n = 0.3 * friends, (spared + lost) / 10
    close(spared / (spared + lost), share, sqrt(share * (1 - share) / n))
    assert total(world, outcome, "edits") == {"-": spared // 10}


def test_critics_are_pressed(people: Society) -> None:
    """On the list, a share of the losses is raised by the percentage; nobody else's is."""
    one = officials(share=0.4, critics="critics", press=200)
    world, outcome = run(people, 6, one, conduct(red_light=rate(2.0), criticise=rate(1.0)), SEEN)
    edits = total(world, outcome, "edits")["-"]
    assert edits > 1000
    assert total(world, outcome, "points_pressed")["legal"] == 20 * edits
    free = officials(share=0.4, critics="critics", press=200)
    unheard, alone = run(people, 6, free, conduct(red_light=rate(2.0), criticise=rate(0.0)), SEEN)
    assert total(unheard, alone, "edits") == {"-": 0}


def test_quotas_are_met(people: Society) -> None:
    """What a place falls short of its quota is made up, exactly, window by window."""
    quota = {"per_1000": 100, "record": "red-light", "source": "police"}
    world, outcome = run(
        people, 5, officials(share=1.0, quota=quota), conduct(red_light=rate(0.5), criticise=rate(0.0)), SEEN
    )
    base, place = world.catalogues[0].base, outcome.sides[0].place
    shown = place[:, :, base[m.M_CAUGHT] : base[m.M_CAUGHT + 1]].sum(axis=2)
    scored = place[:, :, base[m.M_GRADE] : base[m.M_GRADE + 1]].sum(axis=2)
    made_up = place[:, :, base[m.M_FABRICATED]]
    assert (made_up == np.maximum(0, 100_000 * scored // 10**6 - shown)).all()
    assert made_up.sum() > 0


def test_a_roll_out_begins_place_by_place() -> None:
    """Before its window a place has no posting and nobody graded; a place left out never has any."""
    world = program(6400, 6, schemes=("full", "none"), rollout={"east": 0, "north": 3}, scale=3.0)
    base, place = world.catalogues[0].base, lived(world).sides[0].place
    posted = place[:, :, base[m.M_POSTED] : base[m.M_POSTED + 1]].sum(axis=2)
    graded = place[:, :, base[m.M_GRADE] : base[m.M_GRADE + 1]].sum(axis=2)
    east, north, west = range(3)
    assert (posted[:, east] > 0).all()
    assert (posted[:3, north] == 0).all()
    assert (posted[3:, north] > 0).all()
    assert (posted[:, west] == 0).all()
    assert (graded[:, [east, north, west]] > 0).tolist() == [[True, window >= 3, False] for window in range(6)]


def test_who_does_not_know_does_not_respond() -> None:
    """Where nobody knows of the scheme and no door tells, conduct is that of a world without; where all know, not."""
    shut = {**FULL, "doors": {}}
    people = society(6400)
    off = [name for name in RESPONSES if name in ("stress", "incapacitation")]

    def acts(aware: float | None, one: Any = shut) -> list[int]:
        world = program(people=people, windows=6, schemes=(one,), aware=aware, off=off, scale=3.0)
        return list(total(world, lived(world), "acts").values())

    assert acts(0.0) == acts(None, NONE)
    assert acts(None) != acts(None, NONE)
    assert acts(0.5) != acts(0.0)


def test_whoever_does_not_know_is_caught_as_often() -> None:
    """Where nothing deters anybody, as many punishable acts are done, and as many of them caught, whoever knows."""
    people, off = society(6400), RESPONSES

    def counted(aware: float | None) -> tuple[int, int]:
        world = program(people=people, windows=6, schemes=("full",), aware=aware, off=off, scale=3.0)
        outcome = lived(world)
        return sum(total(world, outcome, "watched_acts").values()), sum(total(world, outcome, "caught").values())

    watched, caught = counted(None)
    assert watched > caught > 0
    assert counted(0.1) == counted(0.0) == (watched, caught)


def test_a_refusal_tells(people: Society) -> None:
    """Whoever a scheme refuses knows of it from then on."""
    one = scheme(rule("red-light", "legal", -100), doors={"flight": {"refuse": {"score_below": 950}, **ASSUMED}})
    acts = {**conduct(**RED), "response": {**CONDUCT["response"], "awareness": cited(0.1)}}
    world, outcome = run(people, 4, one, acts, police())
    refused = sum(total(world, outcome, "refused_score").values())
    assert 0 < int(state(outcome).told.sum()) <= refused


def test_lists_never_feed_each_other(people: Society) -> None:
    """Who is listed for a friend's record passes nothing on: each record goes out to four friends, once."""
    lists = {"listed": {"title": "Listed", "exit": "term", **ASSUMED}}
    passing = {"to": ["friends"], "held": True, **ASSUMED}
    record = rule("red-light", "legal", -10, term_months=6, list="listed", passes_on=passing)
    world, outcome = run(people, 4, scheme(record, lists=lists), conduct(**RED), police())
    assert total(world, outcome, "mail_sent")["-"] == 4 * total(world, outcome, "records")["police/red-light"] > 0
    assert total(world, outcome, "entered")["listed"] > total(world, outcome, "records")["police/red-light"] / 2
