"""Trust, person by person: harm and wrong refusals cost it, time brings it back, and acts follow it."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
import tiny_firms
from test_twin import plain
from tiny import (
    ASSUMED,
    CONDUCT,
    NONE,
    RESPONSES,
    Parts,
    cited,
    differences,
    flat,
    lived,
    named,
    program,
    total,
    with_,
    without,
)

from glasstown.engine.layout import FULL as MOST
from glasstown.engine.loop import Outcome
from glasstown.engine.program import Program
from glasstown.engine.trust import harm_chance, usual_trust

START = 153
OTHERS = [name for name in RESPONSES if name != "trust"]


def trusting(**strengths: float) -> Parts:
    """Return the tiny conduct with other strengths of trust."""
    conduct = CONDUCT
    for name, value in strengths.items():
        conduct = with_(conduct, cited(value), "response", "trust", name)
    return conduct


def trust_of(outcome: Outcome, side: int = 0) -> np.ndarray[Any, Any]:
    """Return everybody's trust at the end."""
    state = outcome.sides[side].state
    assert state is not None
    return state.trust.astype(np.int64)


def mean_trust(world: Program, outcome: Outcome, side: int = 0) -> float:
    """Return mean trust at the end, as the tables tell it."""
    found = named(world, outcome, side)
    return float(found["place", "trust", "-"][-1].sum() / found["place", "trust_counted", "-"][-1].sum())


def test_more_harm_lowers_trust() -> None:
    """Where more people are cheated, trust ends lower, in every place."""
    ends = []
    for per_year in (0.2, 3.0):
        conduct = with_(CONDUCT, per_year, "acts", "loan-default", "rate", "per_year")
        world = program(1600, 10, conduct=conduct)
        found = named(world, lived(world), 1)
        ends.append(found["place", "trust", "-"][-1] / found["place", "trust_counted", "-"][-1])
    assert (ends[1] < ends[0] - 5).all()


def test_what_costs_no_trust_leaves_it_where_it_was() -> None:
    """Where neither harm nor refusals cost trust and nobody believes in the score, everybody's stays at the start."""
    world = program(1600, 10, conduct=trusting(shock=0, wronged=0, belief=0), scale=3.0)
    outcome = lived(world)
    assert total(world, outcome, "harmed")["-"] > 100
    for side in range(2):
        assert (trust_of(outcome, side) == START).all()
        assert mean_trust(world, outcome, side) == START


def test_a_scheme_beside_itself_moves_no_trust() -> None:
    """The same scheme on both sides: every table, state and barrier is the same, though trust moves."""
    world = program(1600, 10, schemes=("full", "full"), scale=2.0)
    left = flat(lived(world))
    ours, theirs = ({name[2:]: one for name, one in left.items() if name[0] == side} for side in "01")
    assert differences(ours, theirs) == []
    assert len(np.unique(ours["state/trust"])) > 20


