"""Numbers of a scheme that nobody outside knows but in ranges: found, and put in place of the ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .types import DOMAINS, WEIGHT_MOST, Range, SchemeModel

__all__ = ["Unknown", "unknowns", "widened", "with_values"]

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """One number that is known only in a range: its place in the file, the range, and what a run takes it to be."""

    place: Place
    low: int
    high: int
    value: int

    @property
    def name(self) -> str:
        """Return its place as a person would name it."""
        return ".".join(self.place)


def unknowns(model: SchemeModel) -> tuple[Unknown, ...]:
    """Return every number of a scheme that is given as a range, in the order of the file's sections."""
    found: list[tuple[Place, Any]] = [
        *((("domains", name, "weight"), one.weight) for name, one in model.domains.items()),
        *((("profile", name, "weight"), one.weight) for name, one in model.profile.items()),
        *((("caps", name, "points"), one.points) for name, one in model.caps.items()),
        *((("rules", name, "points"), one.points) for name, one in model.rules.items()),
    ]
    return tuple(Unknown(place, one.from_, one.to, one.value) for place, one in found if isinstance(one, Range))


def widened(model: SchemeModel, share: float) -> tuple[Unknown, ...]:
    """Return the weights of a scheme's domains and profile as if each were known only to a share of itself."""
    counted = {rule.domain for rule in model.rules.values()} | {one.domain for one in model.profile.values()}
    found: list[tuple[Place, int]] = [
        *((("domains", name, "weight"), model.weight(name)) for name in DOMAINS if name in counted),
        *((("profile", name, "weight"), one.percent) for name, one in model.profile.items()),
    ]
    out = []
    for place, value in found:
        low, high = round(value * (1 - share)), min(round(value * (1 + share)), WEIGHT_MOST)
        if low < high:
            out.append(Unknown(place, low, high, value))
    return tuple(out)


def with_values(model: SchemeModel, values: Mapping[Place, int]) -> SchemeModel:
    """Return a scheme in which numbers stand in place of ranges (or of other numbers)."""
    parts = model.model_dump(by_alias=True, exclude_unset=True)
    for place, value in values.items():
        part = parts
        for key in place[:-1]:
            part = part.setdefault(key, {})
        part[place[-1]] = value
    return SchemeModel.model_validate(parts)
