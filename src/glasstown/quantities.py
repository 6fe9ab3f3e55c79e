"""Numbers with a source, and the check of multipliers against a society's traits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from .cited import CitedValue, Reference
from .columns import Names, Traits
from .errors import BadValue, UnknownName

__all__ = [
    "CitedNumber",
    "CitedShare",
    "Factors",
    "Trouble",
    "ceiling",
    "cited_values",
    "missing_references",
    "unknown_factors",
    "unknown_subject",
]

Factors = dict[str, dict[str, Annotated[float, Field(ge=0, le=100)]]]
"""Multipliers: trait, then level."""
Trouble = tuple[tuple[str, ...], str, str]
"""Place in a file, what is wrong there, and a hint."""


class CitedNumber(CitedValue):
    """A number that is not negative, with its source.

    `between` is the range within which a sweep may move it; without one, the number is what it is.
    """

    value: float = Field(ge=0, le=1e9)
    between: tuple[float, float] | None = Field(default=None, description="Range of a sweep: lowest, highest.")

    @model_validator(mode="after")
    def _within(self) -> CitedNumber:
        if self.between is not None and not self.between[0] <= self.value <= self.between[1]:
            raise ValueError(f"the value {self.value:g} is not between {self.between[0]:g} and {self.between[1]:g}")
        return self


class CitedShare(CitedNumber):
    """A share from 0 to 1, with its source."""

    value: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _shares(self) -> CitedShare:
        if self.between is not None and not 0 <= self.between[0] <= self.between[1] <= 1:
            raise ValueError("a share stays between 0 and 1")
        return self


def ceiling(by: Mapping[str, Mapping[str, float]], traits: Traits) -> float:
    """Return the largest product of multipliers that anybody can have."""
    out = 1.0
    for trait, factors in by.items():
        out *= max(traits[trait].table(factors))
    return out


def unknown_factors(by: Mapping[str, Mapping[str, float]], traits: Traits) -> Iterator[Trouble]:
    """Yield place, message and hint for each trait or level in `by` that the society does not have."""
    for trait, factors in by.items():
        if trait not in traits:
            error = UnknownName("trait", trait, traits.names)
            yield (trait,), error.message, error.hint
            continue
        taken: dict[int, str] = {}
        for level in factors:
            try:
                values = traits[trait].values(level)
            except (BadValue, UnknownName) as error:
                yield (trait, level), error.message, error.hint
                continue
            other = next((taken[value] for value in values if value in taken), None)
            if other is not None:
                yield (
                    (trait, level),
                    f'"{level}" overlaps "{other}"',
                    "let each level stand in one range only",
                )
            taken.update(dict.fromkeys(values, level))


def unknown_subject(place: tuple[str, ...], subject: str, names: Names) -> Trouble:
    """Return what to say of a class of subjects that the society does not have."""
    error = UnknownName("class of subjects", subject, names.subjects)
    return place, error.message, error.hint


def cited_values(part: object, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], CitedValue]]:
    """Yield every cited value in a part of a file, with its place as the file writes it."""
    if isinstance(part, CitedValue):
        yield place, part
    if isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield from cited_values(getattr(part, name), (*place, field.alias or name))
    elif isinstance(part, Mapping):
        for key, inner in part.items():
            yield from cited_values(inner, (*place, str(key)))
    elif isinstance(part, list | tuple):
        for at, inner in enumerate(part):
            yield from cited_values(inner, (*place, str(at)))


def missing_references(part: object, references: Mapping[str, Reference]) -> Iterator[Trouble]:
    """Yield each source that is named and not among a file's references."""
    for place, cited in cited_values(part):
        if cited.source and cited.source not in references:
            error = UnknownName("reference", cited.source, references)
            yield (*place, "source"), error.message, error.hint
