"""The same work in C: the tables of a compiled scenario written out, the program in ``c/`` compiled and run on them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from glasstown.engine import kernel_cells, layout, measures, tables
from glasstown.engine.loop import Outcome, simulate
from glasstown.engine.program import Program

from .interleave import ROOT, Failed

__all__ = ["FLAGS", "compiler", "prepare"]

SOURCES = Path(__file__).parent / "c"
FOLDER = ROOT / "build" / "benchmarks-c"
FLAGS = ("-std=gnu11", "-O3", "-march=native", "-Wall", "-Wextra", "-Wno-sign-compare")
TYPES: dict[str, type[np.generic]] = {
    "count_guide": np.int16, "adults": np.int32, "code": np.int32, "words": np.uint32
}  # fmt: skip


def compiler() -> str:
    """Return the C compiler, or raise :class:`Failed`."""
    found = shutil.which("gcc") or shutil.which("cc")
    if not found:
        raise Failed("there is no C compiler")
    return found


def _flat(named: Any, prefix: str) -> dict[str, Any]:
    """Return the numbers and tables of a named tuple."""
    return {prefix + name: value for name, value in named._asdict().items() if not isinstance(value, tuple)}


def _tables(program: Program) -> dict[str, npt.NDArray[Any]]:
    """Return every table under the name that the C program looks for."""
    shared, clock = program.shared, program.clock
    out: dict[str, Any] = _flat(shared, "") | _flat(shared.factors, "factor_")
    for s, rules in enumerate(program.sides):
        out |= _flat(rules, f"s{s}.")
    windows = range(clock.windows)
    scarce = [program.scarce_places.get(door, 0) for door in range(shared.doors)]
    out |= {
        "citizens": program.society.n,
        "n_places": program.places,
        "n_groups": program.groups,
        "columns": program.columns,
        "bins": program.bins,
        "n_sides": len(program.sides),
        "pool_size": program.pool_size,
        "work_size": program.work_size,
        "most_pairs": program.limits[0],
        "most_rules": program.limits[1],
        "words": program.words,
        "cells": program.cells[:, :3],
        "unable_shift": shared.act[0, tables.A_ABLE],
        "cell_of_block": program.cell_of_block,
        "scarce": scarce,
        "window_table": [program.table_of(w) for w in windows],
        "window_mask": [program.month_mask(w) for w in windows],
        "window_days": [clock.days(w) for w in windows],
        "window_years": [program.years_elapsed(w) for w in windows],
        "window_new_year": [int(program.is_new_year(w)) for w in windows],
    }
    return {
        name: np.ascontiguousarray(value, dtype=TYPES.get(name.rpartition(".")[2], np.int64))
        for name, value in out.items()
    }


def _write_tables(path: Path, found: dict[str, npt.NDArray[Any]]) -> None:
    at = 8 + 56 * len(found)
    index, body = [np.int64(len(found)).tobytes()], []
    for name, table in found.items():
        gap = -at % 64
        body.append(b"\0" * gap + table.tobytes())
        numbers = np.array([table.itemsize, table.size, at + gap], np.int64)
        index.append(name.encode().ljust(32, b"\0") + numbers.tobytes())
        at += gap + table.nbytes
    path.write_bytes(b"".join(index + body))


def _constants(program: Program) -> str:
    """Return the engine's constants as C: positions of columns, bits of events, widths of tables."""
    shared, rules = program.shared, program.sides[0]
    named = {
        name: value
        for module in (tables, layout, measures)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, int)
    }
    found = {name: getattr(shared, name) for name in ("group", "trait", "stream", "act", "pair", "keeper", "door")}
    found |= {"count_guide": shared.count_guide, "factor_row": shared.factors.row, "opens": rules.door}
    found |= {name: getattr(rules, name) for name in ("rule", "hold", "kind")}
    wide = {name: table.shape[-1] for name, table in found.items()}
    named |= {f"W_{name}": width for name, width in wide.items()}
    lines = [f"#define {name} {value}{'LL' if abs(value) >= 2**31 else ''}" for name, value in sorted(named.items())]
    return "\n".join(["/* Written by benchmarks/c_loop.py. */", *lines, ""])


def _build(program: Program, name: str) -> tuple[Path, Path]:
    """Write tables and constants, compile; return program and tables."""
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    found = _tables(program)
    (folder / "constants.h").write_text(_constants(program))
    _write_tables(folder / "tables.bin", found)
    command = [compiler(), *FLAGS, f"-I{folder}", str(SOURCES / "main.c"), "-o", str(folder / "main")]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"the C program does not compile: {done.stderr[-300:]}")
    return folder / "main", folder / "tables.bin"


def _same(program: Program, outcome: Outcome, written: Path) -> bool:
    """Return whether C and kernels agree in every cell of every table."""
    numbers = np.fromfile(written, np.int64)
    ours = [part.ravel() for side in outcome.sides for part in (side.place, side.cell, side.scores)]
    return bool(np.array_equal(np.concatenate(ours), numbers))


def prepare(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Compile the scenario to tables and the tables' program to machine code; return what runs either.

    A command's ``what`` is ``c``, ``ours``, or ``same`` (run both, compare every table).
    """
    from .ours import program_of

    program = program_of(options)
    if any(side.profile_start[-1] for side in program.sides):
        raise Failed("the C program knows no profiles")
    if program.shared.visiting and any((side.visit_weight != 1000).any() for side in program.sides):
        raise Failed("the C program visits all alike")
    if program.classes > 1:
        raise Failed("the C program knows citizens alone")
    binary, dumped = _build(program, f"sides-{len(program.sides)}")
    written = binary.with_name("out.bin")
    clocked = _clocked()

    def in_c(replicate: int) -> dict[str, Any]:
        done = subprocess.run([binary, dumped, written, str(replicate)], check=True, capture_output=True, text=True)
        answer: dict[str, Any] = json.loads(done.stdout)
        return {**answer, "kernels": answer["drawing"] + answer["living"]}

    def by_kernels(replicate: int) -> tuple[dict[str, Any], Outcome]:
        for name in clocked:
            clocked[name] = 0.0
        began = perf_counter()
        outcome = simulate(program, replicate, threads=1)
        seconds = perf_counter() - began
        return {"seconds": seconds, "kernels": clocked["live_cells"]}, outcome

    def run(command: dict[str, Any]) -> dict[str, Any]:
        replicate, what = command["seed"], command["what"]
        about = {"citizen_months": program.society.n * program.clock.windows * program.clock.months}
        if what == "c":
            return {**in_c(replicate), **about}
        answer, outcome = by_kernels(replicate)
        if what == "same":
            in_c(replicate)
            answer["same"] = _same(program, outcome, written)
        return {**answer, **about}

    return run


def _clocked() -> dict[str, float]:
    """Put a clock around the kernel; return the seconds that it has taken."""
    seconds: dict[str, float] = {}

    def around(name: str, kernel: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any) -> Any:
            began = perf_counter()
            try:
                return kernel(*given)
            finally:
                seconds[name] += perf_counter() - began

        seconds[name] = 0.0
        return timed

    for name in ("live_cells",):
        setattr(kernel_cells, name, around(name, getattr(kernel_cells, name)))
    return seconds
