"""Synthetic populations from aggregate tables: people, households, places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import build_society
    from .people import Society, describe
    from .types import SocietyModel

__all__ = ["Society", "SocietyModel", "build_society", "describe"]

_HOMES = {"Society": "people", "SocietyModel": "types", "build_society": "build", "describe": "people"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
