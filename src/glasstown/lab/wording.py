"""What things are called in one run, and what a refusal rests on, in plain words."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from ..columns import CITIZEN, OLDEST
from ..engine.layout import FALSE_RECORD, PASSED_ON, TRUE_RECORD, WRONG_PERSON
from ..engine.measures import DOMAINS
from ..engine.plain_rules import refusal, refusal_in_context, score_without
from ..engine.tables import D_CHILD, D_DOMAIN, H_GRADE, U_REPAIR, U_TERM
from ..scheme.profile import level_points
from ..scheme.types import Range, Rule
from .outcome_tables import SIDES
from .replay import Counted, Standing

if TYPE_CHECKING:
    from ..engine.program import Program
    from ..engine.scenario import Parts
    from ..scheme.types import Domain, DoorRule

__all__ = ["Words", "blame", "blame_text", "in_range", "reason", "record_word", "signed"]


class Words:
    """What things are called, on one side of a run."""

    def __init__(self, parts: Parts, program: Program, side: int) -> None:
        self.parts, self.program, self.side = parts, program, side
        self.names, self.rules = program.names, program.sides[side]
        self.compiled = program.schemes[side]
        self.model = parts.schemes[side].model
        self.label = SIDES[side]

    def date(self, day: int) -> date:
        """Return a day's date."""
        return self.program.clock.date_of(day)

    def subject(self, who: int) -> str:
        """Return what a subject is, in a word: citizen, company, doctor, …"""
        told = self.parts.society.value.classes.get(self.program.subject_of(who))
        return told.title.lower() if told else CITIZEN

    def called(self, who: int) -> str:
        """Return what a subject is, and its number."""
        return f"{self.subject(who)} {who}"

    def act(self, kind: int) -> str:
        """Return an act's title."""
        return self.parts.conduct.value.acts[self.names.kinds[kind]].title

    def source(self, source: int) -> str:
        """Return who keeps a record."""
        return self.parts.sources.value.keepers[self.names.sources[source]].title

    def door(self, door: int) -> str:
        """Return a door's title."""
        return self.parts.doors.value.requests[self.names.doors[door]].title

    def is_favour(self, door: int) -> bool:
        """Return whether nobody has what is asked for here without a scheme."""
        return self.parts.doors.value.requests[self.names.doors[door]].privilege

    def grade(self, band: int) -> str:
        """Return a grade's name."""
        return self.compiled.band_names[band]

    def profile(self, who: int, day: int) -> list[tuple[str, Domain, int, str]]:
        """Return what a subject's standing holds on a day by what registers know: words, domain, points, best band.

        The best band is empty where this part of the profile keeps nobody down.
        """
        program = self.program
        window = program.window_of(day)
        if not self.model.profile or not program.is_subject(self.side, who, window):
            return []
        years = program.years_elapsed(window)
        subject = program.subject_of(who)
        traits = self.names.traits_of(subject)
        values = traits.unpack(program.traits_of(who))
        out = []
        for one in self.model.profile.values():
            if self.model.subject_of(one) != subject:
                continue
            trait = traits[one.trait]
            value = min(values[one.trait] + years, OLDEST) if trait.ages else values[one.trait]
            shown = trait.show(value)
            points, band = level_points(one, value if trait.ages else shown), one.grade.get(str(shown), "")
            if points or band:
                known = f" ({in_range(one.weight)} %)" if in_range(one.weight) else ""
                out.append((f"{one.title or trait.title}: {shown}{known}", one.domain, points, band))
        return out

    def hold(self, hold: int) -> str:
        """Return what it is to be on a list, or under a forced grade."""
        name = self.compiled.hold_names[hold]
        if int(self.rules.hold[hold, H_GRADE]) >= 0:
            return f"held down to grade {name}"
        return f"on the list “{self.model.lists[name].title}”"

    def is_told(self, hold: int) -> bool:
        """Return whether a hold is a list or a forced grade, not the lock after a list."""
        return bool(self.compiled.hold_list[hold]) or int(self.rules.hold[hold, H_GRADE]) >= 0

    def rule(self, rule: int) -> Rule:
        """Return a rule as its file has it."""
        return self.model.rules[self.compiled.rule_names[rule]]

    def door_rule(self, door: int) -> DoorRule | None:
        """Return what the scheme does to a door."""
        return self.model.door_rule(self.names.doors[door])

    @cached_property
    def citations(self) -> dict[str, str]:
        """Return the scheme's documents by the short names that lines use."""
        return {key: reference.cite for key, reference in self.model.references.items()}

    def cited(self, thing: Rule | DoorRule) -> str:
        """Return a rule's status and, in short, its document."""
        where = ", ".join(part for part in (thing.source, thing.article) if part)
        known = f"; {in_range(thing.points)}" if isinstance(thing, Rule) and in_range(thing.points) else ""
        return f"[{thing.status}: {where}{known}]" if where else f"[{thing.status}{known}]"

    def about(self, posting: Counted) -> str:
        """Return whose record a posting rests on, and whether it is right."""
        source = self.source(posting.source)
        if posting.status == PASSED_ON:
            false = "WRONG: " if posting.wrong else ""
            return f"{false}PASSED ON: record of {source} about somebody tied to this person"
        if posting.status == WRONG_PERSON:
            return f"WRONG: record of {source} about somebody else's act"
        if posting.status == FALSE_RECORD:
            return f"WRONG: record of {source} of what never happened"
        if posting.stale:
            return f"STALE: record of {source} that should have ended"
        return f"record of {source}" + (", for what this person could not pay" if posting.unable else "")

    def until(self, posting: Counted) -> str:
        """Return how long a posting counts."""
        if posting.until is None:
            return "for good"
        early = self.shortened(posting)
        return f"until {self.date(posting.until)}" + (f", when it is {early}" if early else "")

    def shortened(self, posting: Counted) -> str:
        """Return why a posting ends before its rule's term; nothing where it does not."""
        if posting.until is None or posting.stale:
            return ""
        days = posting.until - posting.day
        term, repair = (int(self.rules.rule[posting.rule, column]) for column in (U_TERM, U_REPAIR))
        if days == term:
            return ""
        if posting.status != TRUE_RECORD:
            return "corrected"
        return "repaired" if days == repair else "lifted, what was owed being done"

    def change(self, points: int) -> str:
        """Return points with a sign."""
        return f"{signed(points)} point{'' if abs(points) == 1 else 's'}"


