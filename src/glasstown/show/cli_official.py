"""The command that takes the official's chair."""

from __future__ import annotations

from typing import Annotated

import typer

from . import cli_lab
from .cli_say import say, say_json

__all__ = ["official"]

MANY = 2**32 - 1


def official(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario of the library, or a file")],
    friends: Annotated[str | None, typer.Option(help='Whom to spare, such as: party == "yes"')] = None,
    spare: Annotated[float | None, typer.Option(min=0, max=1, help="Share of their losses never posted")] = None,
    often: Annotated[float | None, typer.Option(min=0, max=1, help="How often to step in: 0 never, 1 always")] = None,
    critics: Annotated[str | None, typer.Option(help="List whose members are pressed")] = None,
    press: Annotated[int | None, typer.Option(min=0, max=1000, help="Percent by which they lose more")] = None,
    quota: Annotated[float | None, typer.Option(min=0, max=1000, help="Losses for each 1,000 people and month")] = None,
    record: Annotated[str | None, typer.Option(help="Record that is made up for the quota")] = None,
    source: Annotated[str | None, typer.Option(help="Who is said to have written it")] = None,
    budget: Annotated[int | None, typer.Option(min=0, help="Edits a year; default: without bound")] = None,
    citizens: Annotated[int | None, typer.Option(min=1, max=MANY, help="Synthetic citizens")] = None,
    years: Annotated[int | None, typer.Option(min=1, max=100, help="Years to run")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=MANY, help="Seed of every random number")] = None,
    scheme: Annotated[str | None, typer.Option(help="Another scheme: of the library, or a file")] = None,
    threads: Annotated[int | None, typer.Option(min=1, max=256, help="Threads; results are equal")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else")] = False,
) -> None:
    """Take the official's chair, with a budget of edits.

    The scenario is lived by its rules, and again with a hand on the files: friends spared, critics pressed, quotas met.
    """
    from .cli_progress import Told

    with Told(quiet=json) as progress:
        found = cli_lab.lab().official(
            scenario,
            friends=friends, spare=spare, often=often, critics=critics, press=press, quota=quota, record=record,
            source=source, budget=budget, citizens=citizens, years=years, seed=seed, scheme=scheme, threads=threads,
            progress=progress,
        )  # fmt: skip
    say_json(found) if json else say(found)
