"""The plain account: terms, caps, decay, holds, worked cases, and what would have opened a door."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheme_kit import changed, small

from glasstown.errors import BadValue
from glasstown.files import load_text
from glasstown.scheme.cases import CasesModel, check_cases, run_cases
from glasstown.scheme.score import Account, FiledRecord, posting_of, refused_by, score_records, standing, sums
from glasstown.scheme.types import DOMAINS, SchemeModel
from glasstown.scheme.why import smallest_change

MODEL = small().value
START = date(2016, 3, 1)


def account(*records: FiledRecord, on: date = date(2016, 12, 31), model: SchemeModel = MODEL) -> Account:
    """Return how a person of 40 stands."""
    return score_records(model, records, {"age": 40}, on)


def record(kind: str, source: str = "police", day: date = START, **more: int) -> FiledRecord:
    """Return a record."""
    return FiledRecord(kind, source, day, **more)


def test_a_posting_lasts_its_term() -> None:
    """Points count from the record's day until the day before the term has passed."""
    red = record("red-light")
    end = START + timedelta(days=730)
    days = [START - timedelta(days=1), START, end - timedelta(days=1), end]
    assert [account(red, on=day).score for day in days] == [1000, 995, 995, 1000]


def test_an_officers_choice_is_gravity() -> None:
    """A range of points is divided evenly over gravity, the graver the lower; repair ends a posting sooner."""
    scores = [account(record("loan-default", "court", amount=amount)).score for amount in (0, 8, 9, 128, 255)]
    assert scores == [980, 980, 979, 965, 950]
    repaired = FiledRecord("loan-default", "court", START, repaired=True)
    assert account(repaired).score == 1000


def test_a_cap_counts_by_calendar_year_and_is_not_given_back() -> None:
    """Beyond a cap nothing is posted, and an ended posting frees none of it."""
    three = [record("volunteering", "court", date(2016, month, 1)) for month in (1, 2, 12)]
    done = account(*three)
    assert [posting.points for posting in done.postings] == [20, 10, 0]
    assert account(*three, record("volunteering", "court", date(2017, 1, 2)), on=date(2017, 1, 3)).score == 1030
    assert "by the cap good-deeds" in done.tell()


def test_forced_grades_and_lists_hold_while_they_last() -> None:
    """A forced grade caps the grade, a list stands beside it, and both end with the posting."""
    caught = account(record("fraud", "court"))
    assert (caught.score, caught.grade, caught.holds) == (1000, "C", {"C": 1, "debtors": 1})
    assert refused_by(MODEL, "flight", caught.score, caught.grade, caught.holds) == "list"
    assert refused_by(MODEL, "loan", caught.score, caught.grade, caught.holds) == "grade"
    assert refused_by(MODEL, "school", caught.score, caught.grade, caught.holds) == ""
    later = account(record("fraud", "court"), on=date(2017, 6, 1))
    assert (later.grade, later.holds) == ("A", {})


def test_decay_moves_points_back_each_month() -> None:
    """Each month's end returns some points, of domain after domain, and never more than were taken."""
    parts = MODEL.model_dump(by_alias=True, exclude_unset=True)
    for rule in parts["rules"].values():
        rule.pop("term_months", None)
    parts["decay"] = {"points_per_month": 2, "status": "assumed"}
    model = SchemeModel.model_validate(parts)
    red = record("red-light")
    days = [date(2016, 3, 31), date(2016, 4, 1), date(2016, 5, 1), date(2016, 6, 1), date(2018, 1, 1)]
    assert [account(red, on=day, model=model).score for day in days] == [995, 997, 999, 1000, 1000]
    assert account(red, on=days[-1], model=model).returned == {"legal": 5}


def test_weights_divide_downward() -> None:
    """Half of minus five points is minus three: the sum is divided downward."""
    model = small(changed(("floor: 0", "floor: 0\ndomains: {legal: {weight: 50}}"))).value
    assert account(record("red-light"), model=model).score == 997


def test_a_condition_needs_its_trait() -> None:
    """A case whose subject lacks what a condition names is told so; minors have no score to lose."""
    model = small(changed(("\"late > 30 and source != 'court'\"", "'party == \"yes\"'"))).value
    with pytest.raises(BadValue, match="party"):
        account(record("loan-default", "bank"), model=model)
    assert score_records(MODEL, [record("red-light")], {"age": 17}, date(2016, 12, 31)).score == 1000


