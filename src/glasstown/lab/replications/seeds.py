"""One table out of those of several seeds: means, how far they spread, and the verdict on the mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from statistics import fmean, stdev

from ...measure.intervals import LEVEL, student
from .rows import Replication, Row, Verdict, verdict

__all__ = ["over_seeds"]

NUMBER = re.compile(r"(?<![\w.,-])[-+−]?\d[\d,]*(?:\.\d+)?(?![\w-])")


def over_seeds(found: Sequence[Replication]) -> Replication:
    """Return one replication out of the same one under several seeds."""
    first = found[0]
    if len(found) == 1:
        return first
    rows = tuple(_row([one.rows_[at] for one in found]) for at in range(len(first.rows_)))
    notes = tuple(_mean([one.notes[at] for one in found]) for at in range(len(first.notes)))
    about = (
        f"Figures are means over {len(found)} seeds, each of another society; beside them, the least and the most of "
        "them, and how far the 95 per cent interval of the mean reaches. A verdict is unsure where a bound lies in it."
    )
    return replace(first, rows_=rows, notes=(*notes, about))


def _row(rows: Sequence[Row]) -> Row:
    first, ours = rows[0], [row.ours for row in rows]
    return replace(
        first,
        what=_mean([row.what for row in rows]),
        ours=_mean(ours),
        far=_mean([row.far for row in rows]),
        verdict=_judged([row.verdict for row in rows]),
        seeds=_spread(ours),
    )


def _judged(verdicts: Sequence[str]) -> str:
    """Return the verdict on the mean; a bound that moves with the seed counts by its mean."""
    known = [one for one in verdicts if isinstance(one, Verdict)]
    if len(known) < len(verdicts):
        return verdicts[0] if len(set(verdicts)) == 1 else "unsure"
    ours = [one.ours for one in known]
    low, high = (fmean(getattr(one, name) for one in known) for name in ("low", "high"))
    return verdict(fmean(ours), low, high, _half(ours))


def _half(values: Sequence[float]) -> float:
    """Return half the width of the interval of a mean."""
    return student(LEVEL, len(values) - 1) * stdev(values) / sqrt(len(values))


def _numbers(texts: Sequence[str]) -> list[tuple[str, ...]] | None:
    """Return each figure's texts seed by seed; None where the words around them differ."""
    if len({NUMBER.sub("#", text) for text in texts}) > 1:
        return None
    return list(zip(*(NUMBER.findall(text) for text in texts), strict=True))


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def _written(value: float, like: Sequence[str]) -> str:
    """Return a number with as many digits as others are written with."""
    digits = len(like[0].partition(".")[2])
    sign = "+" if any(text.startswith("+") for text in like) else ""
    comma = "," if any("," in text for text in like) else ""
    return f"{value:{sign}{comma}.{digits}f}"


def _mean(texts: Sequence[str]) -> str:
    """Return a text with the means of its figures; where words differ, the commonest one."""
    figures = _numbers(texts)
    if figures is None:
        return max(texts, key=texts.count)
    means = iter(one[0] if len(set(one)) == 1 else _written(fmean(map(_value, one)), one) for one in figures)
    return NUMBER.sub(lambda _: next(means), texts[0])


def _spread(texts: Sequence[str]) -> str:
    """Return how far the figures of a row spread between seeds."""
    figures = _numbers(texts)
    if figures is None:
        return f"the same under {texts.count(max(texts, key=texts.count))} of {len(texts)}"
    moved = [one for one in figures if len(set(one)) > 1]
    told = []
    for one in moved:
        values = [_value(text) for text in one]
        told.append(f"{_written(min(values), one)} to {_written(max(values), one)}")
        if len(moved) == 1:
            told[-1] += f" (± {_written(_half(values), one).lstrip('+')})"
    return "; ".join(told) if told else "the same"
