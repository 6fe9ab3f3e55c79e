"""The balance sheet: right sums, honest blanks, plain words."""

from __future__ import annotations

import re

import polars
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from fake_run import KINDS, FakeRun, fake_run

from glasstown.errors import Contradiction, UnknownName
from glasstown.measure.balance import Balance, balance
from glasstown.measure.lines import LINES, SECTIONS, picked
from glasstown.measure.tallies import CellCounts


def count(run: FakeRun, side: str, measure: str, *items: str) -> int:
    """Return a total straight from the table by place."""
    table = run.table("by_place")
    keep = pc.and_(pc.equal(table["side"], side), pc.equal(table["measure"], measure))
    if items:
        keep = pc.and_(keep, pc.is_in(table["item"], pa.array(items)))
    return pc.sum(table.filter(keep)["value"]).as_py() or 0


def test_sums_by_hand(run: FakeRun) -> None:
    """The lines are what one gets by adding up the tables by hand."""
    sheet = balance(run)
    citizens, years = run.manifest["citizens"], run.manifest["years"]
    harmful = [kind for kind, (told, _, _) in KINDS.items() if told["victim"] != "none"]
    for side, value in (("scheme", sheet["harmful-acts"].scheme), ("pair", sheet["harmful-acts"].pair)):
        assert value == pytest.approx(1000 * count(run, side, "acts", *harmful) / citizens / years)
    yuan = sum((KINDS[kind][0]["harm_yuan"] or 0) * count(run, "scheme", "acts", kind) for kind in harmful)
    assert sheet["harm-yuan"].scheme == pytest.approx(1000 * yuan / citizens / years)
    row = sheet["refused"]
    refused = sum(count(run, "scheme", name) for name in ("refused_score", "refused_grade", "refused_list"))
    assert row.scheme == pytest.approx(1000 * refused / citizens / years)
    assert row.pair == 0
    assert row.difference == pytest.approx(row.scheme)
    assert row.low < row.difference < row.high
    assert sheet["lawful-speech"].difference < 0
    share = sheet["out-of-context-share"]
    assert share.scheme == pytest.approx(100 * count(run, "scheme", "refused_out_of_context") / refused)
    assert share.pair is None
    assert share.difference is None


def test_the_price_is_shown(run: FakeRun, null_pair: FakeRun) -> None:
    """What a prevented act cost is a section of the sheet, where any was prevented."""
    assert SECTIONS[3] in balance(run).sections
    assert SECTIONS[3] in repr(balance(run))
    assert SECTIONS[3] not in balance(null_pair).sections


def test_price_is_per_act_prevented(run: FakeRun) -> None:
    """What one prevented act cost is the two totals over one another."""
    sheet = balance(run)
    row, harm = sheet["price-refusals"], sheet["harmful-acts"]
    assert row.difference == pytest.approx(sheet["refused"].scheme / (harm.pair - harm.scheme))
    assert row.low < row.difference < row.high


def test_null_pair_is_zero(null_pair: FakeRun) -> None:
    """Equal sides differ by exactly nothing, and nothing prevented has no price."""
    for row in balance(null_pair):
        if row.section == SECTIONS[3]:
            assert row.difference is None
            assert "no price" in row.note
        else:
            assert row.difference in (0, None)
            assert row.low in (0, None)
            assert row.high in (0, None)


def test_one_side(one_side: FakeRun) -> None:
    """Without another world there is no difference, and none is made up."""
    sheet = balance(one_side)
    assert all(row.pair is None and row.difference is None and row.low is None for row in sheet)
    assert sheet["refused"].scheme > 0
    assert SECTIONS[3] not in sheet.sections


def test_against_another_run(run: FakeRun) -> None:
    """Two runs of the same people can be compared; runs of others cannot."""
    against = fake_run(effect=0)
    sheet = balance(run, against)
    assert sheet["refused"].pair == 0
    assert sheet["harmful-acts"].pair == pytest.approx(balance(run)["harmful-acts"].pair, rel=0.02)
    assert all(row.difference in (0, None) for row in balance(run, run) if row.section != SECTIONS[3])
    with pytest.raises(Contradiction, match="seed"):
        balance(run, fake_run(seed=2, citizens=40_000))
    with pytest.raises(Contradiction, match="citizens"):
        balance(run, fake_run(citizens=4_000))


