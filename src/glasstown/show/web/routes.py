"""What the page can ask of the library and of runs."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from ...lab.checking import schema
from ...lab.citing import cite_library
from ...lab.live import LIMITS
from . import models as form
from .errors import as_bytes
from .guard import LARGEST_BODY
from .state import State, state_of

__all__ = ["document_of", "json_or_step", "router", "told_or_step"]

router = APIRouter(prefix="/api")
FAILS: dict[int | str, dict[str, Any]] = {
    code: {"model": form.ErrorBody} for code in (400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 504)
}
RunName = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", description="Name of a run's folder.")]
Kind = Annotated[str, Path(pattern=r"^[a-z]{1,20}$")]
Name = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,48}$")]
CitizenId = Annotated[int, Path(ge=0, lt=2**31, description="A synthetic citizen's number.")]
DoorName = Annotated[str, Query(pattern=r"^[a-z0-9-]{1,48}$", description="A door's stable name.")]
Day = Annotated[str | None, Query(pattern=r"^\d{4}-\d{2}-\d{2}$", description="The day; default: the last request.")]
Record = Annotated[str, Query(pattern=r"^[0-9.]{9,60}$", description="A record's name, from the lines of the life.")]
SomeCitizen = Annotated[int | None, Query(ge=0, lt=2**31, description="A synthetic citizen; default: one is chosen.")]
Kept = Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,48}$", description="A stable name; default: the gravest.")]
Every = Annotated[int, Query(ge=1, le=1200, description="Months from one record to the next.")]
After = Annotated[int, Query(ge=0, le=1200, description="Months before the first record.")]
ScenarioName = Annotated[str, Query(pattern=r"^[a-z0-9-]{1,48}$", description="A scenario of the library.")]
TableName = Annotated[str, Path(pattern=r"^[a-z_]{1,20}$")]


def told(model: Any) -> dict[str, Any]:
    """Return how an answer is described: its form, and the form of errors."""
    return {"response_model": None, "responses": {200: {"model": model}, **FAILS}}


def told_or_step(model: Any) -> dict[str, Any]:
    """Return how an answer is described that takes long: until it is there, how far it is, with status 202."""
    out = told(model)
    return {**out, "responses": {**out["responses"], 202: {"model": form.Step}}}


def json_or_step(found: bytes | tuple[int, int]) -> Response:
    """Return an answer that takes long, or how far it is."""
    if isinstance(found, bytes):
        return json_of(found)
    done, of = found
    return Response(as_bytes({"done": done, "of": of}), 202, media_type="application/json")


def json_of(data: bytes) -> Response:
    """Return an answer that is JSON already."""
    return Response(data, media_type="application/json")


@router.get("/about", **told(form.About))
def about(request: Request) -> Response:
    """Return the server's version, limits and defaults, and the run that it was opened with."""
    state = state_of(request)
    limits = {
        "citizens": LIMITS.citizens,
        "dots": LIMITS.dots,
        "years": LIMITS.years,
        "citizen_years": LIMITS.citizen_years,
        "body": LARGEST_BODY,
        "live": state.rules.waiting,
    }
    opened = state.runs.opened.name if state.runs.opened else None
    return json_of(
        as_bytes(
            {
                "version": cite_library()["version"],
                "opened": opened,
                "limits": limits,
                "defaults": {"scenario": "rongcheng", "citizens": 100_000},
            }
        )
    )


@router.get("/library", **told(form.Library))
async def library(request: Request) -> Response:
    """Return what the library holds."""
    return json_of(await state_of(request).reader.ask("library", {}, keep="library"))


@router.get("/library/{kind}/{name}", **told(form.LibraryFile))
async def library_file(request: Request, kind: Kind, name: Name) -> Response:
    """Return one file of the library: text, references, cited values, and the rules of a scheme."""
    return json_of(
        await state_of(request).reader.ask("entry", {"kind": kind, "name": name}, keep=("entry", kind, name))
    )


@router.get("/words", **told(form.Words))
async def words(request: Request, scenario: ScenarioName = "rongcheng") -> Response:
    """Return what a scheme may name in a scenario, for completion."""
    return json_of(await state_of(request).reader.ask("words", {"scenario": scenario}, keep=("words", scenario)))


@router.get("/schema/{kind}", **told(dict[str, Any]))
def file_schema(kind: Kind) -> Response:
    """Return the JSON Schema of one kind of file."""
    return json_of(as_bytes(schema(kind)))


