"""The library's shelf: where the files that come with Glasstown stand, and which file a name means."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..errors import UnknownName

__all__ = ["SHELVES", "find", "names", "root"]

SHELVES = {
    "scenario": "scenarios",
    "scheme": "schemes",
    "patch": "patches",
    "society": "societies",
    "conduct": "conducts",
    "sources": "sources",
    "doors": "doors",
}
"""Kind of file, and the folder of the library that holds it."""


def root() -> Path:
    """Return the library's folder."""
    return Path(__file__).resolve().parent.parent / "library"


def names(kind: str) -> tuple[str, ...]:
    """Return the names of the library's files of one kind, sorted."""
    return _listed(root() / SHELVES[kind], kind)


@cache
def _listed(shelf: Path, kind: str) -> tuple[str, ...]:
    if not shelf.is_dir():
        return ()
    flat = {file.stem for file in shelf.glob("*.yaml")}
    deep = {file.parent.name for file in shelf.glob("*/*.yaml") if file.stem == kind}
    return tuple(sorted(flat | deep))


def _is_path(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):  # a name that no file system takes
        return False


def find(kinds: str | tuple[str, ...], name: str, beside: Path | None = None) -> Path:
    """Return the file that a name means: one of the library's, or a path (seen from the file that names it).

    Parameters
    ----------
    kinds : kind of file, or several in the order in which the library is searched.
    beside : folder from which a path is seen; the current one by default.

    Raises
    ------
    UnknownName
        Where the library does not hold it. A path is returned whether there is a file or not.
    """
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    if _is_path(name):
        path = Path(name).expanduser()
        return path if path.is_absolute() or beside is None else beside / path
    known: list[str] = []
    for kind in kinds:
        shelf = root() / SHELVES[kind]
        for place in (shelf / f"{name}.yaml", shelf / name / f"{kind}.yaml"):
            if name in names(kind) and place.is_file():
                return place
        known.extend(names(kind))
    if _is_file(name):
        return Path(name)
    raise UnknownName(" or ".join(kinds), name, known)
