"""The documentation says what is so: its commands run, its files load, its links lead somewhere."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from ruamel.yaml import YAML

from glasstown import errors
from glasstown.conduct.types import Act
from glasstown.records.types import Recorded
from glasstown.scheme.types import Rule
from glasstown.show.cli import app
from house import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
RUNNABLE = re.compile(r"<!-- runnable -->\n```console\n(.*?)```", re.DOTALL)
FILES = re.compile(r"<!-- yaml: (\w+) -->\n```yaml\n(.*?)```", re.DOTALL)
WRITTEN = re.compile(r"<!-- file: (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)
SHOWN = re.compile(r"<!-- shown -->\n```console\n(.*?)```", re.DOTALL)
LINKS = re.compile(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)")
ENGINE = pytest.mark.skipif(
    importlib.util.find_spec("glasstown.lab.api") is None, reason="there is no lab to run anything with yet"
)


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _commands(page: Path) -> list[str]:
    lines = "\n".join(RUNNABLE.findall(_text(page))).splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def _call(words: list[str], folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "110"},
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _run(page: Path, folder: Path) -> None:
    commands = _commands(page)
    assert commands
    for command in commands:
        name, *words = shlex.split(command, comments=True)
        assert name == "glasstown", command
        assert _call(["-m", "glasstown", *words], folder), command


@ENGINE
@pytest.mark.nightly
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if _commands(page)],
    ids=lambda page: page.name,
)
def test_commands_of_the_documentation(page: Path, tmp_path: Path) -> None:
    """What a page tells you to type works, line after line."""
    _run(page, tmp_path)


@ENGINE
def test_what_a_page_shows_is_what_comes_out(tmp_path: Path) -> None:
    """The files that a page shows, run by the commands that it shows, print the lines that it shows, in order."""
    page = _text(ROOT / "docs" / "extending.md")
    for name, text in WRITTEN.findall(page):
        (tmp_path / name).write_text(text, encoding="utf-8")
    printed: list[str] = []
    shown = [line for block in SHOWN.findall(page) for line in block.splitlines()]
    assert shown
    for line in shown:
        if line.startswith("$ glasstown "):
            printed = _call(["-m", "glasstown", *shlex.split(line.removeprefix("$ glasstown "))], tmp_path).splitlines()
            continue
        assert line in printed, line
        printed = printed[printed.index(line) + 1 :]


@ENGINE
@pytest.mark.nightly
def test_python_of_the_documentation(tmp_path: Path) -> None:
    """The Python that the documentation shows runs."""
    for page in (ROOT / "README.md", ROOT / "docs" / "first-five-minutes.md"):
        blocks = re.findall(r"```python\n(.*?)```", _text(page), re.DOTALL)
        assert blocks
        for block in blocks:
            _call(["-c", block], tmp_path)


def test_files_of_the_documentation() -> None:
    """The parts of files that the documentation shows are read by the types that they belong to."""
    models = {"Act": Act, "Recorded": Recorded, "Rule": Rule}
    found = [(kind, text) for page in PAGES for kind, text in FILES.findall(_text(page))]
    assert {kind for kind, _ in found} == set(models)
    for kind, text in found:
        TypeAdapter(dict[str, models[kind]]).validate_python(YAML(typ="safe").load(text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to another file of the repository finds it."""
    for target in LINKS.findall(_text(page)):
        assert not target or (page.parent / target).exists(), f"{page.name}: {target}"


def test_index_lists_every_page() -> None:
    """No page is left out of the index."""
    index = _text(ROOT / "docs" / "index.md")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.stem == "index" or re.search(rf"^{page.stem}$", index, re.MULTILINE), page.name


def test_every_error_is_explained() -> None:
    """Each error that a user may meet has a row that says what to do, with its exit status."""
    page = _text(ROOT / "docs" / "errors.md")
    for name in errors.__all__:
        thing = getattr(errors, name)
        if isinstance(thing, type) and issubclass(thing, errors.GlasstownError):
            row = re.search(rf"^\| `{name}` \|.*\| (\d+) \|$", page, re.MULTILINE)
            assert row, name
            assert int(row[1]) == thing.exit_code, name


def test_every_command_is_shown() -> None:
    """Each command stands in the first five minutes or in the README."""
    text = _text(ROOT / "README.md") + _text(ROOT / "docs" / "first-five-minutes.md")
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        assert f"glasstown {name}" in text, name


def test_every_target_of_the_makefile_is_there() -> None:
    """What the pages tell you to make can be made."""
    targets = set(re.findall(r"^([a-z]+):", _text(ROOT / "Makefile"), re.MULTILINE))
    for page in PAGES:
        for name in re.findall(r"`make ([a-z]+)|^\$ make ([a-z]+)", _text(page), re.MULTILINE):
            assert set(name) - {""} <= targets, f"{page.name}: make {name}"


def test_written_pages_are_those_that_the_code_writes() -> None:
    """The reference and the model's description are what the declarations say now: python docs/generate.py."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    for name, page in generate.PAGES.items():
        assert _text(ROOT / "docs" / name) == page(), f"docs/{name} is out of date: run python docs/generate.py"
