"""Synthetic populations from aggregate tables: people, households, places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import build_society, traits_of
    from .checks import society_faults
    from .margins import check_margins
    from .people import Society, describe
    from .types import SocietyModel
    from .units import Units

__all__ = [
    "Society",
    "SocietyModel",
    "Units",
    "build_society",
    "check_margins",
    "describe",
    "society_faults",
    "traits_of",
]

_HOMES = {
    "Society": "people",
    "SocietyModel": "types",
    "Units": "units",
    "build_society": "build",
    "check_margins": "margins",
    "describe": "people",
    "society_faults": "checks",
    "traits_of": "build",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
