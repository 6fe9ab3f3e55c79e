"""One shape for every error that the server answers with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import BadValue, Contradiction, Fault, FileFaults, GlasstownError, RunFolderError, UnknownName

__all__ = ["Refused", "as_bytes", "body_of", "fault_of", "refusal_of"]

MOST_FAULTS = 101
STATUSES: tuple[tuple[type[GlasstownError], int], ...] = (
    (FileFaults, 422),
    (UnknownName, 404),
    (BadValue, 422),
    (Contradiction, 409),
    (RunFolderError, 409),
)


class Refused(Exception):
    """An answer of status 400 or above."""

    def __init__(
        self,
        status: int,
        what: str,
        *,
        why: str = "",
        hint: str = "",
        where: str = "",
        faults: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(what)
        self.status = status
        self.headers = dict(headers or {})
        self.error = {"what": what, "why": why, "hint": hint, "where": where, "faults": list(faults)}


def body_of(refused: Refused) -> bytes:
    """Return the body of a refusal."""
    return as_bytes({"error": refused.error})


def as_bytes(data: Any) -> bytes:
    """Return data as JSON, in as few bytes as it needs."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
    return text.encode("utf-8", "replace")


def _plain(thing: Any) -> Any:
    if isinstance(thing, Fault):
        return fault_of(thing)
    if hasattr(thing, "item"):
        return thing.item()
    return str(thing)


def fault_of(fault: Fault) -> dict[str, Any]:
    """Return one fault of a file; its length is that of the word it stands at, as far as that is known."""
    said = fault.message.split('"')
    word = said[1] if len(said) > 2 and fault.line else fault.path.rpartition(".")[2]
    return {
        "message": fault.message,
        "path": fault.path,
        "line": fault.line,
        "column": fault.column,
        "length": max(1, min(len(word), 80)),
        "hint": fault.hint,
        "file": fault.file,
    }


def refusal_of(error: BaseException) -> Refused:
    """Return how an error is answered; what is no word of ours to a user becomes a fault of ours."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, GlasstownError):
        status = next((status for kind, status in STATUSES if isinstance(error, kind)), 500)
        faults = [fault_of(fault) for fault in error.faults[:MOST_FAULTS]] if isinstance(error, FileFaults) else []
        where = error.file if isinstance(error, FileFaults) else ""
        return Refused(status, error.message, hint=error.hint, where=where, faults=faults)
    if isinstance(error, MemoryError):
        return Refused(503, "there is not enough memory for this", hint="ask for fewer citizens")
    what = f"Glasstown failed, and should not have: {type(error).__name__}"
    return Refused(500, what, hint="the terminal that the server runs in says more")
