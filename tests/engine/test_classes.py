"""Several classes of subjects in one town: equal to the twin, and out of each other's way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tiny_firms
from hypothesis import given, settings
from hypothesis import strategies as st
from test_twin import plain
from tiny import MECHANISMS, differences, flat, lived, named, total
from tiny import program as citizens_alone

from glasstown.engine.tables import C_CLASS, C_COUNT, C_FIRST

PAIRS = (("all", "none"), ("all-decaying", "companies"), ("companies",))
OFF = [name for name in MECHANISMS if name not in ("list", "sources", "coverage by trait", "profile", "false")]


@settings(max_examples=4)
@given(
    citizens=st.integers(64, 300),
    schemes=st.sampled_from(PAIRS),
    off=st.sets(st.sampled_from(OFF), max_size=5),
    seed=st.integers(0, 2**32 - 1),
    replicate=st.integers(0, 2**32 - 1),
)
def test_kernels_equal_the_plain_twin(
    citizens: int, schemes: tuple[str, ...], off: set[str], seed: int, replicate: int
) -> None:
    """With companies and councils, kernels and twin still leave the same tables, states, letters and news."""
    world = tiny_firms.program(citizens, 6, schemes=schemes, off=off, seed=seed, scale=2.0)
    assert differences(flat(lived(world, replicate)), plain(world, replicate)) == []


def test_a_cell_is_of_one_class_in_one_place() -> None:
    """Blocks never mix classes or places, cells hold everybody once, and numbers between are nobody's."""
    world = tiny_firms.program(3000, 2)
    first, count = world.cells[:, C_FIRST], world.cells[:, C_COUNT]
    assert (first % 64 == 0).all()
    assert (first[1:] >= first[:-1] + count[:-1]).all()
    sizes = [int(count[world.cells[:, C_CLASS] == c].sum()) for c in range(3)]
    assert sizes == [3000, world.society.classes[0].n, 6]
    assert world.society.classes[0].n == 270
    exist = [who for who in range(len(world.words)) if world.exists(who)]
    assert exist == world.everyone.tolist()
    for who in world.everyone[::37].tolist():
        cell = world.cells[world.cell_of(who)]
        assert world.class_of(who) == cell[C_CLASS]


@pytest.mark.parametrize("classes", [("company",), ("company", "council"), ("council",)])
def test_a_class_that_nobody_scores_changes_nothing_for_citizens(classes: tuple[str, ...]) -> None:
    """Where they harm none, companies and councils leave every count, file and letter of citizens as without them."""
    alone = citizens_alone(640, 6)
    among = tiny_firms.program(640, 6, schemes=("full", "none"), classes=classes, harms=False)
    one, other = lived(alone), lived(among)
    for side in range(2):
        ours, others = named(alone, one, side), named(among, other, side)
        for (table, measure, item), counts in ours.items():
            if table == "place":
                assert np.array_equal(counts, others[table, measure, item][:, : alone.places]), (measure, item)
            elif table == "group":
                assert np.array_equal(counts, others[table, measure, item][:, : alone.groups]), (measure, item)
            elif table == "cell":
                assert np.array_equal(counts, others[table, measure, item][: len(alone.cells)]), (measure, item)
        for name in ("points", "wrong", "unable", "risk", "stress", "motive", "did", "hold"):
            mine, theirs = getattr(one.sides[side].state, name), getattr(other.sides[side].state, name)
            assert np.array_equal(mine, theirs[:640]), name


def test_another_class_changes_nothing_for_companies() -> None:
    """A class in between moves the companies' numbers, and none of what they do, or of what becomes of them."""
    few = tiny_firms.program(640, 6, schemes=("companies", "none"), classes=("company",))
    tiny_firms.CLASSES["bureau"] = tiny_firms.CLASSES["council"]
    try:
        many = tiny_firms.program(640, 6, schemes=("companies", "none"), classes=("bureau", "company"))
    finally:
        del tiny_firms.CLASSES["bureau"]
    assert many.society.classes[1].first > few.society.classes[0].first
    assert np.array_equal(many.society.classes[1].words, few.society.classes[0].words)
    assert np.array_equal(many.society.classes[1].owner, few.society.classes[0].owner)
    one, other = lived(few), lived(many)
    for measure in ("acts", "records", "records_wrong_person", "records_false", "points_lost", "granted", "posted"):
        assert total(few, one, measure) == total(many, other, measure), measure


def test_a_null_change_changes_nothing() -> None:
    """Two equal sides that score every class differ by exactly zero."""
    world = tiny_firms.program(640, 6, schemes=("all", "all"), scale=2.0)
    left = flat(lived(world))
    ours = {name.removeprefix("0/"): value for name, value in left.items() if name.startswith("0/")}
    pairs = {name.removeprefix("1/"): value for name, value in left.items() if name.startswith("1/")}
    assert differences(ours, pairs) == []


