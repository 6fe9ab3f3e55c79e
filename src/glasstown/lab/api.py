"""What people call: run a scenario, open a run, compare two, check a file, see the library."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..engine.loop import Outcome, simulate
from ..engine.program import Program
from ..engine.scenario import Parts, build, load_parts
from ..errors import BadValue
from ..measure.balance import Balance, balance
from .checking import check, schema
from .folder import RunWriter
from .manifest import manifest_of, now
from .official import official
from .opened import Run
from .outcome_tables import barrier_tables, result_tables
from .overview import library, plan_text
from .picking import first_adult, life_to_tell
from .replications.registry import replicate, replications
from .weights import weights

__all__ = [
    "Progress",
    "Run",
    "check",
    "compare",
    "document",
    "first_adult",
    "library",
    "life_to_tell",
    "official",
    "open_run",
    "plan_text",
    "replicate",
    "replications",
    "run",
    "schema",
    "weights",
]

MOST_THREADS = 256
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def run(
    scenario: str | Path,
    *,
    citizens: int | None = None,
    years: int | None = None,
    seed: int | None = None,
    replicates: int | None = None,
    threads: int | None = None,
    pair: str | None = None,
    scheme: str | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Run a scenario beside its pair, and keep what comes out in a run folder.

    Parameters
    ----------
    scenario : a scenario of the library, or a file.
    citizens, years, seed, replicates : stand in for the scenario's own.
    threads : threads to use; the result is the same for any. Default: one for each core.
    pair, scheme : another other side, another scheme: a scheme or patch of the library, or a file.
    out : folder to write; default ``runs/<scenario>-<time>``.
    progress : called with what is being done, how much of it is done, and how much there is.

    Raises
    ------
    FileFaults, UnknownName, BadValue, Contradiction
        Where a file, a name or a value cannot be used; nothing is written then.
    RunFolderError
        Where the folder cannot be written.
    """
    parts = load_parts(
        scenario, citizens=citizens, years=years, seed=seed, replicates=replicates, pair=pair, scheme=scheme
    )
    if threads is not None and not 1 <= threads <= MOST_THREADS:
        raise BadValue(f"threads must be 1 to {MOST_THREADS}, not {threads}")
    seconds: dict[str, float] = {}
    began = time.monotonic()
    program = build(parts, progress)
    seconds["build"] = round(time.monotonic() - began, 3)
    folder = Path(out) if out is not None else _folder(parts.scenario.scenario)
    with RunWriter(folder, manifest_of(parts, program)) as writer:
        for name, loaded in parts.files().items():
            writer.file(f"scenario/{name}", loaded.text)
        began = time.monotonic()
        outcomes = _simulate(parts, program, threads, progress)
        seconds["run"] = round(time.monotonic() - began, 3)
        if progress:
            progress("writing the run folder", 0, 1)
        for name, table in result_tables(program, outcomes).items():
            writer.table(name, table)
        for name, table in barrier_tables(program, outcomes).items():
            writer.table(name, table, room="barrier")
        writer.finish(seconds=seconds, ended=now())
    return Run(folder, parts=parts, program=program)


def _simulate(parts: Parts, program: Program, threads: int | None, progress: Progress | None) -> list[Outcome]:
    from ..engine import cache

    replicates, windows = parts.scenario.replicates, program.clock.windows
    if progress and not cache.is_warm():
        progress("compiling the kernels (once; about 20 seconds)", 0, windows)

    outcomes = []
    for number in range(replicates):

        def told(done: int, of: int, before: int = number * windows) -> None:
            if progress:
                progress("living the months", before + done, of * replicates)

        outcome = simulate(program, number, threads=threads, progress=told)
        for side in outcome.sides:
            side.state = None
        outcomes.append(outcome)
    return outcomes


def _folder(scenario: str) -> Path:
    """Return a folder that is not there yet, named after the scenario and the time."""
    base = Path("runs") / f"{scenario}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    folder, again = base, 1
    while folder.exists():
        again += 1
        folder = base.with_name(f"{base.name}-{again}")
    return folder


def open_run(path: str | Path, *, progress: Progress | None = None) -> Run:
    """Open a run folder.

    Parameters
    ----------
    progress : told when the people are built again, as they are for the first life that is asked for.

    Raises
    ------
    RunFolderError
        Where there is none, or it is torn, unfinished, or of a newer form.
    """
    return Run(Path(path), progress=progress)


def document(run: Run) -> dict[str, Any]:
    """Return a run as one document: what the page shows of it, with a few lives told, as plain data."""
    from .document import document as told
    from .life import lives

    return told(run, lives=lives(run))


def compare(run_a: Run, run_b: Run) -> Balance:
    """Return the balance sheet of one run's scheme against another's, citizen for citizen.

    Raises
    ------
    Contradiction
        Where the two are not the same people in the same years on the same seed.
    """
    return balance(run_a, run_b)
