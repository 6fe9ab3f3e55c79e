"""Schemes as flat tables of integers: what the kernels read.

The order of things in a file changes nothing: rules stand sorted by record kind and name, everything else by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..clock import Clock
from ..columns import Names
from ..errors import Fault, FileFaults
from ..files import show_path
from .bytecode import assemble, resolve
from .checks import check_scheme
from .expressions import Expr, evaluate, parse
from .power import Power, compile_power
from .profile import Ceiling, compile_ceilings, compile_profile
from .types import DOMAINS, Period, Rule, SchemeModel, term_days

__all__ = ["NEVER", "CompiledScheme", "compile_scheme"]

I32 = npt.NDArray[np.int32]
U32 = npt.NDArray[np.uint32]
U8 = npt.NDArray[np.uint8]

NEVER = -32_768
"""Score below every other: a door that refuses below it refuses nobody."""
OPEN = 2**30
EVERYBODY = 2**32 - 1
FULL_REWARD = 50
PRIORITY = {"lottery": 0, "score": 1, "grade": 2}


@dataclass(frozen=True, eq=False)
class CompiledScheme:
    """A scheme's tables.

    Attributes
    ----------
    subjects : mask over the classes of subjects that are scored, citizens first.
    weights : percent of each domain, in the order political, commercial, social, legal.
    decay : points that return towards the start in one window.
    band_names, band_from : bands from worst to best and their lowest scores.
    rule_start : rules of kind ``k`` are ``rule_start[k]`` to ``rule_start[k + 1]``.
    rule_low, rule_high : points for the mildest and the gravest record.
    rule_term, rule_repair : days until a posting ends; -1 for never.
    rule_cap, rule_hold : cap and slot of a list or forced grade; -1 for none.
    rule_sources : mask over sources.
    rule_from, rule_until : days from the scenario's start, both included.
    rule_when : offset into `code`; -1 for no condition.
    conditions : the same conditions as trees, for the plain account.
    hold_grade : band that caps the grade while a slot is held; -1 for lists.
    hold_removal : days from doing what is owed until a list is left; -1 where it is not left so.
    hold_lock, hold_lock_days : slot that bars a new entry after that, and for how long; -1 for none.
    profile_start, profile, profile_points : points by traits; see :mod:`glasstown.scheme.profile`.
    ceilings : bands that nobody of some traits can be above.
    door_score, door_grades, door_holds, door_priority : what the scheme does to each door.
    door_named : whether the scheme names the door at all; a privilege that it does not name, it does not grant.
    power : losses passed on, inspections, officials.
    consent : a subject consents if its word is below; all do at 2**32 - 1.
    severity, reward : how grave and how rewarding a kind looks, 0 to 255.
    same_domain : whether only the records of a door's own domain can close it.
    grace : days that a record of a kind waits before it is posted.
    """

    name: str
    start: int
    floor: int
    ceiling: int
    min_age: int
    subjects: int
    weights: I32
    decay: int
    band_names: tuple[str, ...]
    band_from: I32
    rule_names: tuple[str, ...]
    rule_start: I32
    rule_low: I32
    rule_high: I32
    rule_domain: I32
    rule_term: I32
    rule_repair: I32
    rule_cap: I32
    rule_hold: I32
    rule_sources: U32
    rule_from: I32
    rule_until: I32
    rule_when: I32
    code: I32
    conditions: tuple[Expr | None, ...]
    cap_names: tuple[str, ...]
    cap_limit: I32
    hold_names: tuple[str, ...]
    hold_grade: I32
    hold_list: npt.NDArray[np.bool_]
    hold_removal: I32
    hold_lock: I32
    hold_lock_days: I32
    profile_start: I32
    profile: I32
    profile_points: I32
    ceilings: tuple[Ceiling, ...]
    door_score: I32
    door_grades: U32
    door_holds: U32
    door_priority: I32
    door_named: npt.NDArray[np.bool_]
    power: Power
    consent: int
    severity: U8
    reward: U8
    same_domain: bool
    grace: I32

    def holds(self, rule: int, values: Mapping[str, int], *, amount: int, late: int, source: int) -> bool:
        """Return whether a rule's condition holds, from its tree; a rule without one always does.

        Parameters
        ----------
        values : value of each trait by name.
        """
        tree = self.conditions[rule]
        if tree is None:
            return True
        return bool(evaluate(tree, {**values, "amount": amount, "late": late, "source": source}))


def compile_scheme(model: SchemeModel, names: Names, clock: Clock) -> CompiledScheme:
    """Return a scheme's tables for a society's names and a scenario's dates.

    Raises
    ------
    FileFaults
        Where the scheme does not hold together or names what is not there.
    """
    troubles = list(check_scheme(model, names))
    if troubles:
        file = f"the scheme {model.scheme}"
        faults = [Fault(message, show_path(place), hint=hint, file=file) for place, message, hint in troubles]
        raise FileFaults(file, faults)
    kinds = {kind: at for at, kind in enumerate(names.kinds)}
    rules = sorted(model.rules.items(), key=lambda item: (kinds[item[1].record], item[0]))
    counts = np.bincount([kinds[rule.record] for _, rule in rules], minlength=len(kinds)) if rules else None
    start = np.zeros(len(kinds) + 1, np.int32)
    if counts is not None:
        start[1:] = np.cumsum(counts)
    severity, reward = _weight_of_kinds(model, names, clock)
    profile_start, profile, profile_points = compile_profile(model, names)
    tables = _rules([rule for _, rule in rules], model, names, clock)
    power = compile_power(model, [rule for _, rule in rules], names, len(tables["code"]))
    tables["code"] = np.append(tables["code"], np.array(power.code, np.int32))
    return CompiledScheme(
        name=model.scheme,
        start=model.start.points,
        floor=model.floor,
        ceiling=model.ceiling,
        min_age=model.min_age,
        subjects=_mask(names.subjects, model.subjects),
        weights=_i32(model.weight(domain) for domain in DOMAINS),
        decay=model.decay.points_per_month * clock.months if model.decay else 0,
        band_names=model.bands_upward(),
        band_from=_i32(model.thresholds()),
        rule_names=tuple(name for name, _ in rules),
        rule_start=start,
        consent=EVERYBODY if model.consent is None else min(round(model.consent.share * 2**32), EVERYBODY),
        severity=severity,
        reward=reward,
        same_domain=model.context == "same-domain",
        grace=_i32(model.grace_days(kind) for kind in names.kinds),
        profile_start=profile_start,
        profile=profile,
        profile_points=profile_points,
        ceilings=compile_ceilings(model, names),
        power=power,
        **tables,
        **_holds_and_doors(model, names),
    )


def _rules(rules: list[Rule], model: SchemeModel, names: Names, clock: Clock) -> dict[str, Any]:
    caps, holds = tuple(sorted(model.caps)), model.holds()
    code: list[int] = []
    when: list[int] = []
    trees: list[Expr | None] = []
    for rule in rules:
        tree = None
        traits = names.traits_of(names.subject(rule.record))
        if rule.when is not None:
            tree = resolve(parse(rule.when, traits, names.sources), traits, names.sources)
        trees.append(tree)
        when.append(-1 if tree is None else len(code))
        code.extend([] if tree is None else assemble(tree, traits, _traits_before(names, names.subject(rule.record))))
    periods = [rule.valid for rule in rules]
    return {
        "rule_low": _i32(rule.low for rule in rules),
        "rule_high": _i32(rule.high for rule in rules),
        "rule_domain": _i32(DOMAINS.index(rule.domain) for rule in rules),
        "rule_term": _i32(_days(rule.term_months) for rule in rules),
        "rule_repair": _i32(_days(rule.repair_after_months) for rule in rules),
        "rule_cap": _i32(_slot(caps, rule.cap) for rule in rules),
        "rule_hold": _i32(_slot(holds, rule.grade or rule.list_) for rule in rules),
        "rule_sources": _u32(_source_mask(rule, names) for rule in rules),
        "rule_from": _i32(clock.day_of(p.from_) if p and p.from_ else -OPEN for p in periods),
        "rule_until": _i32(clock.day_of(p.until) if p and p.until else OPEN for p in periods),
        "rule_when": _i32(when),
        "code": _i32(code),
        "conditions": tuple(trees),
        "cap_names": caps,
        "cap_limit": _i32(model.caps[name].most for name in caps),
    }


def _traits_before(names: Names, subject: str) -> int:
    """Return how many traits stand before those of a class in the table of all traits."""
    classes = names.subjects
    return sum(len(names.traits_of(other)) for other in classes[: classes.index(subject)])


def _holds_and_doors(model: SchemeModel, names: Names) -> dict[str, Any]:
    bands, holds, locks = model.bands_upward(), model.holds(), model.locks()
    grades: list[int] = []
    lists: list[int] = []
    scores: list[int] = []
    priority: list[int] = []
    for name in names.doors:
        door = model.door_rule(name)
        refuse = door.refuse if door else None
        grades.append(_mask(bands, refuse.grades) if refuse else 0)
        lists.append(_mask(holds, refuse.lists) if refuse else 0)
        scores.append(NEVER if refuse is None or refuse.score_below is None else refuse.score_below)
        priority.append(PRIORITY[door.priority or "lottery"] if door else 0)
    return {
        "hold_names": holds,
        "hold_grade": _i32(bands.index(name) if name in bands else -1 for name in holds),
        "hold_list": np.array([name in model.lists for name in holds], dtype=np.bool_),
        "hold_removal": _i32(_removal(model, name) for name in holds),
        "hold_lock": _i32(_slot(holds, locks.get(name)) for name in holds),
        "hold_lock_days": _i32(_days(model.lists[name].lock_months if name in locks else None) for name in holds),
        "door_score": _i32(scores),
        "door_grades": _u32(grades),
        "door_holds": _u32(lists),
        "door_priority": _i32(priority),
        "door_named": np.array([name in model.doors for name in names.doors], dtype=np.bool_),
    }


def _weight_of_kinds(model: SchemeModel, names: Names, clock: Clock) -> tuple[U8, U8]:
    """Return how grave and how rewarding each kind looks, beside the way from the start to the worst band.

    Rules that are never in force while the scenario lasts move nobody.
    """
    last = clock.date_of(clock.first_day(clock.windows) - 1)
    scenario = Period.model_validate({"from": clock.start, "until": last})
    finite = [band.from_ for band in model.bands.values() if band.from_ is not None]
    way = max(1, model.start.points - min(finite, default=model.floor))
    severity = np.zeros(len(names.kinds), np.uint8)
    reward = np.zeros(len(names.kinds), np.uint8)
    for at, kind in enumerate(names.kinds):
        rules = [r for r in model.rules.values() if r.record == kind and scenario.meets(r.valid)]
        held = any(rule.grade is not None or rule.list_ is not None for rule in rules)
        worst = max((-rule.low for rule in rules), default=0)
        best = max((rule.high for rule in rules), default=0)
        severity[at] = 255 if held else min(255, round(255 * max(worst, 0) / way))
        reward[at] = min(255, round(255 * max(best, 0) / FULL_REWARD))
    return severity, reward


def _removal(model: SchemeModel, name: str) -> int:
    found = model.lists.get(name)
    return found.removal_days if found is not None and found.exit == "performance" else -1


def _days(months: int | None) -> int:
    return -1 if months is None else term_days(months)


def _slot(names: tuple[str, ...], name: str | None) -> int:
    return -1 if name is None else names.index(name)


def _mask(names: tuple[str, ...], chosen: Iterable[str]) -> int:
    return sum(1 << names.index(name) for name in set(chosen))


def _source_mask(rule: Rule, names: Names) -> int:
    return _mask(names.sources, names.sources if rule.sources == "all" else rule.sources)


def _i32(values: Iterable[int]) -> I32:
    return np.array(list(values), dtype=np.int32)


def _u32(values: Iterable[int]) -> U32:
    return np.array(list(values), dtype=np.uint32)
