"""A replication's table: what was published, what comes out here, how far apart the two are, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

__all__ = ["ABOVE", "HOW", "How", "Replication", "Row", "Verdict", "interval", "share", "verdict"]

How = Literal["calibrated", "predicted", "held out", "arithmetic", "reconstruction", "built in", "measured"]
HOW: dict[How, str] = {
    "calibrated": "fitted to the published figure: agreement proves nothing",
    "predicted": "not used in any fit",
    "held out": "observed after the years of the fit, and not used in it",
    "arithmetic": "follows from the rule or a closed form",
    "reconstruction": "a qualitative finding, tested in a model of our own",
    "built in": "put into our model by hand, so that it could not come out otherwise: agreement proves nothing",
    "measured": "ours alone; nothing was published",
}
"""What each word of the last column means."""
ABOVE = 1e-9
"""Least figure that is more than none."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `how` says what agreement is worth, `seeds` how far the figures spread between seeds."""

    what: str
    published: str
    ours: str
    far: str
    verdict: str
    how: How
    source: str = ""
    seeds: str = ""


@dataclass(frozen=True, slots=True)
class Replication:
    """One replication.

    Attributes
    ----------
    about : what was published, and what is done here.
    notes : what a reader has to know before believing the table.
    files : tables for machines, by file name: text to be written out.
    """

    name: str
    title: str
    about: str
    rows_: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)

    def rows(self) -> list[dict[str, str]]:
        """Return the table as dictionaries."""
        return [asdict(row) for row in self.rows_]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it for machines."""
        return {
            "name": self.name,
            "title": self.title,
            "about": self.about,
            "rows": self.rows(),
            "notes": list(self.notes),
        }

    def markdown(self) -> str:
        """Return the table as a section of a page."""
        heads = ("what", "published", "ours", "over seeds", "how far", "verdict", "how", "source")
        lines = [f"## {self.title}", "", f"`glasstown replicate {self.name}`", "", self.about, ""]
        lines += ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
        for row in self.rows_:
            cells = (
                row.what,
                row.published,
                row.ours,
                row.seeds or "–",
                row.far,
                row.verdict,
                row.how,
                row.source or "–",
            )
            lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
        lines += ["", *(f"- {note}" for note in self.notes)]
        return "\n".join(lines).rstrip() + "\n"


class Verdict(str):
    """A verdict that keeps what it rests on: the figure and its bounds."""

    ours: float
    low: float
    high: float


def verdict(ours: float, low: float, high: float, half: float = 0.0) -> Verdict:
    """Return whether a figure lies within bounds; unsure where a bound falls into the interval of half this width."""
    within = low <= ours <= high
    near = any(abs(ours - bound) < half for bound in (low, high))
    out = Verdict("unsure" if near else ("agrees" if within else "misses"))
    out.ours, out.low, out.high = float(ours), low, high
    return out


def share(value: float, digits: int = 1) -> str:
    """Return a share in percent."""
    return f"{100 * value:.{digits}f} %"


def interval(values: Iterable[float], form: str = ".1f") -> str:
    """Return a median and its 90 per cent interval, from the quantiles 5, 50 and 95."""
    low, middle, high = values
    return f"{middle:{form}} ({low:{form}} to {high:{form}})"
