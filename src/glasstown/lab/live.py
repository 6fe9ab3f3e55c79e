"""Scenarios lived while somebody looks on: window by window, and each world only once on the same people."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from ..engine.compile import with_schemes
from ..engine.loop import Outcome, windows
from ..engine.program import Program
from ..engine.scenario import Parts, SideScheme, assumed_in, compiled, people_of, with_changes
from ..engine.standing import grades
from ..errors import BadValue, RunFolderError, UnknownName
from .axes import MOST_DOTS, world_of
from .citing import hash_of
from .document import cite_run, comparison, document, frame, plain
from .editing import Move, edited, side_of_text
from .findings import findings
from .manifest import manifest_of
from .months import Counted
from .official import Official, sit
from .opened import Run
from .outcome_tables import SIDES, barrier_tables, population_table, result_tables
from .shelves import scenario_parts
from .weighed import weighed

__all__ = ["LIMITS", "Bench", "Limits", "Wanted"]

T = TypeVar("T")
Event = tuple[str, Any]


@dataclass(frozen=True)
class Limits:
    """The largest that is lived while somebody looks on; larger runs are for the command line."""

    citizens: int = 250_000
    years: int = 20
    citizen_years: int = 2_000_000
    dots: int = MOST_DOTS


LIMITS = Limits()


@dataclass(frozen=True)
class Wanted:
    """What is to be lived.

    Attributes
    ----------
    scenario, run : a scenario of the library, or the folder of a run whose people and luck are taken.
    edits, text : a changed scheme, lived as the world ``edited`` beside the scenario's own.
    dots : whether every citizen's grade is kept.
    """

    scenario: str = "rongcheng"
    run: str | None = None
    citizens: int | None = None
    years: int | None = None
    seed: int | None = None
    scheme: str | None = None
    pair: str | None = None
    edits: Sequence[Mapping[str, Any]] = ()
    text: str | None = None
    dots: bool = False


@dataclass
class _Lived:
    """One world on some people: what it left, and what is shown of it."""

    program: Program
    key: Any
    outcome: Outcome | None = None
    months: list[dict[str, Any]] = field(default_factory=list)
    dots: list[bytes] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return len(self.months) == self.program.clock.windows


@dataclass
class _Told:
    """A live run that is done: its files and its worlds, to be asked about."""

    parts: Parts
    sides: dict[str, SideScheme]
    worlds: dict[str, _Lived]
    runs: dict[tuple[str, str | None], Run] = field(default_factory=dict)


class _Kept(OrderedDict[Any, T]):
    """The last few of something."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def keep(self, key: Any, value: T) -> T:
        self[key] = value
        self.move_to_end(key)
        while len(self) > self.most:
            self.popitem(last=False)
        return value

    def find(self, key: Any) -> T | None:
        if key not in self:
            return None
        self.move_to_end(key)
        return self[key]

    def make(self, key: Any, maker: Callable[[], T]) -> T:
        found = self.find(key)
        return self.keep(key, maker()) if found is None else found


class _Memory:
    """Tables of a run that stands in no folder."""

    def __init__(self, manifest: Mapping[str, Any], program: Program, outcome: Outcome) -> None:
        self.manifest = {**manifest, "status": "finished"}
        self._program, self._outcome = program, outcome
        self._rooms: dict[str, dict[str, Any]] = {}

    def table(self, name: str, room: str = "tables") -> Any:
        if name == "population":
            return population_table(self._program)
        make = result_tables if room == "tables" else barrier_tables
        if room not in self._rooms:
            self._rooms[room] = make(self._program, [self._outcome])
        if name not in self._rooms[room]:
            raise UnknownName("table", name, self._rooms[room])
        return self._rooms[room][name]


