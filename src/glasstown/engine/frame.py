"""Tables as kernels hold them: one address in place of hundreds of arguments.

A :class:`Frame` writes where the arrays of a named tuple lie into a few words of memory. A kernel gets their address
and reads a table's place when it looks into it, as a field of a C struct. Compiled functions that hand such addresses
on are a fraction of the size of those that hand every array on, and compile in a fraction of the time.
"""
# mypy: ignore-errors
# (Numba's compiler is not typed.)

from __future__ import annotations

import hashlib
import operator
from typing import Any

import numpy as np

from .array_types import TableType
from .cache import compiler

numba: Any = compiler()

from llvmlite import ir  # noqa: E402
from numba.core import cgutils, types  # noqa: E402
from numba.core.typing.templates import AttributeTemplate  # noqa: E402
from numba.extending import (  # noqa: E402
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    unbox,
)
from numba.np.arrayobj import make_array, populate_array  # noqa: E402

from .tables import COLUMNS  # noqa: E402

__all__ = ["Frame"]

WORD = ir.IntType(64)


class Frame:
    """The addresses, shapes and numbers of a named tuple of arrays, integers and further such tuples.

    Attributes
    ----------
    tables : the named tuple, whose arrays must stay where they are.
    fixed : whether a kernel may only read them.
    address : where the words begin.
    """

    def __init__(self, tables: Any, fixed: bool = False) -> None:
        self.tables = tables
        self.words = np.array(_words(tables), np.int64)
        self.address = self.words.ctypes.data
        self._numba_type_ = FrameType.of(tables, fixed)


def _words(value: Any) -> list[int]:
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise ValueError("a table must lie in one piece")
        return [value.ctypes.data, *value.shape]
    if isinstance(value, tuple):
        return [word for part in value for word in _words(part)]
    return [operator.index(value)]


class FrameType(types.Type):
    """A named tuple by its address: the name of each field, its type, and the word at which it begins.

    Its name holds a digest of all that in place of the whole, which would stand in the name of every function.
    """

    def __init__(self, title: str, fields: tuple[tuple[str, Any, int], ...]) -> None:
        self.fields = fields
        told = hashlib.blake2s(repr(fields).encode(), digest_size=8).hexdigest()
        super().__init__(name=f"{title}.{told}")

    @classmethod
    def of(cls, tables: Any, fixed: bool) -> FrameType:
        """Return the type of a named tuple; of `fixed` ones a kernel may change nothing."""
        fields, at = [], 0
        for name, value in zip(tables._fields, tables, strict=True):
            columns = COLUMNS.get((type(tables).__name__, name), 0)
            fields.append((name, _type_of(value, fixed, columns), at))
            at += len(_words(value))
        return cls(type(tables).__name__, tuple(fields))

    def field(self, name: str) -> tuple[Any, int] | None:
        """Return the type of a field and the word at which it begins."""
        return next(((type_, at) for field, type_, at in self.fields if field == name), None)


def _type_of(value: Any, fixed: bool, columns: int) -> Any:
    if isinstance(value, np.ndarray):
        if columns and value.shape[-1] != columns:
            raise ValueError(f"a table has {value.shape[-1]} columns instead of {columns}")
        return TableType(getattr(types, value.dtype.name), value.ndim, readonly=fixed, columns=columns)
    return FrameType.of(value, fixed) if isinstance(value, tuple) else types.int64


@register_model(FrameType)
class _FrameModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: FrameType) -> None:
        super().__init__(dmm, fe_type, WORD.as_pointer())


@unbox(FrameType)
def _unbox_frame(_type: FrameType, frame: Any, c: Any) -> NativeValue:
    held = c.pyapi.object_getattr_string(frame, "address")
    address = c.pyapi.long_as_longlong(held)
    c.pyapi.decref(held)
    return NativeValue(c.builder.inttoptr(address, WORD.as_pointer()), is_error=cgutils.is_null(c.builder, held))


@infer_getattr
class _FrameAttribute(AttributeTemplate):
    key = FrameType

    def generic_resolve(self, frame: FrameType, name: str) -> Any:
        found = frame.field(name)
        return found and found[0]


@lower_getattr_generic(FrameType)
def _lower_field(context: Any, builder: Any, frame: FrameType, address: Any, name: str) -> Any:
    found = frame.field(name)
    assert found is not None
    type_, at = found

    def word(nth: int) -> Any:
        # what a frame holds does not change while a kernel runs: no store makes it be read again
        value = builder.load(builder.gep(address, [WORD(at + nth)]))
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
        return value

    if isinstance(type_, FrameType):
        return builder.gep(address, [WORD(at)])
    if not isinstance(type_, types.Array):
        return word(0)
    itemsize = context.get_abi_sizeof(context.get_data_type(type_.dtype))
    shape = [word(1 + axis) for axis in range(type_.ndim)]
    strides = [WORD(itemsize)]
    for axis in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], axis))
    array = make_array(type_)(context, builder)
    data = builder.inttoptr(word(0), context.get_data_type(type_.dtype).as_pointer())
    populate_array(array, data, shape, strides, WORD(itemsize), None)
    return array._getvalue()
