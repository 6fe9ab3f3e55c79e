"""The official's chair: what a hand on the files does, and how many edits it takes, against the rules alone."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..columns import CITIZEN
from ..engine import measures as m
from ..engine.compile import with_schemes
from ..engine.loop import SideOutcome, windows
from ..engine.program import Program
from ..engine.scenario import Parts, SideScheme, compiled, load_parts, people_of
from ..engine.standing import NO_FILE, grades
from ..errors import BadValue, FileFaults
from ..measure.words import lasting
from ..scheme.expressions import evaluate, names_in
from .citing import cite_of, hash_of
from .document import plain
from .editing import Move, edited
from .manifest import manifest_of
from .official_dials import Hand, dials, hand_of

if TYPE_CHECKING:
    from ..scheme.types import SchemeModel

__all__ = ["Official", "official", "sit"]

I64 = npt.NDArray[np.int64]
TRIES = 6
CLOSE = 0.97
"""A budget counts as used up where so much of it is."""
PLACES = 8
REFUSED = (m.M_SCORE, m.M_GRADE_REFUSED, m.M_LIST)


@dataclass(frozen=True)
class Official:
    """What came of it; see :func:`official`.

    Attributes
    ----------
    told : everything as plain data.
    text : the same in words.
    """

    told: dict[str, Any]
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the same for machines."""
        return self.told

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


