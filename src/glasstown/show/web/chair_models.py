"""Forms of the answers about what a scenario turns on."""

from __future__ import annotations

from typing import Any

from .models import Cite, Form

__all__ = ["Chair", "Weighed"]


class Chair(Form):
    """What a hand on the files did, against the rules alone."""

    hand: dict[str, Any]
    budget: int | None
    years: float
    scored: int
    wanted: float
    edits: float
    stepped_in: float
    made_up: float
    enough: bool
    reach: float
    often: float
    spared_points: int
    spared_per_friend: float | None
    pressed_points: int
    pressed_per_critic: float | None
    bands_moved: int
    edits_per_band: float | None
    standings: list[dict[str, Any]]
    doors: list[dict[str, Any]]
    doors_moved: float | None
    grades_moved: float | None
    refused_wrongly: dict[str, int]
    graded_down_wrongly: dict[str, int]
    places: list[dict[str, Any]]
    dials: dict[str, list[dict[str, Any]]]
    scheme_title: str
    text: str
    cite: Cite


class Weighed(Form):
    """What hangs on the numbers of a scheme that nobody knows."""

    title: str
    citizens: int
    years: int
    draws: int
    share: float | None
    unknown: list[dict[str, Any]]
    points: list[list[int]]
    depend: float | None
    results: list[dict[str, Any]]
    text: str
    cite: Cite
