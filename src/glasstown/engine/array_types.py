"""Arrays as kernels see them, where more is known of them than NumPy may assume of its own.

No index counts from the end, so none is tested for being negative; numbers of different types never lie in the same
place; what a kernel may only read does not change while it runs. Told to the compiler, all that makes shorter code.
"""
# mypy: ignore-errors
# (Numba's compiler is not typed.)

from __future__ import annotations

import operator
from typing import Any

from .cache import compiler

numba: Any = compiler()

from llvmlite import ir  # noqa: E402
from numba.core import cgutils, types  # noqa: E402
from numba.core.imputils import lower_builtin  # noqa: E402
from numba.extending import intrinsic, models, register_model  # noqa: E402
from numba.np.arrayobj import getitem_array_tuple, make_array, setitem_array  # noqa: E402

__all__ = ["TableType", "as_fixed", "as_table"]


class TableType(types.Array):
    """A whole array of integers in one piece, indexed by numbers from 0 up.

    Attributes
    ----------
    columns : length of the last axis where it is known beforehand, else 0.
    """

    def __init__(self, dtype: Any, ndim: int, layout: str = "C", readonly: bool = False, columns: int = 0) -> None:
        self.columns = columns
        access = "fixed" if readonly else "table"
        name = f"{access}({dtype}, {ndim}, {layout}, {columns})"
        super().__init__(dtype, ndim, layout, readonly=readonly, name=name)

    def copy(self, dtype=None, ndim=None, layout=None, readonly=None):
        """Return the type of a part of it."""
        return TableType(
            dtype or self.dtype,
            self.ndim if ndim is None else ndim,
            layout or self.layout,
            not self.mutable if readonly is None else readonly,
        )

    @property
    def key(self):
        return "table", self.columns, *super().key


@register_model(TableType)
class _TableModel(models.ArrayModel):
    """Held as NumPy's arrays are."""


def _kind(builder: Any, dtype: Any) -> Any:
    """Return what tells the compiler that numbers of another type lie elsewhere."""
    module = builder.module
    root = module.add_metadata(["glasstown"])
    kind = module.add_metadata([str(dtype), root, ir.Constant(ir.IntType(64), 0)])
    return module.add_metadata([kind, kind, ir.Constant(ir.IntType(64), 0)])


def _address(context: Any, builder: Any, type_: TableType, held: Any, indices: list[Any], signed: list[bool]) -> Any:
    array = make_array(type_)(context, builder, held)
    word = context.get_value_type(types.intp)
    shape = cgutils.unpack_tuple(builder, array.shape, type_.ndim)
    at = None
    for axis, (index, sign) in enumerate(zip(indices, signed, strict=True)):
        if index.type.width < word.width:
            index = builder.sext(index, word) if sign else builder.zext(index, word)
        if axis == 0:
            at = index
            continue
        length = word(type_.columns) if type_.columns and axis == type_.ndim - 1 else shape[axis]
        at = builder.add(builder.mul(at, length, flags=["nsw"]), index, flags=["nsw"])
    return builder.gep(array.data, [at], inbounds=True)


def _index(context: Any, builder: Any, type_: TableType, index_type: Any, index: Any) -> Any:
    """Return the indices and whether they have signs, or None where they are not of a single item."""
    kinds = list(index_type.types) if isinstance(index_type, types.BaseTuple) else [index_type]
    if len(kinds) != type_.ndim or type_.layout != "C" or not all(isinstance(kind, types.Integer) for kind in kinds):
        return None
    values = cgutils.unpack_tuple(builder, index, len(kinds)) if isinstance(index_type, types.BaseTuple) else [index]
    return list(values), [kind.signed for kind in kinds]


@lower_builtin(operator.getitem, TableType, types.Integer)
@lower_builtin(operator.getitem, TableType, types.BaseTuple)
def _get(context, builder, sig, args):
    type_, index_type = sig.args
    found = _index(context, builder, type_, index_type, args[1])
    if found is None:
        if not isinstance(index_type, types.BaseTuple):
            index = context.make_tuple(builder, types.UniTuple(index_type, 1), [args[1]])
            sig, args = sig.replace(args=(type_, types.UniTuple(index_type, 1))), (args[0], index)
        return getitem_array_tuple(context, builder, sig, args)
    value = builder.load(_address(context, builder, type_, args[0], *found))
    if type_.mutable:
        value.set_metadata("tbaa", _kind(builder, type_.dtype))
    else:
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value


@lower_builtin(operator.setitem, TableType, types.Any, types.Any)
def _set(context, builder, sig, args):
    type_, index_type, value_type = sig.args
    found = _index(context, builder, type_, index_type, args[1])
    if found is None:
        return setitem_array(context, builder, sig, args)
    value = context.cast(builder, args[2], value_type, type_.dtype)
    store = builder.store(value, _address(context, builder, type_, args[0], *found))
    store.set_metadata("tbaa", _kind(builder, type_.dtype))
    return None


def _seen_as(fixed):
    def typing(typingctx, array):
        out = TableType(array.dtype, array.ndim, array.layout, fixed)
        return out(array), lambda context, builder, sig, args: args[0]

    return typing


as_table = intrinsic(_seen_as(False))
"""Return an array that was given to a kernel, seen as a table."""

as_fixed = intrinsic(_seen_as(True))
"""Return the same, seen as a table that the kernel may only read."""