class Bench:
    """Where scenarios are lived: keeps people, worlds and finished runs for the next who asks.

    Parameters
    ----------
    threads : threads of each simulation; default: one for each core.
    """

    def __init__(self, threads: int | None = None, limits: Limits = LIMITS) -> None:
        self.threads, self.limits = threads, limits
        self._people: _Kept[Any] = _Kept(4)
        self._programs: _Kept[Program] = _Kept(4)
        self._assumed: _Kept[list[str]] = _Kept(64)
        self._parts_found: _Kept[dict[str, Any]] = _Kept(32)
        self._worlds: _Kept[_Lived] = _Kept(16)
        self._told: _Kept[_Told] = _Kept(16)
        self._stored: _Kept[Run] = _Kept(4)

    # -- living -----------------------------------------------------------------------------------------------

    def live(self, name: str, wanted: Wanted) -> Iterator[Event]:
        """Live what is wanted; yield events as they come, see the page's contract.

        Raises
        ------
        GlasstownError
            Where it cannot be lived: a name, a value, a file that does not hold, or a size that is too large.
        """
        began = time.monotonic()
        yield "step", {"what": "reading the files", "done": 0, "of": 3}
        parts, stored = self._parts(wanted)
        sides = self._sides(parts, wanted)
        self._fits(parts, wanted)
        yield "step", {"what": "building the society", "done": 1, "of": 3}
        people = (parts.society.text, parts.citizens, parts.scenario.seed)
        society = self._people.make(people, lambda: people_of(parts))
        yield "step", {"what": "compiling the schemes", "done": 2, "of": 3}
        basis = self._basis(parts, tuple(sides.values()), society)
        worlds = {world: self._world(basis, side, wanted.dots) for world, side in sides.items()}
        told = _Told(parts, sides, worlds)
        if stored is not None:
            own = self._basis(parts, parts.schemes, society)
            _same(stored, with_schemes(own, [side.model for side in parts.schemes]))
        framed, run = self._frame(told, wanted)
        yield "begun", framed
        yield from self._months(worlds, framed["axes"], wanted.dots)
        if stored is not None:
            _checked(stored, run, told)
        self._told.keep(name, told)
        pairs = [("scheme", "pair")] if "pair" in sides else [("scheme", None)]
        if "edited" in sides:
            pairs = [("edited", "scheme"), *((("edited", "pair"),) if "pair" in sides else ()), *pairs]
        parts_found = []
        for of, against in pairs:
            parts_found.append(self._part(name, of, against))
            yield "found", {"parts": parts_found}
        yield "done", {"seconds": round(time.monotonic() - began, 3)}

    def official(self, wanted: Wanted, given: dict[str, Any], budget: int | None) -> Generator[None, None, Official]:
        """Live a scenario by its rules and with a hand on its files; see :func:`glasstown.lab.official.sit`."""
        parts = self._anew(wanted)
        yield None
        society = self._people.make((parts.society.text, parts.citizens, parts.scenario.seed), lambda: people_of(parts))
        yield None
        return (yield from sit(parts, self._basis(parts, parts.schemes[:1], society), given, budget, self.threads))

    def weights(
        self, wanted: Wanted, draws: int, share: float | None
    ) -> Generator[tuple[int, int], None, dict[str, Any]]:
        """Live a scenario at points of the ranges of what nobody knows; see :func:`glasstown.lab.weighed.weighed`."""
        parts = self._anew(wanted)
        return (yield from weighed(parts, draws, share, self.limits.citizen_years, self.threads))

    def _anew(self, wanted: Wanted) -> Parts:
        """Return the files of a scenario, or of a stored run, for as many people, years and such luck as are wanted."""
        numbers = {"citizens": wanted.citizens, "years": wanted.years, "seed": wanted.seed, "replicates": 1}
        given, run = self._parts(replace(wanted, citizens=None, years=None, seed=None) if wanted.run else wanted)
        parts = with_changes(given, **numbers) if run else given
        self._fits(parts, wanted)
        return parts

    def _parts(self, wanted: Wanted) -> tuple[Parts, Run | None]:
        changes = {"citizens": wanted.citizens, "years": wanted.years, "seed": wanted.seed, "replicates": 1}
        if wanted.run is None:
            return with_changes(scenario_parts(wanted.scenario, wanted.scheme, wanted.pair), **changes), None
        if any(value is not None for value in (wanted.citizens, wanted.years, wanted.seed, wanted.scheme, wanted.pair)):
            raise BadValue(
                "a stored run is lived again as it was: its people, years, seed and schemes are given",
                "leave them out, or name a scenario in place of the run",
            )
        run = self._stored.make(wanted.run, lambda: Run(Path(str(wanted.run))))
        return run.parts, run

    def _sides(self, parts: Parts, wanted: Wanted) -> dict[str, SideScheme]:
        sides = dict(zip(SIDES, parts.schemes, strict=False))
        if wanted.text is not None and wanted.edits:
            raise BadValue("a scheme's text and edits were given", "give one of the two")
        if wanted.text is not None:
            return {"edited": side_of_text(parts, wanted.text), **sides}
        if wanted.edits:
            move = Move(edits=wanted.edits, name="moved", title="moved by hand")
            return {"edited": edited(parts, sides["scheme"], move), **sides}
        return sides

    def _fits(self, parts: Parts, wanted: Wanted) -> None:
        most, years = self.limits, parts.scenario.years
        hint = "larger runs are for the command line: glasstown run, and then glasstown serve RUN"
        if parts.citizens > most.citizens:
            raise BadValue(f"{parts.citizens:,} citizens are more than the {most.citizens:,} of a live run", hint)
        if years > most.years:
            raise BadValue(f"{years} years are more than the {most.years} of a live run", hint)
        if parts.citizens * years > most.citizen_years:
            raise BadValue(
                f"{parts.citizens:,} citizens over {years} years are more than the {most.citizen_years:,} citizen-"
                "years of a live run",
                hint,
            )
        if wanted.dots and parts.citizens > most.dots:
            raise BadValue(
                f"{parts.citizens:,} citizens are more than the {most.dots:,} of whom each can be a dot",
                "ask without dots: the town is then shown as densities",
            )

    @staticmethod
    def _texts(parts: Parts) -> str:
        """Return a digest of everything that a scenario is compiled from."""
        return hash_of([*(loaded.text for loaded in parts.files().values()), repr(parts.scenario)])

    def _basis(self, parts: Parts, sides: tuple[SideScheme, ...], society: Any) -> Program:
        """Return the scenario compiled so that everything is asked for that one of the sides grants."""
        granted = frozenset(door for side in sides for door in side.model.doors)
        key = (self._texts(parts), parts.citizens, granted)
        return self._programs.make(key, lambda: compiled(replace(parts, schemes=sides), society))

    def _world(self, basis: Program, side: SideScheme, dots: bool) -> _Lived:
        program = with_schemes(basis, (side.model,))
        key = (program.digest, program.catalogues[0].columns, dots)
        found = self._worlds.find(key)
        if found is None and not dots:
            found = self._worlds.find((*key[:2], True))
        if found is None or not found.whole:
            return self._worlds.keep(key, _Lived(program, key))
        return found

    def _frame(self, told: _Told, wanted: Wanted) -> tuple[dict[str, Any], Run]:
        first = next(iter(told.worlds))
        other = "pair" if "pair" in told.worlds else None
        run = self._joined(told, first, other)
        framed = frame(run, told.parts)
        framed["town"]["dots"] = wanted.dots
        framed["worlds"] = [world_of(world, side.name, side.model, side.title) for world, side in told.sides.items()]
        shown = ("title", "about", "citizens", "subjects", "years", "seed", "start", "assumed")
        out = plain({**framed, "cite": cite_run(run), "manifest": {key: run.manifest.get(key) for key in shown}})
        return out, run

    def _months(self, worlds: Mapping[str, _Lived], axes: Mapping[str, Any], dots: bool) -> Iterator[Event]:
        done = {world: lived for world, lived in worlds.items() if lived.whole}
        # Whoever is told of a month asks for its dots at once: they come before it.
        if dots:
            for name, lived in done.items():
                for window, row in enumerate(lived.dots):
                    yield "dots", (name, window, row)
        for window in range(len(axes["windows"]) if done else 0):
            yield "month", {"window": window, "worlds": {name: lived.months[window] for name, lived in done.items()}}
        new = {id(lived): lived for lived in worlds.values() if not lived.whole}
        steps = {key: _steps(lived, axes, dots, self.threads) for key, lived in new.items()}
        for window in range(len(axes["windows"]) if new else 0):
            for step in steps.values():
                next(step)
            here = {name: lived for name, lived in worlds.items() if id(lived) in new}
            if dots:
                for name, lived in here.items():
                    yield "dots", (name, window, lived.dots[window])
            yield "month", {"window": window, "worlds": {name: lived.months[window] for name, lived in here.items()}}
        for step in steps.values():
            step.close()

    # -- asking -----------------------------------------------------------------------------------------------

    def named(self, name: str, of: str | None = None, against: str | None = "pair") -> tuple[str, str | None]:
        """Return which two worlds of a live run that is done are meant; without `of`, its first.

        Raises
        ------
        UnknownName
            Where the run was never done, was pushed out by newer ones, or has no such world.
        """
        told = self._told.find(name)
        if told is None:
            raise UnknownName("finished live run", name, ())
        of = of or next(iter(told.worlds))
        if of not in told.worlds:
            raise UnknownName("world", of, told.worlds)
        return of, against if against in told.worlds and against != of else None

    def run(self, name: str, of: str | None = None, against: str | None = "pair") -> Run:
        """Return one world of a live run that is done beside another, as a run; see :meth:`named`."""
        of, against = self.named(name, of, against)
        return self._asked(self._told[name], of, against)

    def _asked(self, told: _Told, of: str, against: str | None) -> Run:
        if (of, against) not in told.runs:
            told.runs[of, against] = self._joined(told, of, against)
        return told.runs[of, against]

    def _assumed_in(self, parts: Parts) -> list[str]:
        out: set[str] = set()
        for name, loaded in parts.files().items():
            key = (name, loaded.text)
            found = self._assumed.find(key)
            out.update(self._assumed.keep(key, assumed_in(name, loaded)) if found is None else found)
        return sorted(out)

    def _part(self, name: str, of: str, against: str | None) -> dict[str, Any]:
        told = self._told[name]
        texts = [hash_of(loaded.text for loaded in told.sides[world].files) for world in (of, against) if world]
        key = (*(told.worlds[world].key for world in (of, against) if world), *texts)
        found = self._parts_found.make(key, lambda: comparison(findings(self.run(name, of, against)), of, against))
        return found | {"of": of, "against": against}

    def document(self, name: str) -> dict[str, Any]:
        """Return a live run that is done as one document."""
        told = self._told.find(name)
        run = self.run(name)
        out = document(run, name)
        assert told is not None
        first = next(iter(told.worlds))
        renamed = {"scheme": first, "pair": "pair"}
        framed = self._frame(told, Wanted(dots=any(lived.dots for lived in told.worlds.values())))[0]
        out["worlds"] = framed["worlds"]
        out["months"] = {world: lived.months for world, lived in told.worlds.items()}
        out["schemes"] = {renamed[side]: rules for side, rules in out["schemes"].items()}
        pairs = [(first, "pair" if "pair" in told.worlds else None)]
        if first == "edited":
            pairs = [("edited", "scheme"), *pairs, ("scheme", pairs[0][1])]
            out["schemes"]["scheme"] = document(self.run(name, "scheme"), name)["schemes"]["scheme"]
        out["parts"] = [self._part(name, of, against) for of, against in pairs]
        return out

    def _joined(self, told: _Told, of: str, against: str | None) -> Run:
        """Return one or two worlds as a run in memory."""
        names = [of, *([against] if against else [])]
        ones = [told.worlds[name] for name in names]
        parts = replace(
            told.parts,
            schemes=tuple(told.sides[name] for name in names),
            scenario=told.parts.scenario.model_copy(
                update={"scheme": told.sides[of].name, "pair": told.sides[against].name if against else None}
            ),
        )
        program = with_schemes(ones[0].program, [told.sides[name].model for name in names])
        outcome = Outcome(0, [one.outcome.sides[0] for one in ones if one.outcome])
        memory = _Memory(manifest_of(parts, program, self._assumed_in(parts)), program, outcome)
        return Run(Path("live"), parts=parts, program=program, reader=memory)


