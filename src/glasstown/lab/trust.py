"""Trust as an outcome: what people live through, under a scheme and without it, moves how far they trust others.

Nothing is decreed. Whoever is harmed, or refused because of a record that is wrong, trusts others less; time heals
towards a usual level. People who believe in the score take it for what others are worth: their usual level follows the
share of the people around them who are in the grade in which most began, or a better one. How strong each of these is
nobody knows: all strengths are assumed, and what matters is how the answer turns on them.

People of one place meet harm at the place's rate, so that the number of harms of one person in a window is a Poisson
number. The mean of trust, from which each harm takes the same share, then follows exactly; conduct does not respond.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..columns import CITIZEN
from ..errors import BadValue
from ..measure.tallies import RunLike, arrow, of_subject, side_names, side_title

__all__ = ["SideTrust", "Trust", "trust", "trust_told"]

F64 = npt.NDArray[np.float64]
PERSONS = ("citizen", "customer", "employee", "parent")
"""Who of those that bear the harm of an act is a person whose trust it can cost."""
USUAL, SHOCK, WRONGED, HALF_LIFE, BELIEF = 0.6, 0.1, 0.1, 36.0, 0.0
"""Defaults, all assumed: trust where nobody is harmed, what a harm and a wrong refusal take of it, months, belief."""


@dataclass(frozen=True, slots=True)
class SideTrust:
    """One side's trust and what it comes from.

    Attributes
    ----------
    trust : mean over the citizens at the end of each window, 0 to 1.
    low, high : least and most of the places at the end.
    harmed, wronged : harms that persons bore, and refusals because of wrong records, per 1,000 citizens and year.
    dishonest : commercial acts that harm somebody, per 1,000 citizens and year.
    """

    side: str
    title: str
    trust: tuple[float, ...]
    low: float
    high: float
    harmed: float
    wronged: float
    dishonest: float

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
    even : belief in the score from which on the scheme's side ends no less trusting than the other; None where no
        belief is enough, or there is no other side.
    """

    title: str
    years: float
    strengths: dict[str, float]
    first: float
    sides: tuple[SideTrust, ...]
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
        if len(self.sides) > 1:
            out.append(self._verdict())
        return "\n".join(out)

    def _verdict(self) -> str:
        if self.even is None:
            return "However much people believe in the score, the scheme's society ends the less trusting of the two."
        if self.even == 0:
            return "The scheme's society ends no less trusting, even if nobody believes in the score."
        return (
            f"Only where belief is {100 * self.even:.0f} % or more does the scheme's society end no less trusting: "
            "the harm that it prevents does not do it alone."
        )


@dataclass(frozen=True)
class _Lived:
    """What one side's people lived through: shape (windows, places), per citizen of the place."""

    people: F64
    harm: F64
    wrong: F64
    standing: F64 | None
    dishonest: float


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
    for name in ("usual", "shock", "wronged", "belief"):
        if not 0 <= strengths[name] <= 1:
            raise BadValue(f"{name} is a share, 0 to 1, not {strengths[name]:g}")
    if not half_life > 0:
        raise BadValue(f"a half-life is above 0 months, not {half_life:g}")
    manifest = run.manifest
    months = int(manifest["window_months"])
    lived = {side: _lived(run, side) for side in side_names(run)}
    years = int(manifest["windows"]) * months / 12
    first = _first(list(lived.values())[-1], months, strengths)
    sides = tuple(_side(run, side, lived[side], first, months, strengths) for side in lived)
    even = _even(list(lived.values()), first, months, strengths)
    return Trust(str(manifest["title"]), years, strengths, float(first @ _weights(lived["scheme"])), sides, even)


