"""What a scheme does beside points: losses passed on, inspections by grade, officials who step in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from ..clock import Clock
from ..columns import CITIZEN, Names
from ..errors import UnknownName
from ..quantities import Trouble
from .bytecode import STACK, assemble, resolve, stack_needed, too_large
from .expressions import ATTRIBUTES, Expr, ExpressionFault, names_in, parse
from .types import PassesOn, Period, Quota, Rule, SchemeModel, Tie

__all__ = ["TIES", "Power", "check_power", "compile_power"]

TIES: tuple[Tie, ...] = (
    "partner",
    "household",
    "parent",
    "friends",
    "neighbours",
    "colleagues",
    "owner",
    "firms",
    "same-owner",
    "staff",
    "employer",
    "customers",
    "shops",
)
"""Ties over which losses can be passed on, in the order of their bits."""
UNIT_TIES = ("owner", "same-owner", "staff", "customers")
"""Ties of companies and other classes; the rest are ties of citizens."""
WEIGHT = 1000
SHARE = 1 << 32
I32 = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Power:
    """The same as tables.

    Attributes
    ----------
    pass_ties, pass_share, pass_held : by rule: ties as bits (0: nobody), percent of the points, whether lists too.
    visit_weight : by band, in thousandths.
    friends, code, friends_tree : where the condition that says who is favoured begins in the scheme's code (-1 for
        nobody), its code, and the same as a tree.
    spare, press_chance : chances that a friend's loss is not posted, that a critic's is raised, in 2³².
    critics : position of the list whose members are pressed; -1 for none.
    press : percent by which they lose more.
    quota : losses for each million people scored and month; 0 for no quota.
    quota_record, quota_source : what is made up, and who is said to have written it; "" for nothing.
    """

    pass_ties: I32
    pass_share: I32
    pass_held: I32
    visit_weight: I32
    friends: int
    code: tuple[int, ...]
    friends_tree: Expr | None
    spare: int
    press_chance: int
    critics: int
    press: int
    quota: int
    quota_record: str
    quota_source: str


def compile_power(model: SchemeModel, rules: list[Rule], names: Names, at: int) -> Power:
    """Return the tables; the condition's code will stand at `at` of the scheme's code."""
    one = model.discretion
    tree = resolve(parse(one.friends, names.traits, ()), names.traits, ()) if one and one.friends else None
    code = assemble(tree, names.traits) if tree is not None else []
    steered = model.inspections.by_grade if model.inspections else {}
    passing = [rule.passes_on for rule in rules]
    return Power(
        pass_ties=_i32(sum(1 << TIES.index(tie) for tie in set(one.to)) if one else 0 for one in passing),
        pass_share=_i32(one.share if one else 0 for one in passing),
        pass_held=_i32(int(one.held) if one else 0 for one in passing),
        visit_weight=_i32(round(WEIGHT * steered.get(band, 1.0)) for band in model.bands_upward()),
        friends=at if code else -1,
        code=tuple(code),
        friends_tree=tree,
        spare=_chance(one.share * one.spare) if one else 0,
        press_chance=_chance(one.share) if one and one.critics else 0,
        critics=model.holds().index(one.critics) if one and one.critics else -1,
        press=one.press if one else 0,
        quota=round(one.quota.per_1000 * 1000) if one and one.quota else 0,
        quota_record=one.quota.record if one and one.quota else "",
        quota_source=one.quota.source if one and one.quota else "",
    )


def _chance(share: float) -> int:
    return min(round(share * SHARE), SHARE)


def _i32(values: Iterable[int]) -> I32:
    return np.array(list(values), dtype=np.int32)


def check_power(
    model: SchemeModel,
    names: Names | None,
    clock: Clock | None = None,
    coverage: Mapping[str, Collection[str]] | None = None,
) -> Iterator[Trouble]:
    """Yield place, message and hint for all that does not hold in what a scheme does beside points."""
    for name, rule in model.rules.items():
        yield from _passes_on(name, rule)
        if names is not None and rule.passes_on is not None and rule.record in names.kinds:
            yield from _ties(name, rule.passes_on, names.subject(rule.record))
    if model.inspections is not None:
        for band in model.inspections.by_grade:
            if band not in model.bands:
                yield _unknown(("inspections", "by_grade", band), "band", band, model.bands)
        if model.bands and not any(model.inspections.by_grade.get(band, 1.0) for band in model.bands):
            yield (
                ("inspections", "by_grade"),
                "nobody is ever visited: every grade has 0",
                "give some grade more than 0",
            )
    yield from _discretion(model, names)
    if model.discretion is not None and model.discretion.quota is not None:
        yield from _quota(model, model.discretion.quota, clock, coverage)


def _unknown(place: tuple[str, ...], what: str, name: str, known: Iterable[str]) -> Trouble:
    error = UnknownName(what, name, known)
    return place, error.message, error.hint


def _passes_on(name: str, rule: Rule) -> Iterator[Trouble]:
    one = rule.passes_on
    if one is None:
        return
    here = ("rules", name, "passes_on")
    if len(set(one.to)) != len(one.to):
        yield (*here, "to"), "a tie stands here twice", ""
    held = rule.grade is not None or rule.list_ is not None
    if one.held and not held:
        yield (*here, "held"), "the rule has neither a list nor a grade to pass on", 'leave "held" out'
    if rule.low >= 0 and not (one.held and held):
        yield here, "there is no loss to pass on: the rule takes no points", ""


def _ties(name: str, one: PassesOn, subject: str) -> Iterator[Trouble]:
    """Yield each tie that whoever the record is about cannot have."""
    for at, tie in enumerate(one.to):
        if (tie in UNIT_TIES) == (subject == CITIZEN):
            able = ", ".join(other for other in TIES if (other in UNIT_TIES) != (subject == CITIZEN))
            yield ("rules", name, "passes_on", "to", str(at)), f'a {subject} has no tie named "{tie}"', f"use {able}"


def _discretion(model: SchemeModel, names: Names | None) -> Iterator[Trouble]:
    one, here, rules = model.discretion, ("discretion",), model.rules.values()
    if one is None:
        return
    if one.friends:
        yield from _friends((*here, "friends"), one.friends, names)
    elif one.spare:
        yield (*here, "spare"), "nobody is spared: it is not said who the friends are", 'give it "friends"'
    if one.critics is not None and one.critics not in model.lists:
        yield _unknown((*here, "critics"), "list", one.critics, model.lists)
    if one.press and one.critics is None:
        yield (*here, "press"), "nobody is pressed: it is not said who the critics are", 'give it "critics", a list'
    if not (one.spare or one.press or one.quota):
        yield here, "officials do nothing with their discretion", "give it spare, press or quota"
    if one.quota is not None and names is not None:
        place = (*here, "quota")
        if one.quota.record not in names.kinds:
            yield _unknown((*place, "record"), "kind of record", one.quota.record, names.kinds)
        elif names.subject(one.quota.record) != CITIZEN:
            yield (*place, "record"), "quotas are of citizens; this is done by another class of subjects", ""
        elif one.quota.source not in names.sources:
            yield _unknown((*place, "source"), "source", one.quota.source, names.sources)
        elif not any(_takes(rule, one.quota.record, one.quota.source) for rule in model.rules.values()):
            able = sorted(name for name in names.sources if any(_takes(r, one.quota.record, name) for r in rules))
            hint = f"rules take it from: {', '.join(able)}" if able else "give a rule that takes points for it"
            told = "a record that is made up costs nobody anything: no rule takes for it"
            yield (*place, "source" if able else "record"), told, hint


def _quota(
    model: SchemeModel, quota: Quota, clock: Clock | None, coverage: Mapping[str, Collection[str]] | None
) -> Iterator[Trouble]:
    """Yield why a quota cannot be met, though all that it names is there."""
    place = ("discretion", "quota")
    taking = [rule for rule in model.rules.values() if _takes(rule, quota.record, quota.source)]
    if CITIZEN not in model.subjects:
        yield place, "the quota cannot be met: it is of citizens, and the scheme scores none", "leave it out"
    if not taking:
        return
    if coverage is not None and quota.record not in coverage.get(quota.source, (quota.record,)):
        able = ", ".join(sorted(source for source, kinds in coverage.items() if quota.record in kinds))
        message = f'the quota cannot be met: "{quota.source}" writes no record of "{quota.record}"'
        yield (*place, "source"), message, f"those who do: {able}" if able else "no source does"
    if clock is not None and not any(_within(rule.valid, clock) for rule in taking):
        message = f'the quota cannot be met: no rule takes for "{quota.record}" while the scenario lasts'
        yield (*place, "record"), message, "look at the rules' dates (valid)"
    asked = quota.per_1000 * 12 / 1000
    most = [_times(model, rule) for rule in taking]
    if asked > (able_to := sum(most)):
        message = f"the quota cannot be met: {asked:g} losses for each person and year, and caps allow {able_to:g}"
        yield (*place, "per_1000"), message, f"at most {int(able_to * 1000 / 12)}, or no cap on the rules that take"


def _times(model: SchemeModel, rule: Rule) -> float:
    """Return how often a year a rule can take from one person before its cap is full."""
    if rule.cap is None or rule.cap not in model.caps or rule.high >= 0:
        return float("inf")
    return -(-model.caps[rule.cap].most // -rule.high)


def _within(period: Period | None, clock: Clock) -> bool:
    last = clock.date_of(clock.first_day(clock.windows)) - timedelta(days=1)
    return Period.model_validate({"from": clock.start, "until": last}).meets(period)


def _takes(rule: Rule, record: str, source: str) -> bool:
    lasts = rule.grade is not None or rule.list_ is not None
    return rule.record == record and (rule.sources == "all" or source in rule.sources) and (rule.low < 0 or lasts)


def _friends(place: tuple[str, ...], text: str, names: Names | None) -> Iterator[Trouble]:
    try:
        tree = parse(text, names.traits if names else None, ())
    except ExpressionFault as wrong:
        yield place, wrong.message, wrong.hint
        return
    if about := sorted(set(names_in(tree)) & set(ATTRIBUTES)):
        yield place, f'"{about[0]}" is of a record, not of a person', "name traits that registers know"
    elif stack_needed(tree) > STACK or too_large(tree):
        yield place, "the condition counts with numbers that are too large", "make it simpler"
