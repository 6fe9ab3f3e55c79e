"""Points that go by what registers know: what is refused, and what one person's come to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from scheme_kit import CLOCK, NAMES, small

from glasstown.errors import BadValue
from glasstown.scheme.checks import check_scheme
from glasstown.scheme.compile import compile_scheme
from glasstown.scheme.profile import profile_points
from glasstown.scheme.score import FiledRecord, score_records
from glasstown.scheme.types import SchemeModel


def profiled(**one: Any) -> SchemeModel:
    """Return the kit's scheme with one dimension of a profile."""
    part = {"trait": "occupation", "domain": "commercial", "points": {"official": 40}, "status": "assumed"}
    model = small().value.model_dump(by_alias=True, exclude_unset=True)
    return SchemeModel.model_validate({**model, "profile": {"work": part | one}})


def test_a_profile_holds_and_counts() -> None:
    """A person's points by the register are in the score from the start, under the domain's weight."""
    model = profiled()
    assert list(check_scheme(model, NAMES)) == []
    assert profile_points(model, {"occupation": "official"})["commercial"] == 40
    account = score_records(model, [], {"age": 30, "occupation": "official"}, date(2016, 6, 1))
    assert account.score == model.start.points + 40 * model.weight("commercial") // 100
    assert account.profile["commercial"] == 40
    other = score_records(model, [], {"age": 30, "occupation": "farmer"}, date(2016, 6, 1))
    assert other.score == model.start.points


def test_ages_are_ranges() -> None:
    """A dimension over an age gives its points to everybody within a range."""
    model = profiled(trait="age", points={"18-24": -30, "60+": 5})
    assert [profile_points(model, {"age": age})["commercial"] for age in (18, 24, 25, 60, 99)] == [-30, -30, 0, 5, 5]


@pytest.mark.parametrize(
    ("one", "place", "said"),
    [
        ({"trait": "dissent"}, ("profile", "work", "trait"), "truth about a person"),
        ({"trait": "ocupation"}, ("profile", "work", "trait"), "ocupation"),
        ({"points": {"offical": 40}}, ("profile", "work", "points", "offical"), "offical"),
        ({"points": {"official": 0}}, ("profile", "work", "points"), "does nothing"),
        ({"points": {"official": 40_000}}, ("profile", "work", "points"), "cannot be meant"),
        ({"trait": "age", "points": {"18-30": 1, "25-40": 2}}, ("profile", "work", "points", "25-40"), "overlaps"),
    ],
)
def test_what_a_profile_cannot_be(one: dict[str, Any], place: tuple[str, ...], said: str) -> None:
    """A truth, an unknown trait or level, overlapping ranges and idle points are found, each in its place."""
    found = [(where, message) for where, message, _ in check_scheme(profiled(**one), NAMES)]
    assert [where for where, _ in found] == [place]
    assert said in found[0][1]


def held_down(**one: Any) -> SchemeModel:
    """Return the kit's scheme with a band S under A, in which farmers end."""
    model = small().value.model_dump(by_alias=True, exclude_unset=True)
    part = {"trait": "occupation", "domain": "commercial", "grade": {"farmer": "S"}, "status": "assumed"}
    bands = {**model["bands"], "S": {"under": "A", "status": "assumed"} | one.pop("band", {})}
    return SchemeModel.model_validate({**model, "bands": bands, "profile": {"work": part | one}})


def test_a_trait_can_hold_a_grade_down() -> None:
    """A farmer with a score for A stands in S, which no score gives; one with less stays below; others are free."""
    model = held_down()
    assert list(check_scheme(model, NAMES)) == []
    assert model.bands_upward() == ("C", "B", "S", "A")
    assert {score: model.band_of(score) for score in (700, 959, 960)} == {700: "C", 959: "B", 960: "A"}
    farmer, other = {"age": 30, "occupation": "farmer"}, {"age": 30, "occupation": "none"}
    day, clean, bad = date(2016, 6, 1), [], [FiledRecord("loan-default", "bank", date(2016, 2, 1), 255)] * 9
    assert [score_records(model, filed, farmer, day).grade for filed in (clean, bad)] == ["S", "C"]
    assert [score_records(model, filed, other, day).grade for filed in (clean, bad)] == ["A", "C"]
    assert score_records(model, clean, farmer, day).holds == {"S": 1}


@pytest.mark.parametrize(
    ("one", "place", "said"),
    [
        ({"grade": {"farmer": "Z"}}, ("profile", "work", "grade", "farmer"), '"Z"'),
        ({"grade": {"farmers": "S"}}, ("profile", "work", "grade", "farmers"), "farmers"),
        ({"grade": {"farmer": "S", "none": "A"}}, ("profile", "work", "grade", "none"), "above the best band"),
        ({"trait": "age", "grade": {"18-24": "S"}}, ("profile", "work", "grade"), "an age passes"),
        ({"band": {"under": "Q"}}, ("bands", "S", "under"), '"Q"'),
        ({"band": {"under": "S"}}, ("bands", "S", "under"), "belongs to no score either"),
    ],
)
def test_what_a_ceiling_cannot_be(one: dict[str, Any], place: tuple[str, ...], said: str) -> None:
    """Unknown bands and levels, the best band, an age that passes and a band under none are found, in their place."""
    found = [(where, message) for where, message, _ in check_scheme(held_down(**one), NAMES)]
    assert (place, said) in [(where, said) for where, message in found if said in message]


def test_a_band_stands_by_its_score_or_under_another() -> None:
    """A band needs a lowest score or one just above it, not both; one that nothing leads to is told."""
    for band, said in (({"from": 900}, "belongs to no score"), ({"under": None}, '"from" is missing')):
        with pytest.raises(ValueError, match=said):
            held_down(band=band)
    idle = held_down(grade={"farmer": "B"})
    assert [message for _, message, _ in check_scheme(idle, NAMES)] == [
        "nobody can be in this band: no score, no rule and no profile leads to it"
    ]
    assert [message for _, message, _ in check_scheme(held_down(grade={}), NAMES)][-1] == "the profile does nothing"


def test_a_profile_asks_for_its_trait() -> None:
    """A file reckoned by hand must say what the profile goes by."""
    with pytest.raises(BadValue, match="asks for"):
        score_records(profiled(), [FiledRecord("red-light", "police", date(2016, 2, 1))], {}, date(2016, 6, 1))


def test_a_profile_becomes_tables() -> None:
    """Rows stand by domain; a value's points stand where its row begins, plus the value."""
    made = compile_scheme(profiled(), NAMES, CLOCK)
    assert made.profile_start.tolist() == [0, 0, 1, 1, 1]
    shift, mask, offset, ages, _ = made.profile[0].tolist()
    trait = NAMES.traits["occupation"]
    assert (shift, mask, ages) == (trait.shift, trait.mask, 0)
    official = trait.levels.index("official")
    assert made.profile_points[offset : offset + mask + 1].tolist() == [40 * (v == official) for v in range(mask + 1)]
