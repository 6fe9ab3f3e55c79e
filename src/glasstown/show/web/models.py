"""The forms of what the server is asked and answers, for its OpenAPI description and for the tests."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "About",
    "Check",
    "Checked",
    "Cite",
    "Compared",
    "Document",
    "Edited",
    "Edits",
    "Entry",
    "ErrorBody",
    "Files",
    "Library",
    "LibraryFile",
    "Life",
    "Listed",
    "LiveAsked",
    "LiveTold",
    "Lives",
    "Persecuted",
    "Step",
    "Why",
    "Without",
    "Words",
]  # fmt: skip


class Form(BaseModel):
    """What the server writes: nothing beside what is said here."""

    model_config = ConfigDict(extra="forbid")


class FaultForm(Form):
    """One fault of a file."""

    message: str
    path: str
    line: int
    column: int
    length: int
    hint: str
    file: str


class ErrorTold(Form):
    """What is wrong, why, what to do, and where."""

    what: str
    why: str
    hint: str
    where: str
    faults: list[FaultForm]


class ErrorBody(Form):
    """The body of every answer of status 400 and above."""

    error: ErrorTold


class SchemeCited(Form):
    """One world's scheme, as it is cited."""

    world: str
    name: str
    title: str
    hash: str


class Step(Form):
    """How far something is that takes long."""

    done: int
    of: int


class Cite(Form):
    """How a result is cited."""

    text: str
    version: str
    line: str
    scenario: str = ""
    seed: int = 0
    citizens: int = 0
    years: float = 0
    replicates: int = 0
    tables_hash: str = ""
    schemes: list[SchemeCited] = []
    sources: int = 0


class About(Form):
    """The server: its version, the run that it was opened with, its limits."""

    version: str
    opened: str | None
    limits: dict[str, int]
    defaults: dict[str, Any]


class ChangeTold(Form):
    """One thing that a scenario adds to its files, changes in them, or drops."""

    part: str
    section: str
    key: str
    title: str
    what: Literal["adds", "changes", "drops"]


class Entry(Form):
    """One file of the library."""

    kind: str
    name: str
    title: str
    about: str
    in_force: int
    reported: int
    assumed: int
    references: int
    scenario: dict[str, Any] | None = None
    changes: list[ChangeTold] | None = None
    of: str | None = None


class Library(Form):
    """What the library holds."""

    files: list[Entry]
    cite: Cite


class ValueCited(Form):
    """One cited value of a file, and where it stands."""

    path: str
    status: Literal["in force", "reported", "assumed"]
    source: str
    article: str
    note: str
    line: int
    column: int


class Rests(Form):
    """What a part of a scheme rests on."""

    status: Literal["in force", "reported", "assumed"]
    source: str
    article: str
    note: str


class RuleForm(Rests):
    """One rule: what one kind of record does."""

    name: str
    title: str
    record: str
    record_title: str
    lawful: bool
    sources: list[str] | None
    domain: str
    low: int
    high: int
    term_months: int | None
    repair_after_months: int | None
    cap: str
    list: str
    grade: str
    when: str
    since: str | None = Field(default=None, alias="from")
    until: str | None
    line: int


class DoorRuleForm(Rests):
    """What a scheme does to a door."""

    name: str
    title: str
    domain: str
    score_below: int | None
    grades: list[str]
    lists: list[str]
    priority: str | None
    line: int


class BandForm(Rests):
    """One grade and its lowest score; or the grade just above one that no score gives."""

    name: str
    title: str
    least: int | None = Field(default=None, alias="from")
    under: str = ""


class SchemeForm(Form):
    """A scheme's rules."""

    name: str
    title: str
    about: str
    jurisdiction: str
    status: str
    start: int
    floor: int
    ceiling: int
    min_age: int
    domains: list[dict[str, Any]]
    bands: list[BandForm]
    rules: list[RuleForm]
    doors: list[DoorRuleForm]
    lists: list[dict[str, Any]]
    caps: list[dict[str, Any]]
    documents: dict[str, str]


class LibraryFile(Form):
    """One file of the library, whole."""

    kind: str
    name: str
    title: str
    about: str
    in_force: int
    reported: int
    assumed: int
    text: str
    references: dict[str, dict[str, str]]
    values: list[ValueCited]
    scheme: SchemeForm | None
    scenario: dict[str, Any] | None = None
    changes: list[ChangeTold] | None = None
    of: str | None = None
    cite: Cite


class Words(Form):
    """What a scheme may name in a scenario."""

    acts: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    doors: list[dict[str, Any]]
    traits: list[dict[str, Any]]
    cite: Cite


Text = Annotated[str, Field(max_length=1_000_000)]
LibraryName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=48)]
EditList = Annotated[list[dict[str, Any]], Field(max_length=200)]


class Check(Form):
    """A text to be checked."""

    text: Text
    scenario: LibraryName = "rongcheng"


class Checked(Form):
    """What kind of file a text is, and its faults."""

    kind: str
    holds: bool
    faults: list[FaultForm]


class Edits(Form):
    """Edits of a scheme of the library, or of a scheme's text."""

    scheme: LibraryName = "rongcheng-2016"
    text: Text | None = None
    edits: EditList
    name: LibraryName = "my-change"
    title: Annotated[str, Field(max_length=200)] = ""


class NamedText(Form):
    """A file: its name and its text."""

    name: str
    text: str


