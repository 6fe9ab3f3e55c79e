"""Tiny programs with further classes of subjects: companies that citizens own, and a council in each place."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import tiny
from tiny import (
    ASSUMED,
    CONDUCT,
    DOORS,
    FULL,
    SOCIETY,
    SOURCES,
    Parts,
    cited,
    decaying,
    keeper,
    rate,
    rule,
    with_,
    without,
)

from glasstown.engine.program import Program
from glasstown.society.build import Society, build_society
from glasstown.society.types import SocietyModel

CLASSES: Parts = {
    "company": {
        "title": "Company",
        "plural": "companies",
        "per_1000": cited(90),
        "traits": {
            "sector": {"title": "Sector", "sees": "register", "levels": ["food", "goods", "works"]},
            "size": {"title": "Size", "sees": "register", "levels": ["small", "large"]},
            "ability": {"title": "Solvency", "sees": "truth", "levels": ["none", "tight", "fair", "ample"]},
            "honesty": {"title": "Honesty", "sees": "truth", "levels": ["low", "high"]},
        },
        "chances": {
            "sector": {"table": {"all": {"food": 0.3, "goods": 0.4, "works": 0.3}}, **ASSUMED},
            "size": {
                "by": ["sector"],
                "table": {"works": {"small": 0.4, "large": 0.6}, "*": {"small": 0.9, "large": 0.1}},
                **ASSUMED,
            },
            "ability": {"table": {"all": {"none": 0.1, "tight": 0.2, "fair": 0.4, "ample": 0.3}}, **ASSUMED},
            "honesty": {"table": {"all": {"low": 0.4, "high": 0.6}}, **ASSUMED},
        },
        "owners": {"trait": "work", "levels": ["farmer"], "firms": cited(1.5), **ASSUMED},
        "staff": {"trait": "work", "levels": ["official"], "by": "size", "jobs": {"small": 2, "large": 9}, **ASSUMED},
        "customers": {"each": 2, **ASSUMED},
        "groups": ["sector"],
    },
    "council": {
        "title": "Council",
        "plural": "councils",
        "per_place": cited(2),
        "traits": {"kind": {"title": "Kind", "sees": "register", "levels": ["town", "village"]}},
        "chances": {"kind": {"table": {"all": {"town": 0.5, "village": 0.5}}, **ASSUMED}},
    },
}
ACTS: Parts = {
    "fake-goods": {
        "title": "Fake goods",
        "subject": "company",
        "domain": "commercial",
        "lawful": False,
        "sought": True,
        "rate": rate(2.0, sector={"food": 2}, honesty={"high": 0.3}),
        "harm": {"yuan": 300, "victim": "customer", **ASSUMED},
        "responds": ["deterrence", "stress", "incapacitation"],
    },
    "wages-late": {
        "title": "Wages late",
        "subject": "company",
        "domain": "social",
        "lawful": False,
        "needs_ability": True,
        "rate": rate(1.5, ability={"none": 4, "ample": 0.3}),
        "harm": {"yuan": 9000, "victim": "employee", **ASSUMED},
    },
    "alms": {
        "title": "Gives alms",
        "subject": "company",
        "domain": "social",
        "lawful": True,
        "good": True,
        "rate": rate(1.0),
        "responds": ["gaming", "crowding-out"],
    },
    "false-figures": {
        "title": "False figures",
        "subject": "council",
        "domain": "political",
        "lawful": False,
        "rate": rate(4.0, kind={"village": 2}),
        "responds": ["deterrence"],
    },
}
WARDEN = keeper(
    "Warden",
    {"fake-goods": (0.5, 5, 40), "wages-late": (0.7, 0, 9), "alms": (0.9, 0, 0), "false-figures": (0.5, 0, 20)},
    {"fake-goods": 0.3},
)
WARDEN["visits"] = {"per_1000": cited(6000)}
WARDEN["records"]["fake-goods"]["coverage"]["by"] = {"size": {"large": 1.5}}
WARDEN["records"]["wages-late"]["retaliation"] = cited(0.4)
WARDEN["false_records"]["fake-goods"]["by"] = {"sector": {"food": 3}}
ASKS: Parts = {
    "permit": {
        "title": "Permit",
        "subject": "company",
        "domain": "commercial",
        "rate": rate(2.0, size={"large": 2}),
        "ordinary_refusal": {"share": 0.1, "by": {"ability": {"none": 3}}, **ASSUMED},
    },
    "tender": {
        "title": "Tender",
        "subject": "company",
        "domain": "political",
        "rate": rate(1.0),
        "ordinary_refusal": {"share": 0.0, **ASSUMED},
        "scarce": {"places_per_1000": cited(200), "month": 3},
    },
}
RULES: Parts = {
    "fakes": rule(
        "fake-goods",
        "commercial",
        [-80, -30],
        term_months=4,
        when='sector != "works" or size == "large"',
        passes_on={"to": ["owner", "same-owner", "staff"], "share": 50, **ASSUMED},
    ),
    "fakes-listed": rule(
        "fake-goods",
        "commercial",
        0,
        list="debtors",
        term_months=2,
        when="amount > 120",
        passes_on={"to": ["same-owner"], "held": True, **ASSUMED},
    ),
    "wages": rule(
        "wages-late",
        "social",
        -40,
        term_months=3,
        repair_after_months=1,
        passes_on={"to": ["customers"], "share": 10, **ASSUMED},
    ),
    "alms": rule("alms", "social", 9, term_months=6, cap="good-deeds"),
    "figures": rule("false-figures", "political", -60, term_months=3),
}
PROFILE: Parts = {
    "size": {"subject": "company", "trait": "size", "domain": "legal", "points": {"large": 40, "small": -8}, **ASSUMED}
}


def _all_of(scheme: Parts) -> Parts:
    """Return a scheme that scores every class by rules of its own kind."""
    out = {**scheme, "scheme": "firms", "subjects": ["company", "citizen", "council"]}
    terms = () if "decay" not in scheme else ("term_months", "repair_after_months")
    rules = {name: {k: v for k, v in one.items() if k not in terms} for name, one in RULES.items()}
    if terms:
        rules.pop("fakes-listed")
    out["rules"] = {**scheme["rules"], **rules}
    profile = {name: {"subject": "citizen", **one} for name, one in scheme.get("profile", {}).items()}
    out["profile"] = {**profile, **PROFILE}
    doors = {"permit": {"refuse": {"score_below": 960}, **ASSUMED}, "tender": {"priority": "score", **ASSUMED}}
    return {**out, "doors": {**scheme["doors"], **doors}}


def only_companies() -> Parts:
    """Return a scheme that scores companies alone."""
    out = _all_of(FULL)
    return {
        **out,
        "scheme": "companies",
        "subjects": ["company"],
        "rules": {name: one for name, one in RULES.items() if name != "figures"},
        "doors": {name: one for name, one in out["doors"].items() if name in ASKS},
    }


SCHEMES: dict[str, Parts] = {"all": _all_of(FULL), "all-decaying": _all_of(decaying()), "companies": only_companies()}


@cache
def society(citizens: int, seed: int = 5, classes: tuple[str, ...] = tuple(CLASSES)) -> Society:
    """Build the tiny society with some of the classes."""
    parts = {**SOCIETY, "classes": {name: CLASSES[name] for name in classes}}
    return build_society(SocietyModel.model_validate(parts), citizens, seed)


def program(
    citizens: int = 320,
    windows: int = 6,
    *,
    schemes: Collection[str] = ("all", "none"),
    classes: tuple[str, ...] = tuple(CLASSES),
    acts: Collection[str] = tuple(ACTS),
    people: Society | None = None,
    harms: bool = True,
    base: Parts = CONDUCT,
    **more: Any,
) -> Program:
    """Compile a tiny program with companies and councils, harmless without `harms`; `base`: what citizens do."""
    doors = DOORS
    if "company" in classes:
        for name, one in ASKS.items():
            doors = with_(doors, one, "requests", name)
    kinds = {name: one for name, one in ACTS.items() if name in acts and one["subject"] in classes}
    kinds = kinds if harms else {name: without(one, "harm") for name, one in kinds.items()}
    conduct = {**base, "acts": {**base["acts"], **kinds}}
    written = {
        **WARDEN,
        "records": {kind: one for kind, one in WARDEN["records"].items() if kind in kinds},
        "false_records": {kind: one for kind, one in WARDEN["false_records"].items() if kind in kinds},
    }
    sources = with_(SOURCES, written, "keepers", "warden") if written["records"] else SOURCES
    return tiny.program(
        windows=windows,
        people=people if people is not None else society(citizens, classes=classes),
        schemes=[SCHEMES.get(one, one) for one in schemes],
        conduct=conduct,
        sources=sources,
        doors=doors,
        **more,
    )