def test_as_many_are_harmed_as_the_acts_of_the_window_before() -> None:
    """Each place's chance is its harms over its people, and who is harmed is a binomial draw of that chance."""
    world = program(6400, 12, conduct=trusting(strength=0), scale=2.0)
    outcome = lived(world)
    people = np.diff(world.society.place_start)
    for side in range(2):
        found = named(world, outcome, side)
        harms, harmed = found["place", "acts", "loan-default"], found["place", "harmed", "-"]
        chances = outcome.sides[side].harm[..., 0]
        assert np.array_equal(chances[1:], (harms << 32) // people)
        share = chances[:-1] / 2**32
        mean, spread = (share * people).sum(), sqrt((share * (1 - share) * people).sum())
        assert mean > 1000
        assert abs(harmed.sum() - mean) < 4 * spread
        assert harmed[0].sum() == 0


def test_nobody_is_harmed_more_surely_than_surely() -> None:
    """More harms than people are one harm each; a place without people has none."""
    assert harm_chance(3, 2) == 1 << 32
    assert harm_chance(1, 4) == 1 << 30
    assert harm_chance(5, 0) == 0


@pytest.mark.parametrize("months", [1, 3])
def test_half_of_what_is_missing_comes_back_in_a_half_life(months: int) -> None:
    """Where all hold the grade that they began with and believe in it, what is missing halves in each half-life."""
    bands = {"A": {"from": 900, **ASSUMED}, "D": {"from": None, **ASSUMED}}
    windows = 1 + 12 // months
    conduct = trusting(shock=0, wronged=0, belief=1, half_life_months=6)
    world = program(6400, windows, schemes=({**NONE, "bands": bands},), conduct=conduct, months=months)
    outcome = lived(world)
    assert (outcome.sides[0].harm[1:, :, 1] == MOST).all()
    mean = float(trust_of(outcome).mean())
    assert abs(mean - (MOST - (MOST - START) / 4)) < 4 * sqrt(windows / 4 / 6400) + 0.05


def test_belief_follows_the_grades_of_the_place() -> None:
    """Believers come to trust as many as are graded well; where nothing is graded there is nothing to believe."""
    assert usual_trust(START, 0, (5, 1, 94), 2) == START
    assert usual_trust(START, 1 << 15, (5, 1, 94), 2) == round(0.94 * MOST)
    assert usual_trust(START, 1 << 14, (5, 1, 94), 2) == round((0.94 * MOST + START) / 2)
    assert usual_trust(START, 1 << 15, (7,), 0) == START
    assert usual_trust(START, 1 << 15, (0, 0), 1) == START
    none, full = (program(1600, 10, conduct=trusting(strength=0, belief=belief)) for belief in (0, 1))
    without_it, with_it = lived(none), lived(full)
    assert np.array_equal(trust_of(without_it, 1), trust_of(with_it, 1))
    graded = named(full, with_it)
    every, well = (sum(graded["place", "grade", band][-1].sum() for band in bands) for bands in ("ABCD", "A"))
    assert well / every < 0.55
    assert mean_trust(full, with_it) < mean_trust(none, without_it) - 1


def test_a_wrong_refusal_costs_trust() -> None:
    """Whoever is refused by a wrong record trusts less, and nobody else does."""
    conduct = trusting(shock=0, wronged=0.5, belief=0, half_life_months=1e6, strength=0)
    world = program(1600, 12, conduct=conduct, scale=2.0)
    outcome = lived(world)
    refused = sum(total(world, outcome, "refused_wrongly").values())
    hurt = trust_of(outcome) < START
    assert 10 < hurt.sum() <= refused
    assert (trust_of(outcome, 1) == START).all()


def test_acts_follow_trust() -> None:
    """Where trust falls, lawful acts that respond to it fall and unlawful ones rise; the others stay as they were."""
    done = []
    for shock in (0.0, 0.9):
        world = program(3200, 12, conduct=trusting(shock=shock, belief=0), off=OTHERS, schemes=("none",), scale=2.0)
        done.append(total(world, lived(world), "acts"))
    trusted, shaken = done
    assert shaken["volunteering"] < 0.9 * trusted["volunteering"]
    assert shaken["loan-default"] > 1.1 * trusted["loan-default"]
    for kind in ("red-light", "criticise", "drunk-driving", "gossip"):
        assert shaken[kind] == trusted[kind]


def test_acts_have_room_for_all_that_trust_brings() -> None:
    """Where everybody loses all trust, twice as much wrong is done and hardly any good: no candidate is wanting."""
    conduct = trusting(start=1, shock=1, belief=0, wronged=0, half_life_months=1e6, strength=1)
    conduct = with_(conduct, 40.0, "acts", "loan-default", "rate", "per_year")
    world = program(3200, 4, conduct=conduct, off=OTHERS, schemes=("none",))
    outcome = lived(world)
    assert (trust_of(outcome) == 0).all()
    found = named(world, outcome)
    days = np.array([world.clock.days(window) for window in range(4)])
    wrong, good = (found["place", "acts", kind].sum(axis=1) for kind in ("loan-default", "volunteering"))
    risen = (wrong[2:].sum() / days[2:].sum()) / (wrong[0] / days[0])
    assert abs(risen - (1 + MOST / 256)) < 4 * risen * sqrt(1 / wrong[0] + 1 / wrong[2:].sum())
    assert good[2:].sum() < 0.02 * good[0]


def test_strength_of_nought_leaves_conduct_alone() -> None:
    """At strength 0 every other count is that of a conduct that knows no trust."""
    plainly = without(CONDUCT, "response", "trust")
    for kind in ("loan-default", "volunteering"):
        responds = [one for one in CONDUCT["acts"][kind]["responds"] if one != "trust"]
        plainly = with_(plainly, responds, "acts", kind, "responds")
    kept, none = program(1600, 10, conduct=trusting(strength=0)), program(1600, 10, conduct=plainly)
    one, other = lived(kept), lived(none)
    for side in range(2):
        ours, theirs = named(kept, one, side), named(none, other, side)
        new = {key[1] for key in ours if key not in theirs}
        assert new == {"harmed", "trust", "trust_counted"}
        assert [key for key in theirs if not np.array_equal(ours[key], theirs[key])] == []
    assert none.sides[0].base[-1] == kept.sides[0].base[-1] - 3


def test_where_no_trust_is_kept_it_takes_no_room() -> None:
    """A conduct without trust, or with trust switched off, keeps no column and counts nothing of it."""
    off = program(640, 3, off=["trust"])
    outcome = lived(off)
    assert trust_of(outcome).shape == (1,)
    assert outcome.sides[0].harm.shape == (4, 1, 2)
    assert total(off, outcome, "harmed") == {}


def test_firms_harm_citizens_and_trust_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What firms do to anybody counts as harm where they are, in the twin too; nobody harms a firm."""
    harmful = {**tiny_firms.ACTS["fake-goods"], "harm": {"yuan": 300, "victim": "citizen", **ASSUMED}}
    monkeypatch.setitem(tiny_firms.ACTS, "fake-goods", harmful)
    world = tiny_firms.program(600, 6, scale=2.0)
    outcome = lived(world)
    assert differences(flat(outcome), plain(world)) == []
    places, people = world.places, np.diff(world.society.place_start)
    found = named(world, outcome)
    acts = sum(found["place", "acts", kind] for kind in ("fake-goods", "loan-default"))
    by_place = acts.reshape(len(acts), world.classes, places).sum(axis=1)
    assert found["place", "acts", "fake-goods"][:, :places].sum() == 0
    assert found["place", "acts", "fake-goods"].sum() > 50
    assert np.array_equal(outcome.sides[0].harm[1:, :, 0], np.minimum((by_place << 32) // people, 1 << 32))
    assert found["place", "harmed", "-"][:, places:].sum() == 0
    assert found["place", "harmed", "-"][:, :places].sum() > 50


def test_a_society_of_one_keeps_trust_as_others_do() -> None:
    """Who lives alone is told as the plain twin says, and counted: alone is not what nothing is kept of."""
    counted = 0
    for seed in range(4):
        world = program(1, 10, scale=6.0, seed=seed, conduct=trusting(shock=0.2))
        outcome, twin = lived(world), plain(world)
        tables = {name: table for name, table in flat(outcome).items() if not name.endswith(("/trust", "/did"))}
        assert differences(tables, {name: table for name, table in twin.items() if name in tables}) == []
        assert trust_of(outcome)[0] == twin["0/state/trust"][0]
        counted += total(world, outcome, "trust_counted")["-"]
    assert counted > 0
