"""Values with a source: the types that every file of the library is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["CitedValue", "FileModel", "Name", "Rate", "Reference", "Status"]

Status = Literal["in force", "reported", "assumed"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=48)]
"""Stable name of a thing: small letters, digits and single hyphens. Draws are keyed by it."""


class FileModel(BaseModel):
    """A part of a file that people write: unknown keys are faults, values never change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Reference(FileModel):
    """A document that values are taken from."""

    cite: str = Field(min_length=3, description="Author, title, date: enough to find it.")
    link: str = Field(default="", description="Where it was read.")


class CitedValue(FileModel):
    """Something with a status and, unless it is assumed, a source.

    `source` names a key of the file's ``references``.
    """

    status: Status = Field(description="in force, reported, or assumed.")
    source: str = Field(default="", description="Key in `references`; may be empty only if assumed.")
    note: str = Field(default="", description="Why this value, in plain words.")

    @model_validator(mode="after")
    def _sourced(self) -> CitedValue:
        if self.status != "assumed" and not self.source:
            raise ValueError(f"{self.status} without a source: name one of the file's references, or say assumed")
        return self


class Rate(CitedValue):
    """How often something happens to one person, and to whom it happens more often.

    The rate of a person is ``per_year`` times one multiplier for each trait in `by`; a level that is
    not named has multiplier 1. Numbers of a window are Poisson with that mean.
    """

    per_year: float = Field(ge=0, le=400, description="Mean number per person and year at multiplier 1.")
    by: dict[str, dict[str, Annotated[float, Field(ge=0, le=100)]]] = Field(
        default_factory=dict, description="Multipliers: trait, then level (ages as ranges, such as 18-29)."
    )
