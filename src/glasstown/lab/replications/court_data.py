"""What was published of the court's list: totals by date, in millions, and where they stand."""

from __future__ import annotations

from datetime import date

__all__ = ["COMPLIED", "ENTRIES_2018", "FLIGHTS", "HELD_OUT", "LISTED", "RATIO_2018", "SOURCES", "TRAINS", "month_of"]

BEGAN = date(2013, 10, 1)
"""The first entries: October 2013."""

SOURCES = {
    "2014-01-15": "Shanghai Daily, 17 January 2014",
    "2014-12-31": "China Daily, 22 July 2015",
    "2017-11-08": "China Daily, 8 November 2017",
    "2017-12-31": "China Daily, January 2018",
    "2018-05-31": "China Daily, 22 June 2018",
    "2018-09-30": "China Daily and Shanghai Daily, 24 and 25 October 2018",
    "2018-12-31": "Shanghai Daily, 4 March 2019; SCMP, 18 February 2019",
    "2019-03-31": "SCMP, 2019 (economy/china-economy/article/3006763)",
    "2019-07-09": "Shanghai Daily and Xinhua, 11 and 12 July 2019",
    "report-2018": "National Public Credit Information Centre, lists of 2018, People's Daily Online, 15 February 2019",
}

LISTED = (
    ("2014-01-15", 0.0559, 0.3),
    ("2014-12-31", 0.70, 0.2),
    ("2017-11-08", 8.87, 0.03),
    ("2017-12-31", 9.59, 0.03),
    ("2018-09-30", 12.11, 0.03),
    ("2018-12-31", 12.9, 0.03),
)
"""Cumulative publications of persons and firms: date, millions, and the relative error that the fit allows.

"More than 700,000" and "nearly 13 million" are read as 0.70 and 12.9.
"""
COMPLIED = (("2018-05-31", 2.46, 0.05), ("2018-09-30", 3.22, 0.05), ("2018-12-31", 3.51, 0.05))
"""Cumulative number who complied."""
FLIGHTS = (("2017-12-31", 9.36), ("2018-05-31", 11.65), ("2018-09-30", 14.63), ("2018-12-31", 17.46))
"""Cumulative refusals of flights; that of May is the total of 2017 and the 2.29 million of January to May."""
TRAINS = (("2017-12-31", 3.67), ("2018-05-31", 4.417), ("2018-09-30", 5.22), ("2018-12-31", 5.47))
"""Cumulative refusals of fast trains; that of May is the total of 2017 and the 0.747 million of January to May."""
ENTRIES_2018 = 2.614
"""New subjects among judgment debtors in 2018, in millions."""
RATIO_2018 = 2.1752 / 3.594
"""Exits over entries of all lists together in 2018: 0.605."""
HELD_OUT = {
    "listed": (("2019-03-31", 13.49), ("2019-07-09", 14.5)),
    "flights": (("2019-03-31", 20.47), ("2019-07-09", 27.3)),
    "trains": (("2019-03-31", 5.71), ("2019-07-09", 6.0)),
}
"""Published after the years of the fit, and used in no fit; "more than 14.5" and "nearly 6" as they stand."""


def month_of(day: str) -> float:
    """Return the months from the list's beginning to the end of a day."""
    then = date.fromisoformat(day)
    whole = (then.year - BEGAN.year) * 12 + then.month - BEGAN.month
    return whole + min(then.day / 30.5, 1.0)
