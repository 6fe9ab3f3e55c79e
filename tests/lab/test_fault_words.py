"""Faults and refusals in another language: whatever the page may show of one keeps no English sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import test_bad_input as bad

import glasstown as gt
from glasstown.errors import Fault, FileFaults, GlasstownError
from glasstown.lab.titles import catalogue, titled
from house import PACKAGE

MADE_BY = {"BadValue", "Contradiction", "Fault", "Finding", "ExpressionFault", "Refused", "RunFolderError", "misfit"}
MADE_BY |= {"fault", "refuse"}
ROOMS = ("scheme", "society", "engine", "measure", "lab", "show/web", "records", "conduct", "doors")
FLOOR = ("yaml_tree.py", "files.py", "clock.py", "draws.py", "quantities.py")
UNSEEN = {"loop.py", "columns.py", "frame.py", "folder.py", "registry.py", "cases.py", "titles.py"}
"""Files whose errors are those of the command line and of Python alone."""
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|'[^']*'|：[\w, -]+$|glasstown \w+")
"""What stays in every language: words of a file, names one after another, and commands."""
ENGLISH = re.compile(r"(?<![\w-])[A-Za-z]{2,} [a-z]{2,}")


def english(text: str) -> bool:
    """Return whether an English sentence is left of a text in Chinese."""
    return bool(ENGLISH.search(QUOTED.sub("", titled(text, "zh"))))


def form(node: ast.expr) -> str:
    """Return a text of the code with its holes filled; ``""`` for what is no text."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)  # type: ignore[misc]
    return ""


def made(path: Path) -> Iterator[str]:
    """Return the sentences of the errors that a file makes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MADE_BY:
                texts = [*node.args, *(word.value for word in node.keywords if word.arg in ("hint", "why"))]
                yield from filter(lambda text: " " in text, map(form, texts))


def files() -> list[Path]:
    found = [PACKAGE / name for name in FLOOR]
    for room in ROOMS:
        found += sorted(path for path in (PACKAGE / room).glob("*.py") if path.name not in UNSEEN)
    return found


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_error_that_is_written_has_its_words(path: Path) -> None:
    """A sentence that an error is made with stands in the catalogue."""
    assert sorted({text for text in made(path) if english(text)}) == []


def cases(test: Any) -> list[Any]:
    """Return what another test is given."""
    (mark,) = [mark for mark in test.pytestmark if mark.name == "parametrize"]
    return list(mark.args[1])


def broken() -> Iterator[tuple[str, str]]:
    """Return the files of the tests of bad input: kind and text."""
    for kind, old, new, *_ in cases(bad.test_misspelt_keys_are_guessed) + cases(bad.test_wrong_types_and_sizes):
        yield kind, bad.text_of(kind).replace(old, new, 1)
    for old, new, *_ in cases(bad.test_schemes_that_do_not_hold):
        yield "scheme", bad.text_of("scheme").replace(old, new, 1)
    for text in ("", "a: [1", "a: 1\na: 2\n", "a:\n\t- 1\n", "- 1\n", "a: b: c\n", 'a: "b\n', "a: &b 1\n", "a: !b 1\n"):
        yield "text", text


def faults_of(text: str, folder: Path) -> list[Fault]:
    file = folder / "given.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        return gt.check(file)
    except FileFaults as found:
        return list(found.faults)


def test_bad_files_are_refused_in_chinese(tmp_path: Path) -> None:
    """Whatever is wrong with the files of the tests of bad input is said, with the way out, in Chinese."""
    said = {
        word
        for _, text in broken()
        for fault in faults_of(text, tmp_path)
        for word in (fault.message, fault.hint)
        if word
    }
    assert len(said) > 40
    assert sorted(filter(english, said)) == []


def test_absurd_values_are_refused_in_chinese(tmp_path: Path) -> None:
    """So is whatever is wrong with the order of a run."""
    said: list[str] = []
    for given, *_ in cases(bad.test_absurd_values):
        with pytest.raises(GlasstownError) as found:
            gt.run("rongcheng", **{**bad.SMALL, **given}, out=tmp_path / "run")
        said += filter(None, [found.value.message, found.value.hint])
    assert len(said) > 5
    assert sorted(filter(english, said)) == []


def test_words_of_a_file_stay() -> None:
    """A key or a name in quotes is what has to stand in the file, though the catalogue knows the word."""
    assert titled('there is no "citizen" here', "zh") == "此处没有“citizen”"
    assert titled('did you mean "source"?', "zh") == "是否指“source”？"


def test_no_words_are_left_of_errors_that_are_gone() -> None:
    """Each longer piece of a form in the catalogue stands in the code, or in what checks its values."""
    code = "".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")).replace("\\", "")
    code = re.sub(r'"\s*\n\s+f?"', "", code)
    code += " Input should be greater than or equal to less valid integer number string boolean list dictionary Field"
    code += " required Extra inputs are not permitted String should have at least most match pattern List items"
    code += " after interpret"
    gone = {
        word
        for text in catalogue("zh")["faults"]
        for piece in text.split("{}")
        for word in re.findall(r"[A-Za-z]{4,}", piece)
        if word not in code
    }
    assert sorted(gone) == []
