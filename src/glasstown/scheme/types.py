"""What a scheme's file holds.

A scheme is policy as code: rules that turn records into points, bands, lists and what they do to doors. Every value
has a status and, unless it is assumed, a source. What a file cannot say alone (whether a record kind exists, whether
a rule can ever fire) is checked in :mod:`glasstown.scheme.checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..cited import CitedValue, FileModel, Name, Reference, Status
from ..columns import CITIZEN
from ..files import misfit

__all__ = [
    "DOMAINS",
    "WEIGHT_MOST",
    "Band",
    "BandName",
    "Cap",
    "Consent",
    "Context",
    "Decay",
    "Discretion",
    "Domain",
    "DomainWeight",
    "DoorRule",
    "Inspections",
    "ListRule",
    "PassesOn",
    "Period",
    "Profile",
    "Quota",
    "Range",
    "Refusal",
    "Rule",
    "SchemeModel",
    "Start",
    "Tie",
    "term_days",
]

Domain = Literal["political", "commercial", "social", "legal"]
DOMAINS: tuple[Domain, ...] = ("political", "commercial", "social", "legal")
"""The four domains, in the order of every table."""

Context = Literal["same-domain", "listed", "everywhere"]
"""Which doors a bad file closes: those of the domain it is bad in, those that the scheme lists, or every one."""

BandName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9]*([+-][A-Za-z0-9]*)*$", max_length=24)]
Points = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Months = Annotated[int, Field(ge=1, le=1200)]
Score = Annotated[int, Field(ge=-30_000, le=30_000)]
LOWEST = -32_768
"""Where the worst band begins."""
WEIGHT_MOST = 200
"""A weight counts points twice at most."""
Percent = Annotated[int, Field(ge=0, le=WEIGHT_MOST)]
CapPoints = Annotated[int, Field(ge=1, le=255)]


def term_days(months: int) -> int:
    """Return a term of months as days: twelve months are 365.25 days, rounded."""
    return round(months * 365.25 / 12)


class Period(FileModel):
    """Dates from and until which something holds, both included; an open end is left out."""

    from_: date | None = Field(default=None, alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _runs_forward(self) -> Period:
        if self.from_ and self.until and self.from_ > self.until:
            raise misfit(
                f"holds from {self.from_} until {self.until}: the dates cross", "until", hint="exchange the two dates"
            )
        return self

    def meets(self, other: Period | None) -> bool:
        """Return whether there is a day in both periods."""
        if other is None:
            return True
        starts = [day for day in (self.from_, other.from_) if day]
        ends = [day for day in (self.until, other.until) if day]
        return not starts or not ends or max(starts) <= min(ends)


class Range(CitedValue):
    """A number that is known only to lie between two others; a run takes it to be `assumed`, or else the middle."""

    from_: Points = Field(alias="from", description="Lowest.")
    to: Points = Field(description="Highest.")
    assumed: Points | None = Field(default=None, description="What a run takes; the middle if left out.")
    status: Status = Field(default="assumed", description="Of the range: in force, reported, or assumed.")

    @model_validator(mode="after")
    def _holds_something(self) -> Range:
        low, high = self.from_, self.to
        if low > high:
            raise misfit(f"the range from {low} to {high} is empty", "to", hint=f"from: {high}, to: {low}")
        if low == high:
            raise misfit(f"from {low} to {high} is no range", "to", hint=f"write the number: {low}")
        if self.assumed is not None and not low <= self.assumed <= high:
            raise misfit(f"{self.assumed} is not between {low} and {high}", "assumed")
        return self

    @property
    def value(self) -> int:
        """Return what a run takes."""
        return (self.from_ + self.to) // 2 if self.assumed is None else self.assumed


class WeightRange(Range):
    """A percentage that is known only in a range."""

    from_: Percent = Field(alias="from", description="Lowest.")
    to: Percent = Field(description="Highest.")


class CapRange(Range):
    """The most points, known only in a range."""

    from_: CapPoints = Field(alias="from", description="Lowest.")
    to: CapPoints = Field(description="Highest.")


class Start(CitedValue):
    """The points that everybody starts with."""

    points: Score


class DomainWeight(FileModel):
    """How much a domain counts in the score."""

    weight: Percent | WeightRange = Field(
        description="Percent of the domain's points that count in the score, above 100 more than all; or a range, "
        "where nobody outside knows."
    )
    note: str = ""


class Band(CitedValue):
    """One grade: the lowest score that belongs to it, or null for the lowest band.

    A band `under` another stands just below it and belongs to no score: to those alone whom a rule or the profile puts
    no higher.
    """

    from_: Score | None = Field(
        default=None, alias="from", description="Lowest score of the band; null for the lowest band."
    )
    under: BandName | None = Field(
        default=None,
        description="In place of from, the band just above: only a rule's or a profile's grade gives this one.",
    )
    title: str = ""

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Band:
        told = "from" if "from_" in self.model_fields_set else ""
        if not told and self.under is None:
            raise misfit('"from" is missing', hint="its lowest score; null for the lowest band")
        if told and self.under is not None:
            raise misfit(f"a band under {self.under} belongs to no score", "from", hint="leave from out")
        return self


Tie = Literal[
    "partner", "household", "parent", "friends", "neighbours", "colleagues",
    "owner", "firms", "same-owner", "staff", "employer", "customers", "shops",
]  # fmt: skip


class PassesOn(CitedValue):
    """What others lose for one person's record."""

    to: tuple[Tie, ...] = Field(min_length=1, max_length=13, description="Who, by the tie to the subject.")
    share: int = Field(default=100, ge=1, le=100, description="Percent of the points that each of them loses.")
    held: bool = Field(default=False, description="Whether the list or forced grade is passed on as well.")


