"""The random numbers: right by the generator's published vectors, and the same in every version."""

from __future__ import annotations

import numpy as np
import pytest
import randomgen
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from glasstown import draws
from glasstown.errors import Contradiction

Block = tuple[int, int, int, int]
WORD = st.integers(0, draws.MASK)
ONES = draws.MASK

# The known-answer file of Random123 1.14 (kat_vectors, philox4x32 10).
PUBLISHED: list[tuple[Block, tuple[int, int], Block]] = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), PUBLISHED, ids=["zeros", "ones", "pi"])
def test_published_vectors(counter: Block, key: tuple[int, int], expected: Block) -> None:
    """The plain generator gives the words that its authors published."""
    assert draws.philox(counter, key) == expected


@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_equals_another_implementation(counter: Block, key: tuple[int, int]) -> None:
    """Any block equals the one that randomgen's C implementation gives."""
    # randomgen steps its counter before the first block.
    before = (sum(word << 32 * i for i, word in enumerate(counter)) - 1) % 2**128
    other = randomgen.Philox(counter=before, key=key[0] | key[1] << 32, number=4, width=32)
    assert draws.philox(counter, key) == tuple(int(word) for word in other.random_raw(4))


@given(
    seed=WORD,
    replicate=WORD,
    subjects=st.lists(WORD, min_size=1, max_size=5),
    occasion=WORD,
    index=WORD,
    decision=st.text(max_size=20),
)
def test_arrays_equal_plain(
    seed: int, replicate: int, subjects: list[int], occasion: int, index: int, decision: str
) -> None:
    """The words over an array are the plain words of each subject."""
    over = draws.words_over((seed, replicate), np.array(subjects, dtype=np.int64), decision, occasion, index)
    assert over.dtype == np.uint32
    plain = [draws.words((seed, replicate), subject, decision, occasion, index) for subject in subjects]
    assert over.tolist() == [list(block) for block in plain]


@settings(deadline=None)  # the first example compiles
@given(st.tuples(WORD, WORD, WORD, WORD), st.tuples(WORD, WORD))
def test_compiled_equals_plain(counter: Block, key: tuple[int, int]) -> None:
    """The compiled generator gives the plain one's words, whatever the compiler makes of its integers."""
    from glasstown.draws_compiled import philox_compiled

    assert philox_compiled(*counter, *key) == draws.philox(counter, key)


def test_words_of_nobody() -> None:
    """No subjects, no words."""
    assert draws.words_over((1, 0), np.array([], dtype=np.int64), "act/red-light").shape == (0, 4)


def test_numbers_of_decisions_never_change() -> None:
    """A decision's number is part of every published result, so it stays as it is for ever."""
    assert [draws.decision_id(name) for name in ("", "act/red-light", "door/loan")] == [
        1188227382,
        1597051616,
        481005020,
    ]


def test_two_names_with_one_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two decisions on one stream would be the same decision: Glasstown says so instead."""
    draws.check_decisions(["act/fraud", "act/littering", "act/fraud"])
    monkeypatch.setattr(draws, "decision_id", lambda name: 7)
    with pytest.raises(Contradiction, match=r"act/fraud.*act/littering"):
        draws.check_decisions(["act/fraud", "act/littering"])


def _uniform(words: np.ndarray) -> float:
    counts = np.bincount(words >> np.uint32(24), minlength=256)
    expected = len(words) / 256
    return float(chi2.sf(((counts - expected) ** 2 / expected).sum(), 255))


@pytest.mark.parametrize("column", range(4))
@pytest.mark.parametrize("seed", [1, 2016])
def test_words_are_uniform(seed: int, column: int) -> None:
    """Words over neighbouring subjects fill 256 bins evenly (seeds fixed: this holds or it does not)."""
    words = draws.words_over((seed, 0), np.arange(100_000), "act/red-light")[:, column]
    assert 0.001 < _uniform(words) < 0.999


@pytest.mark.parametrize("change", ["subject", "decision", "occasion", "index", "seed", "replicate"])
def test_every_part_of_the_name_matters(change: str) -> None:
    """Words whose names differ in one part differ in half of their bits, as chance would have it."""
    n = 20_000
    ids = np.arange(n)
    base = draws.words_over((1, 0), ids, "act/fraud")
    other = {
        "subject": lambda: draws.words_over((1, 0), ids + n, "act/fraud"),
        "decision": lambda: draws.words_over((1, 0), ids, "act/gambling"),
        "occasion": lambda: draws.words_over((1, 0), ids, "act/fraud", occasion=1),
        "index": lambda: draws.words_over((1, 0), ids, "act/fraud", index=1),
        "seed": lambda: draws.words_over((2, 0), ids, "act/fraud"),
        "replicate": lambda: draws.words_over((1, 1), ids, "act/fraud"),
    }[change]()
    differing = float(np.unpackbits((base ^ other).view(np.uint8)).mean())
    assert abs(differing - 0.5) < 5 * 0.5 / np.sqrt(n * 128)