def test_replicates_are_the_sample() -> None:
    """With four replicates the interval rests on them."""
    sheet = balance(fake_run(replicates=4, citizens=8_000, years=1))
    assert sheet["harmful-acts"].n == 4
    assert sheet["harmful-acts"].low is not None


def test_empty_tables() -> None:
    """Tables without a row give a sheet of blanks, not a traceback."""
    run = fake_run(citizens=4_000, years=1)
    empty = FakeRun(run.manifest, {name: table.slice(0, 0) for name, table in run.tables.items()})
    sheet = balance(empty)
    assert all(row.difference is None and row.low is None for row in sheet)
    assert "–" in repr(sheet)


def test_shown(run: FakeRun) -> None:
    """It prints aligned, goes to other libraries, and escapes what comes from a file."""
    sheet = balance(run)
    text = repr(sheet)
    assert all(name in text for name in sheet.sections)
    assert "Harmful acts" in text
    frame = polars.DataFrame(sheet)
    assert frame.height == len(sheet) == len(sheet.rows())
    assert frame.columns == list(sheet.rows()[0])
    titled = FakeRun({**run.manifest, "sides": [{"name": "scheme", "title": "<b>x"}]}, run.tables)
    assert "<b>x" not in balance(titled)._repr_html_()
    with pytest.raises(UnknownName, match="harmful-acts"):
        sheet["harmful-act"]


def test_lines_are_well_formed() -> None:
    """Keys are unique, sections are known, units are said, and picks exist."""
    keys = [line.key for line in LINES]
    assert len(keys) == len(set(keys))
    for line in LINES:
        assert line.section in SECTIONS
        assert line.unit
        assert re.fullmatch(r"[a-z-]+", line.key)
        picked(line.pick, {})


def test_what_nothing_could_count_is_not_shown(run: FakeRun) -> None:
    """Lines about acts that nobody of the conduct does, points where none are lost, and grades of none are left out."""
    assert balance(run).idle <= {"cheap-loyalty"}
    kinds = {kind: told for kind, told in run.manifest["kinds"].items() if not told.get("speech")}
    mute = balance(FakeRun({**run.manifest, "kinds": kinds}, run.tables))
    assert {"lawful-speech", "speech-records"} <= mute.idle
    assert "Lawful speech" not in repr(mute)
    assert "Harmful acts" in repr(mute)
    assert len(mute) == len(balance(run))
    nobody = balance(FakeRun({**run.manifest, "kinds": {}}, run.tables))
    assert {"harmful-acts", "good-deeds"} <= nobody.idle
    assert "refused" not in nobody.idle

    def without(start: str) -> Balance:
        cells = run.tables["cells"]
        kept = [not measure.startswith(start) for measure in cells.column("measure").to_pylist()]
        return balance(FakeRun(run.manifest, {**run.tables, "cells": cells.filter(kept)}))

    assert {"refused-wrongly", "refused-unable", "out-of-context-share"} <= without("refused_").idle
    assert "refused" not in without("refused_").idle
    assert {"points-wrongly", "points-unable", "political-points"} <= without("points_lost").idle
    assert {"records", "false-records"} <= without("records").idle
    assert "doors-opened" not in without("granted").idle
    sides = [{**side, "bands": ["all"]} for side in run.manifest["sides"]]
    assert "graded-down-wrongly" in balance(FakeRun({**run.manifest, "sides": sides}, run.tables)).idle


def test_records_are_weighed_by_kind(run: FakeRun) -> None:
    """A record's item names source and kind; a pick over kinds finds it."""
    cells = CellCounts(run, "scheme")
    found = cells.total(("records",), {"fraud": 1.0}).sum()
    assert found == count(run, "scheme", "records", "bank/fraud", "platform/fraud") > 0
