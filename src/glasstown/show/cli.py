"""The command line. Commands load what they need when they are called, so that ``--help`` answers at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.main import get_command

from ..errors import BadValue, GlasstownError, Interrupted
from . import cli_lab, cli_official, cli_table, cli_trust
from .cli_say import say, say_faults, say_json, say_library, say_run

if TYPE_CHECKING:
    from ..lab.opened import Run

__all__ = ["app", "main"]

MANY = 2**32 - 1
STOPPED = 130

app = typer.Typer(
    name="glasstown",
    help="A laboratory of social scoring over people that it invented.\n\nStart with: glasstown run rongcheng",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
new = typer.Typer(help="Start a file of your own.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(new, name="new")

NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, such as my-city.yaml")]
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="A run folder, or: latest")]
IdArgument = Annotated[
    int,
    typer.Argument(metavar="ID", min=0, help="Number of a synthetic citizen, from 0 up, or of a company, doctor, …"),
]
Scenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario of the library, or a file")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"glasstown {version('glasstown')}")
        raise typer.Exit


@app.callback()
def _glasstown(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version", callback=_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error")] = False,
) -> None:
    pass


@app.command()
def run(
    scenario: Scenario,
    citizens: Annotated[int | None, typer.Option(min=1, max=MANY, help="Synthetic citizens")] = None,
    years: Annotated[int | None, typer.Option(min=1, max=100, help="Years to run")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=MANY, help="Seed of every random number")] = None,
    replicates: Annotated[int | None, typer.Option(min=1, max=100_000, help="Repeated runs")] = None,
    threads: Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; results are equal")] = None,
    pair: Annotated[str | None, typer.Option(help="What to compare with: a scheme, or: none")] = None,
    scheme: Annotated[str | None, typer.Option(help="Another scheme: of the library, or a file")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; default runs/SCENARIO-TIME")] = None,
    json: Json = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.html")] = False,
) -> None:
    """Run a scenario and print its balance sheet.

    The scenario is run twice on the same random numbers: with the scheme and with its pair.
    """
    from .cli_progress import Told

    lab = cli_lab.lab()
    with Told(quiet=json) as progress:
        done = lab.run(
            scenario,
            citizens=citizens,
            years=years,
            seed=seed,
            replicates=replicates,
            threads=threads,
            pair=pair,
            scheme=scheme,
            out=out,
            progress=progress,
        )
        report, citizen = (None, None) if no_report else _report(done, None)
    if json:
        found = {"run": done.folder, "manifest": done.manifest, "balance": done.balance(), "report": report}
        say_json(found)
    else:
        say_run(done, report, lab.first_adult(done) if citizen is None else citizen)


def _report(done: Run, path: Path | None) -> tuple[Path, int | None]:
    """Write a run's report; return where it stands, and the citizen of whom it tells."""
    from .reporting import write_told

    return write_told(done, path)


@app.command()
def story(run: RunArgument, citizen: IdArgument, json: Json = False) -> None:
    """Tell one synthetic citizen's life.

    Acts, records, points, grades and doors in order of date, with the scheme and with its pair.
    """
    with cli_lab.opened(run, quiet=json) as found:
        told = found.citizen(citizen).story()
    say_json(told) if json else say(told)


@app.command()
def why(
    run: RunArgument,
    citizen: IdArgument,
    door: Annotated[
        str | None, typer.Option(help="The door: loan, school, flight, ...; default: the last that the scheme closed")
    ] = None,
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day; default: the last")] = None,
    json: Json = False,
) -> None:
    """Explain why a door opened or stayed shut.

    The records, the rules with their sources, the sums, and the smallest change that would have opened it.
    """
    day = {} if date is None else {"date": _day(date)}
    with cli_lab.opened(run, quiet=json) as found:
        told = found.citizen(citizen).why(door=door, **day)
    say_json(told) if json else say(told)


