"""The file of a conduct: what people do, how often, whom it harms, and how they respond to being scored.

Rates are those of a world without any scheme; a scheme changes conduct through the responses alone.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ..cited import CitedValue, FileModel, Name, Rate, Reference
from ..columns import CITIZEN
from ..quantities import CitedNumber, CitedShare

__all__ = [
    "PERSONS",
    "RESPONSES",
    "Act",
    "Awareness",
    "ConductModel",
    "CrowdingOut",
    "Deterrence",
    "Domain",
    "Gaming",
    "Harm",
    "Incapacitation",
    "Response",
    "ResponseName",
    "Silence",
    "Stress",
    "Trust",
    "Victim",
]

Domain = Literal["political", "commercial", "social", "legal"]
Victim = Literal["citizen", "creditor", "public", "employee", "parent", "customer", "none"]
PERSONS: tuple[Victim, ...] = ("citizen", "customer", "employee", "parent")
"""Who of those that bear the harm of an act is a person, whose trust it can cost."""
ResponseName = Literal["deterrence", "silence", "stress", "gaming", "crowding-out", "incapacitation", "trust"]
RESPONSES: tuple[ResponseName, ...] = (
    "deterrence",
    "silence",
    "stress",
    "gaming",
    "crowding-out",
    "incapacitation",
    "trust",
)


class Harm(CitedValue):
    """What one act costs somebody."""

    yuan: float = Field(ge=0, le=1e8, description="Mean harm of one act, in yuan of 2016.")
    victim: Victim = Field(
        description="Who bears it. An employee or customer is one of those of the very unit that does it, if its class "
        "has staff or customers; other persons are people of the place."
    )


class Act(FileModel):
    """A kind of act: the truth, whoever sees it."""

    title: str = Field(min_length=3, description="Name as shown.")
    subject: Name = Field(default=CITIZEN, description="Class of subjects that does it; citizens if left out.")
    domain: Domain = Field(description="Context in which the act stands.")
    lawful: bool = Field(description="Whether the law of the day allowed it; says nothing of right or wrong.")
    speech: bool = Field(default=False, description="Speech, assembly, petition or belief.")
    good: bool = Field(default=False, description="A good deed.")
    cheap: bool = Field(default=False, description="Easy to do for the sake of points.")
    needs_ability: bool = Field(
        default=False, description="Counts as inability where the person's ability to pay is none or tight."
    )
    sought: bool = Field(
        default=False, description="What a grade is meant to find: it is counted how well grades tell who does it."
    )
    rate: Rate = Field(description="How often an adult (or a unit of another class) does it where nothing is scored.")
    performs: Rate | None = Field(
        default=None,
        description="How soon its doer still does what is owed, once a record of it threatens to list them, or does.",
    )
    harm: Harm | None = Field(default=None, description="Harm to somebody else, if any.")
    responds: list[ResponseName] = Field(
        default_factory=list, max_length=len(RESPONSES), description="Responses that move it."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Act:
        if len(set(self.responds)) != len(self.responds):
            raise ValueError("a response stands twice in `responds`")
        if self.good and self.harm is not None:
            raise ValueError("a good deed harms nobody: leave `harm` out, or `good`")
        if self.good and not self.lawful:
            raise ValueError("a good deed is lawful")
        if self.good and self.performs is not None:
            raise ValueError("nothing is owed after a good deed: leave `performs` out, or `good`")
        if self.good and self.sought:
            raise ValueError("what is sought is a wrong: leave `sought` out, or `good`")
        if "silence" in self.responds and not self.speech:
            raise ValueError("silence moves speech only: say `speech: true`, or take silence out")
        moved_by_reward = {"gaming", "crowding-out"} & set(self.responds)
        if moved_by_reward and not self.good:
            raise ValueError(f"{' and '.join(sorted(moved_by_reward))} move good deeds only")
        if "trust" in self.responds and self.subject != CITIZEN:
            raise ValueError("trust moves what citizens do: take trust out of `responds`")
        return self


class Deterrence(FileModel):
    """Fewer acts where the loss is felt to be likely.

    At perceived risk ``r`` and severity ``s`` (each 0 to 1) the share ``r * (certainty + severity * s)`` of
    the acts is given up.
    """

    on: bool = True
    certainty: CitedShare = Field(description="Share given up at full perceived risk, for the least loss.")
    severity: CitedShare = Field(description="Further share where the loss leads to the worst band.")


class Silence(FileModel):
    """Less lawful speech where it is felt to be watched; counted like deterrence, with numbers of its own."""

    on: bool = True
    level: CitedShare = Field(description="Share silenced at full perceived risk, for the least loss.")
    severity: CitedShare = Field(description="Further share where the loss leads to the worst band.")


class Stress(FileModel):
    """More of some acts under the strain of refusals."""

    on: bool = True
    strength: CitedNumber = Field(description="Rise of the rate at full stress; 0.5 is half as much again.")
    per_refusal: CitedShare = Field(description="Stress that one refusal adds; 1 is full stress.")
    half_life_months: CitedNumber = Field(description="Months in which half of it fades.")


class Gaming(FileModel):
    """More rewarded good deeds where the next band is near."""

    on: bool = True
    strength: CitedNumber = Field(description="Rise of the rate within reach; 1 doubles it.")
    reach: CitedNumber = Field(description="Points below the next band at which it begins.")


class CrowdingOut(FileModel):
    """Fewer good deeds of one's own accord, once they have been paid for with points."""

    on: bool = True
    strength: CitedShare = Field(description="Share of good deeds lost where one's own motive is gone.")
    recovery_months: CitedNumber = Field(description="Months in which half of the motive comes back.")


