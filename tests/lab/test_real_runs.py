"""The laws on real runs: the library's own scenarios, through the front door, on few people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import glasstown as gt
from glasstown.engine import shelf
from glasstown.engine.scenario import load_parts
from glasstown.measure.conservation import violations
from glasstown.scheme.compile import compile_scheme

SMALL: dict[str, Any] = {"citizens": 3000, "years": 2}
DIFFERENT = ("rongcheng", "rongcheng-2021", "suining", "nightmare", "sesame", "driver-rating")
"""Scenarios that between them have every mechanism: lists, consent, favours, profiles, decay, officials."""
TABLES = ("by_place", "by_group", "cells", "scores", "population")
BARRIER = ("mail", "news", "places")


def _rows(run: Any, side: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return every table of a run as rows; of one side, without saying which."""
    out = {name: run.table(name).to_arrow().to_pylist() for name in TABLES}
    out |= {name: run.barrier(name).to_pylist() for name in BARRIER}
    if side is None:
        return out
    return {
        name: [{key: value for key, value in row.items() if key != "side"} for row in rows if row.get("side") == side]
        for name, rows in out.items()
        if name != "population"
    }


@pytest.mark.parametrize(
    "scenario",
    [name if name in DIFFERENT else pytest.param(name, marks=pytest.mark.nightly) for name in shelf.names("scenario")],
)
def test_nothing_is_lost_in_the_count(scenario: str, tmp_path: Path) -> None:
    """Records, requests, mail, grades and people of the library's runs add up."""
    run = gt.run(scenario, out=tmp_path / "run", replicates=2, **SMALL)
    assert violations(run) == []
    assert len(run.table("by_place")) > 1000


def test_a_null_change_changes_nothing(tmp_path: Path) -> None:
    """A scheme beside itself: the two sides of every table are the same rows, and the balance is zero throughout."""
    run = gt.run("rongcheng", pair="rongcheng-2016", out=tmp_path / "run", **SMALL)
    ours, pairs = _rows(run, "scheme"), _rows(run, "pair")
    assert ours == pairs
    assert all(len(rows) > 0 for rows in ours.values())
    differences = [row["difference"] for row in run.balance().rows() if row.get("difference") is not None]
    assert differences
    assert not any(differences)


def test_a_favour_is_told(tmp_path: Path) -> None:
    """Why a favour is withheld is said as such, with the score that it asks for; it is no refusal by the scheme."""
    run = gt.run("sesame", out=tmp_path / "run", citizens=640, years=2)
    answers: dict[str, Any] = {}
    for citizen in range(640):
        why = run.citizen(citizen).why("free-power-bank")
        answers.setdefault(why.answer, why)
        if answers.keys() >= {"granted", "no favour"}:
            break
    assert answers.keys() >= {"granted", "no favour"}
    text = repr(answers["no favour"])
    assert "withheld for a score below 600" in text
    assert "nobody has it without the scheme" in text
    assert "refused by the scheme" not in text


def test_threads_change_nothing(tmp_path: Path) -> None:
    """One thread or three: the same tables, and files with the same digests."""
    runs = [gt.run("suining", out=tmp_path / str(threads), threads=threads, **SMALL) for threads in (1, 3)]
    assert _rows(runs[0]) == _rows(runs[1])
    assert runs[0].manifest["tables_hash"] == runs[1].manifest["tables_hash"]
    assert runs[0].manifest["files"] == runs[1].manifest["files"]


def test_an_opened_run_is_the_run(tmp_path: Path) -> None:
    """What is opened from the folder is what was run, and still compiles to the tables that it was made with."""
    run = gt.run("rongcheng-2021", out=tmp_path / "run", **SMALL)
    opened = gt.open_run(tmp_path / "run")
    assert _rows(opened) == _rows(run)
    assert opened.program.digest == run.program.digest


@pytest.mark.parametrize("scenario", shelf.names("scenario"))
def test_no_compiled_scheme_reads_a_truth(scenario: str) -> None:
    """No condition of any scheme of the library looks at a trait that nobody can see."""
    parts = load_parts(scenario)
    traits = list(parts.names().traits)
    assert any(trait.sees == "truth" for trait in traits)
    for side in parts.schemes:
        scheme = compile_scheme(side.model, parts.names(), parts.scenario.clock())
        read = [traits[arg] for op, arg in scheme.code.reshape(-1, 2).tolist() if op == 2]
        assert [trait.name for trait in read if trait.sees == "truth"] == []