@router.post("/check", **told(form.Checked))
async def check(request: Request, asked: form.Check) -> Response:
    """Return what kind of file a text is, and every fault of it."""
    return json_of(await state_of(request).reader.ask("check", asked.model_dump()))


@router.post("/edits", **told(form.Edited))
async def edits(request: Request, asked: form.Edits) -> Response:
    """Return what edits make of a scheme: a patch's file, the scheme's file, and what differs."""
    return json_of(await state_of(request).reader.ask("edits", {"move": asked.model_dump()}))


@router.get("/runs", **told(form.Listed))
def runs(request: Request) -> Response:
    """Return the stored runs, the newest first."""
    return json_of(as_bytes({"runs": state_of(request).runs.listed(), "cite": cite_library()}))


@router.get("/runs/{run}", **told(form.Document))
async def run_document(request: Request, run: RunName) -> Response:
    """Return a stored run as one document, without lives."""
    return await document_of(state_of(request), run)


@router.get("/runs/{run}/lives", **told(form.Lives))
async def run_lives(request: Request, run: RunName) -> Response:
    """Return a few lives of a stored run that are worth telling."""
    return await _asked(state_of(request), run, "lives", state_of(request).teller)


@router.get("/runs/{run}/files", **told(form.Files))
async def run_files(request: Request, run: RunName) -> Response:
    """Return the files that were run."""
    return await _asked(state_of(request), run, "files", state_of(request).reader)


@router.get("/runs/{run}/citizens/{citizen}", **told(form.Life))
async def run_life(request: Request, run: RunName, citizen: CitizenId) -> Response:
    """Return one citizen's life."""
    return await _asked(state_of(request), run, "life", state_of(request).teller, citizen=citizen)


@router.get("/runs/{run}/citizens/{citizen}/why", **told(form.Why))
async def run_why(request: Request, run: RunName, citizen: CitizenId, door: DoorName, date: Day = None) -> Response:
    """Return why a door opened or stayed shut."""
    return await _asked(state_of(request), run, "why", state_of(request).teller, citizen=citizen, door=door, date=date)


@router.get("/runs/{run}/citizens/{citizen}/without", **told(form.Without))
async def run_without(request: Request, run: RunName, citizen: CitizenId, record: Record) -> Response:
    """Return what would have become of a life without one record."""
    return await _asked(state_of(request), run, "without", state_of(request).teller, citizen=citizen, record=record)


@router.get("/runs/{run}/persecution", **told(form.Persecuted))
async def run_persecution(
    request: Request, run: RunName, citizen: SomeCitizen = None, record: Kept = None, source: Kept = None,
    every: Every = 1, after: After = 0,
) -> Response:  # fmt: skip
    """Return one life, and the same with records that an authority makes up."""
    means = {"citizen": citizen, "record": record, "source": source, "every": every, "after": after}
    return await _asked(state_of(request), run, "persecution", state_of(request).teller, **means)


@router.get("/runs/{run}/tables/{table}.csv", response_model=None, responses=FAILS)
async def run_table(request: Request, run: RunName, table: TableName) -> Response:
    """Return one of a run's tables as CSV."""
    found = await _asked(state_of(request), run, "table", state_of(request).reader, name=table)
    return csv_of(found, f"{run}-{table}")


@router.get("/compare", **told(form.Compared))
async def compare(
    request: Request,
    a: Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")],
    b: Annotated[str, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")],
) -> Response:
    """Return the first worlds of two stored runs against each other."""
    state = state_of(request)
    asked = {key: state.stored(name) for key, name in (("a", a), ("b", b))}
    keep = ("compare", *(state.age(at) for at in asked.values()))
    return json_of(await state.reader.ask("compare", asked, keep=keep))


async def document_of(state: State, run: str) -> Response:
    """Return a stored run as one document."""
    return await _asked(state, run, "document", state.reader)


async def _asked(state: State, run: str, what: str, answers: Any, **more: Any) -> Response:
    at = state.stored(run)
    keep = (what, state.age(at), *sorted((key, str(value)) for key, value in more.items()))
    return json_of(await answers.ask(what, {"at": at, **more}, keep=keep))


def csv_of(found: Response, name: str) -> Response:
    """Return a table as a file to be saved."""
    head = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(found.body, media_type="text/csv; charset=utf-8", headers=head)
