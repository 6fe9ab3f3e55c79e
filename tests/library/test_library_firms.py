"""Companies, professions and offices of the library: their schemes fit, their cases come out, no citizen changes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from glasstown.columns import CITIZEN
from glasstown.engine.loop import simulate
from glasstown.engine.scenario import Parts, build, load_parts
from glasstown.files import load
from glasstown.lab.checking import check
from glasstown.scheme.cases import CasesModel, check_cases, run_cases
from glasstown.scheme.types import SchemeModel
from glasstown.society.build import build_society
from glasstown.society.types import SocietyModel
from house import PACKAGE

LIBRARY = PACKAGE / "library"
SCENARIOS = {
    "corporate-tax": "corporate-tax-2018",
    "market-regulator": "market-regulator",
    "environment": "environment-colours",
    "doctors": "doctor-ratings",
    "governments": "government-integrity",
}


@cache
def parts(name: str) -> Parts:
    """Return a scenario of the library, for a small town."""
    return load_parts(name, citizens=20_000, years=1)


@pytest.mark.parametrize("name", SCENARIOS.values())
def test_the_worked_cases_come_out(name: str) -> None:
    """Records, reckoned by the rules, give the score and grade that were written down."""
    scheme = load(LIBRARY / "schemes" / name / "scheme.yaml", SchemeModel).value
    cases = load(LIBRARY / "schemes" / name / "cases.yaml", CasesModel).value
    assert list(check_cases(cases)) == []
    assert len(cases.cases) >= 2
    for result in run_cases(scheme, cases):
        assert result.holds, (result.name, result.differences)


@pytest.mark.parametrize("kind", ["schemes/corporate-tax-2018/scheme", "conducts/china-county-firms",
                                  "sources/china-county-firms", "doors/china-county-firms"])  # fmt: skip
def test_each_file_holds_alone(kind: str) -> None:
    """A file of the library is held against the scenario that names it."""
    assert check(LIBRARY / f"{kind}.yaml") == []


@pytest.mark.parametrize(("name", "scheme"), SCENARIOS.items())
def test_the_scenario_runs_and_its_scheme_bites(name: str, scheme: str) -> None:
    """Those whom it scores, and they alone, are graded, and some lose points."""
    program = build(parts(name))
    assert program.schemes[0].name == scheme
    side = simulate(program, threads=1).sides[0]
    catalogue = program.catalogues[0]
    graded = np.array([measure == "grade" for measure, _ in catalogue.columns])
    lost = np.array([measure == "points_lost" for measure, _ in catalogue.columns])
    rows = side.place[..., : len(catalogue)].reshape(program.clock.windows, program.classes, program.places, -1)
    at_end = rows[-1][..., graded].sum(axis=(1, 2)).tolist()
    scored = [bool((program.sides[0].subjects >> c) & 1) for c in range(program.classes)]
    units = {CITIZEN: 0, **{one.name: one.n for one in program.society.classes}}
    assert at_end == [units[subject] * on for subject, on in zip(program.names.subjects, scored, strict=True)]
    assert rows[..., lost].sum() > 0


def test_new_firms_and_idle_ones_are_graded_m() -> None:
    """Of the firms rated for taxes none that is new or without income stands in A or B, and no other in M."""
    program = build(parts("corporate-tax"))
    state = simulate(program, threads=1).sides[0].state
    assert state is not None
    bands, firms = program.schemes[0].band_names, program.society.classes[0]
    assert bands == ("D", "C", "M", "B", "A")
    held = state.hold[firms.first : firms.end, program.schemes[0].hold_names.index("M")]
    trading = firms.traits["trading"]
    ordinary = (firms.words >> trading.shift) & trading.mask == trading.levels.index("running")
    assert 0.1 < (~ordinary).mean() < 0.5
    assert (held == ~ordinary).all()
    graded = np.array([measure == "grade" for measure, _ in program.catalogues[0].columns])
    side = simulate(program, threads=1).sides[0]
    ends = side.place[-1, program.places : 2 * program.places, : len(graded)][:, graded].sum(axis=0)
    many = dict(zip(bands, ends.tolist(), strict=True))
    assert 0 < many["M"] <= int((~ordinary).sum())
    assert many["A"] + many["B"] <= int(ordinary.sum())


def test_the_people_are_those_of_the_county() -> None:
    """The county with its firms holds the same citizens, one by one."""

    def people(name: str) -> Any:
        return build_society(load(LIBRARY / "societies" / f"{name}.yaml", SocietyModel).value, 20_000, 3)

    alone, among = people("china-county"), people("china-county-firms")
    assert np.array_equal(alone.words, among.words)
    assert np.array_equal(alone.partner, among.partner)
    assert [units.name for units in among.classes] == ["company", "doctor", "government", "teacher"]


def test_every_act_has_a_witness_and_harm_has_a_victim() -> None:
    """No kind is invisible to all sources, and no harm falls on nobody."""
    here = parts("corporate-tax")
    written = {kind for keeper in here.sources.value.keepers.values() for kind in keeper.records}
    acts = here.conduct.value.acts
    assert set(acts) == written
    assert all(act.harm.victim != "none" for act in acts.values() if act.harm)
    assert {act.subject for act in acts.values()} == {"company", "doctor", "teacher", "government"}


def test_one_firm_in_d_draws_the_others_of_its_owner_with_it() -> None:
    """Evasion by one firm holds the other firms of the same owner down to D, without an act of theirs."""
    program = build(load_parts("corporate-tax", citizens=60_000, years=2))
    side = simulate(program, threads=2).sides[0]
    assert side.state is not None
    passed = side.state.hold[:, program.schemes[0].hold_names.index("D")] >> 4
    firms = np.flatnonzero(passed)
    assert len(firms) > 0
    start, _ = program.firms_of
    assert (np.diff(start)[program.owner_of[firms]] > 1).all()
