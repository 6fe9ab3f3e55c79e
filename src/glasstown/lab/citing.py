"""How a result is cited: what it was made with, so that anybody can make it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["LINE", "cite_library", "cite_of", "hash_of", "references_of"]

LINE = "Glasstown scores only people that it invented."


def hash_of(texts: Iterable[str]) -> str:
    """Return a digest of a scheme's files, as they were read."""
    seen = hashlib.blake2b(digest_size=8)
    for text in texts:
        seen.update(text.encode() + b"\0")
    return seen.hexdigest()


def cite_of(manifest: Mapping[str, Any], hashes: Sequence[str]) -> dict[str, Any]:
    """Return how a run is cited.

    Parameters
    ----------
    hashes : digest of each side's scheme, in the order of the manifest's sides.
    """
    sides = manifest["sides"]
    titles = [str(side.get("title") or side.get("scheme") or side["name"]) for side in sides]
    years = float(manifest["windows"]) * float(manifest.get("window_months", 1)) / 12
    replicates = int(manifest["replicates"])
    tables = str(manifest.get("tables_hash") or "")
    parts = [
        f"Glasstown {manifest.get('glasstown', '')}",
        f"scenario “{manifest.get('title') or manifest.get('scenario', '')}”",
        " against ".join(f"“{title}”" for title in titles),
        f"{int(manifest['citizens']):,} synthetic citizens",
        f"{years:g} year{'' if years == 1 else 's'} from {manifest.get('start', '')}",
        f"seed {manifest['seed']}",
        f"{replicates:,} replicate{'' if replicates == 1 else 's'}",
        *([f"compiled tables {tables[:16]}"] if tables else []),
    ]
    return {
        "text": ", ".join(parts) + ".",
        "version": str(manifest.get("glasstown", "")),
        "scenario": str(manifest.get("scenario", "")),
        "seed": int(manifest["seed"]),
        "citizens": int(manifest["citizens"]),
        "years": years,
        "replicates": replicates,
        "tables_hash": tables,
        "schemes": [
            {"world": str(side["name"]), "name": str(side.get("scheme") or ""), "title": title, "hash": digest}
            for side, title, digest in zip(sides, titles, [*hashes, *[""] * len(sides)], strict=False)
        ],
        "sources": len(manifest.get("references", {})),
        "line": LINE,
    }


def cite_library() -> dict[str, Any]:
    """Return how the library is cited."""
    from importlib.metadata import version

    here = version("glasstown")
    return {"text": f"Glasstown {here}, library.", "version": here, "line": LINE}


def references_of(told: Mapping[str, Any] | Sequence[Any]) -> list[dict[str, str]]:
    """Return the sources in order; only addresses of the web become links."""
    entries = told.values() if isinstance(told, Mapping) else told
    out: dict[str, dict[str, str]] = {}
    for entry in entries:
        if isinstance(entry, Mapping) and entry.get("cite"):
            link = str(entry.get("link") or "")
            safe = link if link.startswith(("https://", "http://")) else ""
            out[str(entry["cite"])] = {"cite": str(entry["cite"]), "link": safe, "where": "" if safe else link}
    return [out[cite] for cite in sorted(out)]
