"""The words of :mod:`glasstown.draws`, compiled: the same numbers, bit for bit.

Everything is held in 64-bit integers. Mixing 32-bit unsigned operands would let the compiler promote them
silently, and change the generator while all statistics still look right.
"""

from __future__ import annotations

import numba
import numpy as np

from .draws import MULTIPLIER_0, MULTIPLIER_1, ROUNDS, WEYL_0, WEYL_1

__all__ = ["philox_compiled"]

_M0 = np.uint64(MULTIPLIER_0)
_M1 = np.uint64(MULTIPLIER_1)
_W0 = np.uint64(WEYL_0)
_W1 = np.uint64(WEYL_1)
_MASK = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@numba.njit(forceinline=True)
def philox_compiled(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Return the four words of one block, as ``int64`` below 2³²; all arguments likewise."""
    x0, x1 = np.uint64(c0), np.uint64(c1)
    x2, x3 = np.uint64(c2), np.uint64(c3)
    key0, key1 = np.uint64(k0), np.uint64(k1)
    for _ in range(ROUNDS):
        p0 = _M0 * x0
        p1 = _M1 * x2
        x0 = (p1 >> _HALF) ^ x1 ^ key0
        x2 = (p0 >> _HALF) ^ x3 ^ key1
        x1 = p1 & _MASK
        x3 = p0 & _MASK
        key0 = (key0 + _W0) & _MASK
        key1 = (key1 + _W1) & _MASK
    return np.int64(x0), np.int64(x1), np.int64(x2), np.int64(x3)
