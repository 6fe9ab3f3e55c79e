"""The file of the doors: what it takes, what it refuses, and how it is held against a society."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from glasstown.columns import Names, Traits
from glasstown.doors.checks import check_doors
from glasstown.doors.types import DoorsModel

TRAITS = Traits.pack([("child", "Child", "register", ("no", "yes"), False)])
ASSUMED = {"status": "assumed"}
NAMES = Names((), (), (), TRAITS)


def doors(**changed: Any) -> DoorsModel:
    """Return doors with one door."""
    door = {
        "title": "The best school",
        "domain": "social",
        "for": "child",
        "rate": {"per_year": 1, "by": {"child": {"no": 0}}, **ASSUMED},
        "ordinary_refusal": {"share": 0.1, **ASSUMED},
        "scarce": {"places_per_1000": {"value": 5, **ASSUMED}, "month": 6},
    }
    return DoorsModel.model_validate({"doors": "test", "title": "Test", "requests": {"school": door | changed}})


def test_a_plain_door_holds() -> None:
    """A door may be asked for one's child."""
    model = doors()
    assert model.requests["school"].asks_for == "child"
    assert model.requests["school"].cost is None
    assert list(check_doors(model, NAMES)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"for": "friend"},
        {"ordinary_refusal": {"share": 1.2, **ASSUMED}},
        {"scarce": {"places_per_1000": {"value": 5, **ASSUMED}, "month": 13}},
        {"cost": {"yuan": 5, "status": "in force"}},
        {"privilege": True},
    ],
)
def test_what_makes_no_sense_is_refused(changed: dict[str, Any]) -> None:
    """A door that cannot be is refused."""
    with pytest.raises(ValidationError):
        doors(**changed)


def test_unknown_levels_are_found_in_both_places() -> None:
    """The multipliers of the rate and those of the ordinary refusal are both held against the society."""
    model = doors(
        rate={"per_year": 1, "by": {"child": {"non": 0}}, **ASSUMED},
        ordinary_refusal={"share": 0.1, "by": {"chid": {"no": 2}}, **ASSUMED},
    )
    assert [where for where, _, _ in check_doors(model, NAMES)] == [
        ("requests", "school", "rate", "by", "child", "non"),
        ("requests", "school", "ordinary_refusal", "by", "chid"),
    ]