@pytest.mark.parametrize(("threads", "chunk"), [(1, 1), (2, 3), (3, None)])
def test_threads_and_chunks_change_nothing(threads: int, chunk: int | None) -> None:
    """Companies and councils are the same on any number of threads, in chunks of any size."""
    world = tiny_firms.program(1500, 5, schemes=("all", "companies"), scale=2.0)
    assert differences(flat(lived(world)), flat(lived(world, threads=threads, chunk=chunk))) == []


def test_each_class_is_counted_for_itself() -> None:
    """Acts, letters and grades stand in the rows and groups of the class that they are of."""
    world = tiny_firms.program(1500, 8, schemes=("all", "none"), scale=2.0)
    outcome = lived(world)
    ours = named(world, outcome)
    for kind, subject in (("fake-goods", 1), ("false-figures", 2), ("red-light", 0)):
        rows = ours["place", "acts", kind].sum(axis=0).reshape(world.classes, world.places).sum(axis=1)
        assert rows[subject] > 0
        assert rows.sum() == rows[subject]
    sent = ours["place", "mail_sent", "-"].sum(axis=0).reshape(world.classes, -1).sum(axis=1)
    received = ours["place", "mail_received", "-"].sum(axis=0).reshape(world.classes, -1).sum(axis=1)
    assert (sent > 0).sum() >= 2
    assert sent.sum() == received.sum()
    assert received[0] - sent[0] == sent[1] - received[1] > 0  # passed on to owners
    graded = sum(ours["place", "grade", band][-1] for band in "ABCD").reshape(world.classes, -1).sum(axis=1)
    assert graded[1:].tolist() == [units.n for units in world.society.classes]
    groups = ours["group", "acts", "fake-goods"].sum(axis=0)
    named_groups = {world.group_names[at] for at in np.flatnonzero(groups)}
    assert named_groups == {"company: food", "company: goods", "company: works"}
    scores = outcome.sides[0].scores[-1].reshape(world.classes, -1).sum(axis=1)
    assert scores.tolist() == graded.tolist()


def test_what_grades_find_is_counted_by_grade() -> None:
    """Doers stand by grade, among companies as among citizens, and are no more than those graded."""
    world = tiny_firms.program(1500, 12, schemes=("all", "none"), scale=2.0)
    ours: Any = named(world, lived(world))
    doers = np.stack([ours["place", "grade_of_doers", band][-1] for band in "DCBA"])
    graded = np.stack([ours["place", "grade", band][-1] for band in "DCBA"])
    assert (doers <= graded).all()
    firms = slice(world.places, 2 * world.places)
    low, high = doers[:2, firms].sum() / graded[:2, firms].sum(), doers[3, firms].sum() / graded[3, firms].sum()
    assert low > high > 0


def test_retaliation_and_false_records_are_felt() -> None:
    """Who does not dare to report leaves fewer records; false ones fall where the multipliers say."""
    world = tiny_firms.program(2000, 12, schemes=("all", "none"), scale=2.0)
    outcome = lived(world)
    acts, right = total(world, outcome, "acts"), total(world, outcome, "records")
    wrong = total(world, outcome, "records_wrong_person")
    seen = (right["warden/wages-late"] + wrong["warden/wages-late"]) / acts["wages-late"]
    assert 0.17 < seen < 0.25, seen  # 0.7 seen, 0.6 dare, half are visited in a month
    groups = named(world, outcome)["group", "records_false", "warden/fake-goods"].sum(axis=0)
    by = dict(zip(world.group_names, groups.tolist(), strict=True))
    firms = np.bincount(world.society.classes[0].column("sector"), minlength=3)
    assert by["company: food"] / firms[0] > 1.7 * by["company: goods"] / firms[1]


def test_owners_live_where_their_firms_are() -> None:
    """Every company has an adult owner of its place; some own several, and the index by owner holds each once."""
    world = tiny_firms.program(3000, 2)
    units = world.society.classes[0]
    owner = units.owner[units.numbers - units.first]
    assert (owner >= 0).all()
    assert np.array_equal(world.place_of(owner), world.place_of(units.numbers))
    assert world.society.adults[owner].all()
    start, firm = world.firms_of
    assert sorted(firm.tolist()) == units.numbers.tolist()
    assert np.diff(start).max() > 1
    some = int(np.diff(start).argmax())
    assert set(units.owner[firm[start[some] : start[some + 1]] - units.first].tolist()) == {some}
