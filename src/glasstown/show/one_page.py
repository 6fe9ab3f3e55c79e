"""The page of a run as one file: the built page with the run's document in it, for any browser, without a server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["HOLE", "built", "filled", "folder", "why_not"]

HOLE = '<script type="application/json" id="document">null</script>'
"""What the built page holds in place of a run."""


def folder() -> Path:
    """Return where the built page stands in the package."""
    return Path(__file__).resolve().parent / "web" / "static"


def built() -> str | None:
    """Return the built one-file page; None where the package holds none."""
    file = folder() / "report.html"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return text if text.count(HOLE) == 1 else None


def why_not() -> str:
    """Return why the page was not built, where whoever built the package left a word."""
    file = folder() / "not-built.txt"
    return file.read_text(encoding="utf-8", errors="replace").strip()[:500] if file.is_file() else ""


def filled(page: str, document: Mapping[str, Any]) -> str:
    """Return the page with a run in it; nothing of the run can end the script that holds it."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return page.replace(HOLE, HOLE.replace("null", text, 1))
