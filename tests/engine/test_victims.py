"""A harm finds its own victims: one of the staff or of the customers of the unit that does it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import tiny_firms
from test_twin import plain
from tiny import ASSUMED, CONDUCT, SOCIETY, differences, flat, lived, named, rate, total, with_, without

from glasstown.engine.layout import CODE_SHIFT, HARM, HURTS_CUSTOMERS, HURTS_PLACE, HURTS_STAFF
from glasstown.engine.loop import Outcome
from glasstown.engine.program import Program
from glasstown.engine.tables import A_FREE, A_HURTS
from glasstown.engine.ties import tied
from glasstown.engine.trust import harm_chance
from glasstown.engine.victims import doer_of
from glasstown.scheme.power import TIES
from glasstown.society.build import build_society
from glasstown.society.types import SocietyModel

TIE = {"wages-late": "staff", "fake-goods": "customers"}
HURTS = {"wages-late": HURTS_STAFF, "fake-goods": HURTS_CUSTOMERS}


def near(world: Program, unit: int, tie: str) -> list[int]:
    """Return who works for a unit, or buys there."""
    return list(tied(world, unit, 1 << TIES.index(tie)))  # type: ignore[arg-type]


def harms(world: Program, outcome: Outcome, side: int = 0) -> list[tuple[int, int, int, int]]:
    """Return the window, victim, kind and doer of every harm that was addressed to somebody."""
    return [
        (window, who, *doer_of(world, content))
        for window, letters in enumerate(outcome.sides[side].letters)
        for who, _, content in letters.tolist()
        if content >> CODE_SHIFT == HARM
    ]


@pytest.fixture(scope="module")
def world() -> Program:
    """Return a program in which nobody but companies harms anybody."""
    peaceful = without(CONDUCT, "acts", "loan-default", "harm")
    return tiny_firms.program(960, 8, schemes=("all", "none"), scale=2.0, base=peaceful)


@pytest.fixture(scope="module")
def outcome(world: Program) -> Outcome:
    """Run it."""
    return lived(world)


def test_every_victim_is_tied_to_who_harms(world: Program, outcome: Outcome) -> None:
    """Unpaid wages meet the company's own staff, fake goods its own customers, on both sides; many of each."""
    for side in range(2):
        found = harms(world, outcome, side)
        for kind, tie in TIE.items():
            mine = [(who, by) for _, who, k, by in found if world.names.kinds[k] == kind]
            assert len(mine) > 100
            assert all(who in near(world, by, tie) for who, by in mine)


def test_one_act_harms_one_person(world: Program, outcome: Outcome) -> None:
    """Where every company has such people, as many are harmed as acts were done in the window before; none is lost."""
    for side in range(2):
        found = Counter((window, world.names.kinds[kind]) for window, _, kind, _ in harms(world, outcome, side))
        tables = named(world, outcome, side)
        acts = sum(tables["place", "acts", kind].sum(axis=1) for kind in TIE)
        for kind in TIE:
            assert [found[w, kind] for w in range(8)] == tables["place", "acts", kind].sum(axis=1).tolist()
        assert tables["place", "harmed", "-"].sum(axis=1).tolist() == [0, *acts[:7].tolist()]


def test_who_has_no_staff_harms_none() -> None:
    """Where hands are few, companies without any withhold wages from nobody, and nobody else bears it for them."""
    few = {"table": {"all": {"none": 0.3, "farmer": 0.67, "official": 0.03}}, **ASSUMED}
    parts = {**with_(SOCIETY, few, "chances", "work"), "classes": tiny_firms.CLASSES}
    bare = tiny_firms.program(people=build_society(SocietyModel.model_validate(parts), 640, 5), windows=4, scale=2.0)
    start, _ = bare.staff_of
    units = bare.society.classes[0].numbers
    staffed = np.diff(start)[units] > 0
    run = lived(bare)
    found = Counter(by for _, _, kind, by in harms(bare, run) if bare.names.kinds[kind] == "wages-late")
    assert 5 < staffed.sum() < len(units) - 5
    assert 0 < found.total() < total(bare, run, "acts")["wages-late"]
    assert set(found) <= set(units[staffed].tolist())
    assert differences(flat(run), plain(bare)) == []


