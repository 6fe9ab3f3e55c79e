"""Trust as an outcome: what people live through, under a scheme and without it, moves how far they trust others.

Nothing is decreed. Whoever is harmed, or refused because of a record that is wrong, trusts others less; time heals
towards a usual level. People who believe in the score take it for what others are worth: their usual level follows the
share of the people around them who are in the grade in which most began, or a better one. How strong each of these is
nobody knows: all strengths are assumed, and what matters is how the answer turns on them.

People of one place are taken to meet harm at the place's rate, so that the number of harms of one person in a window is
a Poisson number, from whose rate the mean of trust follows. Where the same people are harmed or refused again and
again, less is lost than this says. Conduct does not respond: without belief, a scheme moves trust only by the harm that
its assumed deterrence prevents, and by wrong refusals. A conduct can keep trust person by person instead (`trust` under
its `response`, as in the scenario ``trust``); there conduct follows, and a firm harms its own staff and customers. Of
such a run the harms that it found are taken, where their victims live, and what it kept is told beside this reckoning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..columns import CITIZEN
from ..engine.layout import FULL
from ..engine.trust import PERSONS
from ..errors import BadValue
from ..measure.intervals import Estimate, ratio
from ..measure.tallies import RunLike, arrow, of_subject, side_names, side_title

__all__ = ["SideTrust", "Trust", "trust", "trust_told"]

F64 = npt.NDArray[np.float64]
CLOSE = 1e-9
"""What rounding alone makes of a difference."""
USUAL, SHOCK, WRONGED, HALF_LIFE, BELIEF = 0.6, 0.1, 0.1, 36.0, 0.0
"""Defaults, all assumed: trust where nobody is harmed, what a harm and a wrong refusal take of it, months, belief."""
_USUALLY = {"usual": USUAL, "shock": SHOCK, "wronged": WRONGED, "half_life": HALF_LIFE, "belief": BELIEF}


@dataclass(frozen=True, slots=True)
class SideTrust:
    """One side's trust and what it comes from.

    Attributes
    ----------
    trust : mean over the citizens at the end of each window, 0 to 1.
    low, high : least and most of the places at the end.
    harmed, wronged : harms that persons bore, and refusals because of wrong records, per 1,000 citizens and year.
    dishonest : commercial acts that harm somebody, per 1,000 citizens and year.
    kept : adults' mean trust at the end as the run itself kept it, person by person; None where it kept none.
    """

    side: str
    title: str
    trust: tuple[float, ...]
    low: float
    high: float
    harmed: float
    wronged: float
    dishonest: float
    kept: float | None = None

    @property
    def end(self) -> float:
        """Return trust at the end."""
        return self.trust[-1]


@dataclass(frozen=True)
class Trust:
    """Trust on each side of a run; see :func:`trust`.

    Attributes
    ----------
    strengths : what was assumed.
    first : mean trust before the first window, on each side.
    difference : trust at the end under the scheme minus without it, and its interval over the replicates; None where
        there is no other side.
    even : belief in the score at which both sides end equally trusting: 0 where the scheme's ends no less trusting
        without any; None where no belief is enough, or there is no other side.
    """

    title: str
    years: float
    strengths: dict[str, float]
    first: float
    sides: tuple[SideTrust, ...]
    difference: Estimate | None
    even: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return all of it for machines."""
        return {**asdict(self), "sides": [asdict(side) for side in self.sides]}

    def __repr__(self) -> str:
        wide = max(len(side.title) for side in self.sides)
        out = [
            f"{self.title}: how far people trust others after {self.years:g} years, 0 to 100",
            f"It was {100 * self.first:.2f} before, on each side.",
            "",
            f"{'':{wide}}  {'trust':>6}  {'by place':>12}  {'harmed':>8}  {'wronged':>8}  {'dishonest':>9}",
        ]
        for side in self.sides:
            places = f"{100 * side.low:.1f} to {100 * side.high:.1f}"
            out.append(
                f"{side.title:{wide}}  {100 * side.end:6.2f}  {places:>12}  {side.harmed:8,.0f}  {side.wronged:8.3g}"
                f"  {side.dishonest:9,.0f}"
            )
        out += ["", "Harms to persons, refusals for wrong records and harmful commercial acts: per 1,000 and year."]
        told = self.strengths
        out.append(
            f"Assumed: trust is {100 * told['usual']:g} where nobody is harmed; a harm takes {100 * told['shock']:g} % "
            f"of it,\na wrong refusal {100 * told['wronged']:g} %; half of what was lost is back after "
            f"{told['half_life']:g} months; belief in the score {100 * told['belief']:g} %."
        )
        if self.difference is not None:
            out += ["", *self._verdict(self.difference)]
        return "\n".join(out)

    def _verdict(self, told: Estimate) -> Iterator[str]:
        if told.low is None or told.high is None:
            sure = "no interval: run it with --replicates 4 or more"
        else:
            sure = f"{100 * told.low:+.2f} to {100 * told.high:+.2f}"
        yield f"With the scheme trust ends {100 * told.value:+.2f} points from where it ends without it ({sure})."
        if self.strengths["belief"] == 0:
            yield "Without belief this is the harm that assumed deterrence prevents, less what wrong refusals cost;"
            yield "it is no surer than that assumption."
        if self.even is None:
            yield "No belief in the score makes the scheme's society as trusting as the other."
        elif self.even > 0:
            yield f"Both end alike where belief is {100 * self.even:.2g} %."
        kept = [side.kept for side in self.sides if side.kept is not None]
        if len(kept) > 1:
            yield "The run itself kept trust person by person, with the strengths of its own conduct:"
            yield f"{100 * kept[0]:.2f} with the scheme at the end, {100 * kept[1]:.2f} without. That is its result;"
            yield "this reckoning spreads the harms that it found over each place, and moves nobody's conduct."
        else:
            yield "This reckoning moves nobody's conduct; where trust does: glasstown run trust."


