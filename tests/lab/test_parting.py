"""From when on the two schemes of a pair differ, and that a run which ends before says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from glasstown.engine.scenario import Parts, load_parts
from glasstown.lab.findings import caveat
from glasstown.lab.parting import same_until
from glasstown.scheme.types import Rule

MANIFEST = {"start": "2016-01-01", "windows": 12, "window_months": 1, "assumed": []}


def honours(**rules: object) -> Parts:
    """Return the honours beside themselves, with other rules on the other side."""
    parts = load_parts("honours", citizens=640, years=1)
    one = parts.schemes[0]
    model = one.model.model_copy(update={"rules": {**one.model.rules, **rules}})
    return replace(parts, schemes=(one, replace(one, model=model)))


def rule(**changes: object) -> Rule:
    """Return a rule of the honours with something else in it."""
    told = honours().schemes[0].model.rules["red-light"].model_dump(by_alias=True, exclude_none=True)
    return Rule.model_validate({**told, **changes})


def test_a_dated_patch_parts_on_its_date() -> None:
    """The central rule voids local honours from 2018 on: until then there is one scheme."""
    assert same_until(load_parts("honours", citizens=640)) == "2018-01-01"


def test_what_parts_from_the_start_is_not_told() -> None:
    """Other bands, another scheme, none, and the same: no date."""
    for name in ("rongcheng", "joint-punishment", "nightmare"):
        assert same_until(load_parts(name, citizens=640)) is None
    assert same_until(honours()) is None
    alone = honours()
    assert same_until(replace(alone, schemes=alone.schemes[:1])) is None


@pytest.mark.parametrize(
    ("valid", "more", "said"),
    [
        ({"from": "2016-01-01", "until": "2017-12-31"}, {}, "2018-01-01"),
        ({"from": "2016-06-01"}, {}, None),
        ({"from": "2015-01-01"}, {}, None),
        ({"from": "2016-01-01"}, {"points": -4}, None),
        ({"from": "2016-01-01"}, {"note": "Said otherwise."}, None),
    ],
)
def test_the_first_day_on_which_a_rule_does_otherwise(valid: dict[str, str], more: object, said: str | None) -> None:
    """A rule that ends parts the sides on the day after; one that begins later or takes more, from the start."""
    told = rule(valid=valid, **more)  # type: ignore[arg-type]
    assert same_until(honours(**{"red-light": told})) == said


def test_a_rule_that_begins_later_on_one_side_alone() -> None:
    """A rule of one side alone parts them on the day on which it begins."""
    assert same_until(honours(another=rule(valid={"from": "2017-03-01"}))) == "2017-03-01"


def test_a_run_that_ends_before_says_why_nothing_differs() -> None:
    """The caveat tells the day, and where the run has ended by then, that this is why."""
    assert "until" not in caveat(MANIFEST)
    told = caveat({**MANIFEST, "same_until": "2018-01-01"})
    assert told.endswith("until 31 December 2017, and the run ends on 31 December 2016: that is why nothing differs.")
    long = caveat({**MANIFEST, "windows": 25, "same_until": date(2018, 1, 1).isoformat()})
    assert long.endswith("Both schemes are the same until 31 December 2017.")
