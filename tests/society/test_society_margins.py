"""Margins of a file: met in whole numbers, and named where they contradict each other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glasstown.errors import BadValue, Contradiction
from glasstown.society import SocietyModel, build_society
from glasstown.society.margins import _axes, _flatten, _resolve, count_cells


def made(file: dict[str, Any]) -> SocietyModel:
    return SocietyModel.model_validate(file)


@pytest.mark.parametrize("name", ["china-county", "invented-town"])
@pytest.mark.parametrize("citizens", [64, 1000, 20_000, 670_000])
def test_every_margin_is_met(read: Any, name: str, citizens: int) -> None:
    model = read(name)
    resolved = _resolve(model)
    cells = count_cells(model, citizens)
    assert cells.counts.min() >= 0
    assert cells.counts.sum() == citizens
    axes = _axes(model, resolved)
    for one in resolved:
        margin = _flatten(one, axes)
        assert np.abs(margin.sums(cells.counts) - margin.sums(cells.fitted)).max() < 2.0, margin.name


def test_the_reported_shares_come_out(build: Any) -> None:
    society = build("china-county", 670_000, 1)
    by = society.counts(["residence", "online"])
    urban = by["urban/yes"] / (by["urban/yes"] + by["urban/no"])
    rural = by["rural/yes"] / (by["rural/yes"] + by["rural/no"])
    assert urban == pytest.approx(0.672, abs=5e-4)
    assert rural == pytest.approx(0.317, abs=5e-4)
    users = by["urban/yes"] + by["rural/yes"]
    assert users / society.n == pytest.approx(0.517, abs=5e-4)
    bands = ["0-9", "10-19", "20-29", "30-39", "40-49", "50+"]
    ages = society.counts(["online", "age"], bands)
    for band, share in zip(bands, [0.029, 0.201, 0.304, 0.242, 0.134, 0.090], strict=True):
        assert ages[f"yes/{band}"] / users == pytest.approx(share, abs=5e-4)


@given(
    st.lists(st.integers(1, 50), min_size=3, max_size=3),
    st.lists(st.integers(1, 50), min_size=2, max_size=2),
    st.integers(1, 5000),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_independent_traits(small: dict[str, Any], colours: list[int], shapes: list[int], citizens: int) -> None:
    small["margins"][0]["shares"] = {
        level: part / sum(colours) for level, part in zip(["red", "green", "blue"], colours, strict=True)
    }
    small["margins"][1]["shares"] = {
        level: part / sum(shapes) for level, part in zip(["round", "square"], shapes, strict=True)
    }
    society = build_society(made(small), citizens, 3)
    both = society.counts(["colour", "shape"])
    for colour, part in zip(["red", "green", "blue"], colours, strict=True):
        assert abs(society.counts(["colour"])[colour] - citizens * part / sum(colours)) < 1.5
        for shape, other in zip(["round", "square"], shapes, strict=True):
            wanted = citizens * part / sum(colours) * other / sum(shapes)
            assert abs(both[f"{colour}/{shape}"] - wanted) < 2.5


def test_a_contradiction_names_both_the_level_and_by_how_much(small: dict[str, Any]) -> None:
    small["margins"].append(
        {
            "over": ["colour", "shape"],
            "shares": {
                "red": {"round": 0.2, "square": 0.2},
                "green": {"round": 0.1, "square": 0.25},
                "blue": {"round": 0.1, "square": 0.15},
            },
            "status": "assumed",
        }
    )
    with pytest.raises(Contradiction) as caught:
        build_society(made(small), 100, 1)
    message = caught.value.message
    for part in ('"colour"', '"colour, shape"', "colour red", "50.00%", "40.00%", "10.00 points"):
        assert part in message


def test_a_row_may_not_need_more_people_than_there_are() -> None:
    plain = {"status": "assumed"}
    model = made(
        {
            "society": "narrow",
            "title": "Narrow",
            "traits": {
                "age": {"title": "Age", "sees": "register", "ages": True},
                "online": {"title": "Online", "sees": "register", "levels": ["no", "yes"]},
            },
            "margins": [
                {"over": ["age"], "shares": {"0-19": 0.2, "20-29": 0.1, "30+": 0.7}, **plain},
                {"over": ["online"], "shares": {"no": 0.5, "yes": 0.5}, **plain},
                {
                    "over": ["online", "age"],
                    "per_row": True,
                    "shares": {"yes": {"0-29": 0.8, "30+": 0.2}},
                    **plain,
                },
            ],
        }
    )
    with pytest.raises(Contradiction, match=r"at least 40\.00%") as caught:
        build_society(model, 100, 1)
    assert "age 0-29" in caught.value.message
    assert "30.00%" in caught.value.message


def test_margins_that_agree_pairwise_and_leave_no_room(small: dict[str, Any]) -> None:
    small["traits"]["size"] = {"title": "Size", "sees": "register", "levels": ["s", "l"]}
    small["traits"]["colour"]["levels"] = ["red", "green"]
    plain = {"status": "assumed"}
    small["margins"] = [
        {"over": ["colour", "shape"], "shares": {"red": {"round": 0.5}, "green": {"square": 0.5}}, **plain},
        {"over": ["shape", "size"], "shares": {"round": {"s": 0.5}, "square": {"l": 0.5}}, **plain},
        {"over": ["colour", "size"], "shares": {"red": {"l": 0.5}, "green": {"s": 0.5}}, **plain},
    ]
    with pytest.raises(Contradiction, match="cannot hold together"):
        build_society(made(small), 100, 1)


def test_small_disagreements_are_evened_out(small: dict[str, Any]) -> None:
    small["margins"].append(
        {"over": ["shape"], "shares": {"round": 0.402, "square": 0.598}, "status": "assumed"},
    )
    society = build_society(made(small), 10_000, 1)
    assert 3990 <= society.counts(["shape"])["round"] <= 4030


def test_shares_per_row_need_to_know_the_rows(small: dict[str, Any]) -> None:
    small["margins"] = [
        {
            "over": ["colour", "shape"],
            "per_row": True,
            "shares": {"red": {"round": 1.0}},
            "status": "assumed",
        }
    ]
    with pytest.raises(BadValue, match="no margin says how many"):
        build_society(made(small), 100, 1)


def test_too_many_cells(small: dict[str, Any]) -> None:
    levels = [f"l{at}" for at in range(128)]
    share = dict.fromkeys(levels, 1 / 128)
    for name in ("a", "b", "c", "d"):
        small["traits"][name] = {"title": name, "sees": "truth", "levels": levels}
        small["margins"].append({"over": [name], "shares": share, "status": "assumed"})
    with pytest.raises(BadValue, match="cells"):
        build_society(made(small), 100, 1)
