"""The model exists twice, as kernels and as plain Python: same draws, same results, bit for bit."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import (
    ASSUMED,
    CONDUCT,
    DOORS,
    MECHANISMS,
    ROLL_OUT,
    SCHEMES,
    SOCIETY,
    SOURCES,
    differences,
    flat,
    grown_ups,
    lived,
    no_ages,
    program,
    rate,
    rule,
    total,
    with_,
    without,
)

from glasstown.engine.layout import CODE_SHIFT
from glasstown.engine.plain_events import Hurt, Letter, Life
from glasstown.engine.plain_world import PlainSide
from glasstown.engine.program import Program
from glasstown.engine.standing import NO_FILE, grades
from glasstown.engine.tables import N_FIRST, X_PASSES
from glasstown.society.build import build_society
from glasstown.society.types import SocietyModel

EXTRA = ("passed", "told", "trust")


def _packed(world: Program, letter: Letter) -> tuple[int, int, int]:
    """Return a letter as the kernels write it."""
    p = letter.post
    if isinstance(p, Hurt):
        by = p.by - int(world.shared.classes[1, N_FIRST])
        return letter.who, p.day, p.code << CODE_SHIFT | p.kind << 30 | by
    rest = p.kind << 30 | p.source << 25 | p.status << 23 | p.amount << 15
    rest |= p.repair << 14 | p.stale << 13 | p.corrected << 12 | p.late
    return letter.who, p.day, rest


def plain(world: Program, replicate: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    """Live a program by the plain twin; return what :func:`tiny.flat` returns for the kernels."""
    world = world.with_replicate(replicate)
    out: dict[str, np.ndarray[Any, Any]] = {}
    windows = world.clock.windows
    for s in range(len(world.sides)):
        side = PlainSide(world, s)
        news, harm = [], []
        for window in range(windows):
            news.append(side.news)
            harm.append(side.harm)
            side.window(window)
        base = world.catalogues[s].base.tolist()
        shapes = {
            "place": (windows, world.rows, world.columns),
            "group": (world.years, world.groups, world.columns),
            "cell": (len(world.cells), world.columns),
        }
        for name, shape in shapes.items():
            table = out[f"{s}/{name}"] = np.zeros(shape, np.int64)
            for key, value in getattr(side, name).items():
                *where, measure, item = key
                table[(*where, base[measure] + item)] += value
        scores = out[f"{s}/scores"] = np.zeros((windows, world.classes * world.bins), np.int64)
        for at, value in side.scores.items():
            scores[at] += value
        out[f"{s}/news"] = np.array([*news, side.news], np.int64)
        out[f"{s}/harm"] = np.array([*harm, side.harm], np.int64)
        n, holds, caps = len(world.words), len(world.sides[s].hold), len(world.sides[s].cap_limit)
        passing, knowing = bool(world.sides[s].power[X_PASSES]), world.shared.aware < 1 << 32
        shapes = {
            "points": (n, 4),
            "hold": (n, holds),
            "hold_why": (n, holds),
            "cap": (n, caps),
        }
        for name in ("points", "wrong", "unable", "hold", "hold_why", "cap", "risk", "stress", "motive", "did", *EXTRA):
            shape = shapes.get(name, (-1,))
            lives = (side.lives.get(who) or Life.begin(world, s, who) for who in range(n))
            rows = [getattr(life, "hold_kept" if name == "hold" else name) for life in lives]
            kept = {"passed": passing, "told": knowing, "trust": world.trusting}
            if not kept.get(name, True):
                rows = [np.zeros_like(rows[0])]
            out[f"{s}/state/{name}"] = np.array(rows, np.int64).reshape(shape)
        out[f"{s}/state/news"] = np.array(side.news, np.int64)
        out[f"{s}/state/harm"] = np.array(side.harm, np.int64)
        out[f"{s}/state/visit"] = np.array(side.visit, np.int64)
        out[f"{s}/state/started"] = np.array([first <= windows for first in world.rollout] or [1])
        for w, letters in enumerate(side.letters):
            rows = sorted(_packed(world, letter) for letter in letters)
            out[f"{s}/letters/{w}"] = np.array(rows, np.int64).reshape(-1, 3)
        out[f"{s}/allotments"] = np.array(side.allotments, np.int64)
    return out


BICYCLE = {
    "title": "Bicycle without a deposit",
    "domain": "commercial",
    "rate": rate(4.0),
    "ordinary_refusal": {"share": 0.0, **ASSUMED},
    "privilege": True,
}


def granting(share: float | None) -> dict[str, Any]:
    """Return the full scheme with a privilege for the better scores; with a share, for those who consent."""
    favour = {"refuse": {"score_below": 985}, **ASSUMED}
    scheme = with_(SCHEMES["full"], favour, "doors", "bicycle")
    return scheme if share is None else {**scheme, "consent": {"share": share, **ASSUMED}}


PAIRS = (
    ("full", "none"),
    ("full", "decaying"),
    ("decaying", "full"),
    ("decaying",),
    ("none", "full"),
    ("powerful", "full"),
    ("full", "powerful"),
    ("powerful", "none"),
    ("listing", "full"),
    ("decaying", "listing"),
    ("narrow", "wide"),
    ("simple", "full"),
    ("simple",),
    ("heavy", "full"),
)


@settings(max_examples=10)
@given(
    citizens=st.integers(64, 280),
    months=st.sampled_from([1, 1, 3]),
    windows=st.integers(3, 14),
    schemes=st.sampled_from(PAIRS),
    off=st.sets(st.sampled_from(MECHANISMS), max_size=8),
    seed=st.integers(0, 2**32 - 1),
    replicate=st.integers(0, 2**32 - 1),
    start=st.dates(date(2015, 1, 1), date(2016, 12, 1)).map(lambda day: day.replace(day=1)),
    scale=st.sampled_from([0.5, 1.0, 3.0]),
    aware=st.sampled_from([None, 0.4]),
    rollout=st.sampled_from([None, ROLL_OUT]),
)
def test_kernels_equal_the_plain_twin(
    citizens: int,
    months: int,
    windows: int,
    schemes: tuple[str, ...],
    off: set[str],
    seed: int,
    replicate: int,
    start: date,
    scale: float,
    aware: float | None,
    rollout: dict[str, int] | None,
) -> None:
    """Whatever the program, kernels and twin leave the same tables, states, letters, news and allotments."""
    many = min(windows, 14 // months)
    world = program(
        citizens, many, schemes=schemes, off=off, seed=seed, months=months, start=start, scale=scale, aware=aware,
        rollout=rollout,
    )  # fmt: skip
    assert differences(flat(lived(world, replicate)), plain(world, replicate)) == []


@pytest.mark.parametrize("share", [None, 0.5])
def test_kernels_equal_the_plain_twin_where_favours_are_granted(share: float | None) -> None:
    """A privilege is granted to the same people by both; nobody asks for it where no scheme grants it."""
    world = program(400, 8, schemes=(granting(share), "none"), doors=with_(DOORS, BICYCLE, "requests", "bicycle"))
    outcome = lived(world)
    assert differences(flat(outcome), plain(world)) == []
    granted, held = (total(world, outcome, of)["bicycle"] for of in ("granted", "refused_ordinary"))
    assert granted > 0
    assert held > 0
    assert total(world, outcome, "requests")["bicycle"] == granted + held
    assert total(world, outcome, "requests", side=1)["bicycle"] == 0


def test_kernels_equal_the_plain_twin_where_points_count_twice() -> None:
    """Points that end and counted twice close a door that the score alone would not: no request is granted too soon."""
    heavy = with_(SCHEMES["heavy"], rule("volunteering", "social", [10, 30], term_months=1), "rules", "volunteer")
    heavy = with_(heavy, {"refuse": {"score_below": 1020}, **ASSUMED}, "doors", "loan")
    heavy = without(heavy, "doors", "flight", "refuse", "lists")
    world = program(800, 6, schemes=(without(heavy, "caps"),), scale=2.0)
    assert differences(flat(lived(world)), plain(world)) == []


def test_a_favour_withheld_hurts_nobody() -> None:
    """Who goes without is refused by no scheme, bears no stress, and lives on as without the privilege."""
    quiet = program(400, 8, schemes=(granting(None),), doors=with_(DOORS, BICYCLE, "requests", "bicycle"))
    plainly = program(400, 8, schemes=("full",))
    with_it, without_it = lived(quiet), lived(plainly)
    for name in ("stress", "points", "hold"):
        assert (getattr(with_it.sides[0].state, name) == getattr(without_it.sides[0].state, name)).all(), name
    assert total(quiet, with_it, "refused_score")["bicycle"] == 0


@pytest.mark.nightly
@settings(max_examples=200)
@given(
    citizens=st.integers(64, 1000),
    months=st.sampled_from([1, 2, 3, 6, 12]),
    windows=st.integers(1, 30),
    schemes=st.sampled_from(PAIRS),
    off=st.sets(st.sampled_from(MECHANISMS), max_size=len(MECHANISMS)),
    seed=st.integers(0, 2**32 - 1),
    scale=st.sampled_from([0.2, 1.0, 8.0]),
    aware=st.sampled_from([None, 0.4]),
    rollout=st.sampled_from([None, ROLL_OUT]),
)
def test_kernels_equal_the_plain_twin_at_length(
    citizens: int,
    months: int,
    windows: int,
    schemes: tuple[str, ...],
    off: set[str],
    seed: int,
    scale: float,
    aware: float | None,
    rollout: dict[str, int] | None,
) -> None:
    """The same over more programs, larger ones, and every length of window."""
    world = program(
        citizens, max(1, windows // months), schemes=schemes, off=off, seed=seed, months=months, scale=scale,
        aware=aware, rollout=rollout,
    )  # fmt: skip
    assert differences(flat(lived(world)), plain(world)) == []


@pytest.mark.parametrize("least", [18, 21])
def test_kernels_equal_the_plain_twin_where_nobody_has_an_age(least: int) -> None:
    """People without ages are adults of 18: a scheme for people of 21 scores none of them, in grades neither."""
    world = program(
        people=grown_ups(300), windows=8, schemes=({**SCHEMES["simple"], "min_age": least}, "none"), scale=2.0,
        conduct=no_ages(CONDUCT), sources=no_ages(SOURCES), doors=no_ages(DOORS),
    )  # fmt: skip
    outcome = lived(world)
    assert differences(flat(outcome), plain(world)) == []
    scored = total(world, outcome, "grade")
    assert any(scored.values()) == (least == 18)
    state = outcome.sides[0].state
    assert state is not None
    assert (grades(world, 0, state, 7) == NO_FILE).all() == (least == 21)


@pytest.mark.nightly
def test_kernels_equal_the_plain_twin_where_traits_are_many() -> None:
    """People of more than 32 bits of traits live in the kernels as in the twin."""
    many = {f"taste-{at}": {"title": f"Taste {at}", "sees": "register", "levels": [*"abcd"]} for at in range(20)}
    tasteless = {"table": {"all": dict.fromkeys("abcd", 0.25)}, **ASSUMED}
    parts = {
        **SOCIETY,
        "traits": {**many, **SOCIETY["traits"]},
        "chances": {**SOCIETY["chances"], **dict.fromkeys(many, tasteless)},
    }
    people = build_society(SocietyModel.model_validate(parts), 400, 3)
    assert people.words.dtype == np.uint64
    world = program(people=people, windows=8, schemes=("full", "decaying"), scale=2.0)
    assert differences(flat(lived(world)), plain(world)) == []


def test_every_mechanism_is_at_work() -> None:
    """The programs that the twin is compared on use every measure: nothing above passes for want of events."""
    seen: dict[str, int] = {}
    for schemes in (("full", "none"), ("decaying",), ("powerful", "none"), ("listing",), ("simple",)):
        world = program(400, 14, schemes=schemes, scale=2.0, aware=0.5, rollout=ROLL_OUT)
        outcome = lived(world)
        for s, side in enumerate(outcome.sides):
            for (measure, _), count in zip(
                world.catalogues[s].columns, np.abs(side.place).sum(axis=(0, 1)), strict=False
            ):
                seen[measure] = seen.get(measure, 0) + int(count)
    assert [measure for measure, count in seen.items() if count == 0] == []
