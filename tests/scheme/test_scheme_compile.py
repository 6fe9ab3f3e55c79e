"""Compiled schemes: flat, in one order, and equal to the plain reckoning."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scheme_kit import CLOCK, NAMES, TEXT, changed, small

from glasstown.errors import FileFaults
from glasstown.scheme.compile import CompiledScheme, compile_scheme
from glasstown.scheme.score import FiledRecord, score_records
from glasstown.scheme.types import SchemeModel, term_days


def compiled(text: str = TEXT) -> CompiledScheme:
    """Return a scheme's tables."""
    return compile_scheme(small(text).value, NAMES, CLOCK)


def test_tables_of_the_small_scheme() -> None:
    """Rules stand by kind and name; everything else by name."""
    scheme = compiled()
    assert scheme.rule_names == ("debtor", "swindler", "default", "late-default", "red-light", "volunteer")
    assert scheme.rule_start.tolist() == [0, 2, 4, 5, 6]
    assert scheme.rule_low.tolist() == [0, 0, -50, -10, -5, 20]
    assert scheme.rule_high.tolist() == [0, 0, -20, -10, -5, 20]
    assert scheme.rule_domain.tolist() == [3, 1, 1, 1, 3, 2]
    assert scheme.rule_term.tolist() == [365, 365, 730, -1, 730, 365]
    assert scheme.rule_repair.tolist() == [-1, -1, term_days(6), -1, -1, -1]
    assert scheme.rule_cap.tolist() == [-1, -1, -1, -1, -1, 0]
    assert scheme.hold_names == ("C", "debtors")
    assert scheme.rule_hold.tolist() == [1, 0, -1, -1, -1, -1]
    assert scheme.rule_sources.tolist() == [2, 7, 3, 7, 4, 7]
    assert (scheme.band_names, scheme.band_from.tolist()) == (("C", "B", "A"), [-32768, 800, 960])
    assert (scheme.hold_grade.tolist(), scheme.hold_list.tolist()) == ([0, -1], [False, True])
    assert scheme.door_score.tolist() == [-32768, 700, -32768]
    assert scheme.door_grades.tolist() == [0, 1, 0]
    assert scheme.door_holds.tolist() == [2, 0, 0]
    assert scheme.door_priority.tolist() == [0, 0, 2]
    assert scheme.severity.tolist() == [255, round(255 * 50 / 200), round(255 * 5 / 200), 0]
    assert scheme.reward.tolist() == [0, 0, 0, 102]
    assert scheme.weights.tolist() == [100] * 4
    assert scheme.consent == 2**32 - 1
    assert scheme.rule_when.tolist() == [-1, -1, -1, 0, -1, -1]
    for field in dataclasses.fields(scheme):
        value = getattr(scheme, field.name)
        if isinstance(value, np.ndarray):
            assert value.flags.c_contiguous, field.name


def test_dates_are_days_from_the_start() -> None:
    """Open ends are far away; both ends are included."""
    text = changed(("points: -5,", "points: -5, valid: {from: 2015-12-31, until: 2016-02-01},"))
    scheme = compiled(text)
    at = scheme.rule_names.index("red-light")
    assert (scheme.rule_from[at], scheme.rule_until[at]) == (-1, 31)
    assert (scheme.rule_from[0], scheme.rule_until[0]) == (-(2**30), 2**30)


@given(st.randoms(use_true_random=False))
def test_the_order_of_a_file_changes_nothing(random: object) -> None:
    """Tables are equal however rules, bands, caps, lists, doors and sources are ordered."""
    parts = small().value.model_dump(by_alias=True, exclude_unset=True)
    for key in ("rules", "bands", "doors", "lists", "caps"):
        items = list(parts[key].items())
        random.shuffle(items)  # type: ignore[attr-defined]
        parts[key] = dict(items)
    parts["rules"]["default"]["sources"] = ("court", "bank")
    again = compile_scheme(SchemeModel.model_validate(parts), NAMES, CLOCK)
    first = compiled()
    for one, other in ((first, again), (first.power, again.power)):
        for field in dataclasses.fields(one):  # type: ignore[arg-type]
            a, b = getattr(one, field.name), getattr(other, field.name)
            if field.name != "power":
                assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b, field.name


