"""The loop over windows: cells on threads, then the barrier."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import BadValue
from . import cache
from .barrier import Allotment, allot, hear, sorted_letters
from .layout import FULL
from .program import Program
from .tables import R_START_RISK, Pool, SideState, SideTallies

__all__ = ["Outcome", "SideOutcome", "simulate", "warm_up"]

I64 = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
MAIL_SIZE = 1 << 17
QUEUE_SIZE = 1 << 17


@dataclass
class SideOutcome:
    """What one side of one replicate leaves.

    Attributes
    ----------
    place : int64, shape (windows, places, columns).
    group : int64, shape (years, groups, columns); stocks as they stand at the year's last window.
    cell : int64, shape (cells, columns): totals over the run.
    scores : int64, shape (windows, bins of 10 points).
    letters : for each window, int64 of shape (letters, 3): citizen, day, content.
    news : int64, shape (windows + 1, 4): what everyone hears, before each window.
    """

    place: I64
    group: I64
    cell: I64
    scores: I64
    news: I64
    letters: list[I64] = field(default_factory=list)
    allotments: list[Allotment] = field(default_factory=list)
    state: SideState | None = None


@dataclass
class Outcome:
    """What one replicate leaves: one entry for each side."""

    replicate: int
    sides: list[SideOutcome]


def warm_up() -> None:
    """Import the kernels from their cache folder (compiling them happens at the first call)."""
    cache.prepare()
    from . import kernel_cells  # noqa: F401


def _begin(program: Program, side: int) -> SideState:
    n = program.society.n
    rules = program.sides[side]
    risk = int(program.shared.respond[R_START_RISK])
    holds, caps = len(rules.hold_grade), len(rules.cap_limit)
    return SideState(
        points=np.zeros((n, 4), np.int16),
        wrong=np.zeros(n, np.int16),
        unable=np.zeros(n, np.int16),
        hold=np.zeros((n, holds), np.uint8),
        hold_wrong=np.zeros((n, holds), np.uint8),
        cap=np.zeros((n, caps), np.uint8),
        risk=np.full(n, risk, np.uint8),
        stress=np.zeros(n, np.uint8),
        motive=np.full(n, FULL, np.uint8),
        news=np.full(4, risk, np.int64),
    )


def _pool(cells: int, windows: int, size: int) -> Pool:
    # np.empty: pages that are never touched are never taken from the machine
    return Pool(
        event=np.empty((cells, size), np.int64),
        next=np.empty((cells, size), np.int32),
        head=np.full((cells, windows), -1, np.int32),
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


class _Worker:
    """One thread's own counts and work arrays."""

    def __init__(self, program: Program) -> None:
        self.tallies = tuple(
            SideTallies(
                place=np.zeros((program.places, columns), np.int64),
                group=np.zeros((program.groups, columns), np.int64),
                cell=program_cell,
                scores=np.zeros(program.bins, np.int64),
            )
            for columns, program_cell in zip(
                [program.columns] * len(program.sides), program.cell_tallies, strict=True
            )
        )
        sides = len(program.sides)
        self.work = np.empty((7, program.work_size), np.int64)
        self.tally = np.zeros((sides, program.groups, program.columns), np.int64)
        self.mail = np.empty((sides, MAIL_SIZE, 3), np.int64)
        self.mails = np.zeros(sides, np.int64)
        self.queue = np.empty((sides, QUEUE_SIZE, 5), np.int64)
        self.queued = np.zeros(sides, np.int64)
        self.letters: list[list[I64]] = [[] for _ in range(sides)]
        self.requests: list[list[I64]] = [[] for _ in range(sides)]

    def hand_over(self) -> None:
        for s in range(len(self.mails)):
            self.letters[s].append(self.mail[s, : self.mails[s]].copy())
            self.requests[s].append(self.queue[s, : self.queued[s]].copy())
        self.mails[:] = 0
        self.queued[:] = 0


