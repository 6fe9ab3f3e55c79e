"""What the doors' file cannot say alone: whether its traits are those of the society."""

from __future__ import annotations

from collections.abc import Iterator

from ..columns import Traits
from ..quantities import Trouble, missing_references, unknown_factors
from .types import DoorsModel

__all__ = ["check_doors"]


def check_doors(model: DoorsModel, traits: Traits) -> Iterator[Trouble]:
    """Yield place in the file, message and hint for all that does not hold.

    Parameters
    ----------
    traits : of the society in which people ask.
    """
    yield from missing_references(model, model.references)
    for door, asked in model.requests.items():
        parts = (("rate", asked.rate.by), ("ordinary_refusal", asked.ordinary_refusal.by))
        for part, by in parts:
            for place, message, hint in unknown_factors(by, traits):
                yield ("requests", door, part, "by", *place), message, hint
