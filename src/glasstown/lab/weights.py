"""What hangs on numbers of a scheme that nobody outside knows: the same people lived at many points of the ranges.

The points are those of a Sobol' sequence, turned by a shift that is drawn once from the scenario's seed. Every
point is lived on the same random numbers, so that what differs is the numbers' doing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import draws
from ..columns import CITIZEN
from ..engine.loop import simulate
from ..engine.program import Program
from ..engine.scenario import Parts, compiled, load_parts, people_of
from ..engine.standing import NO_FILE, grades
from ..errors import BadValue
from ..measure.words import lasting
from ..scheme.ranges import Unknown, unknowns, widened, with_values
from ..scheme.types import SchemeModel
from .steps import to_the_end

__all__ = ["MOST_DRAWS", "Hang", "Weights", "points_lived", "weights"]

FEWEST_DRAWS, MOST_DRAWS = 4, 4096
CITIZENS = 20_000
"""People where the caller does not say; grades' shares are then sure to within a few tenths of a per cent."""
SURE = 0.05
BY_SCHEME = ("refused_score", "refused_grade", "refused_list")
Progress = Callable[[str, int, int], None]
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hang:
    """One result, and what hangs on the unknown numbers.

    Attributes
    ----------
    taken : the result where every number is what a run takes it to be.
    by : the number that moves the result most; "" where none moves it beyond what chance would.
    rank : its rank correlation with the result.
    """

    result: str
    unit: str
    taken: float
    low: float
    median: float
    high: float
    by: str
    rank: float | None


@dataclass(frozen=True)
class Weights:
    """What comes of a scheme over the ranges of its unknown numbers.

    Attributes
    ----------
    places : the numbers, in the scheme's file.
    points : one row for each draw, one column for each number.
    depend : share of the citizens with a file whose grade at the end is not the same in every draw; None where the
        scheme scores no citizens.
    """

    title: str
    citizens: int
    years: int
    places: tuple[Unknown, ...]
    points: npt.NDArray[np.int64]
    hangs: tuple[Hang, ...]
    depend: float | None

    def rows(self) -> list[dict[str, Any]]:
        """Return the table as dictionaries."""
        return [asdict(row) for row in self.hangs]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it for machines."""
        return {
            "title": self.title,
            "citizens": self.citizens,
            "years": self.years,
            "draws": len(self.points),
            "unknown": [
                {"place": one.name, "from": one.low, "to": one.high, "value": one.value} for one in self.places
            ],
            "points": self.points.tolist(),
            "depend": self.depend,
            "results": self.rows(),
        }

    def __repr__(self) -> str:
        wide = max(len(row.result) for row in self.hangs)
        lines = [
            f"{self.title}: {len(self.points)} points of {len(self.places)} unknown "
            f"number{'' if len(self.places) == 1 else 's'}, {self.citizens:,} citizens, {lasting(self.years)}",
            "",
            *(f"  {one.name}: {one.low} to {one.high}, taken as {one.value}" for one in self.places),
            "",
            f"{'result':{wide}}  {'taken':>7}  {'min':>7}  {'median':>7}  {'max':>7}  moved most by (rank correlation)",
        ]
        for row in self.hangs:
            most = f"{row.by} ({row.rank:+.2f})" if row.by and row.rank is not None else "no one number"
            cells = "  ".join(f"{value:7.2f}" for value in (row.taken, row.low, row.median, row.high))
            lines.append(f"{row.result:{wide}}  {cells}  {most if row.high > row.low else '–'}")
        lines += ["", "Grades in per cent of those with a file at the end; doors in per cent of requests."]
        if self.depend is not None:
            lines += [f"The grade of {100 * self.depend:.1f} % of those with a file depends on the unknown numbers."]
        return "\n".join(lines)


def weights(
    scenario: str | Path,
    *,
    number: int = 32,
    share: float | None = None,
    citizens: int | None = None,
    years: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    scheme: str | None = None,
    progress: Progress | None = None,
) -> Weights:
    """Live a scenario at many points of the ranges in which its scheme's numbers are known.

    Parameters
    ----------
    number : points.
    share : give each weight of a domain and of the profile a range of this share of itself up and down, in place of
        the ranges that the file has.
    citizens : people; default the scenario's, at most 20,000.

    Raises
    ------
    BadValue
        Where the scheme has no ranges and `share` is not given, or a number cannot be used.
    """
    if not FEWEST_DRAWS <= number <= MOST_DRAWS:
        raise BadValue(f"draws must be {FEWEST_DRAWS} to {MOST_DRAWS}, not {number}")
    if share is not None and not 0 < share <= 1:
        raise BadValue(f"a range of {share:g} cannot be used", "a share above 0 and up to 1, such as 0.5")
    parts = load_parts(scenario, citizens=citizens, years=years, seed=seed, scheme=scheme)
    if citizens is None and parts.citizens > CITIZENS:
        parts = load_parts(scenario, citizens=CITIZENS, years=years, seed=seed, scheme=scheme)
    model = parts.schemes[0].model
    places = unknowns(model) if share is None else widened(model, share)
    if not places:
        raise BadValue(
            f"no number of {model.scheme} is known only in a range" if share is None else "no weight has any width",
            "--range 0.5 gives each weight half of itself up and down" if share is None else "",
        )
    return to_the_end(points_lived(parts, places, number, threads), "living the draws", progress)


def _points(places: Sequence[Unknown], number: int, seed: int) -> npt.NDArray[np.int64]:
    """Return a Sobol' sequence over the ranges, turned by one shift."""
    import warnings

    from scipy.stats import qmc

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a number of points is no power of two costs balance, not truth
        unit = qmc.Sobol(len(places), scramble=False).random(number)
    shift = np.array([draws.words((seed, 0), 0, f"weights/{one.name}")[0] for one in places]) / 2**32
    unit = (unit + shift) % 1.0
    low = np.array([one.low for one in places])
    wide = np.array([one.high - one.low + 1 for one in places])
    points: npt.NDArray[np.int64] = (low + np.floor(unit * wide)).astype(np.int64)
    return points


