"""Numbers as people read them."""

from __future__ import annotations

import math

__all__ = ["between", "lasting", "number", "percent"]

MINUS = "−"


def lasting(years: float) -> str:
    """Return a time: ``1 year``, ``2.5 years``."""
    return "1 year" if years == 1 else f"{years:g} years"


def number(value: float | None, sign: bool = False) -> str:
    """Return a number with three figures that count: ``1,234``, ``12.3``, ``−0.0123``; a dash for none.

    Parameters
    ----------
    sign : whether a plus is written before what is more than nothing.
    """
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    rounded = round(value, 2 - size) if size < 3 else round(value)
    digits = 0 if abs(rounded) >= 100 else min(6, max(0, 2 - math.floor(math.log10(abs(rounded)))))
    text = f"{abs(rounded):,.{digits}f}"
    if "." in text and not text.strip("0.,"):
        return "0"
    return (MINUS if rounded < 0 else "+" if sign else "") + text


def percent(value: float | None, sign: bool = False) -> str:
    """Return a share in per cent, in as few figures as it needs: ``28 %``, ``2.4 %``, ``0.031 %``."""
    if value is None or not math.isfinite(value):
        return "–"
    text = f"{abs(value):.0f}" if abs(value) >= 10 else f"{abs(value):.2g}" if value else "0"
    return (MINUS if value < 0 else "+" if sign and value > 0 else "") + text + " %"


def between(low: float | None, high: float | None) -> str:
    """Return an interval as ``1.2 to 3.4``; nothing where there is none."""
    return "" if low is None or high is None else f"{number(low)} to {number(high)}"
