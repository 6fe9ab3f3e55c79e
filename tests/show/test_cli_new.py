"""Files to start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from glasstown.errors import BadValue
from glasstown.show import cli
from glasstown.show.cli_new import scheme_template, write_scheme


def test_a_scheme_to_start_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``new scheme`` writes a scheme named after its file and says what to do next."""
    file = tmp_path / "North Town.yaml"
    assert cli.main(["new", "scheme", str(file)]) == 0
    assert YAML(typ="safe").load(file)["scheme"] == "north-town"
    assert f"glasstown check {file}" in capsys.readouterr().out


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    file = tmp_path / "mine.yaml"
    file.write_text("mine")
    with pytest.raises(BadValue, match="is there already"):
        write_scheme(file)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["9.yaml", "...yaml", "my-city.txt", "my-city", "信用.yaml", f"{'x' * 49}.yaml"])
def test_impossible_names(tmp_path: Path, name: str) -> None:
    """A file that could not name a scheme is refused before anything is written."""
    with pytest.raises(BadValue):
        write_scheme(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_template_holds() -> None:
    """What ``new scheme`` writes has no fault."""
    types = pytest.importorskip("glasstown.scheme.types")
    from glasstown.files import load

    assert load(scheme_template("north-town"), types.SchemeModel).value.scheme == "north-town"
