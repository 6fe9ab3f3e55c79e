"""A compiled scenario: flat tables for the kernels, and the few questions that everybody asks of them."""

from __future__ import annotations

import bisect
import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import draws
from ..clock import Clock
from ..columns import CITIZEN, Names
from ..scheme.expressions import evaluate
from .layout import ADULT, BLOCK, BLOCK_BITS, CELL_MOST
from .measures import Catalogue
from .plain_rules import age_in
from .tables import (
    A_ABLE,
    C_CLASS,
    C_COUNT,
    C_FIRST,
    C_PLACE,
    N_FIRST,
    N_GROUP,
    N_GROUP_TRAIT,
    N_SALT,
    R_TRUSTING,
    V_SPREAD,
    Shared,
    SideRules,
)
from .work import employers, those_of

if TYPE_CHECKING:
    from ..scheme.compile import CompiledScheme
    from ..society.people import Society

__all__ = ["Program", "cells_of"]

I64 = npt.NDArray[np.int64]


def cells_of(society: Society) -> I64:
    """Cut a society into cells of whole blocks, none of which crosses a place or a class of subjects.

    The size depends on the number of each class alone (never on threads or chunks), since intervals are taken over
    cells: at least some dozens of them, of 64 to 4,096 citizens.

    Returns
    -------
    I64
        First subject, number of subjects, place and class of each cell.
    """
    rows = _cells_in(society.place_start[:-1], np.diff(society.place_start), society.n, 0)
    for at, units in enumerate(society.classes, 1):
        rows += _cells_in(units.place_first + units.first, units.place_count, units.n, at)
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def _cells_in(first: I64, count: I64, subjects: int, at: int) -> list[tuple[int, int, int, int]]:
    size = BLOCK
    while size < CELL_MOST and size * 2 * 64 <= subjects:
        size *= 2
    return [
        (begin, min(size, start + many - begin), place, at)
        for place, (start, many) in enumerate(zip(first.tolist(), count.tolist(), strict=True))
        for begin in range(start, start + many, size)
    ]


