"""The answer to why a door opened or stayed shut, for a terminal, a notebook or a program."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

from .story import flowed
from .wording import signed

__all__ = ["Why"]

WIDE_HEAD = 22
TABLE_HANG = 63


@dataclass(frozen=True)
class Why:
    """Why a door opened or stayed shut.

    ``str`` is for a terminal, ``to_dict`` for a program, and a notebook shows the text.
    """

    citizen: int
    door: str
    answer: str
    date: Date | None
    verdict: str
    rows: tuple[tuple[str, str], ...]
    counted: tuple[dict[str, Any], ...] = ()
    sums: str = ""
    change: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    requests: tuple[tuple[str, str, bool], ...] = ()
    citations: dict[str, str] | None = None
    facts: dict[str, Any] | None = None

    def __str__(self) -> str:
        out = flowed(self.verdict, "", 2)
        if self.rows:
            out.append("")
        for label, text in self.rows:
            out += flowed(text, f"  {label:<{WIDE_HEAD - 2}}", WIDE_HEAD)
        if self.sums:
            out += ["", "What counted in the file that day", *self._table(), *flowed(self.sums, "  ", 4)]
        for head, texts in (
            ("What the refusal rests on", self.rests_on),
            ("What would have opened it", self.change),
            ("Requests at this door (name another by its date)", self._requests()),
        ):
            if texts:
                out += ["", head]
                for text in texts:
                    out += flowed(text, "  ", 4)
        if self.citations:
            out += ["", "Sources of the rules"]
            for key, cite in self.citations.items():
                out += flowed(cite, f"  {key}: ", 4)
        return "\n".join(out)

    def _requests(self) -> list[str]:
        return [f"{day}  {answer}{'  <- this one' if this else ''}" for day, answer, this in self.requests]

    def _table(self) -> list[str]:
        if not self.counted:
            return ["  nothing"]
        out = [f"  {'since':<12}{'points':>7}  {'domain':<12}{'until':<12}{'record':<14}rule"]
        for one in self.counted:
            points = signed(one["points"]) if one["points"] else "–"
            first = f"  {one['day']:<12}{points:>7}  {one['domain']:<12}{one['until'] or 'for good':<12}"
            hold = f"; {one['hold']}" if one["hold"] else ""
            out += flowed(f"{one['title']}{hold} {one['cited']}", f"{first}{one['record']:<14}", TABLE_HANG)
        return out

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def to_dict(self) -> dict[str, Any]:
        """Return the answer for machines."""
        return {
            "citizen": self.citizen,
            "door": self.door,
            "answer": self.answer,
            "date": self.date.isoformat() if self.date else None,
            "verdict": self.verdict,
            "counted": [dict(one) for one in self.counted],
            "sums": self.sums,
            "rests_on": list(self.rests_on),
            "change": list(self.change),
            "requests": [{"date": day, "answer": answer, "this": this} for day, answer, this in self.requests],
            "sources": dict(self.citations or {}),
            **(self.facts or {}),
        }
