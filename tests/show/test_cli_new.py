"""Files to start from."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import glasstown as gt
from glasstown.columns import Names, Traits
from glasstown.conduct.types import ConductModel
from glasstown.doors.types import DoorsModel
from glasstown.errors import BadValue
from glasstown.files import load_text
from glasstown.records.types import SourcesModel
from glasstown.scheme.checks import check_file
from glasstown.scheme.types import SchemeModel
from glasstown.show import cli
from glasstown.show.cli_new import template, write_new


def test_a_scheme_to_start_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``new scheme`` writes a scheme named after its file and says what to do next."""
    file = tmp_path / "North Town.yaml"
    assert cli.main(["new", "scheme", str(file)]) == 0
    assert YAML(typ="safe").load(file)["scheme"] == "north-town"
    assert f"glasstown check {file}" in capsys.readouterr().out


def test_a_scenario_to_start_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``new scenario`` writes a scenario that checks clean, also with its example of a change, and runs."""
    file = tmp_path / "North Town.yaml"
    assert cli.main(["new", "scenario", str(file)]) == 0
    assert f"glasstown run {file}" in capsys.readouterr().out
    assert gt.check(file) == []
    text = file.read_text("utf-8")
    head, change = text.split("# changes:")
    file.write_text(head + "changes:" + change.replace("\n#", "\n"), "utf-8")
    assert gt.check(file) == []
    gt.run(file, citizens=640, years=1, out=tmp_path / "run")
    assert "points: -20" in (tmp_path / "run" / "scenario" / "scheme.yaml").read_text("utf-8")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    file = tmp_path / "mine.yaml"
    file.write_text("mine")
    with pytest.raises(BadValue, match="is there already"):
        write_new("scheme", file)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("kind", ["scheme", "scenario"])
@pytest.mark.parametrize("name", ["9.yaml", "...yaml", "my-city.txt", "my-city", "信用.yaml", f"{'x' * 49}.yaml"])
def test_impossible_names(tmp_path: Path, name: str, kind: str) -> None:
    """A file that could not name a scheme or a scenario is refused before anything is written."""
    with pytest.raises(BadValue):
        write_new(kind, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_template_holds() -> None:
    """What ``new scheme`` writes has no fault over the county that it tells you to run it in."""
    library = resources.files("glasstown") / "library"

    def read(kind: str, model: type[Any]) -> Any:
        return load_text((library / kind / "china-county.yaml").read_text(encoding="utf-8"), model).value

    loaded = load_text(template("scheme", "north-town"), SchemeModel)
    conduct, doors = read("conducts", ConductModel), read("doors", DoorsModel)
    sources = read("sources", SourcesModel)
    names = Names(
        tuple(sorted(conduct.acts)), tuple(sorted(sources.keepers)), tuple(sorted(doors.requests)), Traits([])
    )
    covered = {name: frozenset(keeper.records) for name, keeper in sources.keepers.items()}
    assert loaded.value.scheme == "north-town"
    assert check_file(loaded, names, coverage=covered) == []
