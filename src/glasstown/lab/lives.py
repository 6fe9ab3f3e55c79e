"""Lives: one citizen of a run, lived again, and what there is to tell of it."""

from __future__ import annotations

from datetime import date as Date
from functools import cached_property
from typing import TYPE_CHECKING

from ..engine.layout import ADULT
from .replay import SideLife, barriers_of, replay
from .story import Story, person_of, summary_of
from .telling import Line, merged, tell_side
from .wording import Words

if TYPE_CHECKING:
    from .opened import Run
    from .persecution import Persecution
    from .whys import Why

__all__ = ["Citizen"]


class Citizen:
    """One citizen of a run, replayed with the plain account of the model.

    Nothing about anybody is stored in a run folder but the mail that was put into wrong files: a life follows from
    the scenario, the seed and the citizen's number.
    """

    def __init__(self, run: Run, id: int, replicate: int = 0) -> None:
        self.run, self.id, self.replicate = run, id, replicate
        self._lives: dict[int, SideLife] = {}

    @cached_property
    def words(self) -> tuple[Words, ...]:
        """Return what things are called, for each side."""
        parts, program = self.run.parts, barriers_of(self.run, self.replicate).program
        return tuple(Words(parts, program, side) for side in range(len(program.sides)))

    def life(self, side: int) -> SideLife:
        """Return the life on one side: 0 with the scheme, 1 in the other world."""
        if side not in self._lives:
            self._lives[side] = replay(barriers_of(self.run, self.replicate), side, self.id)
        return self._lives[side]

    @property
    def is_minor(self) -> bool:
        """Return whether the citizen stays a minor until the end."""
        program = self.words[0].program
        return not program.is_adult(self.id, program.clock.windows - 1)

    def lines(self) -> list[Line]:
        """Return everything that happened, of both sides, by date."""
        told = [tell_side(words, self.life(words.side)) for words in self.words]
        return merged(told)

    def story(self) -> Story:
        """Return the citizen's life: acts, records, points and doors, with the scheme and in the other world."""
        words, clock = self.words, self.words[0].program.clock
        lives = [self.life(one.side) for one in words]
        manifest = self.run.manifest
        return Story(
            run=str(manifest.get("title") or manifest.get("scenario", "")),
            replicate=self.replicate,
            person=person_of(self.run.parts, words[0].program, self.id),
            period=(clock.start, clock.date_of(clock.first_day(clock.windows) - 1)),
            worlds={one.label: one.model.title for one in words},
            lines=self.lines(),
            summary=[] if self.is_minor else summary_of(words, lives),
            citations={key: cite for one in reversed(words) for key, cite in one.citations.items()},
            remarks=self._remarks(),
        )

    def _remarks(self) -> tuple[str, ...]:
        if self.is_minor:
            return (f"A minor until the end of the run: nobody under {ADULT} has a file, or asks at a door.",)
        return tuple(
            f"Did not consent to being scored under “{one.model.title}”: it keeps no file."
            for one in self.words
            if one.rules.any_rule and not one.program.consents(one.side, self.id)
        )

    def why(self, door: str | None = None, date: Date | str | None = None) -> Why:
        """Return why a door opened or stayed shut under the scheme.

        Parameters
        ----------
        door : its stable name, such as ``loan``; default: the one that the scheme closed last, if any.
        date : the request of that day, or the first refusal by the scheme after it; default: the last request.

        Raises
        ------
        UnknownName
            Where there is no such door.
        BadValue
            Where the date is none or outside the run, or nothing was asked at any door.
        """
        from .answers import why

        return why(self, door, date)

    def persecute(
        self, record: str | None = None, source: str | None = None, every: int = 1, after: int = 0
    ) -> Persecution:
        """Return this life with a record that an authority makes up every few windows.

        See :func:`glasstown.lab.persecution.persecute`.
        """
        from .persecution import persecute

        return persecute(self, record, source, every, after)

    def __repr__(self) -> str:
        return f"<citizen {self.id} of {self.run.folder}>"
