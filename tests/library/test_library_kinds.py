"""What single schemes of the library are there to show: favours, proportions, weights, everything at once."""

from __future__ import annotations

from functools import cache

import pytest

from glasstown.conduct.types import ConductModel
from glasstown.doors.types import DoorsModel
from glasstown.engine import shelf
from glasstown.engine.loop import simulate
from glasstown.engine.scenario import MODELS, build, load_parts
from glasstown.files import load
from glasstown.scheme.cases import CasesModel, run_cases
from glasstown.scheme.patch import PatchModel, apply_patch
from glasstown.scheme.types import DOMAINS, SchemeModel
from house import PACKAGE

LIBRARY = PACKAGE / "library"
FAVOURS_ONLY = ("fuzhou-jasmine-2018", "xiamen-egret-2018", "weihai-haibei-2018", "sesame-like")
NO_DOORS = ("suqian-2018", "suzhou-osmanthus", "hangzhou-qianjiang-2018", "zhengzhou-shangding-2019", "rongcheng-2021")
BY_CONSENT = ("rongcheng-2021", "fuzhou-jasmine-2018", "xiamen-egret-2018", "hangzhou-qianjiang-2018", "sesame-like")


@cache
def scheme(name: str) -> SchemeModel:
    """Return a scheme of the library."""
    return load(shelf.find("scheme", name), SchemeModel).value


def county() -> tuple[ConductModel, DoorsModel]:
    """Return conduct and doors of the county."""
    return tuple(load(shelf.find(kind, "china-county"), MODELS[kind]).value for kind in ("conduct", "doors"))  # type: ignore[return-value]


def minus(model: SchemeModel) -> int:
    """Return how many rules take points."""
    return sum(rule.low < 0 for rule in model.rules.values())


@pytest.mark.parametrize("name", FAVOURS_ONLY)
def test_schemes_of_favours_close_nothing(name: str) -> None:
    """Every door that the scheme names is a privilege, which nobody has without it."""
    doors = county()[1].requests
    assert scheme(name).doors
    assert all(doors[door].privilege for door in scheme(name).doors)


@pytest.mark.parametrize("name", NO_DOORS)
def test_schemes_without_doors_say_so(name: str) -> None:
    """Where no consequence for a door is reported, none is encoded."""
    assert scheme(name).doors == {}


def test_consent_stands_where_a_score_is_joined() -> None:
    """Opt-in schemes score only who consents; how many do is assumed."""
    for name in shelf.names("scheme"):
        consent = scheme(name).consent
        assert (consent is not None) == (name in BY_CONSENT), name
        assert consent is None or consent.status == "assumed"


def test_every_favour_is_granted_by_some_scheme() -> None:
    """No privilege stands in the doors' file for nobody."""
    offered = {door for name in shelf.names("scheme") for door in scheme(name).doors}
    assert {name for name, door in county()[1].requests.items() if door.privilege} <= offered


def test_favours_are_granted_in_a_run() -> None:
    """Under a score of favours more is granted and nothing refused; without the scheme nobody asks for them."""
    program = build(load_parts("fuzhou", citizens=2000, years=1))
    outcome = simulate(program, threads=1)
    counts = []
    for side, catalogue in zip(outcome.sides, program.catalogues, strict=True):
        sums = side.place.sum(axis=(0, 1))
        counts.append({column: int(n) for column, n in zip(catalogue.columns, sums, strict=False)})
    with_it, without = counts
    assert with_it["granted", "free-power-bank"] > 0
    assert without["requests", "free-power-bank"] == 0
    assert sum(n for (measure, _), n in with_it.items() if measure in ("refused_score", "refused_grade")) == 0


def test_weihai_keeps_the_reported_proportion() -> None:
    """Minus rows are to plus rows as 1,492 to 193, within two per cent."""
    model = scheme("weihai-haibei-2018")
    assert minus(model) / (len(model.rules) - minus(model)) == pytest.approx(1492 / 193, rel=0.02)


def test_yiwu_knows_twenty_bad_records() -> None:
    """Twenty kinds of bad record, as reported, and doors for the lowest grade alone."""
    model = scheme("yiwu-2017")
    assert len({rule.record for rule in model.rules.values() if rule.low < 0}) >= 19
    assert minus(model) == 20
    assert {door.refuse.grades for door in model.doors.values() if door.refuse} == {(model.bands_upward()[0],)}


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("fico-like", {"payment-history": 35, "amounts-owed": 30, "length": 15, "new-credit": 10}),
        ("sesame-like", {"credit-history": 35, "behaviour": 20}),
    ],
)
def test_weights_are_shares_of_the_range(name: str, weights: dict[str, int]) -> None:
    """A published weight stands as the most that its part can move: that share of the score's range."""
    model = scheme(name)
    wide = model.ceiling - model.floor
    assert {cap: one.most for cap, one in model.caps.items()} == {
        cap: round(share * wide / 100) for cap, share in weights.items()
    }


def test_a_profile_can_outweigh_a_deed() -> None:
    """Under the welfare score a clean file of the poor and young stands below fraud by somebody else."""
    folder = shelf.find("scheme", "dutch-welfare-risk-like").parent
    ran = run_cases(scheme("dutch-welfare-risk-like"), load(folder / "cases.yaml", CasesModel).value)
    scores = {result.name: result.case.score for result in ran if result.holds}
    assert scores["a-poor-young-mother-alone"] < scores["fraud-by-the-man-with-a-degree"]


def test_the_nightmare_leaves_nothing_out() -> None:
    """Every act kind counts, from every source; every door closes on every list; nothing lapses; nobody hears you."""
    model = scheme("nightmare")
    conduct, doors = county()
    assert {rule.record for rule in model.rules.values()} == set(conduct.acts)
    assert {rule.sources for rule in model.rules.values()} == {"all"}
    assert {rule.domain for rule in model.rules.values()} == set(DOMAINS)
    assert set(model.doors) == {name for name, door in doors.requests.items() if not door.privilege}
    assert all(door.refuse and set(door.refuse.lists) == set(model.lists) for door in model.doors.values())
    assert all(rule.term_months is None for rule in model.rules.values() if rule.low < 0)
    assert model.appeal.startswith("None")


def test_same_domain_sanctions_close_only_their_own_doors() -> None:
    """Under the patch each door is closed by the list of its own context, and by no grade."""
    patch = load(shelf.find("patch", "nightmare-same-domain"), PatchModel)
    changed = apply_patch(scheme("nightmare"), patch)
    doors = county()[1].requests
    for name, door in changed.doors.items():
        assert door.refuse is not None
        assert door.refuse.lists == (f"broken-{doors[name].domain}",)
        assert door.refuse.grades == ()
