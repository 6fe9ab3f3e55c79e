"""How the page is built with the package: once for each state of its sources, and never at an install's cost."""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("hatchling", reason="needs hatchling: pip install -e '.[test]'")

ROOT = Path(__file__).resolve().parents[3]
MOST = 600_000
"""Bytes of the whole page, packed as a server would send it."""

if not (ROOT / "hatch_build.py").is_file():
    pytest.skip("the build is not in this copy", allow_module_level=True)


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def clone(hook: ModuleType, tmp_path: Path) -> Path:
    """Return a clone whose page is built and fresh."""
    for path, text in {"package.json": "{}", "src/main.ts": "1", "API.md": "x"}.items():
        file = tmp_path / "page" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    for path in hook.BUILT:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("<html>", encoding="utf-8")
    (tmp_path / hook.STAMP).write_text(hook._Page(tmp_path).digest(), encoding="utf-8")
    return tmp_path


def called(hook: ModuleType, root: Path) -> Any:
    """Return the hook as the build calls it."""
    return hook.PageHook(str(root), {}, None, None, "", "wheel", None)


def test_a_fresh_page_is_not_built_again(hook: ModuleType, clone: Path) -> None:
    """Where nothing changed, no Node is asked for and nothing is called; prose and tools are no sources."""
    (clone / "page" / "API.md").write_text("y", encoding="utf-8")
    (clone / "page" / "node_modules").mkdir()
    (clone / "page" / "node_modules" / "a.js").write_text("2", encoding="utf-8")
    assert hook._Page(clone).is_fresh()
    assert called(hook, clone).dependencies() == []


@pytest.mark.parametrize("gone", [True, False])
def test_a_changed_source_or_a_lost_file_is_built_again(hook: ModuleType, clone: Path, gone: bool) -> None:
    """A page whose source changed, or that lost one of its files, is no longer fresh."""
    if gone:
        (clone / hook.BUILT[1]).unlink()
    else:
        (clone / "page" / "src" / "main.ts").write_text("2", encoding="utf-8")
    assert not hook._Page(clone).is_fresh()


def test_a_package_without_sources_brings_its_page(hook: ModuleType, tmp_path: Path) -> None:
    """Where there are no sources, nothing is built: the package came with what it has."""
    assert hook._Page(tmp_path).is_fresh()


def test_without_node_the_machine_gets_one(hook: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the page has to be built and there is no Node, the package index gives one."""
    (clone / hook.STAMP).unlink()
    monkeypatch.setenv("PATH", "")
    assert called(hook, clone).dependencies() == [hook.NODE]


def test_a_build_that_fails_leaves_word_and_a_whole_package(
    hook: ModuleType, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An install goes on without the page, and the server finds the reason."""
    said: list[str] = []

    class App:
        display_warning = staticmethod(said.append)

    def fail(page: object) -> None:
        raise hook.subprocess.CalledProcessError(1, ["npm", "ci"], stderr="npm error code ECONNREFUSED\n")

    (clone / hook.STAMP).unlink()
    monkeypatch.setattr(hook._Page, "build", fail)
    built = called(hook, clone)
    monkeypatch.setattr(type(built), "app", App, raising=False)
    built.initialize("standard", {})
    assert (clone / hook.WHY_NOT).read_text(encoding="utf-8") == "npm failed (npm error code ECONNREFUSED)\n"
    assert "ECONNREFUSED" in said[0]


def test_the_page_is_small(static: Path) -> None:
    """All that the page may ever load is below the promised size."""
    files = [static / "index.html", *(static / "assets").iterdir()]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < MOST


def test_the_page_names_no_other_machine(static: Path) -> None:
    """No address of another machine is loaded from: neither as script, style, picture nor font."""
    text = (static / "index.html").read_text(encoding="utf-8")
    assert "://" not in text
    styles = "".join(file.read_text(encoding="utf-8") for file in (static / "assets").glob("*.css"))
    assert "url(" not in styles
    assert "@import" not in styles
