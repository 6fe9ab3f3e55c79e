"""Lists: entry, grace, exit by doing what is owed, and the lock after it, each against what it should give."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from tiny import (
    CONDUCT,
    DOORS,
    LISTING,
    SILENT,
    SOURCES,
    Parts,
    differences,
    flat,
    grown_ups,
    keeper,
    lived,
    program,
    rate,
    total,
    with_,
)

from glasstown.engine import measures as m
from glasstown.engine.loop import Outcome
from glasstown.engine.program import Program

CITIZENS = 40_000
HAZARD = 2.0


def sources() -> Parts:
    """Return one source that sees everything at once and makes no error."""
    bank = keeper("Bank", {"loan-default": (1, 0, 0)})
    for key in ("wrong_subject", "repair"):
        bank[key]["value"] = 0
    bank["stale"]["share"]["value"] = 0
    return {**SOURCES, "keepers": {"bank": bank}}


def conduct(hazard: float) -> Parts:
    """Return a conduct of one kind, with one rate of default and of doing what is owed, the same for all."""
    default = {**CONDUCT["acts"]["loan-default"], "rate": rate(0.3), "performs": rate(hazard), "responds": []}
    return {**CONDUCT, "acts": {"loan-default": default}}


def listing(**register: Any) -> Parts:
    """Return a scheme of one list that is left by doing what is owed."""
    debtors = {"title": "Debtors", "exit": "performance", "status": "assumed", **register}
    rules = {"debtor": {**LISTING["rules"]["debtor"], "when": None, "term_months": None}}
    doors = {"flight": {"refuse": {"lists": ["debtors"]}, "status": "assumed"}}
    return {**LISTING, "lists": {"debtors": debtors}, "rules": rules, "doors": doors}


@cache
def run(hazard: float = HAZARD, **register: Any) -> tuple[Program, Outcome]:
    """Live two years of many adults under such a list."""
    people = grown_ups(CITIZENS)
    world = program(
        people=people, windows=24, schemes=(listing(**register),), off=list(SILENT), conduct=conduct(hazard),
        sources=sources(), doors={**DOORS, "requests": {"flight": DOORS["requests"]["flight"]}},
    )  # fmt: skip
    return world, lived(world)


def count(measure: str, item: str = "debtors", hazard: float = HAZARD, **register: Any) -> int:
    """Return one total of such a run."""
    world, outcome = run(hazard, **register)
    return total(world, outcome, measure)[item]


def on_it(world: Program, outcome: Outcome) -> np.ndarray[Any, Any]:
    """Return by window how many stand on the list."""
    column = int(world.catalogues[0].base[m.M_HELD])
    return outcome.sides[0].place[:, :, column].sum(axis=1)


def test_whoever_stands_on_a_list_entered_it_and_has_not_left() -> None:
    """Month by month, those on a list are those who entered less those who left."""
    world = program(2000, 14, schemes=("listing", "full"), scale=2.0)
    outcome = lived(world)
    for s, catalogue in enumerate(world.catalogues):
        place = outcome.sides[s].place.sum(axis=1).cumsum(axis=0)
        stock = outcome.sides[s].place.sum(axis=1)
        for hold, name in enumerate(world.schemes[s].hold_names):
            entered, left, held = (int(catalogue.base[measure]) + hold for measure in (m.M_ENTERED, m.M_LEFT, m.M_HELD))
            assert place[-1, entered] > 0, name
            assert (stock[:, held] == place[:, entered] - place[:, left]).all(), name


def test_people_leave_at_their_hazard() -> None:
    """Entry at a constant rate and exit at a hazard give the stock rate / hazard x (1 - exp(-hazard x time))."""
    world, outcome = run()
    stock = on_it(world, outcome)
    years = np.array([world.clock.first_day(w + 1) for w in range(24)]) / 365.25
    # Who defaults again while listed stays listed: a queue with as many servers as there are debts.
    debts = 0.3 / HAZARD * (1 - np.exp(-HAZARD * years))
    expected = CITIZENS * (1 - np.exp(-debts))
    assert (np.abs(stock - expected) < 4.5 * np.sqrt(expected)).all()
    assert count("left_by_performing") == count("left") > 1000


def test_grace_spares_who_does_what_is_owed_in_time() -> None:
    """Of the records, the share 1 - exp(-hazard x grace) never becomes a listing, and the rest comes later."""
    spared = count("spared_by_grace", grace_days=60)
    posted = count("posted", "debtor", grace_days=60)
    share = 1 - np.exp(-HAZARD * 60 / 365.25)
    assert spared / (spared + posted) == pytest.approx(share, abs=4 * (share / (spared + posted)) ** 0.5)
    world, outcome = run(grace_days=60)
    assert on_it(world, outcome)[0] == 0
    assert count("spared_by_grace") == 0


def test_the_lock_bars_the_way_back() -> None:
    """After leaving by performing nobody is listed again for the months of the lock."""
    world, outcome = run(lock_months=600)
    assert outcome.sides[0].state is not None
    lock = world.schemes[0].hold_names.index("debtors-lock")
    assert count("entered", "debtors-lock", lock_months=600) == count("left", lock_months=600)
    assert outcome.sides[0].state.hold[:, lock].max() == 1
    assert count("entered", lock_months=600) <= CITIZENS
    # Within two years nobody is on it a second time: whoever left has the lock, whoever has not is on it.
    on = outcome.sides[0].state.hold[:, world.schemes[0].hold_names.index("debtors")] > 0
    assert count("entered", lock_months=600) == on.sum() + (outcome.sides[0].state.hold[:, lock] > 0).sum()
    assert count("entered", lock_months=1) > count("entered", lock_months=600)


def test_nobody_leaves_who_never_does_what_is_owed() -> None:
    """Without a hazard the list is for good; the days until removal delay the exit by as much."""
    assert count("left", hazard=0.0) == 0
    early, late = (on_it(*run(removal_days=days)).sum() for days in (0, 300))
    assert late > early * 1.2


def test_what_is_owed_changes_nothing_where_no_list_asks() -> None:
    """A scheme without such a list gives the same tables whether people would perform or not."""
    outcomes = [
        flat(lived(program(600, 8, conduct=with_(CONDUCT, value, "acts", "loan-default", "performs"))))
        for value in ({"per_year": 9.0, "status": "assumed"}, None)
    ]
    assert differences(*outcomes) == []


def refusals(scheme: Parts) -> dict[str, dict[str, int]]:
    """Return the scheme's refusals by door, and those that rest on another domain."""
    world = program(2000, 12, schemes=(scheme,), off=SILENT, scale=2.0)
    outcome = lived(world)
    found = [total(world, outcome, f"refused_{why}") for why in ("score", "grade", "list")]
    by_door = {door: sum(one[door] for one in found) for door in world.names.doors}
    return {"all": by_door, "out of context": total(world, outcome, "refused_out_of_context")}


def test_sanctions_reach_as_far_as_the_scheme_says() -> None:
    """In the same domain no refusal is out of context; everywhere, doors close that are not even listed."""
    listed, narrow, wide = (refusals({**LISTING, "context": c}) for c in ("listed", "same-domain", "everywhere"))
    assert listed["all"]["loan"] == 0 < wide["all"]["loan"]
    assert 0 < narrow["all"]["flight"] < listed["all"]["flight"]
    assert sum(narrow["out of context"].values()) == 0 < sum(listed["out of context"].values())
    assert sum(wide["all"].values()) > sum(listed["all"].values())


def test_same_domain_is_a_matter_of_the_door_alone() -> None:
    """A refusal stands in the same domain exactly where it would not be counted as out of context."""
    listed, narrow = (refusals({**LISTING, "context": c}) for c in ("listed", "same-domain"))
    for door, closed in listed["all"].items():
        assert narrow["all"][door] == closed - listed["out of context"][door]
