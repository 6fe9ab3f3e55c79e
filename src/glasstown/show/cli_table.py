"""The command that prints one table of a run."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from . import cli_lab
from .cli_say import say, say_json, say_rows

__all__ = ["table"]


def table(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or: latest")],
    which: Annotated[str, typer.Argument(metavar="TABLE", help="kinds, doors, sources or lists; or one of its folder")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else: every row")] = False,
) -> None:
    """Print one table of a run.

    kinds: what people did; doors: what was answered; sources: who wrote what, and how much of it was wrong; lists: who
    came onto which, left it, and stands on it.
    """
    from ..lab.derived import HEADS

    found = cli_lab.lab().open_run(cli_lab.find_run(run)).table(which)
    if json:
        say_json(found)
    elif which not in HEADS:
        say(repr(found))
    elif not len(found):
        say(f"there are no {which} in this run")
    else:
        say(HEADS[which])
        say()
        say_rows([{key: _short(value) for key, value in row.items()} for row in found.rows()])


def _short(value: Any) -> str:
    if value is None:
        return "–"
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}") if isinstance(value, float) else str(value)
