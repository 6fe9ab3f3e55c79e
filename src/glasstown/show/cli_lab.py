"""What the command line asks of the lab, and how its commands find a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import Fault, RunFolderError

if TYPE_CHECKING:
    from ..lab.opened import Run

__all__ = ["Lab", "Progress", "Rows", "find_run", "lab", "opened"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class Rows(Protocol):
    """A table or a balance sheet: rows for machines; its ``repr`` is text for people."""

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows."""


class Lab(Protocol):
    """The part of :mod:`glasstown.lab.api` that the command line calls."""

    def run(
        self,
        scenario: str,
        *,
        citizens: int | None = None,
        years: int | None = None,
        seed: int | None = None,
        replicates: int | None = None,
        threads: int | None = None,
        pair: str | None = None,
        scheme: str | None = None,
        out: Path | None = None,
        progress: Progress | None = None,
    ) -> Run:
        """Run a scenario."""

    def open_run(self, path: Path, *, progress: Progress | None = None) -> Run:
        """Open a run folder."""

    def compare(self, run_a: Run, run_b: Run) -> Rows:
        """Return the balance sheet of one run against another."""

    def check(self, path: Path) -> Sequence[Fault]:
        """Return every fault of a file."""

    def library(self) -> Rows:
        """Return what comes with Glasstown."""

    def document(self, run: Run) -> Mapping[str, Any]:
        """Return what the page shows of a run."""

    def first_adult(self, run: Run) -> int:
        """Return a citizen who has a life to tell, at once."""

    def plan_text(self, scenario: str) -> str:
        """Return the order of the stages of a scenario."""

    def replications(self) -> Mapping[str, str]:
        """Return the titles of the replications, by name."""

    def replicate(
        self, name: str, citizens: int | None = None, seeds: int = 5, progress: Progress | None = None
    ) -> Any:
        """Run a replication over several seeds."""

    @property
    def official(self) -> Callable[..., Any]:
        """Live a scenario by its rules and with a hand on its files."""

    def weights(
        self,
        scenario: str,
        *,
        number: int = 32,
        share: float | None = None,
        citizens: int | None = None,
        years: int | None = None,
        seed: int | None = None,
        threads: int | None = None,
        scheme: str | None = None,
        progress: Progress | None = None,
    ) -> Rows:
        """Return what hangs on the numbers of a scheme that are known only in ranges."""

    def schema(self, kind: str) -> Mapping[str, Any]:
        """Return the JSON Schema of one type of file."""


def lab() -> Lab:
    """Return the lab, loaded now: it brings everything heavy with it."""
    from ..lab import api

    return api


def find_run(text: str, runs: Path = Path("runs")) -> Path:
    """Return the run folder that a person means: a path, a folder's name in ``runs``, or ``latest``."""
    if text == "latest":
        found = sorted(runs.glob("*/manifest.json"), key=lambda path: path.stat().st_mtime_ns)
        if not found:
            raise RunFolderError(f'there is no run in "{runs}" yet', "make one: glasstown run rongcheng")
        return found[-1].parent
    path = Path(text)
    return path if path.exists() or not (runs / text).exists() else runs / text


@contextmanager
def opened(run: str, quiet: bool = False) -> Iterator[Run]:
    """Open a run, and tell how far it is while its people are built again."""
    from .cli_progress import Told

    with Told(quiet=quiet) as progress:
        yield lab().open_run(find_run(run), progress=progress)
