"""The library for a page: what it holds, each file with its text, its cited values and, for schemes, its rules."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from ..engine import shelf
from ..engine.scenario import MODELS, Parts, SideScheme, load_parts, load_side
from ..errors import UnknownName
from ..files import Loaded, load
from ..quantities import cited_values
from .changed import changes_told
from .citing import cite_library
from .kept import kept
from .rulebook import rulebook

__all__ = ["entries", "entry", "known", "library_side", "scenario_parts", "words"]

HOME = "rongcheng"
_FINDERS = ("lab/shelves.py", "lab/changed.py", "quantities.py", "cited.py", "engine/shelf.py", "engine/scenario.py")
"""Code that says what is told of a file."""


def known(kind: str) -> tuple[str, ...]:
    """Return the names of the library's files of one kind.

    Raises
    ------
    UnknownName
        Where there is no such kind.
    """
    if kind not in MODELS:
        raise UnknownName("kind of file", kind, MODELS)
    return shelf.names(kind)


def _checked(kind: str, name: str) -> str:
    if name not in known(kind):
        raise UnknownName(kind, name, known(kind))
    return name


@lru_cache(maxsize=128)
def _loaded(kind: str, name: str) -> Loaded[Any]:
    return load(shelf.find(kind, _checked(kind, name)), MODELS[kind])


@lru_cache(maxsize=32)
def library_side(name: str) -> SideScheme:
    """Return a scheme or patch of the library."""
    if name not in (*known("scheme"), *known("patch")):
        raise UnknownName("scheme", name, (*known("scheme"), *known("patch")))
    return load_side(name)


@lru_cache(maxsize=16)
def scenario_parts(scenario: str, scheme: str | None = None, pair: str | None = None) -> Parts:
    """Return a scenario of the library with all its files; other schemes of the library may stand in for its own.

    Raises
    ------
    UnknownName
        Where the library does not hold it: a page can name no file of the disk.
    """
    _checked("scenario", scenario)
    for side in (scheme, pair):
        if side is not None:
            library_side(side)
    return load_parts(scenario, scheme=scheme, pair=pair)


def entries() -> dict[str, Any]:
    """Return what the library holds; reading all of it takes seconds, so what was found is kept."""
    package = Path(__file__).parent.parent
    sources = [*(package / "library").rglob("*.yaml"), *(package / name for name in _FINDERS)]
    return {"files": kept("library", sources, _entries), "cite": cite_library()}


def _entries() -> list[dict[str, Any]]:
    return [_entry(kind, name) for kind in MODELS for name in shelf.names(kind)]


def _entry(kind: str, name: str) -> dict[str, Any]:
    value = _loaded(kind, name).value
    statuses = [cited.status for _, cited in cited_values(value)]
    out: dict[str, Any] = {
        "kind": kind,
        "name": name,
        "title": getattr(value, "title", ""),
        "about": getattr(value, "about", ""),
        "in_force": statuses.count("in force"),
        "reported": statuses.count("reported"),
        "assumed": statuses.count("assumed"),
        "references": len(getattr(value, "references", {})),
    }
    if kind == "scenario":
        out["scenario"] = {
            "scheme": value.scheme,
            "pair": value.pair,
            "society": value.society.use,
            "citizens": value.society.citizens,
            "start": str(value.start),
            "switches": {str(key): on for key, on in value.switches.items()},
            **{key: getattr(value, key) for key in ("conduct", "sources", "doors", "years", "seed", "replicates")},
        }
        named = {part: _loaded(part, getattr(value, part)).value for part in ("conduct", "sources", "doors")}
        out["changes"] = changes_told(value, named)
    if kind == "patch":
        out["of"] = value.of
    return out


def entry(kind: str, name: str) -> dict[str, Any]:
    """Return one file of the library: its text, references and cited values, and the rules of a scheme."""
    loaded = _loaded(kind, name)
    out = _entry(kind, name) | {
        "text": loaded.text,
        "references": {
            key: {"cite": one.cite, "link": one.link} for key, one in getattr(loaded.value, "references", {}).items()
        },
        "values": [
            {
                "path": ".".join(place),
                "status": cited.status,
                "source": cited.source,
                "article": str(getattr(cited, "article", "")),
                "note": cited.note,
                **dict(zip(("line", "column"), loaded.place(place), strict=True)),
            }
            for place, cited in cited_values(loaded.value)
        ],
        "scheme": None,
        "cite": cite_library(),
    }
    if kind in ("scheme", "patch"):
        home = scenario_parts(HOME)
        side = library_side(name)
        out["scheme"] = rulebook(
            side.model, side.files[0] if kind == "scheme" else None, home.conduct.value, home.doors.value
        )
    return out


def words(scenario: str = HOME) -> dict[str, Any]:
    """Return what a scheme may name in a scenario: acts, sources, doors, traits."""
    parts = scenario_parts(scenario)
    society = parts.society.value
    return {
        "acts": [
            {"name": name, "title": act.title, "domain": act.domain, "lawful": act.lawful}
            for name, act in sorted(parts.conduct.value.acts.items())
        ],
        "sources": [
            {"name": name, "title": one.title, "records": sorted(one.records)}
            for name, one in sorted(parts.sources.value.keepers.items())
        ],
        "doors": [
            {"name": name, "title": one.title, "domain": one.domain}
            for name, one in sorted(parts.doors.value.requests.items())
        ],
        "traits": [
            {"name": name, "title": one.title, "sees": one.sees, "levels": list(one.levels), "ages": one.ages}
            for name, one in society.traits.items()
        ],
        "cite": cite_library(),
    }
