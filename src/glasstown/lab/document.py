"""A run as one document: everything that a page can show of it without asking anybody again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..errors import GlasstownError
from ..measure.balance import Balance, balance
from ..measure.details import by_door, by_kind
from ..measure.tallies import arrow
from .axes import axes_of, town_of, worlds_of
from .changed import changes_told
from .citing import cite_of, hash_of, references_of
from .derived import lists_told, sources_told
from .findings import Findings, caveat, findings
from .months import kept_months
from .rulebook import rulebook
from .trust import trust_told

if TYPE_CHECKING:
    from ..engine.scenario import Parts
    from .opened import Run

__all__ = ["FORMAT", "cite_run", "comparison", "document", "frame", "parts_of", "plain", "runs_compared"]

FORMAT = 1
"""Form of the document."""
MOST_ASSUMED = 2000
SENTENCES = {
    "running": "This run has not finished: what is shown is not its result.",
    "interrupted": "This run was interrupted: what is shown is not its whole result.",
    "failed": "This run failed: what is shown is not its result.",
}


def plain(thing: Any) -> Any:
    """Return a thing as JSON can hold it; numbers that cannot be told become None."""
    if isinstance(thing, Mapping):
        return {str(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [plain(value) for value in thing]
    if isinstance(thing, float):
        return thing if math.isfinite(thing) else None
    return thing


def parts_of(run: Run) -> Parts | None:
    """Return the files of a run; None where this version can no longer read them, though it can show the tables."""
    try:
        return run.parts
    except (GlasstownError, KeyError, ValueError):
        return None


def cite_run(run: Run) -> dict[str, Any]:
    """Return how a run is cited."""
    names = [str(side["name"]) for side in run.manifest["sides"]]
    return cite_of(run.manifest, [hash_of(run.scheme_texts(name)) for name in names])


def frame(run: Run, parts: Parts | None) -> dict[str, Any]:
    """Return what a run's numbers are ordered by: axes, worlds, town."""
    people = arrow(run, "population").group_by("place").aggregate([("citizens", "sum"), ("subjects", "sum")])
    counted = {
        place: (citizens, subjects)
        for place, citizens, subjects in zip(
            *(people.column(name).to_pylist() for name in ("place", "citizens_sum", "subjects_sum")), strict=True
        )
    }
    axes = axes_of(run.manifest, sorted(counted), parts)
    tiles = [
        {**place, "citizens": counted[place["key"]][0], "subjects": counted[place["key"]][1]}
        for place in axes["places"]
    ]
    return {"axes": axes, "worlds": worlds_of(run.manifest, parts), "town": town_of(tiles, dots=True)}


