"""The schemes of the library: they fit their scenario, their worked cases come out, their patches hold."""

from __future__ import annotations

from functools import cache

import pytest

from glasstown.engine import shelf
from glasstown.engine.scenario import Parts, ScenarioModel, load_parts
from glasstown.files import load
from glasstown.scheme.cases import Case, CasesModel, check_cases, run_cases
from glasstown.scheme.checks import check_file
from glasstown.scheme.compile import compile_scheme
from glasstown.scheme.patch import PatchModel, apply_patch
from glasstown.scheme.types import SchemeModel
from house import PACKAGE

LIBRARY = PACKAGE / "library"
SCHEMES = shelf.names("scheme")
PATCHES = shelf.names("patch")


@cache
def at_home() -> dict[str, str]:
    """Return the scenario in which each scheme is at home: the first one that names it."""
    found: dict[str, str] = {}
    for name in shelf.names("scenario"):
        scenario = load(shelf.find("scenario", name), ScenarioModel).value
        found.setdefault(scenario.scheme, name)
    found["none"] = found["rongcheng-2016"]
    return found


@cache
def parts(name: str) -> Parts:
    """Return the scenario in which a scheme is at home."""
    return load_parts(at_home()[name], citizens=2000)


@cache
def scheme(name: str) -> SchemeModel:
    """Return a scheme of the library."""
    return load(LIBRARY / "schemes" / name / "scheme.yaml", SchemeModel).value


@cache
def cases(name: str) -> CasesModel:
    """Return a scheme's worked cases."""
    return load(LIBRARY / "schemes" / name / "cases.yaml", CasesModel).value


ALL_CASES = [(name, case) for name in SCHEMES for case in cases(name).cases]


def test_every_folder_is_whole() -> None:
    """Each scheme comes with worked cases and a plain statement of where it stands."""
    assert sorted(folder.name for folder in (LIBRARY / "schemes").iterdir()) == sorted(SCHEMES)
    for name in SCHEMES:
        text = (LIBRARY / "schemes" / name / "README.md").read_text(encoding="utf-8")
        if name != "none":
            assert "**Reported.**" in text
            assert "**Assumed.**" in text
            assert "**In force.**" in text


@pytest.mark.parametrize("name", SCHEMES)
def test_it_fits_its_scenario(name: str) -> None:
    """Each scheme runs by some scenario's name; no rule is about an act that nobody does, a source that does not write
    it, a time that is not lived, or a door that is not there."""
    home = parts(name)
    coverage = {keeper: set(one.records) for keeper, one in home.sources.value.keepers.items()}
    loaded = load(LIBRARY / "schemes" / name / "scheme.yaml", SchemeModel)
    loaded.check(check_file(loaded, home.names(), home.scenario.clock(), coverage))


@pytest.mark.parametrize("name", SCHEMES)
def test_it_compiles(name: str) -> None:
    """Each scheme becomes tables."""
    home = parts(name)
    compiled = compile_scheme(scheme(name), home.names(), home.scenario.clock())
    assert len(compiled.rule_names) == len(scheme(name).rules)
    assert compiled.start == scheme(name).start.points
    assert compiled.min_age == 18


@pytest.mark.parametrize(("name", "case"), ALL_CASES, ids=[f"{name}/{case}" for name, case in ALL_CASES])
def test_the_worked_case_comes_out(name: str, case: str) -> None:
    """Records, reckoned by the rules, give the score and grade that were written down."""
    ran = {result.name: result for result in run_cases(scheme(name), cases(name))}
    assert ran[case].holds, ran[case].differences


def test_there_are_enough_cases() -> None:
    """The published case is among them, and says where it was published."""
    assert len(cases("rongcheng-2016").cases) >= 5
    assert len(cases("suining-2010").cases) >= 3
    published: Case = cases("suining-2010").cases["fourteen-missed-repayments"]
    assert (published.score, published.grade) == (580, "D")
    assert sum(record.times for record in published.records) == 14
    for name in SCHEMES:
        assert list(check_cases(cases(name))) == []
        found = cases(name).cases.values()
        stands = {case.grade for case in found} if scheme(name).bands else {case.lists for case in found}
        many = 3 if scheme(name).bands else 2
        assert name == "none" or len(stands) >= many, f"{name}: the cases walk over no edge of a grade, into no list"


