"""One life as plain data: for a page, and for what would have been without one record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..engine import measures as m
from ..errors import BadValue, RunFolderError
from .answers import asked_at
from .document import cite_run, plain
from .lives import Citizen
from .picking import picks
from .replay import Key, SideLife, barriers_of, replay
from .story import INSET
from .telling import Line
from .wording import Words

if TYPE_CHECKING:
    from .opened import Run

__all__ = ["life", "lives", "why", "without"]

HELD_FIXED = (
    "Held as it was: what everybody else did, what was heard of being caught, records that were put into this file by "
    "mistake, and how scarce places were given. What this citizen does may change, as it does where less is felt to be "
    "at stake."
)


def life(
    run: Run, who: int, replicate: int = 0, *, picked: str = "", doors: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Return one citizen's life as plain data.

    Parameters
    ----------
    picked : why this life was picked, if it was.
    doors : requests to explain, as door and date.
    """
    citizen = run.citizen(who, replicate)
    story = citizen.story()
    worlds = [words.label for words in citizen.words]
    out = {
        "citizen": who,
        "picked": picked,
        "person": {**story.person.to_dict(), "place_key": _place_key(citizen)},
        "from": str(story.period[0]),
        "until": str(story.period[1]),
        "minor": citizen.is_minor,
        "remarks": list(story.remarks),
        "worlds": story.worlds,
        "lines": [_line(at, line, citizen) for at, line in enumerate(story.lines)],
        "months": {words.label: _months(words, citizen.life(words.side)) for words in citizen.words},
        "summary": [
            {"label": label, "of_above": label.startswith(INSET), "values": dict(zip(worlds, texts, strict=True))}
            for label, texts in story.summary
        ],
        "sources": story.used(),
        "whys": [_why(citizen, door, date) for door, date in doors],
        "cite": cite_run(run),
    }
    return plain(out)  # type: ignore[no-any-return]


def lives(run: Run, replicate: int = 0) -> list[dict[str, Any]]:
    """Return a few whole lives that are worth telling, with the scheme's refusals explained.

    None where the run was made by files that this version reads otherwise: such lives cannot be lived again.
    """
    try:
        found = picks(run, replicate)
    except RunFolderError:
        return []
    return [life(run, who, replicate, picked=word, doors=doors) for who, word, doors in found]


def _place_key(citizen: Citizen) -> str:
    program = citizen.words[0].program
    return str(program.society.places[int(program.place_of(citizen.id))])


def _line(at: int, line: Line, citizen: Citizen) -> dict[str, Any]:
    facts = dict(line.facts)
    return {
        "at": at,
        "date": str(line.date),
        "window": citizen.words[0].program.window_of(line.day),
        "world": line.side,
        "what": line.what,
        "text": line.text,
        "more": [*line.more, *([line.note] if line.note else [])],
        "score": line.score,
        "grade": line.grade,
        "record": facts.pop("key", None),
        "kind": facts.pop("kind", None),
        "facts": facts,
    }


def _months(words: Words, lived: SideLife) -> list[dict[str, Any] | None]:
    return [None if month is None else {"score": month[0], "grade": words.grade(month[1])} for month in lived.months]


def why(run: Run, who: int, door: str, date: str | None = None, replicate: int = 0) -> dict[str, Any]:
    """Return why a door opened or stayed shut, as plain data."""
    return plain({**_why(run.citizen(who, replicate), door, date), "cite": cite_run(run)})  # type: ignore[no-any-return]


def _why(citizen: Citizen, door: str, date: str | None) -> dict[str, Any]:
    found = citizen.why(door, date)
    words = citizen.words[0]
    return {
        "door_title": words.door(words.names.doors.index(door)),
        "rows": [list(row) for row in found.rows],
        "score": None,
        "grade": None,
        "other_world": None,
        **found.to_dict(),
    }


def without(run: Run, who: int, record: str, replicate: int = 0) -> dict[str, Any]:
    """Return what would have become of a life if one record had not been written.

    Parameters
    ----------
    record : the record, by the name that the lines of the life give it.

    Raises
    ------
    BadValue
        Where the file has no such record under the scheme.
    """
    citizen = run.citizen(who, replicate)
    words, lived = citizen.words[0], citizen.life(0)
    key = _key(record)
    told = next((line for line in citizen.lines() if record in _records(line)), None)
    if key is None or told is None:
        raise BadValue(
            f'citizen {who} has no record "{record[:40]}" in the file',
            "records are named in the lines of the life",
        )
    other = replay(barriers_of(run, replicate), 0, who, struck=key)
    out = {
        "citizen": who,
        "record": {"key": record, "date": str(words.date(key[0])), "text": told.text},
        "as_it_was": _sums(words, lived),
        "without": _sums(words, other),
        "months": {"as_it_was": _months(words, lived), "without": _months(words, other)},
        "changed": list(_changed(words, lived, other)),
        "note": HELD_FIXED,
        "cite": cite_run(run),
    }
    return plain(out)  # type: ignore[no-any-return]


def _key(record: str) -> Key | None:
    parts = record.split(".")
    if len(parts) != 5 or not all(part.isdecimal() and len(part) < 9 for part in parts):
        return None
    day, kind, source, status, amount = (int(part) for part in parts)
    return day, kind, source, status, amount


def _records(line: Line) -> Iterator[str]:
    if line.facts.get("key"):
        yield line.facts["key"]
    records = line.facts.get("records", ()) if line.what == "act" else ()
    yield from (record["key"] for record in records if record["key"])


def _sums(words: Words, lived: SideLife) -> dict[str, Any]:
    months = [month for month in lived.months if month is not None]
    refused = sum(n for (measure, _), n in lived.counts.items() if measure in (m.M_LIST, m.M_GRADE_REFUSED, m.M_SCORE))
    return {
        "score_end": months[-1][0] if months else None,
        "grade_end": words.grade(months[-1][1]) if months else None,
        "lowest": min((one.standing.score for one in lived.happenings), default=None) if months else None,
        "refused": refused,
    }


def _changed(words: Words, lived: SideLife, other: SideLife) -> Iterator[dict[str, str]]:
    """Yield the doors that answer otherwise, and the acts that are done in one of the two lives only."""
    before, after = (Counter(_happened(words, one)) for one in (lived, other))
    out = [(day, text, "as it was") for (day, text), n in (before - after).items() for _ in range(n)]
    out += [(day, text, "without") for (day, text), n in (after - before).items() for _ in range(n)]
    for day, text, side in sorted(out):
        yield {"date": str(words.date(day)), "text": text, "side": side}


def _happened(words: Words, lived: SideLife) -> Iterator[tuple[int, str]]:
    answers = {
        "granted": "granted",
        "ordinary": "refused for an ordinary reason",
        "scarce": "no place left",
        "list": "REFUSED by the scheme: on a list",
        "grade": "REFUSED by the scheme: the grade",
        "score": "REFUSED by the scheme: the score",
    }
    for one in lived.happenings:
        if one.what == "act":
            yield one.day, words.act(one.facts["kind"])
    for asked in asked_at(lived):
        yield asked.day, f"{words.door(asked.door)}: {answers[asked.answer]}"
