"""Forms of the answers about what was published, beside what comes out here."""

from __future__ import annotations

from typing import Literal

from .models import Cite, Form

__all__ = ["Published", "Replications"]


class Known(Form):
    """One replication that there is; one that is not seeded is reckoned once, and takes neither people nor seeds."""

    name: str
    title: str
    seeded: bool


class Sizes(Form):
    """How many citizens may be lived under each seed, and how many seeds are those of the published table."""

    fewest: int
    usual: int
    most: int
    seeds: int


class Replications(Form):
    """The replications that there are, and what their words mean."""

    replications: list[Known]
    citizens: Sizes
    how: dict[str, str]
    cite: Cite


class Figures(Form):
    """Both figures of a line, where both are numbers in one unit."""

    published: float
    ours: float
    unit: str


class Line(Form):
    """One line of the table."""

    what: str
    published: str
    ours: str
    far: str
    verdict: Literal["agrees", "misses", "unsure", "–"]
    how: str
    source: str
    seeds: str
    worth: Literal["tested", "reckoned", "fitted", "alone"]
    figures: Figures | None


class Published(Form):
    """What was published beside what comes out here."""

    name: str
    title: str
    about: str
    citizens: int | None
    seeds: int | None
    rows: list[Line]
    notes: list[str]
    how: dict[str, str]
    cite: Cite
