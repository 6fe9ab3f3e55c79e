"""How everybody stands, window by window, while a run goes on."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import SCHEMES, differences, flat, lived, program

from glasstown.engine.loop import windows
from glasstown.engine.measures import M_GRADE
from glasstown.engine.standing import NO_FILE, grades


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_grades_are_those_that_are_counted(scheme: str) -> None:
    """Everybody's grade at each window's end adds up to what the run counts, in every place."""
    world = program(640, 8, schemes=(scheme,), seed=3, scale=2.0)
    seen = 0
    for window, outcome in enumerate(windows(world)):
        side = outcome.sides[0]
        assert side.state is not None
        held = grades(world, 0, side.state, window)
        bands = len(world.schemes[0].band_names)
        base = int(world.catalogues[0].base[M_GRADE])
        for place in range(world.places):
            first, end = world.society.place_start[place : place + 2]
            here = held[first:end]
            counted = np.bincount(here[here != NO_FILE], minlength=bands)
            assert counted.tolist() == side.place[window, place, base : base + bands].tolist()
            seen += int(counted.sum())
    assert seen > 0


def test_a_side_is_the_same_alone_and_beside_another() -> None:
    """A scheme's side of a pair is, in every count and state, what it is when it is lived alone."""
    names = sorted(SCHEMES)[:2]
    pair = flat(lived(program(640, 8, schemes=tuple(names), seed=5, scale=2.0)))
    for at, name in enumerate(names):
        alone = flat(lived(program(640, 8, schemes=(name,), seed=5, scale=2.0)))
        beside = {key: value for key, value in pair.items() if key.startswith(f"{at}/")}
        ours = {key.removeprefix("0/"): value for key, value in alone.items()}
        theirs = {key.removeprefix(f"{at}/"): value for key, value in beside.items()}
        shared = {
            key: (a[..., : min(a.shape[-1], b.shape[-1])], b[..., : min(a.shape[-1], b.shape[-1])])
            for key, a in ours.items()
            if (b := theirs.get(key)) is not None
        }
        assert len(shared) == len(ours)
        assert differences({k: a for k, (a, _) in shared.items()}, {k: b for k, (_, b) in shared.items()}) == []
