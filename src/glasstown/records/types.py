"""The file of the sources: who writes down what, how surely, how late, and how wrongly."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from ..cited import CitedValue, FileModel, Name, Reference
from ..files import misfit
from ..quantities import CitedNumber, CitedShare, Factors

__all__ = ["Coverage", "FalseRecords", "Objection", "Recorded", "Source", "SourcesModel", "Stale", "Visits"]

Days = Annotated[int, Field(ge=0, le=3650)]


class Coverage(CitedShare):
    """How surely a source sees a kind of act, and whose acts it sees more or less of."""

    by: Factors = Field(default_factory=dict, description="Multipliers: trait, then level. No product may pass 1.")


class Recorded(FileModel):
    """How a source writes down one kind of act."""

    coverage: Coverage = Field(description="Share of the acts that the source sees and writes down.")
    retaliation: CitedShare | None = Field(
        default=None, description="Share of those who would report it and do not dare to."
    )
    delay_days: tuple[Days, Days] = Field(
        description="Days from act to record: least, most; all between are equally likely."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Recorded:
        least, most = self.delay_days
        if least > most:
            hint = f"the lowest first: [{most}, {least}]"
            raise misfit("the least delay is longer than the most", "delay_days", hint=hint)
        return self

    @property
    def seen(self) -> float:
        """Return the share of acts that is written down at multiplier 1: seen, and dared to be told."""
        return self.coverage.value * (1 - self.retaliation.value if self.retaliation else 1)


class FalseRecords(CitedValue):
    """Records of an act that nobody did."""

    per_year: float = Field(ge=0, le=50, description="Number per adult (or unit of another class) and year.")
    by: Factors = Field(default_factory=dict, description="Multipliers: trait, then level.")


class Stale(FileModel):
    """Records that stay beyond their term."""

    share: CitedShare = Field(description="Share of records that are not taken out in time.")
    extra_days: CitedNumber = Field(description="Days that they stay beyond their term.")


class Objection(FileModel):
    """What becomes of a wrong record (another's act, or nobody's)."""

    notice: CitedShare = Field(description="Share of wrong records that the subject learns of.")
    objects: CitedShare = Field(description="Share of those to which the subject objects.")
    upheld: CitedShare = Field(description="Share of objections that are upheld.")
    days: CitedNumber = Field(description="Days from record to correction.")


class Visits(FileModel):
    """A source that sees only those whom it visits: inspectors."""

    per_1000: CitedNumber = Field(description="Visits for each 1,000 adults and year.")


class Source(FileModel):
    """Who keeps records."""

    title: str = Field(min_length=3, description="Name as shown.")
    records: dict[Name, Recorded] = Field(
        min_length=1, max_length=255, description="What it writes down, by kind of act."
    )
    wrong_subject: CitedShare = Field(description="Share of records put into the file of somebody else.")
    false_records: dict[Name, FalseRecords] = Field(
        default_factory=dict, description="Records without an act, by kind; only kinds of `records`."
    )
    stale: Stale
    repair: CitedShare = Field(description="Share of subjects who ask for repair where a rule allows it.")
    objection: Objection
    visits: Visits | None = Field(default=None, description="Null for a source that sees whatever it sees.")


class SourcesModel(FileModel):
    """The sources' file."""

    sources: Name = Field(description="Stable name of this set of sources.")
    title: str
    about: str = Field(default="", description="In plain words: what it stands for and what it does not.")
    references: dict[Name, Reference] = Field(default_factory=dict)
    keepers: dict[Name, Source] = Field(min_length=1, max_length=32, description="Sources, by stable name.")
