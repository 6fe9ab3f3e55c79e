"""What each mechanism costs: a scenario whole, and with one mechanism at a time taken out of its files.

The difference is what the mechanism costs with all that it leads to: who is on no list is refused less and asks again,
so a cost can be negative.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from glasstown.engine.loop import simulate
from glasstown.engine.program import Program
from glasstown.engine.scenario import Parts, build, load_parts, with_changes
from glasstown.files import Loaded
from glasstown.scheme.types import SchemeModel

from .interleave import Entry, Worker, run_in_turn
from .ours import one_side, state_bytes
from .report import Section

__all__ = ["MECHANISMS", "measure", "prepare", "whole", "without"]

BUDGET_NS, BUDGET_BYTES = 500, 32
SCENARIOS = ("rongcheng", "nightmare")
CLASSES = "corporate-tax"
WHOLE = "everything on"
Tree = dict[str, Any]


def _scheme(parts: Parts, change: Callable[[Tree], None]) -> Parts:
    first = parts.schemes[0]
    tree = first.model.model_dump(by_alias=True, exclude_unset=True)
    change(tree)
    _tidy(tree)
    model = SchemeModel.model_validate(tree)
    return replace(parts, schemes=(replace(first, model=model), *parts.schemes[1:]))


def _tidy(tree: Tree) -> None:
    """Drop what is left without an effect."""
    tree["rules"] = {name: one for name, one in tree.get("rules", {}).items() if _does(one)}
    used = {one.get("cap") for one in tree["rules"].values()}
    tree["caps"] = {name: one for name, one in tree.get("caps", {}).items() if name in used}
    listed = {one.get("list") for one in tree["rules"].values()}
    tree["lists"] = {name: one for name, one in tree.get("lists", {}).items() if name in listed}
    for door in tree.get("doors", {}).values():
        refuse = door.get("refuse")
        if refuse:
            refuse["lists"] = [name for name in refuse.get("lists", ()) if name in tree["lists"]]
            if not (refuse["lists"] or refuse.get("grades") or refuse.get("score_below") is not None):
                door["refuse"] = None
    doors = tree.get("doors", {}).items()
    tree["doors"] = {name: one for name, one in doors if one.get("refuse") or one.get("priority")}
    officials = tree.get("discretion")
    if officials and officials.get("critics") not in (None, *tree["lists"]):
        officials.pop("critics")
        officials.pop("press", None)
        if not (officials.get("spare") or officials.get("quota")):
            tree["discretion"] = None


def _does(rule: Tree) -> bool:
    return rule.get("points", 0) not in (0, (0, 0)) or bool(rule.get("grade") or rule.get("list"))


def _each_rule(*keys: str) -> Callable[[Parts], Parts]:
    def off(tree: Tree) -> None:
        for rule in tree.get("rules", {}).values():
            for key in keys:
                rule.pop(key, None)

    return lambda parts: _scheme(parts, off)


def _part(key: str) -> Callable[[Parts], Parts]:
    return lambda parts: _scheme(parts, lambda tree: tree.update({key: None}))


def _profile(parts: Parts) -> Parts:
    return _scheme(parts, lambda tree: tree.update(profile={}))


def _file(loaded: Loaded[Any], change: Callable[[Tree], None]) -> Loaded[Any]:
    tree = loaded.value.model_dump(by_alias=True, exclude_unset=True)
    change(tree)
    return replace(loaded, value=type(loaded.value).model_validate(tree))


def _errors(parts: Parts) -> Parts:
    def off(tree: Tree) -> None:
        for keeper in tree["keepers"].values():
            keeper["wrong_subject"]["value"] = keeper["stale"]["share"]["value"] = 0.0
            keeper["wrong_subject"].pop("between", None)
            keeper["stale"]["share"].pop("between", None)
            keeper["false_records"] = {}

    return replace(parts, sources=_file(parts.sources, off))


def _appeals(parts: Parts) -> Parts:
    def off(tree: Tree) -> None:
        for keeper in tree["keepers"].values():
            for one in (keeper["objection"]["objects"], keeper["repair"]):
                one["value"] = 0.0
                one.pop("between", None)

    return replace(parts, sources=_file(parts.sources, off))


def _responses(parts: Parts) -> Parts:
    return _switched_off(parts, *parts.scenario.switches)


def _trust(parts: Parts) -> Parts:
    return _switched_off(parts, "trust") if parts.conduct.value.response.trust else parts


def _switched_off(parts: Parts, *names: str) -> Parts:
    scenario = parts.scenario
    off = {**scenario.switches, **dict.fromkeys(names, False)}
    return replace(parts, scenario=scenario.model_copy(update={"switches": off}))


def _doors(parts: Parts) -> Parts:
    def off(tree: Tree) -> None:
        first = next(iter(tree["requests"]))
        tree["requests"] = {first: tree["requests"][first]}

    out = replace(parts, doors=_file(parts.doors, off))
    kept = set(out.doors.value.requests)
    return _scheme(out, lambda tree: tree.update(doors={k: v for k, v in tree.get("doors", {}).items() if k in kept}))


MECHANISMS: dict[str, Callable[[Parts], Parts]] = {
    "losses passed on": _each_rule("passes_on"),
    "inspections by grade": _part("inspections"),
    "officials (discretion)": _part("discretion"),
    "lists": _each_rule("list"),
    "caps": _each_rule("cap"),
    "terms and expiry": _each_rule("term_months", "repair_after_months"),
    "conditions": _each_rule("when"),
    "what registers know (profile)": _profile,
    "wrong, false and stale records": _errors,
    "objections and repair": _appeals,
    "responses, silence among them": _responses,
    "trust": _trust,
    "every door but one": _doors,
}
"""What takes one mechanism out of a scenario, by name."""


def whole(name: str, **changes: Any) -> Parts:
    """Return a scenario with every mechanism on: the nightmare also passes losses on, knows ages, keeps trust."""
    parts = load_parts(name, **changes)
    if name != "nightmare":
        return parts
    return replace(_scheme(parts, _more), conduct=_file(parts.conduct, _trusting))


def _trusting(tree: Tree) -> None:
    strengths = {"start": 0.6, "shock": 0.02, "wronged": 0.1, "half_life_months": 36, "strength": 0.5, "belief": 0.2}
    tree["response"]["trust"] = {name: {"value": value, "status": "assumed"} for name, value in strengths.items()}
    for kind in ("volunteering", "charity", "caring-for-elders", "fraud", "other-dishonesty"):
        tree["acts"][kind]["responds"].append("trust")


def _more(tree: Tree) -> None:
    assumed = {"status": "assumed"}
    for rule in tree["rules"].values():
        points = rule.get("points", 0)
        if (points[0] if isinstance(points, tuple) else points) < 0:
            rule["passes_on"] = {"to": ["household", "friends"], "share": 30, **assumed}
    tree["profile"] = {
        "young": {"trait": "age", "domain": "social", "points": {"18-24": -10}, **assumed},
        "rich": {"trait": "income", "domain": "commercial", "points": {"highest": 20}, **assumed},
    }


def without(parts: Parts, mechanism: str) -> Parts:
    """Return a scenario without one mechanism; the same one, where its files do not have it."""
    if mechanism == WHOLE:
        return parts
    out = MECHANISMS[mechanism](parts)
    if mechanism == "terms and expiry":  # a list that is left by a term would have no exit
        out = _scheme(out, _lasting)
    return out


def _lasting(tree: Tree) -> None:
    for one in tree.get("lists", {}).values():
        one.update(exit="none-declared", permanent=True)
        for key in ("removal_days", "grace_days", "lock_months"):
            one.pop(key, None)


def _changed(one: Parts, other: Parts) -> bool:
    def what(parts: Parts) -> tuple[Any, ...]:
        return parts.schemes[0].model, parts.sources.value, parts.doors.value, parts.scenario

    return what(one) != what(other)


def prepare(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Load the kernels; return what runs a scenario without one mechanism, compiled when it is first asked for."""
    changes = {name: options[name] for name in ("citizens", "years")}
    everything = whole(options["scenario"], **changes)
    simulate(one_side(build(with_changes(everything, citizens=1000, years=1))), 0, threads=1)
    programs: dict[str, Program | None] = {}

    def compiled(mechanism: str) -> Program | None:
        if mechanism not in programs:
            parts = without(everything, mechanism)
            there = mechanism == WHOLE or _changed(everything, parts)
            programs[mechanism] = one_side(build(parts)) if there else None
        return programs[mechanism]

    def run(command: dict[str, Any]) -> dict[str, Any]:
        program = compiled(command["without"])
        if program is None:
            return {"seconds": 0.0, "there": False}
        began = time.perf_counter()
        outcome = simulate(program, command["seed"], threads=1)
        return {
            "seconds": time.perf_counter() - began,
            "there": True,
            "citizen_months": program.society.n * program.clock.windows * program.clock.months,
            "state": state_bytes(outcome, program),
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }

    return run


