"""Tiny programs with every mechanism in them, and their results side by side with the plain twin's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from glasstown.clock import Clock
from glasstown.conduct.types import RESPONSES, ConductModel
from glasstown.doors.types import DoorsModel
from glasstown.draws import words_over
from glasstown.engine import measures as m
from glasstown.engine.compile import compile_program
from glasstown.engine.loop import Outcome, simulate
from glasstown.engine.program import Program
from glasstown.records.types import SourcesModel
from glasstown.scheme.types import SchemeModel
from glasstown.society.build import Society, build_society
from glasstown.society.types import SocietyModel

Parts = dict[str, Any]
ASSUMED = {"status": "assumed"}
SILENT = dict.fromkeys(RESPONSES, False)
"""Switches that turn every response off."""


def cited(value: float) -> Parts:
    """Return an assumed value as a file holds it."""
    return {"value": value, **ASSUMED}


def rate(per_year: float, **by: Mapping[str, float]) -> Parts:
    """Return an assumed rate as a file holds it."""
    return {"per_year": per_year, "by": {trait: dict(levels) for trait, levels in by.items()}, **ASSUMED}


SOCIETY: Parts = {
    "society": "tiny",
    "title": "Tiny",
    "places": {"east": {}, "north": {}, "west": {}},
    "traits": {
        "age": {"title": "Age", "sees": "register", "ages": True, "oldest": 89},
        "sex": {"title": "Sex", "sees": "register", "levels": ["female", "male"]},
        "work": {"title": "Work", "sees": "register", "levels": ["none", "farmer", "official"]},
        "ability": {"title": "Ability", "sees": "truth", "levels": ["none", "tight", "fair", "ample"]},
        "will": {"title": "Will", "sees": "truth", "levels": ["never", "grudging", "eager"]},
    },
    "margins": [
        {"over": ["place"], "shares": {"east": 0.5, "north": 0.3, "west": 0.2}, **ASSUMED},
        {"over": ["age"], "shares": {"0-15": 0.12, "16-39": 0.38, "40-64": 0.3, "65-89": 0.2}, **ASSUMED},
    ],
    "chances": {
        "sex": {"table": {"all": {"female": 0.5, "male": 0.5}}, **ASSUMED},
        "work": {"table": {"all": {"none": 0.3, "farmer": 0.4, "official": 0.3}}, **ASSUMED},
        "ability": {"table": {"all": {"none": 0.2, "tight": 0.2, "fair": 0.3, "ample": 0.3}}, **ASSUMED},
        "will": {"table": {"all": {"never": 0.4, "grudging": 0.4, "eager": 0.2}}, **ASSUMED},
    },
    "groups": ["sex", "work"],
}

CONDUCT: Parts = {
    "conduct": "tiny",
    "title": "Tiny",
    "acts": {
        "red-light": {
            "title": "Red light",
            "domain": "legal",
            "lawful": False,
            "rate": rate(3.0, age={"18-29": 1.5, "60+": 0.5}, sex={"male": 1.3}),
            "responds": ["deterrence"],
        },
        "loan-default": {
            "title": "Default",
            "domain": "commercial",
            "lawful": False,
            "needs_ability": True,
            "rate": rate(0.8, ability={"none": 4, "tight": 2, "ample": 0.2}, will={"never": 2}),
            "performs": rate(5.0, ability={"none": 0, "ample": 2}, will={"never": 0.3}),
            "harm": {"yuan": 900, "victim": "citizen", **ASSUMED},
            "responds": ["deterrence", "stress", "trust"],
        },
        "criticise": {
            "title": "Criticise",
            "domain": "political",
            "lawful": True,
            "speech": True,
            "rate": rate(1.2),
            "responds": ["silence"],
        },
        "volunteering": {
            "title": "Volunteer",
            "domain": "social",
            "lawful": True,
            "good": True,
            "cheap": True,
            "rate": rate(2.0, will={"eager": 2}),
            "responds": ["gaming", "crowding-out", "trust"],
        },
        "drunk-driving": {
            "title": "Drunk driving",
            "domain": "legal",
            "lawful": False,
            "sought": True,
            "rate": rate(0.6),
            "responds": ["deterrence", "incapacitation"],
        },
        "gossip": {"title": "Gossip", "domain": "social", "lawful": True, "rate": rate(0.5)},
    },
    "response": {
        "start_risk": cited(0.25),
        "deterrence": {"certainty": cited(0.3), "severity": cited(0.3)},
        "silence": {"level": cited(0.4), "severity": cited(0.2)},
        "stress": {"strength": cited(1.0), "per_refusal": cited(0.2), "half_life_months": cited(3)},
        "gaming": {"strength": cited(0.5), "reach": cited(60)},
        "crowding-out": {"strength": cited(0.3), "recovery_months": cited(12)},
        "incapacitation": {"factor": cited(0.7)},
        "trust": {
            "start": cited(0.6),
            "shock": cited(0.3),
            "wronged": cited(0.2),
            "half_life_months": cited(8),
            "strength": cited(0.8),
            "belief": cited(0.3),
        },
    },
}


def keeper(
    title: str, records: Mapping[str, tuple[float, int, int]], false: Mapping[str, float] | None = None
) -> Parts:
    """Return a source that makes every error there is; `records` holds coverage, least and most delay."""
    return {
        "title": title,
        "records": {
            kind: {"coverage": cited(c), "delay_days": [low, high]} for kind, (c, low, high) in records.items()
        },
        "wrong_subject": cited(0.08),
        "false_records": {kind: {"per_year": value, **ASSUMED} for kind, value in (false or {}).items()},
        "stale": {"share": cited(0.2), "extra_days": cited(45)},
        "repair": cited(0.4),
        "objection": {"notice": cited(0.6), "objects": cited(0.7), "upheld": cited(0.8), "days": cited(40)},
    }


SOURCES: Parts = {
    "sources": "tiny",
    "title": "Tiny",
    "keepers": {
        "police": keeper(
            "Police",
            {"red-light": (0.6, 0, 20), "drunk-driving": (0.8, 0, 10), "criticise": (0.2, 1, 60)},
            {"red-light": 0.2},
        ),
        "bank": keeper("Bank", {"loan-default": (0.9, 10, 45)}, {"loan-default": 0.05}),
        "committee": keeper(
            "Committee", {"volunteering": (0.7, 0, 5), "criticise": (0.4, 0, 3), "gossip": (0.5, 0, 0)}
        ),
    },
}

SOURCES["keepers"]["inspector"] = {
    **keeper("Inspector", {"red-light": (0.9, 0, 3), "loan-default": (0.5, 0, 9)}),
    "visits": {"per_1000": cited(1000)},
}
SOURCES["keepers"]["committee"]["records"]["volunteering"]["coverage"]["by"] = {
    "age": {"18-29": 0.4, "60+": 1.2},
    "work": {"official": 1.1},
}
DOORS: Parts = {
    "doors": "tiny",
    "title": "Tiny",
    "requests": {
        "loan": {
            "title": "Loan",
            "domain": "commercial",
            "rate": rate(1.5, age={"18-29": 2}),
            "ordinary_refusal": {"share": 0.1, "by": {"ability": {"none": 4}}, **ASSUMED},
        },
        "flight": {
            "title": "Flight",
            "domain": "legal",
            "rate": rate(2.0),
            "ordinary_refusal": {"share": 0.0, **ASSUMED},
        },
        "school": {
            "title": "School",
            "domain": "social",
            "for": "child",
            "rate": rate(0.5),
            "ordinary_refusal": {"share": 0.0, **ASSUMED},
            "scarce": {"places_per_1000": cited(150), "month": 3},
        },
    },
}


def rule(record: str, domain: str, points: Any = 0, **more: Any) -> Parts:
    """Return an assumed rule as a file holds it."""
    return {"record": record, "title": record, "domain": domain, "points": points, **more, **ASSUMED}


def decorated(scheme: Parts) -> Parts:
    """Return a scheme with all that lies beside points: losses passed on, inspections, officials with a quota."""
    out = deepcopy(scheme)
    out["lists"]["critics"] = {"title": "Critics", "exit": "term", **ASSUMED}
    out["rules"]["critic"] = rule("criticise", "political", 0, list="critics", term_months=6)
    for name, passes in {
        "default": {"to": ["household", "friends"], "share": 40},
        "debtor": {"to": ["partner", "parent"], "held": True},
        "drunk": {"to": ["colleagues", "neighbours"], "share": 100},
    }.items():
        out["rules"][name]["passes_on"] = {**passes, **ASSUMED}
    out["inspections"] = {"by_grade": {"D": 5, "C": 3, "A": 0.5}, **ASSUMED}
    out["discretion"] = {
        "share": 0.6,
        "friends": 'work == "official" and age >= 30',
        "spare": 0.8,
        "critics": "critics",
        "press": 150,
        "quota": {"per_1000": 700, "record": "red-light", "source": "police"},
        **ASSUMED,
    }
    return out


SPRING_TO_AUTUMN = {"from": date(2016, 3, 1), "until": date(2016, 9, 30)}
FULL: Parts = {
    "scheme": "full",
    "title": "Everything but decay",
    "status": "assumed",
    "start": {"points": 1000, **ASSUMED},
    "floor": 0,
    "ceiling": 1400,
    "domains": {"commercial": {"weight": 70}, "social": {"weight": 50}, "legal": {"weight": 100}},
    "bands": {
        "A": {"from": 990, **ASSUMED},
        "B": {"from": 930, **ASSUMED},
        "C": {"from": 860, **ASSUMED},
        "D": {"from": None, **ASSUMED},
    },
    "caps": {"good-deeds": {"points": 35, "per": "year", **ASSUMED}},
    "lists": {"debtors": {"title": "Debtors", "exit": "term", **ASSUMED}},
    "rules": {
        "red-light": rule("red-light", "legal", -5, term_months=3),
        "red-light-old": rule(
            "red-light", "legal", -3, term_months=2, when='age >= 60 and sex == "male" or amount > 200'
        ),
        "red-light-later": rule("red-light", "legal", -4, term_months=1, valid=SPRING_TO_AUTUMN),
        "default": rule("loan-default", "commercial", [-60, -20], term_months=5, repair_after_months=1),
        "debtor": rule("loan-default", "commercial", 0, list="debtors", term_months=2, when="amount >= 60"),
        "criticise": rule("criticise", "political", -31, term_months=4, sources=["police"]),
        "criticise-any": rule("criticise", "political", [-20, -3], when='late > 1 and not source == "police"'),
        "volunteer": rule("volunteering", "social", 13, term_months=6, cap="good-deeds"),
        "drunk": rule("drunk-driving", "legal", -20, grade="C", term_months=3),
    },
    "doors": {
        "loan": {"refuse": {"score_below": 965}, **ASSUMED},
        "flight": {"refuse": {"grades": ["C", "D"], "lists": ["debtors"]}, **ASSUMED},
        "school": {"priority": "score", **ASSUMED},
    },
}


ROLL_OUT = {"east": 0, "north": 2}
"""First window of the schemes by place; they never reach the west."""


def without(part: Parts, *path: str) -> Parts:
    """Return a part without what stands at a path; nothing is said if it is not there."""
    out = deepcopy(part)
    at = out
    for name in path[:-1]:
        at = at.get(name, {})
    at.pop(path[-1], None)
    return out


def with_(part: Parts, value: Any, *path: str) -> Parts:
    """Return a part with a value at a path."""
    out = deepcopy(part)
    at = out
    for name in path[:-1]:
        at = at.setdefault(name, {})
    at[path[-1]] = value
    return out


def decaying() -> Parts:
    """Return a scheme of its own kind: decay, consent, places by grade, a list that nobody leaves."""
    terms = ("term_months", "repair_after_months")
    rules = {
        name: {key: value for key, value in one.items() if key not in terms}
        for name, one in FULL["rules"].items()
        if name not in ("debtor", "drunk")
    }
    rules["drunk"] = rule("drunk-driving", "legal", -20, list="drivers")
    return {
        **deepcopy(FULL),
        "scheme": "decaying",
        "decay": {"points_per_month": 9, **ASSUMED},
        "consent": {"share": 0.7, **ASSUMED},
        "min_age": 21,
        "lists": {"drivers": {"title": "Drivers", "exit": "none-declared", "permanent": True, **ASSUMED}},
        "profile": {
            "work": {"trait": "work", "domain": "commercial", "points": {"none": -45, "official": 20}, **ASSUMED},
            "youth": {"trait": "age", "domain": "social", "points": {"18-24": -30, "60+": 10}, **ASSUMED},
            "held": {"trait": "work", "domain": "legal", "grade": {"farmer": "C"}, **ASSUMED},
        },
        "rules": rules,
        "doors": {
            "loan": {"refuse": {"grades": ["D", "C"], "lists": ["drivers"]}, **ASSUMED},
            "flight": {"refuse": {"score_below": 900}, **ASSUMED},
            "school": {"priority": "grade", "refuse": {"grades": ["D"]}, **ASSUMED},
        },
    }


POWERFUL: Parts = {**decorated(FULL), "scheme": "powerful"}
LISTING: Parts = {
    **without(FULL, "caps"),
    "scheme": "listing",
    "domains": {},
    "lists": {
        "debtors": {
            "title": "Debtors",
            "exit": "performance",
            "removal_days": 3,
            "grace_days": 20,
            "lock_months": 2,
            **ASSUMED,
        },
        "drivers": {"title": "Drivers", "exit": "term", **ASSUMED},
    },
    "rules": {
        "debtor": rule("loan-default", "commercial", 0, list="debtors", term_months=9, when="amount >= 30"),
        "default": rule("loan-default", "commercial", -10, term_months=3),
        "driver": rule("drunk-driving", "legal", 0, list="drivers", term_months=2),
    },
    "doors": {
        "flight": {"refuse": {"grades": ["C", "D"], "lists": ["debtors", "drivers"]}, **ASSUMED},
        "school": {"priority": "score", **ASSUMED},
    },
}
NONE: Parts = {
    "scheme": "none",
    "title": "None",
    "status": "assumed",
    "start": {"points": 1000, **ASSUMED},
    "floor": 0,
    "ceiling": 2000,
}
SIMPLE: Parts = {
    **deepcopy(FULL),
    "scheme": "simple",
    "title": "One rule for each kind, after which nothing follows",
    "rules": {
        "default": FULL["rules"]["default"],
        "gossip": rule("gossip", "social", -17),
        "volunteer": rule("volunteering", "social", [1, 30]),
        "drunk": rule("drunk-driving", "legal", [-60, -20], valid=SPRING_TO_AUTUMN),
    },
    "lists": {},
    "caps": {},
    "doors": {"loan": {"refuse": {"score_below": 965}, **ASSUMED}, "flight": {"refuse": {"grades": ["D"]}, **ASSUMED}},
}
"""A scheme of rules whose postings the kernels make in short."""

SCHEMES: dict[str, Parts] = {
    "full": FULL,
    "simple": SIMPLE,
    "decaying": decaying(),
    "heavy": with_(with_(FULL, 180, "domains", "commercial", "weight"), 200, "domains", "social", "weight"),
    "listing": LISTING,
    "narrow": {**FULL, "context": "same-domain"},
    "none": NONE,
    "powerful": POWERFUL,
    "wide": {**LISTING, "context": "everywhere"},
}


def _keepers(sources: Parts, value: Any, *path: str) -> Parts:
    for name in sources["keepers"]:
        sources = with_(sources, value, "keepers", name, *path)
    return sources


def _without_rules(scheme: Parts, *names: str) -> Parts:
    for name in names:
        scheme = without(scheme, "rules", name)
    return scheme


def _each_rule(scheme: Parts, **changes: Any) -> Parts:
    rules = {
        name: {key: changes.get(key, value) for key, value in one.items() if changes.get(key, value) is not None}
        for name, one in scheme.get("rules", {}).items()
    }
    return {**deepcopy(scheme), "rules": rules} if rules else scheme


def _plain_points(scheme: Parts) -> Parts:
    for name, one in scheme.get("rules", {}).items():
        if isinstance(one["points"], list):
            scheme = with_(scheme, one["points"][0], "rules", name, "points")
    return scheme


def _uncapped(scheme: Parts) -> Parts:
    return _each_rule(without(scheme, "caps"), cap=None)


def _unlisted(scheme: Parts) -> Parts:
    scheme = without(_without_rules(scheme, "debtor", "driver", "critic"), "lists")
    for key in ("critics", "press"):
        scheme = without(scheme, "discretion", key)
    for door in scheme.get("doors", {}):
        scheme = without(scheme, "doors", door, "refuse", "lists")
    return _each_rule(scheme, list=None)


def _untermed(scheme: Parts) -> Parts:
    if any(one["exit"] == "term" for one in scheme.get("lists", {}).values()):
        return scheme
    return _each_rule(scheme, term_months=None, repair_after_months=None)


_OF_SOURCES: dict[str, Callable[[Parts], Parts]] = {
    "wrong person": lambda s: _keepers(s, cited(0), "wrong_subject"),
    "false": lambda s: _keepers(s, {}, "false_records"),
    "stale": lambda s: _keepers(s, cited(0), "stale", "share"),
    "repair": lambda s: _keepers(s, cited(0), "repair"),
    "coverage by trait": lambda s: without(s, "keepers", "committee", "records", "volunteering", "coverage", "by"),
    "correction": lambda s: _keepers(s, cited(0), "objection", "upheld"),
    "visits": lambda s: without(s, "keepers", "inspector", "visits"),
    "delay": lambda s: {
        **s,
        "keepers": {
            name: {**one, "records": {kind: {**r, "delay_days": [0, 0]} for kind, r in one["records"].items()}}
            for name, one in s["keepers"].items()
        },
    },
}
_OF_SCHEMES: dict[str, Callable[[Parts], Parts]] = {
    "caps": _uncapped,
    "list": _unlisted,
    "forced grade": lambda s: _each_rule(s, grade=None),
    "discretion": _plain_points,
    "when": lambda s: _each_rule(s, when=None),
    "valid": lambda s: _each_rule(s, valid=None),
    "sources": lambda s: _each_rule(s, sources=None),
    "weights": lambda s: without(s, "domains"),
    "consent": lambda s: without(s, "consent"),
    "doors": lambda s: without(s, "doors"),
    "profile": lambda s: without(s, "profile"),
    "passing on": lambda s: _each_rule(s, passes_on=None),
    "inspections": lambda s: without(s, "inspections"),
    "officials": lambda s: without(s, "discretion"),
    "term": _untermed,
}
MECHANISMS = (*_OF_SOURCES, *_OF_SCHEMES, "scarce", *RESPONSES)
"""Everything that a tiny program can be without."""


@cache
def society(citizens: int, seed: int = 5) -> Society:
    """Build the tiny society."""
    return build_society(SocietyModel.model_validate(SOCIETY), citizens, seed)


def grown_ups(citizens: int) -> Society:
    """Return a society of adults only, without ages, in one place."""
    parts = {
        **SOCIETY,
        "places": {},
        "traits": {name: trait for name, trait in SOCIETY["traits"].items() if name != "age"},
        "margins": [],
    }
    return build_society(SocietyModel.model_validate(parts), citizens, 5)


def with_truth_of(people: Society, other_seed: int) -> Society:
    """Return the same people with other truths: what no register knows is dealt anew."""
    words = people.words.copy()
    for trait in people.traits:
        if trait.sees == "truth":
            lots = words_over((other_seed, 0), np.arange(people.n), f"deal/{trait.name}")[:, 0]
            dealt = people.column(trait.name)[np.argsort(lots)].astype(words.dtype)
            words &= words.dtype.type(~(trait.mask << trait.shift) & 0xFFFFFFFF)
            words |= dealt << words.dtype.type(trait.shift)
    return replace(people, words=words)


def no_ages(part: Any) -> Any:
    """Return a part without multipliers by age."""
    if not isinstance(part, dict):
        return part
    return {k: no_ages({n: v for n, v in one.items() if n != "age"} if k == "by" else one) for k, one in part.items()}


def program(
    citizens: int = 320,
    windows: int = 6,
    *,
    schemes: Iterable[str | Parts] = ("full", "none"),
    off: Collection[str] = (),
    people: Society | None = None,
    conduct: Parts = CONDUCT,
    sources: Parts = SOURCES,
    doors: Parts = DOORS,
    seed: int = 7,
    months: int = 1,
    start: date = date(2016, 1, 1),
    scale: float = 1.0,
    aware: float | None = None,
    rollout: Mapping[str, int] | None = None,
) -> Program:
    """Compile a tiny program without the mechanisms named in `off`; `scale` multiplies how often things are done.

    `aware` is the share who know that they are scored, `rollout` such as :data:`ROLL_OUT`.
    """
    models = [deepcopy(SCHEMES[one] if isinstance(one, str) else one) for one in schemes]
    for name in (one for one in MECHANISMS if one in off):
        sources = _OF_SOURCES[name](sources) if name in _OF_SOURCES else sources
        if name in _OF_SCHEMES:
            models = [_OF_SCHEMES[name](model) for model in models]
    if aware is not None:
        conduct = with_(conduct, cited(aware), "response", "awareness")
    if "scarce" in off:
        doors = without(doors, "requests", "school", "scarce")
    if scale != 1.0:
        conduct = deepcopy(conduct)
        for act in conduct["acts"].values():
            act["rate"]["per_year"] *= scale
    return compile_program(
        clock=Clock(start, windows, months),
        society=people if people is not None else society(citizens),
        conduct=ConductModel.model_validate(conduct),
        sources=SourcesModel.model_validate(sources),
        doors=DoorsModel.model_validate(doors),
        schemes=[SchemeModel.model_validate(model) for model in models],
        seed=seed,
        switches={name: False for name in RESPONSES if name in off},
        rollout=rollout,
    )


def lived(given: Program, replicate: int = 0, threads: int = 1, chunk: int | None = None) -> Outcome:
    """Run a program by the kernels, on one thread unless told otherwise."""
    return simulate(given, replicate, threads=threads, chunk=chunk)


def flat(outcome: Outcome) -> dict[str, np.ndarray[Any, Any]]:
    """Return everything that a run leaves, by name."""
    out = {}
    for s, side in enumerate(outcome.sides):
        assert side.state is not None
        out |= {f"{s}/{name}": getattr(side, name) for name in ("place", "group", "cell", "scores", "news", "harm")}
        out |= {f"{s}/state/{name}": getattr(side.state, name) for name in side.state._fields}
        out |= {f"{s}/letters/{w}": letters for w, letters in enumerate(side.letters)}
        out[f"{s}/allotments"] = np.array(side.allotments, np.int64)
    return out


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the names of what is not equal, bit for bit."""
    names = [*one, *(name for name in other if name not in one)]
    return [
        name for name in names if name not in one or name not in other or not np.array_equal(one[name], other[name])
    ]


def total(given: Program, outcome: Outcome, measure: str, side: int = 0) -> dict[str, int]:
    """Return a measure's totals over the run by item."""
    base = given.catalogues[side].base
    at = [name for name, _ in m.MEASURES].index(measure)
    columns = range(int(base[at]), int(base[at + 1]))
    counts = outcome.sides[side].place.sum(axis=(0, 1))
    return {given.catalogues[side].columns[c][1]: int(counts[c]) for c in columns}


def named(given: Program, outcome: Outcome, side: int = 0) -> dict[tuple[str, str, str], Any]:
    """Return every column of every table by table, measure and item."""
    out: dict[tuple[str, str, str], Any] = {}
    for table in ("place", "group", "cell"):
        counts = getattr(outcome.sides[side], table)
        for c, (measure, item) in enumerate(given.catalogues[side].columns):
            out[table, measure, item] = counts[..., c]
    out["scores", "", ""] = outcome.sides[side].scores
    return out
