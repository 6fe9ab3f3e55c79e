"""Classes of subjects in a society's file: built beside the citizens, and refused where they do not hold."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from glasstown.society.build import build_society
from glasstown.society.checks import society_faults
from glasstown.society.people import describe
from glasstown.society.types import SocietyModel

ASSUMED = {"status": "assumed"}
TOWN: dict[str, Any] = {
    "society": "town",
    "title": "Town",
    "places": {"east": {}, "west": {}},
    "traits": {"work": {"title": "Work", "sees": "register", "levels": ["none", "own"]}},
    "margins": [{"over": ["place"], "shares": {"east": 0.75, "west": 0.25}, **ASSUMED}],
    "chances": {"work": {"table": {"all": {"none": 0.9, "own": 0.1}}, **ASSUMED}},
    "classes": {
        "company": {
            "title": "Company",
            "plural": "companies",
            "per_1000": {"value": 50, **ASSUMED},
            "traits": {"size": {"title": "Size", "sees": "register", "levels": ["small", "large"]}},
            "chances": {
                "size": {"by": ["place"], "table": {"east": {"small": 1}, "west": {"large": 1}}, **ASSUMED},
            },
            "owners": {"trait": "work", "levels": ["own"], "firms": {"value": 1, **ASSUMED}, **ASSUMED},
        }
    },
}


def town(**changes: Any) -> SocietyModel:
    """Return the town with changes to its companies."""
    parts = deepcopy(TOWN)
    parts["classes"]["company"] |= changes
    return SocietyModel.model_validate(parts)


def test_there_are_as_many_as_the_file_says() -> None:
    """Companies are counted by inhabitants of each place, and their traits may go by the place."""
    units = build_society(town(), 1280, 3).classes[0]
    assert units.n == 64
    assert units.place_count.tolist() == [48, 16]
    assert units.first == 1280
    assert units.column("size").tolist() == [0] * 48 + [1] * 16


def test_so_many_in_each_place() -> None:
    """Offices are counted by place."""
    units = build_society(town(per_1000=None, per_place={"value": 3, **ASSUMED}, chances=TOWN["classes"]["company"]
                               ["chances"]), 1280, 3).classes[0]  # fmt: skip
    assert units.place_count.tolist() == [3, 3]
    assert units.numbers.tolist() == [1280, 1281, 1282, 1344, 1345, 1346]


def test_those_with_the_named_levels_own_first() -> None:
    """As long as there are self-employed in a place, nobody else owns; each owns one where one each is said."""
    society = build_society(town(), 1280, 3)
    owner = society.classes[0].owner
    owner = owner[owner >= 0]
    assert len(set(owner.tolist())) == len(owner) == 64
    assert (society.column("work")[owner] == 1).all()


def test_citizens_are_the_same_without_them() -> None:
    """Companies change no citizen."""
    alone = SocietyModel.model_validate({key: value for key, value in TOWN.items() if key != "classes"})
    assert np.array_equal(build_society(alone, 1280, 3).words, build_society(town(), 1280, 3).words)


def test_a_society_tells_how_many_there_are() -> None:
    """The description counts each class."""
    assert describe(build_society(town(), 1280, 3))["classes"] == {"company": 64}


@pytest.mark.parametrize(
    ("changes", "place", "says"),
    [
        ({"chances": {}}, "classes.company.traits.size", "nothing says how the trait size is spread"),
        ({"groups": ["sector"]}, "classes.company.groups", 'no trait named "sector"'),
        (
            {"owners": {"trait": "wrok", "levels": ["own"], "firms": {"value": 1, **ASSUMED}, **ASSUMED}},
            "classes.company.owners.trait",
            "no trait of citizens",
        ),
        (
            {"staff": {"trait": "work", "levels": ["own"], "by": "siez", "jobs": {"small": 3}, **ASSUMED}},
            "classes.company.staff.by",
            '"siez" is no trait of companies with levels',
        ),
        (
            {"staff": {"trait": "work", "levels": ["own"], "by": "size", "jobs": {"huge": 3}, **ASSUMED}},
            "classes.company.staff.jobs",
            'the trait size has no level "huge"',
        ),
        (
            {"staff": {"trait": "work", "levels": ["idle"], "by": "size", "jobs": {"small": 3}, **ASSUMED}},
            "classes.company.staff.levels",
            'the trait work has no level "idle"',
        ),
        (
            {"owners": {"trait": "work", "levels": ["boss"], "firms": {"value": 1, **ASSUMED}, **ASSUMED}},
            "classes.company.owners.levels",
            'no level "boss"',
        ),
        (
            {"traits": {"age": {"title": "Age", "sees": "register", "ages": True}}, "chances": {}},
            "classes.company.traits.age",
            "only citizens grow older",
        ),
    ],
)
def test_faults_are_found_where_they_stand(changes: dict[str, Any], place: str, says: str) -> None:
    """A class is checked like a society: traits, chances, groups, owners."""
    faults = society_faults(town(**changes))
    assert any(place == fault.path and says in fault.message for fault in faults), [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"per_place": {"value": 2, **ASSUMED}}, "either `per_1000` or `per_place`"),
        ({"per_1000": None}, "either `per_1000` or `per_place`"),
        ({"owners": {"trait": "work", "levels": ["own"], "firms": {"value": 0.5, **ASSUMED}, **ASSUMED}}, "at least 1"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], says: str) -> None:
    """Two counts, none, or half a firm for each owner."""
    with pytest.raises(ValidationError, match="." if says == "at least 1" else says):
        town(**changes)


def test_citizens_are_no_class() -> None:
    """The word is taken."""
    parts = deepcopy(TOWN)
    parts["classes"]["citizen"] = parts["classes"].pop("company")
    with pytest.raises(ValidationError):
        SocietyModel.model_validate(parts)
