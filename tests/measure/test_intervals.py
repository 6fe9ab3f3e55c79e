"""Intervals against closed forms and against their promise: 95 of 100 hold the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.measure.intervals import (
    Estimate,
    difference_of_ratios,
    ratio,
    ratio_of_difference,
    student,
)


@pytest.mark.parametrize(
    ("level", "freedom", "quantile"),
    [(0.95, 1, 12.7062047), (0.95, 9, 2.2621572), (0.99, 4, 4.6040949), (0.95, 10**6, 1.959966)],
)
def test_student(level: float, freedom: int, quantile: float) -> None:
    """The quantiles are those of any printed table of Student's t."""
    assert student(level, freedom) == pytest.approx(quantile, rel=1e-6)


def test_equal_cells_are_the_textbook_mean() -> None:
    """With cells of one size the ratio estimator is the mean and its t interval."""
    counts = np.array([3.0, 5, 4, 8, 6])
    found = ratio(counts, np.full(5, 10.0))
    half = 2.7764451 * counts.std(ddof=1) / math.sqrt(5) / 10
    assert found.value == pytest.approx(0.52)
    assert found.high == pytest.approx(0.52 + half, rel=1e-6)
    assert found.low == pytest.approx(0.52 - half, rel=1e-6)
    assert found.n == 5


def test_paired_difference_is_the_t_test_of_differences() -> None:
    """Two sides over equal cells give the paired t interval."""
    first, second, size = np.array([5.0, 7, 9, 6]), np.array([6.0, 9, 9, 9]), np.full(4, 2.0)
    found = difference_of_ratios(first, size, second, size)
    gap = (first - second) / 2
    half = 3.1824463 * gap.std(ddof=1) / 2
    assert found.value == pytest.approx(gap.mean())
    assert found.high == pytest.approx(gap.mean() + half, rel=1e-6)


def test_replicates_take_over_from_four_on() -> None:
    """Up to three replicates are pooled by cell; four are a sample of their own."""
    counts = np.arange(12.0).reshape(3, 4)
    assert ratio(counts, np.ones((3, 4))).n == 4
    counts = np.arange(16.0).reshape(4, 4)
    found = ratio(counts, np.ones((4, 4)))
    assert found.n == 4
    totals = counts.sum(axis=1)
    assert found.high == pytest.approx((totals.mean() + 3.1824463 * totals.std(ddof=1) / 2) / 4, rel=1e-6)


def test_nothing_to_divide_by() -> None:
    """A rate of nothing is not a number and has no interval."""
    found = ratio(np.zeros(5), np.zeros(5))
    assert math.isnan(found.value)
    assert found.low is None
    assert ratio([1.0], [2.0]).low is None


def test_clear_and_units() -> None:
    """An interval is clear if it leaves out zero; a negative factor swaps its ends."""
    assert Estimate(2, 1, 3, 9).clear
    assert not Estimate(2, -1, 3, 9).clear
    assert not Estimate(2, None, None, 1).clear
    assert Estimate(2, 1, 3, 9).times(-10) == Estimate(-20, -30, -10, 9)


@given(st.lists(st.integers(0, 50), min_size=2, max_size=30))
def test_equal_sides_differ_by_nothing(counts: list[int]) -> None:
    """A null change gives zero, and an interval of zero width."""
    size = np.arange(1.0, len(counts) + 1)
    found = difference_of_ratios(counts, size, counts, size)
    assert (found.value, found.low, found.high) == (0, 0, 0)


@pytest.mark.parametrize("size", [12, 60])
def test_coverage(size: int) -> None:
    """About 95 of 100 intervals hold the truth, for counts over cells of unequal size."""
    rng = np.random.default_rng(7)
    people = rng.integers(500, 4000, size).astype(float)
    held = held_change = 0
    for _ in range(1000):
        without = rng.poisson(people * 0.03)
        with_it = rng.binomial(without, 0.8)
        found = difference_of_ratios(with_it, people, without, people)
        change = ratio_of_difference(with_it, without, without)
        assert found.low is not None
        assert found.high is not None
        assert change.low is not None
        assert change.high is not None
        held += found.low <= -0.006 <= found.high
        held_change += change.low <= -0.2 <= change.high
    assert 0.92 <= held / 1000 <= 0.98
    assert 0.91 <= held_change / 1000 <= 0.98
