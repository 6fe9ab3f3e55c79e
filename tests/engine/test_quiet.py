"""Acts whose order changes nothing are lived kind by kind; nobody can tell from what comes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_twin import plain
from tiny import CONDUCT, SCHEMES, SOURCES, cited, differences, flat, lived, program, rate, rule, with_

from glasstown.engine.kernel_score import hundredth
from glasstown.engine.loop import _Simulation
from glasstown.engine.program import Program

FEARLESS = ("deterrence", "silence")
LITTER = {
    "title": "Litter",
    "domain": "social",
    "lawful": False,
    "rate": rate(3.0, will={"never": 2}),
    "responds": ["incapacitation"],
}


def littering(off: tuple[str, ...] = FEARLESS, pair: Any = "none", points: int = -35, **more: Any) -> Program:
    """Return a program with a kind of act that only a closed life moves, and one that nothing does."""
    scheme = with_(SCHEMES["simple"], rule("litter", "social", points), "rules", "litter")
    scheme = with_(scheme, rule("gossip", "social", 9), "rules", "gossip")
    record = {"coverage": cited(0.6), "delay_days": [0, 1]}
    return program(
        schemes=(scheme, pair),
        conduct=with_(CONDUCT, LITTER, "acts", "litter"),
        sources=with_(SOURCES, record, "keepers", "committee", "records", "litter"),
        off=off,
        **more,
    )


def drawn(world: Program) -> tuple[set[str], int, int]:
    """Live a program; return its quiet kinds, and of its last cell the quiet acts and the calm citizens."""
    simulation = _Simulation(world, 0, 1, None)
    for window in range(world.clock.windows):
        simulation.window(window, None)
    worker = simulation.workers[0]
    here = worker.here.tables
    kinds = {world.names.kinds[kind] for kind in np.flatnonzero(here.quiet)}
    return kinds, int(worker.drawn.quiet_start[-1]), int(here.calm[: world.cells[-1][1]].sum())


def test_acts_are_quiet_only_where_their_order_changes_nothing() -> None:
    """Nobody's fear may hang on them, and no other response; on both sides at once."""
    kinds, acts, calm = drawn(littering())
    assert kinds == {"gossip", "litter"}
    assert acts > 0
    assert calm > 0
    assert drawn(littering(off=()))[0] == {"gossip"}
    ranged = with_(SCHEMES["simple"], rule("gossip", "social", [1, 9]), "rules", "gossip")
    assert drawn(littering(pair=ranged))[0] == {"litter"}
    assert drawn(littering(aware=0.5))[0] == {"gossip"}


@pytest.mark.parametrize("pair", ["none", pytest.param("simple", marks=pytest.mark.nightly), "full"])
@pytest.mark.parametrize("points", [-35, pytest.param(-2, marks=pytest.mark.nightly), 14])
def test_kernels_equal_the_plain_twin_with_quiet_acts(pair: str, points: int) -> None:
    """Bit for bit: citizens near the worst band live theirs in order, all others kind by kind."""
    world = littering(pair=pair, points=points, windows=9, scale=2.0, seed=points & 7)
    assert differences(flat(lived(world)), plain(world)) == []


def test_fear_that_nothing_hangs_on_is_not_kept() -> None:
    """Perceived risk stands where it began once neither deterrence nor silence is on; else it moves."""
    for off, moves in ((FEARLESS, False), ((), True)):
        state = lived(littering(off=off)).sides[0].state
        assert (state.risk != state.risk[0]).any() == moves


def test_what_points_do_to_a_good_will_is_kept_only_where_acts_hang_on_it() -> None:
    """It stands where it began once crowding-out is off; else it moves."""
    for off, moves in (("crowding-out",), False), ((), True):
        state = lived(littering(off=off)).sides[0].state
        assert (state.motive != 255).any() == moves


@given(st.integers(-209_000_000, 209_000_000))
@settings(max_examples=300)
def test_a_hundredth_is_the_division(total: int) -> None:
    """What stands for ``total // 100`` in the kernels is just that for any sum of weighted points."""
    assert hundredth.py_func(total) == total // 100
