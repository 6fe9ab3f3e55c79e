"""A run is a folder: written so that a kill at any moment leaves something that says what it is.

::

    manifest.json        what was run, and how it ended: running, finished, interrupted, failed
    tables/*.parquet     what was counted
    barrier/*.parquet    what a replay of one life needs
    scenario/            the files as they were resolved, verbatim
    report.html          the report, once it is asked for

Every file is written beside its place, flushed to the disk and renamed into it, so a name in the folder
always stands for a whole file. Opening a folder reads JSON, Parquet and text; nothing in it is ever executed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from ..errors import BadValue, Interrupted, RunFolderError, UnknownName

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMAT", "TABLES", "Room", "RunReader", "RunWriter", "write_text"]

FORMAT = 1
"""The newest form of a run folder that this version writes and reads."""

STATES = ("running", "finished", "interrupted", "failed")
LARGEST_MANIFEST = 32 * 2**20
LARGEST_TEXT = 64 * 2**20

Room = Literal["tables", "barrier"]

_PART = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")
_COLUMNS = {
    "by_place": {"side", "replicate", "window", "place", "measure", "item", "value"},
    "by_group": {"side", "replicate", "year", "group", "measure", "item", "value"},
    "cells": {"side", "replicate", "cell", "measure", "item", "value"},
    "scores": {"side", "replicate", "window", "score", "subjects"},
    "population": {"place", "group", "citizens", "subjects"},
}
TABLES = tuple(_COLUMNS)
"""Tables that a run keeps."""
_NEEDED: dict[str, type | tuple[type, ...]] = {
    "glasstown": str,
    "status": str,
    "sides": list,
    "citizens": int,
    "windows": int,
    "years": (int, float),
    "seed": int,
    "replicates": int,
}


class RunWriter:
    """Writes a new run folder; the folder exists, and says "running", from the first moment.

    As a context manager it also says how the run ended: a run that leaves the block without
    :meth:`finish` was interrupted (Ctrl-C) or failed (anything else).

    Parameters
    ----------
    path : where; must not exist, or be an empty folder.
    manifest : what is run. ``format`` and ``status`` are set here.
    """

    def __init__(self, path: str | Path, manifest: Mapping[str, Any]) -> None:
        self.path = Path(path)
        self.manifest: dict[str, Any] = {**manifest, "format": FORMAT, "status": "running", "files": {}}
        self._claim()
        try:
            self._write_manifest()
        except (KeyboardInterrupt, Interrupted):
            self.interrupted()
            raise

    def _claim(self) -> None:
        if self.path.exists() and not self.path.is_dir():
            raise RunFolderError(f"{self.path} is a file, not a folder", "choose another place for the run")
        with _explained(self.path):
            if self.path.is_dir() and any(self.path.iterdir()):
                raise RunFolderError(
                    f"{self.path} exists and is not empty",
                    "choose another place for the run; Glasstown never writes over a folder",
                )
            self.path.mkdir(parents=True, exist_ok=True)

    def table(self, name: str, table: pa.Table, room: Room = "tables") -> None:
        """Write one table, compressed, as ``<room>/<name>.parquet``."""
        import pyarrow.parquet as pq

        if room not in ("tables", "barrier"):
            raise BadValue(f'a table goes into "tables" or "barrier", not "{room}"')
        place = f"{room}/{_part(name)}.parquet"
        told = {"glasstown": str(self.manifest.get("glasstown", "")), "format": str(FORMAT), "table": name}
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **told})

        def put(target: Path) -> None:
            with target.open("wb") as sink:
                pq.write_table(table, sink, compression="zstd", compression_level=3)

        self._put(place, put)
        digest, size = _digest(self.path / place)
        self.manifest["files"][place] = {"rows": int(table.num_rows), "bytes": size, "blake2b": digest}

    def file(self, name: str, text: str) -> None:
        """Write one text file, such as ``scenario/scheme.yaml``."""
        place = "/".join(_part(part) for part in name.split("/"))
        if place == "manifest.json":
            raise BadValue("the manifest is written by the folder itself")
        self._put(place, lambda target: target.write_bytes(text.encode()))

    def note(self, **facts: Any) -> None:
        """Add facts to the manifest while the run goes on."""
        self.manifest.update(facts)
        self._write_manifest()

    def finish(self, **facts: Any) -> None:
        """Say that the run is whole; `facts` are added to the manifest."""
        self._end("finished", facts)

    def interrupted(self, reason: str = "stopped by the user") -> None:
        """Say that the run was stopped; what was written stays."""
        self._end("interrupted", {"reason": reason})

    def failed(self, reason: str) -> None:
        """Say that the run failed, and why; what was written stays."""
        self._end("failed", {"reason": reason})

    def _end(self, status: str, facts: Mapping[str, Any]) -> None:
        self.manifest.update(facts, status=status)
        self._write_manifest()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.manifest["status"] != "running":
            return
        try:
            if error is not None and isinstance(error, KeyboardInterrupt | Interrupted):
                self.interrupted()
            else:
                self.failed(str(error) if error else "the run ended without saying so")
        except RunFolderError:
            # The disk that failed the run may fail this note as well: the folder then still says "running".
            if error is None:
                raise

    def _write_manifest(self) -> None:
        try:
            text = json.dumps(self.manifest, indent=1, ensure_ascii=False, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise BadValue(f"the manifest cannot be written as JSON: {error}") from error
        self._put("manifest.json", lambda target: target.write_bytes((text + "\n").encode()))

    def _put(self, place: str, put: Callable[[Path], object]) -> None:
        _write_whole(self.path / place, put)


class RunReader:
    """Opens a run folder to read it; refuses what is torn, foreign or newer than this version.

    Parameters
    ----------
    path : the folder.
    unfinished : whether a run that did not finish may be opened; by default it is refused.
    """

    def __init__(self, path: str | Path, *, unfinished: bool = False) -> None:
        self.path = Path(path)
        self.manifest: dict[str, Any] = _read_manifest(self.path)
        if self.status != "finished" and not unfinished:
            raise _not_finished(self.path, self.manifest)

    @property
    def status(self) -> str:
        """Return how the run ended: running, finished, interrupted or failed."""
        return str(self.manifest["status"])

    def tables(self, room: Room = "tables") -> tuple[str, ...]:
        """Return the names of the tables in one room, sorted."""
        folder = self.path / room
        found = folder.glob("*.parquet") if folder.is_dir() else []
        return tuple(sorted(file.stem for file in found if _PART.match(file.stem)))

    def table(self, name: str, room: Room = "tables") -> pa.Table:
        """Read one table."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not _PART.match(name) or name not in self.tables(room):
            raise UnknownName(f"table in {self.path.name}/{room}", name, self.tables(room))
        file = self._inside(f"{room}/{name}.parquet")
        try:
            with file.open("rb") as source:
                found = pq.ParquetFile(source).read()
        except (OSError, pa.ArrowException) as error:
            raise _torn(file, "it cannot be read") from error
        missing = _COLUMNS.get(name, set()) - set(found.column_names) if room == "tables" else set()
        if missing:
            raise _torn(file, f"it has no column named {', '.join(sorted(missing))}")
        return found

    def files(self) -> tuple[str, ...]:
        """Return the names of the scenario's files, sorted."""
        folder = self.path / "scenario"
        found = (file for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else ()
        return tuple(sorted(file.relative_to(self.path).as_posix() for file in found))

    def text(self, name: str) -> str:
        """Read one text file, such as ``scenario/scheme.yaml``."""
        parts = name.split("/")
        if not all(_PART.match(part) for part in parts) or not (self.path / name).is_file():
            raise UnknownName(f"file in {self.path.name}", name, self.files())
        file = self._inside(name)
        if file.stat().st_size > LARGEST_TEXT:
            raise _torn(file, "it is larger than any file that Glasstown writes")
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _torn(file, "it is not text") from error

    def verify(self) -> list[str]:
        """Return what differs from what was written: one sentence for each table; empty if all is whole."""
        out = []
        for place, told in _written(self.manifest):
            file = self.path / place
            if not file.is_file():
                out.append(f"{place} is missing")
            elif _digest(file) != (told.get("blake2b"), told.get("bytes")):
                out.append(f"{place} is not the file that the run wrote")
        return out

    def _inside(self, place: str) -> Path:
        file = self.path / place
        if not file.resolve().is_relative_to(self.path.resolve()):
            raise RunFolderError(f"{file} leads out of the run folder", "a run folder holds no links")
        return file


def _written(manifest: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    files = manifest.get("files", {})
    for place, told in files.items() if isinstance(files, dict) else ():
        if isinstance(told, dict) and all(_PART.match(part) for part in str(place).split("/")):
            yield str(place), told


def _read_manifest(path: Path) -> dict[str, Any]:
    file = path / "manifest.json"
    if not path.exists():
        raise RunFolderError(f"there is no run folder at {path}", "runs stand in runs/ unless told otherwise")
    if not file.is_file():
        raise RunFolderError(f"{path} is not a run folder", "it has no manifest.json: name the folder of one run")
    try:
        if file.stat().st_size > LARGEST_MANIFEST:
            raise _torn(file, "it is larger than any manifest that Glasstown writes")
        found = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise _torn(file, "it is not JSON") from error
    except OSError as error:
        raise RunFolderError(f"{file} cannot be read: {error.strerror}") from error
    if not isinstance(found, dict) or "glasstown" not in found or not isinstance(found.get("format"), int):
        raise RunFolderError(f"{path} was not written by Glasstown", "its manifest.json is of another kind")
    if found["format"] > FORMAT:
        raise RunFolderError(
            f"{path} has format {found['format']}; this version reads formats up to {FORMAT}",
            f"it was written by Glasstown {str(found['glasstown'])[:40]}: use that version or a newer one",
        )
    _check_manifest(file, found)
    return found


def _check_manifest(file: Path, found: Mapping[str, Any]) -> None:
    for key, kind in _NEEDED.items():
        if not isinstance(found.get(key), kind) or isinstance(found.get(key), bool):
            raise _torn(file, f'"{key}" is missing or is of the wrong kind')
    if found["status"] not in STATES:
        raise _torn(file, f'the status "{str(found["status"])[:40]}" is unknown')
    for side in found["sides"]:
        if not isinstance(side, dict) or not isinstance(side.get("name"), str):
            raise _torn(file, "one of its sides has no name")


def _not_finished(path: Path, manifest: Mapping[str, Any]) -> RunFolderError:
    reason = f": {manifest['reason']}" if manifest.get("reason") else ""
    if manifest["status"] == "running":
        hint = "it is still running, or it was killed; if it was killed, run it again"
        return RunFolderError(f"the run in {path} has not finished", hint)
    return RunFolderError(f"the run in {path} {_PAST[manifest['status']]}{reason}", "run it again")


_PAST = {"interrupted": "was interrupted", "failed": "failed"}


def _torn(file: Path, why: str) -> RunFolderError:
    return RunFolderError(f"{file} is torn: {why}", "get a whole copy, or run the scenario again")


def _part(name: str) -> str:
    if not _PART.match(name):
        raise BadValue(f'"{name[:60]}" cannot be the name of a file in a run folder')
    return name


def write_text(path: str | Path, text: str) -> Path:
    """Write a text file whole or not at all; the old one stays until the new one is on the disk."""
    target = Path(path)
    _write_whole(target, lambda beside: beside.write_bytes(text.encode()))
    return target


def _write_whole(target: Path, put: Callable[[Path], object]) -> None:
    beside = target.with_name(f".{target.name}.tmp")
    with _explained(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            put(beside)
            _flush(beside)
            os.replace(beside, target)
            _flush(target.parent)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise


def _flush(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        # Some file systems cannot flush a folder; the file itself has been flushed by then.
        if not place.is_dir() or error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(handle)


def _digest(file: Path) -> tuple[str, int]:
    with file.open("rb") as source:
        digest = hashlib.file_digest(source, lambda: hashlib.blake2b(digest_size=16))
    return digest.hexdigest(), file.stat().st_size


@contextmanager
def _explained(place: Path) -> Iterator[None]:
    """Turn what the operating system says into what a user can act on."""
    try:
        yield
    except OSError as error:
        unknown = (error.strerror or str(error), "choose another place for the run")
        what, hint = _REASONS.get(error.errno or 0, unknown)
        raise RunFolderError(f"{place} cannot be written: {what}", hint) from error


_REASONS = {
    errno.ENOSPC: ("the disk is full", "free some space; what was written before is whole"),
    errno.EDQUOT: ("the quota is used up", "free some space, or choose another place"),
    errno.EROFS: ("the disk is read-only", "choose another place for the run"),
    errno.EACCES: ("permission is denied", "choose a folder that you may write to"),
    errno.EPERM: ("permission is denied", "choose a folder that you may write to"),
    errno.ENOTDIR: ("a part of the path is a file", "choose another place for the run"),
    errno.ENAMETOOLONG: ("the name is too long", "choose a shorter one"),
}