def test_every_rule_has_a_date_a_source_and_a_status() -> None:
    """A rule says from when it holds; one without a source is assumed, and says what is assumed."""
    for name in SCHEMES:
        for key, rule in scheme(name).rules.items():
            assert rule.valid is not None, key
            assert rule.valid.from_ is not None, key
            assert rule.source or (rule.status == "assumed" and rule.note), key


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ("contract-duty-failed", -20),
        ("contract-breach-found", -50),
        ("bank-arrears", -10),
        ("private-loan-breach", -20),
        ("illegal-lending", -40),
        ("guarantee-breach", -20),
        ("unpaid-debt-found", -30),
        ("pyramid-selling", -30),
        ("commercial-fraud", -30),
        ("fake-goods", -30),
        ("other-dishonesty", (-50, -5)),
        ("fees-late", -20),
        ("fees-arrears-found", -50),
        ("heating-tampered", -50),
        ("utility-stolen", -60),
        ("utility-destroyed", -100),
        ("red-light", -5),
        ("heroic-act", 30),
    ],
)
def test_the_visible_rows_of_rongcheng_stand(rule: str, points: int | tuple[int, int]) -> None:
    """Each row of the table of standards that can be read stands with its points, as reported."""
    found = scheme("rongcheng-2016").rules[rule]
    assert found.points == points
    assert found.status == "reported"


@pytest.mark.parametrize("rule", ["abnormal-petition", "rumour-or-insult", "criticism-as-insult", "illegal-religion"])
def test_what_is_not_confirmed_about_speech_is_assumed(rule: str) -> None:
    """No value of a rule on speech or belief passes for a fact, and its note says so."""
    found = scheme("rongcheng-2016").rules[rule]
    assert found.status == "assumed"
    assert found.domain == "political"
    assert found.note


def test_drunk_driving_leads_straight_to_c() -> None:
    """A forced grade, without a point."""
    rule = scheme("rongcheng-2016").rules["drunk-driving"]
    assert (rule.grade, rule.points) == ("C", 0)


def test_consent_and_no_penalty_in_2021() -> None:
    """Nobody is scored without consent, no door is closed, and no speech is scored."""
    model = scheme("rongcheng-2021")
    assert model.consent is not None
    assert model.doors == {}
    assert all(rule.domain != "political" for rule in model.rules.values())


def test_no_scheme_does_nothing() -> None:
    """No rule, no door, no list."""
    model = scheme("none")
    assert (model.rules, model.doors, model.lists, model.consent) == ({}, {}, {}, None)


@pytest.mark.parametrize("name", PATCHES)
def test_the_patch_fits(name: str) -> None:
    """Each patch changes the scheme that it names into one that still fits its scenario."""
    patch = load(LIBRARY / "patches" / f"{name}.yaml", PatchModel)
    changed = apply_patch(scheme(patch.value.of), patch)
    assert changed != scheme(patch.value.of)
    compile_scheme(changed, parts(patch.value.of).names(), parts(patch.value.of).scenario.clock())


def test_patches_do_what_they_say() -> None:
    """Four times the red light; no social rule; no list."""

    def changed(name: str) -> SchemeModel:
        patch = load(LIBRARY / "patches" / f"{name}.yaml", PatchModel)
        return apply_patch(scheme(patch.value.of), patch)

    assert changed("red-light-20").rules["red-light"].points == -20
    assert {rule.domain for rule in changed("without-social-domain").rules.values()} == {
        "political",
        "commercial",
        "legal",
    }
    assert changed("without-court-list").lists == {}
    assert {rule.list_ for rule in changed("without-court-list").rules.values()} == {None}
