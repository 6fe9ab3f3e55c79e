"""Dates, days and windows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.clock import Clock
from glasstown.errors import BadValue

CLOCKS = st.builds(
    lambda year, month, windows, months: Clock(date(year, month, 1), windows, months),
    st.integers(1950, 2100),
    st.integers(1, 12),
    st.integers(1, 1200),
    st.sampled_from([1, 2, 3, 6, 12]),
)


def test_months_of_a_leap_year() -> None:
    """The windows of 2016 are its calendar months."""
    clock = Clock(date(2016, 1, 1), 12)
    assert [clock.days(window) for window in range(12)] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert clock.first_day(12) == 366
    assert (clock.year_of(11), clock.month_of(11)) == (2016, 12)
    assert (clock.year_of(12), clock.month_of(12)) == (2017, 1)


@given(CLOCKS, st.integers(0, 200))
def test_windows_join(clock: Clock, window: int) -> None:
    """A window ends where the next begins, on the first of a month, and is as long as its months."""
    first = clock.date_of(clock.first_day(window))
    last = clock.date_of(clock.first_day(window) + clock.days(window)) - timedelta(days=1)
    assert first.day == 1
    assert (last + timedelta(days=1)).day == 1
    assert 28 * clock.months <= clock.days(window) <= 31 * clock.months
    months = (first.year - clock.start.year) * 12 + first.month - clock.start.month
    assert months == window * clock.months


@given(CLOCKS, st.integers(-20_000, 60_000))
def test_days_and_dates_are_inverse(clock: Clock, day: int) -> None:
    """A day's date is that day."""
    assert clock.day_of(clock.date_of(day)) == day


@pytest.mark.parametrize(
    ("start", "windows", "months", "says"),
    [
        (date(2016, 1, 2), 12, 1, "first of a month"),
        (date(2016, 1, 1), 0, 1, "1 to 1200"),
        (date(2016, 1, 1), 1201, 1, "1 to 1200"),
        (date(2016, 1, 1), 12, 5, "1, 2, 3, 6 or 12"),
    ],
)
def test_impossible_clocks_are_refused(start: date, windows: int, months: int, says: str) -> None:
    """A clock that could not work says why."""
    with pytest.raises(BadValue, match=says):
        Clock(start, windows, months)
