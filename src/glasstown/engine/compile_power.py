"""Compiling what a scheme does beside points, and who knows of it: rows of the tables of one side and of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .. import draws
from ..conduct.types import Response
from ..errors import BadValue
from ..records.types import Source
from ..scheme.compile import CompiledScheme
from ..scheme.power import Power
from .layout import NEEDS_ABILITY
from .tables import A_FLAGS

__all__ = ["EVERYBODY", "aware_below", "power_row", "simple_rules", "visits_of", "worst_by_kind"]

I64 = npt.NDArray[np.int64]
EVERYBODY = 1 << 32


def aware_below(response: Response) -> int:
    """Return the word below which a citizen knows of being scored; all do at 2³²."""
    return EVERYBODY if response.awareness is None else round(response.awareness.value * EVERYBODY)


def visits_of(name: str, keeper: Source, months: int) -> tuple[int, int]:
    """Return a source's visits for each adult and window in 2³² (0 for one that does not visit), and the decision."""
    if keeper.visits is None:
        return 0, 0
    share = keeper.visits.per_1000.value / 1000 * months / 12
    if share > 1:
        raise BadValue(
            f'"{name}" would visit everybody {share:.3g} times in a window', "fewer visits, or shorter windows"
        )
    return max(1, round(share * EVERYBODY)), draws.decision_id(f"visit/{name}")


def power_row(scheme: CompiledScheme, pair_names: Sequence[str], months: int) -> I64:
    """Return the row of ``X_*`` of one side.

    Raises
    ------
    BadValue
        Where officials make up records that their source does not write.
    """
    power = scheme.power
    pair = -1
    if power.quota:
        name = f"{power.quota_source}/{power.quota_record}"
        if name not in pair_names:
            able = sorted(one.partition("/")[0] for one in pair_names if one.endswith(f"/{power.quota_record}"))
            raise BadValue(
                f'officials cannot put "{power.quota_record}" down to "{power.quota_source}", which does not write it',
                f"sources that do: {', '.join(able)}" if able else "no source does",
            )
        pair = list(pair_names).index(name)
    return np.array(
        [
            int(power.pass_ties.any()),
            int(_officers(power)),
            power.friends,
            power.spare,
            power.critics,
            power.press_chance,
            power.press,
            power.quota * months,
            pair,
        ],
        np.int64,
    )


def _officers(power: Power) -> bool:
    """Return whether officials look at postings."""
    return bool((power.spare > 0 and power.friends >= 0) or (power.press > 0 and power.press_chance > 0))


def worst_by_kind(scheme: CompiledScheme) -> I64:
    """Return the most by which one record of each kind can lower the score, never too little.

    It is more than any score where a rule can put somebody on a list, which closes doors at any score.
    """
    power = scheme.power
    harsher = max(100 + (int(power.press) if power.press_chance > 0 else 0), int(power.pass_share.max(initial=0)))
    loss = np.maximum(0, -scheme.rule_low.astype(np.int64)) * scheme.weights[scheme.rule_domain] * harsher
    worst = np.where(scheme.rule_hold >= 0, 1 << 20, -(-loss // 10_000) + (loss > 0))
    return np.diff(np.concatenate([[0], np.cumsum(worst)])[scheme.rule_start]).astype(np.int64)


def simple_rules(scheme: CompiledScheme, act: I64) -> I64:
    """Return the rule of each kind that one simple rule posts, see :mod:`glasstown.engine.kernel_simple`; else -1."""
    power = scheme.power
    never = (scheme.rule_term, scheme.rule_repair, scheme.rule_cap, scheme.rule_hold, scheme.rule_when)
    simple = np.all([column < 0 for column in never], axis=0) & (power.pass_ties == 0)
    first, many = scheme.rule_start[:-1], np.diff(scheme.rule_start)
    owed = (act[:, A_FLAGS] & NEEDS_ABILITY) != 0
    able = np.array([count == 1 and bool(simple[r]) for r, count in zip(first, many, strict=True)], bool)
    return np.where(able & ~owed & (scheme.grace == 0) & (not _officers(power)), first, -1).astype(np.int64)
