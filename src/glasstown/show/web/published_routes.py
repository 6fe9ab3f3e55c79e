"""What was published, beside what comes out here: the replications, and one of them run."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from ...lab.published import SEEDS, USUAL
from . import published_models as form
from .routes import Name, json_of, json_or_step, told, told_or_step
from .state import state_of

__all__ = ["router"]

router = APIRouter(prefix="/api/replications")


@router.get("", **told(form.Replications))
async def replications(request: Request) -> Response:
    """Return the replications that there are, and what their words mean."""
    return json_of(await state_of(request).reader.ask("replications", {}, keep="replications"))


@router.get("/{name}", **told_or_step(form.Published))
async def replication(
    request: Request,
    name: Name,
    citizens: Annotated[int, Query(ge=1, lt=2**31, description="Citizens under each seed.")] = USUAL,
    seeds: Annotated[int, Query(ge=1, le=SEEDS)] = 1,
) -> Response:
    """Return published figures beside ours; while they are not done, how far it is, with status 202."""
    asked = {"name": name, "citizens": citizens, "seeds": seeds}
    # Not where towns are lived: a seed is one step, and may take seconds.
    return json_or_step(await state_of(request).teller.soon("published", asked, ("published", *asked.values())))
