"""The loop over windows: cells on threads, then the barrier."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import BadValue
from .apart import apart, apart_all
from .barrier import Allotment, allot, fabricate, hear, look_ahead, pass_on, sorted_letters
from .ceilings import first_holds
from .layout import BLOCK, CELL_MOST, FULL, SOUGHT
from .program import Program
from .tables import (
    A_FLAGS,
    K_VISITS,
    R_START_RISK,
    R_TRUST_START,
    X_PASSES,
    Drawn,
    Heap,
    Here,
    Pool,
    SideState,
    SideTallies,
    Work,
)
from .trust import begin_harm, foresee_harm
from .victims import find_victims

__all__ = ["Outcome", "SideOutcome", "simulate", "windows"]

I64 = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
MAIL_SIZE = 1 << 17
Chunk = tuple[int, int, int]
"""Side to begin with, first cell, and the one after the last."""


@dataclass
class SideOutcome:
    """What one side of one replicate leaves.

    Attributes
    ----------
    place : int64, shape (windows, rows, columns); rows are the places of citizens, then those of each other class.
    group : int64, shape (years, groups, columns); stocks as they stand at the year's last window.
    cell : int64, shape (cells, columns): totals over the run.
    scores : int64, shape (windows, bins of 10 points); one stretch of bins for each class of subjects.
    letters : for each window, int64 of shape (letters, 3): citizen, day, content.
    news : int64, shape (windows + 1, 4 for each class): what everyone of a class hears, before each window.
    visits : int64, shape (windows + 1, sources, grades + 1 for each class): chance of a visit, before each window
        (2³²).
    harm : int64, shape (windows + 1, places, 2): chance of being harmed (2³²) and the trust that time brings back,
        before each window; one place where no trust is kept.
    """

    place: I64
    group: I64
    cell: I64
    scores: I64
    news: I64
    visits: I64
    harm: I64
    letters: list[I64] = field(default_factory=list)
    allotments: list[Allotment] = field(default_factory=list)
    state: SideState | None = None


@dataclass
class Outcome:
    """What one replicate leaves: one entry for each side."""

    replicate: int
    sides: list[SideOutcome]


def _begin(program: Program, side: int) -> SideState:
    n = len(program.words)
    rules = program.sides[side]
    risk = int(program.shared.respond[R_START_RISK])
    holds, caps = len(rules.hold), len(rules.cap_limit)
    bands, visits = len(rules.band_from), program.shared.keeper[:, K_VISITS]
    tied = n if rules.power[X_PASSES] else 1
    # an array of one is one that is not kept: a society of one citizen keeps two
    kept = max(n, 2)
    return SideState(
        points=np.zeros((n, 4), np.int16),
        wrong=np.zeros(n, np.int16),
        unable=np.zeros(n, np.int16),
        hold=first_holds(program, side),
        hold_why=np.zeros((n, holds), np.uint8),
        cap=np.zeros((n, caps), np.uint8),
        risk=np.full(n, risk, np.uint8),
        stress=np.zeros(n, np.uint8),
        motive=np.full(n, FULL, np.uint8),
        did=np.zeros(kept if (program.shared.act[:, A_FLAGS] & SOUGHT).any() else 1, np.uint8),
        passed=np.zeros(tied, np.int16),
        told=np.zeros(n if program.shared.aware < 1 << 32 else 1, np.uint8),
        trust=np.full(kept if program.trusting else 1, int(program.shared.respond[R_TRUST_START]), np.uint8),
        news=np.full(4 * program.classes, risk, np.int64),
        visit=np.repeat(visits[:, None], program.classes * (bands + 1), axis=1),
        started=np.array([first <= 0 for first in program.rollout] or [True], np.uint8),
        harm=begin_harm(program),
    )


def _pool(cells: int, windows: int, size: int) -> Pool:
    # np.empty: pages that are never touched are never taken from the machine
    return Pool(
        event=np.empty((cells, size), np.int64),
        next=np.empty((cells, size), np.int32),
        head=np.full((cells, windows), -1, np.int32),
        many=np.zeros((cells, windows), np.int32),
        free=np.full(cells, -1, np.int32),
        spare=np.zeros(cells, np.int32),
        top=np.zeros(cells, np.int32),
    )


def _grown(pool: Pool) -> Pool:
    cells, size = pool.event.shape
    used = int(pool.top.max())
    event = np.empty((cells, 2 * size), np.int64)
    following = np.empty((cells, 2 * size), np.int32)
    event[:, :used] = pool.event[:, :used]
    following[:, :used] = pool.next[:, :used]
    return pool._replace(event=event, next=following)


def _heap(days: int, size: int) -> Heap:
    return Heap(
        event=np.empty((days, size * 3 // (2 * days) + 64), np.int64),
        fill=np.empty(days, np.int64),
        start=np.empty(CELL_MOST + 2, np.int64),
    )


def _here(groups: int, acts: int) -> Here:
    return Here(
        group=np.empty(CELL_MOST, np.int32),
        grown=np.empty(CELL_MOST, np.uint8),
        scored=np.empty(CELL_MOST, np.uint8),
        standing=np.empty(CELL_MOST, np.int64),
        lowest=np.empty(CELL_MOST, np.int64),
        grade=np.empty(CELL_MOST, np.int64),
        chance=np.empty(CELL_MOST, np.int64),
        start=np.empty(CELL_MOST + 2, np.int64),
        counts=np.zeros(2 * groups, np.int64),
        calm=np.empty(CELL_MOST, np.uint8),
        simple=np.empty(acts, np.int64),
        quiet=np.empty(acts, np.uint8),
    )


def _two(sides: Sequence[Any]) -> tuple[Any, Any]:
    """Return the two sides' things; a side that is alone stands for both (the kernel does not look at the second)."""
    return sides[0], sides[-1]


