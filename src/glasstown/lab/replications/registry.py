"""The replications by name, each loaded only when it is called."""

from __future__ import annotations

from collections.abc import Callable, Generator
from importlib import import_module
from inspect import signature
from types import ModuleType

from ...errors import BadValue, UnknownName
from ..steps import to_the_end
from .rows import Replication
from .seeds import over_seeds

__all__ = ["FEWEST", "NAMES", "SEEDS", "is_seeded", "replicate", "replications", "seed_by_seed"]

NAMES: dict[str, tuple[str, str]] = {
    "suining-case": ("suining", "The published case of Suining: fourteen missed repayments"),
    "court-list": ("court_list", "The court's list: stock and flow, fitted to 2018, predicted to 2025"),
    "court-list-people": ("court_list_people", "The court's list, person by person, beside its totals"),
    "credit-files": ("credit_files", "Wrong records in credit files"),
    "bayes-limits": ("bayes", "What a list is worth at a base rate"),
    "tax-bands": ("tax_bands", "The tax rating of firms: bands of 2018, carried on to 2020"),
    "colours": ("colours", "Environmental colours: fitted to Guangdong, held against other places"),
    "friends": ("friends", "Friends of officials score higher at equal conduct: a reconstruction"),
    "graders": ("graders", "Graders with friends: a reconstruction of Hmaidi's findings"),
    "responses": ("responses", "How people respond: chilling and deterrence"),
    "reach": ("reach", "Broken in one place, restricted everywhere: what the reach does"),
}
"""Module and title of each replication, by name."""

FEWEST = 1000
"""People below whom nothing can be seen."""
SEEDS = 5
"""Seeds over which each is run, unless told otherwise."""


def replications() -> dict[str, str]:
    """Return the titles of the replications, by name."""
    return {name: title for name, (_, title) in NAMES.items()}


def replicate(
    name: str,
    citizens: int | None = None,
    seeds: int = SEEDS,
    progress: Callable[[str, int, int], None] | None = None,
) -> Replication:
    """Run one replication over several seeds: figures are means, and the verdict is on the mean and its interval.

    Those that draw nobody by a seed (a case that is reckoned, a fit with intervals of its own) are run once.

    Parameters
    ----------
    citizens : people to simulate under each seed; each replication has its own default.
    seeds : how many seeds, from 1 on.
    progress : called with a word, the seeds done and all of them.

    Raises
    ------
    UnknownName, BadValue
        Where there is none of that name, or people are too few for anything to be seen.
    """
    return to_the_end(seed_by_seed(name, citizens, seeds), "living the seeds", progress)


def seed_by_seed(
    name: str, citizens: int | None = None, seeds: int = SEEDS
) -> Generator[tuple[int, int], None, Replication]:
    """Yield the seeds done and all of them before each that is lived, and return the table; see :func:`replicate`."""
    module = _module(name)
    if citizens is not None and citizens < FEWEST:
        raise BadValue(f"{citizens} citizens are too few to replicate anything", f"{FEWEST:,} are the least")
    if seeds < 1:
        raise BadValue(f"{seeds} seeds are none to replicate anything with", "1 is the least")
    people = {"citizens": citizens} if citizens else {}
    if not _draws(module):
        found: Replication = module.replication(**people)
        return found
    each = []
    for seed in range(1, seeds + 1):
        yield seed - 1, seeds
        each.append(module.replication(**people, seed=seed))
    return over_seeds(each)


def is_seeded(name: str) -> bool:
    """Return whether a replication lives people under seeds; the others are reckoned once."""
    return _draws(_module(name))


def _module(name: str) -> ModuleType:
    if name not in NAMES:
        raise UnknownName("replication", name, NAMES)
    return import_module(f".{NAMES[name][0]}", __package__)


def _draws(module: ModuleType) -> bool:
    return "seed" in signature(module.replication).parameters
