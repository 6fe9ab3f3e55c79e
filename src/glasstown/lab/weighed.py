"""What hangs on numbers of a scheme that nobody knows, told so that a page can show it: everything by its title."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from ..engine.scenario import Parts
from ..errors import BadValue
from ..scheme.ranges import Unknown, unknowns, widened
from .citing import cite_library, cite_of, hash_of
from .weights import Weights, points_lived

__all__ = ["FEWEST", "MOST", "SHARE", "weighed"]

FEWEST, MOST = 4, 64
"""Points that are lived while somebody waits."""
SHARE = 0.5
"""How far weights are widened, of themselves, where a scheme's file has no ranges and nobody says how far."""


def weighed(
    parts: Parts, number: int, share: float | None, most: int, threads: int | None = None
) -> Generator[tuple[int, int], None, dict[str, Any]]:
    """Live a scenario at points of the ranges of its scheme's numbers; see :func:`glasstown.lab.weights.weights`.

    Parameters
    ----------
    share : None for the file's own ranges, and for half of each weight up and down where it has none.
    most : citizen-years of all points together.

    Raises
    ------
    BadValue
        Where that is more than is lived while somebody waits, or no number has any width.
    """
    if not FEWEST <= number <= MOST:
        raise BadValue(f"draws must be {FEWEST} to {MOST} on the page, not {number}", "glasstown weights takes more")
    asked = parts.citizens * parts.scenario.years * (number + 1)
    if asked > most:
        raise BadValue(
            f"{parts.citizens:,} citizens, {parts.scenario.years} years and {number} draws are {asked:,} citizen-"
            f"years, more than the {most:,} of a page",
            "fewer citizens, years or draws; or on the command line: glasstown weights",
        )
    model = parts.schemes[0].model
    own = unknowns(model) if share is None else ()
    used = None if own else (share or SHARE)
    places = own or widened(model, used or SHARE)
    if not places:
        raise BadValue(
            f"no weight of {model.scheme} has any width", "it counts points alone, and its rules have no ranges"
        )
    found = yield from points_lived(parts, places, number, threads)
    return _told(found, parts, used)


def _told(found: Weights, parts: Parts, share: float | None) -> dict[str, Any]:
    names = {one.name: _number(parts, one) for one in found.places}
    rows = [{**row, **_result(parts, str(row["result"])), "by_title": names.get(row["by"], {}).get("title", "")}
            for row in found.rows()]  # fmt: skip
    return {
        **found.to_dict(),
        "share": share,
        "unknown": list(names.values()),
        "results": rows,
        "text": repr(found),
        "cite": _cite(parts, len(found.points)),
    }


def _number(parts: Parts, one: Unknown) -> dict[str, Any]:
    """Return one unknown number: where it stands, what it is called, its range."""
    section, key, *_ = one.place
    thing = getattr(parts.schemes[0].model, section).get(key)
    title = str(getattr(thing, "title", "") or key)
    return {"place": one.name, "section": section, "key": key, "title": title,
            "from": one.low, "to": one.high, "value": one.value}  # fmt: skip


def _result(parts: Parts, name: str) -> dict[str, str]:
    """Return what a result is of: a grade, a door that refuses, a favour that is granted, or people who moved."""
    for kind, mark in (("refused", "refused: "), ("favour", "favour: "), ("grade", "grade ")):
        if name.startswith(mark):
            key = name.removeprefix(mark)
            things = parts.schemes[0].model.bands if kind == "grade" else parts.doors.value.requests
            return {"kind": kind, "key": key, "title": str(getattr(things.get(key), "title", "") or key)}
    return {"kind": "moved", "key": "", "title": name}


def _cite(parts: Parts, number: int) -> dict[str, Any]:
    """Return how it is cited: one side, lived at many points."""
    scenario, side = parts.scenario, parts.schemes[0]
    references = {
        key: one for file in parts.files().values() for key, one in getattr(file.value, "references", {}).items()
    }
    manifest = {
        "glasstown": cite_library()["version"], "scenario": scenario.scenario, "title": scenario.title,
        "sides": [{"name": "scheme", "scheme": side.name, "title": side.title}], "windows": 12 * scenario.years,
        "citizens": parts.citizens, "start": scenario.start, "seed": scenario.seed, "replicates": 1,
        "references": references,
    }  # fmt: skip
    out = cite_of(manifest, [hash_of(file.text for file in side.files)])
    return {**out, "text": f"{out['text'].rstrip('.')}, at {number} points of the ranges of its unknown numbers."}
