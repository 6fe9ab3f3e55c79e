"""A persecution as plain data, for a page: the means of an authority, both lives, and every door by its date."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from .answers import Asked, asked_at
from .document import cite_run, plain
from .persecution import Persecution, means_of, persecute
from .picking import ordinary

if TYPE_CHECKING:
    from .opened import Run
    from .wording import Words

__all__ = ["persecution"]

REFUSED = ("list", "grade", "score")


def persecution(
    run: Run,
    citizen: int | None = None,
    record: str | None = None,
    source: str | None = None,
    every: int = 1,
    after: int = 0,
    replicate: int = 0,
) -> dict[str, Any]:
    """Return one life and the same with records that an authority makes up, as plain data.

    Parameters
    ----------
    citizen : whose life; None for one that is chosen: it asks at many doors, and the scheme refuses it nothing.
    record, source, every, after : see :func:`glasstown.lab.persecution.persecute`.
    """
    who = ordinary(run, replicate) if citizen is None else citizen
    one = run.citizen(who, replicate)
    told = persecute(one, record, source, every, after)
    words = one.words[0]
    out = {
        **told.to_dict(),
        "chosen": citizen is None,
        "place": _place(words, who),
        "every": every,
        "after": after,
        "titles": _titles(words, told),
        "start": words.rules.start,
        "bands": list(words.compiled.band_names),
        "doors": [_door(words, name, counts) for name, counts in told.doors.items()],
        "requests": _requests(words, told),
        "means": [_mean(words, *mean) for mean in means_of(words, words.program.subject_of(who))],
        "text": str(told),
        "cite": cite_run(run),
    }
    return plain(out)  # type: ignore[no-any-return]


def _place(words: Words, who: int) -> str:
    program = words.program
    key = str(program.society.places[int(program.place_of(who))])
    return str(getattr(words.parts.society.value.places.get(key), "title", key))


def _titles(words: Words, told: Persecution) -> dict[str, str]:
    return {
        "scheme": words.model.title,
        "rule": words.model.rules[told.rule].title,
        "record": words.act(words.names.kinds.index(told.record)),
        "source": words.source(words.names.sources.index(told.source)),
    }


def _door(words: Words, name: str, counts: tuple[int, int, int]) -> dict[str, Any]:
    asked, before, after = counts
    title = words.door(words.names.doors.index(name))
    return {"key": name, "title": title, "asked": asked, "refused": before, "refused_persecuted": after}


def _mean(words: Words, rule: str, record: str, sources: tuple[str, ...], shuts: int) -> dict[str, Any]:
    told = words.model.rules[rule]
    keepers = words.parts.sources.value.keepers
    return {
        "rule": rule,
        "title": told.title,
        "record": record,
        "points": told.low,
        "shuts": shuts,
        "sources": [{"key": key, "title": keepers[key].title} for key in sources],
    }


def _requests(words: Words, told: Persecution) -> list[dict[str, Any]]:
    """Return every request of either life by date, each with both answers; None where it was not asked."""
    clock = words.program.clock
    before, after = (_by_time(told, side) for side in (0, 1))
    out = []
    for day, door, nth in sorted({*before, *after}):
        answers = [of[day, door, nth].answer if (day, door, nth) in of else None for of in (before, after)]
        window = words.program.window_of(day)
        out.append(
            {
                "date": str(clock.date_of(day)),
                "window": window,
                "door": words.names.doors[door],
                "untouched": answers[0],
                "persecuted": answers[1],
                "closed": answers[0] not in REFUSED and answers[1] in REFUSED,
                "records": told.months[window].written,
            }
        )
    return out


def _by_time(told: Persecution, side: int) -> dict[tuple[int, int, int], Asked]:
    """Return a life's requests by day, door and, where several fall on one day, their number."""
    seen: Counter[tuple[int, int]] = Counter()
    out = {}
    for one in asked_at(told.lives[side]):
        at = (one.day, one.door)
        out[(*at, seen[at])] = one
        seen[at] += 1
    return out
