"""A server with one small stored run, for all tests of what it answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from glasstown.lab.api import run
from glasstown.show.web.app import create_app
from glasstown.show.web.hub import Rules
from glasstown.show.web.runs import Runs

ADDRESS = "http://127.0.0.1:8765"


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a run, a broken one, one that has not finished, and a link that leads out."""
    base = tmp_path_factory.mktemp("served") / "runs"
    base.mkdir()
    run("rongcheng", citizens=1500, years=1, out=base / "small", threads=1)
    (base / "torn").mkdir()
    (base / "torn" / "manifest.json").write_text("{", encoding="utf-8")
    shutil.copytree(base / "small", base / "cut")
    manifest = base / "cut" / "manifest.json"
    text = manifest.read_text(encoding="utf-8").replace('"status": "finished"', '"status": "running"')
    manifest.write_text(text, encoding="utf-8")
    outside = base.parent / "outside"
    shutil.copytree(base / "small", outside)
    (base / "link").symlink_to(outside)
    return base


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a built page of two files, and a secret beside it."""
    base = tmp_path_factory.mktemp("page") / "static"
    (base / "assets").mkdir(parents=True)
    (base / "index.html").write_text('<meta name="csp-nonce" content="__NONCE__"><p>the page</p>', encoding="utf-8")
    (base / "assets" / "a.js").write_text("export {}", encoding="utf-8")
    (base.parent / "secret.txt").write_text("SECRET", encoding="utf-8")
    return base


@pytest.fixture(scope="session")
def client(folders: Path, built: Path) -> Iterator[TestClient]:
    """Return a client of a running server."""
    app = create_app(
        Runs(folders), threads=1, port=8765, page=built, warm=False, rules=Rules(at_once=1, waiting=2, seconds=240)
    )
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as found:
        yield found
