"""What the parts of a whole system cannot be together: found by ``glasstown check``, all at once, each in its place."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

import numpy as np
import pytest

import glasstown as gt
from glasstown.engine import shelf
from glasstown.engine.scenario import load_parts, people_of
from glasstown.show.cli import main
from glasstown.society.types import Owners, UnitsModel

GOLDEN = Path(__file__).parent / "golden"

SCHEME = """\
scheme: bad-parts
title: Parts that do not go together
status: assumed
start: {points: 1000, status: assumed}
floor: 0
ceiling: 2000
domains: {legal: {weight: {from: 50, to: 20}}}
bands:
  A: {from: 900, status: assumed}
  D: {from: null, status: assumed}
caps:
  tickets: {points: 20, per: year, status: assumed}
rules:
  light:
    {record: red-light, sources: [police], title: Red light, domain: legal, points: -10, cap: tickets,
     term_months: 12, status: assumed}
  old:
    {record: gambling, title: Gambling, domain: social, points: -10, valid: {until: 2012-12-31},
     term_months: 12, status: assumed}
inspections: {by_grade: {D: 4}, status: assumed}
discretion:
  share: 0.5
  status: assumed
  quota: {per_1000: 300, record: red-light, source: police}
"""

SCENARIO = """\
scenario: bad-dates
title: Dates that do not go together
society: {use: china-province, citizens: 20000}
conduct: china-county
sources: SOURCES
doors: china-county
scheme: SCHEME
pair: none
start: 2016-01-01
years: 3
rollout:
  places: {PLACES}
  others: OTHERS
"""


def _told(folder: Path, *files: str) -> str:
    """Return what the command prints of files in a folder."""
    before, out = Path.cwd(), io.StringIO()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(out):
            assert main(["check", *files]) == 2
    finally:
        os.chdir(before)
    return out.getvalue()


def _golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def places() -> list[str]:
    """Return places of the library's province."""
    return list(load_parts("rongcheng-province").society.value.place_names)


def written(folder: Path, scheme: str, sources: str = "china-county", dates: str = "", others: str = "null") -> Path:
    """Write a scenario with a scheme of its own beside it."""
    (folder / "bad-parts.yaml").write_text(scheme, "utf-8")
    text = SCENARIO.replace("SOURCES", sources).replace("SCHEME", "bad-parts.yaml")
    text = text.replace("PLACES", dates).replace("OTHERS", others)
    file = folder / "bad-dates.yaml"
    file.write_text(text if dates else text.partition("rollout:")[0], "utf-8")
    return file


def test_an_empty_range_is_told_with_line_and_hint(tmp_path: Path) -> None:
    """An empty range is told with its line, a mark under it, the reason and a way out."""
    (tmp_path / "bad-parts.yaml").write_text(SCHEME, "utf-8")
    _golden("check-range.txt", _told(tmp_path, "bad-parts.yaml"))


def test_parts_that_do_not_go_together(tmp_path: Path) -> None:
    """A quota above what a cap allows is found in the file; inspections that nobody can make, beside its sources."""
    scheme = SCHEME.replace("from: 50, to: 20", "from: 20, to: 50")
    written(tmp_path, scheme, sources="no-visits.yaml")
    text = (shelf.root() / "sources" / "china-county.yaml").read_text("utf-8")
    lines, out, skip = text.split("\n"), [], False
    for line in lines:  # the inspectors see whatever they see
        skip = line.startswith("    visits:") or (skip and line.startswith("      "))
        if not skip:
            out.append(line)
    (tmp_path / "no-visits.yaml").write_text("\n".join(out), "utf-8")
    _golden("check-quota.txt", _told(tmp_path, "bad-parts.yaml"))
    held = scheme.replace("per_1000: 300", "per_1000: 3")
    held = held.replace("valid: {until: 2012-12-31}", "valid: {until: 2016-12-31}")
    written(tmp_path, held, sources="no-visits.yaml")
    _golden("check-budget.txt", _told(tmp_path, "bad-parts.yaml", "bad-dates.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("red-light, source: police", "gambling, source: court", '"court" writes no record of "gambling"'),
        ("red-light, source: police", "gambling, source: police", "while the scenario lasts"),
        ("status: assumed\nstart", "status: assumed\nsubjects: [company]\nstart", "scores none"),
        ("per_1000: 300", "per_1000: 200", "2.4 losses for each person and year, and caps allow 2"),
    ],
)
def test_quotas_that_cannot_be_met(old: str, new: str, said: str, tmp_path: Path) -> None:
    """A quota that nobody writes, that no rule takes for in time, of people not scored, or beyond a cap is found."""
    assert old in SCHEME
    file = written(tmp_path, SCHEME.replace("from: 50, to: 20", "from: 20, to: 50").replace(old, new))
    found = gt.check(file)
    assert any(said in one.message and one.path.startswith("discretion.quota") and one.line for one in found), found


