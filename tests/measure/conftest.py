"""Runs made without an engine, shared by the tests of this room."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_run import FakeRun, fake_run


@pytest.fixture(scope="session")
def run() -> FakeRun:
    """Return a run of two sides, 40 cells, two years."""
    return fake_run()


@pytest.fixture(scope="session")
def one_side() -> FakeRun:
    """Return a run without a pair."""
    return fake_run(sides=("scheme",), citizens=8_000, years=1)


@pytest.fixture(scope="session")
def null_pair() -> FakeRun:
    """Return a run whose two sides are equal."""
    return fake_run(effect=0, citizens=8_000, years=1)