class _Simulation:
    """One replicate being lived."""

    def __init__(self, program: Program, replicate: int, threads: int, chunk: int | None) -> None:
        from . import kernel_cells

        self.kernel: Any = kernel_cells
        self.program = program.with_replicate(replicate)
        self.threads = threads
        cells = len(program.cells)
        self.chunk = chunk or max(1, -(-cells // (4 * threads)))
        sides = range(len(program.sides))
        self.states = tuple(_begin(program, s) for s in sides)
        windows = program.clock.windows
        self.pools = [_pool(cells, windows, program.pool_size) for _ in sides]
        program.cell_tallies = [np.zeros((cells, program.columns), np.int64) for _ in sides]
        self.workers = [_Worker(program) for _ in range(threads)]
        self.outcome = Outcome(
            replicate,
            [
                SideOutcome(
                    place=np.zeros((windows, program.places, program.columns), np.int64),
                    group=np.zeros((program.years, program.groups, program.columns), np.int64),
                    cell=program.cell_tallies[s],
                    scores=np.zeros((windows, program.bins), np.int64),
                    news=np.zeros((windows + 1, 4), np.int64),
                    state=self.states[s],
                )
                for s in sides
            ],
        )

    def run_chunk(self, worker: _Worker, from_cell: int, to_cell: int, window: int) -> None:
        program, kernel = self.program, self.kernel
        at = from_cell
        while True:
            at, why = kernel.run_cells(
                program.shared, program.society.words, program.sides, self.states, tuple(self.pools),
                worker.tallies, program.cells, at, to_cell, window, program.table_of(window),
                program.month_mask(window), program.clock.days(window), program.years_elapsed(window),
                program.is_new_year(window), window == program.clock.windows - 1, worker.work, worker.tally,
                worker.mail, worker.mails, worker.queue, worker.queued, program.limits,
            )  # fmt: skip
            if why == kernel.DONE:
                return
            if why == kernel.GROW:
                raise _PoolFull(at)
            if why == kernel.ROOM:
                worker.hand_over()
                self._room(worker)
            else:
                worker.work = np.empty((7, 2 * worker.work.shape[1]), np.int64)

    def _room(self, worker: _Worker) -> None:
        most = worker.work.shape[1] * max(1, int(self.program.limits[0]))
        if worker.mail.shape[1] < most:
            sides = len(worker.mails)
            worker.mail = np.empty((sides, 2 * most, 3), np.int64)
            worker.queue = np.empty((sides, 2 * most, 5), np.int64)

    def run_chunks(self, worker: _Worker, chunks: list[tuple[int, int]], window: int) -> list[tuple[int, int]]:
        """Live chunks until none is left; return what could not be lived for want of room in a pool."""
        left = []
        while chunks:
            try:
                from_cell, to_cell = chunks.pop()
            except IndexError:
                break
            try:
                self.run_chunk(worker, from_cell, to_cell, window)
            except _PoolFull as full:
                left.append((full.cell, to_cell))
        return left

    def window(self, window: int, threads: ThreadPoolExecutor | None) -> None:
        cells = len(self.program.cells)
        chunks = [(a, min(a + self.chunk, cells)) for a in range(0, cells, self.chunk)][::-1]
        while chunks:
            if threads is None:
                left = self.run_chunks(self.workers[0], chunks, window)
            else:
                jobs = [threads.submit(self.run_chunks, w, chunks, window) for w in self.workers]
                left = [chunk for job in jobs for chunk in job.result()]
            if left:
                self.pools = [_grown(pool) for pool in self.pools]
            chunks = left
        self.barrier(window)

    def barrier(self, window: int) -> None:
        program = self.program
        for worker in self.workers:
            worker.hand_over()
        for s, side in enumerate(self.outcome.sides):
            rules, state = program.sides[s], self.states[s]
            side.news[window] = state.news
            first = self.workers[0].tallies[s]
            for worker in self.workers[1:]:
                other = worker.tallies[s]
                for total, part in ((first.place, other.place), (first.group, other.group)):
                    total += part
                    part[:] = 0
                first.scores[:] += other.scores
                other.scores[:] = 0
            letters = sorted_letters(np.concatenate([part for w in self.workers for part in w.letters[s]]))
            requests = np.concatenate([part for w in self.workers for part in w.requests[s]])
            self.deliver(s, letters, window, first)
            side.letters.append(letters)
            side.allotments += allot(program, s, state, first, requests, window)
            hear(program.shared, rules, state.news, first.place.sum(axis=0))
            self.book(side, s, first, window)
            for worker in self.workers:
                worker.letters[s].clear()
                worker.requests[s].clear()
            side.news[window + 1] = state.news

    def deliver(self, side: int, letters: I64, window: int, tallies: SideTallies) -> None:
        program = self.program
        while len(letters):
            done = self.kernel.deliver(
                program.shared, program.society.words, program.sides[side], self.pools[side], tallies,
                program.cells, program.cell_of_block, letters, window,
            )  # fmt: skip
            letters = letters[done:]
            if len(letters):
                self.pools[side] = _grown(self.pools[side])

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


class _PoolFull(Exception):
    def __init__(self, cell: int) -> None:
        self.cell = cell


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
    threads = threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else threads or 1
    if threads < 1 or threads > 256:
        raise BadValue(f"threads must be 1 to 256, not {threads}")
    if chunk is not None and chunk < 1:
        raise BadValue(f"a chunk is at least one cell, not {chunk}")
    cache.prepare()
    simulation = _Simulation(program, replicate, min(threads, len(program.cells)), chunk)
    windows = program.clock.windows
    pool = ThreadPoolExecutor(simulation.threads) if simulation.threads > 1 else None
    try:
        for window in range(windows):
            simulation.window(window, pool)
            if progress:
                progress(window + 1, windows)
    finally:
        if pool:
            pool.shutdown(cancel_futures=True)
    return simulation.outcome
