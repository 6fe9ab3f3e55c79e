"""Traits packed into one word, ages, and the names that files may use."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasstown.columns import OLDEST, Names, Sees, Trait, Traits, parse_ages
from glasstown.errors import BadValue, UnknownName

Declared = tuple[str, str, Sees, tuple[str, ...], bool]
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)


@st.composite
def declarations(draw: st.DrawFn) -> list[Declared]:
    """Traits that fit into 64 bits: at most eight, of at most eight bits each."""
    out: list[Declared] = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=8, unique=True)):
        sees: Sees = draw(st.sampled_from(["register", "truth"]))
        ages = draw(st.booleans())
        count = draw(st.integers(1, 256))
        out.append((name, name.title(), sees, () if ages else tuple(f"l{i}" for i in range(count)), ages))
    return out


@given(declarations(), st.data())
def test_words_keep_what_was_packed(declared: list[Declared], data: st.DataObject) -> None:
    """Each trait of a packed word reads back as the value that went in, plainly and by columns."""
    traits = Traits.pack(declared)
    values = {
        trait.name: data.draw(st.integers(0, OLDEST if trait.ages else len(trait.levels) - 1)) for trait in traits
    }
    word = sum(values[trait.name] << trait.shift for trait in traits)
    assert word <= np.iinfo(traits.dtype).max
    assert traits.unpack(word) == values
    packed = np.array([word, 0], dtype=traits.dtype)
    for name in traits.names:
        assert traits.column(packed, name).tolist() == [values[name], 0]


@given(declarations())
def test_bits_never_overlap(declared: list[Declared]) -> None:
    """No two traits share a bit, and none is wasted between them."""
    traits = Traits.pack(declared)
    masks = [trait.mask << trait.shift for trait in traits]
    assert sum(masks) == (1 << sum(trait.bits for trait in traits)) - 1
    assert len(traits) == len(declared)
    assert all(name in traits for name in traits.names)


def test_too_many_bits_are_refused() -> None:
    """Ten ages do not fit into one word."""
    with pytest.raises(BadValue, match="70 bits"):
        Traits.pack([(f"t{i}", "", "register", (), True) for i in range(10)])


@given(st.integers(0, OLDEST), st.integers(0, OLDEST))
def test_age_ranges(one: int, other: int) -> None:
    """An age range reads as its first and last year, written any of three ways."""
    low, high = sorted((one, other))
    assert parse_ages(f"{low}-{high}") == (low, high)
    assert parse_ages(f"{low}+") == (low, OLDEST)
    assert parse_ages(str(low)) == (low, low)


@pytest.mark.parametrize("text", ["", "old", "30-20", "18-", "-5", "128", "60+5", "1000", "18 - 29"])
def test_bad_age_ranges_are_refused(text: str) -> None:
    """What is no age range is refused with a :class:`BadValue`."""
    with pytest.raises(BadValue):
        parse_ages(text)


AGE = Trait("age", "Age", "register", (), 0, ages=True)
HOME = Trait("residence", "Residence", "register", ("urban", "rural"), 7)


def test_levels_and_tables() -> None:
    """A level stands for its value, an age range for its years; unnamed values keep multiplier 1."""
    assert list(HOME.values("rural")) == [1]
    assert list(AGE.values("18-20")) == [18, 19, 20]
    assert HOME.table({"rural": 0.5}) == [1.0, 0.5]
    table = AGE.table({"18-19": 2.0, "60+": 0.0})
    assert (table[17], table[18], table[19], table[20], table[60], table[OLDEST]) == (1, 2, 2, 1, 0, 0)
    assert (AGE.show(40), HOME.show(1)) == ("40", "rural")


def test_unknown_names_come_with_a_hint() -> None:
    """A name that is not there comes back with the nearest one that is."""
    traits = Traits([AGE, HOME])
    names = Names(("fraud", "red-light"), ("court",), ("loan",), traits)
    assert names.index("kinds", "red-light") == 1
    assert names.hint("kinds", "redlight") == 'did you mean "red-light"?'
    with pytest.raises(UnknownName, match=r'act kind named "redlight"\n.*"red-light"'):
        names.index("kinds", "redlight")
    with pytest.raises(UnknownName, match="trait"):
        traits["residance"]
    with pytest.raises(UnknownName, match="level of the trait residence"):
        HOME.values("town")
