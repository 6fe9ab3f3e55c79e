"""Checking a file: every fault at once, whatever kind of file it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from ..cited import FileModel
from ..engine import shelf
from ..engine.scenario import MODELS as LIBRARY
from ..engine.scenario import (
    ConductModel,
    DoorsModel,
    Parts,
    ScenarioModel,
    SocietyModel,
    SourcesModel,
    check_conduct,
    check_doors,
    check_society,
    hold_sources,
    load_parts,
    wanting,
)
from ..errors import Fault, FileFaults, GlasstownError, UnknownName
from ..files import Loaded, kind_of, load, load_text, read_text
from ..quantities import Trouble, missing_references
from ..scheme.cases import CasesModel
from ..scheme.checks import check_file
from ..scheme.patch import PatchModel, apply_patch
from ..scheme.schema import json_schema
from ..scheme.types import SchemeModel
from .shelves import known, library_side, scenario_parts

__all__ = ["MODELS", "check", "check_text", "schema"]

MODELS: dict[str, type[FileModel]] = {**LIBRARY, "cases": CasesModel}
"""Kinds of file that can be checked, and what each is read into."""
HOME, FIRMS = "rongcheng", "corporate-tax"
"""Scenarios of the library against whose names a file is held that stands alone: of citizens, of others."""
_SCENARIO = re.compile(r"^scenario:", re.MULTILINE)
MOST_BESIDE, LARGEST_BESIDE = 50, 2**16


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file, for editors.

    Raises
    ------
    UnknownName
        Where there is no such kind of file.
    """
    if kind not in MODELS:
        raise UnknownName("kind of file", kind, MODELS)
    return json_schema(MODELS[kind])


def check(path: str | Path) -> list[Fault]:
    """Return every fault of a file: scheme, patch, cases, society, conduct, sources, doors or scenario.

    A file that stands alone is also held against the names of a scenario: one beside it that names the file, or
    else the library's own. A record kind that nobody writes there, or a trait that nobody has, is a fault.
    """
    path = Path(path)
    try:
        kind = kind_of(read_text(path), file=str(path))
        _CHECKS.get(kind, _alone)(path)
    except FileFaults as found:
        return list(found.faults)
    except GlasstownError as error:
        return [Fault(error.message, hint=error.hint, file=str(path))]
    return []


def check_text(text: str, scenario: str | None = None) -> tuple[str, list[Fault]]:
    """Return what kind of file a text is, and every fault of it; it is held against a scenario of the library.

    Without `scenario`, that is one which uses the file of this name, or else :data:`HOME`.

    Files are named in a text by their names in the library: a text that was written just now stands in no folder.
    """
    kind = ""
    try:
        kind = kind_of(text, file="text")
        loaded = load_text(text, MODELS[kind], file=f"{kind}.yaml")
        _TEXTS.get(kind, _own_references)(loaded, scenario_parts(scenario or _user_of(kind, loaded)))
    except FileFaults as found:
        return kind, list(found.faults)
    return kind, []


def _own_references(loaded: Loaded[Any], home: Parts) -> None:
    _hold(loaded, missing_references(loaded.value, getattr(loaded.value, "references", {})))


def _hold_scheme(loaded: Loaded[Any], home: Parts) -> None:
    if not set(loaded.value.subjects) <= set(home.names().subjects):
        home = scenario_parts(FIRMS)
    coverage = {name: tuple(keeper.records) for name, keeper in home.sources.value.keepers.items()}
    loaded.check(check_file(loaded, home.names(), None, coverage))
    _hold(loaded, wanting(loaded.value, home))


def _hold_conduct(loaded: Loaded[Any], home: Parts) -> None:
    if not {act.subject for act in loaded.value.acts.values()} <= set(home.names().subjects):
        home = scenario_parts(FIRMS)
    _hold(loaded, check_conduct(loaded.value, home.names()))


