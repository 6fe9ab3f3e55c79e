"""Live runs: begun, watched, cancelled, and asked about when they are done."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response, StreamingResponse

from . import models as form
from .errors import Refused, as_bytes
from .routes import (
    FAILS,
    After,
    CitizenId,
    Day,
    DoorName,
    Every,
    Kept,
    Record,
    SomeCitizen,
    TableName,
    csv_of,
    json_of,
    told,
)  # fmt: skip
from .state import State, state_of

__all__ = ["router"]

router = APIRouter(prefix="/api/live")
BYTES = {"type": "string", "format": "binary"}
LiveId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_-]{8,32}$", description="A live run, as it was named when it began.")
]
World = Annotated[str | None, Query(pattern=r"^(edited|scheme|pair)$", description="The world that is asked about.")]
Other = Annotated[str | None, Query(pattern=r"^(edited|scheme|pair)$", description="The world beside it.")]


@router.post("", status_code=202, response_model=None, responses={202: {"model": form.LiveTold}, **FAILS})
async def begin(request: Request, asked: form.LiveAsked) -> Response:
    """Begin to live a scenario, or a stored run again, perhaps under an edited scheme beside."""
    state = state_of(request)
    wanted = asked.model_dump(exclude={"session"})
    if asked.run is not None:
        if asked.scenario is not None:
            raise Refused(422, "a scenario and a run were given", hint="give one of the two", where="run")
        wanted["run"] = state.stored(asked.run)["path"]
    wanted["scenario"] = asked.scenario or "rongcheng"
    live = state.hub.begin(asked.session, wanted)
    return Response(as_bytes(live.told()), status_code=202, media_type="application/json")


@router.get("/{live}", **told(form.LiveTold))
async def stands(request: Request, live: LiveId) -> Response:
    """Return how a live run stands."""
    return json_of(as_bytes(state_of(request).hub.find(live).told()))


@router.delete("/{live}", **told(form.LiveTold))
async def cancel(request: Request, live: LiveId) -> Response:
    """Cancel a live run."""
    return json_of(as_bytes(state_of(request).hub.cancel(live, "cancelled on the page").told()))


@router.get(
    "/{live}/events",
    response_model=None,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}, **FAILS},
)
async def events(
    request: Request,
    live: LiveId,
    after: Annotated[int, Query(ge=0, le=1_000_000, description="Number of the last event that is known.")] = 0,
    last_event_id: Annotated[str | None, Header(pattern=r"^\d{1,7}$")] = None,
) -> Response:
    """Stream the events of a live run from the first, or after the last one that is known."""
    hub = state_of(request).hub
    found = hub.find(live)
    known = int(last_event_id) if last_event_id else after
    head = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(hub.events(found, known), media_type="text/event-stream", headers=head)


@router.get(
    "/{live}/dots",
    response_model=None,
    responses={
        200: {"content": {"application/octet-stream": {"schema": BYTES}}},
        **FAILS,
    },
)
async def dots(
    request: Request,
    live: LiveId,
    world: World = None,
    first: Annotated[int, Query(alias="from", ge=0, le=1200)] = 0,
    to: Annotated[int, Query(ge=0, le=1200)] = 1200,
) -> Response:
    """Return every citizen's grade, a byte each, window after window."""
    rows = state_of(request).hub.find(live).dots
    if not rows:
        why = "it was begun without dots, or newer ones pushed them out"
        raise Refused(
            404, "this live run keeps no grades of citizens (yet)", why=why, hint='begin it with "dots": true'
        )
    wanted = world or next(iter(rows))
    if wanted not in rows:
        raise Refused(404, f'there is no world named "{wanted}" in this live run', where="world")
    found = rows[wanted][first:to]
    head = {
        "x-first-window": str(first),
        "x-windows": str(len(found)),
        "x-citizens": str(len(rows[wanted][0])),
    }
    return Response(b"".join(found), media_type="application/octet-stream", headers=head)


@router.get("/{live}/document", **told(form.Document))
async def live_document(request: Request, live: LiveId) -> Response:
    """Return a live run that is done as one document, without lives."""
    return await _asked(state_of(request), live, "document", None, None)


@router.get("/{live}/lives", **told(form.Lives))
async def live_lives(request: Request, live: LiveId, world: World = None, other: Other = None) -> Response:
    """Return a few lives of a live run that are worth telling."""
    return await _asked(state_of(request), live, "lives", world, other)


@router.get("/{live}/files", **told(form.Files))
async def live_files(request: Request, live: LiveId, world: World = None, other: Other = None) -> Response:
    """Return the files that were run."""
    return await _asked(state_of(request), live, "files", world, other)


@router.get("/{live}/citizens/{citizen}", **told(form.Life))
async def live_life(
    request: Request, live: LiveId, citizen: CitizenId, world: World = None, other: Other = None
) -> Response:
    """Return one citizen's life."""
    return await _asked(state_of(request), live, "life", world, other, citizen=citizen)


@router.get("/{live}/citizens/{citizen}/why", **told(form.Why))
async def live_why(
    request: Request,
    live: LiveId,
    citizen: CitizenId,
    door: DoorName,
    date: Day = None,
    world: World = None,
    other: Other = None,
) -> Response:
    """Return why a door opened or stayed shut."""
    return await _asked(state_of(request), live, "why", world, other, citizen=citizen, door=door, date=date)


@router.get("/{live}/citizens/{citizen}/without", **told(form.Without))
async def live_without(
    request: Request, live: LiveId, citizen: CitizenId, record: Record, world: World = None, other: Other = None
) -> Response:
    """Return what would have become of a life without one record."""
    return await _asked(state_of(request), live, "without", world, other, citizen=citizen, record=record)


@router.get("/{live}/persecution", **told(form.Persecuted))
async def live_persecution(
    request: Request, live: LiveId, citizen: SomeCitizen = None, record: Kept = None, source: Kept = None,
    every: Every = 1, after: After = 0, world: World = None, other: Other = None,
) -> Response:  # fmt: skip
    """Return one life, and the same with records that an authority makes up."""
    means = {"citizen": citizen, "record": record, "source": source, "every": every, "after": after}
    return await _asked(state_of(request), live, "persecution", world, other, **means)


@router.get("/{live}/tables/{table}.csv", response_model=None, responses=FAILS)
async def live_table(
    request: Request, live: LiveId, table: TableName, world: World = None, other: Other = None
) -> Response:
    """Return one of a live run's tables as CSV."""
    return csv_of(await _asked(state_of(request), live, "table", world, other, name=table), f"live-{table}")


async def _asked(state: State, live: str, what: str, world: str | None, other: str | None, **more: Any) -> Response:
    found = state.hub.find(live)
    if found.status != "done":
        raise Refused(409, "this live run is not done", why=f"it is {found.status}", hint="wait for its last event")
    at = {"live": live, "world": world, "other": other}
    keep = (what, live, world, other, *sorted((key, str(value)) for key, value in more.items()))
    return json_of(await state.bench.ask(what, {"at": at, **more}, keep=keep))