@dataclass(frozen=True)
class _Lived:
    """What one side's people lived through: shape (replicates, windows, places), per citizen of the place."""

    people: F64
    harm: F64
    wrong: F64
    standing: F64 | None
    dishonest: float
    kept: float | None


def trust(
    run: RunLike,
    *,
    usual: float = USUAL,
    shock: float = SHOCK,
    wronged: float = WRONGED,
    half_life: float = HALF_LIFE,
    belief: float = BELIEF,
) -> Trust:
    """Return how far people trust others on each side of a run, from what they lived through.

    Parameters
    ----------
    usual : trust where nobody is harmed, 0 to 1. Both sides begin at the level that lasts in the unscored world, or, of
        a run with one side, in its own.
    shock, wronged : shares of trust that one harm, and one refusal because of a wrong record, take.
    half_life : months after which half of what was lost is back.
    belief : how far the usual level follows the grades of the people of one's place, 0 to 1.

    Raises
    ------
    BadValue
        Where a share is not 0 to 1, or the half-life not above 0.
    """
    strengths = {"usual": usual, "shock": shock, "wronged": wronged, "half_life": half_life, "belief": belief}
    return _trust(run, _all_lived(run), _checked(strengths))


def _checked(strengths: dict[str, float]) -> dict[str, float]:
    for name in ("usual", "shock", "wronged", "belief"):
        if not 0 <= strengths[name] <= 1:
            raise BadValue(f"{name} is a share, 0 to 1, not {strengths[name]:g}")
    if not strengths["half_life"] > 0:
        raise BadValue(f"a half-life is above 0 months, not {strengths['half_life']:g}")
    return strengths


def _trust(run: RunLike, lived: Mapping[str, _Lived], strengths: dict[str, float]) -> Trust:
    manifest = run.manifest
    months = int(manifest["window_months"])
    years = int(manifest["windows"]) * months / 12
    scheme, other = next(iter(lived.values())), list(lived.values())[-1]
    first = _first(other, months, strengths)
    ends = [_mean(one, first, months, strengths)[:, -1] for one in lived.values()]
    difference = ratio((ends[0] - ends[1])[:, None], np.ones((len(ends[0]), 1))) if len(ends) > 1 else None
    return Trust(
        str(manifest["title"]),
        years,
        strengths,
        float(first @ _weights(other)),
        tuple(_side(run, side, one, first, months, strengths) for side, one in lived.items()),
        difference,
        _even(scheme, other, first, months, strengths) if len(ends) > 1 else None,
    )


