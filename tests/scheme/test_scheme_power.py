"""What a scheme does beside points: what cannot be meant is found, each fault in its place."""

from __future__ import annotations

from typing import Any

import pytest
from scheme_kit import CLOCK, NAMES, small

from glasstown.scheme.checks import check_scheme
from glasstown.scheme.compile import compile_scheme
from glasstown.scheme.types import SchemeModel

ASSUMED = {"status": "assumed"}


def changed(**parts: Any) -> SchemeModel:
    """Return the kit's scheme with other parts; ``passes_on`` goes to the rule ``red-light``."""
    model = small().value.model_dump(by_alias=True, exclude_unset=True)
    if "passes_on" in parts:
        model["rules"]["red-light"]["passes_on"] = {**parts.pop("passes_on"), **ASSUMED}
    return SchemeModel.model_validate({**model, **parts})


def officials(**what: Any) -> dict[str, Any]:
    """Return a section on officials."""
    return {"discretion": {"share": 0.5, **what, **ASSUMED}}


HOLDS = (
    {"passes_on": {"to": ["household", "friends"], "share": 30}},
    {"inspections": {"by_grade": {"A": 0, "C": 4}, **ASSUMED}},
    officials(friends='occupation == "official"', spare=0.7),
    officials(critics="debtors", press=50),
    officials(quota={"per_1000": 2, "record": "red-light", "source": "police"}),
)


@pytest.mark.parametrize("parts", HOLDS)
def test_what_can_be_meant_holds(parts: dict[str, Any]) -> None:
    """Each part by itself makes a scheme that holds, and compiles."""
    model = changed(**parts)
    assert list(check_scheme(model, NAMES)) == []
    compile_scheme(model, NAMES, CLOCK)


@pytest.mark.parametrize(
    ("parts", "place", "said"),
    [
        ({"passes_on": {"to": ["friends", "friends"]}}, ("rules", "red-light", "passes_on", "to"), "twice"),
        (
            {"passes_on": {"to": ["friends"], "held": True}},
            ("rules", "red-light", "passes_on", "held"),
            "neither a list",
        ),
        ({"inspections": {"by_grade": {"E": 2}, **ASSUMED}}, ("inspections", "by_grade", "E"), '"E"'),
        (
            {"inspections": {"by_grade": dict.fromkeys("ABC", 0), **ASSUMED}},
            ("inspections", "by_grade"),
            "nobody is ever",
        ),
        (officials(), ("discretion",), "do nothing"),
        (officials(spare=0.5), ("discretion", "spare"), "who the friends are"),
        (officials(friends='dissent == "open"', spare=0.5), ("discretion", "friends"), "dissent"),
        (officials(friends="amount > 3", spare=0.5), ("discretion", "friends"), "of a record"),
        (officials(critics="critics", press=50), ("discretion", "critics"), '"critics"'),
        (officials(press=50), ("discretion", "press"), "who the critics are"),
        (
            officials(quota={"per_1000": 2, "record": "volunteering", "source": "police"}),
            ("discretion", "quota", "record"),
            "no rule takes",
        ),
        (
            officials(quota={"per_1000": 2, "record": "red-light", "source": "polise"}),
            ("discretion", "quota", "source"),
            "polise",
        ),
    ],
)
def test_what_cannot_be_meant_is_found(parts: dict[str, Any], place: tuple[str, ...], said: str) -> None:
    """Ties twice, grades that are not there, friends only we know, quotas that cost nothing: each is said."""
    found = {where: message + hint for where, message, hint in check_scheme(changed(**parts), NAMES)}
    assert place in found
    assert said in found[place]
