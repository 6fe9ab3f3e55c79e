"""Answers that are kept: found once from the same files, found again when one changes, and never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from glasstown.lab.kept import kept


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLASSTOWN_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "a.yaml"
    path.write_text("a", encoding="utf-8")
    return path


def test_an_answer_is_found_once(source: Path) -> None:
    """The same files give the kept answer; a changed one has it found again."""
    assert kept("x", [source], lambda: [1]) == [1]
    assert kept("x", [source], lambda: [2]) == [1]
    source.write_text("b", encoding="utf-8")
    assert kept("x", [source], lambda: [3]) == [3]


@pytest.mark.parametrize("torn", ["", "{", "[]", '{"from": 1}'])
def test_what_is_torn_is_found_again(source: Path, tmp_path: Path, torn: str) -> None:
    """A file that was not written whole, or by something else, is no answer."""
    kept("x", [source], lambda: 1)
    (tmp_path / "cache" / "answers" / "x.json").write_text(torn, encoding="utf-8")
    assert kept("x", [source], lambda: 2) == 2


def test_a_folder_that_cannot_be_written_is_no_hindrance(source: Path, tmp_path: Path) -> None:
    """Where nothing can be kept, the answer is found each time."""
    (tmp_path / "cache").write_text("a file where a folder should be", encoding="utf-8")
    assert [kept("x", [source], lambda at=at: at) for at in (1, 2)] == [1, 2]
