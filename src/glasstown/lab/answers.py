"""Requests at doors and what is to be said of each: the file on that day, the rules, what would have opened it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING, Any

from ..engine.measures import DOMAINS
from ..errors import BadValue, UnknownName
from ..scheme.score import Posting, posting_of
from ..scheme.types import DOMAINS as SCHEME_DOMAINS
from ..scheme.types import DoorRule
from ..scheme.why import smallest_change
from .replay import Counted, SideLife, Standing
from .whys import Why
from .wording import Words, blame, blame_text, in_range, known_as, reason, record_word, signed

if TYPE_CHECKING:
    from .lives import Citizen

__all__ = ["Asked", "asked_at", "why"]

WRONG_WORDS = {
    "wrong person": ", a record of somebody else's act",
    "false": ", a record of what never happened",
    "stale": ", a record that should have ended",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request at a door and its answer.

    Attributes
    ----------
    answer : granted, list, grade, score, ordinary, no favour or scarce.
    standing : the file when it was asked.
    place : outcome of a scarce door: places, requests left over, priority of this one and of the last admitted.
    """

    day: int
    door: int
    answer: str
    standing: Standing
    place: dict[str, int] | None = None

    @property
    def by_scheme(self) -> bool:
        """Return whether the scheme refused."""
        return self.answer in ("list", "grade", "score")


def asked_at(life: SideLife) -> list[Asked]:
    """Return every request of a life, in order."""
    out: list[Asked] = []
    queued: list[tuple[int, int, Standing]] = []
    for one in life.happenings:
        door = one.facts.get("door", -1)
        if one.what == "granted":
            out.append(Asked(one.day, door, "granted", one.standing))
        elif one.what == "refused":
            out.append(Asked(one.day, door, one.facts["why"], one.standing))
        elif one.what == "queued":
            queued.append((one.day, door, one.standing))
        elif one.what in ("place", "no place"):
            day, _, standing = queued.pop(0)
            outcome = one.facts["outcome"]
            place = {
                "places": outcome.places,
                "asked": outcome.places + outcome.short if outcome.short else -1,
                "priority": one.facts["priority"],
                "last": outcome.cutoff_priority,
            }
            answer = "granted" if one.what == "place" else "scarce"
            out.append(Asked(day, door, answer, standing, place))
    return sorted(out, key=lambda asked: asked.day)


def why(citizen: Citizen, door: str | None, when: Date | str | None) -> Why:
    """Return why a door opened or stayed shut; see :meth:`glasstown.lab.lives.Citizen.why`."""
    words = citizen.words[0]
    if door is not None and door not in words.names.doors:
        raise UnknownName("door", door, words.names.doors)
    asks = asked_at(citizen.life(0))
    day = None if when is None else _day(words, when)
    if door is None:
        one = _at_any(citizen, asks, day)
        return _Answer(citizen, [other for other in asks if other.door == one.door], one, None).why()
    at = words.names.doors.index(door)
    here = [one for one in asks if one.door == at]
    if not here:
        return _never(citizen, door, asks)
    return _Answer(citizen, here, _chosen(here, day), day).why()


def _at_any(citizen: Citizen, asks: Sequence[Asked], day: int | None) -> Asked:
    """Return the last refusal by the scheme, or the first from a day on; where there is none, any request."""
    later = asks if day is None else [one for one in asks if one.day >= day]
    found = [one for one in later if one.by_scheme] or later or asks
    if not found:
        raise BadValue(
            f"{citizen.words[0].called(citizen.id)} asked at no door in this run",
            f"read the life: glasstown story RUN {citizen.id}",
        )
    return found[-1 if day is None else 0]


def _day(words: Words, when: Date | str) -> int:
    if isinstance(when, str):
        try:
            when = Date.fromisoformat(when)
        except ValueError:
            raise BadValue(f'"{when}" is not a date', "write a date as 2018-03-31") from None
    clock = words.program.clock
    day, end = clock.day_of(when), clock.first_day(clock.windows)
    if not 0 <= day < end:
        raise BadValue(f"{when} is outside the run", f"the run goes from {clock.start} to {clock.date_of(end - 1)}")
    return day


def _chosen(here: Sequence[Asked], day: int | None) -> Asked:
    """Return the request that is meant: of the day, the first refusal by the scheme after it, the first after it."""
    if day is None:
        return here[-1]
    later = [one for one in here if one.day >= day]
    found = [one for one in later if one.day == day] or [one for one in later if one.by_scheme] or later
    return found[0] if found else here[-1]


def _never(citizen: Citizen, door: str, asks: Sequence[Asked]) -> Why:
    words = citizen.words[0]
    if citizen.is_minor:
        verdict = f"Citizen {citizen.id} is a minor until the end of the run: minors have no file and ask at no door."
        return Why(citizen.id, door, "minor", None, verdict, ())
    counts: dict[int, int] = {}
    for one in asks:
        counts[one.door] = counts.get(one.door, 0) + 1
    title = words.door(words.names.doors.index(door))
    verdict = f"{words.called(citizen.id).capitalize()} never asked at the door “{title}” ({door}) in this run."
    asked = ", ".join(f"{words.names.doors[at]} ({n})" for at, n in sorted(counts.items()))
    rows = (("Asked for", asked or "nothing at any door"),)
    return Why(
        citizen.id,
        door,
        "never asked",
        None,
        verdict,
        rows,
        facts={"asked": {words.names.doors[at]: n for at, n in sorted(counts.items())}},
    )


