"""Grades that nobody of some traits can be above: for them and for nobody else, whatever the score."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from tiny import ASSUMED, SCHEMES, lived, program, total, with_, without

from glasstown.engine.program import Program
from glasstown.engine.standing import NO_FILE, grades


def _at_the_end(world: Program) -> np.ndarray[Any, Any]:
    state = lived(world).sides[0].state
    assert state is not None
    return grades(world, 0, state, world.clock.windows - 1)


def _worlds() -> tuple[Program, Program]:
    """Return a town in which farmers stand in S at best, which closes a door, and one in which they are free."""
    free = without(deepcopy(SCHEMES["decaying"]), "profile", "held")
    free = with_(free, {"refuse": {"grades": ["D"]}, **ASSUMED}, "doors", "loan")
    held = with_(free, {"trait": "work", "domain": "legal", "grade": {"farmer": "S"}, **ASSUMED}, "profile", "held")
    held = with_(held, {"under": "B", **ASSUMED}, "bands", "S")
    held = with_(held, {"refuse": {"grades": ["D", "S"]}, **ASSUMED}, "doors", "loan")
    return program(1280, 6, schemes=(held,), seed=11), program(1280, 6, schemes=(free,), seed=11)


def test_nobody_stands_above_the_ceiling() -> None:
    """Farmers whom the score puts into A or B stand in S, those below it stay below, and nobody else is in S."""
    held, free = _worlds()
    names, bare = held.schemes[0].band_names, free.schemes[0].band_names
    assert names == ("D", "C", "S", "B", "A")
    farmers = (held.words >> held.names.traits["work"].shift) & held.names.traits["work"].mask == 1
    farmers = farmers[: held.society.n]
    capped, alone = _at_the_end(held), _at_the_end(free)
    filed = capped != NO_FILE
    assert (filed == (alone != NO_FILE)).all()
    top = names.index("S")
    assert (capped[filed & farmers] <= top).all()
    assert (capped[filed & farmers] == top).any()
    assert not (capped[filed & ~farmers] == top).any()
    by_score = np.array([names.index(one) for one in bare])[np.where(filed, alone, 0)]
    expected = np.where(farmers, np.minimum(by_score, top), by_score)
    # a door that closes moves conduct: a few stand elsewhere
    assert (capped[filed] == expected[filed]).mean() > 0.9


def test_a_door_that_the_ceiling_closes_is_refused() -> None:
    """Where a door refuses the band, those whom the ceiling keeps in it are refused; without it they are not."""
    refused = [total(world, lived(world), "refused_grade")["loan"] for world in _worlds()]
    assert refused[0] > 3 * refused[1] + 30
