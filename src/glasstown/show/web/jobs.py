"""What a worker process can be asked for: each job yields its answers as JSON, ready to be sent."""

from __future__ import annotations

import csv
import io
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ...errors import UnknownName
from ...lab import shelves
from ...lab.checking import check_text
from ...lab.derived import DERIVED
from ...lab.document import cite_run, document, runs_compared
from ...lab.editing import Move, moved
from ...lab.life import life, lives, why, without
from ...lab.live import Bench, Wanted
from ...lab.opened import Run
from ...lab.persecuted import persecution
from ...lab.published import listed, published
from .errors import as_bytes

__all__ = ["TABLES", "Jobs"]

TABLES = ("by_place", "by_group", "cells", "scores", "population", "grades", "balance", "groups", *DERIVED)
RUNS_KEPT = 4


class Jobs:
    """The jobs of one process, and what it keeps between them."""

    def __init__(self, threads: int | None = None) -> None:
        self.bench = Bench(threads)
        self._runs: OrderedDict[tuple[str, int], Run] = OrderedDict()

    def begin(self, id: str, name: str, arguments: dict[str, Any]) -> Iterator[Any]:
        """Begin a job."""
        if name == "live":
            return self._live(id, Wanted(**arguments))
        if name == "official":
            return self._official(**arguments)
        if name == "weights":
            return self._weights(**arguments)
        if name == "published":
            return self._published(**arguments)
        if name == "warm":
            return self._warm()
        return self._once(_ANSWERS[name], arguments)

    def _once(self, answer: Callable[..., Any], arguments: dict[str, Any]) -> Iterator[Any]:
        found = answer(self, **arguments)
        yield found if isinstance(found, bytes) else as_bytes(found)

    def _live(self, id: str, wanted: Wanted) -> Iterator[Any]:
        for what, content in self.bench.live(id, wanted):
            yield what, content if what == "dots" else as_bytes(content)

    def _official(self, wanted: dict[str, Any], given: dict[str, Any], budget: int | None) -> Iterator[Any]:
        """Yield nothing for each month that is lived, so that others have their turns, and then the answer."""
        found = yield from self.bench.official(Wanted(**wanted), given, budget)
        yield as_bytes(found.to_dict())

    def _weights(self, wanted: dict[str, Any], draws: int, share: float | None) -> Iterator[Any]:
        """Yield how far it is before each point that is lived, and then the answer."""
        yield as_bytes((yield from self.bench.weights(Wanted(**wanted), draws, share)))

    def _published(self, **asked: Any) -> Iterator[Any]:
        """Yield how far it is before each seed that is lived, and then the table."""
        yield as_bytes((yield from published(**asked)))

    def _warm(self) -> Iterator[Any]:
        """Load the kernels and the library before anybody waits for them."""
        for _ in self.bench.live("warm", Wanted(citizens=2000, years=1)):
            yield None

    def run(self, at: dict[str, Any]) -> Run:
        """Return a run: a folder, or a live one that is done."""
        if "live" in at:
            return self.bench.run(at["live"], at.get("world"), at.get("other") or "pair")
        path = Path(at["path"])
        key = (str(path), (path / "manifest.json").stat().st_mtime_ns if path.is_dir() else 0)
        if key not in self._runs:
            self._runs[key] = Run(path)
        self._runs.move_to_end(key)
        while len(self._runs) > RUNS_KEPT:
            self._runs.popitem(last=False)
        return self._runs[key]

    def names(self, at: dict[str, Any]) -> dict[str, str]:
        """Return what the two sides of a live run are called there."""
        of, against = self.bench.named(at["live"], at.get("world"), at.get("other") or "pair")
        return {"scheme": of, "pair": against or "pair"}

    def document(self, at: dict[str, Any]) -> Any:
        if "live" in at:
            return self.bench.document(at["live"])
        return document(self.run(at), at["name"])

    def lives(self, at: dict[str, Any]) -> Any:
        run = self.run(at)
        names = self.names(at) if "live" in at else {}
        return {"lives": [_renamed(one, names) for one in lives(run)], "cite": cite_run(run)}

    def life(self, at: dict[str, Any], citizen: int) -> Any:
        told = life(self.run(at), citizen)
        return _renamed(told, self.names(at)) if "live" in at else told

    def why(self, at: dict[str, Any], citizen: int, door: str, date: str | None) -> Any:
        return why(self.run(at), citizen, door, date)

    def without(self, at: dict[str, Any], citizen: int, record: str) -> Any:
        return without(self.run(at), citizen, record)

    def persecution(self, at: dict[str, Any], **means: Any) -> Any:
        return persecution(self.run(at), **means)

    def files(self, at: dict[str, Any]) -> Any:
        run = self.run(at)
        found = [{"name": name, "text": loaded.text} for name, loaded in run.parts.files().items()]
        return {"files": found, "cite": cite_run(run)}

    def table(self, at: dict[str, Any], name: str) -> bytes:
        if name not in TABLES:
            raise UnknownName("table", name, TABLES)
        return _csv(_rows(self.run(at), name))

    def compare(self, a: dict[str, Any], b: dict[str, Any]) -> Any:
        first, second = self.run(a), self.run(b)
        told = {
            key: {"run": at["name"], "title": str(run.manifest.get("title", ""))}
            for key, at, run in (("a", a, first), ("b", b, second))
        }
        return {**told, "part": runs_compared(first, second), "cite": cite_run(first)}

    def check(self, text: str, scenario: str) -> Any:
        kind, faults = check_text(text, scenario)
        return {"kind": kind, "holds": not faults, "faults": faults}

    def edits(self, move: dict[str, Any]) -> Any:
        return moved(Move(**move))

    def replications(self) -> Any:
        return listed()

    def library(self) -> Any:
        return shelves.entries()

    def entry(self, kind: str, name: str) -> Any:
        return shelves.entry(kind, name)

    def words(self, scenario: str) -> Any:
        return shelves.words(scenario)


_ANSWERS: dict[str, Callable[..., Any]] = {
    name: getattr(Jobs, name)
    for name in (
        "document", "lives", "life", "why", "without", "persecution", "files", "table", "compare", "check",
        "edits", "library", "entry", "words", "replications",
    )
}  # fmt: skip


def _renamed(told: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return a life of a live run with its worlds called as they are there."""
    for key in ("worlds", "months"):
        told[key] = {names.get(side, side): value for side, value in told[key].items()}
    for line in told["lines"]:
        line["world"] = names.get(line["world"], line["world"])
    for row in told["summary"]:
        row["values"] = {names.get(side, side): value for side, value in row["values"].items()}
    for scheme in told["cite"]["schemes"]:
        scheme["world"] = names.get(scheme["world"], scheme["world"])
    return told


def _rows(run: Run, name: str) -> list[dict[str, Any]]:
    if name == "balance":
        return run.balance().rows()
    if name == "groups":
        return [_flat(row) for row in document(run)["parts"][0]["groups"]]
    return run.table(name).rows()


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            out.update({f"{key}.{inner}": told for inner, told in value.items()})
        else:
            out[key] = value
    return out


def _csv(rows: list[dict[str, Any]]) -> bytes:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
