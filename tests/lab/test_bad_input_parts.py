"""Faults of a small town's own files, read as a newcomer reads them: one mistake is one fault, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

import glasstown as gt
from glasstown.engine import shelf
from glasstown.errors import FileFaults

SCHEME = """\
scheme: mine
title: My town's scheme
status: assumed
start: {points: 1000, status: assumed}
floor: 0
ceiling: 2000
bands:
  A: {from: 900, status: assumed}
  D: {from: null, status: assumed}
lists:
  offenders: {title: Offenders, exit: term, status: assumed}
rules:
  light:
    {record: red-light, sources: [police], title: Red light, domain: legal, points: -10,
     term_months: 12, list: offenders, status: assumed}
doors:
  flight: {refuse: {lists: [offenders]}, status: assumed}
"""
SCENARIO = """\
scenario: my-town
title: My town
society: {use: china-county, citizens: 640}
conduct: china-county
sources: china-county
doors: china-county
scheme: mine.yaml
pair: none
start: 2016-01-01
years: 1
"""
QUOTA = "discretion: {share: 1, quota: {per_1000: 5, record: red-light, source: SOURCE}, status: assumed}\ndoors:"
FED = "rules:\n  fed: {record: offenders, title: Fed, domain: legal, points: -1, term_months: 12, status: assumed}\n"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return a folder with a scheme and its scenario."""
    (tmp_path / "mine.yaml").write_text(SCHEME, "utf-8")
    (tmp_path / "my-town.yaml").write_text(SCENARIO, "utf-8")
    return tmp_path


def changed(town: Path, name: str, old: str, new: str) -> Path:
    """Return a file of the town with some text in it replaced."""
    file = town / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    return file


def test_the_town_holds(town: Path) -> None:
    """Without a mistake there is no fault."""
    assert gt.check(town / "mine.yaml") == gt.check(town / "my-town.yaml") == []


@pytest.mark.parametrize(
    ("old", "new", "path", "said", "hint"),
    [
        ("record: red-light", "record: red-lights", "rules.light.record", "no kind of record", '"red-light"'),
        ("[police]", "[plice]", "rules.light.sources[0]", "no source", '"police"'),
        ("list: offenders, ", "", "lists.offenders", "no rule enters", "give a rule"),
        ("12, list", "-12, list", "rules.light.term_months", "at least 1, not -12", ""),
        ("list: offenders", "cap: tickets, list: offenders", "rules.light.cap", "no cap", "under caps"),
        ("status: assumed\nstart", "status: assumed\nsubjects: [rater]\nstart", "subjects[0]", "no class", "citizen"),
        ("12, list", "12, valid: {from: 2017-01-01, until: 2016-01-01}, list", "rules.light.valid.until", "cross",
         "exchange"),
        ("12, list", "12, passes_on: {to: [freinds], status: assumed}, list", "rules.light.passes_on.to[0]",
         "is not one of", '"friends"'),
        ("rules:\n", FED, "rules.fed.record", "lists feed neither rules nor each other", "leads onto it"),
        ("doors:", QUOTA.replace("SOURCE", "court"), "discretion.quota.source", "costs nobody anything", "police"),
        ("doors:", QUOTA.replace("SOURCE", "plice"), "discretion.quota.source", "no source", '"police"'),
        ("ceiling: 2000", "ceiling: 2000\nmin_age: 17", "min_age", "at least 18, not 17", ""),
        ("doors:", "consent: {share: 2, status: assumed}\ndoors:", "consent.share", "at most 1, not 2", ""),
        ("doors:", "inspections: {by_grade: {A: 0, D: 0}, status: assumed}\ndoors:", "inspections.by_grade",
         "nobody is ever visited", "more than 0"),
        ("doors:", "domains: {legal: {weight: {from: 60, to: 40}}}\ndoors:", "domains.legal.weight.to",
         "the range from 60 to 40 is empty", "from: 40, to: 60"),
    ],
)  # fmt: skip
def test_one_mistake_is_one_fault(old: str, new: str, path: str, said: str, hint: str, town: Path) -> None:
    """A scheme and the scenario that names it say of a mistake one thing, at its line, and what to do."""
    file = changed(town, "mine.yaml", old, new)
    for asked in (file, town / "my-town.yaml"):
        (fault,) = gt.check(asked)
        assert (fault.path, Path(fault.file).name) == (path, "mine.yaml")
        assert said in fault.message
        assert hint in fault.hint
        assert fault.line
        assert fault.column


