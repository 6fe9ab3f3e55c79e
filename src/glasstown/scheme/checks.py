"""What a scheme's file cannot say alone: whether it hangs together, and whether it fits a society and its dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from ..clock import Clock
from ..columns import CITIZEN, OLDEST, Names
from ..errors import Fault, UnknownName, did_you_mean
from ..files import Loaded
from ..quantities import Trouble, missing_references
from .bytecode import STACK, never, stack_needed, too_large
from .expressions import ATTRIBUTES, LATEST, MOST_AMOUNT, ExpressionFault, parse
from .power import check_power
from .profile import check_profile
from .types import Period, Rule, SchemeModel

__all__ = ["MOST_HOLDS", "MOST_POINTS", "Finding", "check_file", "check_scheme", "findings"]

MOST_POINTS = 2000
MOST_HOLDS = 14
MOST_BANDS = 31
_PARTS = {"cap": "caps", "list": "lists", "band": "bands"}

Coverage = Mapping[str, Collection[str]]
"""Kinds that each source can record."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: where, what, a hint, and the character within a condition."""

    place: tuple[str, ...]
    message: str
    hint: str = ""
    offset: int = 0

    def trouble(self) -> Trouble:
        """Return place, message and hint."""
        return self.place, self.message, self.hint


def check_scheme(
    model: SchemeModel,
    names: Names | None = None,
    clock: Clock | None = None,
    coverage: Coverage | None = None,
) -> Iterator[Trouble]:
    """Yield place in the file, message and hint for all that does not hold.

    Parameters
    ----------
    names : what the scheme may refer to; without them, only what the file says alone is checked.
    clock : dates of a scenario; with it, rules that cannot fire within them are found.
    coverage : kinds that each source records; with it, rules that no source feeds are found.
    """
    for finding in findings(model, names, clock, coverage):
        yield finding.trouble()


def check_file(
    loaded: Loaded[SchemeModel],
    names: Names | None = None,
    clock: Clock | None = None,
    coverage: Coverage | None = None,
) -> list[Fault]:
    """Return all that does not hold in a scheme's file, each with line and column; see :func:`check_scheme`."""
    out = []
    for finding in findings(loaded.value, names, clock, coverage):
        line, column = loaded.place(finding.place)
        if finding.offset and finding.place[-1] == "when":
            column += _shift(loaded, finding, line, column)
        fault = loaded.fault(finding.place, finding.message, finding.hint)
        out.append(Fault(fault.message, fault.path, line, column, fault.hint, fault.file))
    return out


def _shift(loaded: Loaded[SchemeModel], finding: Finding, line: int, column: int) -> int:
    """Return how far into its line a condition's fault stands, if the condition stands on one line."""
    written = loaded.lines[line - 1][column - 1 :] if line <= len(loaded.lines) else ""
    quote = 1 if written[:1] in ("'", '"') else 0
    text = loaded.value.rules[finding.place[1]].when or ""
    return quote + finding.offset if written[quote : quote + len(text)] == text else 0


def findings(
    model: SchemeModel,
    names: Names | None = None,
    clock: Clock | None = None,
    coverage: Coverage | None = None,
) -> Iterator[Finding]:
    """Yield what :func:`check_scheme` yields, with the character within a condition."""
    for place, message, hint in missing_references(model, model.references):
        yield Finding(place, message, hint)
    if names is not None:
        yield from _subjects(model, names)
        if not set(model.subjects) <= set(names.subjects):  # what else it names hangs on who is scored
            names = coverage = None
    yield from _scale(model)
    yield from _bands(model)
    yield from _lists_and_caps(model)
    for place, message, hint in (*check_profile(model, names), *check_power(model, names, clock, coverage)):
        yield Finding(place, message, hint)
    for name, rule in model.rules.items():
        yield from _rule(model, name, rule, names, clock, coverage)
    yield from _doors(model, names)
    yield from _narrow(model)
    if not model.rules and not model.profile and model.consent:
        yield Finding(("consent",), "there are no rules to consent to", "leave it out")


def _unknown(place: tuple[str, ...], what: str, name: str, known: Iterable[str]) -> Finding:
    error = UnknownName(what, name, known)
    hint = f"the file has none: add it under {_PARTS[what]}" if what in _PARTS else ""
    return Finding(place, error.message, error.hint or hint)