def trust_told(run: RunLike) -> dict[str, Any]:
    """Return what a page needs to show trust at any belief: its course at none and at full belief, between which it is
    linear."""
    none, full = trust(run, belief=0), trust(run, belief=1)
    return {
        "first": none.first,
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
    by_place, weights = _path(lived, first, months, strengths), _weights(lived)
    mean = by_place @ weights
    yearly = 1000 * 12 / (months * len(by_place))
    return SideTrust(
        side,
        side_title(run, side),
        tuple(mean.tolist()),
        float(by_place[-1].min()),
        float(by_place[-1].max()),
        float((lived.harm.sum(axis=0) @ weights) * yearly),
        float((lived.wrong.sum(axis=0) @ weights) * yearly),
        lived.dishonest / float(lived.people.sum()) * yearly,
    )


def _kept(lived: _Lived, strengths: Mapping[str, float]) -> F64:
    return np.exp(-strengths["shock"] * lived.harm - strengths["wronged"] * lived.wrong)


def _first(lived: _Lived, months: int, strengths: Mapping[str, float]) -> F64:
    """Return the trust by place at which what harm takes and what comes back are even."""
    back = 1 - 0.5 ** (months / strengths["half_life"])
    level: F64 = strengths["usual"] * back / (1 - (1 - back) * _kept(lived, strengths).mean(axis=0))
    return level


def _path(lived: _Lived, first: F64, months: int, strengths: Mapping[str, float]) -> F64:
    """Return mean trust by window and place."""
    start, belief = strengths["usual"], strengths["belief"]
    back = 1 - 0.5 ** (months / strengths["half_life"])
    kept = _kept(lived, strengths)
    now, out = first, np.empty_like(kept)
    for window, share in enumerate(kept):
        usual = start if lived.standing is None else (1 - belief) * start + belief * lived.standing[window]
        now = now * share
        now = now + (usual - now) * back
        out[window] = now
    return out


def _even(lived: list[_Lived], first: F64, months: int, strengths: Mapping[str, float]) -> float | None:
    """Return the belief at which both sides end equally trusting: trust at the end is linear in belief."""
    if len(lived) < 2:
        return None
    weights = _weights(lived[0])
    other = float(_path(lived[1], first, months, strengths)[-1] @ weights)
    none, full = (float(_path(lived[0], first, months, {**strengths, "belief": b})[-1] @ weights) for b in (0.0, 1.0))
    if none >= other:
        return 0.0
    return (other - none) / (full - none) if full >= other else None


def _lived(run: RunLike, side: str) -> _Lived:
    """Return what one side's citizens lived through, as a mean over the replicates."""
    import pyarrow.compute as pc

    manifest = run.manifest
    population = of_subject(arrow(run, "population"), CITIZEN)
    places = sorted(set(population.column("place").cast("string").to_pylist()))
    people = np.zeros(len(places))
    for row in population.select(["place", "citizens"]).to_pylist():
        people[places.index(str(row["place"]))] += row["citizens"]
    told = next(one for one in manifest["sides"] if one["name"] == side)
    kinds: Mapping[str, Mapping[str, Any]] = manifest["kinds"]
    hurts = {kind for kind, one in kinds.items() if one["victim"] in PERSONS}
    sells = {kind for kind, one in kinds.items() if one["domain"] == "commercial" and one["victim"] != "none"}
    rows = arrow(run, "by_place")
    rows = rows.filter(pc.equal(rows.column("side").cast("string"), side))
    rows = rows.filter(pc.is_in(rows.column("measure").cast("string"), _words(["acts", "refused_wrongly", "grade"])))
    shape = (int(manifest["windows"]), len(places))
    harm, wrong = np.zeros(shape), np.zeros(shape)
    dishonest = 0.0
    bands = [str(band) for band in told["bands"]]
    graded = np.zeros((*shape, len(bands)))
    citizens_only = "subject" not in rows.column_names
    for row in rows.to_pylist():
        at = (int(row["window"]), places.index(str(row["place"])))
        item, value = row["item"], float(row["value"])
        if row["measure"] == "acts":
            harm[at] += value * (item in hurts)
            dishonest += value * (item in sells)
        elif citizens_only or row["subject"] == CITIZEN:
            if row["measure"] == "grade":
                graded[(*at, bands.index(str(item)))] += value
            else:
                wrong[at] += value
    replicates = int(manifest["replicates"])
    return _Lived(
        people, harm / people / replicates, wrong / people / replicates, _standing(graded), dishonest / replicates
    )


def _standing(graded: F64) -> F64 | None:
    """Return the share of a place's people in the grade in which most began, or a better one; None without grades."""
    if graded.shape[2] < 2 or not graded.any():
        return None
    begun = int(graded[0].sum(axis=0).argmax())
    share: F64 = graded[:, :, begun:].sum(axis=2) / np.maximum(graded.sum(axis=2), 1)
    return share


def _words(names: list[str]) -> Any:
    import pyarrow as pa

    return pa.array(names)
