"""Glasstown: a laboratory of social scoring over people that it invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .lab.api import check, compare, library, official, open_run, run, weights
    from .show.reporting import write_report

__all__ = ["__version__", "check", "compare", "library", "official", "open_run", "run", "weights", "write_report"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("glasstown")
    if name in __all__:
        from importlib import import_module

        room = ".show.reporting" if name == "write_report" else ".lab.api"
        return getattr(import_module(room, __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
