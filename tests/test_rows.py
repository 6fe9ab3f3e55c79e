"""The page of rows says what is so: its commands and calls run, its views and tests exist."""

from __future__ import annotations

import ast
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

import glasstown as gt
import glasstown.lab.api
from glasstown.lab.opened import Run
from glasstown.show.cli import app, main
from house import ROOT

PAGE = (ROOT / "docs" / "rows.md").read_text(encoding="utf-8")
CELLS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line.startswith("| ")]
ROWS = [cells for cells in CELLS if cells[0] not in ("what", "---")]
FIRST = re.findall(r"^\$ glasstown (.*)$", PAGE, re.MULTILINE)
SLOW = ("replicate", "china")


def test_every_row_is_whole() -> None:
    """Each row names a command that there is, a call, a view of the page or none, and tests that are there."""
    words = json.loads((ROOT / "page" / "src" / "words" / "en.json").read_text(encoding="utf-8"))
    views = {text for key, text in words.items() if key.startswith("nav.")} | {"–"}
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert len(ROWS) > 20
    for what, command, call, view, tests in ROWS:
        name = command.strip("`").split()
        assert name[0] == "glasstown", what
        assert name[1] in commands, what
        ast.parse(call.strip("`"))
        assert view in views, what
        named = re.findall(r"`(\S+?)::(\w+)`", tests)
        assert named, what
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{what}: {file}::{test}"


@pytest.mark.nightly
def test_every_row_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command of the page prints something and ends well; every call answers."""
    monkeypatch.chdir(tmp_path)
    for line in FIRST:
        assert main(shlex.split(line)) == 0, line
    for what, command, call, *_ in ROWS:
        words = shlex.split(command.strip("`"))[1:]
        capsys.readouterr()
        assert main(words) == 0, command
        assert capsys.readouterr().out.strip(), command
        if any(slow in words for slow in SLOW):
            continue
        run = Run(tmp_path / next((one for one in words if (tmp_path / one).is_dir()), "nightmare"))
        scope = {"gt": gt, "glasstown": glasstown, "run": run}
        assert eval(call.strip("`"), scope) is not None, f"{what}: {call}"