def document(run: Run, name: str = "", lives: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return a run as one document.

    Parameters
    ----------
    name : what the run is called here, such as the name of its folder.
    lives : lives to put in, told.
    """
    manifest, parts = run.manifest, parts_of(run)
    framed = frame(run, parts)
    found = findings(run)
    sides = [str(world["world"]) for world in framed["worlds"]]
    out = {
        "format": FORMAT,
        "cite": cite_run(run),
        "run": name or run.folder.name,
        "title": str(manifest.get("title") or manifest.get("scenario", "")),
        "about": str(manifest.get("about", "")),
        "status": str(manifest["status"]),
        "citizens": int(manifest["citizens"]),
        "subjects": int(manifest.get("subjects", 0)),
        "years": found.years,
        "seed": int(manifest["seed"]),
        "replicates": int(manifest["replicates"]),
        "caveat": caveat(manifest),
        "warning": _warning(found),
        **framed,
        "months": kept_months(run, framed["axes"], framed["worlds"]),
        "parts": [comparison(found, sides[0], sides[1] if len(sides) > 1 else None)],
        "sources": sources_told(run),
        "lists": lists_told(run),
        "trust": trust_told(run) if manifest["status"] == "finished" else None,
        "schemes": _schemes(parts, sides),
        "changes": _changes(parts),
        "assumed": _assumed(manifest),
        "references": references_of(manifest.get("references", {})),
        "versions": {"glasstown": str(manifest.get("glasstown", "")), **manifest.get("versions", {})},
        "lives": list(lives),
    }
    return plain(out)  # type: ignore[no-any-return]


def comparison(found: Findings, of: str, against: str | None) -> dict[str, Any]:
    """Return what one world's scheme did against another world."""
    out = {
        "of": of,
        "against": against,
        "summary": found.summary,
        "headlines": [asdict(headline) for headline in found.headlines],
        "balance": _balance(found.balance),
        "kinds": [_kind(row) for row in found.kinds],
        "doors": [_door(row, of, against) for row in found.doors],
        "wronged": [row.key for row in found.wronged],
        "groups": [asdict(row) | {"rate": _estimate(row.rate)} for row in found.groups],
        "gaps": [asdict(gap) | {"difference": _estimate(gap.difference)} for gap in found.gaps],
        "quantiles": list(found.scores),
        "score_end": [[score, int(people)] for score, people in found.score_end.items()],
    }
    return plain(out)  # type: ignore[no-any-return]


def runs_compared(first: Run, second: Run) -> dict[str, Any]:
    """Return the first worlds of two runs against each other, citizen for citizen.

    Raises
    ------
    Contradiction
        Where the two are not the same people in the same years on the same seed.
    """
    out = {
        "of": "a",
        "against": "b",
        "summary": "",
        "headlines": [],
        "balance": _balance(balance(first, second)),
        "kinds": [_kind(row) for row in by_kind(first, second)],
        "doors": [_door(row, "a", "b") for row in by_door(first, second)],
        "wronged": [],
        "groups": [],
        "gaps": [],
        "quantiles": [],
        "score_end": [],
    }
    return plain(out)  # type: ignore[no-any-return]


def _balance(sheet: Balance) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "scheme_title": sheet.scheme_title,
        "pair_title": sheet.pair_title,
        "heads": list(sheet.heads),
        "rows": _shown(sheet),
    }


def _shown(sheet: Balance) -> list[dict[str, Any]]:
    """Return the lines that are not idle, and the first of a section without any: the page counts its sections."""
    sections = {row.section: row.key for row in reversed(sheet.lines)}
    alive = {row.section for row in sheet.lines if row.key not in sheet.idle}
    kept = {key for section, key in sections.items() if section not in alive}
    return [row for row in sheet.rows() if row["key"] in kept or row["key"] not in sheet.idle]


def _estimate(found: Any) -> dict[str, Any] | None:
    return None if found is None else {"value": found.value, "low": found.low, "high": found.high}


def _kind(row: Any) -> dict[str, Any]:
    out = asdict(row)
    out["key"] = out.pop("kind")
    out["difference"], out["change"] = _estimate(row.difference), _estimate(row.change)
    return out


def _door(row: Any, of: str, against: str | None) -> dict[str, Any]:
    out = asdict(row)
    out["key"] = out.pop("door")
    out["world"] = of if out.pop("side") == "scheme" else against
    return out


def _schemes(parts: Parts | None, sides: Sequence[str]) -> dict[str, Any]:
    if parts is None:
        return {}
    conduct, doors = parts.conduct.value, parts.doors.value
    return {
        side: rulebook(scheme.model, scheme.files[0] if len(scheme.files) == 1 else None, conduct, doors)
        for side, scheme in zip(sides, parts.schemes, strict=False)
    }


def _changes(parts: Parts | None) -> list[dict[str, Any]]:
    if parts is None:
        return []
    files = {"conduct": parts.conduct.value, "sources": parts.sources.value, "doors": parts.doors.value}
    return changes_told(parts.scenario, {**files, "scheme": parts.schemes[0].model})


def _warning(found: Findings) -> str:
    parts = [SENTENCES.get(str(found.manifest.get("status", "finished")), "")]
    if found.broken:
        parts.append(
            f"The tables of this run do not hold together ({len(found.broken)} sums do not come out; "
            f"the first: {found.broken[0]}). Do not use its numbers."
        )
    return " ".join(part for part in parts if part)


def _assumed(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the places of assumed values by the file that they stand in."""
    out: dict[str, list[str]] = {}
    for place in list(manifest.get("assumed", ()))[:MOST_ASSUMED]:
        file, _, path = str(place).partition(": ")
        out.setdefault(file, []).append(path or file)
    return [{"file": file, "paths": paths} for file, paths in out.items()]
