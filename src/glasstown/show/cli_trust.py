"""The command that tells what becomes of trust."""

from __future__ import annotations

from typing import Annotated

import typer

from . import cli_lab
from .cli_say import say, say_json

__all__ = ["trust"]


def trust(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Run folder; or latest")],
    usual: Annotated[float | None, typer.Option(min=0, max=1, help="Trust where nobody is harmed")] = None,
    shock: Annotated[float | None, typer.Option(min=0, max=1, help="Share of it that a harm takes")] = None,
    wronged: Annotated[float | None, typer.Option(min=0, max=1, help="Share that a wrong refusal takes")] = None,
    half_life: Annotated[float | None, typer.Option(min=0, help="Months until half is back")] = None,
    belief: Annotated[float | None, typer.Option(min=0, max=1, help="How far people take grades for worth")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else")] = False,
) -> None:
    """Tell what becomes of trust, with the scheme and without it.

    Harm and wrong refusals cost trust, time brings it back; belief in the score is a switch. All strengths are assumed.
    """
    given = {"usual": usual, "shock": shock, "wronged": wronged, "half_life": half_life, "belief": belief}
    told = (
        cli_lab.lab()
        .open_run(cli_lab.find_run(run))
        .trust(**{key: one for key, one in given.items() if one is not None})
    )
    say_json(told) if json else say(told)
