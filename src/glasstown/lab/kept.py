"""Answers that take long to find and stay true: kept as JSON in the user's cache folder, by what they rest on."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

__all__ = ["kept"]


def kept(name: str, sources: Iterable[Path], find: Callable[[], Any]) -> Any:
    """Return an answer that was found before from the same files, or find it and keep it.

    Parameters
    ----------
    name : of the answer; one is kept for each.
    sources : every file that it rests on, the code that finds it among them.
    find : finds it; what it returns is what JSON can hold.
    """
    digest = hashlib.blake2s()
    for path in sorted(sources):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    where, key = _folder() / f"{name}.json", digest.hexdigest()
    try:
        told = json.loads(where.read_text(encoding="utf-8"))
        if told["from"] == key:
            return told["answer"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    answer = find()
    _write(where, json.dumps({"from": key, "answer": answer}, ensure_ascii=False))
    return answer


def _folder() -> Path:
    from platformdirs import user_cache_path

    base = os.environ.get("GLASSTOWN_CACHE")
    return (Path(base) if base else user_cache_path("glasstown")) / "answers"


def _write(where: Path, text: str) -> None:
    """Write a file whole; a folder that cannot be written keeps nothing, and that is all."""
    try:
        where.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=where.parent, delete=False, encoding="utf-8") as part:
            part.write(text)
        Path(part.name).replace(where)
    except OSError:
        return
