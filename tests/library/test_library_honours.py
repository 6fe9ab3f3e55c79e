"""Honours that local offices sell, and the central rule that voids them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import glasstown as gt
from glasstown.lab.opened import Run


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return the scenario, lived by few."""
    out: Path = tmp_path_factory.mktemp("honours") / "run"
    return gt.run("honours", citizens=12_000, years=4, threads=1, out=out)


def _by_income(run: Run, measure: str, item: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for row in run.table("by_group").where(side="scheme", measure=measure, item=item).rows():
        found[row["group"].partition("/")[2]] += row["value"]
    return found


def test_the_rich_buy(run: Run) -> None:
    """What the township sells is bought many times as often by the highest fifth as by the lowest."""
    sold = _by_income(run, "records_false", "township-office/commendation")
    assert sold["highest"] > 8 * max(1, sold["lowest"])


def test_the_central_rule_voids_what_is_sold(run: Run) -> None:
    """Until the date both sides grade alike; two years after it, fewer are honoured where local honours are void."""
    honoured: Counter[tuple[str, int]] = Counter()
    for row in run.table("grades").where(grade="honoured").rows():
        honoured[row["side"], row["window"]] += row["subjects"]
    assert honoured["scheme", 23] == honoured["pair", 23] > 0
    assert honoured["pair", 47] < 0.6 * honoured["scheme", 47]
