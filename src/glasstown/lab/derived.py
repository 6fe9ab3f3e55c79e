"""Tables that are made from a run's counts for people to read: acts by kind, doors, sources, lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..errors import GlasstownError, UnknownName
from ..measure.details import by_door, by_kind
from ..measure.registers import by_list, by_source

if TYPE_CHECKING:
    from .opened import Run

__all__ = ["DERIVED", "HEADS", "derived", "lists_told", "sources_told"]

SOURCE_HEADS = ("records", "wrong_person", "false", "stale", "noticed", "objected", "corrected", "visits", "days_late")
LIST_HEADS = ("entered", "wrongly", "unable", "left", "by_performing", "spared", "held")
HEADS: Mapping[str, str] = {
    "kinds": "Acts per 1,000 citizens (or units of their class) and year; change in per cent",
    "doors": "Requests per 1,000 and year; all else in per cent of them",
    "sources": "Records a year, and what was wrong in them; days_late: mean days from act to record, by their file",
    "lists": "Entries and exits a year; of the entries, by wrong records and for being unable; held: at the end",
}
"""What the numbers of each table are."""
DERIVED = tuple(HEADS)
_WHAT = {
    "list": "{}",
    "public": "{}, for all to read",
    "grade": "Held down to grade {}",
    "lock": "Not to be entered again: {}",
}


def derived(run: Run, name: str) -> list[dict[str, Any]]:
    """Return the rows of one of the tables :data:`DERIVED`.

    Raises
    ------
    UnknownName
        Where there is no such table.
    """
    if name not in _ROWS:
        raise UnknownName("table", name, DERIVED)
    return list(_ROWS[name](run))


def _kinds(run: Run) -> Iterator[dict[str, Any]]:
    for row in by_kind(run):
        span = row.change
        yield {
            "act": row.title, "subject": row.subject, "group": row.group, "scheme": row.scheme, "pair": row.pair,
            "change": span.value if span else None, "low": span.low if span else None,
            "high": span.high if span else None,
        }  # fmt: skip


def _doors(run: Run) -> Iterator[dict[str, Any]]:
    for row in by_door(run):
        refused = {key.removeprefix("refused_"): value for key, value in row.refused.items()}
        ordinary, scarce = refused.pop("ordinary"), refused.pop("scarce")
        yield {
            "door": row.title, "subject": row.subject, "side": row.side, "requests": row.requests,
            "ordinary": ordinary, "scarce": scarce, "by_scheme": sum(refused.values()),
            **{key.removeprefix("refused_"): value for key, value in row.wronged.items()},
        }  # fmt: skip


def _sources(run: Run) -> Iterator[dict[str, Any]]:
    for row in sources_told(run):
        yield {"source": row["title"], **{key: row[key] for key in ("side", *SOURCE_HEADS)}}


def _lists(run: Run) -> Iterator[dict[str, Any]]:
    for row in lists_told(run):
        yield {"list": _WHAT[row["what"]].format(row["title"]), **{key: row[key] for key in ("side", *LIST_HEADS)}}


_ROWS = {"kinds": _kinds, "doors": _doors, "sources": _sources, "lists": _lists}


def sources_told(run: Run) -> list[dict[str, Any]]:
    """Return who wrote what in each world, by title where the run's files can be read."""
    try:
        keepers = run.parts.sources.value.keepers
    except (GlasstownError, KeyError, ValueError):
        keepers = {}
    titles = {name: one.title for name, one in keepers.items()}
    delays = {
        f"{name}/{kind}": sum(told.delay_days) / 2
        for name, one in keepers.items()
        for kind, told in one.records.items()
    }
    return [{**asdict(row), "title": titles.get(row.source, row.source)} for row in by_source(run, delays)]


def lists_told(run: Run) -> list[dict[str, Any]]:
    """Return what each list holds in each world, by title where the run's files can be read.

    `what` is "list", "public" for a list that all can read, "grade" for one that a rule or the profile forces, or
    "lock" where nobody may be entered again.
    """
    return [{**asdict(row), **_told(run, row.side, row.list)} for row in by_list(run)]


def _told(run: Run, side: str, name: str) -> dict[str, str]:
    at = [str(told["name"]) for told in run.manifest["sides"]].index(side)
    try:
        lists = run.parts.schemes[at].model.lists
    except (GlasstownError, KeyError, ValueError):
        lists = {}
    locked = name.removesuffix("-lock")
    if name in lists:
        return {"what": "public" if lists[name].public else "list", "title": lists[name].title}
    if locked in lists:
        return {"what": "lock", "title": lists[locked].title}
    return {"what": "grade" if name in run.manifest["sides"][at].get("bands", ()) else "list", "title": name}
