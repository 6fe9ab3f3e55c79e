"""What the sources' file cannot say alone: whether what is written down is something that people do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..errors import did_you_mean
from ..quantities import Trouble, missing_references
from .types import SourcesModel

__all__ = ["check_sources"]


def check_sources(model: SourcesModel, kinds: Collection[str]) -> Iterator[Trouble]:
    """Yield place in the file, message and hint for all that does not hold.

    Parameters
    ----------
    kinds : act kinds of the conduct whose acts are written down.
    """
    yield from missing_references(model, model.references)
    for name, source in model.keepers.items():
        for kind in source.records:
            if kind not in kinds:
                place = ("keepers", name, "records", kind)
                yield place, f'there is no act kind named "{kind}"', did_you_mean(kind, kinds)
        for kind in source.false_records:
            if kind not in source.records:
                yield (
                    ("keepers", name, "false_records", kind),
                    f'"{name}" does not write down "{kind}", so it cannot write it down falsely',
                    did_you_mean(kind, source.records),
                )
