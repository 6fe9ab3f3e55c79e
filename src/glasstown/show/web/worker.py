"""A process of its own for what takes long, so that the server always answers: jobs go in, events come out.

Several jobs are under way at once, each a step at a time in turn. A process that gives no sign for too long is
ended and started again; the job that held it up fails, the others are done again from their beginning.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from .errors import Refused, refusal_of

__all__ = ["Job", "Take", "Worker", "work"]

Take = Callable[[str, Any], None]
"""Called, from another thread, with ``event`` and its content, ``end`` and nothing, or ``error`` and a Refused."""
STALL = 90.0
"""Seconds without a sign after which a process is ended."""


@dataclass
class Job:
    """What is to be done: the name of a job in :mod:`glasstown.show.web.jobs`, and its arguments."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    take: Take


class Worker:
    """One process and the jobs that it has.

    Parameters
    ----------
    name : of the process.
    threads : threads of each simulation.
    stall : seconds without a sign after which it is ended and started again.
    """

    def __init__(self, name: str, threads: int | None = None, stall: float = STALL) -> None:
        self.name, self.threads, self.stall = name, threads, stall
        self._jobs: dict[str, Job] = {}
        self._lock = threading.RLock()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._at = ""
        self._sign = time.monotonic()
        self._closed = False

    def start(self) -> None:
        """Start the process, if it is not running."""
        with self._lock:
            if self._closed or (self._process is not None and self._process.is_alive()):
                return
            spawn = multiprocessing.get_context("spawn")
            ours, theirs = spawn.Pipe()
            self._process = spawn.Process(
                target=work, args=(theirs, self.threads), name=f"glasstown-{self.name}", daemon=True
            )
            self._process.start()
            theirs.close()
            self._pipe, self._at, self._sign = ours, "", time.monotonic()
            threading.Thread(target=self._listen, args=(ours,), name=f"{self.name}-ear", daemon=True).start()

    def submit(self, job: Job) -> None:
        """Let a job be done; its `take` is called with what comes of it."""
        with self._lock:
            if self._closed:
                raise Refused(503, "the server is stopping")
            self._jobs[job.id] = job
            self.start()
            self._tell("start", job.id, job.name, dict(job.arguments))

    def cancel(self, id: str) -> None:
        """Forget a job; it stops after the step that it is at."""
        with self._lock:
            if self._jobs.pop(id, None) is not None:
                self._tell("cancel", id)

    def look(self) -> None:
        """End the process where it gives no sign; to be called now and then."""
        with self._lock:
            stuck = self._jobs and self._at and time.monotonic() - self._sign > self.stall
            if not stuck or self._closed:
                return
            culprit = self._jobs.pop(self._at, None)
            self._end()
        if culprit:
            culprit.take("error", Refused(504, f"this took longer than {self.stall:g} seconds, and was stopped"))
        self._again()

    def close(self) -> None:
        """End the process for good."""
        with self._lock:
            self._closed = True
            self._jobs.clear()
            if self._pipe is not None:
                self._tell("stop")
            process = self._process
        if process is not None:
            process.join(1.0)
            self._end()

    @property
    def pid(self) -> int | None:
        """Return the process's number, if there is one."""
        return self._process.pid if self._process is not None else None

    def _tell(self, *message: Any) -> None:
        if self._pipe is not None:
            with contextlib.suppress(OSError):  # it is gone: the listener starts another
                self._pipe.send(message)

    def _end(self) -> None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is not None and process.is_alive():
            process.terminate()
            process.join(1.0)
            if process.is_alive():
                process.kill()
                process.join(1.0)
        if pipe is not None:
            pipe.close()

    def _again(self) -> None:
        """Start over with every job that is left; what was told of a job already is told again, and is the same."""
        with self._lock:
            if self._closed:
                return
            self.start()
            for job in list(self._jobs.values()):
                self._tell("start", job.id, job.name, dict(job.arguments))

    def _listen(self, pipe: Connection) -> None:
        while True:
            try:
                id, what, content = pipe.recv()
            except (EOFError, OSError):
                break
            self._heard(id, what, content)
        with self._lock:
            died = pipe is self._pipe and not self._closed
            culprit = self._jobs.pop(self._at, None) if died else None
            if died:
                self._end()
        if culprit:
            text = "the process that did this ended before it was done; perhaps the machine's memory was too small"
            culprit.take("error", Refused(503, text, hint="ask for fewer citizens"))
        if died:
            self._again()

    def _heard(self, id: str, what: str, content: Any) -> None:
        with self._lock:
            self._sign = time.monotonic()
            if what == "at":
                self._at = id
                return
            job = self._jobs.get(id)
            if job is None:
                return
            if what != "event":
                del self._jobs[id]
        job.take(what, Refused(**content) if what == "error" else content)


def work(pipe: Connection, threads: int | None) -> None:
    """Do jobs until the other end closes; what a worker process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers itself
    from .jobs import Jobs

    jobs = Jobs(threads)
    under_way: dict[str, Iterator[Any]] = {}
    turns: deque[str] = deque()
    while True:
        try:
            while not turns or pipe.poll():
                message = pipe.recv()
                if message[0] == "stop":
                    return
                if message[0] == "cancel":
                    _dropped(under_way, turns, message[1])
                else:
                    under_way[message[1]] = jobs.begin(message[1], message[2], message[3])
                    turns.append(message[1])
            id = turns.popleft()
            pipe.send((id, "at", None))
            _step(pipe, under_way, turns, id)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return


def _dropped(under_way: dict[str, Iterator[Any]], turns: deque[str], id: str) -> None:
    if id in turns:
        turns.remove(id)
    job = under_way.pop(id, None)
    if job is not None and hasattr(job, "close"):
        job.close()


def _step(pipe: Connection, under_way: dict[str, Iterator[Any]], turns: deque[str], id: str) -> None:
    try:
        content = next(under_way[id])
    except StopIteration:
        del under_way[id]
        pipe.send((id, "end", None))
    except Exception as error:
        del under_way[id]
        refused = refusal_of(error)
        if refused.status == 500:
            sys.stderr.write("".join(traceback.format_exception(error)))
        pipe.send((id, "error", {"status": refused.status, **refused.error}))
    else:
        turns.append(id)
        pipe.send((id, "event", content))
