"""Numbers are written as people read them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.measure.words import between, number, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (0.0, "0"),
        (-0.0, "0"),
        (1234567.8, "1,234,568"),
        (999.96, "1,000"),
        (12.345, "12.3"),
        (9.999, "10.0"),
        (-0.012345, "−0.0123"),
        (1e-12, "0"),
    ],
)
def test_number(value: float | None, text: str) -> None:
    """Three figures, a true minus, no nought with a sign."""
    assert number(value) == text


def test_signs_and_shares() -> None:
    """Signs are written where they are asked for."""
    assert number(12.0, sign=True) == "+12.0"
    assert percent(-28.16) == "−28 %"
    assert percent(2.44, sign=True) == "+2.4 %"
    assert percent(None) == "–"
    assert between(-1, 2) == "−1.00 to 2.00"
    assert between(None, 2) == ""


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_reads_back(value: float) -> None:
    """What is written is within half a per cent of what is meant."""
    back = float(number(value).replace(",", "").replace("−", "-"))
    assert back == pytest.approx(value, rel=5.1e-3, abs=1e-6)
