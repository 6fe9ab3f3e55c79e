"""Tables handed to kernels by one address, and the bound by which requests are granted in bulk."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from tiny import program

from glasstown.engine.compile_power import worst_by_kind


class Inside(NamedTuple):
    """A table within tables."""

    few: npt.NDArray[np.uint8]
    many: npt.NDArray[np.int64]


class Tables(NamedTuple):
    """Tables of several widths, a number, and tables within."""

    number: int
    wide: npt.NDArray[np.int16]
    inside: Inside
    last: npt.NDArray[np.int32]


def tables() -> Tables:
    """Return tables whose every entry differs."""
    return Tables(
        number=-7,
        wide=np.arange(12, dtype=np.int16).reshape(3, 4),
        inside=Inside(np.arange(5, dtype=np.uint8), np.arange(20, 26)),
        last=np.array([40, 50], np.int32),
    )


@pytest.fixture(scope="module")
def look() -> Any:
    """Return a kernel that reads from a frame, and writes into one of its tables."""
    from glasstown.engine.jit import inner, kernel

    @inner
    def sum_of(frame):  # type: ignore[no-untyped-def]
        return frame.wide[2, 1] + frame.inside.many[3] + frame.inside.few.shape[0] + frame.number

    @kernel
    def run(frame):  # type: ignore[no-untyped-def]
        frame.last[1] += sum_of(frame)
        return frame.wide.shape[1]

    return run


def test_a_frame_reads_and_writes_the_tables_it_stands_for(look: Any) -> None:
    """What a kernel finds at an address is what stands in the tables, and what it writes stands there after."""
    from glasstown.engine.frame import Frame

    given = tables()
    assert look(Frame(given)) == 4
    assert given.last.tolist() == [40, 50 + 9 + 23 + 5 - 7]


def test_one_type_for_tables_of_one_form(look: Any) -> None:
    """Other sizes need no other kernel; another type of number does."""
    from glasstown.engine.frame import Frame

    given = tables()
    longer = given._replace(last=np.arange(9, dtype=np.int32))
    other = given._replace(last=np.arange(9, dtype=np.int64))
    types = [Frame(one)._numba_type_ for one in (given, longer, other)]
    assert types[0] == types[1] != types[2]
    look(Frame(longer))
    assert len(look.signatures) == 1


def test_a_table_must_lie_in_one_piece() -> None:
    """A column of a wider table has no place of its own."""
    from glasstown.engine.frame import Frame

    with pytest.raises(ValueError, match="one piece"):
        Frame(tables()._replace(last=np.zeros((4, 2), np.int32)[:, 0]))


def test_a_kernel_cannot_change_what_is_fixed(look: Any) -> None:
    """A kernel that writes into a table it was given to read is not compiled."""
    from numba.core.errors import TypingError

    from glasstown.engine.frame import Frame

    given = tables()
    with pytest.raises(TypingError, match="readonly"):
        look(Frame(given, fixed=True))
    assert given.last.tolist() == [40, 50]


def test_a_table_of_another_form_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What kernels were told of the number of columns holds, or nothing is run."""
    from glasstown.engine import frame

    monkeypatch.setattr(frame, "COLUMNS", {("Tables", "wide"): 4})
    frame.Frame(tables())
    with pytest.raises(ValueError, match="3 columns instead of 4"):
        frame.Frame(tables()._replace(wide=np.zeros((5, 3), np.int16)))


def test_indices_of_every_width_reach_their_item() -> None:
    """Numbers without sign, short numbers and whole rows find what NumPy finds."""
    from glasstown.engine.frame import Frame
    from glasstown.engine.jit import kernel

    @kernel
    def pick(frame, at):  # type: ignore[no-untyped-def]
        row = frame.wide[frame.inside.few[2]]
        return row[at] + 100 * frame.wide[np.uint32(1), np.int8(3)] + 10000 * frame.inside.many[1:3][1]

    given = tables()
    assert pick(Frame(given), np.int16(3)) == 11 + 100 * 7 + 10000 * 22


def test_the_worst_of_a_kind_is_never_too_little() -> None:
    """It is no less than what the gravest record of the kind costs by all rules, and above all scores for a list."""
    given = program(schemes=("full", "powerful"))
    for scheme in given.schemes:
        worst = worst_by_kind(scheme)
        for kind, (first, end) in enumerate(zip(scheme.rule_start[:-1], scheme.rule_start[1:], strict=True)):
            low = np.minimum(scheme.rule_low[first:end], 0).astype(np.int64)
            cost = -(low * scheme.weights[scheme.rule_domain[first:end]]).sum() / 100
            assert worst[kind] >= cost
            if (scheme.rule_hold[first:end] >= 0).any():
                assert worst[kind] > scheme.ceiling - scheme.floor


def test_a_kind_is_simple_only_where_nothing_but_points_follows() -> None:
    """Kinds of one rule without term, cap, list or condition, of no one who could not pay; by nobody's officials."""
    from glasstown.engine.tables import U_CAP, U_HOLD, U_REPAIR, U_TERM, U_WHEN, V_SIMPLE

    given = program(schemes=("simple", "powerful"))
    for rules in given.sides:
        simple = rules.kind[:, V_SIMPLE]
        for kind in np.flatnonzero(simple >= 0):
            assert rules.rule_start[kind + 1] == rules.rule_start[kind] + 1
            assert simple[kind] == rules.rule_start[kind]
            assert (rules.rule[simple[kind], [U_TERM, U_REPAIR, U_CAP, U_HOLD, U_WHEN]] < 0).all()
    found = np.flatnonzero(given.sides[0].kind[:, V_SIMPLE] >= 0)
    assert {given.names.kinds[kind] for kind in found} == {"gossip", "volunteering", "drunk-driving"}
    assert (given.sides[1].kind[:, V_SIMPLE] < 0).all()
