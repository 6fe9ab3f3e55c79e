"""Tables for people: what was done, answered, written and listed, from a run's counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasstown.errors import UnknownName
from glasstown.lab.api import document, run
from glasstown.lab.derived import DERIVED
from glasstown.lab.opened import Run
from glasstown.show.cli import main


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a small run of the court's list."""
    return run("court-list", citizens=20_000, years=1, threads=1, out=tmp_path_factory.mktemp("runs") / "listed")


def test_sources_add_up_to_the_sheet(listed: Run) -> None:
    """All that the sources wrote, and what of it is about the wrong person, is what the balance sheet tells of it."""
    told = listed.table("sources").where(side="scheme")
    lines = {row["key"]: row["scheme"] for row in listed.balance().rows()}
    assert sum(told.column("wrong_person")) == pytest.approx(lines["wrong-person-records"] * 20)
    assert sum(told.column("records")) == pytest.approx(lines["records"] * 20)
    assert {"Courts", "Banks", "Police", "Tax office", "Employers"} <= set(told.column("source"))


def test_sources_say_how_late_they_write(listed: Run) -> None:
    """No source writes sooner than its file's least delay or later than its most, and courts later than the police."""
    late = {row["source"]: row["days_late"] for row in listed.table("sources").where(side="scheme").rows()}
    for keeper in listed.parts.sources.value.keepers.values():
        spans = [one.delay_days for one in keeper.records.values()]
        if late[keeper.title] is not None:
            assert min(low for low, _ in spans) <= late[keeper.title] <= max(high for _, high in spans)
    assert late["Courts"] > late["Police"] > 0


def test_a_list_keeps_its_books(listed: Run) -> None:
    """Who entered and did not leave stands on the list at the end of the first year; without a scheme there is none."""
    rows = listed.table("lists").rows()
    assert {row["side"] for row in rows} == {"scheme"}
    assert any(row["entered"] for row in rows)
    for row in rows:
        assert row["entered"] - row["left"] == row["held"]
        assert row["by_performing"] <= row["left"]
        assert 0 <= row["wrongly"] + row["unable"] <= row["entered"]
    assert any(row["unable"] for row in rows)
    assert any(row["list"].startswith("Dishonest judgment debtors") for row in rows)
    public = [row["list"] for row in rows if row["list"].endswith(", for all to read")]
    assert len(public) == len(run_lists(listed))


def test_the_scheme_closes_doors_on_its_own_side_alone(listed: Run) -> None:
    """Each door is told for each world; without a scheme none closes any."""
    rows = listed.table("doors").rows()
    assert sum(row["by_scheme"] for row in rows if row["side"] == "scheme") > 0
    assert sum(row["by_scheme"] for row in rows if row["side"] == "pair") == 0


def test_the_page_has_them(listed: Run) -> None:
    """The document that the page shows holds sources and lists in each world, by title."""
    told = document(listed)
    assert {row["side"] for row in told["sources"]} == {"scheme", "pair"}
    assert {row["what"] for row in told["lists"]} <= {"public", "lock"}


def run_lists(run: Run) -> list[str]:
    """Return the lists of a run's scheme, all of which can be read by everybody."""
    return list(run.parts.schemes[0].model.lists)


@pytest.mark.parametrize("name", DERIVED)
def test_the_command_prints_every_row(name: str, listed: Run, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of the command line has a line for each row, below what its numbers are."""
    assert main(["table", str(listed.folder), name]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(listed.table(name)) + 3


def test_a_misspelt_table_is_guessed(listed: Run, tmp_path: Path) -> None:
    """Both the tables that are kept and those that are made are offered."""
    with pytest.raises(UnknownName, match="sorces") as caught:
        listed.table("sorces")
    assert "sources" in caught.value.hint
