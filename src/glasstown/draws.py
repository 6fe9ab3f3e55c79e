"""Counter-based random numbers: every number is a pure function of what it decides.

The generator is Philox4x32-10 [1]_. There is no state: a word is named by the seed and the replicate
(the key) and by subject, decision, occasion and index (the counter). Decisions are named by stable
strings, hashed to 32 bits, so that adding or reordering decisions changes no other word.

This module holds the plain version (Python integers) and the version over NumPy arrays; the compiled
one stands in :mod:`glasstown.draws_compiled`. The three are equal, bit for bit.

.. [1] J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3",
   SC'11, 2011, doi 10.1145/2063384.2063405.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .errors import Contradiction

__all__ = ["check_decisions", "decision_id", "philox", "words", "words_over"]

MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
ROUNDS = 10
MASK = 0xFFFFFFFF


@lru_cache(maxsize=65_536)
def decision_id(name: str) -> int:
    """Return the 32-bit number of a decision's stable name, such as ``act/red-light``."""
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "little")


def check_decisions(names: Iterable[str]) -> None:
    """Raise :class:`Contradiction` where two names share one number (about one in 4 × 10⁹ per pair)."""
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(decision_id(name), name)
        if other != name:
            raise Contradiction(f'the names "{other}" and "{name}" share one random stream', "rename one of the two")


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of one Philox4x32-10 block."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        p0 = MULTIPLIER_0 * c0
        p1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (p1 >> 32) ^ c1 ^ k0, p1 & MASK, (p0 >> 32) ^ c3 ^ k1, p0 & MASK
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


def words(
    key: tuple[int, int], subject: int, decision: str, occasion: int = 0, index: int = 0
) -> tuple[int, int, int, int]:
    """Return four words for one decision of one subject.

    Parameters
    ----------
    key : ``(seed, replicate)``, each below 2³².
    subject, occasion, index : each below 2³².
    decision : stable name of what is decided.
    """
    return philox((subject, decision_id(decision), occasion, index), key)


def words_over(
    key: tuple[int, int],
    subjects: npt.NDArray[np.integer],
    decision: str,
    occasion: int = 0,
    index: int | npt.NDArray[np.integer] = 0,
) -> npt.NDArray[np.uint32]:
    """Return the words of :func:`words` for many subjects, as ``uint32`` of shape ``(len(subjects), 4)``."""
    c0 = np.asarray(subjects, dtype=np.uint64)
    c1 = np.full_like(c0, decision_id(decision))
    c2 = np.full_like(c0, occasion)
    c3 = np.full_like(c0, index)
    k0, k1 = key
    mask, half = np.uint64(MASK), np.uint64(32)
    for _ in range(ROUNDS):
        p0 = np.uint64(MULTIPLIER_0) * c0
        p1 = np.uint64(MULTIPLIER_1) * c2
        c0, c1, c2, c3 = (
            (p1 >> half) ^ c1 ^ np.uint64(k0),
            p1 & mask,
            (p0 >> half) ^ c3 ^ np.uint64(k1),
            p0 & mask,
        )
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    return np.stack([c0, c1, c2, c3], axis=1).astype(np.uint32)
