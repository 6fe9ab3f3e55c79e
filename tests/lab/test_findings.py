"""The sentences on top of a run say what its tables say, and no more."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "measure"))

from fake_run import FakeRun, fake_run

from glasstown.lab.findings import findings


def test_two_sides() -> None:
    """What is clear is said with its interval, good and bad told apart."""
    found = findings(fake_run())
    cards = {card.key: card for card in found.headlines}
    assert cards["harmful-acts"].tone == "help"
    assert cards["harmful-acts"].figure == "4.8 %"
    assert cards["lawful-speech"].tone == "harm"
    assert cards["lawful-speech"].figure == "28 %"
    assert "By chance, 95 %" in cards["refused"].sure
    assert "prevented 4.8 % of harmful acts" in found.summary
    assert "silenced 28 % of lawful criticism" in found.summary
    assert "“lowest”" in cards["gap"].says
    assert found.broken == ()
    assert found.bands == ("D", "C", "B", "A", "AA", "AAA")


def test_one_side() -> None:
    """A run without another world claims no effect."""
    found = findings(fake_run(sides=("scheme",), citizens=8_000, years=1))
    assert not found.paired
    assert "prevented" not in found.summary
    assert "silenced" not in found.summary
    assert all("One world only" in card.sure for card in found.headlines[:2])


def test_null_pair() -> None:
    """Two equal worlds are called equal."""
    found = findings(fake_run(effect=0, citizens=8_000, years=1))
    assert [card.figure for card in found.headlines[:3]] == ["no change", "no change", "0"]
    assert "closed no doors" in found.summary


def test_not_sure() -> None:
    """A difference that chance may have made is not called an effect."""
    run = fake_run(effect=0.002, citizens=4_000, cell=500, years=1)
    card = findings(run).headlines[0]
    assert card.figure in ("no clear change", "no change")
    assert card.tone == "none"


@pytest.mark.parametrize(
    "empty", [("scores",), ("by_group", "population"), ("by_place", "by_group", "scores", "cells")]
)
def test_tables_without_rows(empty: tuple[str, ...]) -> None:
    """A table without a row leaves its part out."""
    run = fake_run(citizens=4_000, years=1)
    tables = {name: table.slice(0, 0) if name in empty else table for name, table in run.tables.items()}
    found = findings(FakeRun(run.manifest, tables))
    assert found.summary
    assert (found.scores == ()) == ("scores" in empty)
