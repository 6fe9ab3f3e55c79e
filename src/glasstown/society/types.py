"""The file of a society: what a person writes down about a population, and nothing about any one person.

A society declares places and traits, and says how they are spread: *margins* are tables that the population
meets (people are counted, not drawn), *chances* are shares among people with given traits (drawn person by
person), and *households* say who lives with whom.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..cited import CitedValue, FileModel, Name, Reference
from ..columns import CITIZEN
from ..files import misfit
from ..quantities import CitedNumber

__all__ = [
    "ADULT",
    "PLACE",
    "TOLERANCE",
    "Chance",
    "Children",
    "Couples",
    "Households",
    "MarginTable",
    "Owners",
    "Parents",
    "Place",
    "Share",
    "SharedValue",
    "Size",
    "SocietyModel",
    "TraitModel",
    "UnitsModel",
]

ADULT = 18
PLACE = "place"
"""Reserved name: the place may stand in a margin or a chance like a trait."""
TOLERANCE = 0.005
"""Shares may miss 1 by this much, as published tables do by rounding."""

Share = Annotated[float, Field(ge=0, le=1)]
Level = Annotated[str, Field(min_length=1, max_length=48)]
Row = dict[Level, Share]


def _off(row: Row) -> str:
    total = sum(row.values())
    return "" if abs(total - 1) <= TOLERANCE else f"the shares add up to {total:.4g}, not to 1"


class Size(CitedValue):
    """How many people the society has when a scenario does not say."""

    citizens: int = Field(ge=1, le=2_000_000_000, description="Number of people.")


class Place(FileModel):
    """A place to live. Districts bear invented names, always; the provinces of a country may bear their own."""

    title: str = Field(default="", description="Name as shown.")
    about: str = Field(default="", description="What kind of place it is.")


class TraitModel(FileModel):
    """A trait that every person has."""

    title: str = Field(description="Name as shown.")
    sees: Literal["register", "truth"] = Field(
        description="register: known to the authorities; truth: known to nobody but us."
    )
    levels: list[Level] = Field(default_factory=list, max_length=128, description="Values, in order.")
    ages: bool = Field(default=False, description="The value is an age in years; give no levels.")
    oldest: int = Field(default=90, ge=1, le=100, description="Greatest age at the start (for `ages`).")

    @model_validator(mode="after")
    def _levels_or_ages(self) -> TraitModel:
        if self.ages and self.levels:
            raise ValueError("a trait has levels or ages, not both")
        if not self.ages and len(self.levels) < 2:
            raise ValueError("a trait needs at least two levels (or `ages: true`)")
        if len(set(self.levels)) != len(self.levels):
            raise ValueError("two levels have one name")
        if any(set(level) & set("/|*") for level in self.levels):
            raise ValueError('the name of a level cannot hold "/", "|" or "*"')
        return self


class MarginTable(CitedValue):
    """A table that the population meets.

    Over one trait, `shares` holds a share for each level. Over more, it holds one row for each combination of
    the first ones (joined by ``/``), and in each row a share for each level of the last. What is not named
    is 0.
    """

    over: list[Name] = Field(min_length=1, max_length=4, description="Traits; `place` may be one of them.")
    per_row: bool = Field(
        default=False,
        description="Each row adds up to 1: shares among the people of that row, whose number another margin "
        "gives. Rows that are not named are left open.",
    )
    shares: dict[Level, Share | Row] = Field(min_length=1, description="The table.")

    @property
    def name(self) -> str:
        """Return the margin's name: its traits, in the order of the file."""
        return ", ".join(self.over)

    @property
    def rows(self) -> dict[str, Row]:
        """Return the table as rows; a table over one trait is the single row ``""``."""
        if len(self.over) == 1:
            return {"": {key: share for key, share in self.shares.items() if isinstance(share, float)}}
        return {key: row for key, row in self.shares.items() if isinstance(row, dict)}

    @model_validator(mode="after")
    def _adds_up(self) -> MarginTable:
        if len(set(self.over)) != len(self.over):
            raise ValueError("a margin names a trait twice")
        want: type = float if len(self.over) == 1 else dict
        for key, entry in self.shares.items():
            if not isinstance(entry, want):
                what = "a share" if want is float else f"a row of shares over {self.over[-1]}"
                raise misfit(f'"{key}" should hold {what}: the margin is over {self.name}', "shares", key)
        if self.per_row and len(self.over) == 1:
            raise ValueError("a margin over one trait has no rows: leave `per_row` out")
        if self.per_row:
            for key, row in self.rows.items():
                if off := _off(row):
                    raise misfit(off, "shares", key)
        elif off := _off({f"{key}/{k}": share for key, row in self.rows.items() for k, share in row.items()}):
            raise misfit(off, "shares")
        return self


