"""Work that says how far it is, done to its end."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

__all__ = ["to_the_end"]

T = TypeVar("T")


def to_the_end(
    steps: Generator[tuple[int, int], None, T], what: str, progress: Callable[[str, int, int], None] | None
) -> T:
    """Go through steps, each of which yields how many are done and how many there are; return what comes of them.

    Parameters
    ----------
    progress : told `what` is done, and how far, before each step; None where nobody looks on.
    """
    while True:
        try:
            done, of = next(steps)
        except StopIteration as end:
            found: T = end.value
            return found
        if progress:
            progress(what, done, of)