def test_an_account_tells_rule_points_term_and_citation() -> None:
    """Each line of an account says what was posted, until when, and on what it stands."""
    told = account(record("loan-default", "court")).tell().split("\n")
    assert told[0] == (
        "2016-03-01: Default: -20 points, until 2018-03-01; score 980 [reported: A. Author, A paper, 2016, Art 3]"
    )
    assert told[1] == "2016-12-31: score 980, grade A"


CASES = """\
references: {p: {cite: A paper}}
cases:
  right:
    subject: {age: 40}
    records: [{kind: red-light, source: police, date: 2016-03-01, times: 3}]
    on: 2016-04-01
    score: 985
    grade: A
    domains: {legal: -15}
    source: p
  wrong: {subject: {age: 40}, on: 2016-04-01, score: 985, grade: B, domains: {legal: -15}, source: q}
"""


def test_worked_cases_say_what_differs() -> None:
    """A case that does not come out says each difference."""
    cases = load_text(CASES, CasesModel).value
    right, wrong = run_cases(MODEL, cases)
    assert right.holds
    assert wrong.differences == (
        "the score is 1000, not 985", "the grade is A, not B", "the legal domain has 0 points, not -15",
    )  # fmt: skip
    assert [place for place, *_ in check_cases(cases)] == [("cases", "wrong", "source")]


FILES = st.lists(st.tuples(st.sampled_from(sorted(MODEL.rules)), st.integers(-300, 60)), max_size=7)


@given(FILES, st.sampled_from(["loan", "flight", "school"]))
def test_the_smallest_change_is_the_smallest(file: list[tuple[str, int]], door: str) -> None:
    """No smaller set of postings would have opened the door, and none as small of fewer points."""
    postings = [
        posting_of(MODEL, name, kind="fraud", source="court", day=START, points=points, until=None)
        for name, points in file
    ]

    def opens(without: tuple[int, ...]) -> bool:
        kept = [posting for at, posting in enumerate(postings) if at not in without]
        holds = {posting.hold for posting in kept if posting.hold}
        return not refused_by(MODEL, door, *standing(MODEL, sums(kept), holds), holds)

    found = smallest_change(MODEL, postings, door)
    sets = [c for n in range(len(postings) + 1) for c in combinations(range(len(postings)), n) if opens(c)]
    if found is None:
        assert not sets
        return
    best = min(sets, key=lambda c: (len(c), sum(abs(postings[at].points) for at in c)))
    assert len(found) == len(best)
    assert sum(abs(p.points) for p in found) == sum(abs(postings[at].points) for at in best)


def test_a_long_file_is_answered_soon() -> None:
    """Where not every set can be tried, the answer still opens the door and holds nothing needless."""
    postings = [
        posting_of(MODEL, "red-light", kind="red-light", source="police", day=START, points=-5 - at % 7, until=None)
        for at in range(120)
    ]
    found = smallest_change(MODEL, postings, "loan")
    assert found
    kept = [posting for posting in postings if not any(posting is one for one in found)]
    assert not refused_by(MODEL, "loan", *standing(MODEL, sums(kept)), [])


@given(
    st.lists(st.tuples(st.sampled_from(sorted(MODEL.rules)), st.integers(0, 2000)), max_size=8), st.integers(0, 3000)
)
def test_everything_posted_comes_back(file: list[tuple[str, int]], after: int) -> None:
    """The domains hold exactly what is active; a worse record never raises the score."""
    records = [
        FiledRecord(MODEL.rules[rule].record, "court", START + timedelta(days=day), amount=day % 256)
        for rule, day in file
    ]
    on = START + timedelta(days=after)
    done = account(*records, on=on)
    assert done.domains == sums(done.active)
    assert set(done.domains) == set(DOMAINS)
    assert account(*records, record("red-light"), on=on).score <= done.score


def test_the_graver_record_never_costs_less() -> None:
    """Points of a range fall with gravity where they are losses, and rise where they are gains."""
    loss, gain = MODEL.rules["default"], MODEL.rules["default"].model_copy(update={"points": (5, 30)})
    losses, gains = ([one.posted(amount) for amount in range(256)] for one in (loss, gain))
    assert losses == sorted(losses, reverse=True)
    assert (losses[0], losses[-1]) == (loss.high, loss.low)
    assert gains == sorted(gains)
    assert (gains[0], gains[-1]) == (5, 30)
