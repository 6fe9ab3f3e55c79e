"""The official's chair: what a hand on the files does, within a budget, against the rules alone."""

from __future__ import annotations

from typing import Any

import pytest

from glasstown.errors import BadValue
from glasstown.lab.official import official
from glasstown.lab.official_dials import Hand

SMALL = {"citizens": 3000, "years": 1, "threads": 1}


def sat(**dials: Any) -> dict[str, Any]:
    told: dict[str, Any] = official("nightmare", **SMALL, **dials).to_dict()
    return told


@pytest.fixture(scope="module")
def free() -> dict[str, Any]:
    return sat(often=1.0, spare=1.0, quota=80.0)


def test_a_hand_that_never_steps_in_moves_nothing() -> None:
    """At 0 the world is that of the rules alone, to the last grade and door."""
    told = sat(often=0.0)
    assert told["edits"] == told["bands_moved"] == told["doors_moved"] == 0
    assert told["edits_per_band"] is None
    assert all(one["up"] == one["down"] == 0 for one in told["standings"])


def test_friends_gain_and_critics_lose(free: dict[str, Any]) -> None:
    """Spared friends keep points and grades, pressed critics lose more; the three kinds of people are everybody."""
    friends, critics, others = free["standings"]
    assert friends["up"] > friends["down"]
    assert free["spared_per_friend"] > 0
    assert critics["up"] <= critics["down"] + others["down"]
    assert friends["people"] + critics["people"] + others["people"] == free["scored"]
    assert free["made_up"] > 0
    assert sum(one["made_up"] for one in free["places"]) <= free["made_up"] * free["years"]


def test_critics_who_are_pressed_lose_more() -> None:
    """Pressed, critics lose points and stand lower beside the rules alone, and nobody else is moved."""
    left, pressed = (sat(often=1.0, spare=0.0, press=press) for press in (0, 300))
    assert left["edits"] == left["pressed_points"] == 0
    assert pressed["pressed_points"] > 0
    assert pressed["edits"] > 0
    critics, others = pressed["standings"][1:]
    assert critics["down"] > critics["up"] == 0
    assert others["up"] == others["down"] == 0


def test_a_budget_is_never_exceeded(free: dict[str, Any]) -> None:
    """With half of what was wanted the official steps in less often, and uses most of the budget."""
    budget = int(free["wanted"] / 2)
    told = sat(often=1.0, spare=1.0, quota=80.0, budget=budget)
    assert told["wanted"] == free["wanted"]
    assert not told["enough"]
    assert 0.6 * budget < told["edits"] <= budget
    assert 0 < told["reach"] < 1
    assert sat(often=1.0, spare=1.0, quota=80.0, budget=0)["edits"] == 0


def test_a_budget_that_suffices_changes_nothing(free: dict[str, Any]) -> None:
    """Where the budget is larger than what is wanted, the result is that without any."""
    told = sat(often=1.0, spare=1.0, quota=80.0, budget=10**6)
    assert told["enough"]
    same = {key: value for key, value in told.items() if key not in ("budget", "text")}
    assert same == {key: free[key] for key in same}


@pytest.mark.nightly
def test_every_dial_that_is_offered_holds(free: dict[str, Any]) -> None:
    """Whoever is offered as a friend, and whatever as a list or a record, is taken by the scheme's own checks."""
    one = {"citizens": 300, "years": 1, "threads": 1, "spare": 1.0, "often": 1.0}
    for friends in [told["value"] for told in free["dials"]["friends"]][:3]:
        official("nightmare", friends=friends, **one)
    for record in free["dials"]["records"][:3]:
        official("nightmare", quota=900.0, record=record["record"], **one)
    for critics in [told["key"] for told in free["dials"]["critics"]]:
        official("nightmare", critics=critics, press=50, **one)


def test_what_cannot_be_set() -> None:
    """Unknown traits and lists, shares beyond 1 and schemes without rules are met with words."""
    with pytest.raises(BadValue, match=r"^friends: .*guild"):
        sat(friends='guild == "yes"')
    with pytest.raises(BadValue, match=r"^friends: the condition cannot be read") as asked:
        sat(friends="party = yes")
    assert asked.value.hint == 'write "==" to compare'
    with pytest.raises(BadValue, match=r"^critics: .*no-such-list"):
        sat(critics="no-such-list", press=10)
    with pytest.raises(BadValue):
        sat(spare=2.0)
    with pytest.raises(BadValue):
        official("rongcheng", scheme="none", **SMALL)


def test_a_hand_scaled_to_nothing_is_no_discretion() -> None:
    """Stepping in less often scales share and quota alike; at nothing the scheme has no discretion."""
    hand = Hand(friends='party == "yes"', spare=1.0, often=0.5, quota=10.0, record="a", source="b")
    half = hand.scaled(0.5)
    assert half is not None
    assert half["share"] == 0.25
    assert half["quota"]["per_1000"] == 5.0
    assert hand.scaled(0.0) is None
    assert Hand(often=1.0).scaled(1.0) is None
