"""What must add up is found when it does not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from fake_run import FakeRun, fake_run

from glasstown.measure.conservation import violations


@pytest.mark.parametrize("replicates", [1, 2])
def test_whole(replicates: int) -> None:
    """A run that holds together has no violation."""
    assert violations(fake_run(citizens=6_000, years=1, replicates=replicates)) == []


def test_one_side(one_side: FakeRun, null_pair: FakeRun) -> None:
    """One side, or two equal ones, hold together as well."""
    assert violations(one_side) == []
    assert violations(null_pair) == []


def spoiled(run: FakeRun, name: str, measure: str, by: int) -> FakeRun:
    """Return the run with one count changed in one table."""
    table = run.table(name)
    at = pc.index(table["measure"], measure).as_py()
    values = table["value"].to_numpy().copy()
    values[at] += by
    column = table.column_names.index("value")
    changed = table.set_column(column, "value", pa.array(values, pa.int64()))
    return FakeRun(run.manifest, {**run.tables, name: changed})


@pytest.mark.parametrize(
    ("table", "measure", "by", "law"),
    [
        ("by_place", "granted", 1, "every request is granted or refused"),
        ("by_group", "acts", 1, "every table tells the same total"),
        ("cells", "records", -1, "every table tells the same total"),
        ("by_place", "mail_received", 10**6, "mail_received is at most mail_sent"),
        ("by_place", "refused_wrongly", 10**6, "refused_wrongly is at most"),
        ("by_place", "corrected", 10**6, "corrected is at most objected"),
        ("by_place", "grade", 1, "whoever has a score has a grade"),
        ("by_place", "acts", -(10**9), "no count is negative"),
    ],
)
def test_found(run: FakeRun, table: str, measure: str, by: int, law: str) -> None:
    """One count too many, anywhere, is found and named."""
    found = violations(spoiled(run, table, measure, by))
    assert any(violation.law.startswith(law) for violation in found)
    assert all(str(violation) for violation in found)


def test_population(run: FakeRun) -> None:
    """A person who is not in the table of the population is missed."""
    table = run.table("population")
    fewer = table.set_column(2, "citizens", pa.array(np.maximum(table["citizens"].to_numpy() - 1, 0)))
    found = violations(FakeRun(run.manifest, {**run.tables, "population": fewer}))
    assert [violation.expected for violation in found] == [run.manifest["citizens"]]
