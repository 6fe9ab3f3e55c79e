"""Conditions of rules: a small language that can compare and count, and do nothing else.

A condition such as ``amount >= 128 and occupation == "official"`` may name a record's ``amount`` (0 to 255, the
gravity that an officer writes down), ``late`` (days from act to record) and ``source``, and what the register knows
of the subject. It is read with Python's parser, cut down to a handful of forms, and never run as Python.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..columns import Traits
from ..errors import did_you_mean

__all__ = [
    "ATTRIBUTES",
    "LATEST",
    "MOST_AMOUNT",
    "Binary",
    "Const",
    "Expr",
    "ExpressionFault",
    "Name",
    "Text",
    "Unary",
    "evaluate",
    "names_in",
    "parse",
]

MOST_AMOUNT = 255
LATEST = 4095
LONGEST = 400
MOST_NODES = 120
DEEPEST = 12
LARGEST = 2**31 - 1
ATTRIBUTES = {"amount": MOST_AMOUNT, "late": LATEST, "source": None}
"""Names of a record's own attributes, and the largest value of each number."""


@dataclass(frozen=True, slots=True)
class Const:
    """A whole number."""

    value: int


@dataclass(frozen=True, slots=True)
class Text:
    """A level's or a source's name."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """An attribute of the record or a trait of the subject."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """``not`` or ``-`` before something."""

    op: str
    of: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """Two things and what stands between them."""

    op: str
    left: Expr
    right: Expr


Expr = Const | Text | Name | Unary | Binary


class ExpressionFault(Exception):
    """One thing that is wrong in a condition, and at which character (from 0)."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_COUNT: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_ESCAPES: dict[type[ast.AST], str] = {
    ast.Attribute: "a condition cannot reach into things with a dot",
    ast.Call: "a condition cannot call anything",
    ast.Lambda: "a condition cannot define a function",
    ast.Subscript: "a condition cannot look into things with brackets",
    ast.NamedExpr: "a condition cannot set a name",
    ast.JoinedStr: "a condition cannot build text",
    ast.IfExp: "a condition has no if",
    ast.ListComp: "a condition has no loops",
    ast.SetComp: "a condition has no loops",
    ast.DictComp: "a condition has no loops",
    ast.GeneratorExp: "a condition has no loops",
    ast.Await: "a condition cannot wait",
    ast.Starred: "a condition has no star",
}
_ALLOWED = 'compare with == != < <= > >=, count with + - *, and join with "and", "or", "not"'


def parse(text: str, traits: Traits | None = None, sources: Sequence[str] | None = None) -> Expr:
    """Return a condition as a tree.

    Parameters
    ----------
    text : the condition.
    traits : of the society; without them any trait's name is taken as it stands.
    sources : names of all sources; without them any name is taken.

    Raises
    ------
    ExpressionFault
        At the first thing that is wrong.
    """
    _readable(text)
    shift = len(text) - len(text.lstrip())
    flat = text.strip().replace("\n", " ")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(flat, mode="eval").body
    except SyntaxError as wrong:
        offset = min(max((wrong.offset or 1) - 1, 0), max(len(flat) - 1, 0)) + shift
        lone = "=" in flat and "==" not in flat and not any(op in flat for op in ("<=", ">=", "!="))
        raise ExpressionFault(
            "the condition cannot be read", offset, 'write "==" to compare' if lone else _ALLOWED
        ) from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionFault("the condition cannot be read", shift, _ALLOWED) from None
    reader = _Reader(traits, sources, shift)
    tree, kind = reader.read(body, 0)
    if kind not in ("truth", "any"):
        raise ExpressionFault("a condition must be true or false", shift, "compare it with something")
    return tree


def _readable(text: str) -> None:
    if not text.strip():
        raise ExpressionFault("the condition is empty", 0, "leave it out")
    if len(text) > LONGEST:
        raise ExpressionFault(f"the condition is longer than {LONGEST} characters", LONGEST, "split the rule")
    for at, character in enumerate(text):
        if not (character.isascii() and (character.isprintable() or character in "\n\t")):
            raise ExpressionFault(f"the character {character!r} cannot stand in a condition", at)
        if character in "#\\;":
            raise ExpressionFault(f'"{character}" cannot stand in a condition', at)