class Chance(CitedValue):
    """How a trait is spread among people with given traits: drawn person by person.

    A row's key holds one part for each trait of `by`, joined by ``/``; a part is a level (an age range),
    several joined by ``|``, or ``*`` for all. A row with fewer ``*`` goes before one with more.
    """

    by: list[Name] = Field(default_factory=list, max_length=4, description="Traits that the shares depend on.")
    minors: str = Field(default="", description="Level of everybody under 18, whatever the table says.")
    table: dict[Annotated[str, Field(max_length=200)], Row] = Field(
        min_length=1, description="Rows of shares; without `by`, the single row `all`."
    )

    @model_validator(mode="after")
    def _adds_up(self) -> Chance:
        if len(set(self.by)) != len(self.by):
            raise ValueError("a trait stands twice in `by`")
        for key, row in self.table.items():
            if off := _off(row):
                raise misfit(off, "table", key)
        if not self.by and set(self.table) != {"all"}:
            raise ValueError("without `by` there is one row, named `all`")
        return self


class SharedValue(CitedValue):
    """A share with its source."""

    value: Share


class Couples(CitedValue):
    """Who lives as a couple: people whose trait was drawn as its second level, matched within their place."""

    trait: Name = Field(default="partner", description="Trait with two levels: without, with a partner.")
    sex: Name = Field(default="sex", description="Trait whose first level can be a mother.")
    largest_gap: int = Field(default=15, ge=0, le=60, description="Largest difference of age, in years.")
    same_sex: SharedValue | None = Field(default=None, description="Share of couples of one sex; none if left out.")


class Children(CitedValue):
    """Where minors live, and who has a child of school age."""

    trait: Name = Field(default="child", description="Trait with two levels: without, with a child of school age.")
    school: str = Field(default="6-12", description="Ages of school for which a place is asked.")
    mother: tuple[int, int] = Field(default=(20, 36), description="Age of the mother at birth, from and to.")
    single: SharedValue = Field(description="Share of adults of 22 to 50 without a partner who may bring up a child.")
    at_home_until: int = Field(default=24, ge=17, le=40, description="Last age at which the unmarried live at home.")

    @model_validator(mode="after")
    def _grown(self) -> Children:
        if not 16 <= self.mother[0] <= self.mother[1] <= 50:
            raise ValueError("the ages of a mother at birth run upwards within 16 to 50")
        return self


class Parents(CitedValue):
    """Who is responsible for an ageing parent, and whether they live together."""

    trait: Name = Field(default="parents", description="Trait with three levels: none, together, apart.")
    from_age: int = Field(default=60, ge=40, le=80, description="Age from which a parent counts as ageing.")
    gap: tuple[int, int] = Field(default=(20, 36), description="Years between parent and child, from and to.")

    @model_validator(mode="after")
    def _grown(self) -> Parents:
        if not 16 <= self.gap[0] <= self.gap[1] <= 60:
            raise ValueError("the years between parent and child run upwards within 16 to 60")
        return self


class Households(FileModel):
    """Who lives with whom, and who is tied to whom."""

    near: list[Name] = Field(default_factory=list, max_length=2, description="Traits that a household shares.")
    couples: Couples
    children: Children | None = None
    parents: Parents | None = None