def test_dates_of_a_roll_out(tmp_path: Path) -> None:
    """Pilots after the rest, before the start and after the end are found, all at once."""
    first, second, third, fourth = places()[:4]
    scheme = SCHEME.replace("from: 50, to: 20", "from: 20, to: 50").replace("300", "3").replace("2012", "2016")
    dates = f"{first}: 2018-01-01, {second}: 2015-01-01, {third}: 2030-01-01, {fourth}: 2016-06-01"
    file = written(tmp_path, scheme, dates=dates, others="2017-01-01")
    found = {(one.path, one.message.partition(":")[0]) for one in gt.check(file)}
    assert found == {
        (f"rollout.places.{first}", "pilots come first"),
        (f"rollout.places.{second}", "2015-01-01 is before the scenario starts"),
        (f"rollout.places.{third}", "the scenario has ended by 2030-01-01"),
        (f"rollout.places.{third}", "pilots come first"),
    }
    file = written(tmp_path, scheme, dates=f"{first}: 2016-06-01", others="2015-01-01")
    assert [one.path for one in gt.check(file)] == ["rollout.others"], "one wrong date is one fault"
    file = written(tmp_path, scheme, dates=f"{first}: 2016-06-01", others="2030-01-01")
    assert [(one.path, one.hint) for one in gt.check(file)] == [
        ("rollout.others", "null for places where it never begins")
    ]
    file = written(tmp_path, scheme, dates=f"{first}: 2016-06-01", others="2017-01-01")
    assert gt.check(file) == []


def test_inspectors_without_a_budget(tmp_path: Path) -> None:
    """A source that visits nobody is found in the sources' own file."""
    text = (shelf.root() / "sources" / "china-county.yaml").read_text("utf-8")
    assert "value: 120, between: [40, 400]" in text
    file = tmp_path / "sources.yaml"
    file.write_text(text.replace("value: 120, between: [40, 400]", "value: 0"), "utf-8")
    (fault,) = gt.check(file)
    assert fault.path == "keepers.inspector.visits.per_1000.value"
    assert "nobody is ever visited" in fault.message


def test_owners_are_citizens_so_that_none_owns_itself() -> None:
    """A class names by a trait the citizens who own it; there is no key for another owner, hence no ring of owners."""
    assert set(Owners.model_fields) == {"status", "source", "note", "trait", "levels", "firms"}
    assert not {"owner", "owned_by", "parent"} & set(UnitsModel.model_fields)
    people = people_of(load_parts("corporate-tax", citizens=3000))
    owners = np.concatenate([units.owner[units.owner >= 0] for units in people.classes])
    assert len(owners)
    assert owners.max() < people.n


def test_losses_that_reach_nobody_are_found(tmp_path: Path) -> None:
    """Ties of work and custom where the society has neither are said in their places; where it has them, nothing is."""
    light = "{record: red-light, title: Red light, domain: legal, points: -10, term_months: 12, status: assumed,"
    text = SCHEME.split("domains:")[0] + f"rules:\n  light:\n    {light}\n     passes_on: TIE}}\n"
    told = "passes_on: {to: [shops, friends, employer], share: 10, status: assumed}"
    file = tmp_path / "passing.yaml"
    file.write_text(text.replace("passes_on: TIE", told), "utf-8")
    found = gt.check(file)
    assert [fault.message for fault in found] == [
        f'nobody is reached over "{tie}": the society china-county has no class with {part}'
        for tie, part in (("shops", "customers"), ("employer", "staff"))
    ]
    assert [fault.line for fault in found] == [10, 10]
    assert all("take the tie out" in fault.hint for fault in found)
    file.write_text(text.replace("passes_on: TIE", told.replace("shops, friends, employer", "friends")), "utf-8")
    assert gt.check(file) == []
    unit = text.replace("red-light", "doctor-bribe").replace("start:", "subjects: [doctor]\nstart:")
    file.write_text(
        unit.replace("passes_on: TIE", "passes_on: {to: [customers, staff], share: 10, status: assumed}"), "utf-8"
    )
    assert [fault.message for fault in gt.check(file)] == [
        'nobody is reached over "staff": the society china-county-firms has no class "doctor" with staff'
    ]
