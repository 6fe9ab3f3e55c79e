"""The conditions of rules: the kernels' stack machine against the tree that was read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tiny import program

from glasstown.engine import cache
from glasstown.scheme.bytecode import STACK, assemble, resolve, stack_needed, too_large
from glasstown.scheme.expressions import ATTRIBUTES, Expr, evaluate, parse

WORLD = program(64, 1)
TRAITS, SOURCES = WORLD.names.traits, WORLD.names.sources
Machine = Callable[..., bool]


@pytest.fixture(scope="module")
def machine() -> Machine:
    """Return the kernels' stack machine with a door to Python."""
    cache.prepare()
    from numba import njit

    from glasstown.engine.kernel_score import condition

    @njit
    def run(shared: Any, rules: Any, word: int, years: int, amount: int, late: int, source: int, stack: Any) -> Any:
        return condition(shared, rules, 0, word, years, amount, late, source, stack)

    def machine(tree: Expr, word: int, years: int, amount: int, late: int, source: int) -> bool:
        rules = WORLD.sides[0]._replace(code=np.array(assemble(tree, TRAITS), np.int32))
        at = (np.int64(word), np.int64(years), np.int64(amount), np.int64(late), np.int64(source))
        return bool(run(WORLD.shared, rules, *at, np.zeros(20, np.int64)))

    return machine


def _numbers() -> st.SearchStrategy[str]:
    leaves = st.one_of(st.integers(0, 300).map(str), st.sampled_from(["age", "amount", "late"]))
    return st.recursive(
        leaves,
        lambda below: st.one_of(
            st.tuples(below, st.sampled_from(["+", "-", "*"]), below).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            below.map(lambda one: f"(-{one})"),
        ),
        max_leaves=4,
    )


def _truths() -> st.SearchStrategy[str]:
    compared = st.tuples(_numbers(), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), _numbers()).map(" ".join)
    words = [("source", name) for name in SOURCES]
    words += [
        (trait.name, level)
        for trait in TRAITS
        if trait.sees == "register" and trait.name not in ATTRIBUTES
        for level in trait.levels
    ]
    named = st.tuples(st.sampled_from(words), st.sampled_from(["==", "!="])).map(
        lambda t: f'{t[0][0]} {t[1]} "{t[0][1]}"'
    )
    return st.recursive(
        st.one_of(compared, named),
        lambda below: st.one_of(
            st.tuples(below, st.sampled_from(["and", "or"]), below).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            below.map(lambda one: f"not ({one})"),
        ),
        max_leaves=6,
    )


@given(
    text=_truths(),
    words=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=5),
    years=st.integers(0, 99),
    amount=st.integers(0, 255),
    late=st.integers(0, 4095),
    source=st.integers(0, len(SOURCES) - 1),
)
def test_the_stack_machine_equals_the_tree(
    machine: Machine, text: str, words: list[int], years: int, amount: int, late: int, source: int
) -> None:
    """Every condition that a scheme may hold comes out the same in the kernels as read from its tree."""
    tree = resolve(parse(text, TRAITS, SOURCES), TRAITS, SOURCES)
    assume(stack_needed(tree) <= STACK and not too_large(tree))
    for word in words:
        values = TRAITS.unpack(word)
        values["age"] = min(values["age"] + years, 127)
        told = evaluate(tree, {**values, "amount": amount, "late": late, "source": source})
        assert machine(tree, word, years, amount, late, source) == bool(told), text