@app.command()
def persecute(
    run: RunArgument,
    citizen: Annotated[
        int | None, typer.Argument(metavar="[ID]", min=0, help="A synthetic citizen; default: one is chosen")
    ] = None,
    record: Annotated[str | None, typer.Option(help="Kind of record; default: the gravest")] = None,
    source: Annotated[str | None, typer.Option(help="Who is said to have written it")] = None,
    every: Annotated[int, typer.Option(min=1, max=1200, help="Months from one record to the next")] = 1,
    after: Annotated[int, typer.Option(min=0, max=1200, help="Months before the first")] = 0,
    json: Json = False,
) -> None:
    """Give one synthetic citizen to an arbitrary authority.

    The same life with records that were made up: how many it takes, and which doors close.
    """
    from ..lab.persecuted import persecution

    with cli_lab.opened(run, quiet=json) as found:
        told = persecution(found, citizen, record, source, every, after)
    say_json(told) if json else say(told["text"])


official = app.command()(cli_official.official)
trust = app.command()(cli_trust.trust)
table = app.command()(cli_table.table)


def _day(text: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f'"{text}" is not a date', "write a date as 2018-03-31") from None


@app.command()
def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A run folder")],
    b: Annotated[str, typer.Argument(metavar="B", help="The run folder to compare it with")],
    json: Json = False,
) -> None:
    """Print the balance sheet of one run against another."""
    lab = cli_lab.lab()
    found = lab.compare(lab.open_run(cli_lab.find_run(a)), lab.open_run(cli_lab.find_run(b)))
    say_json(found) if json else say(repr(found))


@app.command()
def report(
    run: RunArgument,
    out: Annotated[Path | None, typer.Option(help="Where to write; default: report.html in the run")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write it as paper instead: report.pdf")] = False,
    language: Annotated[str, typer.Option(help="Language of the paper: en or zh")] = "en",
    json: Annotated[bool, typer.Option("--json", help="Print what the page shows as JSON; write no file")] = False,
) -> None:
    """Write a run's report again.

    One HTML file that needs no network, or a PDF.
    """
    opened = cli_lab.lab().open_run(cli_lab.find_run(run))
    if pdf:
        from .reporting import write_pdf

        say(write_pdf(opened, out, language))
        return
    if json:
        say_json(cli_lab.lab().document(opened))
    else:
        say(_report(opened, out)[0])


@app.command()
def serve(
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help="A run folder to open, or: latest")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; default: any that is free")] = 0,
    host: Annotated[str, typer.Option(help="Address; any but the default lets others in")] = "127.0.0.1",
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser")] = False,
    threads: Annotated[int | None, typer.Option(min=1, max=256, help="Threads of a simulation")] = None,
) -> None:
    """Serve the page on this machine, until Ctrl-C.

    Watch a society being scored, open one life, move a rule. Nothing leaves the machine.
    """
    from .web.serve import serve as serve_page

    found = None if run is None else cli_lab.find_run(run)
    serve_page(found, host=host, port=port, open_page=not no_open, threads=threads)


@app.command()
def plan(scenario: Scenario) -> None:
    """Print the order of a scenario's stages."""
    say(cli_lab.lab().plan_text(scenario))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files to check")],
    json: Json = False,
) -> None:
    """Check files and say every fault.

    Where it is, why it matters and what was probably meant. The exit status is 2 where there are faults.
    """
    lab = cli_lab.lab()
    faults = {path: list(lab.check(path)) for path in files}
    if json:
        say_json([fault for found in faults.values() for fault in found])
    else:
        for path, found in faults.items():
            say_faults(path, found)
    if any(faults.values()):
        raise typer.Exit(2)


@app.command(name="list")
def list_library(json: Json = False) -> None:
    """List the library: scenarios, schemes and the rest."""
    rows = cli_lab.lab().library().rows()
    say_json(rows) if json else say_library(rows)


@app.command()
def replicate(
    which: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="A replication; none lists them")] = None,
    citizens: Annotated[int | None, typer.Option(min=1, max=MANY, help="Synthetic citizens")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="Seeds over which means and intervals are taken")] = 5,
    out: Annotated[Path | None, typer.Option(help="Folder for the table and what belongs to it")] = None,
    json: Json = False,
) -> None:
    """Hold the model against published figures.

    A table of what was published, what comes out here over several seeds, how far apart they are, and what agreement
    is worth.
    """
    from .cli_progress import Told
    from .cli_replicate import list_them, say_it

    lab = cli_lab.lab()
    if which is None:
        list_them(lab.replications(), json)
    else:
        with Told(quiet=json) as progress:
            found = lab.replicate(which, citizens, seeds, progress)
        say_it(found, out, json)


