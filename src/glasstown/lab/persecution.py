"""What it takes to shut one invented citizen out: records that an authority makes up, and the doors that close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ..columns import CITIZEN
from ..engine.layout import FALSE_RECORD
from ..engine.plain_events import Post
from ..errors import BadValue, UnknownName
from ..scheme.checks import MOST_POINTS
from .answers import asked_at
from .replay import SideLife, barriers_of, replay

if TYPE_CHECKING:
    from ..scheme.types import Rule, SchemeModel
    from .lives import Citizen
    from .wording import Words

__all__ = ["Persecution", "means_of", "persecute"]

GRAVEST = 255
ROWS = 12
"""Rows of months that a text shows at the most."""


@dataclass(frozen=True, slots=True)
class Month:
    """How both lives stand at a window's end; None where there is no file."""

    date: date
    written: int
    score: int | None
    grade: str | None
    score_persecuted: int | None
    grade_persecuted: str | None


@dataclass(frozen=True, slots=True)
class Persecution:
    """One life under the scheme, and the same life with records made up by an authority.

    Attributes
    ----------
    rule, record, source : what is made up, by stable name, and under which rule it counts.
    months : how both lives stand, window by window.
    doors : by door: asked, refused by the scheme, and refused once the records are there.
    records_to_worst : records until the lowest grade; None where it is never reached.
    records_to_first_door : records until the first door is shut that was open; None where none is.
    lives : the life untouched, and the life with the records.
    """

    citizen: int
    rule: str
    record: str
    source: str
    months: tuple[Month, ...]
    doors: dict[str, tuple[int, int, int]]
    records_to_worst: int | None
    records_to_first_door: int | None
    texts: tuple[str, ...]
    lives: tuple[SideLife, SideLife]

    def to_dict(self) -> dict[str, Any]:
        """Return the same for machines."""
        return {
            "citizen": self.citizen,
            "rule": self.rule,
            "record": self.record,
            "source": self.source,
            "records_to_worst": self.records_to_worst,
            "records_to_first_door": self.records_to_first_door,
            "doors": {
                name: {"asked": asked, "refused": before, "refused_persecuted": after}
                for name, (asked, before, after) in self.doors.items()
            },
            "months": [
                {
                    "date": one.date.isoformat(),
                    "written": one.written,
                    "score": one.score,
                    "grade": one.grade,
                    "score_persecuted": one.score_persecuted,
                    "grade_persecuted": one.grade_persecuted,
                }
                for one in self.months
            ],
        }

    def __str__(self) -> str:
        return "\n".join(self.texts)

    __repr__ = __str__


def persecute(
    citizen: Citizen, record: str | None = None, source: str | None = None, every: int = 1, after: int = 0
) -> Persecution:
    """Live a citizen's life under the scheme once more, with a made-up record every few windows.

    Nobody else's life changes: what one citizen is refused leaves every scarce place as it was given out.

    Parameters
    ----------
    record : kind of the record; default: the one that shuts most doors, or else costs most points.
    source : who is said to have written it; default: any that the rule takes it from.
    every : windows from one record to the next.
    after : windows before the first.

    Raises
    ------
    UnknownName, BadValue
        Where no rule takes such a record, or a number is below what makes sense.
    """
    if every < 1 or after < 0:
        raise BadValue("a record every 1 or more windows, after 0 or more")
    words = citizen.words[0]
    if citizen.is_minor:
        raise BadValue(f"citizen {citizen.id} is a minor until the end of the run, and has no file")
    rule, kind, writer = _chosen(citizen, record, source)
    program = words.program
    clock = program.clock
    more: dict[int, list[Post]] = {}
    for window in range(after, clock.windows, every):
        day = clock.first_day(window) + clock.days(window) // 2
        more[window] = [Post(day, 1, kind, writer, FALSE_RECORD, GRAVEST, False, False, False, 0)]
    before = citizen.life(0)
    hunted = replay(barriers_of(citizen.run, citizen.replicate), 0, citizen.id, more)
    months = _months(citizen, before, hunted, more)
    doors = _doors(citizen, before, hunted)
    first_door = _first_door(before, hunted, more, program.window_of)
    worst = next((one.written for one in months if one.grade_persecuted == words.grade(0)), None)
    named = (words.compiled.rule_names[rule], program.names.kinds[kind], program.names.sources[writer])
    texts = _texts(citizen, named, months, doors, worst, first_door)
    return Persecution(citizen.id, *named, months, doors, worst, first_door, texts, (before, hunted))


def _shuts(model: SchemeModel, rule: Rule) -> int:
    """Return how many doors a rule shuts by its list or forced grade alone."""
    refusals = [door.refuse for door in model.doors.values() if door.refuse is not None]
    return sum(rule.list_ in refuse.lists or rule.grade in refuse.grades for refuse in refusals)


