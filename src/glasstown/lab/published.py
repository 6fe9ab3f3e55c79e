"""A replication told so that a page can show it: what agreement is worth on each line, and its figures as numbers."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any, Literal

from ..errors import BadValue
from .citing import cite_library
from .replications.registry import FEWEST, SEEDS, is_seeded, replications, seed_by_seed
from .replications.rows import HOW, How, Replication, Row

__all__ = ["MOST", "SEEDS", "USUAL", "WORTHS", "Worth", "listed", "published"]

MOST = 50_000
"""People under each seed while somebody waits."""
USUAL = 20_000
"""People under each seed unless told otherwise: a seed of any of them takes seconds."""
Worth = Literal["tested", "reckoned", "fitted", "alone"]
WORTHS: dict[How, Worth] = {
    "predicted": "tested",
    "held out": "tested",
    "reconstruction": "tested",
    "arithmetic": "reckoned",
    "calibrated": "fitted",
    "built in": "fitted",
    "measured": "alone",
}
"""What agreement is worth, by how a figure came about; where nothing is at hand to hold it against, it is alone."""
FIGURE = re.compile(r"([-+−]?\d[\d,]*(?:\.\d+)?)( %)?(?: \([^)]*\))?")
"""One number, perhaps in per cent, perhaps with what explains it in brackets."""


def listed() -> dict[str, Any]:
    """Return the replications that there are, and how large they may be asked for."""
    found = [{"name": name, "title": title, "seeded": is_seeded(name)} for name, title in replications().items()]
    sizes = {"fewest": FEWEST, "usual": USUAL, "most": MOST, "seeds": SEEDS}
    return {"replications": found, "citizens": sizes, "how": dict(HOW), "cite": cite_library()}


def published(name: str, citizens: int = USUAL, seeds: int = 1) -> Generator[tuple[int, int], None, dict[str, Any]]:
    """Run one replication; yield the seeds done and all of them, and return its table for a page.

    Those that are reckoned once take neither citizens nor seeds.

    Raises
    ------
    UnknownName, BadValue
        Where there is none of that name, or it is more than is lived while somebody waits.
    """
    seeded = is_seeded(name)
    if citizens > MOST:
        raise BadValue(
            f"{citizens:,} citizens under each seed are more than the {MOST:,} of a page",
            f"on the command line: glasstown replicate {name}",
        )
    found = yield from seed_by_seed(name, citizens, seeds) if seeded else seed_by_seed(name)
    size = {"citizens": citizens, "seeds": seeds} if seeded else {"citizens": None, "seeds": None}
    return {**found.to_dict(), **size, "rows": [_told(row) for row in found.rows_], "how": dict(HOW),
            "cite": _cite(found, **size)}  # fmt: skip


def _told(row: Row) -> dict[str, Any]:
    worth = "alone" if row.verdict == "–" else WORTHS[row.how]
    pair = _figure(row.published), _figure(row.ours)
    numbers = None
    if pair[0] and pair[1] and pair[0][1] == pair[1][1]:
        numbers = {"published": pair[0][0], "ours": pair[1][0], "unit": pair[0][1]}
    return {name: str(getattr(row, name)) for name in Row.__slots__} | {"worth": worth, "figures": numbers}


def _figure(text: str) -> tuple[float, str] | None:
    """Return a figure's number and unit; None where it is a range, or a word."""
    known = FIGURE.fullmatch(text)
    return (float(known[1].replace(",", "").replace("−", "-")), (known[2] or "").strip()) if known else None


def _cite(found: Replication, citizens: int | None, seeds: int | None) -> dict[str, Any]:
    """Return how it is cited."""
    here = cite_library()
    how = "reckoned once"
    if citizens and seeds:
        luck = "seed 1" if seeds == 1 else f"each of seeds 1 to {seeds}"
        how = f"{citizens:,} synthetic citizens under {luck}"
    sources = {row.source for row in found.rows_} - {""}
    text = f"Glasstown {here['version']}, replication “{found.title}” ({found.name}), {how}."
    return {**here, "text": text, "sources": len(sources)}