class _Reader:
    """Turns Python's tree into ours; `read` returns the tree and its type.

    Types are ``number``, ``truth``, ``text``, ``source``, ``any`` (no society given) and ``trait:<name>``.
    """

    def __init__(self, traits: Traits | None, sources: Sequence[str] | None, shift: int) -> None:
        self.traits = traits
        self.sources = sources
        self.shift = shift
        self.nodes = 0

    def fault(self, node: ast.AST, message: str, hint: str = "") -> ExpressionFault:
        return ExpressionFault(message, getattr(node, "col_offset", 0) + self.shift, hint)

    def read(self, node: ast.expr, depth: int) -> tuple[Expr, str]:
        self.nodes += 1
        if self.nodes > MOST_NODES or depth > DEEPEST:
            raise self.fault(node, "the condition is too large", "split the rule")
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.UnaryOp):
            return self._unary(node, depth)
        if isinstance(node, ast.BoolOp):
            op = "and" if isinstance(node.op, ast.And) else "or"
            parts = [self._typed(part, "truth", depth, op) for part in node.values]
            return _joined(op, parts), "truth"
        if isinstance(node, ast.BinOp):
            if type(node.op) not in _COUNT:
                raise self.fault(node, "a condition counts with + - * only")
            op = _COUNT[type(node.op)]
            left = self._typed(node.left, "number", depth, op)
            return Binary(op, left, self._typed(node.right, "number", depth, op)), "number"
        if isinstance(node, ast.Compare):
            return self._compare(node, depth)
        message = _ESCAPES.get(type(node), "this form cannot stand in a condition")
        raise self.fault(node, message, _ALLOWED)

    def _constant(self, node: ast.Constant) -> tuple[Expr, str]:
        value = node.value
        if isinstance(value, bool) or value is None:
            raise self.fault(node, f"{value} is nothing to compare with", 'for a yes-or-no trait write == "yes"')
        if isinstance(value, str):
            return Text(value), "text"
        if not isinstance(value, int):
            raise self.fault(node, "only whole numbers can stand in a condition")
        if value > 1_000_000:
            raise self.fault(node, "a number in a condition is at most 1000000")
        return Const(value), "number"

    def _name(self, node: ast.Name) -> tuple[Expr, str]:
        name = node.id.replace("_", "-")
        if node.id.startswith("_") or node.id.endswith("_"):
            raise self.fault(node, f'the name "{node.id}" cannot stand in a condition', "name a trait")
        if name in ATTRIBUTES:
            return Name(name), "source" if name == "source" else "number"
        if self.traits is None:
            return Name(name), "any"
        if name not in self.traits:
            known = [*ATTRIBUTES, *(trait.name for trait in self.traits if trait.sees == "register")]
            hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            raise self.fault(node, f'a condition knows no "{node.id}"', hint)
        trait = self.traits[name]
        if trait.sees == "truth":
            raise self.fault(
                node,
                f'a scheme can never read the truth: "{name}" is known to nobody but us',
                "use what stands in a register or in a record",
            )
        return Name(name), "number" if trait.ages else f"trait:{name}"

    def _unary(self, node: ast.UnaryOp, depth: int) -> tuple[Expr, str]:
        if isinstance(node.op, ast.Not):
            return Unary("not", self._typed(node.operand, "truth", depth, "not")), "truth"
        if isinstance(node.op, ast.USub):
            return Unary("-", self._typed(node.operand, "number", depth, "-")), "number"
        raise self.fault(node, "this sign cannot stand in a condition", _ALLOWED)

    def _typed(self, node: ast.expr, wanted: str, depth: int, op: str) -> Expr:
        tree, kind = self.read(node, depth + 1)
        if kind not in (wanted, "any"):
            what = {"number": "a number", "truth": "something true or false"}[wanted]
            hint = 'for a yes-or-no trait write == "yes"' if kind.startswith("trait:") else ""
            raise self.fault(node, f'"{op}" needs {what} here', hint)
        return tree

    def _compare(self, node: ast.Compare, depth: int) -> tuple[Expr, str]:
        for op in node.ops:
            if type(op) not in _COMPARE:
                raise self.fault(node, "a condition compares with == != < <= > >= only", _ALLOWED)
        parts = [(part, *self.read(part, depth + 1)) for part in (node.left, *node.comparators)]
        out = []
        for (left, right), op in zip(pairwise(parts), node.ops, strict=True):
            self._comparable(left, right, _COMPARE[type(op)])
            out.append(Binary(_COMPARE[type(op)], left[1], right[1]))
        return _joined("and", list(out)), "truth"

    def _comparable(self, left: tuple[ast.expr, Expr, str], right: tuple[ast.expr, Expr, str], op: str) -> None:
        kinds = {left[2], right[2]}
        for node, _, kind in (left, right):
            if kind == "truth":
                raise self.fault(node, "what is true or false is not compared", 'join with "and" or "or"')
        if kinds <= {"number", "any"}:
            return
        if "text" in kinds and op not in ("==", "!="):
            raise self.fault(left[0], "names have no order", 'compare them with "==" or "!="')
        (node, tree, kind), (_, _, other) = (left, right) if right[2] != "text" else (right, left)
        if kind != "text":
            asked = kind if kind not in ("number", "any") else other
            what = "a source" if asked == "source" else f'"{asked.removeprefix("trait:")}"'
            raise self.fault(node, f"{what} is compared with a name in quotes", 'such as == "police"')
        assert isinstance(tree, Text)
        if other in ("text", "number"):
            raise self.fault(node, f'"{tree.value}" is compared with nothing that has a name')
        known = self._known(other)
        if known is not None and tree.value not in known:
            hint = did_you_mean(tree.value, known) or f"there are: {', '.join(known)}"
            where = "source" if other == "source" else f'level of "{other.removeprefix("trait:")}"'
            raise self.fault(node, f'there is no {where} named "{tree.value}"', hint)

    def _known(self, kind: str) -> Sequence[str] | None:
        if kind == "source":
            return self.sources
        return self.traits[kind.removeprefix("trait:")].levels if kind != "any" and self.traits else None


