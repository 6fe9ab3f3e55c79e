"""Societies as built: order, determinism, consistency, couples, children and parents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glasstown.errors import BadValue
from glasstown.society import Society, SocietyModel, build_society, describe
from glasstown.society.types import ADULT

CANON = [
    "age",
    "sex",
    "residence",
    "education",
    "income",
    "online",
    "occupation",
    "party",
    "partner",
    "child",
    "parents",
    "ability",
    "willingness",
    "dissent",
    "conscience",
]


def check(society: Society) -> None:
    """Hold a society with households to everything that is always true of one."""
    n = society.n
    ids = np.arange(n)
    age = society.column("age").astype(int)
    adult = society.adults
    place, home = society.place, society.household
    assert society.place_start[0] == 0
    assert society.place_start[-1] == n
    assert (society.place_start[:-1] % 64 == 0).all()
    assert (np.diff(society.place_start) >= 0).all()
    assert age.max() <= 90
    steps = np.diff(home, prepend=0)
    assert home[0] == 0
    assert set(steps.tolist()) <= {0, 1}

    partner = society.partner
    paired = partner >= 0
    mate = partner[paired]
    assert (partner[mate] == ids[paired]).all()
    assert (mate != ids[paired]).all()
    assert adult[paired].all()
    assert (home[mate] == home[paired]).all()
    assert (np.abs(age[mate] - age[paired]) <= 15).all()
    assert ((society.column("partner") == 1) == paired).all()

    child = society.child
    has = child >= 0
    assert ((society.column("child") == 1) == has).all()
    assert adult[has].all()
    assert ((age[child[has]] >= 6) & (age[child[has]] <= 12)).all()
    assert (home[child[has]] == home[has]).all()
    both = has & paired
    assert (child[partner[both]] == child[both]).all()

    parent, level = society.parent, society.column("parents")
    named = parent >= 0
    assert (age[parent[named]] >= 60).all()
    assert (age[parent[named]] - age[named] >= 16).all()
    assert (place[parent[named]] == place[named]).all()
    assert (level[named] > 0).all()
    together = level == 1
    assert named[together].all()
    assert (home[parent[together]] == home[together]).all()
    apart = named & (level == 2)
    assert (home[parent[apart]] != home[apart]).all()
    couple = named & paired
    assert (parent[couple] != parent[partner[couple]]).all()

    minor = ~adult
    for name, level_name in (
        ("occupation", "none"),
        ("party", "no"),
        ("parents", "none"),
        ("dissent", "none"),
    ):
        at = society.traits[name].levels.index(level_name)
        assert (society.column(name)[minor] == at).all(), name
    assert (society.column("education")[minor] == 0).all()


@pytest.mark.parametrize("name", ["china-by-province", "china-city", "china-county", "china-province", "invented-town"])
def test_traits_stand_in_the_order_of_the_house(build: Any, name: str) -> None:
    society = build(name, 3000, 1)
    assert [trait for trait in society.traits.names if trait != "assets"] == CANON
    assert society.words.dtype == np.uint32
    assert {trait.name for trait in society.traits if trait.sees == "truth"} == set(CANON[-4:])
    assert society.groups == ("residence", "income")


@pytest.mark.parametrize("citizens", [1, 63, 64, 65, 200, 3000])
@pytest.mark.parametrize("name", ["china-by-province", "china-city", "china-county", "china-province", "invented-town"])
def test_a_society_is_consistent(build: Any, name: str, citizens: int) -> None:
    check(build(name, citizens, 1))


@given(st.integers(64, 20_000), st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_number_of_citizens_and_any_seed(read: Any, citizens: int, seed: int) -> None:
    check(build_society(read("invented-town"), citizens, seed))


def test_the_large_one_is_consistent_and_plausible(build: Any) -> None:
    society = build("china-county", 670_000, 1)
    check(society)
    facts = describe(society)
    assert 0.15 <= 1 - facts["adults"] / society.n <= 0.18
    assert 0.10 <= facts["ties"]["child"] / society.n <= 0.15
    minors = np.flatnonzero(~society.adults)
    alone = np.bincount(society.household)[society.household[minors]] == 1
    assert not alone.any()
    paired = np.flatnonzero(society.partner >= 0)
    sex = society.column("sex")
    assert (sex[paired] != sex[society.partner[paired]]).all()
    age = society.column("age").astype(int)
    assert np.abs(age[paired] - age[society.partner[paired]]).mean() < 4
    assert facts["traits"]["partner"]["yes"] / facts["adults"] == pytest.approx(0.76, abs=0.05)
    wanted = facts["traits"]["parents"]["together"] + facts["traits"]["parents"]["apart"]
    assert facts["ties"]["parent"] > 0.95 * wanted


def test_couples_of_one_sex_where_the_file_has_them(build: Any) -> None:
    society = build("invented-town", 20_000, 1)
    paired = np.flatnonzero(society.partner >= 0)
    sex = society.column("sex")
    same = (sex[paired] == sex[society.partner[paired]]).mean()
    assert 0.01 < same < 0.05


def test_a_society_depends_on_its_seed_and_on_nothing_else(read: Any) -> None:
    model = read("invented-town")
    first, again, other = (build_society(model, 2000, seed) for seed in (5, 5, 6))
    for name in ("words", "household", "partner", "child", "parent", "place_start"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert (first.words != other.words).any()
    for over in (["place"], ["age", "sex"], ["residence", "income"]):
        bands = ["0-17", "18-29", "30-39", "40-49", "50-59", "60-74", "75+"]
        assert first.counts(over, bands) == other.counts(over, bands)


def test_the_order_of_places_margins_and_chances_changes_nothing(read: Any) -> None:
    model = read("invented-town")
    file = model.model_dump()
    for part in ("places", "chances"):
        file[part] = dict(reversed(file[part].items()))
    turned = SocietyModel.model_validate(file)
    one, two = build_society(model, 1000, 1), build_society(turned, 1000, 1)
    np.testing.assert_array_equal(one.words, two.words)
    np.testing.assert_array_equal(one.parent, two.parent)


def test_chances_come_out(build: Any) -> None:
    society = build("china-county", 670_000, 1)
    by = society.counts(["conscience", "willingness"])
    low = {level: by[f"low/{level}"] for level in ("never", "grudging", "willing", "eager")}
    total = sum(low.values())
    for level, share in (("never", 0.08), ("grudging", 0.35), ("willing", 0.47), ("eager", 0.10)):
        assert low[level] / total == pytest.approx(share, abs=0.005)


def test_neighbours_are_mixed(build: Any) -> None:
    society = build("china-county", 670_000, 1)
    start, stop = society.place_start[:2]
    half = (start + stop) // 2
    age = society.column("age")[start:stop].astype(float)
    assert age[: half - start].mean() == pytest.approx(age[half - start :].mean(), abs=0.5)


def test_a_society_of_one_trait_without_ages_or_households() -> None:
    levels = [f"p{at}" for at in range(64)]
    model = SocietyModel.model_validate(
        {
            "society": "bench",
            "title": "Bench",
            "traits": {"propensity": {"title": "Propensity", "sees": "truth", "levels": levels}},
            "margins": [{"over": ["propensity"], "shares": dict.fromkeys(levels, 1 / 64), "status": "assumed"}],
        }
    )
    society = build_society(model, 6400, 1)
    assert set(society.counts(["propensity"]).values()) == {100}
    assert society.adults.all()
    assert society.places == ("bench",)
    np.testing.assert_array_equal(society.household, np.arange(6400))
    assert (society.partner == -1).all()
    assert describe(society)["households"] == {"1": 6400}


def test_more_than_32_bits_of_traits(small: dict[str, Any]) -> None:
    levels = [f"l{at}" for at in range(128)]
    for name in ("a", "b", "c", "d", "e"):
        small["traits"][name] = {"title": name, "sees": "truth", "levels": levels}
        small["chances"] = small.get("chances", {}) | {
            name: {"table": {"all": {"l3": 0.5, "l127": 0.5}}, "status": "assumed"}
        }
    society = build_society(SocietyModel.model_validate(small), 500, 1)
    assert society.words.dtype == np.uint64
    assert set(society.column("e").tolist()) == {3, 127}


@pytest.mark.parametrize(("citizens", "seed"), [(0, 1), (-5, 1), (2**31, 1), (10, -1), (10, 2**32)])
def test_numbers_out_of_range(small: dict[str, Any], citizens: int, seed: int) -> None:
    with pytest.raises(BadValue):
        build_society(SocietyModel.model_validate(small), citizens, seed)


def test_adulthood() -> None:
    assert ADULT == 18