class Edited(Form):
    """What the edits make: a patch's file, the scheme's file, and what differs."""

    holds: bool
    faults: list[FaultForm]
    patch: NamedText | None
    edited: NamedText | None
    diff: str | None
    scheme: SchemeForm | None
    cite: Cite


class LiveAsked(Form):
    """What is to be lived."""

    scenario: LibraryName | None = None
    run: Annotated[str, Field(max_length=100)] | None = None
    citizens: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    years: Annotated[int, Field(ge=1, le=100)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    scheme: LibraryName | None = None
    pair: LibraryName | None = None
    edits: EditList = []
    text: Text | None = None
    session: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{0,40}$")] = ""
    dots: bool = False


class LiveTold(Form):
    """How a live run stands."""

    id: str
    status: Literal["waiting", "running", "done", "failed", "cancelled"]
    events: int
    months: int
    error: ErrorTold | None


class RunListed(Form):
    """One stored run."""

    run: str
    title: str
    status: str
    citizens: int
    years: float
    seed: int
    worlds: list[str]
    began: str
    opened: bool
    why: str


class Listed(Form):
    """The stored runs, the newest first."""

    runs: list[RunListed]
    cite: Cite


class Comparison(Form):
    """One world against another."""

    of: str
    against: str | None
    summary: str
    headlines: list[dict[str, Any]]
    balance: dict[str, Any]
    kinds: list[dict[str, Any]]
    doors: list[dict[str, Any]]
    wronged: list[str]
    groups: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    quantiles: list[dict[str, Any]]
    score_end: list[list[int]]


class Compared(Form):
    """Two runs and what differs between their first worlds."""

    a: dict[str, str]
    b: dict[str, str]
    part: Comparison
    cite: Cite


class Why(Form):
    """Why a door opened or stayed shut."""

    model_config = ConfigDict(extra="allow")
    citizen: int
    door: str
    door_title: str
    answer: str
    date: str | None
    verdict: str
    rows: list[list[str]]
    counted: list[dict[str, Any]]
    sums: str
    rests_on: list[str]
    change: list[str]
    requests: list[dict[str, Any]]
    sources: dict[str, str]
    score: int | None
    grade: str | None
    other_world: str | None


class LifeLine(Form):
    """One line of a life."""

    at: int
    date: str
    window: int
    world: str
    what: str
    text: str
    more: list[str]
    score: int | None
    grade: str | None
    record: str | None
    kind: str | None
    facts: dict[str, Any]


class Life(Form):
    """One citizen's life, in two worlds."""

    citizen: int
    picked: str
    person: dict[str, Any]
    since: str = Field(alias="from")
    until: str
    minor: bool
    remarks: list[str]
    worlds: dict[str, str]
    lines: list[LifeLine]
    months: dict[str, list[dict[str, Any] | None]]
    summary: list[dict[str, Any]]
    sources: dict[str, str]
    whys: list[Why]
    cite: Cite


class Lives(Form):
    """A few lives that are worth telling."""

    lives: list[Life]
    cite: Cite


class Without(Form):
    """What would have become of a life without one record."""

    citizen: int
    record: dict[str, str]
    as_it_was: dict[str, Any]
    without: dict[str, Any]
    months: dict[str, list[dict[str, Any] | None]]
    changed: list[dict[str, str]]
    note: str
    cite: Cite


class PersecutedMonth(Form):
    """How both lives stand at a window's end."""

    date: str
    written: int
    score: int | None
    grade: str | None
    score_persecuted: int | None
    grade_persecuted: str | None


class PersecutedRequest(Form):
    """One request at a door, and its answers in both lives."""

    date: str
    window: int
    door: str
    untouched: str | None
    persecuted: str | None
    closed: bool
    records: int


class Mean(Form):
    """One record that an authority can make up."""

    rule: str
    title: str
    record: str
    points: int
    shuts: int
    sources: list[dict[str, str]]


class Persecuted(Form):
    """One life, and the same with records that an authority makes up."""

    citizen: int
    chosen: bool
    place: str
    rule: str
    record: str
    source: str
    every: int
    after: int
    titles: dict[str, str]
    start: int
    bands: list[str]
    records_to_worst: int | None
    records_to_first_door: int | None
    doors: list[dict[str, Any]]
    months: list[PersecutedMonth]
    requests: list[PersecutedRequest]
    means: list[Mean]
    text: str
    cite: Cite


class Month(Form):
    """One world's counts in one window."""

    acts: list[int]
    doors: list[list[int]]
    grades: list[int]
    scores: dict[str, Any]
    places: list[list[int]]
    place_grades: list[list[int]]
    points: dict[str, int]
    records: dict[str, int]
    graded_down_wrongly: int


class Document(Form):
    """A run as one document."""

    format: int
    cite: Cite
    run: str
    title: str
    about: str
    status: str
    citizens: int
    subjects: int
    years: float
    seed: int
    replicates: int
    caveat: str
    warning: str
    axes: dict[str, Any]
    worlds: list[dict[str, Any]]
    town: dict[str, Any]
    months: dict[str, list[Month]]
    parts: list[Comparison]
    sources: list[dict[str, Any]]
    lists: list[dict[str, Any]]
    trust: dict[str, Any] | None
    schemes: dict[str, SchemeForm]
    changes: list[ChangeTold]
    assumed: list[dict[str, Any]]
    references: list[dict[str, str]]
    versions: dict[str, str]
    lives: list[Life]


class Files(Form):
    """The files that were run."""

    files: list[NamedText]
    cite: Cite
