"""What a scenario turns on: lived with a hand on its files, and at many points of what nobody knows."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from . import chair_models as form
from .routes import Kept, json_of, json_or_step, told, told_or_step
from .state import state_of

__all__ = ["router"]

router = APIRouter(prefix="/api")
LibraryName = Annotated[str, Query(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=48)]
StoredRun = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", description="A stored run, whose files are taken."),
]
Share = Annotated[float | None, Query(ge=0, le=1, allow_inf_nan=False)]


@router.get("/official", **told(form.Chair))
async def official(
    request: Request,
    scenario: LibraryName = "rongcheng",
    run: StoredRun = None,
    citizens: Annotated[int, Query(ge=1, lt=2**31)] = 20_000,
    years: Annotated[int | None, Query(ge=1, le=100)] = None,
    seed: Annotated[int | None, Query(ge=0, lt=2**32)] = None,
    friends: Annotated[str | None, Query(max_length=200, description="Whom to spare: a condition.")] = None,
    spare: Share = None,
    often: Share = None,
    critics: Annotated[str | None, Query(pattern=r"^[a-z0-9-]{0,48}$", description="A list; empty for none.")] = None,
    press: Annotated[int | None, Query(ge=0, le=1000)] = None,
    quota: Annotated[float | None, Query(ge=0, le=1000, allow_inf_nan=False)] = None,
    record: Kept = None,
    source: Kept = None,
    budget: Annotated[int | None, Query(ge=0, lt=2**31, description="Edits a year in the whole town.")] = None,
) -> Response:
    """Return what a hand on the files did, against the rules alone, and how far a budget of edits goes."""
    wanted = _wanted(request, scenario, run, citizens=citizens, years=years, seed=seed)
    given = {
        "friends": friends, "spare": spare, "often": often, "critics": critics, "press": press, "quota": quota,
        "record": record, "source": source,
    }  # fmt: skip
    keep = ("official", budget, *wanted.values(), *given.values(), *_age(request, run))
    return json_of(
        await state_of(request).bench.ask("official", {"wanted": wanted, "given": given, "budget": budget}, keep)
    )


@router.get("/weights", **told_or_step(form.Weighed))
async def weights(
    request: Request,
    scenario: LibraryName = "rongcheng",
    run: StoredRun = None,
    citizens: Annotated[int, Query(ge=1, lt=2**31)] = 10_000,
    years: Annotated[int | None, Query(ge=1, le=100)] = None,
    seed: Annotated[int | None, Query(ge=0, lt=2**32)] = None,
    draws: Annotated[int, Query(ge=4, le=64, description="Points of the ranges.")] = 16,
    share: Annotated[float | None, Query(gt=0, le=1, allow_inf_nan=False, description="Widen each weight.")] = None,
) -> Response:
    """Return what hangs on a scheme's unknown numbers; while it is not done, how far it is, with status 202."""
    wanted = _wanted(request, scenario, run, citizens=citizens, years=years, seed=seed)
    found = await state_of(request).bench.soon(
        "weights",
        {"wanted": wanted, "draws": draws, "share": share},
        ("weights", *wanted.values(), draws, share, *_age(request, run)),
    )
    return json_or_step(found)


def _wanted(request: Request, scenario: str, run: str | None, **numbers: int | None) -> dict[str, Any]:
    """Return what is to be lived: a scenario of the library, or the files of a stored run, for other numbers."""
    stored = str(state_of(request).runs.find(run)) if run else None
    return {"scenario": scenario, "run": stored, **numbers}


def _age(request: Request, run: str | None) -> tuple[str | int, ...]:
    """Return what tells a stored run from another that takes its place."""
    state = state_of(request)
    return state.age(state.stored(run)) if run else ()
