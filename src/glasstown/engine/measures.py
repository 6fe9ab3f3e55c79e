"""The measures that a run counts, and where each stands in a row of tallies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["MEASURES", "STOCKS", "Catalogue"]

DOMAINS = ("political", "commercial", "social", "legal")

MEASURES: tuple[tuple[str, str], ...] = (
    ("acts", "kinds"),
    ("acts_unable", "kinds"),
    ("records", "pairs"),
    ("records_wrong_person", "pairs"),
    ("records_false", "pairs"),
    ("mail_sent", "one"),
    ("mail_received", "one"),
    ("noticed", "sources"),
    ("objected", "sources"),
    ("corrected", "sources"),
    ("stale", "sources"),
    ("posted", "rules"),
    ("points_lost", "domains"),
    ("points_gained", "domains"),
    ("points_returned", "domains"),
    ("points_lost_wrongly", "domains"),
    ("points_lost_unable", "domains"),
    ("points_lost_passed_on", "domains"),
    ("points_spared", "domains"),
    ("points_pressed", "domains"),
    ("edits", "one"),
    ("fabricated", "one"),
    ("visits", "sources"),
    ("requests", "doors"),
    ("granted", "doors"),
    ("refused_ordinary", "doors"),
    ("refused_score", "doors"),
    ("refused_grade", "doors"),
    ("refused_list", "doors"),
    ("refused_scarce", "doors"),
    ("refused_wrongly", "doors"),
    ("refused_unable", "doors"),
    ("refused_out_of_context", "doors"),
    ("refused_passed_on", "doors"),
    ("watched_acts", "domains"),
    ("caught", "domains"),
    ("entered", "holds"),
    ("entered_wrongly", "holds"),
    ("entered_unable", "holds"),
    ("left", "holds"),
    ("left_by_performing", "holds"),
    ("spared_by_grace", "holds"),
    ("harmed", "trust"),
    ("grade", "bands"),
    ("graded_down_wrongly", "one"),
    ("stress", "one"),
    ("held", "holds"),
    ("grade_of_doers", "bands"),
    ("trust", "trust"),
    ("trust_counted", "trust"),
)
"""Every measure and what its items are; the order is the order of columns. ``trust``: one, where trust is kept."""

(
    M_ACTS,
    M_ACTS_UNABLE,
    M_RECORDS,
    M_WRONG_PERSON,
    M_FALSE,
    M_SENT,
    M_RECEIVED,
    M_NOTICED,
    M_OBJECTED,
    M_CORRECTED,
    M_STALE,
    M_POSTED,
    M_LOST,
    M_GAINED,
    M_RETURNED,
    M_LOST_WRONGLY,
    M_LOST_UNABLE,
    M_LOST_PASSED,
    M_SPARED,
    M_PRESSED,
    M_EDITS,
    M_FABRICATED,
    M_VISITS,
    M_REQUESTS,
    M_GRANTED,
    M_ORDINARY,
    M_SCORE,
    M_GRADE_REFUSED,
    M_LIST,
    M_SCARCE,
    M_WRONGLY,
    M_UNABLE,
    M_CONTEXT,
    M_PASSED_ON,
    M_WATCHED,
    M_CAUGHT,
    M_ENTERED,
    M_ENTERED_WRONGLY,
    M_ENTERED_UNABLE,
    M_LEFT,
    M_PERFORMED,
    M_GRACE,
    M_HARMED,
    M_GRADE,
    M_GRADED_DOWN,
    M_STRESS,
    M_HELD,
    M_DOERS,
    M_TRUST,
    M_TRUST_COUNTED,
) = range(len(MEASURES))

STOCKS = ("grade", "graded_down_wrongly", "stress", "held", "grade_of_doers", "trust", "trust_counted")
"""Measures that are counted as they stand at a window's end, not as they flow."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The columns of one side's tallies: a measure and an item each."""

    columns: tuple[tuple[str, str], ...]
    base: npt.NDArray[np.int64]

    @classmethod
    def of(
        cls,
        *,
        kinds: Sequence[str],
        sources: Sequence[str],
        pairs: Sequence[str],
        rules: Sequence[str],
        doors: Sequence[str],
        bands: Sequence[str],
        holds: Sequence[str],
        trusting: bool = False,
    ) -> Catalogue:
        """Lay out the columns for one side."""
        items = {
            "kinds": kinds,
            "sources": sources,
            "pairs": pairs,
            "rules": rules,
            "doors": doors,
            "bands": bands,
            "holds": holds,
            "domains": DOMAINS,
            "one": ("-",),
            "trust": ("-",) if trusting else (),
        }
        columns: list[tuple[str, str]] = []
        base = []
        for measure, over in MEASURES:
            base.append(len(columns))
            columns.extend((measure, item) for item in items[over])
        return cls(tuple(columns), np.array([*base, len(columns)], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.columns)

    def by_item(self, measure: str, counts: npt.NDArray[np.int64]) -> dict[str, int]:
        """Return one measure's counts of a row of tallies, by item."""
        at = [name for name, _ in MEASURES].index(measure)
        return {self.columns[c][1]: int(counts[c]) for c in range(int(self.base[at]), int(self.base[at + 1]))}

    @property
    def flows(self) -> int:
        """Return the number of columns that are flows; stocks come after them."""
        return int(self.base[M_GRADE])
