"""A real server and Debian's Chromium, for the few tests that look at the page as people do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_kit import Watched

from glasstown.show.web.static import folder

SOURCE = Path(__file__).resolve().parents[3] / "src"
HOLE = '<script type="application/json" id="document">null</script>'
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return where Chromium is on this machine."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Return how to start the machine's own Chromium: no browser is ever downloaded."""
    found = chromium()
    if found is None:
        pytest.skip("there is no Chromium: on Debian, apt-get install chromium")
    return {"executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Return what every window has: one language, and the size of a small laptop."""
    return {"locale": "en-GB", "viewport": {"width": 1280, "height": 900}, "accept_downloads": True}


@pytest.fixture(scope="session")
def static() -> Path:
    """Return the folder of the built page."""
    base = folder()
    if not (base / "index.html").is_file():
        pytest.skip("the page is not built: make page")
    return base


@pytest.fixture(scope="session")
def address(static: Path, folders: Path) -> Iterator[str]:
    """Return where a server with one small run can be reached."""
    command = [sys.executable, "-m", "glasstown", "serve", "--no-open", "--threads", "1"]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=folders.parent) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found, "the server does not say where it is"
            yield found.group() + "/"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def one_page(static: Path, folders: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a run as one file, without any server."""
    from glasstown.lab.api import open_run
    from glasstown.lab.document import document
    from glasstown.lab.life import lives

    run = open_run(folders / "small")
    text = json.dumps(document(run, "small", lives(run))).replace("<", "\\u003c")
    page = (static / "report.html").read_text(encoding="utf-8")
    assert page.count(HOLE) == 1
    path = tmp_path_factory.mktemp("one") / "report.html"
    path.write_text(page.replace(HOLE, HOLE.replace("null", text)), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def watched(page: Any) -> Watched:
    """Return a record of a page's requests and complaints."""
    return Watched(page)
