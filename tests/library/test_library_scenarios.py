"""The scenarios of the library: each loads with all that it names, and compiles for a small town."""

from __future__ import annotations

import pytest

from glasstown.engine.scenario import build, load_parts

SCENARIOS = ("rongcheng", "rongcheng-2021", "suining")
PATCHES = ("red-light-20", "without-court-list", "without-social-domain")


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_compiles(name: str) -> None:
    """Every file that a scenario names is there, fits the others and becomes tables."""
    program = build(load_parts(name, citizens=2000, years=1))
    assert len(program.sides) == 2
    assert program.society.n == 2000


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_can_stand_in_for_the_scheme(name: str) -> None:
    """A run of the city can be had with one line of its scheme changed, beside the scheme as it is."""
    parts = load_parts("rongcheng", citizens=2000, years=1, scheme=name, pair="rongcheng-2016")
    assert [side.model.scheme for side in parts.schemes] == [f"rongcheng-2016-{name}", "rongcheng-2016"]


def test_most_of_what_moves_people_is_assumed_and_says_so() -> None:
    """The list of assumed values is long; it names rates, coverages and doors, not only schemes."""
    assumed = load_parts("rongcheng", citizens=2000, years=1).assumed()
    assert {place.split(":")[0] for place in assumed} >= {"society", "conduct", "sources", "doors", "scheme"}
