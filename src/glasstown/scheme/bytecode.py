"""Conditions as code of a small stack machine, and what can be said of them without running them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from ..columns import OLDEST, Traits
from .expressions import ATTRIBUTES, LARGEST, Binary, Const, Expr, Name, Text, Unary, evaluate, names_in

__all__ = ["OPS", "STACK", "assemble", "largest", "never", "resolve", "stack_needed", "too_large"]

STACK = 16
OPS = {
    "end": 0, "const": 1, "trait": 2, "amount": 3, "late": 4, "source": 5,
    "==": 6, "!=": 7, "<": 8, "<=": 9, ">": 10, ">=": 11, "and": 12, "or": 13, "not": 14,
    "+": 15, "-": 16, "*": 17, "negative": 18,
}  # fmt: skip
"""Numbers of the machine's operations; each stands in the code as a pair of operation and argument."""
MOST_TRIED = 20_000


def resolve(expr: Expr, traits: Traits, sources: Sequence[str]) -> Expr:
    """Return a condition with the names of levels and sources replaced by their numbers."""
    match expr:
        case Unary(op, of):
            return Unary(op, resolve(of, traits, sources))
        case Binary(op, Name(name), Text(text)):
            return Binary(op, Name(name), Const(_number(name, text, traits, sources)))
        case Binary(op, Text(text), Name(name)):
            return Binary(op, Const(_number(name, text, traits, sources)), Name(name))
        case Binary(op, left, right):
            return Binary(op, resolve(left, traits, sources), resolve(right, traits, sources))
    return expr


def _number(name: str, text: str, traits: Traits, sources: Sequence[str]) -> int:
    return list(sources).index(text) if name == "source" else traits[name].levels.index(text)


def assemble(expr: Expr, traits: Traits, before: int = 0) -> list[int]:
    """Return the code of a resolved condition.

    Parameters
    ----------
    before : traits of other classes of subjects that stand before these in the engine's table.
    """
    return [*_emit(expr, traits, before), OPS["end"], 0]


def _emit(expr: Expr, traits: Traits, before: int) -> Iterator[int]:
    match expr:
        case Const(value):
            yield from (OPS["const"], value)
        case Name(name) if name in ATTRIBUTES:
            yield from (OPS[name], 0)
        case Name(name):
            yield from (OPS["trait"], before + traits.names.index(name))
        case Unary(op, of):
            yield from _emit(of, traits, before)
            yield from (OPS["not" if op == "not" else "negative"], 0)
        case Binary(op, left, right):
            yield from _emit(left, traits, before)
            yield from _emit(right, traits, before)
            yield from (OPS[op], 0)
        case Text(text):
            raise ValueError(f'"{text}" has no number')


def stack_needed(expr: Expr) -> int:
    """Return how many values the machine holds at most."""
    match expr:
        case Unary(_, of):
            return stack_needed(of)
        case Binary(_, left, right):
            return max(stack_needed(left), 1 + stack_needed(right))
    return 1


def largest(expr: Expr) -> int:
    """Return a bound on the size of every number that a condition comes across."""
    return max(abs(bound) for bound in _bounds(expr))


def _bounds(expr: Expr) -> tuple[int, ...]:
    """Return lowest and highest value, and after them the largest size met on the way."""
    match expr:
        case Const(value):
            return value, value, abs(value)
        case Name(name):
            most = ATTRIBUTES.get(name) or OLDEST
            return 0, most, most
        case Unary(op, of):
            low, high, met = _bounds(of)
            return (-high, -low, met) if op == "-" else (0, 1, met)
        case Binary(op, left, right):
            a, b, met_left = _bounds(left)
            c, d, met_right = _bounds(right)
            met = max(met_left, met_right)
            if op == "+":
                low, high = a + c, b + d
            elif op == "-":
                low, high = a - d, b - c
            elif op == "*":
                corners = (a * c, a * d, b * c, b * d)
                low, high = min(corners), max(corners)
            else:
                low, high = 0, 1
            return low, high, max(met, abs(low), abs(high))
    return 0, 0, 0


def never(expr: Expr, ranges: Mapping[str, Sequence[int | str]]) -> bool:
    """Return whether a condition is false whatever its names stand for; False also where that is not known.

    Parameters
    ----------
    ranges : the values of each name.
    """
    names = sorted(set(names_in(expr)))
    if any(name not in ranges for name in names):
        return False
    tried = [_worth_trying(expr, name, ranges[name]) for name in names]
    count = 1
    for values in tried:
        count *= len(values)
    if count > MOST_TRIED:
        return False
    return not any(evaluate(expr, dict(zip(names, values, strict=True))) for values in product(*tried))


def _worth_trying(expr: Expr, name: str, values: Sequence[int | str]) -> Sequence[int | str]:
    """Return the values that can tell a condition's truth: those around numbers that the name is compared with."""
    if isinstance(values, range) and len(values) > 0:
        points = list(_compared(expr, name))
        if None not in points:
            near = {value + step for value in points if value is not None for step in (-1, 0, 1)}
            return sorted(value for value in near | {values[0], values[-1]} if value in values)
    return values


def _compared(expr: Expr, name: str) -> Iterator[int | None]:
    """Yield each number that a name is compared with directly; None where it is used otherwise."""
    match expr:
        case Name(other):
            if other == name:
                yield None
        case Unary(_, of):
            yield from _compared(of, name)
        case Binary(op, Name(left), Const(value)) if left == name and op not in "+-*":
            yield value
        case Binary(op, Const(value), Name(right)) if right == name and op not in "+-*":
            yield value
        case Binary(_, left, right):
            yield from _compared(left, name)
            yield from _compared(right, name)


def too_large(expr: Expr) -> bool:
    """Return whether a condition could come across a number that the machine cannot hold."""
    return largest(expr) > LARGEST
