"""Stock and flow of the court's list, month by month: the engine's account of a list as expectations.

Entries come at a rate that rises to a plateau. Who can pay leaves at one hazard of doing what is owed, who cannot at
a smaller one; some entries have a term of two years; some end for other reasons. Many settings of the numbers are
drawn from ranges in proportion to how well they meet what was published until 2018, and every one of them is
carried on to 2025. Nothing of it knows a figure from 2019 on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...draws import words_over
from .court_data import COMPLIED, ENTRIES_2018, FLIGHTS, LISTED, RATIO_2018, TRAINS, month_of

__all__ = ["CHAINS", "F64", "RANGES", "YEARS", "Fitted", "Flow", "fitted", "flow", "quantiles"]

F64 = npt.NDArray[np.float64]
CHAINS, STEPS, PILOTS = 2000, 300, 20_000
YEARS = tuple(range(2019, 2026))
MONTHS = 12 * 12 + 3
"""October 2013 to December 2025."""
FITTED_MONTHS = 63
"""October 2013 to December 2018."""
KEY = (2018, 0)

RANGES: dict[str, tuple[str, float, float, str]] = {
    "plateau": ("log", 0.22, 0.45, "publications a month once the list is in full use, in millions"),
    "ramp": ("even", 8.0, 45.0, "months in which the courts take the list up"),
    "bend": ("even", 1.0, 2.5, "how slowly they begin: 1 is a steady approach to the plateau"),
    "subjects": ("even", 0.6, 0.95, "share of publications about subjects who are not on the list already"),
    "able": ("even", 0.42, 0.72, "share who can pay (no assets are found in about 43 % of cases)"),
    "hazard": ("log", 0.08, 1.5, "a year: those who can pay do so"),
    "unable": ("even", 0.0, 0.25, "the same of those who cannot, beside those who can"),
    "termed": ("even", 0.02, 0.25, "share of entries with a term of two years"),
    "other": ("even", 0.0, 0.06, "a year: other exits (withdrawn, corrected, death)"),
    "flights": ("log", 0.7, 1.4, "refused flights at the end of 2018, beside those of the last quarter"),
    "flights-growth": ("even", 0.2, 1.2, "a year: growth of refused flights for each listed, as 2018 ends"),
    "trains": ("log", 0.6, 1.4, "refused trains, beside the mean of 2018"),
    "trains-growth": ("even", -0.3, 0.3, "a year: growth of refused trains for each listed"),
    "fading": ("even", 0.3, 1.0, "years in which such growth fades by half"),
    "drift": ("normal", 0.0, 0.15, "a year: drift of the entries after 2018 (a random walk)"),
}
"""Where the numbers are drawn from: kind, bounds (or mean and spread), and what they mean. All are assumed."""
FIT_BY = ("plateau", "ramp", "bend", "subjects", "able", "hazard", "unable", "termed", "other")
"""Those on which what was published until 2018 depends."""


@dataclass(frozen=True)
class Flow:
    """Months in rows, settings in columns: millions at each month's end, or within it."""

    published: F64
    entered: F64
    left: F64
    complied: F64
    stock: F64
    flights: F64
    trains: F64

    def at(self, name: str, day: str) -> F64:
        """Return a cumulative count on a day."""
        total = np.vstack([np.zeros(self.stock.shape[1]), np.cumsum(getattr(self, name), axis=0)])
        month = month_of(day)
        low = int(month)
        high = min(low + 1, len(total) - 1)
        between: F64 = total[low] + (month - low) * (total[high] - total[low])
        return between

    def year(self, name: str, year: int) -> F64:
        """Return the sum of a flow over a year, or a stock at its end."""
        first = (year - 2013) * 12 - 9
        rows = getattr(self, name)[max(first, 0) : first + 12]
        found: F64 = rows[-1] if name == "stock" else rows.sum(axis=0)
        return found


def _chances(draws: int, turn: int) -> dict[str, F64]:
    """Return that many settings of the numbers, as chances from 0 to 1."""
    return {
        name: np.array([_even(draws, name, turn, at) for at in range(len(YEARS) if name == "drift" else 1)])
        for name in RANGES
    }


def _even(draws: int, name: str, turn: int, at: int = 0) -> F64:
    found: F64 = (words_over(KEY, np.arange(draws), f"court-list/{name}", turn, at)[:, 0] + 0.5) / 2**32
    return found


def _values(chances: dict[str, F64]) -> dict[str, F64]:
    """Return the numbers that chances stand for."""
    from scipy.special import ndtri

    out = {}
    for name, (kind, low, high, _) in RANGES.items():
        u = chances[name]
        value = low * (high / low) ** u if kind == "log" else low + (high - low) * u
        value = low + high * ndtri(u) if kind == "normal" else value
        out[name] = value if name == "drift" else value[0]
    return out


@dataclass(frozen=True)
class Fitted:
    """Settings that meet what was published until 2018, and what they lead to; all count alike.

    Attributes
    ----------
    moved : share of the steps that were taken.
    """

    values: dict[str, F64]
    flow: Flow
    moved: float