class Rule(CitedValue):
    """What one kind of record does."""

    record: Name = Field(description="Kind of the record that the rule is about.")
    sources: tuple[Name, ...] | Literal["all"] = Field(default="all", description="Who must have written the record.")
    title: str = Field(min_length=1)
    domain: Domain
    points: Points | tuple[Points, Points] | Range = Field(
        default=0,
        description=(
            "Points; or lowest and highest, between which an officer chooses; or a range (from, to) in which the "
            "rule's fixed points lie though nobody outside knows where."
        ),
    )
    term_months: Months | None = Field(default=None, description="Months after which the posting ends; null for never.")
    repair_after_months: Months | None = Field(
        default=None, description="Months after which the posting ends for who applies for repair."
    )
    cap: Name | None = Field(default=None, description="Cap under which the points count.")
    grade: BandName | None = Field(default=None, description="Band that nobody can be above while the posting lasts.")
    list_: Name | None = Field(
        default=None, alias="list", description="List on which one stands while the posting lasts."
    )
    when: str | None = Field(
        default=None, description='Condition, such as: amount >= 128 and occupation == "official".'
    )
    valid: Period | None = Field(default=None, description="Dates of records to which the rule applies.")
    passes_on: PassesOn | None = Field(default=None, description="Who else loses; null for nobody.")
    article: str = ""

    @model_validator(mode="after")
    def _low_first(self) -> Rule:
        if isinstance(self.points, tuple) and self.points[0] > self.points[1]:
            low, high = self.points
            raise misfit(f"{low} is above {high}", "points", hint=f"the lowest first: [{high}, {low}]")
        return self

    @property
    def low(self) -> int:
        """Return the fewest points that the rule can post."""
        return self.points[0] if isinstance(self.points, tuple) else _settled(self.points)

    @property
    def high(self) -> int:
        """Return the most points that the rule can post."""
        return self.points[1] if isinstance(self.points, tuple) else _settled(self.points)

    def posted(self, amount: int) -> int:
        """Return the points for a record of some gravity, from 0 to 255, before any cap: the graver, the further."""
        step = amount * (self.high - self.low + 1) // 256
        return self.high - step if self.high <= 0 else self.low + step


class Cap(CitedValue):
    """The most points, up and down together, that rules under it can post to one subject in a calendar year."""

    points: CapPoints | CapRange = Field(description="The most points; or a range, where nobody outside knows.")
    per: Literal["year"]
    title: str = ""

    @property
    def most(self) -> int:
        """Return the most points, as a run takes them."""
        return _settled(self.points)


class ListRule(CitedValue):
    """A register; its entries are rules, and it is left when the posting ends."""

    title: str = Field(min_length=1)
    exit: Literal["term", "performance", "none-declared"] = Field(
        description="How one leaves: at the end of the rule's term, by doing what is owed (or by repair), or never."
    )
    removal_days: int = Field(
        default=0, ge=0, le=365, description="Days from doing what is owed until the entry is taken out."
    )
    grace_days: int = Field(
        default=0, ge=0, le=365, description="Days that a record waits; who does what is owed by then is not listed."
    )
    lock_months: Months | None = Field(
        default=None, description="Months in which nobody is listed again who left by doing what was owed."
    )
    permanent: bool = Field(default=False, description="Says openly that nobody leaves the list.")
    public: bool = Field(default=False, description="Whether all can read who stands on it.")
    article: str = ""


