"""Dates, days counted from the start of a scenario, and windows of calendar months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from .errors import BadValue

__all__ = ["DAYS_PER_YEAR", "Clock"]

DAYS_PER_YEAR = 365.25


@lru_cache(maxsize=8192)
def _months_after(start: date, months: int) -> tuple[int, date]:
    """Return the first day of a later month, counted from `start`, and its date."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    then = date(year, month + 1, 1)
    return (then - start).days, then


@dataclass(frozen=True, slots=True)
class Clock:
    """The windows of a scenario.

    Attributes
    ----------
    start : first day; always the first of a month.
    windows : number of windows.
    months : length of a window in calendar months.
    """

    start: date
    windows: int
    months: int = 1

    def __post_init__(self) -> None:
        if self.start.day != 1:
            raise BadValue(f"a scenario starts on the first of a month, not on {self.start}")
        if self.windows < 1 or self.windows > 1200:
            raise BadValue(f"a scenario has 1 to 1200 windows, not {self.windows}")
        if self.months not in (1, 2, 3, 6, 12):
            raise BadValue(f"a window is 1, 2, 3, 6 or 12 months, not {self.months}")

    def first_day(self, window: int) -> int:
        """Return the first day of `window`, counted from the start of the scenario."""
        return _months_after(self.start, window * self.months)[0]

    def days(self, window: int) -> int:
        """Return the length of `window` in days."""
        return self.first_day(window + 1) - self.first_day(window)

    def day_of(self, when: date) -> int:
        """Return a date as a day counted from the start; negative before it."""
        return (when - self.start).days

    def date_of(self, day: int) -> date:
        """Return the date of a day counted from the start."""
        return self.start + timedelta(days=day)

    def year_of(self, window: int) -> int:
        """Return the calendar year in which `window` starts."""
        return _months_after(self.start, window * self.months)[1].year

    def month_of(self, window: int) -> int:
        """Return the calendar month (1 to 12) in which `window` starts."""
        return _months_after(self.start, window * self.months)[1].month
