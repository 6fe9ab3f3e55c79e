"""From when on the two schemes of a pair differ: what differs in their rules by date alone leaves both sides alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ..engine.scenario import Parts
from ..scheme.types import Period, Rule, SchemeModel

__all__ = ["same_until"]

_TELLS = {"status", "source", "note", "article", "title"}
"""What a rule says of itself, and what nothing hangs on."""
_NAMES = {"scheme", "title", "about", "jurisdiction", "version", "status", "period", "references", "rules"}
_NAMES |= {"publish", "notice", "appeal"}


def same_until(parts: Parts) -> str | None:
    """Return the first day on which the two schemes differ, where it comes after the scenario's first; else None.

    That is so where one is the other with rules that end or begin on a date.
    """
    if len(parts.schemes) < 2:
        return None
    one, other = (side.model for side in parts.schemes)
    if one.model_dump(exclude=_NAMES) != other.model_dump(exclude=_NAMES):
        return None
    start = parts.scenario.start
    days = [day for name in {*one.rules, *other.rules} for day in _differs(one, other, name, start)]
    first = min(days, default=None)
    return first.isoformat() if first is not None and first > start else None


def _differs(one: SchemeModel, other: SchemeModel, name: str, start: date) -> Iterator[date]:
    """Yield the first day from a start on which a rule does not do the same under both schemes, if there is one."""
    rules = one.rules.get(name), other.rules.get(name)
    alike = _does(rules[0]) == _does(rules[1])
    for day in sorted({start, *(day for rule in rules for day in _turns(rule) if day > start)}):
        holds = [rule is not None and _covers(rule.valid, day) for rule in rules]
        if holds[0] != holds[1] or (any(holds) and not alike):
            yield day
            return


def _does(rule: Rule | None) -> object:
    return None if rule is None else rule.model_dump(exclude=_TELLS | {"valid"})


def _turns(rule: Rule | None) -> Iterator[date]:
    """Yield the days on which a rule begins to hold, or no longer does."""
    if rule is not None and rule.valid is not None:
        if rule.valid.from_:
            yield rule.valid.from_
        if rule.valid.until:
            yield rule.valid.until + timedelta(days=1)


def _covers(period: Period | None, day: date) -> bool:
    return period is None or period.meets(Period.model_validate({"from": day, "until": day}))
