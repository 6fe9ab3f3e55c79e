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

__all__ = ["check_decisions", "decision_id", "philox", "philox_over", "words", "words_over"]

MULTIPLIER_0 = 0xD2511F53
MULTIPLIER_1 = 0xCD9E8D57
WEYL_0 = 0x9E3779B9
WEYL_1 = 0xBB67AE85
ROUNDS = 10
MASK = 0xFFFFFFFF
_Words = int | npt.NDArray[np.integer]


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
    return philox_over((subjects, decision_id(decision), occasion, index), key)


def philox_over(counter: tuple[_Words, _Words, _Words, _Words], key: tuple[int, int]) -> npt.NDArray[np.uint32]:
    """Return the words of :func:`philox` for many counters at once.

    Parameters
    ----------
    counter : numbers or arrays of one length, at least one of them an array.

    Returns
    -------
    numpy.ndarray
        ``uint32``, shape ``(length, 4)``.
    """
    c0, c1, c2, c3 = (np.array(c, dtype=np.uint64) for c in np.broadcast_arrays(*counter))
    p0, p1 = np.empty_like(c0), np.empty_like(c0)
    k0, k1 = key
    mask, half = np.uint64(MASK), np.uint64(32)
    for _ in range(ROUNDS):
        np.multiply(c0, np.uint64(MULTIPLIER_0), out=p0)
        np.multiply(c2, np.uint64(MULTIPLIER_1), out=p1)
        np.right_shift(p1, half, out=c0)
        np.bitwise_xor(c0, c1, out=c0)
        np.bitwise_xor(c0, np.uint64(k0), out=c0)
        np.right_shift(p0, half, out=c2)
        np.bitwise_xor(c2, c3, out=c2)
        np.bitwise_xor(c2, np.uint64(k1), out=c2)
        np.bitwise_and(p1, mask, out=c1)
        np.bitwise_and(p0, mask, out=c3)
        k0 = (k0 + WEYL_0) & MASK
        k1 = (k1 + WEYL_1) & MASK
    out = np.empty((len(c0), 4), dtype=np.uint32)
    for at, word in enumerate((c0, c1, c2, c3)):
        out[:, at] = word
    return out
