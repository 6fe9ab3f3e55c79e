"""Records by source and lists by entry and exit: sums of the run's own tables, by name."""

from __future__ import annotations

from typing import Any, ClassVar

import pyarrow as pa
import pytest

from glasstown.measure.registers import by_list, by_source

CELLS = [
    ("records", "court/fraud", 30),
    ("records", "court/debt", 10),
    ("records", "bank/debt", 50),
    ("records_wrong_person", "court/debt", 4),
    ("records_false", "bank/debt", 6),
    ("noticed", "bank", 3),
    ("corrected", "bank", 2),
    ("visits", "inspector", 8),
    ("entered", "debtors", 12),
    ("entered_wrongly", "debtors", 1),
    ("entered_unable", "debtors", 5),
    ("left", "debtors", 6),
    ("left_by_performing", "debtors", 2),
]


class Small:
    """Two years, two replicates and one side, with as much in each replicate as told."""

    manifest: ClassVar[dict[str, Any]] = {
        "sides": [{"name": "scheme"}], "replicates": 2, "windows": 24, "window_months": 1,
    }  # fmt: skip

    def table(self, name: str) -> pa.Table:
        """Return one table."""
        rows: list[dict[str, Any]] = []
        for replicate in range(2):
            if name == "cells":
                rows += [
                    {"side": "scheme", "replicate": replicate, "cell": cell, "measure": a, "item": b, "value": value}
                    for a, b, value in CELLS
                    for cell in range(2)
                ]
            else:
                rows += [
                    {"side": "scheme", "replicate": replicate, "window": window, "place": place, "measure": "held",
                     "item": "debtors", "value": window + replicate}
                    for window in (22, 23)
                    for place in ("east", "west")
                ]  # fmt: skip
        return pa.Table.from_pylist(rows)


def test_records_by_source() -> None:
    """A source's records are all that it wrote, right and wrong, a year and replicate; who wrote most is told first."""
    bank, court, inspector = by_source(Small())
    assert [one.source for one in (bank, court, inspector)] == ["bank", "court", "inspector"]
    assert (bank.records, bank.false, bank.wrong_person, bank.noticed, bank.corrected) == (56, 6, 0, 3, 2)
    assert (court.records, court.wrong_person, court.visits) == (44, 4, 0)
    assert (inspector.records, inspector.visits) == (0, 8)
    assert bank.days_late is None


def test_how_late_a_source_writes_goes_by_what_it_wrote() -> None:
    """The mean delay weighs each kind by its records of acts, right or in the wrong file; false ones have none."""
    bank, court, inspector = by_source(Small(), {"court/fraud": 10.0, "court/debt": 40.0, "bank/debt": 7.0})
    assert court.days_late == pytest.approx((30 * 10 + (10 + 4) * 40) / 44)
    assert (bank.days_late, inspector.days_late) == (7, None)
    assert by_source(Small(), {"bank/nothing-such": 3.0})[0].days_late is None


def test_lists_by_entry_and_exit() -> None:
    """Entries and exits are told a year, and the stock of the last window alone, mean over replicates."""
    (debtors,) = by_list(Small())
    assert (debtors.entered, debtors.wrongly, debtors.unable) == (12, 1, 5)
    assert (debtors.left, debtors.by_performing, debtors.spared) == (6, 2, 0)
    assert debtors.held == pytest.approx((2 * 23 + 2 * 24) / 2)
