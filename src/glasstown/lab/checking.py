"""Checking a file: every fault at once, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..cited import FileModel
from ..engine import shelf
from ..engine.scenario import MODELS as LIBRARY
from ..engine.scenario import SocietyModel, check_society, load_parts
from ..errors import Fault, FileFaults, GlasstownError, UnknownName
from ..files import kind_of, load, read_text
from ..quantities import missing_references
from ..scheme.cases import CasesModel
from ..scheme.checks import check_file
from ..scheme.patch import PatchModel, apply_patch
from ..scheme.schema import json_schema
from ..scheme.types import SchemeModel

__all__ = ["MODELS", "check", "schema"]

MODELS: dict[str, type[FileModel]] = {**LIBRARY, "cases": CasesModel}
"""Kinds of file that can be checked, and what each is read into."""
HOME = "rongcheng"
"""Scenario of the library whose names a scheme alone is held against."""


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

    A scheme is also held against the names of the library's own scenario: a record kind that nobody there writes
    is a fault.
    """
    path = Path(path)
    try:
        kind = kind_of(read_text(path), file=str(path))
        _CHECKS.get(kind, _alone)(path, kind)
    except FileFaults as found:
        return list(found.faults)
    except GlasstownError as error:
        return [Fault(error.message, hint=error.hint, file=str(path))]
    return []


def _alone(path: Path, kind: str) -> None:
    loaded = load(path, MODELS[kind])
    references = getattr(loaded.value, "references", {})
    loaded.check(
        loaded.fault(place, message, hint) for place, message, hint in missing_references(loaded.value, references)
    )


def _scheme(path: Path, kind: str) -> None:
    loaded = load(path, SchemeModel)
    home = load_parts(HOME)
    coverage = {name: tuple(keeper.records) for name, keeper in home.sources.value.keepers.items()}
    loaded.check(check_file(loaded, home.names(), None, coverage))


def _patch(path: Path, kind: str) -> None:
    patch = load(path, PatchModel)
    base = load(shelf.find("scheme", patch.value.of, path.parent), SchemeModel)
    apply_patch(base.value, patch)


def _society(path: Path, kind: str) -> None:
    check_society(load(path, SocietyModel), margins=True)


def _scenario(path: Path, kind: str) -> None:
    load_parts(path)


_CHECKS: dict[str, Callable[[Path, str], None]] = {
    "scheme": _scheme,
    "patch": _patch,
    "society": _society,
    "scenario": _scenario,
}
