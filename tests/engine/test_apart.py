"""What threads write lies apart, and that moves no result."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from glasstown.engine.apart import LINE, SMALL, apart, apart_all
from glasstown.engine.loop import _far_apart


class _Tables(NamedTuple):
    few: npt.NDArray[np.uint8]
    many: npt.NDArray[np.int64]
    number: int


def test_small_arrays_begin_a_line_and_keep_their_values() -> None:
    """Values, type and form stay; each begins at a line of its own; what is large stays where it was."""
    given = _Tables(np.arange(5, dtype=np.uint8), np.arange(SMALL), 7)
    moved: Any = apart_all(given)
    assert isinstance(moved, _Tables)
    assert moved.few.tolist() == [0, 1, 2, 3, 4]
    assert moved.few.dtype == np.uint8
    assert moved.few.ctypes.data % LINE == 0
    assert moved.many is given.many
    assert moved.number == 7
    several = [apart(np.zeros((3, 2), np.int32)) for _ in range(40)]
    lines = [line for one in several for line in range(one.ctypes.data // LINE, (one.ctypes.data + 23) // LINE + 1)]
    assert len(set(lines)) == len(lines)
    assert all(one.shape == (3, 2) and one.flags.c_contiguous for one in several)


def test_threads_take_chunks_far_from_each_other() -> None:
    """Every chunk once; what is taken one after the other lies a thread's share apart."""
    chunks = [(0, at, at + 1) for at in range(16)]
    taken = _far_apart(chunks, 2)[::-1]
    assert sorted(taken) == chunks
    assert [first for _, first, _ in taken[:4]] == [0, 8, 1, 9]
    assert sorted(_far_apart(chunks[:5], 3)) == chunks[:5]
    assert _far_apart(chunks, 1)[::-1] == chunks