def points_lived(
    parts: Parts, places: tuple[Unknown, ...], number: int, threads: int | None = None
) -> Generator[tuple[int, int], None, Weights]:
    """Live a scenario at points of the ranges of some numbers, saying before each which it is and of how many."""
    model = parts.schemes[0].model
    points = _points(places, number, parts.scenario.seed)
    alone = _one_sided(parts)
    society = people_of(alone)
    taken: list[dict[str, float]] = []
    scored = CITIZEN in model.subjects
    first: npt.NDArray[np.uint8] | None = None
    moved: npt.NDArray[np.bool_] | None = None
    for at, values in enumerate([[one.value for one in places], *points.tolist()]):
        yield at, len(points) + 1
        changed = with_values(model, {one.place: value for one, value in zip(places, values, strict=True)})
        program = compiled(_with_scheme(alone, changed), society)
        outcome = simulate(program, 0, threads=threads).sides[0]
        found = _results(program, outcome.place, alone)
        if scored and outcome.state is not None:
            here = grades(program, 0, outcome.state, program.clock.windows - 1)
            first = here if first is None else first
            moved = np.zeros(len(here), bool) if moved is None else moved
            other = here != first
            moved |= other
            found["in another grade than taken"] = 100 * float(other.sum()) / max(1, int((here != NO_FILE).sum()))
        taken.append(found)
    filed = 0 if first is None else int((first != NO_FILE).sum())
    return Weights(
        f"{parts.schemes[0].title}",
        parts.citizens,
        parts.scenario.years,
        places,
        points,
        tuple(_hang(name, taken, points, places) for name in _told(taken)),
        float(moved.sum()) / filed if moved is not None and filed else None,
    )


def _told(taken: Iterable[Mapping[str, float]]) -> list[str]:
    """Return the results that are anything at all in some draw, in order."""
    names = dict.fromkeys(name for one in taken for name in one)
    return [name for name in names if any(one.get(name) for one in taken)]


def _one_sided(parts: Parts) -> Parts:
    return replace(parts, schemes=parts.schemes[:1])


def _with_scheme(parts: Parts, model: SchemeModel) -> Parts:
    return replace(parts, schemes=(replace(parts.schemes[0], model=model),))


def _results(program: Program, place: npt.NDArray[np.int64], parts: Parts) -> dict[str, float]:
    """Return shares of grades at the end, and by door of requests refused by the scheme or favours granted."""
    model, doors = parts.schemes[0].model, parts.doors.value.requests
    ends, flows = place[-1].sum(axis=0), place.sum(axis=(0, 1))
    items = program.catalogues[0].by_item
    graded = items("grade", ends)
    people = max(1, sum(graded.values()))
    out = {f"grade {band}": 100 * graded[band] / people for band in reversed(model.bands_upward()) if band in graded}
    asked = items("requests", flows)
    refused = [items(measure, flows) for measure in BY_SCHEME]
    granted = items("granted", flows)
    for door, many in asked.items():
        if doors[door].privilege:
            out[f"favour: {door}"] = 100 * granted[door] / max(1, many)
        else:
            out[f"refused: {door}"] = 100 * sum(one[door] for one in refused) / max(1, many)
    return out


def _hang(
    name: str, taken: Sequence[Mapping[str, float]], points: npt.NDArray[np.int64], places: Sequence[Unknown]
) -> Hang:
    values = np.array([one.get(name, 0.0) for one in taken])
    drawn = values[1:]
    by, rank = _most(drawn, points, places)
    unit = "% of requests" if ":" in name else "% of those with a file"
    low, middle, high = (float(value) for value in (drawn.min(), np.median(drawn), drawn.max()))
    return Hang(name, unit, float(values[0]), low, middle, high, by, rank)


def _most(values: F64, points: npt.NDArray[np.int64], places: Sequence[Unknown]) -> tuple[str, float | None]:
    """Return the number that moves a result most and its rank correlation; nothing where that may be chance."""
    from scipy.stats import spearmanr

    best: tuple[str, float | None] = ("", None)
    if np.ptp(values) == 0:
        return best
    for at, one in enumerate(places):
        if np.ptp(points[:, at]) == 0:
            continue
        rank, chance = spearmanr(points[:, at], values)
        if chance * len(places) < SURE and abs(rank) > abs(best[1] or 0.0):
            best = (one.name, float(rank))
    return best