def test_the_place_does_not_count_them_again(world: Program, outcome: Outcome) -> None:
    """The chance of being harmed in a place stays zero where only companies harm, and is that of the others' acts."""
    assert (outcome.sides[0].harm[..., 0] == 0).all()
    both = tiny_firms.program(960, 4, schemes=("all", "none"), scale=2.0)
    run = lived(both)
    defaults = named(both, run)["place", "acts", "loan-default"]
    people = np.diff(both.society.place_start).tolist()
    chances = [[harm_chance(int(n), of) for n, of in zip(row, people, strict=False)] for row in defaults]
    assert run.sides[0].harm[1:, :, 0].tolist() == chances


def test_who_is_not_paid_trusts_less(world: Program, outcome: Outcome) -> None:
    """Staff of companies that pay late trust less at the end than people who work alike for others."""
    state = outcome.sides[1].state
    assert state is not None
    doers = Counter(by for _, _, kind, by in harms(world, outcome, 1) if world.names.kinds[kind] == "wages-late")
    works = world.employer_of[: world.society.n]
    theirs = np.isin(works, list(doers))
    others = (works >= 0) & ~theirs
    trust = state.trust[: world.society.n].astype(float)
    assert min(theirs.sum(), others.sum()) > 30
    assert trust[theirs].mean() < trust[others].mean() - 5


def test_one_act_meets_one_person_on_both_sides(world: Program, outcome: Outcome) -> None:
    """Fake goods that are sold on both sides meet the same customer there: most harms are the same."""
    first, second = (Counter(harms(world, outcome, side)) for side in range(2))
    assert (first & second).total() > 0.7 * max(first.total(), second.total())


def test_acts_without_a_rule_or_a_response_are_lived_for_their_victims() -> None:
    """A kind that nothing moves and nobody scores still finds its victims; without trust it need not be lived."""
    plainest = {
        "title": "Gift horse",
        "subject": "company",
        "domain": "social",
        "lawful": True,
        "rate": rate(9.0),
        "harm": {"yuan": 1, "victim": "customer", **ASSUMED},
    }
    able = with_(CONDUCT, plainest, "acts", "gift-horse")
    for off, kept in (((), True), (("trust",), False)):
        one = tiny_firms.program(640, 4, schemes=("none",), off=off, base=able)
        kind = one.names.kinds.index("gift-horse")
        assert (one.shared.act[kind, A_HURTS] == HURTS_CUSTOMERS) == kept
        assert bool(one.shared.act[kind, A_FREE]) != kept
        if kept:
            run = lived(one)
            many = sum(k == kind for _, _, k, _ in harms(one, run))
            assert many == total(one, run, "acts")["gift-horse"] > 50


def test_citizens_who_withhold_wages_harm_the_place() -> None:
    """Only who has staff or customers harms its own: the same words of a citizen's act mean somebody of the place."""
    acts = {**CONDUCT["acts"]}
    acts["loan-default"] = {**acts["loan-default"], "harm": {**acts["loan-default"]["harm"], "victim": "employee"}}
    one = tiny_firms.program(320, 2, base={**CONDUCT, "acts": acts})
    found = {name: int(one.shared.act[one.names.kinds.index(name), A_HURTS]) for name in ("loan-default", *HURTS)}
    assert found == {"loan-default": HURTS_PLACE, **HURTS}


@pytest.mark.parametrize(("threads", "chunk"), [(2, 1), (2, 3)])
def test_threads_and_chunks_change_nothing(world: Program, outcome: Outcome, threads: int, chunk: int) -> None:
    """The same victims for any number of threads and size of chunks."""
    assert differences(flat(lived(world, threads=threads, chunk=chunk)), flat(outcome)) == []


def test_kernels_equal_the_plain_twin(world: Program, outcome: Outcome) -> None:
    """The plain twin finds the same victims, one by one."""
    assert differences(flat(outcome), plain(world)) == []
    assert total(world, outcome, "harmed")["-"] > 200