def in_range(number: object) -> str:
    """Return that a number is known only in a range; nothing where it is known."""
    return f"known only as {number.from_} to {number.to}" if isinstance(number, Range) else ""


def known_as(words: str, points: int, band: str) -> str:
    """Return what one part of a profile does, as a sentence."""
    does = [f"gives {signed(points)}"] if points else []
    does += [f"allows no grade above {band}"] if band else []
    return f"{words}, which {' and '.join(does)}"


def signed(points: int) -> str:
    """Return points with their sign."""
    return f"{'−' if points < 0 else '+'}{abs(points):,}"


def blame(words: Words, door: int, standing: Standing) -> dict[str, bool]:
    """Return what a refusal by the scheme rests on: errors, inability, another context, a parent's file."""
    rules, shared = words.rules, words.program.shared
    right = [a - b for a, b in zip(standing.holds, standing.wrong_holds, strict=True)]
    clean = score_without(rules, standing.points, standing.wrong)
    able = score_without(rules, standing.points, standing.unable)
    own = int(shared.door[door, D_DOMAIN])
    alone = score_without(rules, standing.points, standing.passed)
    own_holds = [a - b for a, b in zip(standing.holds, standing.passed_holds, strict=True)]
    return {
        "wrongly": not refusal(rules, clean, right, door),
        "unable": standing.unable != 0 and not refusal(rules, able, standing.holds, door),
        "out_of_context": not refusal_in_context(rules, own, standing.points, standing.holds, door),
        "passed_on": bool(shared.door[door, D_CHILD]) or not refusal(rules, alone, own_holds, door),
    }


def blame_text(words: Words, door: int, found: dict[str, bool]) -> tuple[str, ...]:
    """Return the same as sentences."""
    own = DOMAINS[int(words.program.shared.door[door, D_DOMAIN])]
    child = bool(words.program.shared.door[door, D_CHILD])
    says = {
        "wrongly": "only wrong or stale records close it",
        "unable": "it would be open without the points for what this person could not pay",
        "out_of_context": f"it would be open if only {own} records counted at this door",
        "passed_on": "it is the child who bears this" if child else "it would be open without what others did",
    }
    return tuple(text for key, text in says.items() if found[key])


def record_word(posting: Counted) -> str:
    """Return what a posting's record is, in a word."""
    if posting.status == WRONG_PERSON:
        return "wrong person"
    if posting.status == FALSE_RECORD:
        return "false"
    if posting.status == PASSED_ON:
        return "passed on"
    return "stale" if posting.stale else "right"


def reason(words: Words, door: int, why: str, standing: Standing) -> str:
    """Return why the scheme refuses, in words."""
    if why == "list":
        mask = int(words.compiled.door_holds[door])
        on = [words.hold(h) for h, active in enumerate(standing.holds) if active > 0 and (mask >> h) & 1]
        return ", ".join(on)
    if why == "grade":
        return f"grade {words.grade(standing.grade)}"
    return f"score {standing.score}, below {int(words.compiled.door_score[door])}"
