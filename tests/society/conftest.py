"""Societies for the tests: those of the library, and parts to make small ones from."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

from glasstown.files import load
from glasstown.society import Society, SocietyModel, build_society

Build = Callable[[str, int, int], Society]


@cache
def _read(name: str) -> SocietyModel:
    text = files("glasstown").joinpath("library", "societies", f"{name}.yaml").read_text("utf-8")
    return load(text, SocietyModel).value


@cache
def _build(name: str, citizens: int, seed: int) -> Society:
    return build_society(_read(name), citizens, seed)


@pytest.fixture(scope="session")
def read() -> Callable[[str], SocietyModel]:
    return _read


@pytest.fixture(scope="session")
def build() -> Build:
    return _build


@pytest.fixture
def small() -> dict[str, Any]:
    """Return a file of two traits with one margin each, to be changed by a test."""
    plain = {"status": "assumed"}
    return {
        "society": "two-traits",
        "title": "Two traits",
        "traits": {
            "colour": {"title": "Colour", "sees": "register", "levels": ["red", "green", "blue"]},
            "shape": {"title": "Shape", "sees": "truth", "levels": ["round", "square"]},
        },
        "margins": [
            {"over": ["colour"], "shares": {"red": 0.5, "green": 0.3, "blue": 0.2}, **plain},
            {"over": ["shape"], "shares": {"round": 0.4, "square": 0.6}, **plain},
        ],
    }
