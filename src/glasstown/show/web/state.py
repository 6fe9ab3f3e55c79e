"""What a running server has: the runs, its processes, and what they are asked through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from .hub import Answers, Hub, Rules
from .runs import Runs

__all__ = ["State", "state_of"]


@dataclass
class State:
    """What a running server has.

    Attributes
    ----------
    hub : live runs.
    reader : answers what is read from files and tables; teller : lives of stored runs; bench : of live runs.
    """

    runs: Runs
    rules: Rules
    hub: Hub
    reader: Answers
    teller: Answers
    bench: Answers

    def stored(self, name: str) -> dict[str, Any]:
        """Return where a stored run is."""
        return {"path": str(self.runs.find(name)), "name": name}

    def age(self, at: dict[str, Any]) -> tuple[str, int]:
        """Return what tells a stored run from another that takes its place."""
        from pathlib import Path

        return at["path"], (Path(at["path"]) / "manifest.json").stat().st_mtime_ns


def state_of(request: Request) -> State:
    """Return the state of the server that got a request."""
    state: State = request.app.state.glasstown
    return state
