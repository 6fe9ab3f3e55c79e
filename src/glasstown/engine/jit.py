"""How kernels are compiled.

Numba comes from :mod:`glasstown.engine.cache`, pointed at its folder, so that no way of importing a kernel can find an
old one. A function that only kernels call is not made ready to run by itself: optimizing it and writing machine code
for it, as Numba does for every function, would be done again for each kernel that it becomes part of.
"""
# mypy: ignore-errors
# (Numba's compiler is not typed.)

from __future__ import annotations

import gc
from typing import Any

from .cache import compiler

numba: Any = compiler()

from numba.core.codegen import JITCodeLibrary  # noqa: E402
from numba.core.compiler import CompilerBase, DefaultPassBuilder  # noqa: E402
from numba.core.compiler_machinery import FunctionPass, register_pass  # noqa: E402
from numba.core.untyped_passes import TranslateByteCode  # noqa: E402

__all__ = ["inner", "kernel", "rare"]


class _NoEngine:
    """In place of what would run a part: a part is never run."""

    def set_env(self, name, env):
        pass


class _PartLibrary(JITCodeLibrary):
    """The code of a function that becomes part of kernels."""

    @property
    def codegen(self):
        return _NoEngine()

    def _optimize_final_module(self):
        pass

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name):
        self._ensure_finalized()
        return 0


@register_pass(mutates_CFG=False, analysis_only=False)
class _AsPart(FunctionPass):
    _name = "glasstown_part"

    def __init__(self):
        super().__init__()

    def run_pass(self, state):
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return True


class _PartCompiler(CompilerBase):
    def define_pipelines(self):
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_AsPart, TranslateByteCode)
        passes.finalize()
        return [passes]


class _KernelCompiler(CompilerBase):
    def define_pipelines(self):
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]

    def _compile_core(self):
        # millions of objects that all stay until the end: looking for garbage among them takes a tenth of the time
        collects = gc.isenabled()
        gc.disable()
        try:
            return super()._compile_core()
        finally:
            if collects:
                gc.enable()


# Without Numba's reference counting (_nrt): kernels allocate nothing, and counting at every look into a table
# takes most of the time.
_PART = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False, "pipeline_class": _PartCompiler}

inner = numba.njit(**_PART, forceinline=True)
"""A function that only kernels call: written out where it is called."""

rare = numba.njit(**_PART)
"""A function that only kernels call, and seldom, or from many places: written once, unless it is short."""

kernel = numba.njit(nogil=True, cache=True, no_cfunc_wrapper=True, _nrt=False, pipeline_class=_KernelCompiler)
"""A function that Python calls, on any thread, compiled once for each version of its source."""
