"""From the counts of a run to its tables: long, one number a row, zeros left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..engine.loop import Outcome, SideOutcome
from ..engine.measures import Catalogue
from ..engine.program import Program
from ..engine.tables import C_CLASS, C_COUNT, K_VISITS

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SIDES", "barrier_tables", "population_table", "result_tables"]

SIDES = ("scheme", "pair")
I64 = npt.NDArray[np.int64]


def _words(values: Sequence[str], at: I64) -> pa.Array:
    """Return names by their positions, as a dictionary column."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(at.astype(np.int32)), pa.array(list(values), pa.string()))


def _long(
    catalogue: Catalogue, counts: I64, first: Sequence[tuple[str, Sequence[Any] | None]], side: str, replicate: int
) -> pa.Table:
    """Return counts with any leading axes and columns as the last, one row for each that is not zero."""
    import pyarrow as pa

    at = np.nonzero(counts)
    at_column = at[-1]
    measures = sorted({measure for measure, _ in catalogue.columns})
    items = sorted({item for _, item in catalogue.columns})
    measure_of = np.array([measures.index(measure) for measure, _ in catalogue.columns])
    item_of = np.array([items.index(item) for _, item in catalogue.columns])
    rows = len(at_column)
    columns: dict[str, Any] = {
        "side": _words([side], np.zeros(rows, np.int64)),
        "replicate": pa.array(np.full(rows, replicate, np.int32)),
    }
    for (name, names), where in zip(first, at[:-1], strict=True):
        columns[name] = pa.array(where.astype(np.int32)) if names is None else _words(names, where)
    columns["measure"] = _words(measures, measure_of[at_column])
    columns["item"] = _words(items, item_of[at_column])
    columns["value"] = pa.array(counts[at])
    return pa.table(columns)


def _with_people(program: Program, counts: I64) -> tuple[Catalogue, I64]:
    """Return how many citizens and subjects, or units of another class, are in each cell, and the columns' names."""
    classes = program.names.subjects
    people = np.zeros((len(program.cells), 1 + len(classes)), np.int64)
    of = program.cells[:, C_CLASS]
    people[of == 0, 0] = program.cells[of == 0, C_COUNT]
    np.add.at(people[:, 1], program.cell_of(program.shared.adults), 1)
    for at in range(1, len(classes)):
        people[of == at, 1 + at] = program.cells[of == at, C_COUNT]
    named = (("citizens", "-"), ("subjects", "-"), *(("units", name) for name in classes[1:]))
    return Catalogue(named, np.zeros(1, np.int64)), people


def _scores(program: Program, side: SideOutcome, s: int, name: str, replicate: int) -> pa.Table:
    import pyarrow as pa

    window, at = np.nonzero(side.scores)
    subject, bin_ = np.divmod(at, program.bins)
    return pa.table(
        {
            "side": _words([name], np.zeros(len(window), np.int64)),
            "replicate": pa.array(np.full(len(window), replicate, np.int32)),
            "subject": _words(program.names.subjects, subject),
            "window": pa.array(window.astype(np.int32)),
            "score": pa.array((bin_ * 10 + program.sides[s].floor).astype(np.int32)),
            "subjects": pa.array(side.scores[window, at]),
        }
    )


