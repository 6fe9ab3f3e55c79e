"""A scenario from parts that are written in code, in place of six files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..clock import Clock
from ..conduct.types import RESPONSES, ConductModel
from ..doors.types import DoorsModel
from ..records.types import SourcesModel
from ..scheme.types import SchemeModel
from ..society.build import build_society
from ..society.types import SocietyModel
from .compile import compile_program
from .program import Program

__all__ = ["compile_small"]

Part = Mapping[str, Any]


def compile_small(
    clock: Clock,
    citizens: int,
    *,
    society: Part,
    conduct: Part,
    sources: Part,
    doors: Part,
    schemes: Iterable[Part],
    seed: int,
) -> Program:
    """Return the program of parts as their files would hold them; nobody responds to being scored."""
    return compile_program(
        clock=clock,
        society=build_society(SocietyModel.model_validate(society), citizens, seed),
        conduct=ConductModel.model_validate(conduct),
        sources=SourcesModel.model_validate(sources),
        doors=DoorsModel.model_validate(doors),
        schemes=[SchemeModel.model_validate(scheme) for scheme in schemes],
        seed=seed,
        switches=dict.fromkeys(RESPONSES, False),
    )
