"""Scenarios: one society, one conduct, one set of sources and doors, one scheme and its pair, dates and a seed."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, Field

from ..cited import FileModel, Name, Reference
from ..clock import Clock
from ..columns import CITIZEN, Names
from ..conduct.checks import check_conduct
from ..conduct.types import ConductModel, ResponseName
from ..doors.checks import check_doors
from ..doors.types import DoorsModel
from ..errors import BadValue, Contradiction, Fault, FileFaults, UnknownName
from ..files import Loaded, Place, kind_of, load, read_text, show_path, validate
from ..quantities import Trouble, cited_values
from ..records.checks import check_sources
from ..records.types import SourcesModel
from ..scheme.checks import check_file, check_scheme
from ..scheme.patch import PatchModel, apply_patch
from ..scheme.types import SchemeModel
from ..society.build import traits_of
from ..society.checks import society_faults
from ..society.margins import check_margins
from ..society.types import SocietyModel
from ..society.units import class_traits
from . import shelf
from .changes import Changes, merged
from .compile import compile_program
from .compile_power import visits_of
from .program import Program

if TYPE_CHECKING:
    from ..society.people import Society

__all__ = [
    "MODELS",
    "ConductModel",
    "DoorsModel",
    "Parts",
    "ScenarioModel",
    "SideScheme",
    "SocietyModel",
    "SourcesModel",
    "assumed_in",
    "build",
    "check_conduct",
    "check_doors",
    "check_society",
    "compiled",
    "hold_sources",
    "load_kept",
    "load_parts",
    "load_side",
    "people_of",
    "wanting",
    "with_changes",
]

M = TypeVar("M", bound=BaseModel)
Step = Callable[[str, int, int], None]
_SIDE = ("scheme", "patch")


class SocietyUse(FileModel):
    """Which society, and how many people."""

    use: str = Field(description="Name in the library, or a file.")
    citizens: int | None = Field(default=None, ge=1, lt=2**31, description="Number of people; the file's if left out.")


class RollOut(FileModel):
    """When a scheme begins, place by place: on the first window that starts on or after the date."""

    places: dict[Name, date] = Field(default_factory=dict, description="Date by place.")
    others: date | None = Field(default=None, description="Date of all other places; null for never.")


class ScenarioModel(FileModel):
    """A scenario's file."""

    scenario: Name = Field(description="Stable name of the scenario.")
    title: str
    about: str = ""
    references: dict[Name, Reference] = Field(default_factory=dict)
    society: SocietyUse
    conduct: str = Field(description="Name in the library, or a file.")
    sources: str = Field(description="Name in the library, or a file.")
    doors: str = Field(description="Name in the library, or a file.")
    scheme: str = Field(description="A scheme or a patch: name in the library, or a file.")
    pair: str | None = Field(default="none", description="The other side: a scheme, a patch, or null for no pair.")
    start: date = Field(description="First day; the first of a month.")
    years: int = Field(ge=1, le=100)
    window_months: int = Field(default=1, ge=1, le=12)
    seed: int = Field(default=1, ge=0, lt=2**32)
    replicates: int = Field(default=1, ge=1, le=10_000)
    rollout: RollOut | None = Field(default=None, description="Null where the scheme begins everywhere at once.")
    switches: dict[ResponseName, bool] = Field(default_factory=dict, description="Responses to switch off.")
    changes: Changes = Field(default_factory=Changes, description="What is other than in the files named above.")

    def clock(self) -> Clock:
        """Return the scenario's windows."""
        months = self.years * 12
        return Clock(self.start, max(1, months // self.window_months), self.window_months)


@dataclass(frozen=True)
class SideScheme:
    """One side's scheme: the model, and the files that it was made of (a patch has two)."""

    name: str
    title: str
    model: SchemeModel
    files: tuple[Loaded[Any], ...]


@dataclass(frozen=True)
class Parts:
    """A scenario with every file that it names."""

    scenario: ScenarioModel
    file: Loaded[ScenarioModel]
    society: Loaded[SocietyModel]
    conduct: Loaded[ConductModel]
    sources: Loaded[SourcesModel]
    doors: Loaded[DoorsModel]
    schemes: tuple[SideScheme, ...]

    @property
    def citizens(self) -> int:
        """Return the number of people."""
        size = self.society.value.size
        return self.scenario.society.citizens or (size.citizens if size else 100_000)

    def names(self) -> Names:
        """Return what a scheme may refer to here."""
        return names_of(self.society.value, self.conduct.value, self.sources.value, self.doors.value)

    def files(self) -> dict[str, Loaded[Any]]:
        """Return every file, by the name under which a run folder keeps it."""
        out: dict[str, Loaded[Any]] = {
            "scenario.yaml": self.file,
            "society.yaml": self.society,
            "conduct.yaml": self.conduct,
            "sources.yaml": self.sources,
            "doors.yaml": self.doors,
        }
        for side, scheme in zip(("scheme", "pair"), self.schemes, strict=False):
            for at, loaded in enumerate(scheme.files):
                out[f"{side}{f'-{at}' if at else ''}.yaml"] = loaded
        return out

    def references(self) -> dict[str, Reference]:
        """Return the references of every file together."""
        out: dict[str, Reference] = {}
        for loaded in self.files().values():
            out.update(getattr(loaded.value, "references", {}))
        return out

    def assumed(self) -> list[str]:
        """Return the place of every assumed value, as ``file: path``."""
        return sorted({place for name, loaded in self.files().items() for place in assumed_in(name, loaded)})


def assumed_in(name: str, loaded: Loaded[Any]) -> list[str]:
    """Return the place of every assumed value of one file, as ``file: path``."""
    file = name.removesuffix(".yaml")
    return [f"{file}: {'.'.join(place)}" for place, value in cited_values(loaded.value) if value.status == "assumed"]


def names_of(society: SocietyModel, conduct: ConductModel, sources: SourcesModel, doors: DoorsModel) -> Names:
    """Return what a scheme may refer to where these files stand together."""
    return Names(
        tuple(sorted(conduct.acts)),
        tuple(sorted(sources.keepers)),
        tuple(sorted(doors.requests)),
        traits_of(society),
        {name: class_traits(units) for name, units in society.classes.items()},
        {kind: act.subject for kind, act in conduct.acts.items() if act.subject != CITIZEN},
        {name: door.subject for name, door in doors.requests.items() if door.subject != CITIZEN},
    )


MODELS: dict[str, type[FileModel]] = {
    "scenario": ScenarioModel,
    "scheme": SchemeModel,
    "patch": PatchModel,
    "society": SocietyModel,
    "conduct": ConductModel,
    "sources": SourcesModel,
    "doors": DoorsModel,
}
"""Kinds of file that the library holds, and what each is read into."""


def load_side(name: str, beside: Path | None = None) -> SideScheme:
    """Load a scheme, or a patch and the scheme that it changes.

    Raises
    ------
    FileFaults, UnknownName
        Where a file does not hold, or a name is not there.
    """
    return _side(shelf.find(_SIDE, name, beside))


def _side(path: Path, base: Path | None = None) -> SideScheme:
    if kind_of(read_text(path), file=str(path)) != "patch":
        loaded = load(path, SchemeModel)
        return SideScheme(loaded.value.scheme, loaded.value.title, loaded.value, (loaded,))
    patch = load(path, PatchModel)
    under = load(base or shelf.find("scheme", patch.value.of, path.parent), SchemeModel)
    title = f"{under.value.title}: {patch.value.title}"
    return SideScheme(patch.value.patch, title, apply_patch(under.value, patch), (patch, under))


def load_parts(name: str | Path, **changes: Any) -> Parts:
    """Load a scenario and every file that it names; every fault of a file is found at once.

    Parameters
    ----------
    name : a scenario of the library, or a file.
    changes : values that stand in for the scenario's: citizens, years, seed, replicates, scheme, pair.

    Raises
    ------
    FileFaults, UnknownName, BadValue
        Where a file does not hold, a name is not there, or a value cannot be used.
    """
    file = load(shelf.find("scenario", str(name)), ScenarioModel)
    scenario = _changed(file.value, changes)
    own = "scheme" not in _given(changes)
    change = _Changing(file)

    def named(kind: str, name: str, *at: str) -> Path:
        return _named(file, at or (kind,), kind, name)

    parts = Parts(
        scenario=scenario,
        file=file,
        society=load(named("society", scenario.society.use, "society", "use"), SocietyModel),
        conduct=change.part("conduct", load(named("conduct", scenario.conduct), ConductModel)),
        sources=change.part("sources", load(named("sources", scenario.sources), SourcesModel)),
        doors=change.part("doors", load(named("doors", scenario.doors), DoorsModel)),
        schemes=tuple(
            change.scheme(side) if key == "scheme" and own else side
            for key, side in (
                (key, load_side(name) if key in _given(changes) else _side(_named(file, (key,), _SIDE, name)))
                for key, name in (("scheme", scenario.scheme), ("pair", scenario.pair))
                if name is not None
            )
        ),
    )
    change.check()
    check_parts(parts)
    return parts


def _named(file: Loaded[ScenarioModel], at: Place, kinds: str | tuple[str, ...], name: str) -> Path:
    """Return the file that a scenario names; where there is none, its line is at fault."""
    try:
        path = shelf.find(kinds, name, Path(file.file).parent)
        if not path.exists():
            read_text(path)
    except UnknownName as error:
        file.check([file.fault(at, error.message, error.hint)])
    except FileFaults as error:
        file.check(file.fault(at, fault.message, fault.hint) for fault in error.faults)
    return path


def _given(changes: Mapping[str, Any]) -> set[str]:
    """Return the names of the changes that change anything."""
    return {key for key, value in changes.items() if value is not None}


class _Changing:
    """Makes what a scenario changes in its files, and keeps what is wrong with it until all was looked at."""

    def __init__(self, file: Loaded[ScenarioModel]) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def part(self, part: str, base: Loaded[M], model: M | None = None, **named: str) -> Loaded[M]:
        """Return a file with the changes of one part made; as it is where they do not hold."""
        if not getattr(self.file.value.changes, part):
            return base
        try:
            return merged(base, part, self.file, model, **named)
        except FileFaults as wrong:
            if wrong.file != self.file.file:
                raise
            self.faults += wrong.faults
            return base

    def scheme(self, side: SideScheme) -> SideScheme:
        """Return a scheme with what the scenario changes in it, under a name that says so."""
        if not self.file.value.changes.scheme:
            return side
        name = f"{side.name}-{self.file.value.scenario}"[:48].rstrip("-")
        title = f"{side.title}, changed by {self.file.value.scenario}"
        loaded = self.part("scheme", side.files[-1], side.model, scheme=name, title=title)
        return SideScheme(name, title, loaded.value, (loaded,))

    def check(self) -> None:
        """Raise :class:`FileFaults` if any change does not hold."""
        self.file.check(self.faults)


def load_kept(folder: Path, **changes: Any) -> Parts:
    """Load a scenario from the files that a run folder keeps, whatever the library holds now.

    What the scenario changes in its files is in the files as they are kept.

    Parameters
    ----------
    folder : the run's ``scenario`` folder.
    changes : values that stood in for the scenario's when it was run.
    """
    file = load(folder / "scenario.yaml", ScenarioModel)
    sides = [folder / f"{side}.yaml" for side in ("scheme", "pair")]
    return Parts(
        scenario=_changed(file.value, changes),
        file=file,
        society=load(folder / "society.yaml", SocietyModel),
        conduct=load(folder / "conduct.yaml", ConductModel),
        sources=load(folder / "sources.yaml", SourcesModel),
        doors=load(folder / "doors.yaml", DoorsModel),
        schemes=tuple(_side(side, side.with_name(f"{side.stem}-1.yaml")) for side in sides if side.is_file()),
    )


def with_changes(parts: Parts, **changes: Any) -> Parts:
    """Return the same files with other numbers: citizens, years, seed, replicates.

    Raises
    ------
    BadValue
        Where a value cannot be used.
    """
    return replace(parts, scenario=_changed(parts.scenario, changes))


def _changed(scenario: ScenarioModel, changes: Mapping[str, Any]) -> ScenarioModel:
    given = {key: changes[key] for key in changes if key in _given(changes)}
    if "citizens" in given:
        given["society"] = {"use": scenario.society.use, "citizens": given.pop("citizens")}
    if not given:
        return scenario
    changed, troubles = validate({**scenario.model_dump(), **given}, ScenarioModel)
    if changed is None:
        place, message, hint = troubles[0]
        raise BadValue(f"{place[-1]}: {message}", hint)
    return changed


def check_parts(parts: Parts) -> None:
    """Hold the files against each other; raise with every fault of the first file that does not hold."""
    check_society(parts.society)
    _check(parts.file, _roll_out(parts))
    names, clock = parts.names(), parts.scenario.clock()
    _check(parts.conduct, check_conduct(parts.conduct.value, names))
    _check(parts.sources, hold_sources(parts.sources.value, parts))
    _check(parts.doors, check_doors(parts.doors.value, names))
    coverage = {name: tuple(keeper.records) for name, keeper in parts.sources.value.keepers.items()}
    for side in parts.schemes:
        if len(side.files) == 1:
            side.files[0].check(check_file(side.files[0], names, clock, coverage))
        else:
            side.files[0].check(_patched(side, names))
        _check(side.files[0], _placed(side, wanting(side.model, parts)))


def _patched(side: SideScheme, names: Names) -> Iterator[Fault]:
    """Yield what does not hold in a scheme under its patch, at the patch's changes."""
    for place, message, hint in check_scheme(side.model, names):
        path = show_path(tuple(int(part) if part.isdecimal() else part for part in place))
        yield replace(side.files[0].fault(("change",), message, hint), path=path)


def hold_sources(sources: SourcesModel, parts: Parts) -> Iterator[Trouble]:
    """Yield what does not hold in sources beside a scenario's conduct, society and windows."""
    yield from check_sources(sources, parts.conduct.value.acts, parts.names())
    for name, keeper in sources.keepers.items():
        try:
            visits_of(name, keeper, parts.scenario.window_months)
        except BadValue as error:
            yield ("keepers", name, "visits", "per_1000", "value"), error.message, error.hint


def wanting(scheme: SchemeModel, parts: Parts) -> Iterator[Trouble]:
    """Yield what a scheme needs of a scenario's conduct, sources and society, and does not find there."""
    sources = parts.sources.value
    yield from no_exit(scheme, parts.conduct.value)
    yield from no_ties(scheme, parts.conduct.value, parts.society.value)
    if scheme.inspections is not None and not any(
        keeper.visits and keeper.visits.per_1000.value for keeper in sources.keepers.values()
    ):
        yield (
            ("inspections",),
            f"inspections without a budget: nobody in the sources {sources.sources} visits anybody",
            "give a source visits: {per_1000: ...}, or leave the inspections out",
        )


def no_ties(scheme: SchemeModel, conduct: ConductModel, society: SocietyModel) -> Iterator[Trouble]:
    """Yield each tie of work or custom over which a rule passes losses on, and which nobody there has."""
    for name, rule in scheme.rules.items():
        act = conduct.acts.get(rule.record)
        for at, tie in enumerate(rule.passes_on.to if rule.passes_on and act else ()):
            part = {"staff": "staff", "employer": "staff", "customers": "customers", "shops": "customers"}.get(tie)
            if part is None or act is None:
                continue
            doers = society.classes if act.subject == CITIZEN else {act.subject: society.classes.get(act.subject)}
            if any(getattr(units, part, None) is not None for units in doers.values()):
                continue
            which = "no class" if act.subject == CITIZEN else f'no class "{act.subject}"'
            yield (
                ("rules", name, "passes_on", "to", str(at)),
                f'nobody is reached over "{tie}": the society {society.society} has {which} with {part}',
                f"give the class {part} in the society, or take the tie out",
            )


def _placed(side: SideScheme, troubles: Iterable[Trouble]) -> Iterator[Trouble]:
    """Yield troubles of a scheme where its own file has them; of a patched one, at the patch's changes."""
    for place, message, hint in troubles:
        yield (place if len(side.files) == 1 else ("change",)), message, hint


def no_exit(scheme: SchemeModel, conduct: ConductModel) -> Iterator[Trouble]:
    """Yield the rules that enter a list to be left by doing what is owed, where nobody ever does."""
    for name, rule in scheme.rules.items():
        register, act = scheme.lists.get(rule.list_ or ""), conduct.acts.get(rule.record)
        ends = rule.term_months or rule.repair_after_months
        if ends or act is None or register is None or register.exit != "performance":
            continue
        if act.performs is None:
            yield (
                ("rules", name, "list"),
                f'the list "{rule.list_}" is left by doing what is owed, and after "{rule.record}" nobody ever does',
                f"give the rule a term, or the conduct {conduct.conduct} a rate under performs",
            )


def _first_windows(parts: Parts) -> dict[str, int]:
    """Return the first window of the schemes by place; a place where they never begin is left out."""
    rollout, clock = parts.scenario.rollout, parts.scenario.clock()
    assert rollout is not None
    dates = {place: rollout.places.get(place, rollout.others) for place in parts.society.value.place_names}
    starts = [clock.date_of(clock.first_day(window)) for window in range(clock.windows)]
    return {place: bisect_left(starts, day) for place, day in dates.items() if day is not None and day <= starts[-1]}


def _roll_out(parts: Parts) -> Iterator[Trouble]:
    """Yield what is wrong with a roll-out: unknown places, dates outside of the run or out of order."""
    rollout = parts.scenario.rollout
    if rollout is None:
        return
    places = parts.society.value.place_names
    for place in rollout.places:
        if place not in places:
            error = UnknownName("place", place, places)
            yield ("rollout", "places", place), error.message, error.hint
    first = _first_windows(parts)
    if not first:
        yield ("rollout",), "the scheme begins nowhere while the scenario lasts", "give a place an earlier date"
    start, last = parts.scenario.start, rollout.others
    for place, day in rollout.places.items():
        here = ("rollout", "places", place)
        if place in places and place not in first:
            yield here, f"the scenario has ended by {day}", "an earlier date, or leave it out"
        elif day < start:
            yield here, f"{day} is before the scenario starts", f"{start} for a scheme that is there from the start"
        if last is not None and day > last >= start:
            yield here, f"pilots come first: {day} is after {last}, when it begins everywhere else", "an earlier date"
    if last is not None and last < start:
        yield ("rollout", "others"), f"{last} is before the scenario starts", f"{start}, or leave the roll-out out"
    elif parts.scenario.years < parts.file.value.years:  # whoever asks for fewer years does not mean the file
        return
    elif last is not None and first and set(first) <= set(rollout.places) < set(places):
        yield ("rollout", "others"), f"the scenario has ended by {last}", "null for places where it never begins"


def check_society(society: Loaded[SocietyModel], margins: bool = False) -> None:
    """Hold a society's file against itself; with `margins`, its margins against each other as well."""
    society.check(society_faults(society.value, society.fault))
    if margins:
        try:
            check_margins(society.value)
        except Contradiction as error:
            society.check([society.fault(("margins",), error.message, error.hint)])


def _check(loaded: Loaded[Any], troubles: Iterable[Trouble]) -> None:
    faults: list[Fault] = [loaded.fault(place, message, hint) for place, message, hint in troubles]
    loaded.check(faults)


BYTES_PER_CITIZEN = 180
"""Memory that a run takes at its peak, measured at ten million citizens on two sides (165, rounded up)."""


def _fits(citizens: int) -> None:
    """Refuse what the machine's memory cannot hold, before anything is built."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # a system that does not tell
        return
    needed = citizens * BYTES_PER_CITIZEN
    if needed > memory:
        raise BadValue(
            f"{citizens:,} citizens need about {needed / 2**30:.0f} GiB of memory; this machine has "
            f"{memory / 2**30:.0f} GiB",
            f"about {memory // BYTES_PER_CITIZEN // 10**6 * 10**6:,} citizens are the most here",
        )


def build(parts: Parts, step: Step | None = None) -> Program:
    """Build the society and compile everything.

    Parameters
    ----------
    step : called with what is being done, and how much of it is done.

    Raises
    ------
    BadValue
        Where the machine's memory cannot hold so many citizens, or something is too frequent to be drawn.
    """

    def tell(what: str, done: int) -> None:
        if step:
            step(what, done, 2)

    tell("building the society", 0)
    society = people_of(parts)
    tell("compiling the scenario", 1)
    program = compiled(parts, society)
    tell("compiling the scenario", 2)
    return program


def people_of(parts: Parts) -> Society:
    """Build the society of a scenario.

    Raises
    ------
    BadValue
        Where the machine's memory cannot hold so many citizens.
    """
    from ..society.build import build_society

    _fits(parts.citizens)
    return build_society(parts.society.value, parts.citizens, parts.scenario.seed)


def compiled(parts: Parts, society: Society) -> Program:
    """Compile a scenario over a society that was built for it; see :func:`build`."""
    scenario = parts.scenario
    return compile_program(
        clock=scenario.clock(),
        society=society,
        conduct=parts.conduct.value,
        sources=parts.sources.value,
        doors=parts.doors.value,
        schemes=[side.model for side in parts.schemes],
        seed=scenario.seed,
        switches={str(name): on for name, on in scenario.switches.items()},
        rollout=None if scenario.rollout is None else _first_windows(parts),
    )
