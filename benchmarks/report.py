"""Tables of results: printed, written as Markdown, and kept as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .machine import sentence

__all__ = ["Section", "number", "write"]


def number(value: float | int | str | None) -> str:
    """Return a number with three figures that count."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


@dataclass
class Section:
    """One table, what is to be said about it, and every number behind it."""

    name: str
    title: str
    columns: Sequence[str]
    rows: list[Sequence[Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)

    def show(self) -> None:
        """Print the table."""
        cells = [list(self.columns), *([number(v) for v in row] for row in self.rows)]
        wide = [max(len(row[c]) for row in cells) for c in range(len(self.columns))]
        print(f"\n{self.title}\n")
        for row in cells:
            first, *rest = (
                text.ljust(w) if c == 0 else text.rjust(w) for c, (text, w) in enumerate(zip(row, wide, strict=True))
            )
            print("  " + "  ".join([first, *rest]).rstrip())
        for note in self.notes:
            print(f"  * {note}")

    def markdown(self) -> str:
        """Return the table in Markdown."""
        lines = [f"## {self.title}", "", "| " + " | ".join(self.columns) + " |"]
        lines.append("|---" + "|---:" * (len(self.columns) - 1) + "|")
        lines += ["| " + " | ".join(number(v) for v in row) + " |" for row in self.rows]
        if self.notes:
            lines += ["", *(f"- {note}" for note in self.notes)]
        return "\n".join(lines) + "\n"


def write(folder: Path, name: str, machine: dict[str, Any], sections: Sequence[Section], quick: bool) -> Path:
    """Write `name`.json and `name`.md; return the Markdown file."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        "machine": machine,
        "quick": quick,
        "sections": {
            s.name: {"title": s.title, "columns": list(s.columns), "rows": s.rows, "notes": s.notes, "data": s.data}
            for s in sections
        },
    }
    (folder / f"{name}.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    how = "quick measurement: fewer repeats, smaller sizes" if quick else "full measurement"
    head = f"# Benchmarks\n\n{sentence(machine)}\n\nMedians of interleaved repeats; {how}.\n\n"
    out = folder / f"{name}.md"
    out.write_text(head + "\n".join(section.markdown() for section in sections))
    return out