class Owners(CitedValue):
    """Who owns the units of a class: adults of the same place, those with the named levels first."""

    trait: Name = Field(description="Trait of citizens that owners have.")
    levels: list[Level] = Field(min_length=1, description="Its levels that go first.")
    firms: CitedNumber = Field(description="Units for each owner, at the mean; at least 1.")

    @model_validator(mode="after")
    def _at_least_one(self) -> Owners:
        if self.firms.value < 1:
            raise misfit("an owner owns at least one", "firms", "value")
        return self


class Staff(CitedValue):
    """Who works for the units of a class: adults of the same place who have one of the named levels."""

    trait: Name = Field(description="Trait of citizens that staff have.")
    levels: list[Level] = Field(min_length=1, description="Its levels.")
    by: Name = Field(description="Trait of the units that the number of jobs goes by.")
    jobs: dict[Level, Annotated[int, Field(ge=0, le=100_000)]] = Field(
        min_length=1, description="Jobs of a unit of each level; fewer where the place has too few who can work."
    )


class Customers(CitedValue):
    """To how many units of a class each inhabitant of their place goes."""

    each: int = Field(ge=1, le=8, description="Units for each person; all of the place where it has fewer.")


class UnitsModel(FileModel):
    """A class of subjects beside the citizens: companies, doctors, teachers, governments."""

    title: str = Field(description="Name of one of them as shown.")
    plural: str = Field(description="Name of many of them as shown.")
    about: str = ""
    per_1000: CitedNumber | None = Field(default=None, description="Number for each 1,000 inhabitants of a place.")
    per_place: CitedNumber | None = Field(default=None, description="Number in each place.")
    traits: dict[Name, TraitModel] = Field(min_length=1, max_length=20)
    chances: dict[Name, Chance] = Field(default_factory=dict)
    owners: Owners | None = Field(default=None, description="Citizens who own them; none if left out.")
    staff: Staff | None = Field(default=None, description="Citizens who work for them; none if left out.")
    customers: Customers | None = Field(default=None, description="Citizens who go to them; none if left out.")
    groups: list[Name] = Field(default_factory=list, max_length=2, description="Traits of the tables by group.")

    @model_validator(mode="after")
    def _counted(self) -> UnitsModel:
        if (self.per_1000 is None) == (self.per_place is None):
            raise ValueError("say how many there are: either `per_1000` or `per_place`")
        return self


class SocietyModel(FileModel):
    """A society's file."""

    society: Name = Field(description="Stable name of the society.")
    title: str
    about: str = Field(default="", description="In plain words: what it stands for and what it does not.")
    references: dict[Name, Reference] = Field(default_factory=dict)
    size: Size | None = None
    places: dict[Name, Place] = Field(default_factory=dict, max_length=1000)
    traits: dict[Name, TraitModel] = Field(min_length=1, max_length=40)
    margins: list[MarginTable] = Field(default_factory=list, max_length=60)
    chances: dict[Name, Chance] = Field(default_factory=dict)
    households: Households | None = None
    groups: list[Name] = Field(default_factory=list, max_length=3, description="Traits of the tables by group.")
    classes: dict[Name, UnitsModel] = Field(
        default_factory=dict, max_length=7, description="Further classes of subjects, such as company or doctor."
    )

    @model_validator(mode="after")
    def _citizens_stand_alone(self) -> SocietyModel:
        if CITIZEN in self.classes:
            raise misfit("citizens are the society itself", "classes", CITIZEN)
        return self

    def of_class(self, name: str) -> SocietyModel:
        """Return one class of subjects as if it were a society of its own, in the same places."""
        units = self.classes[name]
        return SocietyModel(
            society=self.society,
            title=units.title,
            references=self.references,
            places=self.places,
            traits=units.traits,
            chances=units.chances,
            groups=units.groups,
        )

    @property
    def age_trait(self) -> str:
        """Return the name of the trait that is an age, or ``""``."""
        return next((name for name, trait in self.traits.items() if trait.ages), "")

    @property
    def place_names(self) -> tuple[str, ...]:
        """Return the places in order; a society without any is one place of its own name."""
        return tuple(sorted(self.places)) or (self.society,)
