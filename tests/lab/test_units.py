"""Companies in a run: their lives by number, their lines in the balance sheet, and what is refused about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasstown.engine.scenario import load_parts
from glasstown.errors import BadValue, FileFaults
from glasstown.lab.api import open_run, run
from glasstown.lab.document import document
from glasstown.lab.findings import findings
from glasstown.lab.opened import Run
from glasstown.lab.picking import pick
from glasstown.measure.conservation import violations
from glasstown.show.report.paper import data_of
from house import PACKAGE

LIBRARY = PACKAGE / "library"


@pytest.fixture(scope="module")
def taxed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a small run of the corporate tax rating."""
    return run("corporate-tax", citizens=20_000, years=2, threads=1, out=tmp_path_factory.mktemp("runs") / "taxed")


def test_the_counts_add_up(taxed: Run) -> None:
    """Nothing is lost between the tables, and the folder opens again."""
    assert violations(taxed) == []
    assert open_run(taxed.folder).manifest["classes"]["company"]["units"] == 480


def test_a_company_has_a_story_by_its_number(taxed: Run) -> None:
    """The life worth telling is a company's; it says what it is and who owns it, and is the one that was lived."""
    who = pick(taxed)
    story = taxed.citizen(who).story()
    assert who >= 20_000
    assert str(story).startswith(f"Company {who}, invented")
    assert "owned by citizen" in str(story)
    assert story.to_dict()["person"]["subject"] == "company"
    state = [side.life for side in (taxed.citizen(who).life(0), taxed.citizen(who).life(1))]
    assert any(one.points != [0, 0, 0, 0] or one.hold != [0] * len(one.hold) for one in state[:1])


def test_a_citizen_says_what_it_owns(taxed: Run) -> None:
    """The owner's story names the firm."""
    program = taxed.program
    firm = int(program.firms_of[1][0])
    owner = int(program.owner_of[firm])
    assert f"owner of company {firm}" in str(taxed.citizen(owner).story())


@pytest.mark.parametrize("number", [-1, 20_031, 10**9])
def test_nobody_has_these_numbers(taxed: Run, number: int) -> None:
    """Between citizens and companies, and beyond the last, numbers are nobody's; the hint says where they lie."""
    with pytest.raises(BadValue) as caught:
        taxed.citizen(number)
    assert "companies lie between 20,032 and" in caught.value.hint


def test_the_sheet_speaks_of_companies(taxed: Run) -> None:
    """Harm, doors and wrong grades of companies have lines of their own; citizens' lines do not count theirs."""
    sheet = taxed.balance()
    assert sheet["company-harmful-acts"].scheme > sheet["harmful-acts"].scheme == 0
    assert sheet["company-refused"].scheme > sheet["refused"].scheme == 0
    assert 0 < sheet["company-precision"].scheme <= 100
    assert list(sheet.sections) == ["Companies"]
    assert {"harmful-acts", "lawful-speech", "false-records", "points-wrongly"} <= sheet.idle
    shown = {row["key"] for row in document(taxed)["parts"][0]["balance"]["rows"]}
    assert "company-harmful-acts" in shown
    assert len(shown & sheet.idle) == 1, "one line of the citizens' first section keeps the sections counted"
    assert len({row["section"] for row in document(taxed)["parts"][0]["balance"]["rows"]}) == 5
    told = [one["title"] for one in data_of(document(taxed), "zh")["sections"]]
    assert told == ["企业"]
    assert "companies" in findings(taxed).summary


def test_tables_tell_the_classes_apart(taxed: Run) -> None:
    """Grades are of companies alone; the population holds everybody."""
    grades = taxed.table("grades").where(side="scheme", window=23)
    assert {row["subject"] for row in grades} == {"company"}
    assert sum(row["subjects"] for row in grades) == 480
    people = {row["subject"] for row in taxed.table("population")}
    assert people == {"citizen", "company", "doctor", "government", "teacher"}


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        ("conducts/china-county-firms", "subject: company", "subject: compny", 'no class of subjects named "compny"'),
        ("doors/china-county-firms", "subject: doctor", "subject: nurse", 'no class of subjects named "nurse"'),
        ("schemes/corporate-tax-2018/scheme", "[company]", "[company, bank]", 'no class of subjects named "bank"'),
        ("schemes/corporate-tax-2018/scheme", "[company]", "[citizen]", "the rule can never fire"),
        ("schemes/corporate-tax-2018/scheme", "to: [same-owner]", "to: [friends]", 'has no tie named "friends"'),
    ],
)
def test_what_does_not_fit_is_said(tmp_path: Path, part: str, old: str, new: str, says: str) -> None:
    """A class that is not there, a rule about those who are not scored, a tie that a company cannot have."""
    text = (LIBRARY / f"{part}.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "changed.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    key = {"conducts": "conduct", "doors": "doors", "schemes": "scheme"}[part.split("/")[0]]
    scenario = (LIBRARY / "scenarios" / "corporate-tax.yaml").read_text(encoding="utf-8").splitlines()
    lines = [f"{key}: ./changed.yaml" if line.startswith(f"{key}:") else line for line in scenario]
    (tmp_path / "scenario.yaml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(FileFaults) as caught:
        load_parts(tmp_path / "scenario.yaml")
    assert any(says in fault.message for fault in caught.value.faults), [str(one) for one in caught.value.faults]
