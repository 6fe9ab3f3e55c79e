"""How kernels are compiled.

Numba comes from :mod:`glasstown.engine.cache`, pointed at its folder, so that no way of importing a kernel can find an
old one.
"""

from __future__ import annotations

from typing import Any

from .cache import compiler

njit: Any = compiler().njit

__all__ = ["inner", "kernel", "rare"]

# Without Numba's reference counting (_nrt): kernels allocate nothing, and counting at every look into a table
# takes most of the time.
inner = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False, forceinline=True)
"""A function that only kernels call: written out where it is called (a call would copy every table's address), and
without the door to Python, which takes most of the time to compile."""

rare = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)
"""A function that only kernels call, and seldom: compiled once, whoever calls it."""

kernel = njit(nogil=True, cache=True, _nrt=False)
"""A function that Python calls, on any thread, compiled once for each version of its source."""
