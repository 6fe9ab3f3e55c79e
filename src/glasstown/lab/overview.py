"""What the library holds, and what a scenario will do, in order."""

from __future__ import annotations

from ..columns import CITIZEN
from ..engine import shelf
from ..engine.scenario import MODELS, load_parts
from ..engine.stages import STAGES
from ..files import load
from ..quantities import cited_values
from .table import Table

__all__ = ["library", "plan_text"]


def library() -> Table:
    """Return what comes with Glasstown: kind, name, title, what it changes, how many values are sourced or assumed."""
    import pyarrow as pa

    rows = []
    for kind, model in MODELS.items():
        for name in shelf.names(kind):
            value = load(shelf.find(kind, name), model).value
            statuses = [cited.status for _, cited in cited_values(value)]
            rows.append(
                {
                    "kind": kind,
                    "name": name,
                    "title": getattr(value, "title", ""),
                    "of": getattr(value, "of", ""),
                    "subjects": _subjects(value),
                    "in force": statuses.count("in force"),
                    "reported": statuses.count("reported"),
                    "assumed": statuses.count("assumed"),
                    "references": len(getattr(value, "references", {})),
                }
            )
    return Table(pa.Table.from_pylist(rows), "The library")


def _subjects(value: object) -> str:
    """Return the classes of subjects that a file is about, where it is about others than citizens."""
    parts = [*getattr(value, "acts", {}).values(), *getattr(value, "requests", {}).values()]
    named = {*getattr(value, "subjects", ()), *getattr(value, "classes", {}), *(part.subject for part in parts)}
    return ", ".join(sorted(named)) if named - {CITIZEN} else ""


def plan_text(scenario: str) -> str:
    """Return the stages of a scenario's window in order: what each reads and what it writes."""
    parts = load_parts(scenario)
    clock = parts.scenario.clock()
    sides = " beside ".join(side.name for side in parts.schemes)
    lines = [
        f"{parts.scenario.scenario}: {parts.scenario.title}",
        f"{parts.citizens:,} citizens, {clock.windows} windows of {clock.months} month(s) from {clock.start}",
        f"sides: {sides}",
        f"{len(parts.conduct.value.acts)} kinds of act, {len(parts.sources.value.keepers)} sources, "
        f"{len(parts.doors.value.requests)} doors, "
        + ", ".join(f"{len(side.model.rules)} rules in {side.name}" for side in parts.schemes),
        "",
    ]
    for at, stage in enumerate(STAGES, 1):
        lines.append(f"{at}. {stage.title}  ({stage.when})")
        lines.append(f"   {stage.does}")
        lines.append(f"   reads   {', '.join(stage.reads)}")
        lines.append(f"   writes  {', '.join(stage.writes)}")
    return "\n".join(lines)
