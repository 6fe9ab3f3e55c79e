"""Live runs as the server sees them: who waits, who runs, what was told of each, and who listens."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Refused, as_bytes
from .tokens import token
from .worker import Job, Worker

__all__ = ["Answers", "Hub", "Live", "Rules"]

ALIVE = 10.0
SOON = 1.0
"""Seconds after which who waits for something long is told how far it is."""
ENDED = ("done", "failed", "cancelled")


@dataclass(frozen=True)
class Rules:
    """How much is done at once.

    Attributes
    ----------
    at_once, waiting : live runs under way, and in front of the door.
    kept : live runs that stay for reading; with_dots : those of them that keep every citizen's grades.
    seconds : that a live run, or an answer, may take.
    """

    at_once: int = 3
    waiting: int = 12
    kept: int = 16
    with_dots: int = 4
    seconds: float = 180.0


@dataclass
class Live:
    """One live run."""

    id: str
    session: str
    arguments: Mapping[str, Any]
    status: str = "waiting"
    events: list[tuple[str, bytes]] = field(default_factory=list)
    dots: dict[str, list[bytes]] = field(default_factory=dict)
    error: Mapping[str, Any] | None = None
    began: float = field(default_factory=time.monotonic)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, what: str, data: bytes) -> None:
        """Add an event, and wake who listens."""
        self.events.append((what, data))
        self.news.set()
        self.news = asyncio.Event()

    def told(self) -> dict[str, Any]:
        """Return how it stands."""
        return {
            "id": self.id,
            "status": self.status,
            "events": len(self.events),
            "months": sum(what == "month" for what, _ in self.events),
            "error": self.error,
        }


class Hub:
    """All live runs of a server, and the process that lives them."""

    def __init__(self, worker: Worker, rules: Rules) -> None:
        self.worker, self.rules = worker, rules
        self.closing = asyncio.Event()
        self._runs: OrderedDict[str, Live] = OrderedDict()
        self._loop = asyncio.get_running_loop()

    def begin(self, session: str, arguments: Mapping[str, Any]) -> Live:
        """Take a live run in; the last one of its session makes room.

        Raises
        ------
        Refused
            Where too many wait already.
        """
        for other in self._runs.values():
            if session and other.session == session and other.status not in ENDED:
                self.cancel(other.id, "a newer run of this page took its place")
        waiting = [live for live in self._runs.values() if live.status == "waiting"]
        if len(waiting) >= self.rules.waiting:
            raise Refused(
                429, "too many live runs are waiting", hint="try again in a few seconds", headers={"retry-after": "5"}
            )
        live = Live(token(), session, arguments)
        self._runs[live.id] = live
        live.tell("waiting", as_bytes({"ahead": self._ahead(live)}))
        self._forget()
        self._next()
        return live

    def find(self, id: str) -> Live:
        """Return a live run.

        Raises
        ------
        Refused
            Where there is none of that name any more.
        """
        if id not in self._runs:
            raise Refused(
                404, "there is no such live run", why="newer ones pushed it out, or the server was started again"
            )
        return self._runs[id]

    def cancel(self, id: str, why: str) -> Live:
        """Stop a live run, if it is not over."""
        live = self.find(id)
        if live.status not in ENDED:
            self.worker.cancel(id)
            live.status = "cancelled"
            live.tell("cancelled", as_bytes({"why": why}))
            self._next()
        return live

    def look(self) -> None:
        """Stop what takes too long; to be called now and then."""
        for live in list(self._runs.values()):
            if live.status == "running" and time.monotonic() - live.began > self.rules.seconds:
                self.worker.cancel(live.id)
                text = f"this live run took longer than {self.rules.seconds:g} seconds, and was stopped"
                self._fail(live, Refused(504, text, hint="ask for fewer citizens or years"))
        self.worker.look()

    async def events(self, live: Live, after: int) -> AsyncIterator[bytes]:
        """Yield the events of a live run as they are sent, from the one after `after` on, until it is over."""
        at = max(0, after)
        while not self.closing.is_set():
            news = live.news
            while at < len(live.events):
                what, data = live.events[at]
                at += 1
                yield b"id: %d\nevent: %s\ndata: %s\n\n" % (at, what.encode(), data)
            if live.status in ENDED:
                return
            waits = [asyncio.ensure_future(news.wait()), asyncio.ensure_future(self.closing.wait())]
            done, pending = await asyncio.wait(waits, timeout=ALIVE, return_when=asyncio.FIRST_COMPLETED)
            for one in pending:
                one.cancel()
            if not done:
                yield b": alive\n\n"

    def _ahead(self, live: Live) -> int:
        before = [
            other for other in self._runs.values() if other is not live and other.status in ("waiting", "running")
        ]
        return max(0, len(before) - self.rules.at_once + 1)

    def _next(self) -> None:
        running = sum(live.status == "running" for live in self._runs.values())
        for live in self._runs.values():
            if running >= self.rules.at_once:
                return
            if live.status == "waiting":
                live.status, live.began = "running", time.monotonic()
                running += 1
                self.worker.submit(Job(live.id, "live", live.arguments, self._taker(live)))

    def _taker(self, live: Live) -> Any:
        def take(what: str, content: Any) -> None:
            self._loop.call_soon_threadsafe(self._take, live, what, content)

        return take

    def _take(self, live: Live, what: str, content: Any) -> None:
        if live.status in ENDED:
            return
        if what == "error":
            self._fail(live, content)
        elif what == "end":
            live.status = "done"
            self._next()
        else:
            kind, data = content
            if kind == "dots":
                world, window, row = data
                rows = live.dots.setdefault(world, [])
                if window == len(rows):
                    rows.append(row)
            else:
                if kind == "done":
                    live.status = "done"
                live.tell(kind, data)
                if kind == "done":
                    self._next()

    def _fail(self, live: Live, refused: Refused) -> None:
        live.status, live.error = "failed", refused.error
        live.tell("failed", as_bytes({"error": refused.error}))
        self._next()

    def _forget(self) -> None:
        over = [id for id, live in self._runs.items() if live.status in ENDED]
        for id in over[: max(0, len(self._runs) - self.rules.kept)]:
            del self._runs[id]
        dotted = [live for live in self._runs.values() if live.dots and live.status in ENDED]
        for live in dotted[: max(0, len(dotted) - self.rules.with_dots)]:
            live.dots.clear()


class Answers:
    """Questions that a worker answers once each; answers that stay true are kept."""

    def __init__(self, worker: Worker, rules: Rules, kept: int = 48) -> None:
        self.worker, self.rules, self.most = worker, rules, kept
        self._kept: OrderedDict[Any, bytes] = OrderedDict()
        self._asked: dict[Any, asyncio.Future[bytes]] = {}
        self._under_way: dict[Any, asyncio.Task[bytes]] = {}
        self._steps: dict[Any, tuple[int, int]] = {}

    async def soon(self, name: str, arguments: Mapping[str, Any], keep: Any) -> bytes | tuple[int, int]:
        """Return the answer to a question that takes long, or, if it is not there soon, how far it is.

        It goes on meanwhile; who asks the same again waits for the same.
        """
        if keep in self._kept:
            return await self.ask(name, arguments, keep)
        task = self._under_way.get(keep)
        if task is None:
            task = self._under_way[keep] = asyncio.create_task(self.ask(name, arguments, keep))
        await asyncio.wait({task}, timeout=SOON)
        if not task.done():
            return self._steps.get(keep, (0, 0))
        self._under_way.pop(keep, None)
        self._steps.pop(keep, None)
        return task.result()

    async def ask(self, name: str, arguments: Mapping[str, Any], keep: Any = None) -> bytes:
        """Return the answer to a question, as JSON.

        Parameters
        ----------
        keep : key under which it is kept; None for an answer that is not.
        """
        if keep is not None and keep in self._kept:
            self._kept.move_to_end(keep)
            return self._kept[keep]
        if keep is not None and keep in self._asked:
            return await asyncio.shield(self._asked[keep])
        if len(self._asked) >= self.rules.waiting:
            raise Refused(429, "too many questions are waiting", hint="try again", headers={"retry-after": "2"})
        loop = asyncio.get_running_loop()
        future: asyncio.Future[bytes] = loop.create_future()
        id = token()
        self._asked[keep if keep is not None else id] = future

        def take(what: str, content: Any) -> None:
            if what == "event" and isinstance(content, tuple):  # a step of what is far from done
                loop.call_soon_threadsafe(self._steps.__setitem__, keep, content)
            else:
                loop.call_soon_threadsafe(_settle, future, what, content)

        try:
            self.worker.submit(Job(id, name, arguments, take))
            found = await asyncio.wait_for(asyncio.shield(future), self.rules.seconds)
        except TimeoutError:
            self.worker.cancel(id)
            future.cancel()
            raise Refused(504, f"this took longer than {self.rules.seconds:g} seconds, and was stopped") from None
        finally:
            self._asked.pop(keep if keep is not None else id, None)
        if keep is not None:
            self._kept[keep] = found
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return found


def _settle(future: asyncio.Future[bytes], what: str, content: Any) -> None:
    if future.done():
        return
    if what == "error":
        future.set_exception(content)
        future.exception()  # it may be that nobody waits any more
    elif what == "event" and content is not None:  # a step that has nothing to tell yet
        future.set_result(content)
