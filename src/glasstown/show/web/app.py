"""The application: routes, one shape of errors, the built page, and the processes behind them."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import traceback
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ...errors import GlasstownError
from . import chair_routes, live_routes, published_routes, routes
from .errors import Refused, body_of, refusal_of
from .guard import Guard
from .hub import Answers, Hub, Rules
from .runs import Runs
from .state import State
from .static import Page
from .worker import Job, Worker

__all__ = ["create_app"]

EVERY = 1.0
ABOUT = """What the page of Glasstown asks of its server. It answers on this machine only.

Glasstown scores only people that it invented: citizens are numbers that a run gave out, and there is no way to put a
person in."""


def create_app(
    runs: Runs,
    *,
    threads: int | None = None,
    hosts: tuple[str, ...] = (),
    port: int | None = None,
    rules: Rules | None = None,
    page: Path | None = None,
    warm: bool = True,
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    runs : the run folders that it may open.
    threads : threads of each simulation.
    hosts, port : under which it may be asked for, besides this machine's own names.
    rules : how much is done at once.
    page : folder of the built page; default: the package's own.
    warm : whether the kernels are loaded before anybody asks.
    """
    rules = rules or Rules()

    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        workers = [Worker(name, threads) for name in ("bench", "reader", "teller")]
        bench, reader, teller = workers
        hub = Hub(bench, rules)
        app.state.glasstown = State(
            runs, rules, hub, Answers(reader, rules), Answers(teller, rules), Answers(bench, rules)
        )
        warming = asyncio.create_task(_warmed(app.state.glasstown, bench)) if warm else None
        watch = asyncio.create_task(_watched(hub, workers))
        try:
            yield
        finally:
            hub.closing.set()
            watch.cancel()
            if warming is not None:
                warming.cancel()
            await asyncio.gather(*(asyncio.to_thread(worker.close) for worker in workers))

    app = FastAPI(
        title="Glasstown",
        description=ABOUT,
        version=_version(),
        lifespan=life,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    page_of = Page(page)
    # Before the rest: the others' descriptions are only made when a request comes as far as theirs, which is slow.
    app.add_api_route("/", page_of.first, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/assets/{name}", page_of.asset, methods=["GET", "HEAD"], include_in_schema=False)
    app.include_router(routes.router)
    app.include_router(live_routes.router)
    app.include_router(chair_routes.router)
    app.include_router(published_routes.router)
    _answers(app)
    app.add_api_route("/{path:path}", page_of.answer, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_middleware(Guard, hosts=hosts, port=port)
    return app


def _version() -> str:
    from importlib.metadata import version

    return version("glasstown")


async def _warmed(state: State, bench: Worker) -> None:
    """Let stand ready what the page asks for first: the run that was opened, the library; then the kernels.

    One after the other: a machine of two cores has a browser to start at the same time.
    """
    with contextlib.suppress(Refused, GlasstownError, OSError):
        if state.runs.opened is not None:
            await routes.document_of(state, state.runs.opened.name)
    with contextlib.suppress(Refused, GlasstownError):
        await state.reader.ask("library", {}, keep="library")
    with contextlib.suppress(Refused):
        bench.submit(Job("warm", "warm", {}, lambda what, content: None))


async def _watched(hub: Hub, workers: list[Worker]) -> None:
    while True:
        await asyncio.sleep(EVERY)
        hub.look()
        for worker in workers:
            await asyncio.to_thread(worker.look)


def _answers(app: FastAPI) -> None:
    """Let every error be answered in one shape."""

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused | GlasstownError)
        return _said(refusal_of(error))

    async def misread(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _said(_misread(error))

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = {404: "there is nothing here", 405: "this is not answered here"}
        told = Refused(error.status_code, words.get(error.status_code, str(error.detail)), headers=error.headers)
        return _said(told)

    async def ours(request: Request, error: Exception) -> Response:
        sys.stderr.write("".join(traceback.format_exception(error)))
        return _said(refusal_of(error))

    app.add_exception_handler(Refused, refused)
    app.add_exception_handler(GlasstownError, refused)
    app.add_exception_handler(RequestValidationError, misread)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, ours)


def _said(refused: Refused) -> Response:
    return Response(body_of(refused), refused.status, media_type="application/json", headers=refused.headers)


def _misread(error: RequestValidationError) -> Refused:
    """Return what is wrong with a request, in the words of whoever checked it."""
    first: dict[str, Any] = dict(error.errors()[0])
    place = [str(part) for part in first.get("loc", ()) if part not in ("body", "query", "path", "header")]
    if first.get("type") == "json_invalid":
        return Refused(400, "this is not JSON", hint=str(first.get("ctx", {}).get("error", "")))
    where = ".".join(place)
    return Refused(422, f"{where or 'the request'}: {str(first.get('msg', 'is not right'))[:300]}", where=where)