def _joined(tables: Iterable[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def result_tables(program: Program, outcomes: Sequence[Outcome]) -> dict[str, pa.Table]:
    """Return the tables of a run by name.

    Returns
    -------
    dict
        ``by_place``, ``by_group``, ``cells``, ``scores``: see the docs on run folders.
    """
    places, classes = program.society.places, program.names.subjects
    years = [str(program.clock.start.year + y) for y in range(program.years)]
    by_place, by_group, cells, scores = [], [], [], []
    for outcome in outcomes:
        for s, side in enumerate(outcome.sides):
            name, catalogue = SIDES[s], program.catalogues[s]
            wide = len(catalogue)
            told = (name, outcome.replicate)
            by = side.place[..., :wide].reshape(len(side.place), len(classes), len(places), wide)
            by_place.append(_long(catalogue, by, [("window", None), ("subject", classes), ("place", places)], *told))
            group = _long(catalogue, side.group[..., :wide], [("year", None), ("group", program.group_names)], *told)
            by_group.append(_calendar(group, int(years[0])))
            cells.append(_long(catalogue, side.cell[:, :wide], [("cell", None)], *told))
            people, counts = _with_people(program, side.cell)
            cells.append(_long(people, counts, [("cell", None)], *told))
            scores.append(_scores(program, side, s, *told))
    return {
        "by_place": _joined(by_place),
        "by_group": _joined(by_group),
        "cells": _joined(cells),
        "scores": _joined(scores),
        "population": population_table(program),
    }


def _calendar(table: pa.Table, first: int) -> pa.Table:
    """Return a table whose years are those of the calendar."""
    import pyarrow as pa

    year = pa.array(np.asarray(table.column("year")) + np.int32(first), pa.int32())
    return table.set_column(table.column_names.index("year"), "year", year)


def population_table(program: Program) -> pa.Table:
    """Return who lives where: citizens and subjects by place and group, at the start."""
    import pyarrow as pa

    counts = np.zeros((program.rows, program.groups, 2), np.int64)
    everyone, people = program.everyone, program.society.n
    scored = np.concatenate([program.shared.adults, everyone[everyone >= people]])
    for column, who in ((0, everyone[everyone < people]), (1, scored)):
        np.add.at(counts[..., column], (program.row_of(who), program.group_of(who)), 1)
    row, group = np.nonzero(counts.any(axis=2))
    return pa.table(
        {
            "subject": _words(program.names.subjects, row // program.places),
            "place": _words(program.society.places, row % program.places),
            "group": _words(program.group_names, group),
            "citizens": pa.array(counts[row, group, 0]),
            "subjects": pa.array(counts[row, group, 1]),
        }
    )


def barrier_tables(program: Program, outcomes: Sequence[Outcome]) -> dict[str, pa.Table]:
    """Return what a replay of one life needs: mail, cutoffs of scarce places, what everyone heard, visits, harm."""
    import pyarrow as pa

    mail: list[tuple[str, int, int, I64]] = []
    news: list[tuple[Any, ...]] = []
    places: list[tuple[Any, ...]] = []
    visits: list[tuple[Any, ...]] = []
    for outcome in outcomes:
        for s, side in enumerate(outcome.sides):
            name = SIDES[s]
            mail += [(name, outcome.replicate, w, letters) for w, letters in enumerate(side.letters) if len(letters)]
            news += [
                (name, outcome.replicate, w, subject, *row[4 * at : 4 * at + 4])
                for w, row in enumerate(side.news.tolist())
                for at, subject in enumerate(program.names.subjects)
            ]
            visits += _visits(program, s, outcome)
            places += [
                (name, outcome.replicate, a.window, program.names.doors[a.door], *a[2:]) for a in side.allotments
            ]
    letters = np.concatenate([one[3] for one in mail]) if mail else np.zeros((0, 3), np.int64)
    sizes = [len(one[3]) for one in mail]
    spread = np.repeat(np.arange(len(mail)), sizes)
    windows = np.array([one[2] for one in mail], np.int32)
    replicates = np.array([one[1] for one in mail], np.int32)
    sides = np.array([SIDES.index(one[0]) for one in mail], np.int64)
    trust = {"trust": _trust(program, outcomes)} if program.trusting else {}
    return {
        **trust,
        "mail": pa.table(
            {
                "side": _words(SIDES, sides[spread] if len(mail) else spread),
                "replicate": pa.array(replicates[spread] if len(mail) else np.zeros(0, np.int32)),
                "window": pa.array(windows[spread] if len(mail) else np.zeros(0, np.int32)),
                "citizen": pa.array(letters[:, 0]),
                "day": pa.array(letters[:, 1].astype(np.int32)),
                "content": pa.array(letters[:, 2]),
            }
        ),
        "news": _table(news, ["side", "replicate", "window", "subject", "political", "commercial", "social", "legal"]),
        "places": _table(
            places,
            ["side", "replicate", "window", "door", "places", "short", "priority", "luck", "citizen"],
        ),
        "visits": _table(visits, ["side", "replicate", "window", "source", "grade", "chance"]),
    }


def _trust(program: Program, outcomes: Sequence[Outcome]) -> pa.Table:
    """Return the chance of being harmed in each place, and the trust that time brings back there."""
    rows = [
        (SIDES[s], outcome.replicate, window, program.society.places[place], *told)
        for outcome in outcomes
        for s, side in enumerate(outcome.sides)
        for window, places in enumerate(side.harm.tolist())
        for place, told in enumerate(places)
    ]
    return _table(rows, ["side", "replicate", "window", "place", "chance", "usual"])


def _visits(program: Program, s: int, outcome: Outcome) -> list[tuple[Any, ...]]:
    """Return the chances of a visit by source and grade; the last grade is of who has none."""
    return [
        (SIDES[s], outcome.replicate, window, program.names.sources[source], grade, int(chance))
        for source in np.flatnonzero(program.shared.keeper[:, K_VISITS]).tolist()
        for (window, grade), chance in np.ndenumerate(outcome.sides[s].visits[:, source])
    ]


def _table(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> pa.Table:
    import pyarrow as pa

    words = {"side", "door", "source", "subject", "place"}
    return pa.table(
        {
            name: pa.array([row[at] for row in rows], pa.string() if name in words else pa.int64())
            for at, name in enumerate(names)
        }
    )
