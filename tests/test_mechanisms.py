"""The benchmark of mechanisms takes out what it says."""

from __future__ import annotations

import sys

import pytest

from glasstown.scheme.compile import compile_scheme
from house import ROOT

sys.path.insert(0, str(ROOT))
from benchmarks.mechanisms import MECHANISMS, whole, without


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_one_mechanism_is_taken_out(mechanism: str) -> None:
    """The nightmare has every mechanism; without one, it is another scenario, and its scheme still compiles."""
    parts = whole("nightmare", citizens=1000, years=1)
    other = without(parts, mechanism)
    compile_scheme(other.schemes[0].model, other.names(), other.scenario.clock())
    changed = [
        parts.schemes[0].model != other.schemes[0].model,
        parts.sources.value != other.sources.value,
        parts.doors.value != other.doors.value,
        parts.scenario.switches != other.scenario.switches,
    ]
    assert any(changed)
    if mechanism == "lists":
        assert not other.schemes[0].model.lists
    if mechanism == "losses passed on":
        assert all(rule.passes_on is None for rule in other.schemes[0].model.rules.values())
