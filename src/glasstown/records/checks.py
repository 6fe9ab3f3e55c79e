"""What the sources' file cannot say alone: whether what is written down is something that people do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..columns import Names, Traits
from ..errors import UnknownName, did_you_mean
from ..quantities import Trouble, ceiling, missing_references, unknown_factors
from .types import Coverage, SourcesModel

__all__ = ["check_sources"]


def check_sources(model: SourcesModel, kinds: Collection[str], names: Names) -> Iterator[Trouble]:
    """Yield place in the file, message and hint for all that does not hold.

    Parameters
    ----------
    kinds : act kinds of the conduct whose acts are written down.
    names : of the society whose people are seen, and of who does what.
    """
    yield from missing_references(model, model.references)
    for name, source in model.keepers.items():
        if source.visits is not None and source.visits.per_1000.value == 0:
            yield (
                ("keepers", name, "visits", "per_1000", "value"),
                "inspections without a budget: nobody is ever visited",
                "more than 0, or leave the source out",
            )
        for kind, recorded in source.records.items():
            if kind not in kinds:
                error = UnknownName("act kind", kind, kinds)
                yield ("keepers", name, "records", kind), error.message, error.hint
                continue
            covered = ("keepers", name, "records", kind, "coverage")
            for where, message, hint in _coverage(recorded.coverage, names.traits_of(names.subject(kind))):
                yield (*covered, *where), message, hint
        for kind, false in source.false_records.items():
            if kind not in kinds and kind in source.records:
                continue  # said above
            for where, message, hint in unknown_factors(false.by, names.traits_of(names.subject(kind))):
                yield ("keepers", name, "false_records", kind, "by", *where), message, hint
            if kind not in source.records:
                yield (
                    ("keepers", name, "false_records", kind),
                    f'"{name}" does not write down "{kind}", so it cannot write it down falsely',
                    did_you_mean(kind, source.records),
                )


def _coverage(coverage: Coverage, traits: Traits) -> Iterator[Trouble]:
    """Yield what is wrong with a coverage: unknown traits, or somebody who is seen more than always."""
    wrong = list(unknown_factors(coverage.by, traits))
    for place, message, hint in wrong:
        yield ("by", *place), message, hint
    if not wrong and (most := coverage.value * ceiling(coverage.by, traits)) > 1:
        yield (
            ("by",),
            f"the share is {most:.3g} for some people; no more than all acts can be seen",
            "lower a multiplier",
        )
