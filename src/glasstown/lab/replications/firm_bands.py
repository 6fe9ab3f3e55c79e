"""How firms spread over the bands of a rating, with some kinds of act made more or less frequent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING, Any

from ...engine.loop import simulate
from ...engine.scenario import ConductModel, Parts, compiled, load_parts, people_of
from .worlds import stock

if TYPE_CHECKING:
    from ...society.people import Society

__all__ = ["Firms", "nearer_none", "nearer_some"]

MOST_RATE = 400.0


@dataclass(frozen=True)
class Firms:
    """The firms of a scenario of the library, without a pair."""

    parts: Parts
    people: Society

    @classmethod
    def of(cls, scenario: str, citizens: int, years: int, seed: int) -> Firms:
        """Build the firms once; they are lived many times."""
        parts = load_parts(scenario, citizens=citizens, years=years, seed=seed)
        parts = replace(parts, schemes=parts.schemes[:1])
        return cls(parts, people_of(parts))

    def shares(self, factors: Mapping[str, float], windows: Iterable[int]) -> list[dict[str, float]]:
        """Return the share of the firms in each band at the end of some windows, counted from 0.

        Parameters
        ----------
        factors : by kind of act, how many times as often it is done.
        """
        tree: dict[str, Any] = self.parts.conduct.value.model_dump(by_alias=True, exclude_unset=True)
        for kind, factor in factors.items():
            rate = tree["acts"][kind]["rate"]
            rate["per_year"] = min(rate["per_year"] * factor, MOST_RATE)
        conduct = replace(self.parts.conduct, value=ConductModel.model_validate(tree))
        program = compiled(replace(self.parts, conduct=conduct), self.people)
        side = simulate(program).sides[0]
        out = []
        for window in windows:
            graded = stock(program, side, "grade", window=window)
            out.append({band: many / sum(graded.values()) for band, many in graded.items()})
        return out


def nearer_none(factor: float, share: float, target: float) -> float:
    """Return a factor that brings the share of those with no record nearer to a target."""
    return factor * log(target) / log(min(max(share, 1e-4), 0.9999))


def nearer_some(factor: float, share: float, target: float) -> float:
    """Return a factor that brings the share of those with some record nearer to a target."""
    return nearer_none(factor, 1 - share, 1 - target)
