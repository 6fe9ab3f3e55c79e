"""How sure a number is: ratios of totals, their differences, and Student intervals around them.

The sample is either the *replicates* of a run (where there are at least four) or its *cells*: fixed blocks of
citizens. Cells differ in size, so every rate is a ratio of two totals, and its variance comes from the
linearised residuals of the ratio estimator [1]_. The two sides of a pair live on the same draws, so their
difference is taken cell by cell: what is common to both worlds cancels.

.. [1] W. G. Cochran, *Sampling Techniques*, 3rd edition, Wiley, 1977, chapter 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["FEWEST_REPLICATES", "Estimate", "difference_of_ratios", "ratio", "ratio_of_difference", "student"]

FEWEST_REPLICATES = 4
"""From this many replicates on they are the sample; below it, cells are."""

LEVEL = 0.95

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number and how sure it is.

    Attributes
    ----------
    value : the estimate; ``nan`` where it is not defined (a rate of nothing).
    low, high : the interval; ``None`` where the sample is too small for one.
    n : size of the sample: cells or replicates.
    """

    value: float
    low: float | None
    high: float | None
    n: int

    @property
    def clear(self) -> bool:
        """Return whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    def times(self, factor: float) -> Estimate:
        """Return the estimate in another unit."""
        ends = [None if end is None else end * factor for end in (self.low, self.high)]
        low, high = ends if factor >= 0 else ends[::-1]
        return Estimate(self.value * factor, low, high, self.n)


def student(level: float, freedom: int) -> float:
    """Return the two-sided quantile of Student's t: 12.7062 for 0.95 and 1 degree of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))


def ratio(numerator: npt.ArrayLike, denominator: npt.ArrayLike, level: float = LEVEL) -> Estimate:
    """Estimate a rate: the total of one count over the total of another.

    Parameters
    ----------
    numerator, denominator : counts by replicate and cell, or by cell alone.
    level : how often such intervals hold what they estimate.
    """
    top, bottom = _sample(numerator), _sample(denominator)
    value = _over(top.sum(), bottom.sum())
    return _interval(value, _residuals(top, bottom), level)


def difference_of_ratios(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    other_numerator: npt.ArrayLike,
    other_denominator: npt.ArrayLike,
    level: float = LEVEL,
) -> Estimate:
    """Estimate the difference of two rates over the same cells: the first minus the other, paired."""
    a, b = _sample(numerator), _sample(denominator)
    c, d = _sample(other_numerator), _sample(other_denominator)
    value = _over(a.sum(), b.sum()) - _over(c.sum(), d.sum())
    return _interval(value, _residuals(a, b) - _residuals(c, d), level)


def ratio_of_difference(
    numerator: npt.ArrayLike,
    other_numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    level: float = LEVEL,
) -> Estimate:
    """Estimate (first − other) over a third count, paired; with `other` below it: the relative change."""
    top = np.asarray(numerator, dtype=np.float64) - np.asarray(other_numerator, dtype=np.float64)
    return ratio(top, denominator, level)


def _sample(counts: npt.ArrayLike) -> Counts:
    """Return one number for each member of the sample: replicates where there are enough, else cells."""
    table = np.atleast_2d(np.asarray(counts, dtype=np.float64))
    return np.asarray(table.sum(axis=1 if table.shape[0] >= FEWEST_REPLICATES else 0))


def _residuals(top: Counts, bottom: Counts) -> Counts:
    total = bottom.sum()
    return (top - _over(top.sum(), total) * bottom) / (total if total else math.nan)


def _interval(value: float, residuals: Counts, level: float) -> Estimate:
    n = int(residuals.size)
    if n < 2 or not math.isfinite(value):
        return Estimate(value, None, None, n)
    half = student(level, n - 1) * math.sqrt(n / (n - 1) * float(np.square(residuals).sum()))
    return Estimate(value, value - half, value + half, n)


def _over(top: float, bottom: float) -> float:
    return float(top) / float(bottom) if bottom else math.nan
