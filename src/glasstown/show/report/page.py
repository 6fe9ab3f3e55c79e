"""The report: one HTML file with everything in it, that asks nothing of any network."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...lab.citing import references_of
from ...lab.findings import Findings, RunLike, between, caveat, findings, lasting, number, percent
from ...lab.folder import write_text
from .charts import charts

__all__ = ["render", "write_report"]

MOST_ASSUMED = 400
SENTENCES = {
    "running": "This run has not finished: what follows is not its result.",
    "interrupted": "This run was interrupted: what follows is not its whole result.",
    "failed": "This run failed: what follows is not its result.",
}


def write_report(run: RunLike, path: str | Path, *, life: Mapping[str, Any] | None = None) -> Path:
    """Write the report of a run as one self-contained HTML file.

    Parameters
    ----------
    run : anything with a manifest and tables.
    path : the file; what stood there before stays until the new one is whole.
    life : one life to tell: ``{"id": 4711, "about": "…", "lines": [{"date", "text", "side"}, …]}``, where
        `side` is ``scheme``, ``pair`` or ``both``.
    """
    return write_text(path, render(run, life))


def render(run: RunLike, life: Mapping[str, Any] | None = None) -> str:
    """Return the report of a run as HTML."""
    import jinja2

    here = files(__package__)
    page = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    page.filters.update(number=number, percent=percent, grouped=lambda count: f"{int(count):,}")
    page.globals.update(between=between)
    found = findings(run)
    template = page.from_string(here.joinpath("report.html.j2").read_text(encoding="utf-8"))
    text: str = template.render(
        style=here.joinpath("report.css").read_text(encoding="utf-8"),
        found=found,
        m=found.manifest,
        title=str(found.manifest.get("title") or found.manifest.get("scenario") or "A run"),
        charts=charts(found),
        lede=_lede(found),
        caveat=caveat(found.manifest),
        warning=_warning(found),
        assumed=_assumed(found.manifest),
        references=references_of(found.manifest.get("references", {})),
        versions=_versions(found.manifest),
        cite=_cite(found),
        life=_life(life),
    )
    return text


def _lede(found: Findings) -> str:
    manifest, sheet = found.manifest, found.balance
    people = f"{int(manifest['citizens']):,} people whom the computer invented"
    others = [f"{told['units']:,} {told['plural']}" for told in manifest.get("classes", {}).values()]
    people += f" (and {', '.join(others)})" if others else ""
    where = f"lived for {_years(found.years)} under “{sheet.scheme_title}”"
    if not found.paired:
        return f"{people} {where}. There is no second world in this run to compare with."
    return f"{people} {where}, and the same people, with the same luck, under “{sheet.pair_title}”."


def _years(years: float) -> str:
    text = f"{years:g}"
    return {"1": "one year", "2": "two years", "3": "three years", "5": "five years"}.get(text, f"{text} years")


def _warning(found: Findings) -> str:
    parts = [SENTENCES.get(str(found.manifest.get("status", "finished")), "")]
    if found.broken:
        first = found.broken[0]
        parts.append(
            f"The tables of this run do not hold together ({len(found.broken)} sums do not come out; "
            f"the first: {first}). Do not use its numbers."
        )
    return " ".join(part for part in parts if part)


def _assumed(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the assumed values by the file that they stand in."""
    out: dict[str, list[str]] = {}
    for path in list(manifest.get("assumed", ()))[:MOST_ASSUMED]:
        first, _, rest = str(path).partition(".")
        out.setdefault(first, []).append(rest or first)
    return out


def _versions(manifest: Mapping[str, Any]) -> str:
    told = manifest.get("versions")
    return ", ".join(f"{name} {version}" for name, version in told.items()) if isinstance(told, Mapping) else ""


def _cite(found: Findings) -> str:
    manifest, sheet = found.manifest, found.balance
    sides = f"“{sheet.scheme_title}”" + (f" against “{sheet.pair_title}”" if found.paired else "")
    parts = [
        f"Glasstown {manifest.get('glasstown', '')}",
        f"scenario “{manifest.get('title') or manifest.get('scenario', '')}”",
        sides,
        f"{int(manifest['citizens']):,} synthetic citizens",
        f"{lasting(found.years)} from {manifest.get('start', '')}",
        f"seed {manifest['seed']}",
        f"{manifest['replicates']} replicate{'' if manifest['replicates'] == 1 else 's'}",
    ]
    if manifest.get("tables_hash"):
        parts.append(f"compiled tables {str(manifest['tables_hash'])[:16]}")
    return ", ".join(parts) + "."


def _life(life: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if life is None:
        return None
    sides = {"scheme": "with the scheme", "pair": "without it", "both": "in both worlds"}
    lines = [
        {
            "date": str(line.get("date", "")),
            "text": str(line.get("text", "")),
            "side": str(line.get("side", "")),
            "where": sides.get(str(line.get("side", "")), ""),
        }
        for line in life.get("lines", ())
    ]
    return {
        "id": str(life.get("id", "")),
        "subject": str(life.get("subject", "citizen")),
        "about": str(life.get("about", "")),
        "lines": lines,
    }