def _subjects(model: SchemeModel, names: Names) -> Iterator[Finding]:
    for at, subject in enumerate(model.subjects):
        if subject not in names.subjects:
            yield _unknown(("subjects", str(at)), "class of subjects", subject, names.subjects)
        elif subject in model.subjects[:at]:
            yield Finding(("subjects", str(at)), f'"{subject}" stands here twice')
    if not set(model.subjects) <= set(names.subjects):
        return
    for name, rule in model.rules.items():
        subject = names.subject(rule.record)
        if rule.record in names.kinds and subject not in model.subjects:
            yield Finding(
                ("rules", name, "record"),
                f'the rule can never fire: "{rule.record}" is done by a {subject}, and the scheme scores none',
                f'add "{subject}" to its subjects',
            )
    for name in model.doors:
        subject = names.door_of.get(name, CITIZEN)
        if name in names.doors and subject not in model.subjects:
            yield Finding(
                ("doors", name),
                f"a {subject} asks at this door, and the scheme scores none",
                f'add "{subject}" to its subjects',
            )


def _scale(model: SchemeModel) -> Iterator[Finding]:
    start = model.start.points
    if model.floor >= model.ceiling:
        yield Finding(("ceiling",), f"the ceiling {model.ceiling} is not above the floor {model.floor}")
    elif not model.floor <= start <= model.ceiling:
        yield Finding(
            ("start", "points"),
            f"everybody starts at {start}, outside {model.floor} to {model.ceiling}",
            "change the start, the floor or the ceiling",
        )
    if model.decay:
        for name, rule in model.rules.items():
            if rule.term_months is not None:
                yield Finding(
                    ("rules", name, "term_months"),
                    "the points would be returned twice: by this term and by the scheme's decay",
                    "keep one of the two",
                )


def _bands(model: SchemeModel) -> Iterator[Finding]:
    if not model.bands:
        return
    yield from _under(model)
    lowest = [name for name, band in model.bands.items() if band.from_ is None and band.under is None]
    if not lowest:
        yield Finding(("bands",), "no band reaches down to the lowest score", 'give the worst band "from: null"')
    for name in lowest[1:]:
        yield Finding(
            ("bands", name, "from"), f'overlaps the band "{lowest[0]}": both reach down', "only the worst does"
        )
    seen: dict[int, str] = {}
    for name, band in model.bands.items():
        if band.from_ is None:
            continue
        other = seen.setdefault(band.from_, name)
        if other != name:
            yield Finding(
                ("bands", name, "from"),
                f'overlaps the band "{other}": both start at {band.from_}',
                "each band starts at its own score",
            )
        if not model.floor < band.from_ <= model.ceiling:
            yield Finding(
                ("bands", name, "from"),
                f"no score can cross {band.from_}: scores go from {model.floor} to {model.ceiling}",
            )
    if len(model.bands) > MOST_BANDS:
        yield Finding(("bands",), f"a scheme has at most {MOST_BANDS} bands")
    for name in sorted(set(model.bands) & set(model.lists)):
        yield Finding(("lists", name), f'a band is named "{name}" too', "rename one of the two")


def _under(model: SchemeModel) -> Iterator[Finding]:
    """Yield what is wrong with bands that no score gives."""
    forced, seen = set(model.holds()), dict[str, str]()
    for name, band in model.bands.items():
        if band.under is None:
            continue
        place, above = ("bands", name, "under"), model.bands.get(band.under)
        if above is None:
            yield _unknown(place, "band", band.under, [one for one in model.bands if one != name])
        elif above.under is not None:
            yield Finding(place, f'"{band.under}" belongs to no score either', f"under: {above.under}")
        elif seen.setdefault(band.under, name) != name:
            yield Finding(place, f'"{seen[band.under]}" stands under "{band.under}" too: which of them is the better?')
        if name not in forced:
            yield Finding(place, "nobody can be in this band: no score, no rule and no profile leads to it")


def _lists_and_caps(model: SchemeModel) -> Iterator[Finding]:
    for name, register in model.lists.items():
        entering = {key: rule for key, rule in model.rules.items() if rule.list_ == name}
        if not entering:
            yield Finding(("lists", name), "no rule enters this list", f'give a rule "list: {name}", or drop it')
        if register.permanent and register.exit != "none-declared":
            yield Finding(
                ("lists", name, "permanent"),
                f"a permanent list has no exit by {register.exit}",
                'write "exit: none-declared", or leave "permanent" out',
            )
        elif register.exit == "none-declared" and not register.permanent:
            yield Finding(
                ("lists", name, "exit"),
                "nobody ever leaves this list, and the file does not say so",
                'give it an exit, or declare "permanent: true"',
            )
        for key, rule in entering.items():
            yield from _exit(name, register.exit, key, rule)
        yield from _performance(model, name)
    for name in model.caps:
        if all(rule.cap != name for rule in model.rules.values()):
            yield Finding(("caps", name), "no rule counts under this cap", f'give a rule "cap: {name}", or drop it')
    holds = model.holds()
    if len(holds) > MOST_HOLDS:
        yield Finding(("lists",), f"a scheme has at most {MOST_HOLDS} lists and forced grades, not {len(holds)}")