@pytest.mark.parametrize(
    ("old", "new", "path", "hint"),
    [
        ("scheme: mine.yaml", "scheme: mien.yaml", "scheme", '"mine.yaml"'),
        ("pair: none", "pair: nightmar", "pair", '"nightmare"'),
        ("use: china-county", "use: china-conty", "society.use", '"china-county"'),
        ("conduct: china-county", "conduct: china-counti", "conduct", '"china-county"'),
    ],
)
def test_a_scenario_that_names_what_is_not_there(old: str, new: str, path: str, hint: str, town: Path) -> None:
    """The fault stands at the scenario's own line, with the nearest name that there is."""
    (fault,) = gt.check(changed(town, "my-town.yaml", old, new))
    assert (fault.path, Path(fault.file).name) == (path, "my-town.yaml")
    assert hint in fault.hint
    assert fault.line == SCENARIO.split("\n").index(next(one for one in SCENARIO.split("\n") if old in one)) + 1


def test_a_patched_pair_is_held_against_the_scenario(town: Path) -> None:
    """What a run would refuse of a pair that is a patch, a check finds, in the patch's file."""
    file = changed(town, "my-town.yaml", "pair: none", "pair: honours-central-only")
    found = gt.check(file)
    assert {fault.path.rpartition(".")[0] for fault in found} == {
        "rules.city-honour", "rules.county-honour", "rules.township-honour",
    }  # fmt: skip
    assert all("no source" in fault.message and "honours-central-only" in fault.file and fault.line for fault in found)
    with pytest.raises(FileFaults) as refused:
        gt.run(file, out=town / "run")
    assert list(refused.value.faults) == found


def test_too_many_visits_are_found_by_a_check(town: Path) -> None:
    """Inspectors who would visit everybody several times in a window are found before a run, in their file."""
    text = (shelf.root() / "sources" / "china-county.yaml").read_text("utf-8")
    (town / "seen.yaml").write_text(text.replace("value: 120, between: [40, 400]", "value: 60000"), "utf-8")
    scenario = changed(town, "my-town.yaml", "sources: china-county", "sources: seen.yaml")
    for file in (town / "seen.yaml", scenario):
        (fault,) = gt.check(file)
        assert fault.path == "keepers.inspector.visits.per_1000.value"
        assert "would visit everybody 5 times" in fault.message
        assert fault.line


def test_delays_in_the_wrong_order(town: Path) -> None:
    """A least delay above the most is shown where it stands, the right way round."""
    text = (shelf.root() / "sources" / "china-county-firms.yaml").read_text("utf-8")
    (town / "late.yaml").write_text(text.replace("[10, 120]", "[120, 10]", 1), "utf-8")
    (fault,) = gt.check(town / "late.yaml")
    assert fault.path == "keepers.market-regulator.records.sells-fakes.delay_days"
    assert fault.hint == "the lowest first: [10, 120]"


def test_a_file_beside_a_scenario_that_it_spoils(town: Path) -> None:
    """Sources of firms are held against firms, though the scenario beside them does not load for their sake."""
    text = (shelf.root() / "sources" / "china-county-firms.yaml").read_text("utf-8")
    (town / "firms.yaml").write_text(text.replace("      doctor-neglect:\n", "      dentist-neglect:\n", 1), "utf-8")
    doctors = (shelf.root() / "scenarios" / "doctors.yaml").read_text("utf-8")
    (town / "doctors.yaml").write_text(doctors.replace("sources: china-county-firms", "sources: firms.yaml"), "utf-8")
    found = gt.check(town / "firms.yaml")
    assert [fault.path.rpartition(".")[2] for fault in found] == ["dentist-neglect", "doctor-neglect"]


def test_owners_who_are_not_citizens(tmp_path: Path) -> None:
    """A firm cannot own another: a class in place of a citizen's trait is answered with the traits that there are."""
    text = (shelf.root() / "societies" / "china-county-firms.yaml").read_text("utf-8")
    own = "    owners:\n      trait: occupation\n      levels: [self-employed]\n"
    assert own in text
    for new, said, hint in (
        (
            own.replace("occupation", "sector").replace("self-employed", "industry"),
            "no trait of citizens",
            "occupation",
        ),
        (own.replace("trait", "company"), 'there is no "company" here', "trait"),
    ):
        file = tmp_path / "society.yaml"
        file.write_text(text.replace(own, new), "utf-8")
        fault = next(one for one in gt.check(file) if said in one.message)
        assert hint in fault.hint
        assert fault.line