class Decay(CitedValue):
    """Points that return towards the start each month."""

    points_per_month: int = Field(ge=1, le=1000)


class Refusal(FileModel):
    """What closes a door; one of them is enough."""

    score_below: Score | None = None
    grades: tuple[BandName, ...] = ()
    lists: tuple[Name, ...] = ()


class DoorRule(CitedValue):
    """What a scheme does to a door: whom it refuses, and who goes first where places are scarce."""

    refuse: Refusal | None = None
    priority: Literal["score", "grade", "lottery"] | None = None
    article: str = ""


class Profile(CitedValue):
    """Points that go by what a register knows of a person, whatever the person did."""

    subject: Name | None = Field(default=None, description="Class of subjects; the scheme's first if left out.")
    trait: Name = Field(description="A trait that registers know.")
    domain: Domain
    points: dict[str, Points] = Field(
        default_factory=dict, description="Points by level (ages as ranges, such as 18-29); none for a level left out."
    )
    grade: dict[str, BandName] = Field(
        default_factory=dict, description="Band by level that nobody of it can be above; none for a level left out."
    )
    weight: Percent | WeightRange = Field(
        default=100, description="Percent of these points that count; or a range, where nobody outside knows."
    )
    title: str = ""

    @property
    def percent(self) -> int:
        """Return the weight, as a run takes it."""
        return _settled(self.weight)

    def counted(self, points: int) -> int:
        """Return what points of this part count, rounded towards nothing."""
        return int(points * self.percent / 100)


class Inspections(CitedValue):
    """Whom the inspectors look at, by grade; how often they can, the sources say."""

    by_grade: dict[BandName, Annotated[float, Field(ge=0, le=1000)]] = Field(
        description="How often a grade is visited beside the others; 1 for a grade left out."
    )


class Quota(FileModel):
    """Losses that a place has to show in every window; what is missing is made up."""

    per_1000: float = Field(gt=0, le=1000, description="Losses for each 1,000 people scored and month.")
    record: Name = Field(description="Kind of the record that is made up.")
    source: Name = Field(description="Source that it is put down to.")


class Discretion(CitedValue):
    """What officials do with a file beside the rules."""

    share: float = Field(ge=0, le=1, description="How often they step in where they may: 0 rule-bound, 1 arbitrary.")
    friends: str = Field(default="", description='Whom they favour: a condition, such as: occupation == "official".')
    spare: float = Field(default=0.0, ge=0, le=1, description="Share of friends' losses that are never posted.")
    critics: Name | None = Field(default=None, description="List whose members they press.")
    press: int = Field(default=0, ge=0, le=1000, description="Percent by which critics lose more.")
    quota: Quota | None = Field(default=None, description="Losses that each place has to show.")


def _settled(number: int | Range) -> int:
    return number.value if isinstance(number, Range) else number


class Consent(CitedValue):
    """A scheme that scores only who consents."""

    share: float = Field(ge=0, le=1, description="Share of the subjects who consent.")