def _same(stored: Run, basis: Program) -> None:
    if basis.digest != stored.manifest.get("tables_hash"):
        raise RunFolderError(
            f"the files in {stored.folder.name} no longer give the tables that the run was made with",
            "they were changed, or another version of Glasstown wrote the run: run the scenario again",
        )


def _steps(lived: _Lived, axes: Mapping[str, Any], dots: bool, threads: int | None) -> Generator[None, None, None]:
    """Live one world; each step is a window."""
    program = lived.program
    wide = len(program.catalogues[0])
    counted = Counted(program.catalogues[0].columns, axes, program.schemes[0].band_names, program.sides[0].floor)
    lived.months.clear()
    lived.dots.clear()
    for window, outcome in enumerate(windows(program, threads=threads)):
        side = outcome.sides[0]
        lived.outcome = outcome
        if dots:
            assert side.state is not None
            lived.dots.append(grades(program, 0, side.state, window).tobytes())
        lived.months.append(counted.month(side.place[window][:, :wide], side.scores[window]))
        if window + 1 == program.clock.windows:
            side.state = None
        yield


def _checked(stored: Run, run: Run, told: _Told) -> None:
    """Refuse to show a run lived again as another's where the two differ."""
    from .months import kept_months

    framed = frame(stored, told.parts)
    kept = kept_months(stored, framed["axes"], framed["worlds"])
    for world, months in kept.items():
        if world in told.worlds and _whole(months) != _whole(told.worlds[world].months):
            raise RunFolderError(
                "lived again, the run does not give what its folder holds",
                "another version of Glasstown wrote it: run the scenario again",
            )


def _whole(months: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [(month["acts"], month["doors"], month["grades"], month["places"]) for month in months]
