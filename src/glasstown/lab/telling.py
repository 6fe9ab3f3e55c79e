"""What happened in a life, in plain words: one line for each happening, with what it rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ..engine.layout import FALSE_RECORD, TRUE_RECORD, WRONG_PERSON
from ..engine.measures import DOMAINS
from ..scheme.types import DOMAINS as SCHEME_DOMAINS
from .replay import Counted, Happening, Key, SideLife, Standing
from .wording import Words, blame, blame_text, known_as, reason, record_word, signed

__all__ = ["Line", "merged", "named", "tell_side"]

KEY = ("kind", "source", "status", "amount")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story.

    Attributes
    ----------
    side : ``scheme``, ``pair``, or ``both`` where it is the same on both.
    what : act, falsehood, misfiled, posting, in-grace, expiry, stale, door, of-age, profile, spared, passed-on, harmed
        or decay.
    more : what the line rests on.
    score, grade : as they stand after it; None where it does not move them.
    note : what one side's rules make of it; two lines are the same without it.
    """

    day: int
    date: date
    side: str
    what: str
    text: str
    more: tuple[str, ...] = ()
    score: int | None = None
    grade: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the line for machines."""
        out: dict[str, Any] = {"date": self.date.isoformat(), "side": self.side, "what": self.what, "text": self.text}
        out |= {"more": [*self.more, *([self.note] if self.note else [])], "score": self.score, "grade": self.grade}
        return out | self.facts

    @property
    def same(self) -> tuple[object, ...]:
        """Return what makes two lines of two sides one."""
        return self.day, self.what, self.text, self.more, self.score, self.grade


def tell_side(words: Words, life: SideLife) -> list[Line]:
    """Return the lines of one side, in the order in which they happened."""
    teller = _Teller(words, life)
    for happening in life.happenings:
        teller.take(happening)
    return sorted(teller.lines, key=lambda line: line.day)


class _Teller:
    """Turns the happenings of one side into lines."""

    def __init__(self, words: Words, life: SideLife) -> None:
        self.words, self.life = words, life
        self.lines: list[Line] = []
        self.score = self.began()
        self.written: dict[tuple[int, int, int], list[int]] = {}
        self.posted_for = {
            (one.day, one.facts["kind"], one.facts["source"])
            for one in life.happenings
            if one.what in ("posting", "in grace")
        }
        self._of_age()

    def _of_age(self) -> None:
        months, clock = self.life.months, self.words.program.clock
        opened = next((at for at, month in enumerate(months) if month is not None), None)
        if opened:
            self.line(clock.first_day(opened), "of-age", "Comes of age: from now on there is a file")

    def began(self) -> int:
        """Say what registers alone make of the score; return the score that a file begins with."""
        words = self.words
        known = words.profile(self.life.life.who, 0)
        score = words.rules.start
        if known:
            score = words.model.score_of(
                {domain: sum(p for _, d, p, _ in known if d == domain) for domain in SCHEME_DOMAINS}
            )
            text = f"Before anything was done, the score is {score}, by what registers know"
            more = [known_as(what, points, band) for what, _, points, band in known]
            self.line(0, "profile", text, tuple(more))
        return score

    def line(
        self,
        day: int,
        what: str,
        text: str,
        more: tuple[str, ...] = (),
        standing: Standing | None = None,
        *,
        note: str = "",
        **facts: Any,
    ) -> None:
        score = grade = None
        if standing is not None:
            score, grade = standing.score, self.words.grade(standing.grade)
            self.score = score
        date_, side = self.words.date(day), self.words.label
        self.lines.append(Line(day, date_, side, what, text, more, score, grade, facts, note))

    def take(self, one: Happening) -> None:
        how = getattr(self, one.what.replace(" ", "_"), None)
        if how is not None:
            how(one)

    def act(self, one: Happening) -> None:
        words, kind = self.words, one.facts["kind"]
        model = words.parts.conduct.value.acts[words.names.kinds[kind]]
        marks = [mark for mark, on in (("cannot pay", one.facts["unable"]), ("lawful", _lawful(model))) if on]
        text = words.act(kind) + (f" ({', '.join(marks)})" if marks else "")
        records = [self.seen(record, one.day) for record in one.facts["records"]]
        self.line(
            one.day, "act", f"{text}; {' and '.join(records) or 'not recorded'}", kind=words.names.kinds[kind],
            unable=one.facts["unable"],
            records=[
                {
                    "source": words.names.sources[record["source"]],
                    "day": words.date(record["due"]).isoformat(),
                    "person": "right" if record["status"] == TRUE_RECORD else "wrong",
                    "in_file_of": record["target"],
                    "key": named((record["due"], *(record[part] for part in KEY)))
                    if record["status"] == TRUE_RECORD
                    else None,
                }
                for record in one.facts["records"]
            ],
            note=self.uncounted(one.facts["records"]),
        )  # fmt: skip

    def uncounted(self, records: list[dict[str, Any]]) -> str:
        """Return that nothing comes of these records under this side's rules, where nothing does."""
        own = [one for one in records if one["status"] != WRONG_PERSON]
        clock = self.words.program.clock
        if not own or not self.words.rules.any_rule:
            return ""
        if any((one["due"], one["kind"], one["source"]) in self.posted_for for one in own):
            return ""
        if all(one["due"] >= clock.first_day(clock.windows) for one in own):
            return "the run ends before the record arrives"
        return "no rule counts it"

    def seen(self, record: dict[str, Any], day: int) -> str:
        days = record["due"] - day
        after = f"after {days} day{'' if days == 1 else 's'}" if days else "the same day"
        out = f"recorded by {self.words.source(record['source'])} {after}"
        if record["status"] == WRONG_PERSON:
            return f"{out}, by mistake in the file of {self.words.called(record['target'])}"
        self.written.setdefault((record["due"], record["kind"], record["source"]), []).append(day)
        return out

    def record(self, one: Happening) -> None:
        kind, source = one.facts["kind"], one.facts["source"]
        text = f"False record by {self.words.source(source)}, of what never happened: {self.words.act(kind)}"
        names = self.words.names
        note = self.uncounted([{**one.facts, "due": one.day}])
        key = named((one.day, *(one.facts[part] for part in KEY)))
        told = {"kind": names.kinds[kind], "source": names.sources[source], "key": key}
        self.line(one.day, "falsehood", text, note=note, **told)

    def misfiled(self, one: Happening) -> None:
        kind, source = one.facts["kind"], one.facts["source"]
        text = f"Wrong person: somebody else's act, put into this file by {self.words.source(source)}: "
        names = self.words.names
        note = self.uncounted([{**one.facts, "due": one.day, "status": FALSE_RECORD}])
        key = named((one.day, *(one.facts[part] for part in KEY)))
        told = {"kind": names.kinds[kind], "source": names.sources[source], "key": key}
        self.line(one.day, "misfiled", text + self.words.act(kind), note=note, **told)

    def posting(self, one: Happening) -> None:
        words, posting = self.words, one.facts["posting"]
        rule = words.rule(posting.rule)
        parts = [words.change(posting.points)] if posting.points or posting.hold < 0 else []
        if posting.hold >= 0:
            parts.append(words.hold(posting.hold))
        of = self.written.get((posting.day, posting.kind, posting.source)) if posting.status == TRUE_RECORD else None
        act = f", act of {words.date(of.pop(0))}" if of else ""
        how = f"rule {words.compiled.rule_names[posting.rule]} {words.cited(rule)}, {words.until(posting)}"
        if rule.low < rule.high:
            how += f"; the officer chose between {signed(rule.low)} and {signed(rule.high)}"
        elif rule.low != posting.points:
            how += f"; {words.change(rule.low)} by the rule, cut by {'the cap ' + rule.cap if rule.cap else 'a bound'}"
        more = (words.about(posting) + act, how)
        self.line(
            one.day, "posting", f"{' and '.join(parts)}: {rule.title}", more, one.standing, **self.posted(posting)
        )

    def posted(self, posting: Counted) -> dict[str, Any]:
        words, rule = self.words, self.words.rule(posting.rule)
        return {
            "rule": words.compiled.rule_names[posting.rule],
            "title": rule.title,
            "status": rule.status,
            "citation": words.citations.get(rule.source, rule.source),
            "article": rule.article,
            "points": posting.points,
            "domain": DOMAINS[posting.domain],
            "until": words.date(posting.until).isoformat() if posting.until is not None else None,
            "record": record_word(posting),
            "source": words.names.sources[posting.source],
            "kind": words.names.kinds[posting.kind],
            "key": named(posting.key),
        }

    def expiry(self, one: Happening) -> None:
        words, posting = self.words, one.facts["posting"]
        rule = words.rule(posting.rule)
        parts = [f"{words.change(-posting.points)} back"] if posting.points or posting.hold < 0 else []
        if posting.hold >= 0:
            still = one.standing.holds[posting.hold] > 0
            parts.append(f"no longer {words.hold(posting.hold)}" if not still else "this entry ends, another holds")
        text = f"{' and '.join(parts)}: {rule.title}: {self.ending(one, posting)}"
        self.line(one.day, "expiry", text, (), one.standing, **self.posted(posting))

    def ending(self, one: Happening, posting: Counted) -> str:
        if one.facts["corrected"]:
            return "corrected after an objection"
        if posting.stale:
            return "at last removed"
        return self.words.shortened(posting) or "its term is over"

    def in_grace(self, one: Happening) -> None:
        words, rule = self.words, self.words.rule(one.facts["rule"])
        register = words.model.lists[rule.list_ or ""].title
        text = f"Not put on the list “{register}”: what was owed is done within the days of grace"
        self.line(
            one.day, "in-grace", text, (f"rule {words.compiled.rule_names[one.facts['rule']]} {words.cited(rule)}",)
        )

    def stale(self, one: Happening) -> None:
        words, posting = self.words, one.facts["posting"]
        stays = next(p for p in one.standing.counted[::-1] if p.stale)
        text = f"Should end now, and is not removed: {words.rule(posting.rule).title}"
        more = (f"STALE: record of {words.source(posting.source)} that goes on counting {words.until(stays)}",)
        self.line(one.day, "stale", text, more, **self.posted(stays))

    def granted(self, one: Happening) -> None:
        door = one.facts["door"]
        self.line(one.day, "door", f"{self.words.door(door)}: granted", door=self.words.names.doors[door], granted=True)

    def refused(self, one: Happening) -> None:
        words, door, why = self.words, one.facts["door"], one.facts["why"]
        told: dict[str, Any] = {"door": words.names.doors[door], "granted": False, "reason": why}
        if why == "ordinary":
            self.line(one.day, "door", f"{words.door(door)}: refused for an ordinary reason", **told)
            return
        if why == "no favour":
            self.line(one.day, "door", f"{words.door(door)}: a favour that the scheme does not grant here", **told)
            return
        found = blame(words, door, one.standing)
        text = f"{words.door(door)}: REFUSED by the scheme: {reason(words, door, why, one.standing)}"
        self.line(one.day, "door", text, blame_text(words, door, found), **told | found)

    def place(self, one: Happening, got: bool = True) -> None:
        words, door, outcome = self.words, one.facts["door"], one.facts["outcome"]
        told = {"door": words.names.doors[door], "granted": got, "asked": words.date(one.facts["asked"]).isoformat()}
        text = f"{words.door(door)}: {'gets a place' if got else 'no place left'}"
        told |= {"places": outcome.places, "short": outcome.short, "priority": one.facts["priority"]}
        if not got:
            told["reason"] = "scarce"
        self.line(one.day, "door", text, **told)

    def no_place(self, one: Happening) -> None:
        self.place(one, got=False)

    def spared(self, one: Happening) -> None:
        words, rule = self.words, self.words.rule(one.facts["rule"])
        text = f"SPARED by an official: {rule.title} ({words.change(one.facts['points'])} by the rule)"
        self.line(one.day, "spared", text, (), one.standing, rule=words.compiled.rule_names[one.facts["rule"]])

    def harmed(self, one: Happening) -> None:
        by, names, told = one.facts.get("by"), self.words.names, {}
        who = "somebody of the place"
        if by is not None:
            who = f"{self.words.called(by)}: {self.words.act(one.facts['kind'])}"
            told = {"kind": names.kinds[one.facts["kind"]], "by": by}
        self.line(one.day, "harmed", f"Was harmed by {who}; trusts others less", **told)

    def passed_on(self, one: Happening) -> None:
        words = self.words
        text = f"Loses for what somebody else did: {words.act(one.facts['kind'])}"
        self.line(one.day, "passed-on", text, (), kind=words.names.kinds[one.facts["kind"]])

    def month(self, one: Happening) -> None:
        moved = one.standing.score - self.score
        if moved:
            by = "points move back towards the start month by month" if self.words.rules.decay else "one grows older"
            text = f"{self.words.change(moved)}: {by}"
            self.line(one.day, "decay", text, (), one.standing)


def named(key: Key) -> str:
    """Return the name by which a record of a file is asked for."""
    return ".".join(str(part) for part in key)


def _lawful(act: Any) -> bool:
    return bool(act.lawful and not act.good)


def merged(sides: list[list[Line]]) -> list[Line]:
    """Return the lines of all sides as one list by date; what is equal on both sides stands once."""
    if len(sides) == 1:
        return sides[0]
    first, second = sides
    left = Counter(line.same for line in second)
    shared: Counter[tuple[object, ...]] = Counter()
    out: list[Line] = []
    for line in first:
        if left[line.same] > 0:
            left[line.same] -= 1
            shared[line.same] += 1
            out.append(replace(line, side="both"))
        else:
            out.append(line)
    for line in second:
        if shared[line.same] > 0:
            shared[line.same] -= 1
        else:
            out.append(line)
    return sorted(out, key=lambda line: line.day)