class SchemeModel(FileModel):
    """A scheme's file."""

    scheme: Name = Field(description="Stable name of the scheme.")
    title: str = Field(min_length=1, description="Name as shown.")
    about: str = Field(default="", description="In plain words: what it is, and what is left out.")
    jurisdiction: str = Field(default="", description="Where it holds.")
    version: str = Field(default="", description="Edition of the rulebook.")
    status: Status = Field(description="Of the scheme as a whole.")
    period: Period | None = Field(default=None, description="Dates from and until which it was in force.")
    references: dict[str, Reference] = Field(default_factory=dict)
    subjects: tuple[Name, ...] = Field(
        default=(CITIZEN,), min_length=1, max_length=8, description="Classes of subjects that are scored."
    )
    start: Start
    floor: Score = Field(default=0, description="Lowest score that is shown.")
    ceiling: Score = Field(description="Highest score that is shown.")
    min_age: int = Field(default=18, ge=18, le=120, description="Age from which citizens are scored.")
    domains: dict[Domain, DomainWeight] = Field(
        default_factory=dict, description="A domain that is left out has weight 100."
    )
    bands: dict[BandName, Band] = Field(default_factory=dict, description="Grades, by their lowest scores.")
    profile: dict[Name, Profile] = Field(
        default_factory=dict, description="Points that go by what registers know, not by what anybody did."
    )
    rules: dict[Name, Rule] = Field(default_factory=dict, description="What records do.")
    caps: dict[Name, Cap] = Field(default_factory=dict, description="The most points a year, by name.")
    lists: dict[Name, ListRule] = Field(default_factory=dict, description="Registers, entered by rules.")
    decay: Decay | None = Field(default=None, description="Return towards the start; not together with terms.")
    doors: dict[Name, DoorRule] = Field(default_factory=dict, description="What the scheme does to doors.")
    context: Context = Field(
        default="listed",
        description=(
            "Which doors are closed: those listed under `doors`; of these, only where the records of the door's own "
            "domain would close it (same-domain); or whatever closes one closes all (everywhere)."
        ),
    )
    consent: Consent | None = Field(default=None, description="Null where nobody is asked.")
    inspections: Inspections | None = Field(default=None, description="Null where grades do not steer inspections.")
    discretion: Discretion | None = Field(default=None, description="Null where officials follow the rules.")
    publish: str = Field(default="", description="What is published, where and for how long.")
    notice: str = Field(default="", description="How and when a subject is told.")
    appeal: str = Field(default="", description="How a subject can object.")

    def subject_of(self, one: Profile) -> str:
        """Return the class of subjects that a part of the profile is about."""
        return one.subject or self.subjects[0]

    def weight(self, domain: Domain) -> int:
        """Return a domain's weight in percent, as a run takes it."""
        return _settled(self.domains[domain].weight) if domain in self.domains else 100

    def bands_upward(self) -> tuple[str, ...]:
        """Return the bands from worst to best; one without a name's meaning where the file has none."""

        def place(name: str) -> tuple[int, bool, str]:
            return self._from(name), self.bands[name].under is None, name

        return tuple(sorted(self.bands, key=place)) or ("all",)

    def thresholds(self) -> tuple[int, ...]:
        """Return the lowest score of each band, worst first; the worst reaches down to -32768.

        A band under another has the other's: the better of two that start alike is what a score gives.
        """
        rising = [self._from(name) for name in self.bands_upward() if name in self.bands]
        return (LOWEST, *rising[1:])

    def band_of(self, score: int) -> str:
        """Return the band of a score."""
        at = max(i for i, least in enumerate(self.thresholds()) if i == 0 or score >= least)
        return self.bands_upward()[at]

    def score_of(self, points: Mapping[Domain, int]) -> int:
        """Return the score of points by domain."""
        total = sum(points.get(domain, 0) * self.weight(domain) for domain in DOMAINS)
        return min(max(self.start.points + total // 100, self.floor), self.ceiling)

    def holds(self) -> tuple[str, ...]:
        """Return the lists and forced grades, sorted by name; then the locks of the lists that have one."""
        forced = {rule.grade for rule in self.rules.values() if rule.grade is not None}
        forced |= {band for one in self.profile.values() for band in one.grade.values()}
        return (*sorted(forced | set(self.lists)), *self.locks().values())

    def locks(self) -> dict[str, str]:
        """Return, by list, the name under which the lock after leaving it is held."""
        return {name: f"{name}-lock" for name in sorted(self.lists) if self.lists[name].lock_months is not None}

    def grace_days(self, kind: str) -> int:
        """Return how long a record of a kind waits before it is posted."""
        listed = (self.lists[r.list_] for r in self.rules.values() if r.record == kind and r.list_ in self.lists)
        return max((one.grace_days for one in listed), default=0)

    def door_rule(self, door: str) -> DoorRule | None:
        """Return what the scheme does to a door; under "everywhere", what it does to any."""
        own = self.doors.get(door)
        if self.context != "everywhere":
            return own
        refusals = [rule.refuse for rule in self.doors.values() if rule.refuse is not None]
        least = [one.score_below for one in refusals if one.score_below is not None]
        refuse = Refusal(
            score_below=max(least, default=None),
            grades=tuple(sorted({grade for one in refusals for grade in one.grades})),
            lists=tuple(sorted({name for one in refusals for name in one.lists})),
        )
        if own is not None:
            return own.model_copy(update={"refuse": refuse})
        return DoorRule(refuse=refuse, status="assumed", note="What closes one door closes every door.")

    def _from(self, band: str) -> int:
        above = self.bands.get(self.bands[band].under or "", self.bands[band])
        return LOWEST if above.from_ is None else above.from_
