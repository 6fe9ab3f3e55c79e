"""What a conduct's file cannot say alone: whether its traits are those of the society."""

from __future__ import annotations

from collections.abc import Iterator

from ..columns import Names
from ..quantities import Trouble, missing_references, unknown_factors, unknown_subject
from .types import ConductModel

__all__ = ["check_conduct"]


def check_conduct(model: ConductModel, names: Names) -> Iterator[Trouble]:
    """Yield place in the file, message and hint for all that does not hold.

    Parameters
    ----------
    names : of the society in which people act so.
    """
    yield from missing_references(model, model.references)
    for kind, act in model.acts.items():
        if act.subject not in names.subjects:
            yield unknown_subject(("acts", kind, "subject"), act.subject, names)
            continue
        for place, message, hint in unknown_factors(act.rate.by, names.traits_of(act.subject)):
            yield ("acts", kind, "rate", "by", *place), message, hint
        for place, message, hint in unknown_factors(
            act.performs.by if act.performs else {}, names.traits_of(act.subject)
        ):
            yield ("acts", kind, "performs", "by", *place), message, hint
