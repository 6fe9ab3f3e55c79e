"""What a replay draws at once for a block is what the plain twin draws window by window."""

from __future__ import annotations

from datetime import date

import tiny_firms
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import CONDUCT, DOORS, SOURCES, grown_ups, no_ages, program

from glasstown.engine.plain_events import candidates
from glasstown.engine.program import Program
from glasstown.lab.drawing import candidates_of


def unlike(world: Program) -> list[tuple[int, int]]:
    """Return the subjects and windows whose candidates differ, and see that there are any."""
    out, seen = [], 0
    for who in world.everyone.tolist():
        drawn = candidates_of(world, who)
        for window in range(world.clock.windows):
            plainly = candidates(world, who, window)
            seen += len(plainly)
            if sorted(drawn(world, who, window)) != sorted(plainly):
                out.append((who, window))
    assert seen > 0
    return out


@settings(max_examples=12, deadline=None)
@given(
    citizens=st.integers(64, 200),
    months=st.sampled_from([1, 2, 3, 12]),
    windows=st.integers(1, 14),
    seed=st.integers(0, 2**32 - 1),
    start=st.dates(date(2015, 1, 1), date(2016, 12, 1)).map(lambda day: day.replace(day=1)),
    scale=st.sampled_from([0.5, 3.0]),
)
def test_a_block_is_drawn_at_once(
    citizens: int, months: int, windows: int, seed: int, start: date, scale: float
) -> None:
    """Whatever the program, everybody's candidates are the same, window by window."""
    many = max(1, windows // months)
    assert unlike(program(citizens, many, months=months, seed=seed, start=start, scale=scale)) == []


def test_a_block_of_companies_is_drawn_at_once() -> None:
    """Each class of subjects has streams and words of its own."""
    assert unlike(tiny_firms.program(windows=4)) == []


def test_a_block_is_drawn_at_once_where_nobody_has_an_age() -> None:
    """Where the society has no ages, everybody is grown up."""
    parts = {"conduct": no_ages(CONDUCT), "sources": no_ages(SOURCES), "doors": no_ages(DOORS)}
    assert unlike(program(people=grown_ups(130), windows=4, scale=2.0, schemes=("simple", "none"), **parts)) == []
