"""What ``glasstown replicate`` prints, and the files that it writes."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .cli_say import say, say_json, say_rows

__all__ = ["list_them", "say_it"]

COLUMNS = ("what", "published", "ours", "over seeds", "how far", "verdict", "how")
WIDE = 116


def list_them(titles: Mapping[str, str], json: bool) -> None:
    """Write the replications that there are."""
    rows = [{"name": name, "title": title} for name, title in titles.items()]
    say_json(rows) if json else say_rows(rows)


def say_it(found: Any, out: Path | None, json: bool) -> None:
    """Write a replication: its table and what to know before believing it; into a folder as well, if one is given."""
    written = _write(found, out) if out is not None else []
    if json:
        say_json(found.to_dict())
        return
    say(found.title)
    say()
    say(textwrap.fill(found.about, WIDE))
    say()
    rows = [row | {"how far": row.pop("far"), "over seeds": row.pop("seeds") or "–"} for row in found.rows()]
    say_rows(rows, COLUMNS)
    for note in found.notes:
        say()
        say(textwrap.fill(note, WIDE, initial_indent="- ", subsequent_indent="  "))
    for path in written:
        say()
        say(f"wrote {path}")


def _write(found: Any, out: Path) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    files = {f"{found.name}.md": found.markdown(), **found.files}
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    return [out / name for name in files]
