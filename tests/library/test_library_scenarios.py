"""The scenarios of the library: each loads with all that it names, and runs for a small town."""

from __future__ import annotations

import pytest

from glasstown.engine import shelf
from glasstown.engine.loop import simulate
from glasstown.engine.scenario import ScenarioModel, build, load_parts
from glasstown.files import load

SCENARIOS = shelf.names("scenario")
REFUSED = ("refused_ordinary", "refused_score", "refused_grade", "refused_list", "refused_scarce")
CITIZENS = {"court-list-firms": 40_000}
"""More people than elsewhere where what posts is rare."""
RONGCHENG = ("red-light-20", "without-court-list", "without-social-domain")


@pytest.mark.parametrize("name", SCENARIOS)
def test_it_runs(name: str) -> None:
    """Every file that a scenario names is there, fits the others and is lived: records post, requests are answered."""
    citizens = CITIZENS.get(name, 1280)
    program = build(load_parts(name, citizens=citizens, years=1))
    assert len(program.sides) == 2
    assert program.society.n == citizens
    outcome = simulate(program, threads=1)
    for side, (lived, catalogue) in enumerate(zip(outcome.sides, program.catalogues, strict=True)):
        counts: dict[str, int] = {}
        for (measure, _), n in zip(catalogue.columns, lived.place.sum(axis=(0, 1)), strict=False):
            counts[measure] = counts.get(measure, 0) + int(n)
        assert (counts.get("posted", 0) > 0) == bool(program.schemes[side].rule_names)
        assert counts["requests"] == counts["granted"] + sum(counts[measure] for measure in REFUSED) > 0


def test_every_scenario_has_a_scheme_of_its_own() -> None:
    """A scenario stands for a scheme in a place; every scheme and society of the library is used by one."""
    all_of_them = [load(shelf.find("scenario", name), ScenarioModel).value for name in SCENARIOS]
    assert {one.scheme for one in all_of_them} | {"none"} == set(shelf.names("scheme"))
    assert {one.pair for one in all_of_them} <= {*shelf.names("scheme"), *shelf.names("patch")}
    assert {one.society.use for one in all_of_them} == set(shelf.names("society"))


@pytest.mark.parametrize("name", RONGCHENG)
def test_a_patch_can_stand_in_for_the_scheme(name: str) -> None:
    """A run of the city can be had with one line of its scheme changed, beside the scheme as it is."""
    parts = load_parts("rongcheng", citizens=2000, years=1, scheme=name, pair="rongcheng-2016")
    assert [side.model.scheme for side in parts.schemes] == [f"rongcheng-2016-{name}", "rongcheng-2016"]


def test_most_of_what_moves_people_is_assumed_and_says_so() -> None:
    """The list of assumed values is long; it names rates, coverages and doors, not only schemes."""
    assumed = load_parts("rongcheng", citizens=2000, years=1).assumed()
    assert {place.split(":")[0] for place in assumed} >= {"society", "conduct", "sources", "doors", "scheme"}
