"""What a list is worth at a base rate: Bayes' formula beside a simulated list."""

from __future__ import annotations

from math import exp

from .rows import Replication, Row, share, verdict
from .worlds import act, keeper, lived, rule, world

__all__ = ["replication"]

SEEN, FALSE, YEARS = 0.9, 0.001, 2
REPLICATES = 4
RATES = (0.1, 0.01, 0.001, 0.0001)


def replication(citizens: int = 500_000, seed: int = 1) -> Replication:
    """Put people on a list at four base rates; compare the share of the rightly listed with the formula."""
    rows = tuple(_row(citizens, seed, rate) for rate in RATES)
    return Replication(
        "bayes-limits",
        "What a list is worth at a base rate",
        f"A register sees {share(SEEN, 0)} of the acts and writes {FALSE * 1000:g} false record for each 1,000 people "
        f"and year. Of those on the list after {YEARS} years, which share did anything? Published is Bayes' formula.",
        rows,
        (
            "The rarer the act, the more of the list is error, at the same quality of the register.",
            "The formula is exact for this world; a miss would be a fault of the engine. Three standard errors are "
            "allowed.",
        ),
    )


def _row(citizens: int, seed: int, rate: float) -> Row:
    given = world(
        citizens,
        YEARS,
        traits={"some": {"one": 0.5, "other": 0.5}},
        acts={"wrong": act(rate)},
        keepers={"register": keeper({"wrong": SEEN}, {"wrong": FALSE})},
        scheme={
            "lists": {"listed": {"title": "Listed", "exit": "none-declared", "permanent": True, "status": "assumed"}},
            "rules": {"listed": rule("wrong", 0, list="listed")},
        },
        seed=seed,
    )
    on = rightly = 0
    for replicate in range(REPLICATES):
        state = lived(given, replicate).state
        assert state is not None
        on += int((state.hold[:, 0] > 0).sum())
        rightly += int(((state.hold[:, 0] & 15) > (state.hold_why[:, 0] & 15)).sum())
    years = given.clock.first_day(given.clock.windows) / 365.25
    true, false = rate * SEEN * years, FALSE * years
    expected = (1 - exp(-true)) / (1 - exp(-true - false))
    found = rightly / max(on, 1)
    error = (expected * (1 - expected) / max(on, 1)) ** 0.5
    return Row(
        f"rightly listed, of {on:,} listed, where 1 in {1 / rate:,.0f} does it in a year",
        share(expected),
        share(found),
        f"{abs(found - expected) / error:.1f} standard errors" if error else "–",
        verdict(found, expected - 3 * error, expected + 3 * error),
        "arithmetic",
        "Bayes' formula",
    )
