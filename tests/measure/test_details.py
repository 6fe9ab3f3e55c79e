"""Kinds, doors, months, groups: each agrees with the tables it comes from."""

from __future__ import annotations

import math

import pytest
from fake_run import DOORS, GROUPS, KINDS, FakeRun, fake_run

from glasstown.measure.balance import balance
from glasstown.measure.details import at_end, by_door, by_kind, distribution, monthly, quantiles
from glasstown.measure.groups import gaps, rates_by_group
from glasstown.measure.lines import BY_SCHEME


def test_kinds(run: FakeRun) -> None:
    """Kinds add up to the lines of the balance sheet, and the known effect is found."""
    rows = {row.kind: row for row in by_kind(run)}
    assert set(rows) == set(KINDS)
    harmful = sum(row.scheme for row in rows.values() if row.group == "harmful")
    assert harmful == pytest.approx(balance(run)["harmful-acts"].scheme)
    change = rows["criticise-party-online"].change
    assert change is not None
    assert change.low is not None
    assert change.high is not None
    assert change.low < -28 + 1.5
    assert change.high > -28 - 1.5
    assert rows["praise-online"].group == "cheap"
    assert rows["petitioning"].group == "other-lawful"


def test_kinds_of_one_side(one_side: FakeRun) -> None:
    """Without a pair there is a rate and no difference."""
    assert all(row.pair is None and row.change is None for row in by_kind(one_side))


def test_doors(run: FakeRun) -> None:
    """Shares of requests are between nothing and all, and each door stands once a side."""
    rows = by_door(run)
    assert len(rows) == 2 * len(DOORS)
    for row in rows:
        assert 0 <= sum(row.refused.values()) <= 100
        closed = sum(row.refused[name] for name in BY_SCHEME)
        assert all(part <= closed + 1e-9 for part in row.wronged.values())
        assert closed == 0 or row.side == "scheme"


def test_months(run: FakeRun) -> None:
    """Months add up to the whole, for flows; stocks are people at each end."""
    speech = monthly(run, ["acts"], "lawful-speech")
    total = sum(speech["scheme"]["criticise-party-online"])
    row = next(row for row in by_kind(run) if row.kind == "criticise-party-online")
    assert total == pytest.approx(row.scheme * run.manifest["citizens"] * run.manifest["years"] / 1000)
    held = monthly(run, ["grade"])["scheme"]
    assert sum(months[-1] for months in held.values()) == run.manifest["subjects"]


def test_quantiles() -> None:
    """Binned quantiles spread each bin evenly."""
    assert quantiles({0: 10, 10: 10}, (0, 0.25, 0.5, 0.75, 1)) == [0, 5, 10, 15, 20]
    assert quantiles({}, (0.5,)) == []


def test_distribution(run: FakeRun) -> None:
    """Quantiles are in order at every window, and the last window holds everyone."""
    rows = distribution(run, "scheme", (0.05, 0.5, 0.95))
    assert len(rows) == run.manifest["windows"]
    assert all(row["0.05"] <= row["0.5"] <= row["0.95"] for row in rows)
    assert sum(at_end(run, "scheme").values()) == run.manifest["subjects"]
    assert distribution(run, "pair", (0.5,)) == []
    assert at_end(run, "pair") == {}


@pytest.mark.parametrize("per", ["subjects", "requests"])
@pytest.mark.parametrize("replicates", [1, 4])
def test_groups(per: str, replicates: int) -> None:
    """Groups have rates with intervals around them, the worst first."""
    run = fake_run(citizens=12_000, years=1, replicates=replicates)
    rows = rates_by_group(run, BY_SCHEME, per=per)
    assert {row.group for row in rows} == set(GROUPS)
    assert [row.rate.value for row in rows] == sorted((row.rate.value for row in rows), reverse=True)
    for row in rows:
        assert row.rate.low is not None
        assert row.rate.high is not None
        assert row.rate.low <= row.rate.value <= row.rate.high
    assert rows[0].levels["income"] in ("lowest", "low")
    found = {gap.trait: gap for gap in gaps(run, BY_SCHEME, per=per)}
    assert found["income"].most == "lowest"
    assert found["income"].difference.clear


def test_groups_add_up(run: FakeRun) -> None:
    """The groups' counts add up to the whole."""
    rows = rates_by_group(run, BY_SCHEME)
    per_year = sum(row.count for row in rows) / run.manifest["years"]
    assert 1000 * per_year / run.manifest["citizens"] == pytest.approx(balance(run)["refused"].scheme)
    assert sum(row.subjects for row in rows) == run.manifest["subjects"]


def test_group_of_nothing(run: FakeRun) -> None:
    """A share of requests that nobody made is no number; a count of nothing is zero with an upper end."""
    rows = rates_by_group(run, BY_SCHEME, per="requests", item="moon")
    assert all(math.isnan(row.rate.value) for row in rows)
    rows = rates_by_group(run, ["refused_list"])
    assert all(row.rate.value == 0 and row.rate.low == 0 and (row.rate.high or 0) > 0 for row in rows)
