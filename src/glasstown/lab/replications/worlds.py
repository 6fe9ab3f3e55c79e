"""Small worlds for replications, written in a few lines of code in place of six files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ...clock import Clock
from ...engine.loop import SideOutcome, simulate
from ...engine.program import Program
from ...engine.small import compile_small

__all__ = ["ASSUMED", "act", "cited", "keeper", "lived", "rule", "stock", "total", "world"]

ASSUMED = {"status": "assumed", "note": "Set for this replication."}
Parts = dict[str, Any]


def cited(value: float) -> Parts:
    """Return an assumed value as a file holds it."""
    return {"value": value, **ASSUMED}


def act(per_year: float, domain: str = "commercial", good: bool = False, **by: Mapping[str, float]) -> Parts:
    """Return a kind of act with its rate and multipliers, which responds to nothing."""
    rate = {"per_year": per_year, "by": {trait: dict(levels) for trait, levels in by.items()}, **ASSUMED}
    return {"title": "An act of this kind", "domain": domain, "lawful": good, "good": good, "rate": rate}


def keeper(
    records: Mapping[str, Any],
    false: Mapping[str, float] | None = None,
    *,
    wrong: float = 0.0,
    stale: float = 0.0,
    extra_days: float = 365.0,
) -> Parts:
    """Return a source: share seen by kind (or a whole coverage), false records a year, wrong and stale shares."""
    seen = {kind: {**(c if isinstance(c, dict) else cited(c))} for kind, c in records.items()}
    return {
        "title": "A keeper of records",
        "records": {kind: {"coverage": coverage, "delay_days": [0, 0]} for kind, coverage in seen.items()},
        "wrong_subject": cited(wrong),
        "false_records": {kind: {"per_year": value, **ASSUMED} for kind, value in (false or {}).items()},
        "stale": {"share": cited(stale), "extra_days": cited(extra_days)},
        "repair": cited(0),
        "objection": {"notice": cited(0), "objects": cited(0), "upheld": cited(0), "days": cited(30)},
    }


def rule(record: str, points: Any, domain: str = "commercial", **more: Any) -> Parts:
    """Return an assumed rule as a file holds it."""
    return {"record": record, "title": record, "domain": domain, "points": points, **more, **ASSUMED}


def world(
    citizens: int,
    years: int,
    *,
    traits: Mapping[str, Mapping[str, float]],
    acts: Parts,
    keepers: Parts,
    scheme: Parts,
    doors: Parts | None = None,
    groups: tuple[str, ...] = (),
    seed: int = 1,
) -> Program:
    """Compile a world of adults in one place.

    Parameters
    ----------
    traits : shares of the levels of each trait; all are known to us alone.
    scheme : what a scheme's file holds beside its name, title, status and start.
    groups : traits by which tables are kept.
    """
    society = {
        "society": "small",
        "title": "Small",
        "groups": list(groups),
        "traits": {name: {"title": name, "sees": "truth", "levels": list(levels)} for name, levels in traits.items()},
        "chances": {name: {"table": {"all": dict(levels)}, **ASSUMED} for name, levels in traits.items()},
    }
    response = {
        "start_risk": cited(0),
        "deterrence": {"certainty": cited(0), "severity": cited(0)},
        "silence": {"level": cited(0), "severity": cited(0)},
        "stress": {"strength": cited(0), "per_refusal": cited(0), "half_life_months": cited(6)},
        "gaming": {"strength": cited(0), "reach": cited(20)},
        "crowding-out": {"strength": cited(0), "recovery_months": cited(12)},
        "incapacitation": {"factor": cited(1)},
    }
    start = {"points": 1000, **ASSUMED}
    small = {"scheme": "small", "title": "Small", "status": "assumed", "start": start, "ceiling": 2000, **scheme}
    return compile_small(
        Clock(date(2013, 1, 1), 12 * years),
        citizens,
        society=society,
        conduct={"conduct": "small", "title": "Small", "acts": acts, "response": response},
        sources={"sources": "small", "title": "Small", "keepers": keepers},
        doors={"doors": "small", "title": "Small", "requests": doors or {"door": _door(0.1)}},
        schemes=[small],
        seed=seed,
    )


def _door(per_year: float, **more: Any) -> Parts:
    refusal = {"share": 0.0, **ASSUMED}
    rate = {"per_year": per_year, **ASSUMED}
    return {"title": "A door", "domain": "social", "rate": rate, "ordinary_refusal": refusal, **more}


def scarce(places_per_1000: float) -> Parts:
    """Return a scarce door at which everybody asks about once a year."""
    return _door(1.0, scarce={"places_per_1000": cited(places_per_1000), "month": 6})


def lived(program: Program, replicate: int = 0) -> SideOutcome:
    """Live a world; return its first side, with everybody's state."""
    return simulate(program, replicate).sides[0]


def total(program: Program, outcome: SideOutcome, measure: str, side: int = 0) -> dict[str, int]:
    """Return a measure's totals over the run, by item."""
    return program.catalogues[side].by_item(measure, outcome.place.sum(axis=(0, 1)))


def stock(program: Program, outcome: SideOutcome, measure: str, side: int = 0, window: int = -1) -> dict[str, int]:
    """Return how a measure stands at one window's end, by item."""
    return program.catalogues[side].by_item(measure, outcome.place[window].sum(axis=0))
