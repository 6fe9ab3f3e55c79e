"""What a scheme's file may not say, and where its faults point."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheme_kit import CLOCK, COVERAGE, NAMES, TEXT, changed, faults, small

from glasstown.scheme.checks import check_scheme
from glasstown.scheme.compile import compile_scheme


def test_the_small_scheme_holds() -> None:
    """A whole scheme has no faults, alone or beside a society, its sources and its dates."""
    assert list(check_scheme(small().value)) == []
    assert faults(TEXT, clock=CLOCK, coverage={**COVERAGE, "court": {"volunteering", "fraud"}}) == []


RED = "record: red-light, sources: [police]"
LATE = "\"late > 30 and source != 'court'\""


@pytest.mark.parametrize(
    ("old", "new", "path", "said", "hint"),
    [
        (RED, "record: red-lihgt, sources: [police]", "rules.red-light.record", "no kind", '"red-light"?'),
        (RED, "record: red-light, sources: [polize]", "rules.red-light.sources[0]", "no source", '"police"?'),
        (RED, "record: red-light, sources: []", "rules.red-light.sources", "never fire", "name some"),
        (RED, "record: red-light, sources: [police, police]", "rules.red-light.sources[1]", "twice", ""),
        ("cap: good-deeds", "cap: good-deed", "rules.volunteer.cap", "no cap", '"good-deeds"?'),
        ("list: debtors", "list: debtor", "rules.debtor.list", "no list", '"debtors"?'),
        ("grade: C", "grade: D", "rules.swindler.grade", "no band", ""),
        ("grade: C", "grade: A", "rules.swindler.grade", "never lower", ""),
        ("grade: C", "grade: C, list: debtors", "rules.swindler.grade", "not both", ""),
        ("grades: [C]", "grades: [c]", "doors.loan.refuse.grades[0]", "no band", ""),
        ("grades: [C]", "grades: [A, B, C]", "doors.loan.refuse.grades", "everybody", ""),
        ("lists: [debtors]", "lists: [debters]", "doors.flight.refuse.lists[0]", "no list", '"debtors"?'),
        ("lists: [debtors]", "lists: [C]", "doors.flight.refuse.lists[0]", "stable name", ""),
        ("  school:", "  shcool:", "doors.shcool", "no door", '"school"?'),
        ("{priority: grade, status: assumed}", "{status: assumed}", "doors.school", "does nothing", ""),
        ("score_below: 700", "score_below: 0", "doors.loan.refuse.score_below", "refuses nobody", ""),
        ("score_below: 700", "score_below: 2001", "doors.loan.refuse.score_below", "everybody", ""),
        ("{lists: [debtors]}", "{}", "doors.flight.refuse", "refuses nobody", ""),
        ("B: {from: 800", "B: {from: 960", "bands.B.from", 'overlaps the band "A"', ""),
        ("B: {from: 800", "B: {from: null", "bands.C.from", 'overlaps the band "B"', ""),
        ("B: {from: 800", "B: {from: 2001", "bands.B.from", "no score can cross", ""),
        ("B: {from: 800", "B: {from: 0", "bands.B.from", "no score can cross", ""),
        ("C: {from: null", "C: {from: 5", "bands", "reaches down", "from: null"),
        ("points: 1000", "points: 2001", "start.points", "outside 0 to 2000", ""),
        ("ceiling: 2000", "ceiling: 0", "ceiling", "not above the floor", ""),
        ("source: paper}", "source: papper}", "start.source", "no reference", '"paper"?'),
        ("points: -5", "points: -5000", "rules.red-light.points", "cannot be meant", ""),
        ("points: -5", "points: 0", "rules.red-light.points", "does nothing", ""),
        ("points: [-50, -20]", "points: [-20, -50]", "rules.default.points", "above", "[-50, -20]"),
        ("repair_after_months: 6", "repair_after_months: 24", "rules.default.repair_after_months", "no sooner", ""),
        ("list: debtors, term_months: 12", "list: debtors", "rules.debtor.list", "has none", "permanent"),
        ("exit: term", "exit: term, lock_months: 6", "lists.debtors.lock_months", "exit by performance", "performance"),
        ("exit: term", "exit: none-declared, permanent: true", "rules.debtor.list", "this rule ends", ""),
        ("exit: term", "exit: term, permanent: true", "lists.debtors.permanent", "no exit by term", ""),
        ("points: -5", "valid: {from: 2017-01-01, until: 2016-01-01}", "rules.red-light.valid.until", "cross", ""),
        ("points: -5,", "points: -5, valid: {until: 2015-12-31},", "rules.red-light.valid", "never fire", ""),
        ("points: -5,", "points: -5, valid: {from: 2018-01-01},", "rules.red-light.valid", "until 2017-12-31", ""),
        ("sources: [police]", "sources: [bank]", "rules.red-light.sources", "none of its sources", "police"),
        (LATE, "late > 5000", "rules.late-default.when", "never true", ""),
        (LATE, "amount > 9 and amount < 10", "rules.late-default.when", "never true", ""),
        (LATE, "age < 18", "rules.late-default.when", "never true", ""),
        (LATE, 'party == "yes" and party == "no"', "rules.late-default.when", "never true", ""),
        (LATE, "amount * amount * amount * amount > 1", "rules.late-default.when", "too large", ""),
        (LATE, 'dissent == "open"', "rules.late-default.when", "never read the truth", "register"),
        (LATE, "ocupation == 'none'", "rules.late-default.when", "knows no", '"occupation"?'),
        (LATE, "occupation == 'offical'", "rules.late-default.when", "no level", '"official"?'),
        ("domain: social, points", "domain: socail, points", "rules.volunteer.domain", "not one of", '"social"?'),
        ("floor: 0", "floor: 0\ndomains: {legal: {weight: 0}}", "rules.red-light.domain", "weight 0", ""),
        ("floor: 0", "floor: 0\ndomains: {legal: {weight: -1}}", "domains.legal.weight", "at least 0", ""),
        ("per: year", "per: month", "caps.good-deeds.per", "not one of", ""),
        ("points: 30", "points: 300", "caps.good-deeds.points", "at most 255", ""),
        ("points: 30", "points: 30, pionts: 3", "caps.good-deeds.pionts", "there is no", '"points"?'),
        (", cap: good-deeds", "", "caps.good-deeds", "no rule counts", ""),
        ("list: debtors,", "points: -1,", "lists.debtors", "no rule enters", ""),
    ],
)  # fmt: skip
def test_each_fault_points_at_its_value(old: str, new: str, path: str, said: str, hint: str) -> None:
    """One wrong thing gives one fault at its place, in words, with a hint."""
    found = [f for f in faults(changed((old, new)), clock=CLOCK, coverage=None) if f.path == path]
    if "none of its sources" in said:
        found = [f for f in faults(changed((old, new)), coverage=COVERAGE) if f.path == path]
    assert [f.message for f in found if said in f.message], faults(changed((old, new)), clock=CLOCK)
    assert hint in found[0].hint
    assert found[0].line > 0
    assert found[0].column > 0


def test_faults_of_many_values_come_together() -> None:
    """A file with several faults shows all of them."""
    text = changed((RED, "record: x, sources: [y]"), ("grades: [C]", "grades: [Q]"), ("cap: good-deeds", "cap: z"))
    paths = {fault.path for fault in faults(text)}
    assert paths >= {
        "rules.red-light.record", "rules.red-light.sources[0]", "doors.loan.refuse.grades[0]", "rules.volunteer.cap",
        "caps.good-deeds",
    }  # fmt: skip


def test_a_condition_is_faulted_at_its_character() -> None:
    """A fault inside a condition points at the character, in quotes or without."""
    text = changed((LATE, "'late > 3 and dissent == \"open\"'"))
    (fault,) = faults(text)
    assert text.split("\n")[fault.line - 1][fault.column - 1 :].startswith("dissent")
    text = changed((LATE, "late > 3 and ocupation == 'none'"))
    (fault,) = faults(text)
    assert text.split("\n")[fault.line - 1][fault.column - 1 :].startswith("ocupation")


def test_a_silent_permanent_list_is_refused() -> None:
    """A list that nobody leaves must say so."""
    text = changed(("exit: term", "exit: none-declared"), ("list: debtors, term_months: 12", "list: debtors"))
    assert [fault.path for fault in faults(text)] == ["lists.debtors.exit"]
    assert faults(text.replace("none-declared", "none-declared, permanent: true")) == []


def test_decay_and_terms_exclude_each_other() -> None:
    """Points come back once: by terms or by decay."""
    text = changed(("floor: 0", "floor: 0\ndecay: {points_per_month: 1, status: assumed}"))
    assert {fault.path for fault in faults(text)} == {
        f"rules.{name}.term_months" for name in ("red-light", "default", "swindler", "debtor", "volunteer")
    }


def test_a_scheme_without_bands_has_no_grades() -> None:
    """Grades need bands, wherever they are named."""
    text = changed(
        ("  A: {from: 960, status: assumed}\n", ""), ("  B: {from: 800, status: assumed}\n", ""),
        ("bands:\n  C: {from: null, status: assumed}\n", ""),
    )  # fmt: skip
    assert {fault.path for fault in faults(text)} == {
        "rules.swindler.grade", "doors.loan.refuse.grades", "doors.school.priority",
    }  # fmt: skip


PIECES = re.findall(r"[A-Za-z0-9.-]+|[^A-Za-z0-9]", TEXT)
OTHERS = sorted(
    {*PIECES, "null", "true", "-1", "99999", "{}", "[]", "[1]", "{a: 1}", "1e999", "&a", "*a", "!b", "|", ""}
)


@given(st.dictionaries(st.integers(0, len(PIECES) - 1), st.sampled_from(OTHERS), min_size=1, max_size=3))
def test_no_change_of_a_file_makes_it_fall_over(edits: dict[int, str]) -> None:
    """However a scheme's file is spoilt, it has faults or compiles."""
    text = "".join(edits.get(at, piece) for at, piece in enumerate(PIECES))
    found = faults(text)
    for fault in found:
        assert fault.show(text.split("\n"))
    if not found:
        compile_scheme(small(text).value, NAMES, CLOCK)
