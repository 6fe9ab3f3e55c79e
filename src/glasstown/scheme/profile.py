"""Points that go by what a register knows of a person: checked, reckoned for one, and compiled to tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from ..columns import Names, Trait, Traits, parse_ages
from ..errors import BadValue, UnknownName
from ..quantities import Trouble, unknown_factors
from .types import DOMAINS, Domain, Profile, SchemeModel

if TYPE_CHECKING:
    Subject = Mapping[str, int | str]

__all__ = [
    "MOST_PROFILE",
    "Ceiling",
    "check_profile",
    "compile_ceilings",
    "compile_profile",
    "grade_ceilings",
    "level_points",
    "profile_points",
]

MOST_PROFILE = 2000
I32 = npt.NDArray[np.int32]


def check_profile(model: SchemeModel, names: Names | None) -> Iterator[Trouble]:
    """Yield place, message and hint for all that does not hold in a scheme's profile."""
    for name, one in model.profile.items():
        here = ("profile", name)
        if max((abs(one.counted(points)) for points in one.points.values()), default=0) > MOST_PROFILE:
            yield (*here, "points"), f"more than {MOST_PROFILE} points for one trait cannot be meant", ""
        if not one.points and not one.grade:
            yield here, "the profile does nothing", "give it points, or a grade that nobody of a level can be above"
        if one.points and not any(one.points.values()):
            yield (*here, "points"), "the profile does nothing: every level has 0 points", ""
        if one.percent == 0 and isinstance(one.weight, int):
            yield (*here, "weight"), "the profile does nothing: its weight is 0", ""
        yield from _ceilings(model, here, one)
        if one.points and model.weight(one.domain) == 0:
            yield (*here, "domain"), f'the domain "{one.domain}" has weight 0, so this counts for nothing', ""
        subject = model.subject_of(one)
        if subject not in model.subjects:
            yield (*here, "subject"), f"the scheme does not score a {subject}", f"it scores {', '.join(model.subjects)}"
        elif names is not None and subject in names.subjects:
            yield from _trait(here, one, names.traits_of(subject))


def _ceilings(model: SchemeModel, here: tuple[str, ...], one: Profile) -> Iterator[Trouble]:
    for level, band in one.grade.items():
        place = (*here, "grade", level)
        if band not in model.bands:
            error = UnknownName("band", band, model.bands)
            yield place, error.message, error.hint
        elif band == model.bands_upward()[-1]:
            yield place, "this keeps nobody down: nobody is above the best band", ""


def _trait(here: tuple[str, ...], one: Profile, traits: Traits) -> Iterator[Trouble]:
    if one.trait in traits and traits[one.trait].sees == "truth":
        known = ", ".join(trait.name for trait in traits if trait.sees == "register")
        yield (
            (*here, "trait"),
            f'"{one.trait}" is the truth about a person; no scheme can know it',
            f"registers know: {known}",
        )
        return
    if one.trait not in traits:
        for _, message, hint in unknown_factors({one.trait: {}}, traits):
            yield (*here, "trait"), message, hint
        return
    for part, told in (("points", one.points), ("grade", one.grade)):
        for place, message, hint in unknown_factors({one.trait: dict.fromkeys(told, 1.0)}, traits):
            yield (*here, part, *place[1:]), message, hint
    if one.grade and traits[one.trait].ages:
        yield (*here, "grade"), "an age passes, and this would hold for good", "give a grade by a trait that stays"


def level_points(one: Profile, value: int | str) -> int:
    """Return the points of one dimension at a level, or at an age in years."""
    for level, points in one.points.items():
        if isinstance(value, int):
            low, high = parse_ages(level)
            if low <= value <= high:
                return one.counted(points)
        elif level == value:
            return one.counted(points)
    return 0


def profile_points(model: SchemeModel, subject: Subject) -> dict[Domain, int]:
    """Return the points by domain that a subject has by what registers know.

    Parameters
    ----------
    subject : what the register knows, by trait: ages as numbers, levels by name.

    Raises
    ------
    BadValue
        Where the profile asks for a trait that `subject` does not hold.
    """
    out: dict[Domain, int] = dict.fromkeys(DOMAINS, 0)
    for name, one in model.profile.items():
        if one.trait not in subject:
            raise BadValue(f'the profile "{name}" asks for "{one.trait}"', f'give the subject a "{one.trait}"')
        out[one.domain] += level_points(one, subject[one.trait])
    return out


def grade_ceilings(model: SchemeModel, subject: Subject) -> tuple[str, ...]:
    """Return the bands that a subject can be in at best, by what the register knows; see :func:`profile_points`."""
    return tuple(
        one.grade[level] for one in model.profile.values() if (level := str(subject.get(one.trait))) in one.grade
    )


def _row(trait: Trait, one: Profile) -> list[int]:
    out = [0] * (trait.mask + 1)
    for level, points in one.points.items():
        for value in trait.values(level):
            out[value] = one.counted(points)
    return out


def compile_profile(model: SchemeModel, names: Names) -> tuple[I32, I32, I32]:
    """Return the profile as tables.

    Returns
    -------
    start : the dimensions of domain ``d`` are the rows ``start[d]`` to ``start[d + 1]``.
    rows : int32, shape (dimensions, 5): shift and mask of the trait, first entry in `points`, whether it is an age,
        class of subjects.
    points : points by value of the trait.
    """
    told = [(name, one) for name, one in model.profile.items() if one.points]
    found = sorted(told, key=lambda item: (DOMAINS.index(item[1].domain), item[0]))
    rows: list[tuple[int, int, int, int, int]] = []
    points: list[int] = []
    for _, one in found:
        subject = model.subject_of(one)
        trait = names.traits_of(subject)[one.trait]
        rows.append((trait.shift, trait.mask, len(points), int(trait.ages), names.subjects.index(subject)))
        points.extend(_row(trait, one))
    many = np.bincount([DOMAINS.index(one.domain) for _, one in found], minlength=len(DOMAINS)) if found else None
    start = np.zeros(len(DOMAINS) + 1, np.int32)
    if many is not None:
        start[1:] = np.cumsum(many)
    return (
        start,
        np.array(rows or [(0, 0, 0, 0, 0)], dtype=np.int32).reshape(-1, 5),
        np.array(points or [0], dtype=np.int32),
    )


class Ceiling(NamedTuple):
    """A band that nobody of some levels of a trait can be above.

    Attributes
    ----------
    subject : class of subjects.
    shift, mask : where the trait stands in a subject's packed traits.
    values : values of the trait for which it holds.
    hold : slot of the forced grade.
    domain : the domain of what the register knows.
    """

    subject: int
    shift: int
    mask: int
    values: tuple[int, ...]
    hold: int
    domain: int


def compile_ceilings(model: SchemeModel, names: Names) -> tuple[Ceiling, ...]:
    """Return the profile's ceilings, by the name of the part and the band; one slot is held by all with one band."""
    out = []
    for _, one in sorted(model.profile.items()):
        subject = model.subject_of(one)
        for band in sorted(set(one.grade.values())):
            trait = names.traits_of(subject)[one.trait]
            values = tuple(value for level in one.grade if one.grade[level] == band for value in trait.values(level))
            slot = model.holds().index(band)
            at = names.subjects.index(subject)
            out.append(Ceiling(at, trait.shift, trait.mask, values, slot, DOMAINS.index(one.domain)))
    return tuple(out)
