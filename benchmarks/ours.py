"""Glasstown as a worker: a scenario compiled once, and simulated each time it is told to."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from glasstown.engine.loop import Outcome, simulate
from glasstown.engine.program import Program
from glasstown.engine.scenario import build, load_parts

__all__ = ["one_side", "prepare", "program_of", "state_bytes"]


def one_side(program: Program) -> Program:
    """Return a scenario without its pair."""
    return replace(program, sides=program.sides[:1], schemes=program.schemes[:1], catalogues=program.catalogues[:1])


def program_of(options: dict[str, Any]) -> Program:
    """Return the compiled scenario that the options describe."""
    changes = {name: options.get(name) for name in ("citizens", "years", "window_months", "seed")}
    program = build(load_parts(options["scenario"], **changes))
    return one_side(program) if options.get("sides") == 1 else program


def state_bytes(outcome: Outcome, program: Program) -> dict[str, float]:
    """Return the bytes per citizen that are kept from window to window: traits, and the state of each side."""
    state = outcome.sides[0].state
    n = program.society.n
    side = {name: column.nbytes / n for name, column in state._asdict().items() if len(column) == n}
    return {"traits": float(program.society.words.itemsize), **side}


def _outputs(program: Program, outcome: Outcome) -> dict[str, float]:
    """Return the outputs of the small workload."""
    side, rules, n = outcome.sides[0], program.sides[0], program.society.n
    total = side.place.sum(axis=(0, 1))
    by_measure: dict[str, int] = {}
    for (measure, _), value in zip(program.catalogues[0].columns, total.tolist(), strict=False):
        by_measure[measure] = by_measure.get(measure, 0) + value
    points = side.state.points.astype(np.int64) @ rules.weights // 100
    score = np.clip(rules.start + points, rules.floor, rules.ceiling)
    return {
        "mean": float(score.mean()),
        "restricted": float((score < rules.band_from[-1]).mean()),
        "refusals": by_measure["refused_grade"] / n,
        "records": (by_measure["records"] + by_measure["records_wrong_person"]) / n,
        "acts": by_measure["acts"] / n,
        "requests": by_measure["requests"] / n,
    }


def prepare(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Compile the scenario and load the kernels; return what runs it."""
    began = time.perf_counter()
    program = program_of(options)
    build_seconds = time.perf_counter() - began
    small = program_of({**options, "citizens": 1000, "years": 1})
    simulate(small, 0, threads=1)
    windows = program.clock.windows
    months = windows * program.clock.months

    def run(command: dict[str, Any]) -> dict[str, Any]:
        began = time.perf_counter()
        outcome = simulate(program, command["seed"], threads=command.get("threads", 1))
        seconds = time.perf_counter() - began
        answer: dict[str, Any] = {
            "seconds": seconds,
            "build": build_seconds,
            "citizens": program.society.n,
            "citizen_months": program.society.n * months,
            "windows": windows,
            "sides": len(program.sides),
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "state": state_bytes(outcome, program),
        }
        if options.get("outputs"):
            answer |= _outputs(program, outcome)
        return answer

    return run
