"""The file of the sources: what it takes, what it refuses, and how it is held against a conduct."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from glasstown.columns import Names, Traits
from glasstown.records.checks import check_sources
from glasstown.records.types import Recorded, SourcesModel

HALF = {"value": 0.5, "status": "assumed"}
TRAITS = Traits.pack([("online", "Online", "register", ("no", "yes"), False)])
NAMES = Names((), (), (), TRAITS)


def sources(**changed: Any) -> SourcesModel:
    """Return sources with one keeper."""
    keeper = {
        "title": "Police",
        "records": {"red-light": {"coverage": HALF, "delay_days": [1, 30]}},
        "wrong_subject": HALF,
        "stale": {"share": HALF, "extra_days": HALF},
        "repair": HALF,
        "objection": {"notice": HALF, "objects": HALF, "upheld": HALF, "days": HALF},
    }
    return SourcesModel.model_validate({"sources": "test", "title": "Test", "keepers": {"police": keeper | changed}})


def test_plain_sources_hold() -> None:
    """A source without false records writes none."""
    model = sources()
    assert model.keepers["police"].false_records == {}
    assert list(check_sources(model, ["red-light"], NAMES)) == []


def test_delays_run_upwards() -> None:
    """The least delay is not longer than the most."""
    with pytest.raises(ValidationError, match="longer than the most"):
        Recorded.model_validate({"coverage": HALF, "delay_days": [30, 1]})


@pytest.mark.parametrize(
    "share", [{"value": 1.5}, {"value": -0.1}, {"value": 0.5, "between": [0.6, 0.7]}, {"value": 0.5, "between": [0, 2]}]
)
def test_shares_stay_between_0_and_1(share: dict[str, Any]) -> None:
    """Neither a share nor the range of its sweep leaves 0 to 1."""
    with pytest.raises(ValidationError):
        sources(wrong_subject=share | {"status": "assumed"})


def test_unknown_kinds_are_found() -> None:
    """A source writes down what people do; a false record is of a kind that it writes down."""
    model = sources(false_records={"red-lights": {"per_year": 0.001, "status": "assumed"}})
    found = list(check_sources(model, ["red-line"], NAMES))
    assert [where for where, _, _ in found] == [
        ("keepers", "police", "records", "red-light"),
        ("keepers", "police", "false_records", "red-lights"),
    ]
    assert "red-line" in found[0][2]
    assert "red-light" in found[1][2]


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ({"onlin": {"no": 0}}, 'no trait named "onlin"'),
        ({"online": {"maybe": 0}}, "maybe"),
        ({"online": {"no": 0, "yes": 2.5}}, "1.25 for some people"),
    ],
)
def test_coverage_by_trait_is_held_against_the_society(by: dict[str, dict[str, float]], said: str) -> None:
    """Whose acts a source sees goes by traits that there are, and nobody's are seen more than always."""
    record = {"coverage": {**HALF, "by": by}, "delay_days": [1, 30]}
    found = list(check_sources(sources(records={"red-light": record}), ["red-light"], NAMES))
    assert len(found) == 1
    assert said in found[0][1]
    assert found[0][0][:6] == ("keepers", "police", "records", "red-light", "coverage", "by")