@dataclass(eq=False)
class Program:
    """A scenario as the engine runs it.

    Attributes
    ----------
    sides : the scheme's side, then the other side of the pair, if there is one.
    cells : int64, shape (cells, 4): first subject, number of subjects, place, class.
    words : packed traits of every subject: citizens, then the other classes.
    limits : most pairs of a kind, most rules of a kind.
    rollout : first window of the schemes in each place; empty where they begin everywhere at once.
    """

    clock: Clock
    names: Names
    society: Society
    words: npt.NDArray[np.unsignedinteger]
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

    @property
    def trusting(self) -> bool:
        """Return whether trust is kept person by person."""
        return bool(self.shared.respond[R_TRUSTING])

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
    def classes(self) -> int:
        """Return the number of classes of subjects."""
        return 1 + len(self.society.classes)

    @property
    def rows(self) -> int:
        """Return the number of rows of tallies by place: the places of citizens, then those of each other class."""
        return self.classes * self.places

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
        expected: npt.NDArray[np.float64] = longest * (float(self.cells[:, C_COUNT].max()) / BLOCK)
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

    @cached_property
    def everyone(self) -> I64:
        """Return the number of every subject."""
        parts = [np.arange(first, first + many) for first, many in self.cells[:, [C_FIRST, C_COUNT]].tolist()]
        out: I64 = np.concatenate(parts)
        return out

    def exists(self, who: int) -> bool:
        """Return whether a subject has this number: between two classes or places some are nobody's."""
        if not 0 <= who < len(self.words):
            return False
        _, first, end = self.span_of(who >> BLOCK_BITS)
        return first <= who < end

    def class_of(self, who: int) -> int:
        """Return the class of a subject: 0 for citizens."""
        return bisect.bisect_right(self._firsts, who) - 1

    def span_of(self, block: int) -> tuple[int, int, int]:
        """Return the class of a block's subjects, and the first and one past the last number of their cell."""
        first, count, _, subject = self.cells[self.cell_of_block[block]].tolist()
        return subject, first, first + count

    @cached_property
    def _firsts(self) -> list[int]:
        firsts: list[int] = self.shared.classes[:-1, N_FIRST].tolist()
        return firsts

    def subject_of(self, who: int) -> str:
        """Return the name of a subject's class."""
        return self.names.subjects[self.class_of(who)]

    def own_number(self, who: int) -> int:
        """Return a subject's number within its class, by which everything that is drawn for it is named."""
        return who - self._firsts[self.class_of(who)]

    def salt_of(self, who: int) -> int:
        """Return the number of a class's name, for draws that all classes share."""
        return int(self.shared.classes[self.class_of(who), N_SALT])

    def traits_of(self, who: int) -> int:
        """Return a subject's packed traits."""
        return int(self.words[who])

    def age(self, who: int, years: int) -> int:
        """Return a citizen's age after `years`; whoever is no citizen is as an adult."""
        if self.class_of(who) > 0:
            return ADULT
        return age_in(self.shared.age_shift, self.traits_of(who), years)

    def is_adult(self, who: int, window: int) -> bool:
        """Return whether a subject is an adult in a window."""
        return self.age(who, self.years_elapsed(window)) >= ADULT

    def is_unable(self, kind: int, traits: int) -> bool:
        """Return whether a doer's ability to pay is too small to do what is owed."""
        able = int(self.shared.act[kind, A_ABLE])
        return able >= 0 and (traits >> able) & 3 < self.shared.unable_below

    def consents(self, side: int, who: int) -> bool:
        """Return whether a subject lets a scheme score it; all do where it does not ask."""
        consent = self.sides[side].consent
        if consent >= 0xFFFFFFFF:
            return True
        t = self.shared
        word = draws.philox((self.own_number(who), t.consent_id, 0, self.salt_of(who)), (t.key0, t.key1))[0]
        return word < consent

    def has_begun(self, who: int, window: int) -> bool:
        """Return whether the schemes have begun where a subject is."""
        return not self.rollout or self.rollout[int(self.place_of(who))] <= window

    def is_subject(self, side: int, who: int, window: int) -> bool:
        """Return whether a side's scheme scores somebody: of its classes, begun, of age, and willing where it asks."""
        rules, at = self.sides[side], self.class_of(who)
        if not (rules.subjects >> at) & 1:
            return False
        old_enough = at > 0 or self.age(who, self.years_elapsed(window)) >= max(ADULT, rules.min_age)
        return old_enough and self.has_begun(who, window) and self.consents(side, who)

    def is_aware(self, who: int) -> bool:
        """Return whether a subject knows of being scored without having been told at a door."""
        t = self.shared
        if t.aware >= 1 << 32:
            return True
        return draws.philox((self.own_number(who), t.aware_id, 0, self.salt_of(who)), (t.key0, t.key1))[0] < t.aware

    def favours(self, side: int, who: int, years: int) -> bool:
        """Return whether officials favour somebody; no unit of another class is anybody's friend."""
        tree = self.schemes[side].power.friends_tree
        if tree is None or self.class_of(who) > 0:
            return False
        return bool(evaluate(tree, self.values(CITIZEN, self.traits_of(who), years)))

    def group_of(self, who: Any) -> Any:
        """Return the group of a subject, or of many."""
        t = self.shared
        words, at = self.words[who].astype(np.int64), self.cells[self.cell_of(who), C_CLASS]
        out = np.zeros_like(words)
        for c in range(self.classes):
            group = np.full_like(words, t.classes[c, N_GROUP])
            for shift, mask, stride in t.group[t.classes[c, N_GROUP_TRAIT] : t.classes[c + 1, N_GROUP_TRAIT]]:
                group += ((words >> shift) & mask) * stride
            out = np.where(at == c, group, out)
        return out

    def place_of(self, who: Any) -> Any:
        """Return the place of a subject, or of many."""
        return self.cells[self.cell_of(who), C_PLACE]

    def row_of(self, who: Any) -> Any:
        """Return the row of a subject, or of many, in the tallies by place."""
        cell = self.cell_of(who)
        return self.cells[cell, C_CLASS] * self.places + self.cells[cell, C_PLACE]

    def cell_of(self, who: Any) -> Any:
        """Return the cell of a subject, or of many."""
        return self.cell_of_block[np.asarray(who) >> BLOCK_BITS]

    @cached_property
    def cell_of_block(self) -> npt.NDArray[np.int32]:
        """Return the cell of every block of subjects."""
        blocks = -(-len(self.words) // BLOCK)
        return (np.searchsorted(self.cells[:, C_FIRST], np.arange(blocks) * BLOCK, side="right") - 1).astype(np.int32)

    def adults_of(self, place: int) -> npt.NDArray[np.int32]:
        """Return the adults of a place by number, as at the start."""
        first, end = self.society.place_start[place : place + 2]
        low, high = np.searchsorted(self.shared.adults, [first, end])
        return self.shared.adults[low:high]

    @cached_property
    def owner_of(self) -> npt.NDArray[np.int32]:
        """Return the citizen who owns each subject; -1 for none."""
        out = np.full(len(self.words), -1, np.int32)
        for units in self.society.classes:
            out[units.first : units.end] = units.owner
        return out

    @cached_property
    def firms_of(self) -> tuple[I64, I64]:
        """Return what each citizen owns: subjects ``firm[start[c]:start[c + 1]]``, by number."""
        return those_of(self.owner_of, len(self.words))

    @cached_property
    def employer_of(self) -> npt.NDArray[np.int32]:
        """Return for whom each subject works; -1 for nobody."""
        return employers(self)

    @cached_property
    def staff_of(self) -> tuple[I64, I64]:
        """Return who works for each subject: citizens ``worker[start[s]:start[s + 1]]``, by number."""
        return those_of(self.employer_of, len(self.words))

    def places_of(self, door: int) -> int:
        """Return the places of a scarce door in a year."""
        return self.scarce_places[door]

    def condition(self, side: int, rule: int, traits: int, years: int, amount: int, late: int, source: int) -> bool:
        """Return whether a rule's condition holds, from the condition as it was parsed."""
        kind = int(np.searchsorted(self.sides[side].rule_start, rule, side="right")) - 1
        values = self.values(self.names.subject(self.names.kinds[kind]), traits, years)
        return self.schemes[side].holds(rule, values, amount=amount, late=late, source=source)

    def values(self, subject: str, traits: int, years: int) -> dict[str, int]:
        """Return each trait's value after `years`; `subject` is the class."""
        known = self.names.traits_of(subject)
        values = {trait.name: (traits >> trait.shift) & trait.mask for trait in known}
        for trait in known:
            if trait.ages:
                values[trait.name] = min(values[trait.name] + years, 127)
        return values

    @cached_property
    def digest(self) -> str:
        """Return a digest of every table: two programs with one digest give one result."""
        seen = hashlib.blake2b(digest_size=16)
        for part in (self.shared, *self.sides, self.cells, self.words, self.society.place_start):
            _feed(seen, part)
        _feed(seen, sorted(self.scarce_places.items()))
        _feed(seen, self.rollout)
        _feed(seen, [scheme.ceilings for scheme in self.schemes if scheme.ceilings])
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
