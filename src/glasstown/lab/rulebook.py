"""A scheme as the page shows it: every rule with its points, its line in the file and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..cited import CitedValue
from ..engine.scenario import ConductModel, DoorsModel
from ..files import Loaded
from ..scheme.types import DOMAINS, SchemeModel

if TYPE_CHECKING:
    from ..scheme.types import DoorRule, Rule

__all__ = ["rulebook"]


def rulebook(
    model: SchemeModel,
    loaded: Loaded[Any] | None = None,
    conduct: ConductModel | None = None,
    doors: DoorsModel | None = None,
) -> dict[str, Any]:
    """Return a scheme as plain data.

    Parameters
    ----------
    loaded : its file, for the lines; without one (a patched scheme) lines are 0.
    conduct, doors : what its acts and doors are called, where that is known.
    """

    def line(*place: str) -> int:
        return loaded.place(place)[0] if loaded else 0

    return {
        "name": model.scheme,
        "title": model.title,
        "about": model.about,
        "jurisdiction": model.jurisdiction,
        "status": model.status,
        "start": model.start.points,
        "floor": model.floor,
        "ceiling": model.ceiling,
        "min_age": model.min_age,
        "domains": [{"name": domain, "weight": model.weight(domain)} for domain in DOMAINS],
        "bands": [
            {
                "name": name,
                "title": model.bands[name].title,
                "from": model.bands[name].from_,
                "under": model.bands[name].under or "",
                **_rests(model.bands[name]),
            }
            for name in model.bands_upward()
            if name in model.bands
        ],
        "rules": [_rule(name, rule, conduct) | {"line": line("rules", name)} for name, rule in model.rules.items()],
        "doors": [_door(name, rule, doors) | {"line": line("doors", name)} for name, rule in model.doors.items()],
        "lists": [
            {"name": name, "title": one.title, "exit": one.exit, "public": one.public, **_rests(one)}
            for name, one in model.lists.items()
        ],
        "caps": [{"name": name, "points": one.most, "per": one.per, **_rests(one)} for name, one in model.caps.items()],
        "documents": {key: reference.cite for key, reference in model.references.items()},
    }


def _rests(value: CitedValue) -> dict[str, str]:
    return {
        "status": value.status,
        "source": value.source,
        "article": str(getattr(value, "article", "")),
        "note": value.note,
    }


def _rule(name: str, rule: Rule, conduct: ConductModel | None) -> dict[str, Any]:
    act = conduct.acts.get(rule.record) if conduct else None
    period = rule.valid
    return {
        "name": name,
        "title": rule.title,
        "record": rule.record,
        "record_title": act.title if act else rule.record,
        "lawful": bool(act and act.lawful),
        "sources": None if rule.sources == "all" else list(rule.sources),
        "domain": rule.domain,
        "low": rule.low,
        "high": rule.high,
        "term_months": rule.term_months,
        "repair_after_months": rule.repair_after_months,
        "cap": rule.cap or "",
        "list": rule.list_ or "",
        "grade": rule.grade or "",
        "when": rule.when or "",
        "from": str(period.from_) if period and period.from_ else None,
        "until": str(period.until) if period and period.until else None,
        **_rests(rule),
    }


def _door(name: str, rule: DoorRule, doors: DoorsModel | None) -> dict[str, Any]:
    door = doors.requests.get(name) if doors else None
    refuse = rule.refuse
    return {
        "name": name,
        "title": door.title if door else name,
        "domain": door.domain if door else "",
        "score_below": refuse.score_below if refuse else None,
        "grades": list(refuse.grades) if refuse else [],
        "lists": list(refuse.lists) if refuse else [],
        "priority": rule.priority,
        **_rests(rule),
    }