def _chosen(citizen: Citizen, record: str | None, source: str | None) -> tuple[int, int, int]:
    """Return rule, kind and source of the record that is made up: the one that costs most of those that are meant."""
    words = citizen.words[0]
    model, names = words.model, words.names
    if record is not None and record not in names.kinds:
        raise UnknownName("kind of record", record, names.kinds)
    if source is not None and source not in names.sources:
        raise UnknownName("source", source, names.sources)
    found = [
        (cost, words.compiled.rule_names.index(name), kind, source or writers[0])
        for cost, name, kind, writers in _able(words, words.program.subject_of(citizen.id))
        if record in (None, kind) and (source is None or source in writers)
    ]
    if not found:
        what = f'a record of "{record}"' if record else "a record"
        by = f' from "{source}"' if source else ""
        raise BadValue(f"no rule of {model.scheme} takes anything for {what}{by}", "leave it out: the gravest is taken")
    _, rule_at, kind, writer = max(found, key=lambda one: (one[0], -one[1]))
    return rule_at, names.kinds.index(kind), names.sources.index(writer)


def _able(words: Words, subject: str) -> Iterator[tuple[int, str, str, tuple[str, ...]]]:
    """Yield what can be made up: its cost, the rule, the kind of record, and who may be said to have written it."""
    model, names = words.model, words.names
    for name in words.compiled.rule_names:
        rule = model.rules[name]
        writers = tuple(names.sources) if rule.sources == "all" else tuple(rule.sources)
        cost = -rule.low + MOST_POINTS * _shuts(model, rule)
        if cost > 0 and rule.when is None and names.subject(rule.record) == subject:
            yield cost, name, rule.record, writers


def means_of(words: Words, subject: str = CITIZEN) -> list[tuple[str, str, tuple[str, ...], int]]:
    """Return the means of an authority, the gravest first: rule, kind of record, its writers, doors shut at once."""
    found = sorted(_able(words, subject), key=lambda one: (-one[0], one[1]))
    return [(name, kind, writers, _shuts(words.model, words.model.rules[name])) for _, name, kind, writers in found]


def _months(citizen: Citizen, before: SideLife, hunted: SideLife, more: dict[int, list[Post]]) -> tuple[Month, ...]:
    words, written, out = citizen.words[0], 0, []
    clock = words.program.clock
    for window, (one, other) in enumerate(zip(before.months, hunted.months, strict=True)):
        written += len(more.get(window, ()))
        out.append(
            Month(
                clock.date_of(clock.first_day(window + 1) - 1),
                written,
                one[0] if one else None,
                words.grade(one[1]) if one else None,
                other[0] if other else None,
                words.grade(other[1]) if other else None,
            )
        )
    return tuple(out)


def _doors(citizen: Citizen, before: SideLife, hunted: SideLife) -> dict[str, tuple[int, int, int]]:
    names = citizen.words[0].names.doors
    out = {}
    for at, name in enumerate(names):
        asked = [one for one in asked_at(before) if one.door == at]
        after = [one for one in asked_at(hunted) if one.door == at]
        if asked:
            out[name] = (len(asked), sum(one.by_scheme for one in asked), sum(one.by_scheme for one in after))
    return out


def _first_door(before: SideLife, hunted: SideLife, more: dict[int, list[Post]], window_of: Any) -> int | None:
    """Return how many records had been written when a door was first shut that was open."""
    open_ = {(one.day, one.door) for one in asked_at(before) if not one.by_scheme}
    for one in asked_at(hunted):
        if one.by_scheme and (one.day, one.door) in open_:
            return sum(len(posts) for window, posts in more.items() if window <= window_of(one.day))
    return None


def _texts(
    citizen: Citizen,
    named: tuple[str, str, str],
    months: tuple[Month, ...],
    doors: dict[str, tuple[int, int, int]],
    worst: int | None,
    first_door: int | None,
) -> tuple[str, ...]:
    words = citizen.words[0]
    rule = words.model.rules[named[0]]
    source = words.source(words.names.sources.index(named[2]))
    shut = {name: after - refused for name, (_, refused, after) in doors.items() if after > refused}
    asked = sum(one[0] for one in doors.values())
    lines = [
        f"Citizen {citizen.id}, invented, given to an arbitrary authority under “{words.model.title}”",
        f"What is made up: “{rule.title}”, put down to {source}, {months[-1].written} times",
        _many("until the lowest grade", worst),
        _many("until the first door is shut that was open", first_door),
        f"Doors: of {asked} requests, {sum(shut.values())} more are refused",
        *(f"  {words.door(words.names.doors.index(name))}: {n} more" for name, n in sorted(shut.items())),
        "",
        "month       records  score  grade   without them",
    ]
    step = -(-len(months) // ROWS)
    for one in months[::step]:
        score = "–" if one.score_persecuted is None else str(one.score_persecuted)
        plain = "no file" if one.score is None else f"{one.score} {one.grade}"
        lines.append(f"{one.date:%Y-%m}     {one.written:7}  {score:>5}  {one.grade_persecuted or '–':5}   {plain}")
    return tuple(lines)


def _many(what: str, count: int | None) -> str:
    return f"Records needed {what}: {count if count is not None else 'never reached'}"