class _Answer:
    """Puts together what there is to say of one request."""

    def __init__(self, citizen: Citizen, here: Sequence[Asked], one: Asked, day: int | None) -> None:
        self.citizen, self.here, self.one, self.day = citizen, here, one, day
        self.words = citizen.words[0]
        self.rule = self.words.door_rule(one.door)

    def why(self) -> Why:
        words, one = self.words, self.one
        rests = blame(words, one.door, one.standing) if one.by_scheme else {}
        counted = tuple(self.posting(posting) for posting in one.standing.counted)
        return Why(
            citizen=self.citizen.id,
            door=words.names.doors[one.door],
            answer=one.answer,
            date=words.date(one.day),
            verdict=self.verdict(),
            rows=tuple(self.rows()),
            counted=counted,
            sums=self.sums(),
            change=tuple(self.change()),
            rests_on=blame_text(words, one.door, rests) if rests else (),
            requests=tuple(self.request(other) for other in self.here) if len(self.here) > 1 else (),
            citations=self.cited(),
            facts={
                "scheme": words.model.scheme,
                "score": one.standing.score,
                "grade": words.grade(one.standing.grade),
                "domains": dict(zip(DOMAINS, one.standing.points, strict=True)),
                "lists": [
                    words.compiled.hold_names[h] for h, on in enumerate(one.standing.holds) if on and words.is_told(h)
                ],
                "blame": rests,
                "place": one.place,
                "other_world": self.other(),
            },
        )

    def answer(self, one: Asked, words: Words) -> str:
        if one.answer == "ordinary":
            return "refused for an ordinary reason"
        if one.answer == "no favour":
            return "not granted: it is a favour of the scheme's"
        if one.answer == "scarce":
            return "refused for want of places"
        if one.answer == "granted":
            return "granted"
        return f"refused by the scheme ({reason(words, one.door, one.answer, one.standing)})"

    def verdict(self) -> str:
        words, one = self.words, self.one
        text = f"{words.door(one.door)}, asked for by {words.called(self.citizen.id)} on {words.date(one.day)}: "
        text += f"{self.answer(one, words)}."
        if self.day is not None and one.day != self.day:
            text += f" (Nothing was asked here on {words.date(self.day)}; this is "
            text += (
                "the first refusal by the scheme after it.)"
                if one.by_scheme and one.day > self.day
                else ("the next request.)" if one.day > self.day else "the last request before it.)")
            )
        return text

    def rows(self) -> list[tuple[str, str]]:
        words, one = self.words, self.one
        rows = [("Scheme", words.model.title), ("The door's rule", self.rule_text())]
        holds = [words.hold(h) for h, on in enumerate(one.standing.holds) if on and words.is_told(h)]
        rows.append(
            (
                "The file that day",
                ", ".join([f"score {one.standing.score}", f"grade {words.grade(one.standing.grade)}", *holds]),
            )
        )
        known = self.words.profile(self.citizen.id, one.day)
        rows += [("By the register", known_as(text, points, band)) for text, _, points, band in known]
        if one.answer == "ordinary":
            rows.append(("The reason", "an ordinary one (means, papers, sold out): the scheme was not asked"))
        if one.answer == "no favour":
            rows.append(("The reason", "nobody has it without the scheme, and the scheme did not grant it here"))
        if one.place is not None:
            rows.append(("The places", self.place_text(one.place)))
        other = self.other()
        if other is not None:
            rows.append(("In the other world", f"{other}, under “{self.citizen.words[1].model.title}”"))
        return rows

    def rule_text(self) -> str:
        rule, words = self.rule, self.words
        if rule is None:
            return "none: the scheme leaves this door alone"
        parts = []
        if rule.refuse is not None:
            if rule.refuse.score_below is not None:
                parts.append(f"a score below {rule.refuse.score_below}")
            if rule.refuse.grades:
                parts.append(f"grade {' or '.join(rule.refuse.grades)}")
            parts += [f"being on the list “{words.model.lists[name].title}”" for name in rule.refuse.lists]
        shut = "withheld for" if words.is_favour(self.one.door) else "closed by"
        text = f"{shut} {', or '.join(parts)}" if parts else "closed to nobody"
        if rule.priority is not None:
            text += f"; scarce places go by {rule.priority}"
        return f"{text} {words.cited(rule)}"

    def place_text(self, place: dict[str, int]) -> str:
        if place["asked"] < 0:
            return f"{place['places']} places, enough for all who asked that month"
        text = f"{place['places']} places for {place['asked']} who asked that month"
        by = self.rule.priority if self.rule is not None else None
        if by in ("score", "grade") and self.words.rules.any_rule:
            mine, last = place["priority"], place["last"]
            if by == "grade":
                return f"{text}, by grade and then by lot; the last place went to grade {self.words.grade(last)}"
            return f"{text}, by score and then by lot; the last place went to a score of {last}, this one was {mine}"
        return f"{text}, by lot"

    def posting(self, posting: Counted) -> dict[str, Any]:
        words, rule = self.words, self.words.rule(posting.rule)
        record = record_word(posting)
        return {
            "day": words.date(posting.day).isoformat(),
            "rule": words.compiled.rule_names[posting.rule],
            "title": rule.title,
            "cited": words.cited(rule),
            "points": posting.points,
            "domain": DOMAINS[posting.domain],
            "until": words.date(posting.until).isoformat() if posting.until is not None else None,
            "record": "could not pay" if posting.unable and record == "right" else record,
            "hold": words.hold(posting.hold) if posting.hold >= 0 else "",
            "source": words.names.sources[posting.source],
        }

    def sums(self) -> str:
        model, standing = self.words.model, self.one.standing
        parts = []
        for domain, points in zip(SCHEME_DOMAINS, standing.points, strict=True):
            weight = model.weight(domain)
            if points:
                known = in_range(model.domains[domain].weight) if domain in model.domains else ""
                said = f" at {weight} %" if weight != 100 or known else ""
                parts.append(f"{domain} {signed(points)}{said}" + (f" ({known} %)" if known else ""))
        away = " (with what decay moved back)" if model.decay else ""
        return (
            f"Sums by domain: {', '.join(parts) or 'all nothing'}{away}; start {model.start.points}; "
            f"score {standing.score}, grade {self.words.grade(standing.grade)}"
        )

    def change(self) -> list[str]:
        """Return the smallest change to the file that would have opened the door."""
        one, words = self.one, self.words
        if one.answer == "scarce" and one.place is not None:
            more = one.place["last"] - one.place["priority"]
            if self.rule is not None and self.rule.priority == "score" and words.rules.any_rule and more >= 0:
                return [
                    f"{more + 1} more points would have been enough for a place" if more else "better luck in the lot"
                ]
            return ["better luck in the lot"]
        if not one.by_scheme:
            return []
        postings = [_as_posting(words, posting) for posting in one.standing.counted]
        found = smallest_change(words.model, [*postings, *self.moved(postings)], words.names.doors[one.door])
        if not found:
            return ["nothing in this file: no posting closes the door"]
        out = [f"without {self.named(posting, postings)}" for posting in found]
        if len(out) > 1:
            out = [f"without these {len(out)} together:", *(text.removeprefix("without ") for text in out)]
        if one.answer == "score":
            missing = int(words.compiled.door_score[one.door]) - one.standing.score
            out.append(f"or {missing} more point{'' if missing == 1 else 's'}, however they came")
        return out

    def moved(self, postings: Sequence[Posting]) -> list[Posting]:
        """Return what registers know and what decay moved, as postings that nobody made."""
        day = self.words.date(self.one.day)
        known = [
            Posting(day, "", text, "", "", domain, points, points, "", band, None, "")
            for text, domain, points, band in self.words.profile(self.citizen.id, self.one.day)
        ]
        out = list(known)
        for at, domain in enumerate(SCHEME_DOMAINS):
            there = sum(one.points for one in (*postings, *known) if one.domain == domain)
            points = self.one.standing.points[at] - there
            if points:
                out.append(Posting(day, "", "decay", "", "", domain, points, points, "", "", None, ""))
        return out

    def named(self, posting: Posting, postings: Sequence[Posting]) -> str:
        at = next((n for n, one in enumerate(postings) if one is posting), -1)
        word = WRONG_WORDS.get(record_word(self.one.standing.counted[at]), "") if at >= 0 else ""
        points = f" ({signed(posting.points)})" if posting.points else ""
        if not posting.rule:
            return f"“{posting.title}”{points}"
        return f"“{posting.title}” of {posting.day}{points}{word}"

    def other(self) -> str | None:
        """Return how the same request ended on the other side."""
        if len(self.citizen.words) < 2:
            return None
        same = [one for one in asked_at(self.citizen.life(1)) if (one.day, one.door) == (self.one.day, self.one.door)]
        nth = [one for one in self.here if one.day == self.one.day].index(self.one)
        return self.answer(same[nth], self.citizen.words[1]) if nth < len(same) else None

    def request(self, one: Asked) -> tuple[str, str, bool]:
        return str(self.words.date(one.day)), self.answer(one, self.words), one is self.one

    def cited(self) -> dict[str, str]:
        used: list[DoorRule | Any] = [self.rule] if self.rule is not None else []
        used += [self.words.rule(posting.rule) for posting in self.one.standing.counted]
        keys = {thing.source for thing in used if thing.source}
        return {key: cite for key, cite in self.words.citations.items() if key in keys}


def _as_posting(words: Words, posting: Counted) -> Posting:
    return posting_of(
        words.model,
        words.compiled.rule_names[posting.rule],
        kind=words.names.kinds[posting.kind],
        source=words.names.sources[posting.source],
        day=words.date(posting.day),
        points=posting.points,
        until=None if posting.until is None else words.date(posting.until),
    )