def _performance(model: SchemeModel, name: str) -> Iterator[Finding]:
    """Yield what goes with an exit by performance only, and where two lists let one record wait differently."""
    register = model.lists[name]
    for key in ("removal_days", "grace_days", "lock_months"):
        if getattr(register, key) and register.exit != "performance":
            yield Finding(
                ("lists", name, key),
                f"goes with an exit by performance, and this one is by {register.exit}",
                'write "exit: performance", or leave it out',
            )
    for rule in model.rules.values():
        if rule.list_ == name and register.grace_days != model.grace_days(rule.record):
            yield Finding(
                ("lists", name, "grace_days"),
                f'a record of "{rule.record}" waits {model.grace_days(rule.record)} days for another list',
                "give both lists the same days",
            )
            return


def _exit(name: str, way: str, key: str, rule: Rule) -> Iterator[Finding]:
    if way == "term" and rule.term_months is None:
        yield Finding(
            ("rules", key, "list"),
            f'the list "{name}" is left at the end of the term, and this rule has none',
            "give the rule term_months, or declare the list permanent",
        )
    if way == "none-declared" and (rule.term_months or rule.repair_after_months):
        yield Finding(
            ("rules", key, "list"),
            f'the list "{name}" is declared to have no exit, and this rule ends',
            'write "exit: term" on the list',
        )


def _rule(
    model: SchemeModel,
    name: str,
    rule: Rule,
    names: Names | None,
    clock: Clock | None,
    coverage: Coverage | None,
) -> Iterator[Finding]:
    here = ("rules", name)
    yield from _effect(model, here, rule)
    if rule.cap is not None and rule.cap not in model.caps:
        yield _unknown((*here, "cap"), "cap", rule.cap, model.caps)
    if rule.list_ is not None and rule.list_ not in model.lists:
        yield _unknown((*here, "list"), "list", rule.list_, model.lists)
    if rule.grade is not None and rule.grade not in model.bands:
        yield _unknown((*here, "grade"), "band", rule.grade, model.bands)
    if names is not None and rule.record in model.lists and rule.record not in names.kinds:
        message = f'"{rule.record}" is a list, and no record: lists feed neither rules nor each other'
        yield Finding((*here, "record"), message, "name the kind of record that leads onto it")
    elif names is not None and rule.record not in names.kinds:
        yield _unknown((*here, "record"), "kind of record", rule.record, names.kinds)
    yield from _sources(here, rule, names, coverage)
    yield from _dates(here, rule, model.period, clock)
    if rule.when is not None:
        yield from _condition(model, here, rule, rule.when, names)


def _effect(model: SchemeModel, here: tuple[str, ...], rule: Rule) -> Iterator[Finding]:
    if max(abs(rule.low), abs(rule.high)) > MOST_POINTS:
        yield Finding((*here, "points"), f"more than {MOST_POINTS} points for one record cannot be meant")
    held = rule.grade is not None or rule.list_ is not None
    if rule.low == rule.high == 0 and not held:
        yield Finding((*here, "points"), "the rule does nothing", "give it points, a grade or a list")
    if rule.grade is not None and rule.list_ is not None:
        yield Finding((*here, "grade"), "a rule gives a grade or a list, not both", "make two rules of it")
    if rule.grade is not None and rule.grade == model.bands_upward()[-1]:
        yield Finding((*here, "grade"), "the rule can never lower a grade: nobody is above the best band")
    if model.weight(rule.domain) == 0 and not held:
        yield Finding((*here, "domain"), f'the domain "{rule.domain}" has weight 0, so the rule counts for nothing')
    term, repair = rule.term_months, rule.repair_after_months
    if term is not None and repair is not None and repair >= term:
        yield Finding(
            (*here, "repair_after_months"),
            f"repair after {repair} months comes no sooner than the end of the term after {term}",
        )


def _sources(here: tuple[str, ...], rule: Rule, names: Names | None, coverage: Coverage | None) -> Iterator[Finding]:
    if rule.sources == "all":
        asked: tuple[str, ...] = names.sources if names else ()
    else:
        asked = rule.sources
        if not asked:
            yield Finding((*here, "sources"), "the rule can never fire: it has no source", 'name some, or "all"')
        for at, source in enumerate(asked):
            if source in asked[:at]:
                yield Finding((*here, "sources", str(at)), f'"{source}" stands here twice')
            elif names is not None and source not in names.sources:
                yield _unknown((*here, "sources", str(at)), "source", source, names.sources)
    if coverage is None or (names and (rule.record not in names.kinds or not set(asked) <= set(names.sources))):
        return
    if asked and all(rule.record not in coverage.get(source, ()) for source in asked):
        able = sorted(source for source, kinds in coverage.items() if rule.record in kinds)
        hint = f"those who do: {', '.join(able)}" if able else "no source records it at all"
        yield Finding((*here, "sources"), f'the rule can never fire: none of its sources records "{rule.record}"', hint)


