"""Who works where and who buys where: ties of companies and people."""

from __future__ import annotations

import numpy as np
import pytest
import tiny_firms
from test_classes import named
from tiny import lived

from glasstown.engine.ties import tied, tied_over
from glasstown.scheme.power import TIES


def bit(tie: str) -> int:
    """Return the bit of a tie."""
    return 1 << TIES.index(tie)  # type: ignore[arg-type]


@pytest.mark.parametrize(("of_units", "of_people"), [("staff", "employer"), ("customers", "shops")])
def test_ties_of_units_and_people_are_mutual(of_units: str, of_people: str) -> None:
    """Whoever works for a unit is of its staff, whoever goes to one is of its customers; the same one by one or not."""
    world = tiny_firms.program(960, 2)
    people, units = np.arange(960), np.concatenate([one.numbers for one in world.society.classes])
    ours = [(who, unit) for who in range(960) for unit in tied(world, who, bit(of_people))]
    theirs = [(who, unit) for unit in units.tolist() for who in tied(world, unit, bit(of_units))]
    assert ours
    assert sorted(ours) == sorted(theirs)
    at, to = tied_over(world, people, np.full(960, bit(of_people)))
    assert sorted(zip(at.tolist(), to.tolist(), strict=True)) == sorted(ours)


def test_staff_can_work_and_live_where_they_work() -> None:
    """They are adults of the place with the work in question, each works for one unit, and not next door to next."""
    world = tiny_firms.program(3000, 2)
    society = world.society
    works = world.employer_of
    staff = np.flatnonzero(works >= 0)
    work = society.traits["work"]
    assert society.adults[staff].all()
    assert set(society.column("work")[staff].tolist()) == {work.levels.index("official")}
    assert np.array_equal(world.place_of(staff), world.place_of(works[staff]))
    together = np.mean(works[staff[1:]] == works[staff[:-1]])
    assert together < 0.1


def test_large_firms_have_more_staff_and_no_place_more_than_it_has() -> None:
    """Jobs go by size; where people are too few, every firm has as much fewer."""
    world = tiny_firms.program(3000, 2)
    units = world.society.classes[0]
    start, _ = world.staff_of
    many = np.diff(start)[units.numbers]
    jobs = units.jobs[units.numbers - units.first]
    assert set(jobs.tolist()) == {2, 9}
    able = world.society.adults & (
        world.society.column("work") == world.society.traits["work"].levels.index("official")
    )
    for place in range(world.places):
        here = world.place_of(units.numbers) == place
        can = int(able[world.society.place_start[place] : world.society.place_start[place + 1]].sum())
        share = min(1.0, can / jobs[here].sum())
        assert many[here].sum() == min(can, int(jobs[here].sum()))
        assert (np.abs(many[here] - share * jobs[here]) < 1).all()


def test_everybody_goes_to_as_many_as_the_file_says() -> None:
    """Two companies each, both of the place; no council has customers."""
    world = tiny_firms.program(960, 2)
    for who in range(0, 960, 7):
        shops = list(tied(world, who, bit("shops")))
        assert len(set(shops)) == 2
        assert {world.subject_of(shop) for shop in shops} == {"company"}
        assert (world.place_of(np.array(shops)) == world.place_of(np.array([who]))).all()


def test_what_firms_do_costs_those_who_buy_there() -> None:
    """People lose points for wages that a firm paid late, a tenth of it each: the rule's share, over its customers."""
    world = tiny_firms.program(1500, 8, schemes=("all", "none"), scale=2.0)
    tables = named(world, lived(world))
    passed = tables["place", "points_lost_passed_on", "social"].sum(axis=0)
    assert passed[world.places :].sum() == 0
    late = tables["place", "posted", "wages"].sum(axis=0)
    firms, people = late[world.places :].sum(), late[: world.places].sum()
    assert people > 10 * firms > 0
    assert passed.sum() == 4 * people