def trust_told(run: RunLike) -> dict[str, Any]:
    """Return what a page needs to show trust at any belief: its course at none and at full belief, between which it is
    linear."""
    lived = _all_lived(run)
    none, full = (_trust(run, lived, _checked({**_USUALLY, "belief": belief})) for belief in (0.0, 1.0))
    return {
        "first": none.first,
        "difference": asdict(none.difference) if none.difference is not None else None,
        "even": none.even,
        "strengths": none.strengths,
        "sides": [
            {"side": a.side, "title": a.title, "none": a.trust, "full": b.trust, "harmed": a.harmed,
             "wronged": a.wronged, "dishonest": a.dishonest}
            for a, b in zip(none.sides, full.sides, strict=True)
        ],
    }  # fmt: skip


def _weights(lived: _Lived) -> F64:
    share: F64 = lived.people / lived.people.sum()
    return share


def _side(run: RunLike, side: str, lived: _Lived, first: F64, months: int, strengths: Mapping[str, float]) -> SideTrust:
    mean = _mean(lived, first, months, strengths).mean(axis=0)
    ends = _path(lived, first, months, strengths)[:, -1].mean(axis=0)
    harmed, wronged = (
        float(lived.people @ counts.sum(axis=1).mean(axis=0)) / float(lived.people.sum())
        for counts in (lived.harm, lived.wrong)
    )
    yearly = 1000 * 12 / (months * len(mean))
    return SideTrust(
        side,
        side_title(run, side),
        tuple(mean.tolist()),
        float(ends.min()),
        float(ends.max()),
        harmed * yearly,
        wronged * yearly,
        lived.dishonest / float(lived.people.sum()) * yearly,
        lived.kept,
    )


def _back(months: int, strengths: Mapping[str, float]) -> float:
    """Return the share of what is missing that comes back in a window."""
    return float(1 - 0.5 ** (months / strengths["half_life"]))


def _kept(lived: _Lived, strengths: Mapping[str, float]) -> F64:
    """Return what harm and wrong refusals leave of trust in a window."""
    kept: F64 = np.exp(-strengths["shock"] * lived.harm - strengths["wronged"] * lived.wrong)
    return kept


def _first(lived: _Lived, months: int, strengths: Mapping[str, float]) -> F64:
    """Return the trust by place at which what harm takes and what comes back are even."""
    back = _back(months, strengths)
    level: F64 = strengths["usual"] * back / (1 - (1 - back) * _kept(lived, strengths).mean(axis=(0, 1)))
    return level


def _path(lived: _Lived, first: F64, months: int, strengths: Mapping[str, float]) -> F64:
    """Return mean trust by replicate, window and place."""
    back, belief = _back(months, strengths), strengths["belief"]
    kept = _kept(lived, strengths)
    usual = np.full_like(kept, strengths["usual"])
    if lived.standing is not None:
        usual = (1 - belief) * usual + belief * lived.standing
    now, out = np.broadcast_to(first, kept[:, 0].shape), np.empty_like(kept)
    for window in range(kept.shape[1]):
        now = now * kept[:, window]
        now = now + (usual[:, window] - now) * back
        out[:, window] = now
    return out


def _mean(lived: _Lived, first: F64, months: int, strengths: Mapping[str, float]) -> F64:
    """Return mean trust by replicate and window."""
    out: F64 = _path(lived, first, months, strengths) @ _weights(lived)
    return out


def _even(scheme: _Lived, other: _Lived, first: F64, months: int, strengths: Mapping[str, float]) -> float | None:
    """Return the belief at which both sides end equally trusting: trust at the end is linear in belief."""
    without, none, full = (
        float(_mean(side, first, months, {**strengths, "belief": belief})[:, -1].mean())
        for side, belief in ((other, 0.0), (scheme, 0.0), (scheme, 1.0))
    )
    if none >= without - CLOSE:
        return 0.0
    return (without - none) / (full - none) if full >= without else None


