"""The file of the doors: what people ask for, how often, and who is refused without any scheme."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ..cited import CitedValue, FileModel, Name, Rate, Reference
from ..columns import CITIZEN
from ..files import misfit
from ..quantities import CitedNumber, Factors

__all__ = ["Cost", "Door", "DoorsModel", "OrdinaryRefusal", "Scarce"]


class OrdinaryRefusal(CitedValue):
    """Who is refused for reasons of the door's own, with a scheme or without."""

    share: float = Field(ge=0, le=1, description="Share refused at multiplier 1.")
    by: Factors = Field(default_factory=dict, description="Multipliers: trait, then level.")


class Scarce(FileModel):
    """Places that are fewer than those who ask; allotted once a year."""

    places_per_1000: CitedNumber = Field(
        description="Places a year for each 1,000 inhabitants (or units of the class that asks)."
    )
    month: int = Field(ge=1, le=12, description="Month in which people ask and places are allotted.")


class Cost(CitedValue):
    """What it costs to be refused."""

    yuan: float = Field(ge=0, le=1e8, description="Mean cost of one refusal, in yuan of 2016.")


class Door(FileModel):
    """A request that a scheme can open or refuse."""

    title: str = Field(min_length=3, description="Name as shown.")
    domain: Literal["political", "commercial", "social", "legal"] = Field(
        description="Context in which it would be ordinary to look at somebody's record before opening."
    )
    subject: Name = Field(default=CITIZEN, description="Class of subjects that asks; citizens if left out.")
    rate: Rate = Field(description="How often an adult (or a unit of another class) asks.")
    asks_for: Literal["self", "child"] = Field(default="self", alias="for", description="For whom one asks.")
    ordinary_refusal: OrdinaryRefusal
    cost: Cost | None = Field(default=None, description="What a refusal costs the one refused.")
    scarce: Scarce | None = None
    privilege: bool = Field(
        default=False,
        description="A favour that exists only where a scheme grants it; nobody asks where none does.",
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Door:
        if self.privilege and self.scarce is not None:
            raise misfit("a privilege has no places to run out of", "scarce", hint="leave `scarce` or `privilege` out")
        return self


class DoorsModel(FileModel):
    """The doors' file."""

    doors: Name = Field(description="Stable name of this set of doors.")
    title: str
    about: str = Field(default="", description="In plain words: what it stands for and what it does not.")
    references: dict[Name, Reference] = Field(default_factory=dict)
    requests: dict[Name, Door] = Field(min_length=1, max_length=32, description="Doors, by stable name.")
