"""Whether the page answers while ten browsers and a runaway scenario keep it busy: ``python -m benchmarks.serve``.

Starts ``glasstown serve`` on this machine's own address, on a port that is free, and stops it. Ten browsers read
what the page reads, every one with pauses, while live runs go on, one of them far larger than a page would ask for.
Then one browser moves a rule, alone, and is timed from letting go to the first picture and to the last month.
Before all that, Chromium opens a run of 1.4 million citizens on a server that has only begun, and brushes its months.
"""

from __future__ import annotations

import asyncio
import json
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from .brush import CITIZENS, brush

STARTED = (sys.executable, "-m", "glasstown")
BROWSERS, SECONDS, PAUSE = 10, 20.0, 0.2
LIMIT_MS = 200.0
PATHS = (
    "/", "/api/about", "/api/library", "/api/library/scheme/rongcheng-2016", "/api/words", "/api/runs",
    "/api/runs/{run}", "/api/schema/scheme",
)  # fmt: skip
RUNAWAY = {"citizens": 250_000, "years": 8}
SLIDE = {"citizens": 100_000, "years": 5, "dots": False}


async def read(client: httpx.AsyncClient, run: str, until: float, took: list[float]) -> None:
    """Read what the page reads, over and over."""
    at = 0
    while time.monotonic() < until:
        began = time.perf_counter()
        answer = await client.get(PATHS[at % len(PATHS)].format(run=run))
        answer.raise_for_status()
        took.append(1000 * (time.perf_counter() - began))
        at += 1
        await asyncio.sleep(PAUSE)


async def events(client: httpx.AsyncClient, body: dict[str, Any]) -> AsyncIterator[tuple[str, Any]]:
    """Begin a live run and yield its events."""
    answer = await client.post("/api/live", json=body)
    answer.raise_for_status()
    name = ""
    async with client.stream("GET", f"/api/live/{answer.json()['id']}/events") as stream:
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                yield name, json.loads(line[6:])


async def live(client: httpx.AsyncClient, body: dict[str, Any]) -> str:
    """Live something to its end; return how it ended."""
    last = ""
    async for name, _ in events(client, body):
        last = name
    return last


async def slide(client: httpx.AsyncClient, points: int) -> dict[str, float]:
    """Move a rule; return the milliseconds to the first picture, to the last month, and to the intervals."""
    began = time.perf_counter()
    out: dict[str, float] = {}
    edit = {"rule": "red-light", "set": {"points": points}}
    async for name, told in events(client, {**SLIDE, "edits": [edit], "session": "slider"}):
        now = 1000 * (time.perf_counter() - began)
        if name == "month" and "edited" in told["worlds"]:
            out.setdefault("first picture", now)
            out["last month"] = now
        elif name == "found":
            out.setdefault("intervals", now)
        elif name == "failed":
            raise RuntimeError(told["error"]["what"])
    return out


async def measure(address: str, run: str) -> bool:
    """Measure; print what was found; return whether it is within the limit."""
    limits = httpx.Limits(max_connections=60)
    async with httpx.AsyncClient(base_url=address, timeout=240, limits=limits) as client:
        for path in PATHS:  # what is kept after the first time is no part of the measurement
            (await client.get(path.format(run=run))).raise_for_status()
        await live(client, SLIDE)
        await slide(client, -6)
        slides = [await slide(client, -points) for points in (10, 15, 20, 25, 30)]
        took: list[float] = []
        until = time.monotonic() + SECONDS
        busy = [asyncio.create_task(live(client, {**RUNAWAY, "session": "runaway"}))]
        busy += [asyncio.create_task(live(client, {**SLIDE, "seed": seed, "session": f"s{seed}"})) for seed in (2, 3)]
        await asyncio.gather(*(read(client, run, until, took) for _ in range(BROWSERS)))
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
    for what in ("first picture", "last month", "intervals"):
        values = [one[what] for one in slides]
        print(f"rule moved, {what:<14} median {statistics.median(values):6.0f} ms, worst {max(values):6.0f} ms")
    p95 = statistics.quantiles(took, n=20)[18]
    print(f"{len(took)} answers to {BROWSERS} browsers beside a runaway scenario: "
          f"median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms, worst {max(took):.0f} ms")  # fmt: skip
    return p95 < LIMIT_MS


@contextmanager
def served(here: Path, run: str) -> Iterator[str]:
    """Serve a run, and stop the server; yield where it is."""
    server = subprocess.Popen([*STARTED, "serve", run, "--no-open"], cwd=here, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address is not None
        yield address.group().rstrip("/")
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()


def made(here: Path, name: str, *more: str) -> None:
    """Make a run to be shown."""
    order = ["run", "rongcheng", *more, "--no-report", "--out", f"runs/{name}"]
    subprocess.run([*STARTED, *order], cwd=here, check=True, capture_output=True)


def main() -> int:
    """Serve a large and a small run, each from a fresh server, and measure; return 1 where anything takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        made(here, "large", "--citizens", str(CITIZENS))
        with served(here, "large") as address:
            brushed = brush(address, "large")
        made(here, "small", "--citizens", "20000", "--years", "2")
        with served(here, "small") as address:
            answered = asyncio.run(measure(address, "small"))
    return 0 if brushed and answered else 1


if __name__ == "__main__":
    sys.exit(main())
