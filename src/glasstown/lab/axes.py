"""What the numbers of a run are counted over: windows, acts, doors, places, worlds; and the town as a map of tiles."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..clock import Clock
from ..measure.details import group_of

if TYPE_CHECKING:
    from ..engine.scenario import Parts
    from ..scheme.types import SchemeModel

__all__ = ["DOOR_COUNTS", "PLACE_COUNTS", "axes_of", "clock_of", "town_of", "world_of", "worlds_of"]

DOOR_COUNTS = (
    "requests",
    "granted",
    "refused_ordinary",
    "refused_scarce",
    "refused_score",
    "refused_grade",
    "refused_list",
    "refused_wrongly",
    "refused_unable",
    "refused_out_of_context",
    "refused_passed_on",
)
PLACE_COUNTS = ("subjects", "refused", "harmful", "speech")
SCORE_WIDTH = 10
MOST_DOTS = 100_000
"""Citizens of whom each is a dot; beyond, the town is shown as densities."""


def clock_of(manifest: Mapping[str, Any]) -> Clock:
    """Return the windows of a run."""
    return Clock(
        date.fromisoformat(str(manifest["start"])), int(manifest["windows"]), int(manifest.get("window_months", 1))
    )


def axes_of(manifest: Mapping[str, Any], places: Sequence[str], parts: Parts | None) -> dict[str, Any]:
    """Return what a run's counts are ordered by."""
    clock, kinds = clock_of(manifest), manifest.get("kinds", {})
    ends = [clock.first_day(window) for window in range(clock.windows + 1)]
    day = timedelta(days=1)
    return {
        "windows": [
            {"start": str(clock.date_of(first)), "end": str(clock.date_of(end) - day)} for first, end in pairwise(ends)
        ],
        "acts": [
            {
                "key": kind,
                "title": str(told.get("title") or kind),
                "domain": str(told.get("domain") or ""),
                "group": group_of(kind, kinds),
                **{mark: bool(told.get(mark)) for mark in ("lawful", "speech", "good")},
            }
            for kind, told in sorted(kinds.items())
        ],
        "doors": [
            {
                "key": door,
                "title": str(told.get("title") or door),
                "domain": str(told.get("domain") or ""),
                "for": str(told.get("for") or "self"),
            }
            for door, told in sorted(manifest.get("doors", {}).items())
        ],
        "places": [{"key": place, **_told(place, parts)} for place in places],
        "groups": _groups(manifest, parts),
        "door_counts": list(DOOR_COUNTS),
        "place_counts": list(PLACE_COUNTS),
        "score_width": SCORE_WIDTH,
    }


def _groups(manifest: Mapping[str, Any], parts: Parts | None) -> list[dict[str, Any]]:
    """Return the traits that groups are made of, with their levels in the order of the society's file."""
    traits = parts.society.value.traits if parts else {}
    return [
        {"trait": name, "title": traits[name].title, "levels": list(traits[name].levels)}
        for name in map(str, manifest.get("groups", ()))
        if name in traits
    ]


def _told(place: str, parts: Parts | None) -> dict[str, str]:
    found = parts.society.value.places.get(place) if parts else None
    return {"title": (found.title if found else "") or place, "about": found.about if found else ""}


def worlds_of(manifest: Mapping[str, Any], parts: Parts | None) -> list[dict[str, Any]]:
    """Return the worlds of a run, the scheme's first."""
    sides = manifest["sides"]
    if parts is not None:
        return [
            world_of(str(side["name"]), scheme.name, scheme.model, scheme.title)
            for side, scheme in zip(sides, parts.schemes, strict=True)
        ]
    return [
        {
            "world": str(side["name"]),
            "name": str(side.get("scheme") or side["name"]),
            "title": str(side.get("title") or side.get("scheme") or side["name"]),
            "bands": [str(band) for band in side.get("bands", ())],
            "start": int(side.get("start", 0)),
            "floor": None,
            "ceiling": None,
            "scored": str(side.get("scheme")) != "none",
        }
        for side in sides
    ]


def world_of(world: str, name: str, model: SchemeModel, title: str) -> dict[str, Any]:
    """Return what one world is: its scheme, its grades from worst to best, its scale."""
    return {
        "world": world,
        "name": name,
        "title": title,
        "bands": list(model.bands_upward()),
        "start": model.start.points,
        "floor": model.floor,
        "ceiling": model.ceiling,
        "scored": bool(model.rules),
    }


def town_of(places: Sequence[Mapping[str, Any]], dots: bool) -> dict[str, Any]:
    """Return the places as tiles of a grid that is about as wide as it is high, filled from its middle outwards.

    Parameters
    ----------
    places : key, title, about, citizens and subjects of each, in the order in which citizens are numbered.
    """
    tiles = _spiral(len(places))
    left, top = min((x for x, _ in tiles), default=0), min((y for _, y in tiles), default=0)
    by_size = sorted(range(len(places)), key=lambda at: (-int(places[at]["citizens"]), at))
    spots = dict(zip(by_size, tiles, strict=True))
    out, first = [], 0
    for at, place in enumerate(places):
        x, y = spots[at]
        out.append({**place, "x": x - left, "y": y - top, "first": first})
        first += int(place["citizens"])
    return {
        "width": max((place["x"] for place in out), default=-1) + 1,
        "height": max((place["y"] for place in out), default=-1) + 1,
        "citizens": first,
        "dots": dots and first <= MOST_DOTS,
        "places": out,
    }


def _spiral(count: int) -> list[tuple[int, int]]:
    """Return the tiles of a grid nearest to its middle, from the middle outwards."""
    wide = math.ceil(math.sqrt(count * 4 / 3)) if count else 0
    high = math.ceil(count / wide) if wide else 0
    middle = ((wide - 1) / 2, (high - 1) / 2)
    tiles = [(x, y) for y in range(high) for x in range(wide)]
    return sorted(tiles, key=lambda tile: (math.dist(tile, middle), tile[1], tile[0]))[:count]
