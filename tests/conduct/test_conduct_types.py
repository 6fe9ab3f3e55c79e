"""The file of a conduct: what it takes, what it refuses, and how it is held against a society."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from glasstown.columns import Names, Traits
from glasstown.conduct.checks import check_conduct
from glasstown.conduct.types import Act, ConductModel

TRAITS = Traits.pack(
    [
        ("age", "Age", "register", (), True),
        ("online", "Online", "register", ("no", "yes"), False),
        ("conscience", "Conscience", "truth", ("low", "high"), False),
    ]
)
ASSUMED = {"status": "assumed", "note": "for a test"}
NAMES = Names((), (), (), TRAITS)


def act(**changed: Any) -> dict[str, Any]:
    """Return an act as a file has it."""
    out: dict[str, Any] = {
        "title": "Runs a red light",
        "domain": "legal",
        "lawful": False,
        "rate": {"per_year": 1.0, **ASSUMED},
    }
    return out | changed


def conduct(**acts: dict[str, Any]) -> ConductModel:
    """Return a conduct with the acts and plain responses."""
    number = {"value": 0.5, **ASSUMED}
    response = {
        "start_risk": number,
        "deterrence": {"certainty": number, "severity": number},
        "silence": {"level": number, "severity": number},
        "stress": {"strength": number, "per_refusal": number, "half_life_months": number},
        "gaming": {"strength": number, "reach": number},
        "crowding-out": {"strength": number, "recovery_months": number},
        "incapacitation": {"on": False, "factor": number},
    }
    named = {name.replace("_", "-"): part for name, part in acts.items()}
    return ConductModel.model_validate(
        {"conduct": "test", "title": "Test", "acts": named or {"red-light": act()}, "response": response}
    )


def test_a_plain_conduct_holds() -> None:
    """What is left out has the meaning of a plain wrong; responses are on unless switched off."""
    model = conduct(red_light=act(rate={"per_year": 1, "by": {"age": {"18-29": 2, "60+": 0.5}}, **ASSUMED}))
    red_light = model.acts["red-light"]
    assert (red_light.good, red_light.speech, red_light.cheap, red_light.needs_ability) == (False,) * 4
    assert model.response.crowding_out.on
    assert not model.response.incapacitation.on
    assert list(check_conduct(model, NAMES)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"domain": "moral"}, "political"),
        ({"good": True, "lawful": False}, "lawful"),
        ({"good": True, "lawful": True, "harm": {"yuan": 1, "victim": "public", **ASSUMED}}, "harms nobody"),
        ({"responds": ["silence"]}, "speech"),
        ({"responds": ["gaming"]}, "good deeds"),
        ({"responds": ["trust"], "subject": "company"}, "trust moves what citizens do"),
        ({"responds": ["stress", "stress"]}, "twice"),
        ({"rate": {"per_year": -1, **ASSUMED}}, "greater than or equal"),
        ({"rate": {"per_year": 1, "status": "reported"}}, "without a source"),
        ({"nickname": "x"}, "Extra inputs"),
    ],
)
def test_what_makes_no_sense_is_refused(changed: dict[str, Any], said: str) -> None:
    """An act that contradicts itself says where."""
    with pytest.raises(ValidationError, match=said):
        Act.model_validate(act(**changed))


def test_who_follows_trust_needs_one() -> None:
    """An act that responds to trust needs the numbers of trust beside the other responses."""
    with pytest.raises(ValidationError, match="red-light responds to trust: say `trust` under `response`"):
        conduct(red_light=act(responds=["trust"]))


@pytest.mark.parametrize(
    ("by", "place", "hint"),
    [
        ({"onlin": {"no": 1}}, ("onlin",), "online"),
        ({"online": {"yess": 1}}, ("online", "yess"), "yes"),
        ({"age": {"old": 1}}, ("age", "old"), "18-29"),
        ({"age": {"18-40": 1, "30-50": 2}}, ("age", "30-50"), "one range"),
    ],
)
def test_unknown_traits_and_levels_are_found(
    by: dict[str, dict[str, float]], place: tuple[str, ...], hint: str
) -> None:
    """A trait or level that the society does not have is found, with what was probably meant."""
    model = conduct(red_light=act(rate={"per_year": 1, "by": by, **ASSUMED}))
    ((where, message, advice),) = check_conduct(model, NAMES)
    assert where == ("acts", "red-light", "rate", "by", *place)
    assert message
    assert hint in advice


def test_a_source_that_is_not_among_the_references_is_found() -> None:
    """A citation leads somewhere."""
    model = conduct(red_light=act(harm={"yuan": 1, "victim": "public", "status": "reported", "source": "nowhere"}))
    ((where, message, _),) = check_conduct(model, NAMES)
    assert where == ("acts", "red-light", "harm", "source")
    assert "nowhere" in message