def _dates(here: tuple[str, ...], rule: Rule, period: Period | None, clock: Clock | None) -> Iterator[Finding]:
    if rule.valid is None:
        return
    if not rule.valid.meets(period):
        yield Finding((*here, "valid"), "the rule can never fire: it does not hold within the scheme's own period")
    if clock is None:
        return
    last = clock.date_of(clock.first_day(clock.windows)) - timedelta(days=1)
    if not rule.valid.meets(Period.model_validate({"from": clock.start, "until": last})):
        yield Finding(
            (*here, "valid"),
            f"the rule can never fire: the scenario runs from {clock.start} until {last}",
        )


def _condition(
    model: SchemeModel, here: tuple[str, ...], rule: Rule, text: str, names: Names | None
) -> Iterator[Finding]:
    place = (*here, "when")
    try:
        traits = names.traits_of(names.subject(rule.record)) if names else None
        tree = parse(text, traits, names.sources if names else None)
    except ExpressionFault as wrong:
        yield Finding(place, wrong.message, wrong.hint, wrong.offset)
        return
    if stack_needed(tree) > STACK or too_large(tree):
        yield Finding(place, "the condition counts with numbers that are too large", "make it simpler")
        return
    if never(tree, _ranges(model, rule, names)):
        yield Finding(place, "the rule can never fire: its condition is never true")


def _ranges(model: SchemeModel, rule: Rule, names: Names | None) -> dict[str, range | list[str]]:
    """Return the values that each name of a condition can have, as far as they are known."""
    out: dict[str, range | list[str]] = {"amount": range(MOST_AMOUNT + 1), "late": range(LATEST + 1)}
    if rule.sources != "all":
        out["source"] = list(rule.sources)
    elif names is not None:
        out["source"] = list(names.sources)
    for trait in names.traits_of(names.subject(rule.record)) if names else ():
        if trait.name not in ATTRIBUTES:
            out[trait.name] = range(model.min_age, OLDEST + 1) if trait.ages else list(trait.levels)
    return out


def _doors(model: SchemeModel, names: Names | None) -> Iterator[Finding]:
    for name, door in model.doors.items():
        here = ("doors", name)
        if names is not None and name not in names.doors:
            yield _unknown(here, "door", name, names.doors)
        if door.priority == "grade" and not model.bands:
            yield Finding((*here, "priority"), "there are no grades to go by: the scheme has no bands")
        if door.refuse is None:
            if door.priority is None:
                yield Finding(here, "the scheme does nothing to this door", 'give it "refuse" or "priority"')
            continue
        yield from _refusal(model, (*here, "refuse"), name)


def _narrow(model: SchemeModel) -> Iterator[Finding]:
    """Yield the lists whose domain nobody could tell, where sanctions are to stay in it."""
    for name in model.lists if model.context == "same-domain" else ():
        domains = sorted({rule.domain for rule in model.rules.values() if rule.list_ == name})
        if len(domains) > 1:
            yield Finding(
                ("context",),
                f'the list "{name}" is entered from several domains: {", ".join(domains)}',
                "make one list of each domain",
            )


def _refusal(model: SchemeModel, here: tuple[str, ...], door: str) -> Iterator[Finding]:
    refuse = model.doors[door].refuse
    assert refuse is not None
    if refuse.score_below is None and not refuse.grades and not refuse.lists:
        yield Finding(here, "refuses nobody", "give it score_below, grades or lists")
    if refuse.score_below is not None:
        if not model.rules and not model.profile:
            yield Finding((*here, "score_below"), "refuses by a score that no rule ever changes")
        elif refuse.score_below <= model.floor:
            yield Finding((*here, "score_below"), f"refuses nobody: no score is below {refuse.score_below}")
        elif refuse.score_below > model.ceiling:
            yield Finding((*here, "score_below"), f"refuses everybody: no score reaches {refuse.score_below}")
    if refuse.grades and not model.bands:
        yield Finding((*here, "grades"), "refuses by grade, and the scheme has no bands")
    else:
        for at, grade in enumerate(refuse.grades):
            if grade not in model.bands:
                yield _unknown((*here, "grades", str(at)), "band", grade, model.bands)
        if refuse.grades and set(model.bands) <= set(refuse.grades):
            yield Finding((*here, "grades"), "refuses everybody: every band is named")
    for at, register in enumerate(refuse.lists):
        if register not in model.lists:
            hint = did_you_mean(register, model.lists)
            if register in model.bands:
                hint = "it is a band: name it under grades"
            finding = _unknown((*here, "lists", str(at)), "list", register, model.lists)
            yield Finding(finding.place, finding.message, hint or finding.hint)
