"""Several classes of subjects in one row of numbers: citizens, then companies, doctors, teachers, governments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..columns import Trait, Traits
from ..draws import decision_id
from .layout import BLOCK

if TYPE_CHECKING:
    from ..society.people import Society

__all__ = ["class_table", "group_names", "group_rows", "namesakes", "subject_words"]

I64 = npt.NDArray[np.int64]


def subject_words(society: Society) -> npt.NDArray[np.unsignedinteger]:
    """Return the packed traits of every subject; zero where a number is nobody's."""
    if not society.classes:
        return society.words
    parts = [society.words, *(units.words for units in society.classes)]
    out = np.zeros(society.classes[-1].end, np.result_type(*parts))
    for first, words in zip((0, *(units.first for units in society.classes)), parts, strict=True):
        out[first : first + len(words)] = words
    return out


def _groups(society: Society) -> list[list[Trait]]:
    """Return the traits of each class's groups, citizens first."""
    told: Iterable[tuple[Traits, tuple[str, ...]]] = (
        (society.traits, society.groups),
        *((units.traits, units.groups) for units in society.classes),
    )
    return [[traits[name] for name in names] for traits, names in told]


def _levels(traits: list[Trait]) -> list[str]:
    out = [""]
    for trait in traits:
        out = [f"{group}/{level}" if group else level for level in trait.levels for group in out]
    return out


def group_names(society: Society) -> tuple[str, ...]:
    """Return the names of all groups: those of citizens by their levels, others under the name of their class."""
    first, *others = _groups(society)
    out = _levels(first) if first else ["all"]
    for units, traits in zip(society.classes, others, strict=True):
        out += [f"{units.name}: {group}" if group else units.name for group in _levels(traits)]
    return tuple(out)


def group_rows(society: Society) -> I64:
    """Return shift, mask and stride of each trait of the groups, class by class."""
    rows: list[tuple[int, int, int]] = []
    for traits in _groups(society):
        stride = 1
        for trait in traits:
            rows.append((trait.shift, trait.mask, stride))
            stride *= len(trait.levels)
    return np.array(rows, np.int64).reshape(-1, 3)


def class_table(society: Society, adults: int) -> I64:
    """Return for each class, and once more for the end: first subject, group, trait of its groups, namesake, salt."""
    groups = _groups(society)
    first = [0, *(units.first for units in society.classes)]
    first.append(society.classes[-1].end if society.classes else -(-society.n // BLOCK) * BLOCK)
    many = [max(1, len(_levels(traits))) for traits in groups]
    members = [adults, *(units.n for units in society.classes)]
    salts = [0, *(decision_id(f"class/{units.name}") for units in society.classes), 0]
    ends = (np.cumsum([0, *counts]) for counts in (many, [len(traits) for traits in groups], members))
    return np.ascontiguousarray(np.stack([np.array(first, np.int64), *ends, np.array(salts)], axis=1)).astype(np.int64)


def namesakes(society: Society, adults: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """Return everybody into whose file a record may be put by mistake, class by class."""
    if not society.classes:
        return adults
    return np.concatenate([adults, *(units.numbers.astype(np.int32) for units in society.classes)])