def _chunks(cells: int, threads: int, size: int | None) -> list[Chunk]:
    """Cut the cells into chunks, of a size or, for few calls and little to wait for at the end, ever smaller ones.

    Those that threads take next lie far from each other; the last one is taken first.
    """
    each = -(-cells // threads)
    regions = [(first, min(first + each, cells)) for first in range(0, cells, each)]
    cuts = [
        [*range(first, end, size), end] if size else [first + (end - first) * part // 8 for part in (0, 4, 6, 7, 8)]
        for first, end in regions
    ]
    rounds = zip_longest(*(pairwise(cut) for cut in cuts))
    return [(0, *chunk) for turn in rounds for chunk in turn if chunk and chunk[0] < chunk[1]][::-1]


def _frame(tables: Any, fixed: bool = False) -> Any:
    from .frame import Frame

    return Frame(tables, fixed)


def _frames(sides: Sequence[Any], fixed: bool = False) -> tuple[Any, Any]:
    return _two([_frame(side, fixed) for side in sides])


class _Worker:
    """One thread's own counts and work arrays."""

    def __init__(self, program: Program, cell_tallies: list[I64]) -> None:
        self.tallies = [
            SideTallies(
                place=np.zeros((program.rows, program.columns), np.int64),
                group=np.zeros((program.groups, program.columns), np.int64),
                cell=cell,
                scores=np.zeros(program.classes * program.bins, np.int64),
            )
            for cell in cell_tallies
        ]
        self.counts = _frames(self.tallies)
        sides = range(len(cell_tallies))
        self.tally = np.zeros((program.groups, program.columns), np.int64)
        self.mail = [np.empty((MAIL_SIZE, 3), np.int64) for _ in sides]
        self.queue = [np.empty((MAIL_SIZE, 5), np.int64) for _ in sides]
        self.filled = [apart(np.zeros(4, np.int64)) for _ in sides]
        self.letters: list[list[I64]] = [[] for _ in sides]
        self.requests: list[list[I64]] = [[] for _ in sides]
        self.here = _frame(apart_all(_here(program.groups, program.shared.acts)))
        self.digits = apart(np.empty(65, np.int64))
        self.stack = apart(np.zeros(20, np.int64))
        self.program = program
        self.make_room(program.work_size)
        self.make_scratch(4096)

    def make_room(self, size: int) -> None:
        """Take work arrays for cells of up to `size` candidates."""
        program = self.program
        days = max(program.clock.days(window) for window in range(program.clock.windows))
        self.size = size
        narrow, wide = np.empty((5, 2 * size), np.int32), np.empty((5, 2 * size), np.int64)
        self.work = Work(
            counts=np.empty(CELL_MOST // BLOCK + 8, np.int64),
            block=narrow[0],
            half=narrow[1],
            moment=wide[0],
            chance=wide[1],
            room=wide[2],
            trait=wide[3],
            at=narrow[2],
            place=narrow[3],
            day=narrow[4],
            record=wide[4],
            events=_heap(days, size),
        )
        self.drawn = Drawn(
            ordered=np.empty(size, np.int64),
            request=np.empty(size, np.int64),
            door_start=np.empty(program.shared.doors + 1, np.int64),
            open=np.empty(size, np.int64),
            asked=np.empty(size, np.int64),
            quiet=np.empty(size, np.int64),
            quiet_start=np.empty(program.shared.acts + 1, np.int64),
            item=np.empty(size, np.int64),
            more=np.empty((int(program.limits[0]), size), np.int32),
            free=np.empty((program.groups, program.shared.acts), np.int64),
            kept=np.empty(len(program.shared.stream), np.int64),
        )
        self.work, self.drawn = apart_all(self.work), apart_all(self.drawn)
        self.drawing, self.found = _frame(self.work), _frame(self.drawn)

    def make_scratch(self, size: int) -> None:
        """Take scratch for one cell's due events, and for those that follow from others."""
        self.ahead, self.due, self.due_spare = (np.empty(size, np.int64) for _ in range(3))

    def hand_over(self, s: int, most: int = 0) -> None:
        """Put letters and requests aside; make room for `most` of each from one cell."""
        letters, requests = self.filled[s][:2].tolist()
        self.letters[s].append(self.mail[s][:letters].copy())
        self.requests[s].append(self.queue[s][:requests].copy())
        self.filled[s][:] = 0
        if most > len(self.mail[s]):
            self.mail[s] = np.empty((most, 3), np.int64)
            self.queue[s] = np.empty((most, 5), np.int64)


class _Simulation:
    """One replicate being lived."""

    def __init__(self, program: Program, replicate: int, threads: int, chunk: int | None) -> None:
        from . import kernel_cells

        self.kernel: Any = kernel_cells
        self.program = program.with_replicate(replicate)
        self.threads = threads
        cells = len(program.cells)
        self.chunk = chunk
        sides = range(len(program.sides))
        self.states = tuple(_begin(program, s) for s in sides)
        self.shared, self.rules, self.remembered = (
            _frame(self.program.shared, fixed=True),
            _frames(program.sides, fixed=True),
            _frames(self.states),
        )
        windows = program.clock.windows
        self.pools = [_pool(cells, windows, program.pool_size) for _ in sides]
        self.waiting = _frames(self.pools)
        cell_tallies = [np.zeros((cells, program.columns), np.int64) for _ in sides]
        self.workers = [_Worker(program, cell_tallies) for _ in range(threads)]
        self.outcome = Outcome(
            replicate,
            [
                SideOutcome(
                    place=np.zeros((windows, program.rows, program.columns), np.int64),
                    group=np.zeros((program.years, program.groups, program.columns), np.int64),
                    cell=cell_tallies[s],
                    scores=np.zeros((windows, program.classes * program.bins), np.int64),
                    news=np.zeros((windows + 1, 4 * program.classes), np.int64),
                    visits=np.zeros((windows + 1, *self.states[s].visit.shape), np.int64),
                    harm=np.zeros((windows + 1, *self.states[s].harm.shape), np.int64),
                    state=self.states[s],
                )
                for s in sides
            ],
        )

    def run_chunk(self, worker: _Worker, chunk: Chunk, window: int) -> Chunk | None:
        """Live a chunk; return what is left of it where a pool must grow first."""
        program, kernel = self.program, self.kernel
        side, at, to_cell = chunk
        while True:
            at, side, why = kernel.live_cells(
                self.shared, program.words, self.rules, self.remembered, self.waiting,
                worker.counts, len(program.sides), program.cells, side, at, to_cell, window,
                program.table_of(window), program.month_mask(window), program.clock.days(window),
                program.years_elapsed(window), program.is_new_year(window), window == program.clock.windows - 1,
                worker.drawing, worker.found, worker.tally, _two(worker.mail), _two(worker.queue), _two(worker.filled),
                program.limits, worker.here, worker.ahead, worker.due, worker.due_spare, worker.digits,
                worker.stack,
            )  # fmt: skip
            if why == kernel.DONE:
                return None
            if why == kernel.GROW:
                return side, at, to_cell
            if why == kernel.WORK:
                worker.make_room(2 * worker.size)
            elif why == kernel.SCRATCH:
                worker.make_scratch(2 * len(worker.ahead))
            else:
                worker.hand_over(side, self.most_letters(worker, side, at, window))

    def most_letters(self, worker: _Worker, s: int, cell: int, window: int) -> int:
        """Return how many letters one cell can write in a window at the most."""
        pairs, rules = self.program.limits.tolist()
        most = worker.size * pairs
        if self.program.sides[s].power[X_PASSES]:
            most = (most + int(self.pools[s].many[cell, window])) * (1 + rules)
        return int(most)

    def run_chunks(self, worker: _Worker, chunks: list[Chunk], window: int) -> list[Chunk]:
        """Live chunks until none is left; return what could not be lived for want of room in a pool."""
        left: list[Chunk] = []
        while chunks:
            try:
                chunk = chunks.pop()
            except IndexError:  # another thread took the last one
                break
            rest = self.run_chunk(worker, chunk, window)
            if rest:
                left.append(rest)
        return left

    def window(self, window: int, threads: ThreadPoolExecutor | None) -> None:
        cells = len(self.program.cells)
        chunks = _chunks(cells, self.threads, self.chunk)
        while chunks:
            if threads is None:
                left = self.run_chunks(self.workers[0], chunks, window)
            else:
                jobs = [threads.submit(self.run_chunks, w, chunks, window) for w in self.workers]
                left = [chunk for job in jobs for chunk in job.result()]
            for s in {side for side, _, _ in left}:
                self.grow(s)
            chunks = left
        self.barrier(window)

    def grow(self, side: int) -> None:
        """Give one side's events more room to wait in."""
        self.pools[side] = _grown(self.pools[side])
        self.waiting = _frames(self.pools)

    def barrier(self, window: int) -> None:
        program = self.program
        for s, side in enumerate(self.outcome.sides):
            rules, state = program.sides[s], self.states[s]
            side.news[window] = state.news
            side.visits[window] = state.visit
            side.harm[window] = state.harm
            for worker in self.workers:
                worker.hand_over(s)
            first = self.workers[0].tallies[s]
            for worker in self.workers[1:]:
                other = worker.tallies[s]
                for total, part in ((first.place, other.place), (first.group, other.group)):
                    total += part
                    part[:] = 0
                first.scores[:] += other.scores
                other.scores[:] = 0
            written = np.concatenate([part for w in self.workers for part in w.letters[s]])
            made_up = fabricate(program, s, first, window)
            passed = pass_on(program, s, first, find_victims(program, written, window))
            letters = sorted_letters(np.concatenate([passed, made_up]))
            requests = np.concatenate([part for w in self.workers for part in w.requests[s]])
            self.deliver(s, letters, window, first)
            side.letters.append(letters)
            side.allotments += allot(program, s, state, first, requests, window)
            hear(program, rules, state.news, first.place)
            look_ahead(program, s, state, first.place)
            foresee_harm(program, s, state, first.place)
            self.begin_places(state, window + 1)
            self.book(side, s, first, window)
            for worker in self.workers:
                worker.letters[s].clear()
                worker.requests[s].clear()
            side.news[window + 1] = state.news
            side.visits[window + 1] = state.visit
            side.harm[window + 1] = state.harm

    def begin_places(self, state: SideState, window: int) -> None:
        """Let the scheme begin where its time has come."""
        for place, first in enumerate(self.program.rollout):
            state.started[place] = first <= window

    def deliver(self, side: int, letters: I64, window: int, tallies: SideTallies) -> None:
        program, counts = self.program, _frame(tallies)
        while len(letters):
            done = self.kernel.deliver(
                self.shared, program.words, self.rules[side], self.waiting[side], counts,
                program.cells, program.cell_of_block, letters, window,
            )  # fmt: skip
            letters = letters[done:]
            if len(letters):
                self.grow(side)

    def book(self, side: SideOutcome, s: int, tallies: SideTallies, window: int) -> None:
        """Put a window's counts into the tables of the run."""
        flows = self.program.catalogues[s].flows
        side.place[window] = tallies.place
        side.scores[window] = tallies.scores
        year = self.program.years_elapsed(window)
        side.group[year, :, :flows] += tallies.group[:, :flows]
        side.group[year, :, flows:] = tallies.group[:, flows:]
        for counts in (tallies.place, tallies.group, tallies.scores):
            counts[:] = 0


def windows(
    program: Program, replicate: int = 0, *, threads: int | None = None, chunk: int | None = None
) -> Iterator[Outcome]:
    """Live a scenario window by window, on every side; yield what there is after each.

    It is one and the same outcome that grows; the tables of windows to come hold zeros. Parameters and errors are those
    of :func:`simulate`.
    """
    threads = threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else threads or 1
    if threads < 1 or threads > 256:
        raise BadValue(f"threads must be 1 to 256, not {threads}")
    if chunk is not None and chunk < 1:
        raise BadValue(f"a chunk is at least one cell, not {chunk}")
    simulation = _Simulation(program, replicate, min(threads, len(program.cells)), chunk)
    pool = ThreadPoolExecutor(simulation.threads) if simulation.threads > 1 else None
    try:
        for window in range(program.clock.windows):
            simulation.window(window, pool)
            yield simulation.outcome
    finally:
        if pool:
            pool.shutdown(cancel_futures=True)


def simulate(
    program: Program,
    replicate: int = 0,
    *,
    threads: int | None = None,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Live a whole scenario once, on every side.

    Parameters
    ----------
    program : a compiled scenario.
    replicate : part of the key of every draw of the run (not of the society's).
    threads : number of threads; the result is the same for any. Default: one for each core.
    chunk : cells handed to a thread at once; the result is the same for any.
    progress : called after every window with the number done and the number in all.

    Raises
    ------
    BadValue
        Where `threads` or `chunk` is below 1.
    """
    lived = enumerate(windows(program, replicate, threads=threads, chunk=chunk), 1)
    for done, outcome in lived:
        if progress:
            progress(done, program.clock.windows)
        last = outcome
    return last