def official(
    scenario: str | Path,
    *,
    friends: str | None = None,
    spare: float | None = None,
    often: float | None = None,
    critics: str | None = None,
    press: int | None = None,
    quota: float | None = None,
    record: str | None = None,
    source: str | None = None,
    budget: int | None = None,
    citizens: int | None = None,
    years: int | None = None,
    seed: int | None = None,
    scheme: str | None = None,
    threads: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Official:
    """Take the official's chair: live a scenario by its rules, and again with a hand on the files.

    Both are lived on the same random numbers. Where the budget does not suffice, the official steps in as often as it
    allows, which is found by living the scenario again a few times.

    Parameters
    ----------
    friends, spare, often, critics, press, quota, record, source : the dials, see
        :class:`glasstown.lab.official_dials.Hand`; default: the scheme's own discretion, or friends spared half of the
        time.
    budget : edits a year in the whole town; default: without bound.
    citizens, years, seed, scheme : stand in for the scenario's own.

    Raises
    ------
    FileFaults, UnknownName, BadValue, Contradiction
        Where a dial, a file or a value cannot be used.
    """
    parts = load_parts(scenario, citizens=citizens, years=years, seed=seed, replicates=1, scheme=scheme)
    given = {
        "friends": friends, "spare": spare, "often": often, "critics": critics, "press": press, "quota": quota,
        "record": record, "source": source,
    }  # fmt: skip
    if progress:
        progress("building the society", 0, 1)
    basis = compiled(replace(parts, schemes=parts.schemes[:1]), people_of(parts))
    steps = sit(parts, basis, given, budget, threads)
    done, of = 0, parts.scenario.clock().windows * 2
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Official = end.value
            return found
        done += 1
        if progress:
            progress("living the months", min(done, of), max(of, done))


def sit(
    parts: Parts, basis: Program, given: dict[str, Any], budget: int | None = None, threads: int | None = None
) -> Generator[None, None, Official]:
    """Live a scenario by its rules and with a hand on its files, a window at each step; return what came of it.

    Parameters
    ----------
    basis : the scenario compiled under its first scheme.
    """
    hand = _checked(parts, hand_of(parts, given), budget)
    first = parts.schemes[0]
    bound = SideScheme(first.name, f"{first.title}: by the rules", _with(first.model, None), first.files)
    chair = _side(parts, bound, hand)
    by_rules = yield from _lived(basis, bound.model, threads)
    reach, tries = 1.0, 0
    found = wanted = yield from _lived(basis, chair.model, threads)
    allowed = None if budget is None else budget * _years(basis)
    if allowed is not None and wanted.acts > allowed:
        low, high = (0.0, by_rules), (1.0, wanted)
        found, reach = by_rules, 0.0
        while tries < TRIES and low[1].acts < CLOSE * allowed:
            tries += 1
            span = high[1].acts - low[1].acts
            guess = low[0] + (high[0] - low[0]) * max(0.02, (0.99 * allowed - low[1].acts) / max(1, span))
            model = _with(bound.model, hand.scaled(guess))
            next_ = yield from _lived(basis, model, threads)
            if next_.acts > allowed:
                high = (guess, next_)
            else:
                low = (guess, next_)
        reach, found = low
    return _official(parts, basis, (bound, chair), hand, budget, reach, by_rules, wanted, found)


@dataclass(frozen=True, eq=False)
class _World:
    """One world lived to its end: counts by window and place of citizens, and everybody's last grade."""

    program: Program
    side: SideOutcome
    grade: npt.NDArray[np.int64]

    def counts(self, *measures: int) -> I64:
        """Return counts by window, place and item, summed over measures of the same items."""
        base = self.program.sides[0].base
        rows = self.side.place[:, : self.program.places]
        found: I64 = np.sum([rows[..., int(base[one]) : int(base[one + 1])] for one in measures], axis=0)
        return found

    def total(self, *measures: int) -> int:
        return int(self.counts(*measures).sum())

    def last(self, measure: int) -> int:
        return int(self.counts(measure)[-1].sum())

    @property
    def acts(self) -> int:
        """Return how often officials stepped in, and how many records they made up."""
        return self.total(m.M_EDITS) + self.total(m.M_FABRICATED)


def _lived(basis: Program, model: SchemeModel, threads: int | None) -> Generator[None, None, _World]:
    program = with_schemes(basis, (model,))
    side = None
    for outcome in windows(program, threads=threads):
        side = outcome.sides[0]
        yield None
    assert side is not None
    assert side.state is not None
    last = grades(program, 0, side.state, program.clock.windows - 1).astype(np.int64)
    return _World(program, side, last)


def _years(program: Program) -> float:
    return program.clock.windows * program.clock.months / 12


def _checked(parts: Parts, hand: Hand, budget: int | None) -> Hand:
    if not parts.schemes[0].model.rules:
        raise BadValue("there are no files to put a hand on: the scheme has no rules", "choose another scenario")
    if budget is not None and budget < 0:
        raise BadValue("a budget is 0 edits a year or more")
    for name in ("spare", "often"):
        if not 0 <= getattr(hand, name) <= 1:
            raise BadValue(f"{name} is from 0 to 1, not {getattr(hand, name)}")
    if hand.quota and not hand.record:
        raise BadValue("a quota needs a record to make up, and no rule takes points for one", "leave the quota out")
    return hand


def _with(model: SchemeModel, told: dict[str, Any] | None) -> SchemeModel:
    from ..scheme.types import Discretion

    return model.model_copy(update={"discretion": Discretion(**told) if told else None})


def _side(parts: Parts, bound: SideScheme, hand: Hand) -> SideScheme:
    """Return the scheme with the hand on it, held against the scenario."""
    told = hand.scaled(1.0)
    if told is None:
        return bound
    move = Move(edits=[{"set": {"discretion": told}}], name="the-chair", title="with an official")
    try:
        return edited(parts, bound, move)
    except FileFaults as wrong:  # of a patch that nobody wrote: say which dial it is
        first = wrong.faults[0]
        raise BadValue(f"{first.path.rpartition('.')[2] or 'the dials'}: {first.message}", first.hint) from None


def _friends(program: Program) -> npt.NDArray[np.bool_]:
    """Return whom officials favour, over all citizens."""
    words, tree = program.society.words, program.schemes[0].power.friends_tree
    if tree is None:
        return np.zeros(len(words), bool)
    used, mask = set(names_in(tree)), 0
    for trait in program.names.traits_of(CITIZEN):
        mask |= trait.mask << trait.shift if trait.name in used else 0
    keys, at = np.unique(words & words.dtype.type(mask), return_inverse=True)
    years = program.years_elapsed(program.clock.windows - 1)
    holds = [bool(evaluate(tree, program.values(CITIZEN, int(key), years))) for key in keys]
    out: npt.NDArray[np.bool_] = np.array(holds, bool)[at.reshape(-1)]
    return out


def _members(world: _World, register: str) -> npt.NDArray[np.bool_]:
    """Return who is on a list at the end."""
    state, names = world.side.state, world.program.schemes[0].hold_names
    if state is None or register not in names:
        return np.zeros(len(world.grade), bool)
    out: npt.NDArray[np.bool_] = state.hold[: len(world.grade), list(names).index(register)] > 0
    return out


def _standings(by_rules: _World, found: _World, who: dict[str, npt.NDArray[np.bool_]]) -> list[dict[str, Any]]:
    filed = by_rules.grade != NO_FILE
    move = np.where(filed, found.grade - by_rules.grade, 0)
    return [
        {
            "key": key,
            "people": int((filed & mask).sum()),
            "up": int((mask & (move > 0)).sum()),
            "down": int((mask & (move < 0)).sum()),
        }
        for key, mask in who.items()
    ]


def _doors(parts: Parts, by_rules: _World, found: _World) -> list[dict[str, Any]]:
    """Return by door what was closed in both worlds, and what at least was opened and closed by the hand.

    Counted by month and district: a door opened to one and closed to another there cancel out, so it is a least.
    """
    before, after = by_rules.counts(*REFUSED), found.counts(*REFUSED)
    asked, change = by_rules.counts(m.M_REQUESTS), after - before
    return [
        {
            "key": name,
            "title": parts.doors.value.requests[name].title,
            "requests": int(asked[..., at].sum()),
            "bound": int(before[..., at].sum()),
            "official": int(after[..., at].sum()),
            "opened": int(-change[..., at].clip(max=0).sum()),
            "closed": int(change[..., at].clip(min=0).sum()),
        }
        for at, name in enumerate(found.program.names.doors)
        if before[..., at].any() or after[..., at].any()
    ]


def _places(parts: Parts, found: _World) -> list[dict[str, Any]]:
    """Return the districts in which most was made up for each person scored, and what they had to show of their own."""
    program = found.program
    made, shown = (found.counts(one).sum(axis=(0, 2)) for one in (m.M_FABRICATED, m.M_CAUGHT))
    scored = np.maximum(found.counts(m.M_GRADE)[-1].sum(axis=1), 1)
    order = [int(at) for at in np.argsort(-(made / scored), kind="stable") if made[at]][:PLACES]
    titles = parts.society.value.places
    return [
        {
            "key": key,
            "title": getattr(titles.get(key), "title", key),
            "subjects": int(scored[at]),
            "made_up": int(made[at]),
            "shown": int(shown[at]),
        }
        for at in order
        for key in [program.society.places[at]]
    ]


def _official(
    parts: Parts, basis: Program, sides: tuple[SideScheme, SideScheme], hand: Hand, budget: int | None, reach: float,
    by_rules: _World, wanted: _World, found: _World,
) -> Official:  # fmt: skip
    years = _years(basis)
    friends, critics = _friends(wanted.program), _members(by_rules, hand.critics) if hand.critics else None
    critics = np.zeros(len(friends), bool) if critics is None else critics & ~friends
    filed = by_rules.grade != NO_FILE
    standings = _standings(by_rules, found, {"friends": friends, "critics": critics, "others": ~friends & ~critics})
    bands = int(np.abs(found.grade - by_rules.grade)[filed].sum())
    moved = int((found.grade != by_rules.grade)[filed].sum())
    doors = _doors(parts, by_rules, found)
    asked = by_rules.total(m.M_REQUESTS)
    spared, pressed = found.total(m.M_SPARED), found.total(m.M_PRESSED)

    def per(total: int, people: int) -> float | None:
        return total / people / years if people else None

    told = {
        "hand": asdict(hand),
        "budget": budget,
        "years": years,
        "scored": int(filed.sum()),
        "wanted": wanted.acts / years,
        "edits": found.acts / years,
        "stepped_in": found.total(m.M_EDITS) / years,
        "made_up": found.total(m.M_FABRICATED) / years,
        "enough": reach == 1.0,
        "reach": reach,
        "often": hand.often * reach,
        "spared_points": spared,
        "spared_per_friend": per(spared, standings[0]["people"]),
        "pressed_points": pressed,
        "pressed_per_critic": per(pressed, standings[1]["people"]),
        "bands_moved": bands,
        "edits_per_band": found.acts / bands if bands and found.acts else None,
        "standings": standings,
        "doors": doors,
        "doors_moved": sum(one["opened"] + one["closed"] for one in doors) / asked if asked else None,
        "grades_moved": moved / int(filed.sum()) if filed.any() else None,
        "refused_wrongly": {key: one.total(m.M_WRONGLY) for key, one in (("bound", by_rules), ("official", found))},
        "graded_down_wrongly": {
            key: one.last(m.M_GRADED_DOWN) for key, one in (("bound", by_rules), ("official", found))
        },
        "places": _places(parts, found),
        "dials": dials(parts),
        "scheme_title": parts.schemes[0].title,
        "cite": _cite(parts, basis, sides),
    }
    text = _text(told)
    return Official(plain({**told, "text": text}), text)


def _cite(parts: Parts, basis: Program, sides: tuple[SideScheme, SideScheme]) -> dict[str, Any]:
    bound, chair = sides
    scenario = parts.scenario.model_copy(update={"scheme": chair.name, "pair": bound.name, "replicates": 1})
    joined = replace(parts, scenario=scenario, schemes=(chair, bound))
    program = with_schemes(basis, [chair.model, bound.model])
    hashes = [hash_of(loaded.text for loaded in side.files) for side in (chair, bound)]
    return cite_of(manifest_of(joined, program, []), hashes)


def _text(told: dict[str, Any]) -> str:
    def of(value: float | None, places: int = 1) -> str:
        return "–" if value is None else f"{value:,.{places}f}"

    def share(value: float | None) -> str:
        return "–" if value is None else f"{100 * value:.2f} %"

    budget = "without bound" if told["budget"] is None else f"{told['budget']:,} a year"
    friends, critics, others = told["standings"]
    lines = [
        f"The official's chair, over “{told['scheme_title']}”",
        f"{told['scored']:,} people scored, {lasting(told['years'])}; beside it the rules alone, on the same luck",
        f"Budget of edits: {budget}; wanted: {of(told['wanted'])} a year; made: {of(told['edits'])} a year",
        "  it suffices" if told["enough"] else f"  it suffices for stepping in at {100 * told['reach']:.0f} % of that",
        f"  of these, files changed: {of(told['stepped_in'])}, records made up: {of(told['made_up'])}",
        f"Points that friends did not lose, at equal conduct: {of(told['spared_per_friend'], 2)} a friend and year",
        f"Points that critics lost beyond the rules: {of(told['pressed_per_critic'], 2)} a critic and year",
        f"Edits to move somebody by one grade: {of(told['edits_per_band'])}",
        f"Moved at the end: {share(told['grades_moved'])} of grades; at least {share(told['doors_moved'])} of answers",
        *(
            f"  {word}: {one['people']:,} people, {one['up']:,} graded higher, {one['down']:,} lower"
            for word, one in (("friends", friends), ("critics", critics), ("others", others))
        ),
        f"Doors closed because of wrong records: {told['refused_wrongly']['official']:,}, by the rules alone "
        f"{told['refused_wrongly']['bound']:,}",
    ]
    lines += [f"  made up in {one['title']}: {one['made_up']:,} records" for one in told["places"][:3]]
    return "\n".join(lines)