@app.command()
def weights(
    scenario: Scenario,
    draws: Annotated[int, typer.Option(min=4, max=4096, help="Points of the ranges")] = 32,
    share: Annotated[
        float | None, typer.Option("--range", help="Give each weight this share of itself up and down, such as 0.5")
    ] = None,
    citizens: Annotated[
        int | None, typer.Option(min=1, max=MANY, help="Synthetic citizens; default at most 20,000")
    ] = None,
    years: Annotated[int | None, typer.Option(min=1, max=100, help="Years to run")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=MANY, help="Seed of every random number")] = None,
    threads: Annotated[int | None, typer.Option(min=1, max=1024, help="Threads; results are equal")] = None,
    scheme: Annotated[str | None, typer.Option(help="Another scheme: of the library, or a file")] = None,
    json: Json = False,
) -> None:
    """Say what hangs on numbers that nobody outside knows.

    The scenario is lived at many points of the ranges that its scheme gives in place of numbers, on the same draws.
    """
    from .cli_progress import Told

    with Told(quiet=json) as progress:
        found = cli_lab.lab().weights(
            scenario,
            number=draws,
            share=share,
            citizens=citizens,
            years=years,
            seed=seed,
            threads=threads,
            scheme=scheme,
            progress=progress,
        )
    say_json(found) if json else say(repr(found))


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="scheme, scenario, society, conduct, ...")],
) -> None:
    """Print the JSON Schema of one type of file, for an editor."""
    say_json(cli_lab.lab().schema(kind))


@new.command(name="scheme")
def new_scheme(file: NewFile) -> None:
    """Write a small scheme to start from.

    Every part is explained beside it. Nothing is ever overwritten.
    """
    _write("scheme", file, f"glasstown run rongcheng --scheme {file} --citizens 20000")


@new.command(name="scenario")
def new_scenario(file: NewFile) -> None:
    """Write a scenario to start from: who lives where, under which rules, for how long.

    Every part is explained beside it. Nothing is ever overwritten.
    """
    _write("scenario", file, f"glasstown run {file}")


def _write(kind: str, file: Path, run: str) -> None:
    from .cli_new import write_new

    write_new(kind, file)
    say(f"wrote {file}")
    say(f"check it   glasstown check {file}")
    say(f"run it     {run}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Wherever it stands: whoever adds --debug does so at the end of a line that just failed.
    debug = "--debug" in given
    given = [word for word in given if word != "--debug"]
    try:
        status = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        _close_output()
        return 0
    except GlasstownError as error:
        if debug:
            raise
        return _fail(str(error), error.exit_code)
    except OSError as error:
        if debug:
            raise
        if error.filename is None:
            _close_output()
        return _fail(f"cannot use {error.filename or 'a file'}: {error.strerror or error}", 3)
    except Exception as error:
        if debug:
            raise
        return _fail(
            f"Glasstown failed, and should not have: {type(error).__name__}: {error}\n"
            "    run it again with --debug for what a bug report needs",
            1,
        )
    return status


def _run(given: list[str]) -> int:
    try:
        status = get_command(app).main(given or ["--help"], prog_name="glasstown", standalone_mode=False)
    except typer.Exit as left:
        status = left.exit_code
    except (KeyboardInterrupt, typer.Abort):
        status = STOPPED
    except Exception as error:
        # Usage errors of Typer (or of Click, for older Typers) write themselves and know their status.
        if not (hasattr(error, "show") and hasattr(error, "exit_code")):
            raise
        error.show()
        status = error.exit_code
    if status == STOPPED:
        raise Interrupted("stopped; a run folder that was being written says how far it came")
    return status if isinstance(status, int) else 0


def _close_output() -> None:
    """Let what is left of standard output go nowhere: Python flushes it once more on the way out."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(text: str, status: int) -> int:
    sys.stderr.write(f"{text}\n")
    return status
