"""A compiled scenario: flat tables for the kernels, and the few questions that everybody asks of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import draws
from ..clock import Clock
from ..columns import Names
from ..scheme.expressions import evaluate
from .layout import ADULT, BLOCK, BLOCK_BITS, CELL_MOST
from .measures import Catalogue
from .plain_rules import age_in
from .tables import V_SPREAD, Shared, SideRules

if TYPE_CHECKING:
    from ..scheme.compile import CompiledScheme
    from ..society.people import Society

__all__ = ["Program", "cells_of"]

I64 = npt.NDArray[np.int64]


def cells_of(place_start: I64, citizens: int) -> I64:
    """Cut a society into cells of whole blocks, none of which crosses a place: first citizen, number, place.

    The size depends on the number of citizens alone (never on threads or chunks), since intervals are taken over
    cells: at least some dozens of them, of 64 to 4,096 citizens.
    """
    size = BLOCK
    while size < CELL_MOST and size * 2 * 64 <= citizens:
        size *= 2
    rows: list[tuple[int, int, int]] = []
    for place, (first, end) in enumerate(pairwise(place_start.tolist())):
        rows.extend((at, min(size, end - at), place) for at in range(int(first), int(end), size))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


@dataclass(eq=False)
class Program:
    """A scenario as the engine runs it.

    Attributes
    ----------
    sides : the scheme's side, then the other side of the pair, if there is one.
    cells : int64, shape (cells, 3): first citizen, number of citizens, place.
    limits : most pairs of a kind, most rules of a kind.
    rollout : first window of the schemes in each place; empty where they begin everywhere at once.
    """

    clock: Clock
    names: Names
    society: Society
    shared: Shared
    sides: tuple[SideRules, ...]
    schemes: tuple[CompiledScheme, ...]
    catalogues: tuple[Catalogue, ...]
    pairs: tuple[str, ...]
    scarce_places: dict[int, int]
    cells: I64
    limits: I64
    group_names: tuple[str, ...]
    rollout: tuple[int, ...] = ()

    def with_replicate(self, replicate: int) -> Program:
        """Return the same scenario on other random numbers."""
        return replace(self, shared=self.shared._replace(key1=replicate))

    # -- sizes ----------------------------------------------------------------------------------------------

    @property
    def columns(self) -> int:
        """Return the number of columns of the widest side's tallies."""
        return max(len(catalogue) for catalogue in self.catalogues)

    @property
    def places(self) -> int:
        """Return the number of places."""
        return len(self.society.places)

    @property
    def groups(self) -> int:
        """Return the number of groups."""
        return len(self.group_names)

    @property
    def bins(self) -> int:
        """Return the number of score bins of the side with most."""
        return max((rules.ceiling - rules.floor) // 10 + 1 for rules in self.sides)

    @property
    def years(self) -> int:
        """Return the number of calendar years that the scenario touches."""
        return self.years_elapsed(self.clock.windows - 1) + 1

    @cached_property
    def _expected(self) -> npt.NDArray[np.float64]:
        """Return the mean number of candidates of each stream in the largest cell and the longest window."""
        t = self.shared
        means = np.array([np.sum(1 - self._sums(table) / 2**32) for table in range(len(t.count_start))])
        longest = means.reshape(-1, t.count_tables).max(axis=1)
        expected: npt.NDArray[np.float64] = longest * (float(self.cells[:, 1].max()) / BLOCK)
        return expected

    @property
    def work_size(self) -> int:
        """Return the length of the work arrays to begin with."""
        return int(1.3 * float(self._expected.sum())) + 4096

    @property
    def pool_size(self) -> int:
        """Return the number of waiting events that a cell has room for to begin with."""
        acts = self._expected[: self.shared.acts]
        return int(1.5 * max(float(acts @ rules.kind[:, V_SPREAD]) for rules in self.sides)) + 2048

    # -- time -----------------------------------------------------------------------------------------------

    def years_elapsed(self, window: int) -> int:
        """Return the calendar years from the start to a window."""
        return self.clock.year_of(window) - self.clock.start.year

    def is_new_year(self, window: int) -> bool:
        """Return whether a window is the first of a calendar year that is not the first."""
        return window > 0 and self.clock.year_of(window) != self.clock.year_of(window - 1)

    def months_of(self, window: int) -> tuple[int, ...]:
        """Return the calendar months of a window, 1 to 12; a window may run into the next year."""
        first = self.clock.month_of(window)
        return tuple((first - 1 + later) % 12 + 1 for later in range(self.clock.months))

    def month_mask(self, window: int) -> int:
        """Return the calendar months of a window as bits."""
        return sum(1 << month for month in self.months_of(window))

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({self.clock.days(window) for window in range(self.clock.windows)})

    def table_of(self, window: int) -> int:
        """Return which of the tables of counts a window of this length uses."""
        return self._lengths.index(self.clock.days(window))

    def window_of(self, day: int) -> int:
        """Return the window in which a day falls."""
        return int(self.shared.window_of_day[day])

    def count_sums(self, stream: int, window: int) -> list[int]:
        """Return the cumulative chances of 0, 1, … candidates of a block, in 2³²."""
        return self._sum_lists[stream * self.shared.count_tables + self.table_of(window)]

    @cached_property
    def _sum_lists(self) -> list[list[int]]:
        return [self._sums(table).tolist() for table in range(len(self.shared.count_start))]

    def _sums(self, table: int) -> I64:
        starts = [*self.shared.count_start.tolist(), len(self.shared.count_sum)]
        return self.shared.count_sum[starts[table] : starts[table + 1]]

    # -- people ---------------------------------------------------------------------------------------------

    def traits_of(self, who: int) -> int:
        """Return a citizen's packed traits."""
        return int(self.society.words[who])

    def age(self, traits: int, years: int) -> int:
        """Return an age after `years`."""
        return age_in(self.shared.age_shift, traits, years)

    def is_adult(self, who: int, window: int) -> bool:
        """Return whether a citizen is an adult in a window."""
        return self.age(self.traits_of(who), self.years_elapsed(window)) >= ADULT

    def is_unable(self, traits: int) -> bool:
        """Return whether ability to pay is too small to do what is owed."""
        t = self.shared
        return t.unable_shift >= 0 and (traits >> t.unable_shift) & 3 < t.unable_below

    def consents(self, side: int, who: int) -> bool:
        """Return whether a citizen lets a scheme score them; all do where it does not ask."""
        consent = self.sides[side].consent
        if consent >= 0xFFFFFFFF:
            return True
        word = draws.philox((who, self.shared.consent_id, 0, 0), (self.shared.key0, self.shared.key1))[0]
        return word < consent

    def has_begun(self, who: int, window: int) -> bool:
        """Return whether the schemes have begun where a citizen lives."""
        return not self.rollout or self.rollout[int(self.place_of(who))] <= window

    def is_subject(self, side: int, who: int, window: int) -> bool:
        """Return whether a side's scheme scores a citizen: begun, of age, and willing where it asks."""
        least = max(ADULT, self.sides[side].min_age)
        old_enough = self.age(self.traits_of(who), self.years_elapsed(window)) >= least
        return old_enough and self.has_begun(who, window) and self.consents(side, who)

    def is_aware(self, who: int) -> bool:
        """Return whether a citizen knows of being scored without having been told at a door."""
        t = self.shared
        return t.aware >= 1 << 32 or draws.philox((who, t.aware_id, 0, 0), (t.key0, t.key1))[0] < t.aware

    def favours(self, side: int, traits: int, years: int) -> bool:
        """Return whether officials favour somebody of these traits."""
        tree = self.schemes[side].power.friends_tree
        return tree is not None and bool(evaluate(tree, self.values(traits, years)))

    def group_of(self, who: Any) -> Any:
        """Return the group of a citizen, or of many."""
        words = self.society.words[who].astype(np.int64)
        t = self.shared
        out = np.zeros_like(words)
        for shift, mask, stride in t.group:
            out += ((words >> shift) & mask) * stride
        return out

    def place_of(self, who: Any) -> Any:
        """Return the place of a citizen, or of many."""
        return np.searchsorted(self.society.place_start, who, side="right") - 1

    def cell_of(self, who: Any) -> Any:
        """Return the cell of a citizen, or of many."""
        return self.cell_of_block[np.asarray(who) >> BLOCK_BITS]

    @cached_property
    def cell_of_block(self) -> npt.NDArray[np.int32]:
        """Return the cell of every block of citizens."""
        blocks = -(-self.society.n // BLOCK)
        return (np.searchsorted(self.cells[:, 0], np.arange(blocks) * BLOCK, side="right") - 1).astype(np.int32)

    def adults_of(self, place: int) -> npt.NDArray[np.int32]:
        """Return the adults of a place by number, as at the start."""
        first, end = self.society.place_start[place : place + 2]
        low, high = np.searchsorted(self.shared.adults, [first, end])
        return self.shared.adults[low:high]

    def places_of(self, door: int) -> int:
        """Return the places of a scarce door in a year."""
        return self.scarce_places[door]

    def condition(self, side: int, rule: int, traits: int, years: int, amount: int, late: int, source: int) -> bool:
        """Return whether a rule's condition holds, from the condition as it was parsed."""
        values = self.values(traits, years)
        return self.schemes[side].holds(rule, values, amount=amount, late=late, source=source)

    def values(self, traits: int, years: int) -> dict[str, int]:
        """Return each trait's value after `years`."""
        values = {trait.name: (traits >> trait.shift) & trait.mask for trait in self.names.traits}
        for trait in self.names.traits:
            if trait.ages:
                values[trait.name] = min(values[trait.name] + years, 127)
        return values

    @cached_property
    def digest(self) -> str:
        """Return a digest of every table: two programs with one digest give one result."""
        seen = hashlib.blake2b(digest_size=16)
        for part in (self.shared, *self.sides, self.cells, self.society.words, self.society.place_start):
            _feed(seen, part)
        _feed(seen, sorted(self.scarce_places.items()))
        _feed(seen, self.rollout)
        return seen.hexdigest()


def _feed(seen: Any, part: Any) -> None:
    if isinstance(part, np.ndarray):
        seen.update(f"{part.dtype}{part.shape}".encode())
        seen.update(np.ascontiguousarray(part).data)
    elif isinstance(part, tuple | list):
        for one in part:
            _feed(seen, one)
    else:
        seen.update(repr(part).encode())
