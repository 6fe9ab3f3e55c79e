"""What a run says of itself: its manifest."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from ..engine.program import Program
from ..engine.scenario import Parts
from ..scheme.ranges import unknowns
from .outcome_tables import SIDES
from .parting import same_until

__all__ = ["manifest_of", "now"]


def now() -> str:
    """Return the time as a manifest writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def manifest_of(parts: Parts, program: Program, assumed: Sequence[str] | None = None) -> dict[str, Any]:
    """Return what a run says of itself before it is lived.

    Parameters
    ----------
    assumed : places of the assumed values, where they are known already.
    """
    scenario = parts.scenario
    acts, doors = parts.conduct.value.acts, parts.doors.value.requests
    return {
        "glasstown": version("glasstown"),
        "scenario": scenario.scenario,
        "title": _title(parts),
        "about": scenario.about,
        "sides": [
            {
                "name": name,
                "scheme": side.name,
                "title": side.title,
                "subjects": list(side.model.subjects),
                "bands": list(compiled.band_names),
                "start": compiled.start,
            }
            for name, side, compiled in zip(SIDES, parts.schemes, program.schemes, strict=False)
        ],
        "same_until": same_until(parts),
        "society": parts.society.value.society,
        "citizens": program.society.n,
        "subjects": len(program.shared.adults),
        "classes": {
            units.name: {
                "title": told.title,
                "plural": told.plural,
                "units": units.n,
                "first": int(units.numbers[0]) if units.n else None,
                "last": int(units.numbers[-1]) if units.n else None,
                "groups": list(units.groups),
                "owned": told.owners is not None,
            }
            for units in program.society.classes
            for told in (parts.society.value.classes[units.name],)
        },
        "years": scenario.years,
        "windows": program.clock.windows,
        "start": scenario.start.isoformat(),
        "window_months": scenario.window_months,
        "seed": scenario.seed,
        "replicates": scenario.replicates,
        "cell": int(program.cells[:, 1].max()),
        "switches": {str(name): on for name, on in scenario.switches.items()},
        "tables_hash": program.digest,
        "groups": list(program.society.groups),
        "kinds": {
            kind: {
                "title": act.title,
                "subject": act.subject,
                "domain": act.domain,
                "sought": act.sought,
                "lawful": act.lawful,
                "speech": act.speech,
                "good": act.good,
                "cheap": act.cheap,
                "harm_yuan": act.harm.yuan if act.harm else None,
                "victim": act.harm.victim if act.harm else "none",
            }
            for kind, act in sorted(acts.items())
        },
        "doors": {
            name: {"title": door.title, "subject": door.subject, "domain": door.domain, "for": door.asks_for}
            for name, door in sorted(doors.items())
        },
        "references": {
            key: {"cite": reference.cite, "link": reference.link}
            for key, reference in sorted(parts.references().items())
        },
        "assumed": parts.assumed() if assumed is None else list(assumed),
        "ranges": [
            {"side": name, "place": one.name, "from": one.low, "to": one.high, "value": one.value}
            for name, side in zip(SIDES, parts.schemes, strict=False)
            for one in unknowns(side.model)
        ],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "numba", "pyarrow")},
        },
        "machine": {"cores": os.cpu_count(), "arch": platform.machine(), "system": sys.platform},
        "began": now(),
    }


def _title(parts: Parts) -> str:
    """Return what the run is called: the scenario's title, unless its schemes or dates were changed."""
    told, run = parts.file.value, parts.scenario
    if (told.scheme, told.pair, told.years) == (run.scheme, run.pair, run.years):
        return run.title
    last = run.start.year + run.years - 1
    when = f"{run.start.year}" if run.years == 1 else f"{run.start.year} to {last}"
    return " beside ".join(side.title for side in parts.schemes) + f", {when}"