def fitted(chains: int = CHAINS, steps: int = STEPS) -> Fitted:
    """Return settings drawn from the ranges in proportion to how well they meet what was published.

    Many chains walk at once (Metropolis), from the better settings of a first look; their steps have the shape of
    the cloud that they form. Numbers that nothing published depends on are drawn from their ranges.
    """
    from scipy.special import ndtri

    look = _chances(PILOTS, 0)
    log = _log_likelihood(flow(_values(look), months=FITTED_MONTHS))
    best = np.argsort(-log)[: max(chains // 4, 50)]
    at = np.stack([look[name][0] for name in FIT_BY])[:, np.resize(best, chains)]
    log, rest, moved = log[np.resize(best, chains)], _chances(chains, 1), 0.0
    for step in range(steps):
        if step % 25 == 0:
            shape = np.linalg.cholesky(np.cov(at) * 2.4**2 / len(FIT_BY) / 2 + np.eye(len(FIT_BY)) * 1e-6)
        push = shape @ np.stack([ndtri(_even(chains, f"step/{name}", step)) for name in FIT_BY])
        there = at + push
        inside = ((there > 0) & (there < 1)).all(axis=0)
        tried = rest | {name: np.clip(there[i : i + 1], 0, 1) for i, name in enumerate(FIT_BY)}
        new = np.where(inside, _log_likelihood(flow(_values(tried), months=FITTED_MONTHS)), -np.inf)
        take = np.log(_even(chains, "take", step)) < new - log
        at, log = np.where(take, there, at), np.where(take, new, log)
        moved += float(take.mean()) / steps
    values = _values(rest | {name: at[i : i + 1] for i, name in enumerate(FIT_BY)})
    return Fitted(values, flow(values), moved)


def flow(s: dict[str, Any], graded: float = 1.0, months: int = MONTHS) -> Flow:
    """Carry settings from October 2013 to December 2025.

    Parameters
    ----------
    graded : entries at the end of 2025 beside what they would be without grace and a look at assets, reached in equal
        steps from 2020 on; 1 for the rules of 2018 throughout.
    """
    n = len(s["plateau"])
    out = {name: np.zeros((months, n)) for name in Flow.__dataclass_fields__}
    able, unable, termed = np.zeros(n), np.zeros(n), np.zeros(n)
    slow = s["hazard"] * s["unable"]
    middle = s["able"] * s["hazard"] + (1 - s["able"]) * slow
    walk = np.cumsum(s["drift"], axis=0)
    untermed = 1 - s["termed"]
    for t in range(months):
        pace = s["plateau"] * (1 - np.exp(-(((t + 0.5) / s["ramp"]) ** s["bend"])))
        year = (t + 9) // 12 + 2013
        if year > 2018:
            pace = pace * np.exp(walk[year - 2019])
        if year >= 2020:
            pace = pace * (1 + (graded - 1) * min((t - 74) / 72, 1.0))
        out["published"][t] = pace
        new = out["entered"][t] = pace * s["subjects"]
        left = np.zeros(n)
        for pool, hazard, share in (
            (able, s["hazard"], untermed * s["able"]),
            (unable, slow, untermed * (1 - s["able"])),
            (termed, middle, s["termed"]),
        ):
            out_of = pool * (1 - np.exp(-(hazard + s["other"]) / 12))
            out["complied"][t] += out_of * hazard / np.maximum(hazard + s["other"], 1e-12)
            pool += new * share - out_of
            left += out_of
        if t >= 24:
            over = out["entered"][t - 24] * s["termed"] * np.exp(-2 * (middle + s["other"]))
            termed -= over
            left += over
        out["left"][t] = left
        out["stock"][t] = able + unable + termed
    _doors(s, out)
    return Flow(**out)


def _doors(s: dict[str, Any], out: dict[str, F64]) -> None:
    """Count refusals: a rate for each who is listed, which grows and fades after 2018."""
    end = 62  # December 2018
    for name, seen, months in (("flights", FLIGHTS, 3), ("trains", TRAINS, 12)):
        recent = seen[-1][1] - seen[-2 if months == 3 else 0][1]
        each = s[name] * recent / out["stock"][end - months + 1 : end + 1].sum(axis=0)
        keep = 0.5 ** (1 / (12 * s["fading"]))
        for t in range(end + 1, len(out["stock"])):
            grown = s[f"{name}-growth"] / 12 * (1 - keep ** (t - end)) / (1 - keep)
            out[name][t] = out["stock"][t] * each * np.exp(grown)
        out[name][end] = seen[-1][1]


def _log_likelihood(found: Flow) -> F64:
    """Return how well each setting meets what was published until 2018."""
    log = np.zeros(found.stock.shape[1])
    for name, seen in (("published", LISTED), ("complied", COMPLIED)):
        for day, value, error in seen:
            log -= 0.5 * ((found.at(name, day) / value - 1) / error) ** 2
    log -= 0.5 * ((found.year("entered", 2018) / ENTRIES_2018 - 1) / 0.05) ** 2
    # The ratio is that of all lists; that of the court's may well differ, hence the wide error.
    ratio = found.year("left", 2018) / found.year("entered", 2018)
    log -= 0.5 * ((ratio - RATIO_2018) / 0.12) ** 2
    return log


def quantiles(values: F64, at: tuple[float, ...] = (0.05, 0.5, 0.95)) -> list[float]:
    """Return quantiles over the settings."""
    return [float(one) for one in np.quantile(values, at)]