def test_consent_and_decay_are_numbers() -> None:
    """Consent is a threshold on a word; decay is counted by window."""
    scheme = compiled(changed(("floor: 0", "floor: 0\nconsent: {share: 0.25, status: assumed}")))
    assert scheme.consent == 2**30
    none = {**small().value.model_dump(by_alias=True, exclude_unset=True), "rules": {}, "lists": {}, "caps": {}}
    none.update(doors={}, bands={}, decay={"points_per_month": 3, "status": "assumed"})
    bare = compile_scheme(SchemeModel.model_validate(none), NAMES, dataclasses.replace(CLOCK, months=3))
    assert (bare.decay, bare.band_names, bare.band_from.tolist()) == (9, ("all",), [-32768])
    assert bare.rule_start.tolist() == [0] * 5


def test_what_does_not_hold_is_not_compiled() -> None:
    """Compiling refuses what checking refuses."""
    with pytest.raises(FileFaults, match="no kind of record"):
        compiled(changed(("record: red-light,", "record: red-lihgt,")))


RECORDS = st.lists(
    st.builds(
        FiledRecord,
        kind=st.sampled_from(NAMES.kinds),
        source=st.sampled_from(NAMES.sources),
        day=st.dates(date(2016, 1, 1), date(2018, 12, 31)),
        amount=st.integers(0, 255),
        late=st.integers(0, 90),
        repaired=st.booleans(),
    ),
    max_size=12,
)


def by_tables(scheme: CompiledScheme, records: list[FiledRecord], on: date) -> tuple[int, str]:
    """Return score and grade from the tables alone, summing what is active."""
    points, used = [0, 0, 0, 0], {}
    cap_grade = len(scheme.band_names) - 1
    for record in sorted(records, key=lambda r: r.day):
        if record.day > on:
            continue
        kind, source = NAMES.kinds.index(record.kind), NAMES.sources.index(record.source)
        for r in range(scheme.rule_start[kind], scheme.rule_start[kind + 1]):
            values = {"age": 40, "party": 0, "occupation": 0, "has-car": 0, "dissent": 0}
            if not (int(scheme.rule_sources[r]) >> source) & 1:
                continue
            if not scheme.holds(r, values, amount=record.amount, late=record.late, source=source):
                continue
            low, high = int(scheme.rule_low[r]), int(scheme.rule_high[r])
            step = record.amount * (high - low + 1) // 256
            posted = high - step if high <= 0 else low + step
            if scheme.rule_cap[r] >= 0:
                key = (int(scheme.rule_cap[r]), record.day.year)
                left = int(scheme.cap_limit[key[0]]) - used.get(key, 0)
                posted = max(min(posted, left), -left)
                used[key] = used.get(key, 0) + abs(posted)
            days = int(scheme.rule_term[r])
            if record.repaired and scheme.rule_repair[r] >= 0:
                days = min(days, int(scheme.rule_repair[r])) if days >= 0 else int(scheme.rule_repair[r])
            if days >= 0 and record.day + timedelta(days=days) <= on:
                continue
            points[scheme.rule_domain[r]] += posted
            if scheme.rule_hold[r] >= 0 and scheme.hold_grade[scheme.rule_hold[r]] >= 0:
                cap_grade = min(cap_grade, int(scheme.hold_grade[scheme.rule_hold[r]]))
    total = sum(p * int(w) for p, w in zip(points, scheme.weights, strict=True)) // 100
    score = min(max(scheme.start + total, scheme.floor), scheme.ceiling)
    grade = int((scheme.band_from <= score).sum()) - 1
    return score, scheme.band_names[min(grade, cap_grade)]


@given(RECORDS, st.dates(date(2016, 1, 1), date(2020, 1, 1)))
def test_tables_and_plain_reckoning_agree(records: list[FiledRecord], on: date) -> None:
    """The tables, read in the simplest way, give the score of the plain account."""
    text = changed(("floor: 0", "floor: 0\ndomains: {commercial: {weight: 37}, social: {weight: 50}}"))
    account = score_records(small(text).value, records, {"age": 40}, on)
    assert (account.score, account.grade) == by_tables(compiled(text), records, on)