def _joined(op: str, parts: list[Expr]) -> Expr:
    out = parts[0]
    for part in parts[1:]:
        out = Binary(op, out, part)
    return out


def evaluate(expr: Expr, env: Mapping[str, int | str]) -> int | str:
    """Return the value of a condition; true is 1 and false is 0.

    Parameters
    ----------
    env : value of each name; numbers and levels, as the tree holds them.
    """
    match expr:
        case Const(value):
            return value
        case Text(text):
            return text
        case Name(name):
            return env[name]
        case Unary(op, of):
            inner = evaluate(of, env)
            return int(not inner) if op == "not" else -int(inner)
        case Binary(op, left, right):
            return _apply(op, evaluate(left, env), evaluate(right, env))


def _apply(op: str, a: int | str, b: int | str) -> int:
    match op:
        case "==":
            return int(a == b)
        case "!=":
            return int(a != b)
        case "and":
            return int(bool(a) and bool(b))
        case "or":
            return int(bool(a) or bool(b))
    x, y = int(a), int(b)
    match op:
        case "<":
            return int(x < y)
        case "<=":
            return int(x <= y)
        case ">":
            return int(x > y)
        case ">=":
            return int(x >= y)
        case "+":
            return x + y
        case "-":
            return x - y
    return x * y


def names_in(expr: Expr) -> Iterator[str]:
    """Yield the names of a condition, as often as they stand in it."""
    match expr:
        case Name(name):
            yield name
        case Unary(_, of):
            yield from names_in(of)
        case Binary(_, left, right):
            yield from names_in(left)
            yield from names_in(right)
