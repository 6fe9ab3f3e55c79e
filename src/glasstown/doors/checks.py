"""What the doors' file cannot say alone: whether its traits are those of the society."""

from __future__ import annotations

from collections.abc import Iterator

from ..columns import CITIZEN, Names
from ..quantities import Trouble, missing_references, unknown_factors, unknown_subject
from .types import DoorsModel

__all__ = ["check_doors"]


def check_doors(model: DoorsModel, names: Names) -> Iterator[Trouble]:
    """Yield place in the file, message and hint for all that does not hold.

    Parameters
    ----------
    names : of the society in which people ask.
    """
    yield from missing_references(model, model.references)
    for door, asked in model.requests.items():
        if asked.subject not in names.subjects:
            yield unknown_subject(("requests", door, "subject"), asked.subject, names)
            continue
        if asked.subject != CITIZEN and asked.asks_for == "child":
            yield ("requests", door, "for"), f"a {asked.subject} has no child to ask for", "leave it out"
        parts = (("rate", asked.rate.by), ("ordinary_refusal", asked.ordinary_refusal.by))
        for part, by in parts:
            for place, message, hint in unknown_factors(by, names.traits_of(asked.subject)):
                yield ("requests", door, part, "by", *place), message, hint
