"""What single mechanisms of the library are made of: measures, bans, classes of risk, ratings and what they cost."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from glasstown.engine import shelf
from glasstown.engine.loop import simulate
from glasstown.engine.scenario import build, load_parts
from glasstown.engine.tables import K_VISITS
from glasstown.files import load
from glasstown.records.types import Source, SourcesModel
from glasstown.scheme.types import SchemeModel

COURT = ("court-list-2013", "court-list-2017", "court-list-2025")
LISTS = (*COURT, "joint-punishment-2016", "market-regulator", "nightmare")
MEASURES = {
    "group 3": {"public-job"},
    "group 5": {"loan"},
    "group 7": {"flight", "fast-train", "hotel", "school", "restaurant", "property", "car", "insurance"},
    "groups 7": {"travel-abroad"},
    "civil and commercial": {"utility-deposit"},
}
"""Doors of a citizen by the group of the Opinion of 2016 (the last: of the memorandum) that closes them."""
BANS = {
    "flight": 1, "hotel": 2, "property": 3, "office": 4, "car": 5, "travel-abroad": 6, "school": 7, "insurance": 8,
    "fast-train": 9,
}  # fmt: skip
"""Doors by the item of Article 3 on high consumption."""


@cache
def scheme(name: str) -> SchemeModel:
    """Return a scheme of the library."""
    return load(shelf.find("scheme", name), SchemeModel).value


@cache
def keepers(name: str) -> dict[str, Source]:
    """Return who keeps records in one of the library's places."""
    return load(shelf.find("sources", name), SourcesModel).value.keepers


def test_joint_punishment_closes_doors_by_the_groups_of_the_opinion() -> None:
    """Each door stands under the group that names it, and every list closes every one of them."""
    model = scheme("joint-punishment-2016")
    found: dict[str, set[str]] = {}
    for name, door in model.doors.items():
        group = next(one for one in MEASURES if re.match(rf"{one}\b", door.article))
        found.setdefault(group, set()).add(name)
        assert door.refuse is not None
        assert set(door.refuse.lists) == set(model.lists)
    assert found == MEASURES


@pytest.mark.parametrize("name", COURT)
def test_the_bans_are_those_of_the_article(name: str) -> None:
    """Each of the nine items of Article 3 is a door, by its number, that both lists close."""
    doors = scheme(name).doors
    items = {door: re.match(r"Art 3 \((\d)\)", one.article) for door, one in doors.items()}
    assert {door: int(item[1]) for door, item in items.items() if item} == BANS
    for door in BANS:
        refuse = doors[door].refuse
        assert doors[door].status == "in force"
        assert refuse is not None
        assert {"refusal", "obstruction"} <= set(refuse.lists)


def test_lists_say_what_is_published_and_how_one_objects() -> None:
    """Whoever keeps a list says what of it is public and what one can say against it; the library's page repeats it."""
    page = (shelf.root().parents[2] / "docs" / "library.md").read_text("utf-8")
    for name in LISTS:
        model = scheme(name)
        assert model.publish
        assert model.appeal
        assert f"*Published:* {model.publish.strip()}" in page
    assert "duty" in scheme("court-list-2017").publish


def test_the_court_corrects_within_its_days() -> None:
    """Fifteen days to review and three working days to correct, for people and for firms."""
    for place in ("china-county", "china-county-firms"):
        days = keepers(place)["court"].objection.days
        assert (days.value, days.status) == (18, "reported")


def test_the_regulator_visits_by_the_class_of_risk() -> None:
    """In a run the chance of a visit rises with the class of risk as its scheme says: 0.5, 1, 2 and 4."""
    assert scheme("market-regulator").inspections is not None
    program = build(load_parts("market-regulator", citizens=20_000, years=1))
    side = simulate(program, threads=1).sides[0]
    wide, company = len(program.sides[0].visit_weight) + 1, program.names.subjects.index("company")
    source = int(np.flatnonzero(program.shared.keeper[:, K_VISITS])[0])
    worst, second, third, best = side.visits[-1, source, company * wide : (company + 1) * wide - 1].tolist()
    assert worst == pytest.approx(2 * second, rel=1e-6)
    assert second == pytest.approx(2 * third, rel=1e-6)
    assert third == pytest.approx(2 * best, rel=1e-6)
    assert best > 0


def test_a_warm_manner_is_forgiven() -> None:
    """The halo of patients' ratings: complaints are fewer of the warm and more of the cold, praise the other way."""
    seen = keepers("china-county-firms")["patients"].records
    for kind in ("doctor-neglect", "doctor-bribe"):
        charm = seen[kind].coverage.by["charm"]
        assert charm["warm"] < 1 < charm["cold"]
    assert seen["good-treatment"].coverage.by["charm"]["cold"] < 1 < seen["good-treatment"].coverage.by["charm"]["warm"]


@pytest.mark.parametrize(
    ("who", "praise", "grudge"),
    [("patients", "good-treatment", "doctor-neglect"), ("parents", "good-teaching", "teacher-neglect")],
)
def test_praise_is_bought_and_grudges_are_written(who: str, praise: str, grudge: str) -> None:
    """Collusion is false praise, most of it of the dishonest; review-bombing is false complaint, of anybody."""
    false = keepers("china-county-firms")[who].false_records
    assert false[praise].per_year > 0
    assert false[praise].by["honesty"]["high"] < 1 < false[praise].by["honesty"]["low"]
    assert false[grudge].per_year > 0
    assert not false[grudge].by


def test_who_must_come_back_keeps_quiet() -> None:
    """Retaliation takes from every complaint about those on whom one depends, and from no praise."""
    for who, complaints in (
        ("patients", {"doctor-neglect", "doctor-bribe"}),
        ("parents", {"teacher-neglect", "paid-favour"}),
        ("citizens", {"breaks-promise", "office-bribe", "hidden-arrears"}),
    ):
        seen = keepers("china-county-firms")[who].records
        quiet = {kind for kind, one in seen.items() if one.retaliation is not None and one.retaliation.value > 0}
        assert quiet == complaints
        assert all(seen[kind].seen < seen[kind].coverage.value for kind in quiet)


@pytest.mark.parametrize(
    ("name", "grade", "doors"),
    [
        ("doctor-ratings", "bottom", {"doctor-bonus", "doctor-licence", "teacher-bonus", "teacher-stay"}),
        ("government-integrity", "warned", {"office-transfer", "office-budget", "office-bonus"}),
    ],
)
def test_ratings_have_consequences(name: str, grade: str, doors: set[str]) -> None:
    """Bonus, licence, post and transfer hang on the lowest grade, and on nothing else."""
    model = scheme(name)
    assert grade == model.bands_upward()[0]
    assert {door: one.refuse and one.refuse.grades for door, one in model.doors.items()} == dict.fromkeys(
        doors, (grade,)
    )