class Incapacitation(FileModel):
    """Acts that people in the worst band no longer have the means to do."""

    on: bool = True
    factor: CitedShare = Field(description="Share of the acts that is left in the worst band; 1: no effect.")


class Trust(FileModel):
    """Trust in others: lost by who is harmed or wrongly refused, healed by time; lawful acts follow it.

    At trust ``t`` and `start` ``s`` a lawful act is done ``1 + strength * (t - s)`` times as often as its rate says, an
    unlawful one ``1 - strength * (t - s)`` times. An act whose victim is an employee or a customer, of a
    unit of a class that has them, harms one of that unit's own, drawn by lot, its owner among them; it harms nobody
    where the unit has none. By all other acts that harm a person every citizen is harmed, once a window at most, with
    the chance that those of the window before give, spread over the people of the place.
    """

    on: bool = True
    start: CitedShare = Field(description="Trust at the start, and what time brings it back to.")
    shock: CitedShare = Field(description="Share of trust that is lost when one is harmed.")
    wronged: CitedShare = Field(description="Share lost by a refusal at a door that a wrong record causes.")
    half_life_months: CitedNumber = Field(description="Months after which half of what was lost is back.")
    strength: CitedNumber = Field(
        description="How far acts follow trust; 1: as many parts in a hundred as trust moves."
    )
    belief: CitedShare = Field(
        description="How far trust comes back to the share of the people of one's place who have the grade that all "
        "begin with, or a better one, instead of to the start; 0 where nobody believes in the score. Only who knows of "
        "being scored believes."
    )


class Awareness(CitedShare):
    """Who knows of being scored: only they respond. Whoever is refused by the scheme knows from then on."""


class Response(FileModel):
    """How people respond to being scored."""

    start_risk: CitedShare = Field(description="Perceived risk of being caught before anybody has been.")
    deterrence: Deterrence
    silence: Silence
    stress: Stress
    gaming: Gaming
    crowding_out: CrowdingOut = Field(alias="crowding-out")
    incapacitation: Incapacitation
    awareness: Awareness | None = Field(default=None, description="Share who know that they are scored; null: all.")
    trust: Trust | None = Field(default=None, description="Trust that is kept person by person; null: it is not.")


class ConductModel(FileModel):
    """A conduct's file."""

    conduct: Name = Field(description="Stable name of the conduct.")
    title: str
    about: str = Field(default="", description="In plain words: what it stands for and what it does not.")
    references: dict[Name, Reference] = Field(default_factory=dict)
    acts: dict[Name, Act] = Field(min_length=1, max_length=255, description="Kinds of act, by stable name.")
    response: Response

    @model_validator(mode="after")
    def _knows_trust(self) -> ConductModel:
        follows = [kind for kind, act in self.acts.items() if "trust" in act.responds]
        if follows and self.response.trust is None:
            raise ValueError(f"{follows[0]} responds to trust: say `trust` under `response`, or take it out")
        return self
