"""Picks a life that is worth telling, without living many of them again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..engine import measures as m
from ..engine.layout import BLOCK, PASSED_ON
from ..engine.plain_events import Post
from ..engine.program import Program
from ..engine.tables import N_NAMESAKE, U_HOLD, U_SOURCES
from ..errors import BadValue
from .answers import asked_at
from .replay import Barriers, SideLife, barriers_of, replay, unpacked
from .telling import Line

if TYPE_CHECKING:
    from .opened import Run

__all__ = ["first_adult", "life_to_tell", "ordinary", "pick", "picks"]

LETTERS = 3
"""Owners of wrong records that are looked at first: each is in another block, and costs its drawing."""
OTHERS = 48
ORDINARY = 24
"""Citizens of whom the most ordinary is chosen."""
LOOKED = 4096
"""Citizens who are looked at for one who has a file, where the first have none."""
LONG = 40
"""Lines above which only those are told that matter to the file."""


def life_to_tell(run: Run, replicate: int = 0) -> dict[str, Any]:
    """Return one life for a report: somebody refused by the scheme for another's act, if one is found quickly.

    Returns
    -------
    dict
        ``id``, ``about`` and ``lines``, each with ``date``, ``text`` and ``side`` (scheme, pair or both).
    """
    who = pick(run, replicate)
    citizen = run.citizen(who, replicate)
    story = citizen.story()
    lines = story.lines if len(story.lines) <= LONG else [line for line in story.lines if _matters(line)]
    known = "; ".join(f"{title}: {level}" for title, level in story.person.register.items())
    return {
        "id": who,
        "subject": story.person.subject,
        "about": f"{known}. {_refusals(citizen.life(0))}".strip(),
        "lines": [{"date": line.date.isoformat(), "text": _text(line), "side": line.side} for line in lines],
    }


def pick(run: Run, replicate: int = 0) -> int:
    """Return the number of a citizen worth telling of; the same for the same run.

    Looked at are a few owners of grave records that belong to somebody else, then the adults of the first block.
    """
    barriers = barriers_of(run, replicate)
    best = -1
    found: tuple[int, ...] = (-1,)
    for who in (*_by_mail(barriers), *_first_scored(barriers.program)):
        worth = _worth(replay(barriers, 0, who))
        if worth > found:
            best, found = who, worth
        if found[0] > 0:
            break
    return max(best, 0)


def picks(run: Run, replicate: int = 0) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """Return a few citizens worth telling of: number, what for, and their refusals by the scheme as door and date.

    One for each of: a wrong record, inability, another context, and a life in which the scheme refused nothing.
    """
    barriers = barriers_of(run, replicate)
    program = barriers.program
    found: dict[str, tuple[int, SideLife]] = {}
    for who in (*_by_mail(barriers), *_first_scored(program, blocks=3)):
        lived = replay(barriers, 0, who)
        word = next((word for word, holds in PICKED if holds(lived)), None)
        if word and word not in found and all(who != other for other, _ in found.values()):
            found[word] = (who, lived)
        if len(found) == len(PICKED):
            break
    return [
        (who, word, _explained(program, lived)) for word, _ in PICKED if word in found for who, lived in [found[word]]
    ]


def ordinary(run: Run, replicate: int = 0) -> int:
    """Return the number of a citizen with an ordinary life: asks at many doors, and the scheme refuses nothing.

    Raises
    ------
    BadValue
        Where nobody has a file.
    """
    barriers = barriers_of(run, replicate)
    program = barriers.program
    able = _filed(program)
    if not able:
        raise BadValue("nobody has a file under this scheme", "choose a scenario with a scheme")
    found = [(who, replay(barriers, 0, who)) for who in able[:ORDINARY]]
    return max(found, key=lambda one: (_quiet(one[1]), len(asked_at(one[1])), -one[0]))[0]


def _explained(program: Program, lived: SideLife) -> list[tuple[str, str]]:
    """Return the doors of a life that are worth an explanation: the first refusal by the scheme at each."""
    out: dict[str, str] = {}
    for one in asked_at(lived):
        if one.by_scheme:
            out.setdefault(program.names.doors[one.door], str(program.clock.date_of(one.day)))
    return list(out.items())[:MOST_WHYS]


def _counts(*measures: int) -> Callable[[SideLife], bool]:
    return lambda lived: any(n > 0 for (measure, _), n in lived.counts.items() if measure in measures)


def _quiet(lived: SideLife) -> bool:
    asked, refused = _counts(m.M_REQUESTS)(lived), _counts(m.M_LIST, m.M_GRADE_REFUSED, m.M_SCORE)(lived)
    return asked and not refused


PICKED: tuple[tuple[str, Callable[[SideLife], bool]], ...] = (
    ("refused because of a wrong or outdated record", _counts(m.M_WRONGLY)),
    ("refused for being unable to pay", _counts(m.M_UNABLE)),
    ("refused for something that has nothing to do with the door", _counts(m.M_CONTEXT)),
    ("refused nothing by the scheme", _quiet),
)
MOST_WHYS = 4


def first_adult(run: Run) -> int:
    """Return the smallest number of an adult; 0 where there is none."""
    adults = run.program.shared.adults
    return int(adults[0]) if len(adults) else 0


def _worth(life: SideLife) -> tuple[int, ...]:
    """Return what a life can show: wrong refusals before refusals out of context before others."""

    def any_of(*measures: int) -> int:
        return int(any(n > 0 for (measure, _), n in life.counts.items() if measure in measures))

    refused = any_of(m.M_LIST, m.M_GRADE_REFUSED, m.M_SCORE)
    return any_of(m.M_WRONGLY), any_of(m.M_CONTEXT), refused, any_of(m.M_LOST), any_of(m.M_REQUESTS)


def _filed(program: Program) -> list[int]:
    """Return a few who have a file from the first month; where there are none, in the last.

    The first of all may live where a scheme that is rolled out by place has not come yet: then others are looked at.
    """
    some = _may_be_scored(program)
    for window in (0, program.clock.windows - 1):
        for first in range(0, len(some), max(1, len(some) // LOOKED)):
            if first == 0 or program.is_subject(0, some[first], window):
                near = [who for who in _of_blocks(some[first:], 1) if program.is_subject(0, who, window)]
                if near:
                    return near
    return []


def _first_scored(program: Program, blocks: int = 1) -> list[int]:
    """Return the first whom the scheme may score: of its first class, and of a few blocks."""
    return _of_blocks(_may_be_scored(program), blocks)


def _may_be_scored(program: Program) -> list[int]:
    at = next((c for c in range(program.classes) if (program.sides[0].subjects >> c) & 1), 0)
    ends = program.shared.classes[at : at + 2, N_NAMESAKE]
    out: list[int] = program.shared.namesakes[ends[0] : ends[1]].tolist()
    return out


def _of_blocks(some: list[int], blocks: int) -> list[int]:
    """Return the first few, of blocks that lie together: lives of one block share the drawing of their candidates."""
    return [who for who in some[: (OTHERS + 1) * blocks] if who // BLOCK < some[0] // BLOCK + blocks][: OTHERS * blocks]


def _by_mail(barriers: Barriers) -> list[int]:
    """Return those into whose files a grave record of somebody else came early, and stayed."""
    program = barriers.program
    letters = barriers.all_mail(0)
    early = letters[:, letters[2] < program.clock.first_day(program.clock.windows) * 2 // 3]
    closing = _closing(program)
    graves = []
    for citizen, window, day, content in early.T.tolist():
        post = unpacked(program, day, content)
        if (
            isinstance(post, Post)
            and not post.corrected
            and post.status != PASSED_ON
            and _grave(program, post, closing)
            and program.is_adult(citizen, window)
        ):
            graves.append((day, citizen))
    return list(dict.fromkeys(who for _, who in sorted(graves)))[:LETTERS]


def _closing(program: Program) -> set[int]:
    """Return the lists and forced grades that close a door."""
    rules, scheme = program.sides[0], program.schemes[0]
    closing = {h for h in range(len(rules.hold)) if any((int(mask) >> h) & 1 for mask in scheme.door_holds)}
    return closing | {
        h
        for h, grade in enumerate(scheme.hold_grade.tolist())
        if grade >= 0 and any((int(mask) >> grade) & 1 for mask in scheme.door_grades)
    }


def _grave(program: Program, post: Post, closing: set[int]) -> bool:
    """Return whether a record leads straight to what closes a door."""
    rules = program.sides[0]
    return any(
        int(rules.rule[r, U_HOLD]) in closing and (int(rules.rule[r, U_SOURCES]) >> post.source) & 1
        for r in range(int(rules.rule_start[post.kind]), int(rules.rule_start[post.kind + 1]))
    )


def _matters(line: Line) -> bool:
    if line.side != "both":
        return True
    return bool(line.facts.get("records")) if line.what == "act" else not line.facts.get("granted", False)


def _text(line: Line) -> str:
    stands = f" Score {line.score}, grade {line.grade}." if line.score is not None else ""
    more = f" ({'; '.join(line.more)})" if line.more else ""
    return f"{line.text}{more}.{stands}"


def _refusals(life: SideLife) -> str:
    def total(*measures: int) -> int:
        return sum(n for (measure, _), n in life.counts.items() if measure in measures)

    refused, wrongly = total(m.M_LIST, m.M_GRADE_REFUSED, m.M_SCORE), total(m.M_WRONGLY)
    if not refused:
        return "The scheme refused nothing here."
    often = {1: "once", 2: "twice"}.get(refused, f"{refused} times")
    out = f"The scheme refused {often}"
    if wrongly:
        many = "" if refused == wrongly == 1 else " each time" if wrongly == refused else f" {wrongly} of these times"
        return f"{out},{many} only because of wrong or stale records."
    context = total(m.M_CONTEXT)
    return f"{out}, {context} of these times over records of another domain than the door's." if context else f"{out}."
