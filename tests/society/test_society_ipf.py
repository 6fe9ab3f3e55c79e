"""The fit and the rounding: margins met, totals kept, and two independent accounts agreed with."""

from __future__ import annotations

import humanleague
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from glasstown.errors import BadValue
from glasstown.society.ipf import apportion, fit, fit_table, margin_over, whole

shapes = hnp.array_shapes(min_dims=2, max_dims=4, min_side=2, max_side=4)
tables = shapes.flatmap(lambda shape: hnp.arrays(np.float64, shape, elements=st.floats(0.05, 10.0)))


def sum_over(table: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    return table.sum(axis=tuple(i for i in range(table.ndim) if i not in axes))


@given(tables)
@settings(max_examples=60, deadline=None)
def test_independent_margins_give_the_product(table: np.ndarray) -> None:
    table = table / table.sum()
    ones = [sum_over(table, (axis,)) for axis in range(table.ndim)]
    fitted = fit_table(np.ones(table.shape), [((axis,), one) for axis, one in enumerate(ones)])
    product = np.ones(table.shape)
    for axis, one in enumerate(ones):
        product *= one.reshape([-1 if i == axis else 1 for i in range(table.ndim)])
    np.testing.assert_allclose(fitted, product, atol=1e-9)


@given(tables, st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_pairs_of_axes_are_met(table: np.ndarray, salt: int) -> None:
    table = table / table.sum()
    pairs = [(axis, axis + 1) for axis in range(table.ndim - 1)]
    seed = 1 + (np.arange(table.size) * 2654435761 + salt) % 7
    fitted = fit_table(seed.reshape(table.shape), [(pair, sum_over(table, pair)) for pair in pairs])
    assert (fitted >= 0).all()
    for pair in pairs:
        np.testing.assert_allclose(sum_over(fitted, pair), sum_over(table, pair), atol=1e-9)


def test_the_oracle_agrees() -> None:
    shape = (5, 4, 3)
    truth = (1.0 + np.arange(60) % 11).reshape(shape)
    seed = (1.0 + np.arange(60) % 5).reshape(shape)
    pairs = [(0, 1), (1, 2)]
    margins = [sum_over(truth, pair) for pair in pairs]
    theirs, facts = humanleague.ipf(seed, [np.array(pair) for pair in pairs], margins)
    assert facts["conv"]
    ours = fit_table(seed, list(zip(pairs, margins, strict=True)))
    np.testing.assert_allclose(ours, theirs, rtol=1e-7)


def test_odds_ratios_of_the_seed_stay() -> None:
    seed = np.array([[4.0, 1.0], [1.0, 2.0]])
    fitted = fit_table(seed, [((0,), [0.3, 0.7]), ((1,), [0.6, 0.4])])
    ratio = fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0])
    assert ratio == pytest.approx(8.0)


def test_a_margin_without_room_is_told() -> None:
    margin = margin_over("rows", (2, 2), (0,), [0.5, 0.5])
    fitted = fit(np.array([0.0, 0.0, 1.0, 1.0]), [margin])
    assert fitted.residual == pytest.approx(0.5)
    assert fitted.worst == (0, 0)


def test_a_margin_of_another_shape_is_refused() -> None:
    with pytest.raises(BadValue, match="shape"):
        margin_over("rows", (2, 2), (0,), [1.0, 1.0, 1.0])


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=30).filter(lambda s: sum(s) > 0.01),
    st.integers(0, 10**9),
)
def test_shares_are_apportioned(shares: list[float], total: int) -> None:
    parts = apportion(shares, total)
    exact = np.array(shares) * (total / sum(shares))
    assert parts.sum() == total
    assert (np.abs(parts - exact) < 1 + 1e-6 * (1 + exact)).all()


def test_nothing_to_apportion() -> None:
    for shares in ([], [0.0], [-1.0, 2.0]):
        with pytest.raises(BadValue):
            apportion(shares, 10)


@given(tables, st.integers(1, 3000))
@settings(max_examples=60, deadline=None)
def test_whole_numbers_meet_the_margins(table: np.ndarray, people: int) -> None:
    totals = apportion(table.reshape(len(table), -1).sum(axis=1), people)
    flat = table.reshape(len(table), -1)
    flat = flat / flat.sum(axis=1, keepdims=True) * totals[:, None]
    margins = [
        margin_over(f"{axis}", table.shape, (axis,), np.zeros(table.shape[axis])) for axis in range(1, table.ndim)
    ]
    counts = whole(flat, totals, margins)
    assert (counts >= 0).all()
    np.testing.assert_array_equal(counts.sum(axis=1), totals)
    for margin in margins:
        assert np.abs(margin.sums(counts) - margin.sums(flat)).max() < 2
