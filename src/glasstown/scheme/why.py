"""Why a door stayed shut: the smallest change to a file that would have opened it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import comb

from .score import Posting, refused_by, standing, sums
from .types import SchemeModel

__all__ = ["MOST_TRIED", "smallest_change"]

MOST_TRIED = 50_000


def smallest_change(model: SchemeModel, postings: Sequence[Posting], door: str) -> tuple[Posting, ...] | None:
    """Return the fewest postings (and among them the fewest points) without which the door would have opened.

    All sets of a size are tried, smallest first, as long as no more than :data:`MOST_TRIED` sets are tried; beyond,
    the answer is found by leaving out the heaviest posting again and again and then putting back what was not
    needed. Such an answer opens the door, and no posting of it can be kept, but a smaller set may exist.

    Parameters
    ----------
    postings : those that count on the day.

    Returns
    -------
    The postings, in their order; empty where the door is not closed; None where no postings of this file close it.
    """
    everything = range(len(postings))
    if _opens(model, postings, door, frozenset()):
        return ()
    useful = [at for at in everything if postings[at].points < 0 or postings[at].hold]
    if not _opens(model, postings, door, frozenset(useful)):
        return None
    greedy = _greedy(model, postings, door, useful)
    tried = 0
    for size in range(1, len(greedy) + 1):
        tried += comb(len(useful), size)
        if tried > MOST_TRIED:
            break
        found = [without for without in combinations(useful, size) if _opens(model, postings, door, frozenset(without))]
        if found:
            best = min(found, key=lambda without: (_points(postings, without), without))
            return tuple(postings[at] for at in best)
    return tuple(postings[at] for at in sorted(greedy))


def _points(postings: Sequence[Posting], chosen: Sequence[int]) -> int:
    return sum(abs(postings[at].points) for at in chosen)


def _opens(model: SchemeModel, postings: Sequence[Posting], door: str, without: frozenset[int]) -> bool:
    kept = [posting for at, posting in enumerate(postings) if at not in without]
    holds = {posting.hold for posting in kept if posting.hold}
    score, grade = standing(model, sums(kept), holds)
    return not refused_by(model, door, score, grade, holds)


def _greedy(model: SchemeModel, postings: Sequence[Posting], door: str, useful: Sequence[int]) -> list[int]:
    def weight(at: int) -> tuple[bool, int]:
        return bool(postings[at].hold), -postings[at].points * model.weight(postings[at].domain)

    out: list[int] = []
    for at in sorted(useful, key=weight, reverse=True):
        out.append(at)
        if _opens(model, postings, door, frozenset(out)):
            break
    for at in list(out):
        rest = [other for other in out if other != at]
        if _opens(model, postings, door, frozenset(rest)):
            out = rest
    return out