def _all_lived(run: RunLike) -> dict[str, _Lived]:
    return {side: _lived(run, side) for side in side_names(run)}


def _lived(run: RunLike, side: str) -> _Lived:
    """Return what one side's citizens lived through."""
    import pyarrow.compute as pc

    manifest = run.manifest
    population = of_subject(arrow(run, "population"), CITIZEN)
    places = sorted(set(population.column("place").cast("string").to_pylist()))
    weights = population.column("citizens").to_numpy().astype(np.float64)
    people = np.bincount(_at(population, "place", places), weights, len(places)).astype(np.float64)
    told = next(one for one in manifest["sides"] if one["name"] == side)
    told_of: Mapping[str, Mapping[str, Any]] = manifest["kinds"]
    hurts = [kind for kind, one in told_of.items() if one["victim"] in PERSONS]
    sells = [kind for kind, one in told_of.items() if one["domain"] == "commercial" and one["victim"] != "none"]
    rows = arrow(run, "by_place")
    rows = rows.filter(pc.equal(rows.column("side").cast("string"), side))
    replicates = int(manifest["replicates"])
    shape = (replicates, int(manifest["windows"]), len(places))
    bands = [str(band) for band in told["bands"]]
    acts, wrong, grades, met, kept, of = (
        rows.filter(pc.equal(rows.column("measure").cast("string"), name))
        for name in ("acts", "refused_wrongly", "grade", "harmed", "trust", "trust_counted")
    )
    harmful, dishonest = (
        acts.filter(pc.is_in(acts.column("item").cast("string"), _words(kinds))) for kinds in (hurts, sells)
    )
    # a run that keeps trust found out whom each act met; of another, each meets somebody of its place
    borne = of_subject(met, CITIZEN) if len(of) else harmful
    graded = _sums(of_subject(grades, CITIZEN), shape, places, bands)
    return _Lived(
        people,
        _sums(borne, shape, places)[..., 0] / people,
        _sums(of_subject(wrong, CITIZEN), shape, places)[..., 0] / people,
        _standing(graded),
        float(pc.sum(dishonest.column("value")).as_py() or 0) / replicates,
        _kept_at_end(of_subject(kept, CITIZEN), of_subject(of, CITIZEN), shape, places),
    )


def _kept_at_end(trust: Any, of: Any, shape: tuple[int, ...], places: list[str]) -> float | None:
    """Return mean trust after the last window as the run kept it; None where it did not."""
    counted = _sums(of, shape, places)[:, -1].sum()
    return float(_sums(trust, shape, places)[:, -1].sum() / counted / FULL) if counted else None


def _sums(rows: Any, shape: tuple[int, ...], places: list[str], items: list[str] | None = None) -> F64:
    """Return counts by replicate, window, place and item; by nothing more where no items are named."""
    whole = (*shape, len(items or "1"))
    at = [rows.column(name).to_numpy() for name in ("replicate", "window")]
    at += [_at(rows, "place", places), _at(rows, "item", items) if items else np.zeros(len(rows), np.int64)]
    flat = np.ravel_multi_index(tuple(at), whole)
    counts = rows.column("value").to_numpy().astype(np.float64)
    sums: F64 = np.bincount(flat, counts, int(np.prod(whole))).reshape(whole).astype(np.float64)
    return sums


def _at(rows: Any, column: str, names: list[str]) -> Any:
    """Return which of some names stands in a column, row by row."""
    import pyarrow.compute as pc

    return pc.index_in(rows.column(column).cast("string"), _words(names)).to_numpy()


def _standing(graded: F64) -> F64 | None:
    """Return the share of a place's people in the grade in which most began, or a better one; None without grades."""
    if graded.shape[-1] < 2 or not graded.any():
        return None
    begun = int(graded[:, 0].sum(axis=(0, 1)).argmax())
    share: F64 = graded[..., begun:].sum(axis=-1) / np.maximum(graded.sum(axis=-1), 1)
    return share


def _words(names: list[str]) -> Any:
    import pyarrow as pa

    return pa.array(names, pa.string())