def measure(quick: bool) -> Section:
    """Return what each mechanism costs, in nanoseconds per citizen-month on one core, and the hot bytes."""
    citizens, years, repeats = (20_000, 2, 3) if quick else (400_000, 2, 5)
    section = Section(
        "mechanisms",
        f"What each mechanism costs: {citizens:,} citizens for {years} years, one side, one core, least of {repeats}",
        ["scenario", "without", "ns per citizen-month", "so it costs (ns)", "bytes kept per citizen"],
    )
    for scenario in (*SCENARIOS, CLASSES):
        worker = Worker("mechanisms", {"scenario": scenario, "citizens": citizens, "years": years})
        names = (WHOLE, *MECHANISMS) if scenario in SCENARIOS else (WHOLE,)
        entries = [Entry(name, worker, {"without": name}) for name in names]
        run_in_turn(entries, repeats)
        worker.close()
        _rows(section, scenario, [entry for entry in entries if entry.last["there"]])
    return section


def _rows(section: Section, scenario: str, entries: list[Entry]) -> None:
    # The least of the repeats: differences of medians drown in what else the machine does.
    least = {one.label: min(answer["seconds"] for answer in one.answers) for one in entries}
    ns = {one.label: least[one.label] * 1e9 / one.last["citizen_months"] for one in entries}
    size = {one.label: sum(one.last["state"].values()) for one in entries}
    for name, value in ns.items():
        cost = None if name == WHOLE else ns[WHOLE] - value
        kept = size[name] if scenario in SCENARIOS else None
        section.rows.append((scenario, name if name != WHOLE else "nothing: everything on", value, cost, kept))
    section.data[scenario] = {"ns": ns, "bytes": size, "state": entries[0].last["state"]}
    if scenario in SCENARIOS:
        section.notes.append(
            f"{scenario}: {ns[WHOLE]:.0f} ns of {BUDGET_NS} and {size[WHOLE]:.0f} bytes of {BUDGET_BYTES}, "
            f"{'within' if ns[WHOLE] <= BUDGET_NS and size[WHOLE] <= BUDGET_BYTES else 'beyond'} the budget."
        )
    else:
        section.notes.append(f"{scenario}: companies, doctors, teachers and offices beside the citizens, per citizen.")
