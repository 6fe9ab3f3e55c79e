"""How kernels are compiled.

Numba comes from :mod:`glasstown.engine.cache`, pointed at its folder, so that no way of importing a kernel can find an
old one. A function that only kernels call is not made ready to run by itself: optimizing it and writing machine code
for it, as Numba does for every function, would be done again for each kernel that it becomes part of.
"""
# mypy: ignore-errors
# (Numba's compiler is not typed.)

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .cache import compiler

numba: Any = compiler()

import llvmlite.binding as llvm  # noqa: E402
from numba.core import types  # noqa: E402
from numba.core.codegen import JITCodeLibrary  # noqa: E402
from numba.core.compiler import CompilerBase  # noqa: E402
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass  # noqa: E402
from numba.core.typed_passes import (  # noqa: E402
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import (  # noqa: E402
    FixupArgs,
    GenericRewrites,
    IRProcessing,
    ReconstructSSA,
    TranslateByteCode,
)

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


def _passes(as_part: bool) -> Any:
    """Return what is done to a kernel or a part of one: Numba's passes for what kernels are written in.

    Left out is what looks for closures, generators, literal loops and arithmetic on whole arrays, and what remembers
    types to be shown; each of them would search every function anew.
    """
    passes = PassManager("glasstown")
    passes.add_pass(TranslateByteCode, "read the bytecode")
    if as_part:
        passes.add_pass(_AsPart, "make it a part")
    for step in (
        FixupArgs, IRProcessing, GenericRewrites, ReconstructSSA,
        NopythonTypeInference, PreLowerStripPhis, IRLegalization, NativeLowering, NoPythonBackend,
    ):  # fmt: skip
        passes.add_pass(step, step._name)
    passes.finalize()
    return passes


class _PartCompiler(CompilerBase):
    def define_pipelines(self):
        return [_passes(as_part=True)]


class _KernelCompiler(CompilerBase):
    def define_pipelines(self):
        return [_passes(as_part=False)]

    def _compile_core(self):
        # millions of objects that all stay until the end: looking for garbage among them takes a tenth of the time
        collects = gc.isenabled()
        gc.disable()
        try:
            with _remembering(), _interleaving():
                return super()._compile_core()
        finally:
            if collects:
                gc.enable()


@contextmanager
def _remembering() -> Iterator[None]:
    """Let what an operation returns be found once for the same types, not at each of thousands of places."""
    find, found = types.Function.get_call_type, {}

    def get_call_type(function, typing, args, kws):
        key = function, tuple(types.unliteral(arg) for arg in args)
        signature = None if kws else found.get(key)
        if signature is None or signature.args not in function._impl_keys:
            signature = find(function, typing, args, kws)
            if not any(isinstance(arg, types.Literal) for arg in signature.args):
                found[key] = signature
        return signature

    types.Function.get_call_type = get_call_type
    try:
        yield
    finally:
        del types.Function.get_call_type


@contextmanager
def _interleaving() -> Iterator[None]:
    """Let loops over several items at once do twice as many: each step of a draw waits for the one before."""
    option = "-force-vector-interleave="
    llvm.set_option("glasstown", option + "2")
    try:
        yield
    finally:
        llvm.set_option("glasstown", option + "0")


# Without Numba's reference counting (_nrt): kernels allocate nothing, and counting at every look into a table
# takes most of the time.
_PART = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False, "pipeline_class": _PartCompiler}

inner = numba.njit(**_PART, forceinline=True)
"""A function that only kernels call: written out where it is called."""

rare = numba.njit(**_PART)
"""A function that only kernels call, and seldom, or from many places: written once, unless it is short."""

kernel = numba.njit(nogil=True, cache=True, no_cfunc_wrapper=True, _nrt=False, pipeline_class=_KernelCompiler)
"""A function that Python calls, on any thread, compiled once for each version of its source."""
