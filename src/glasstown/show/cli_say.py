"""What the commands put on standard output: text for people, or JSON for machines and nothing else."""

from __future__ import annotations

import dataclasses
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Fault

if TYPE_CHECKING:
    from ..lab.opened import Run

__all__ = ["as_data", "say", "say_faults", "say_json", "say_library", "say_rows", "say_run"]


def say(text: object = "") -> None:
    """Write a line of text."""
    sys.stdout.write(f"{text}\n")


def as_data(thing: object) -> Any:
    """Return what JSON can hold of a thing: its own ``to_dict`` or ``rows``, its fields, or its text."""
    for method in ("to_dict", "rows"):
        if hasattr(thing, method):
            return as_data(getattr(thing, method)())
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return {field.name: as_data(getattr(thing, field.name)) for field in dataclasses.fields(thing)}
    if isinstance(thing, Mapping):
        return {str(key): as_data(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple | set | frozenset):
        return [as_data(value) for value in thing]
    if isinstance(thing, float) and not math.isfinite(thing):
        return None
    if thing is None or isinstance(thing, bool | int | float | str):
        return thing
    if hasattr(thing, "item"):
        return as_data(thing.item())
    if isinstance(thing, date | Path):
        return str(thing)
    return {"text": str(thing)}


def say_json(thing: object) -> None:
    """Write a thing as JSON."""
    import json

    say(json.dumps(as_data(thing), ensure_ascii=False, indent=2, allow_nan=False))


_SHELVES = {
    "scenario": "Scenarios (glasstown run NAME)",
    "scheme": "Schemes, with their values in force, reported, assumed (glasstown run SCENARIO --scheme NAME)",
    "patch": "Patches (glasstown run SCENARIO --scheme NAME)",
    "society": "Societies",
    "conduct": "Conducts",
    "sources": "Sources",
    "doors": "Doors",
}


def say_library(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what the library holds, kind by kind; values are counted where a file has any."""
    name_wide = max((len(row["name"]) for row in rows), default=0)
    for at, kind in enumerate(dict.fromkeys(row["kind"] for row in rows)):
        say(f"{chr(10) if at else ''}{_SHELVES.get(kind, kind)}")
        here = [row for row in rows if row["kind"] == kind]
        wide = max(len(row["title"]) for row in here)
        for row in here:
            counts = [int(row.get(status, 0)) for status in ("in force", "reported", "assumed")]
            tail = "".join(f"{count:5d}" for count in counts) if any(counts) else ""
            tail = f"  of {row['of']}" if row.get("of") else tail
            tail += f"  ({row['subjects']})" if row.get("subjects") else ""
            say(f"  {row['name']:{name_wide}}  {row['title']:{wide}}{tail}".rstrip())


def say_rows(rows: Sequence[Mapping[str, Any]], columns: Iterable[str] | None = None) -> None:
    """Write rows as aligned text under the names of the columns."""
    shown = list(columns or rows[0])
    cells = [shown, *([str(row.get(column, "")) for column in shown] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(shown))]
    for line in cells:
        say("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def say_faults(path: Path, faults: Sequence[Fault]) -> None:
    """Write the faults of a file, each with its line; or that there are none."""
    if not faults:
        say(f"{path}: holds")
        return
    lines: dict[Path, list[str]] = {}
    for fault in faults:
        # A fault may be in another file: a folder's cases, the scheme that a scenario names.
        where = path if fault.file in ("", str(path), path.name) else Path(fault.file)
        if where not in lines:
            lines[where] = _lines(where)
        say(fault.show(lines[where]))
    say(f"{path}: {len(faults)} fault{'s' if len(faults) != 1 else ''}")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    except OSError:
        return []


def say_run(run: Run, report: Path | None, citizen: int) -> None:
    """Write what a run found, and where to look next: `citizen` has a life to tell."""
    from ..lab.findings import caveat, lasting

    manifest = run.manifest
    worlds = " against ".join(str(side.get("scheme", "")) for side in manifest.get("sides", ()))
    say(f"{manifest.get('title') or manifest.get('scenario', '')}: {worlds}")
    citizens, years = manifest.get("citizens"), manifest.get("years")
    if isinstance(citizens, int) and isinstance(years, int | float):
        others = "".join(f", {told['units']:,} {told['plural']}" for told in manifest.get("classes", {}).values())
        of = f"seed {manifest.get('seed')}, scenario {manifest.get('scenario', '')}"
        say(f"{citizens:,} synthetic citizens{others}, {lasting(years)}, {of}")
    say()
    say(repr(run.balance()))
    say()
    say(caveat(manifest))
    say()
    if report is not None:
        say(f"report   {report}")
    say(f"folder   {run.folder}")
    say(f"next     glasstown story {run.folder} {citizen}")
