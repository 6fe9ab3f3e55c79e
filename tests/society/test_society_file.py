"""A society's file: what is refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from glasstown.errors import BadValue, FileFaults
from glasstown.files import load
from glasstown.society import SocietyModel, build_society, society_faults

PLAIN = {"status": "assumed"}
File = dict[str, Any]


def faults(file: File) -> list[str]:
    return [
        f"{fault.path}: {fault.message} {fault.hint}" for fault in society_faults(SocietyModel.model_validate(file))
    ]


def test_the_library_holds(read: Any) -> None:
    for name in ("china-city", "china-county", "china-province", "invented-town"):
        assert society_faults(read(name)) == []


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"red": 0.5, "green": 0.3, "blue": 0.1}, "add up to 0.9, not to 1"),
        ({"red": 1.2, "green": -0.1, "blue": -0.1}, "greater than or equal to 0"),
        ({"red": {"round": 1.0}}, "should hold a share"),
    ],
)
def test_shares_that_are_no_shares(small: File, shares: dict[str, Any], words: str) -> None:
    small["margins"][0]["shares"] = shares
    with pytest.raises(ValidationError, match=words):
        SocietyModel.model_validate(small)


def test_half_a_percent_is_forgiven(small: File) -> None:
    small["margins"][0]["shares"] = {"red": 0.5, "green": 0.3, "blue": 0.204}
    assert sum(build_society(SocietyModel.model_validate(small), 1000, 1).counts(["colour"]).values()) == 1000


def _unknown_trait(file: File) -> None:
    file["margins"][0]["over"] = ["color"]


def _unknown_level(file: File) -> None:
    file["margins"][0]["shares"] = {"rad": 0.5, "green": 0.5}


def _untold(file: File) -> None:
    del file["margins"][1]


def _told_twice(file: File) -> None:
    file["chances"] = {"shape": {"table": {"all": {"round": 1.0}}, **PLAIN}}


def _no_reference(file: File) -> None:
    file["margins"][0] |= {"status": "reported", "source": "cencus"}
    file["references"] = {"census": {"cite": "A census of nowhere"}}


def _reserved(file: File) -> None:
    file["traits"]["place"] = file["traits"]["shape"]


def _uncovered(file: File) -> None:
    file["traits"]["taste"] = {"title": "Taste", "sees": "truth", "levels": ["sweet", "sour"]}
    file["chances"] = {"taste": {"by": ["colour"], "table": {"red|green": {"sweet": 1.0}}, **PLAIN}}


def _clash(file: File) -> None:
    _uncovered(file)
    file["chances"]["taste"]["table"] = {"red|green": {"sweet": 1.0}, "green|blue": {"sour": 1.0}}


def _circle(file: File) -> None:
    _uncovered(file)
    file["traits"]["smell"] = file["traits"]["taste"]
    row = {"*": {"sweet": 0.5, "sour": 0.5}}
    file["chances"] = {
        "taste": {"by": ["smell"], "table": row, **PLAIN},
        "smell": {"by": ["taste"], "table": row, **PLAIN},
    }


def _ageless_homes(file: File) -> None:
    file["households"] = {"couples": {"trait": "shape", "sex": "shape", **PLAIN}}


def _group(file: File) -> None:
    file["groups"] = ["colours"]


def _place(file: File) -> None:
    file["places"] = {"here": {}, "there": {}}
    file["margins"].append({"over": ["place"], "shares": {"here": 0.5, "theer": 0.5}, **PLAIN})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_unknown_trait, 'margins[0].over: there is no trait named "color" did you mean "colour"?'),
        (
            _unknown_level,
            'margins[0].shares.rad: there is no level of the trait colour named "rad" did you mean "red"?',
        ),
        (_untold, "nothing says how the trait shape is spread"),
        (_told_twice, "two parts of the file say how the trait shape is spread"),
        (_no_reference, 'margins[0].source: there is no reference named "cencus" did you mean "census"?'),
        (_reserved, "no trait can be named"),
        (_uncovered, "chances.taste.table: no row fits blue"),
        (_clash, "both fit some people"),
        (_circle, "depend on each other in a circle"),
        (_ageless_homes, "households need a trait that is an age"),
        (_group, 'there is no trait named "colours" did you mean "colour"?'),
        (_place, 'there is no place named "theer" did you mean "there"?'),
    ],
)
def test_faults(small: File, change: Callable[[File], None], words: str) -> None:
    change(small)
    assert any(words in fault for fault in faults(small)), faults(small)
    with pytest.raises((FileFaults, BadValue)):
        build_society(SocietyModel.model_validate(small), 100, 1)


def test_an_unknown_key_is_refused(small: File) -> None:
    small["people"] = [{"name": "anybody"}]
    with pytest.raises(ValidationError, match="Extra inputs"):
        SocietyModel.model_validate(small)


def test_ages_that_overlap(small: File) -> None:
    small["traits"]["age"] = {"title": "Age", "sees": "register", "ages": True}
    small["margins"].append({"over": ["age"], "shares": {"0-30": 0.5, "30+": 0.5}, **PLAIN})
    assert any("overlap" in fault for fault in faults(small))


def test_faults_have_their_line() -> None:
    text = """
society: two-traits
title: Two traits
traits:
  colour: {title: Colour, sees: register, levels: [red, green]}
margins:
  - over: [colour]
    shares: {rad: 0.5, green: 0.5}
    status: assumed
"""
    loaded = load(text, SocietyModel)
    (fault,) = society_faults(loaded.value, loaded.fault)
    assert fault.line == 8
    with pytest.raises(FileFaults, match=r"add up to 1\.1, not to 1") as caught:
        load(text.replace("rad: 0.5", "red: 0.6"), SocietyModel)
    assert caught.value.faults[0].line == 8
