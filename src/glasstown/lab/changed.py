"""What a scenario changes in the files that it names, told one by one: what it adds, changes and takes away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..engine.scenario import ScenarioModel

__all__ = ["changes_told"]

PARTS = ("conduct", "sources", "doors", "scheme")
TITLED = {"acts", "keepers", "requests", "rules", "lists", "bands", "caps", "profile", "doors"}
"""Sections whose entries are things of their own: an act kind, a source, a door, a rule, a list."""


def changes_told(scenario: ScenarioModel, files: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every thing that a scenario changes.

    Parameters
    ----------
    files : the files that it names or that were made of them, by part, in which titles are looked up.

    Returns
    -------
    list
        Of each: ``part``, ``section``, ``key``, ``title`` and ``what``, which is ``adds``, ``changes`` or ``drops``. A
        thing that is written out whole, with a title of its own, counts as added.
    """
    return [
        {"part": part, "section": section, "key": key, "title": title, "what": what}
        for part in PARTS
        for section, key, title, what in _of(getattr(scenario.changes, part), files.get(part))
    ]


def _of(changes: Mapping[str, Any], file: Any) -> Iterator[tuple[str, str, str, str]]:
    for section, told in changes.items():
        if section not in TITLED or not isinstance(told, Mapping):
            yield section, "", "", "drops" if told is None else "changes"
            continue
        for key, value in told.items():
            own = str(value.get("title", "")) if isinstance(value, Mapping) else ""
            here = (getattr(file, section, None) or {}).get(key)
            what = "drops" if value is None else "adds" if own and len(value) > 1 else "changes"
            yield section, str(key), own or str(getattr(here, "title", "") or key), what
