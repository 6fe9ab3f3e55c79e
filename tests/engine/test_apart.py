"""What threads write lies apart, and that moves no result."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from glasstown.engine.apart import LINE, SMALL, apart, apart_all
from glasstown.engine.loop import _chunks


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
    """What is taken one after the other lies a thread's share apart, and what is taken last is small."""
    taken = _chunks(80, 2, None)[::-1]
    assert [(first, end) for _, first, end in taken[:4]] == [(0, 20), (40, 60), (20, 30), (60, 70)]
    assert all(end - first == 5 for _, first, end in taken[4:])
    assert [first for _, first, _ in _chunks(16, 2, 1)[::-1][:4]] == [0, 8, 1, 9]


@pytest.mark.parametrize("size", [None, 1, 3, 50])
@pytest.mark.parametrize("threads", [1, 2, 3, 7])
def test_chunks_hold_every_cell_once(threads: int, size: int | None) -> None:
    """Whatever their size, chunks are the cells, none twice and none left out."""
    for cells in (7, 8, 17, 64, 100):
        held = sorted((first, end) for _, first, end in _chunks(cells, threads, size))
        assert [cell for first, end in held for cell in range(first, end)] == list(range(cells))
        assert size is None or all(end - first <= size for first, end in held)
