"""Small arrays that share no line of the cache with anything else.

What one thread keeps writing, another must not have beside what it reads: both would wait for each other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["apart", "apart_all"]

LINE = 128
"""Bytes that processors fetch at once: two lines of 64."""
SMALL = 8192
"""Bytes from which on an array has few lines in common with others, for its size."""


def apart(array: Any) -> Any:
    """Return an array of the same values that begins at a line of its own, and ends before another's."""
    raw = np.empty(-(-array.nbytes // LINE) * LINE + LINE, np.uint8)
    begin = -raw.ctypes.data % LINE
    out = raw[begin : begin + array.nbytes].view(array.dtype).reshape(array.shape)
    out[...] = array
    return out


def apart_all(tables: Any) -> Any:
    """Return a named tuple with its small arrays, and those of the tuples within, apart."""

    def moved(value: Any) -> Any:
        if isinstance(value, tuple):
            return apart_all(value)
        return apart(value) if isinstance(value, np.ndarray) and 0 < value.nbytes < SMALL else value

    return type(tables)(*(moved(value) for value in tables))