def _patch_text(loaded: Loaded[Any], home: Parts) -> None:
    if loaded.value.of not in known("scheme"):
        error = UnknownName("scheme", loaded.value.of, known("scheme"))
        loaded.check([loaded.fault(("of",), error.message, error.hint)])
    apply_patch(library_side(loaded.value.of).model, loaded)


@cache
def _users() -> dict[tuple[str, str], str]:
    """Return a scenario of the library for each file of it, by kind and name."""
    out: dict[tuple[str, str], str] = {}
    for name in (HOME, *shelf.names("scenario")):
        one = load(shelf.find("scenario", name), ScenarioModel).value
        used = {"conduct": one.conduct, "sources": one.sources, "doors": one.doors, "scheme": one.scheme}
        for kind, part in (*used.items(), ("scheme", one.pair)):
            if part is not None:
                out.setdefault((kind, part), name)
    return out


def _user_of(kind: str, loaded: Loaded[Any]) -> str:
    """Return the scenario of the library that uses the file of a name, or else the one that stands for all."""
    return _users().get((kind, str(getattr(loaded.value, kind, ""))), HOME)


def _scenario_of(path: Path, kind: str, loaded: Loaded[Any]) -> str | Path:
    """Return the scenario that a file is held against: one beside it that names it, or one of the library."""
    for beside in sorted(path.parent.glob("*.yaml"))[:MOST_BESIDE]:
        if beside == path or beside.stat().st_size > LARGEST_BESIDE:
            continue
        text = beside.read_text(encoding="utf-8", errors="replace")
        if _SCENARIO.search(text) and path.name in text:
            return beside
    return _user_of(kind, loaded)


@cache
def _library() -> Parts:
    return load_parts(HOME)


def _home(path: Path, kind: str, loaded: Loaded[Any]) -> Parts:
    scenario = _scenario_of(path, kind, loaded)
    try:
        return _library() if scenario == HOME else load_parts(scenario)
    except GlasstownError:  # the scenario beside it is at fault, perhaps by this very file
        return scenario_parts(_user_of(kind, loaded))


def _hold(loaded: Loaded[Any], troubles: Iterable[Trouble]) -> None:
    loaded.check(loaded.fault(place, message, hint) for place, message, hint in troubles)


def _alone(path: Path) -> None:
    loaded = load(path, MODELS[kind_of(read_text(path))])
    _hold(loaded, missing_references(loaded.value, getattr(loaded.value, "references", {})))


def _scheme(path: Path) -> None:
    loaded = load(path, SchemeModel)
    _hold_scheme(loaded, _home(path, "scheme", loaded))


def _conduct(path: Path) -> None:
    loaded = load(path, ConductModel)
    _hold_conduct(loaded, _home(path, "conduct", loaded))


def _sources(path: Path) -> None:
    loaded = load(path, SourcesModel)
    home = _home(path, "sources", loaded)
    _hold(loaded, hold_sources(loaded.value, home))


def _doors(path: Path) -> None:
    loaded = load(path, DoorsModel)
    _hold(loaded, check_doors(loaded.value, _home(path, "doors", loaded).names()))


def _patch(path: Path) -> None:
    patch = load(path, PatchModel)
    base = load(shelf.find("scheme", patch.value.of, path.parent), SchemeModel)
    apply_patch(base.value, patch)


def _society(path: Path) -> None:
    check_society(load(path, SocietyModel), margins=True)


def _scenario(path: Path) -> None:
    load_parts(path)


_CHECKS: dict[str, Callable[[Path], None]] = {
    "scheme": _scheme,
    "conduct": _conduct,
    "sources": _sources,
    "doors": _doors,
    "patch": _patch,
    "society": _society,
    "scenario": _scenario,
}
_TEXTS: dict[str, Callable[[Loaded[Any], Parts], None]] = {
    "scheme": _hold_scheme,
    "patch": _patch_text,
    "conduct": _hold_conduct,
    "sources": lambda loaded, home: _hold(loaded, hold_sources(loaded.value, home)),
    "doors": lambda loaded, home: _hold(loaded, check_doors(loaded.value, home.names())),
    "society": lambda loaded, home: check_society(loaded, margins=True),
}
