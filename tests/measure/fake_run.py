"""Plausible tables of a run, made without an engine: for tests of what is measured and shown.

The numbers are invented: the pair draws what would happen without a scheme, the scheme thins it.
Every total agrees between the tables, and the laws of the count hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Counts = npt.NDArray[np.int64]

# kind | title | domain | lawful, speech, good, cheap | harm in yuan | victim | rate | share kept
_KINDS = """
loan-default | Not paying back a loan | commercial | - | 32000 | creditor | 0.012 | 0.95
fraud | Fraud | commercial | - | 9000 | citizen | 0.003 | 0.93
fake-goods | Selling fake goods | commercial | - | 800 | customer | 0.006 | 0.94
red-light | Running a red light | legal | - | 150 | public | 1.4 | 0.9
judgment-default | Not obeying a court judgment | legal | - | 25000 | creditor | 0.004 | 0.97
neglect-parents | Neglecting one's parents | social | - | 0 | parent | 0.01 | 0.96
littering | Littering | social | - | 5 | public | 2.5 | 0.98
volunteering | Volunteering | social | lg | | none | 0.3 | 1.0
blood-donation | Giving blood | social | lg | | none | 0.02 | 1.0
criticise-party-online | Criticising the party online | political | ls | | none | 0.25 | 0.72
petitioning | Petitioning a higher office | political | l | | none | 0.004 | 0.8
praise-online | Praising the authorities online | political | lsgc | | none | 0.5 | 1.0
"""


def _kinds() -> dict[str, tuple[dict[str, Any], float, float]]:
    out = {}
    for line in _KINDS.strip().splitlines():
        kind, title, domain, marks, yuan, victim, rate, keep = (part.strip() for part in line.split("|"))
        told = {
            "title": title,
            "domain": domain,
            **{name: name[0] in marks for name in ("lawful", "speech", "good", "cheap")},
            "harm_yuan": float(yuan) if yuan else None,
            "victim": victim,
        }
        out[kind] = (told, float(rate), float(keep))
    return out


KINDS = _kinds()
UNABLE = {"loan-default": 0.4, "judgment-default": 0.35}
#      door          title                                    domain    for    rate  ordinary refusal
DOORS = {
    "loan": ("A loan", "commercial", "self", 0.15, 0.2),
    "school": ("A place at the best school for one's child", "social", "child", 0.05, 0.0),
    "flight": ("A flight", "legal", "self", 0.5, 0.01),
    "fast-train": ("A seat on a fast train", "legal", "self", 1.2, 0.01),
    "hotel": ("A room in a good hotel", "social", "self", 0.4, 0.02),
    "public-job": ("A job in public service", "political", "self", 0.02, 0.85),
}
SOURCES = ("court", "police", "bank", "platform", "committee")
BANDS = ("D", "C", "B", "A", "AA", "AAA")
INCOMES = ("lowest", "low", "middle", "high", "highest")
GROUPS = [f"{residence}/{income}" for residence in ("rural", "urban") for income in INCOMES]
REFUSALS = ("refused_score", "refused_grade", "refused_list")


@dataclass
class FakeRun:
    """A manifest and tables, as a finished run holds them."""

    manifest: dict[str, Any]
    tables: dict[str, pa.Table]

    def table(self, name: str) -> pa.Table:
        """Return one table."""
        return self.tables[name]


@dataclass
class _World:
    """Counts of one side: ``(measure, item)`` → replicate × window × cell × group."""

    shape: tuple[int, ...]
    flows: dict[tuple[str, str], Counts] = field(default_factory=dict)
    stocks: dict[tuple[str, str], Counts] = field(default_factory=dict)

    def add(self, measure: str, item: str, counts: Counts) -> Counts:
        self.flows[measure, item] = self.flows.get((measure, item), np.zeros(self.shape, np.int64)) + counts
        return counts


def fake_run(
    *,
    citizens: int = 40_000,
    cell: int = 1_000,
    years: int = 2,
    replicates: int = 1,
    sides: tuple[str, ...] = ("scheme", "pair"),
    seed: int = 1,
    effect: float = 1.0,
    start: int = 2016,
) -> FakeRun:
    """Make a run. `effect` scales everything that a scheme does; 0 makes the two sides equal."""
    cells, windows = max(1, citizens // cell), years * 12
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(len(GROUPS), 6.0), size=cells)
    people = np.stack([rng.multinomial(cell, share) for share in shares])
    subjects = rng.binomial(people, 0.8)
    shape = (replicates, windows, cells, len(GROUPS))
    scheme, pair = _World(shape), _World(shape)
    tilt = np.linspace(1.6, 0.6, len(INCOMES))
    tilt = np.concatenate([tilt * 1.1, tilt * 0.95])
    _acts(rng, scheme, pair, subjects, tilt, effect)
    _doors(rng, scheme, pair, subjects, tilt, effect)
    _grades(rng, scheme, subjects, tilt, effect)
    if effect == 0:
        scheme.flows, scheme.stocks = dict(pair.flows), dict(pair.stocks)
    worlds = {"scheme": scheme, "pair": pair}
    used = {name: worlds[name] for name in sides}
    tables = _tables(used, people, subjects, start, seed, effect)
    return FakeRun(_manifest(people, subjects, years, replicates, sides, seed, cell, start), tables)


def _acts(
    rng: np.random.Generator,
    scheme: _World,
    pair: _World,
    subjects: Counts,
    tilt: npt.NDArray[np.float64],
    effect: float,
) -> None:
    for kind, (told, rate, keep) in KINDS.items():
        mean = subjects * rate / 12 * (1.0 if told["good"] else tilt)
        without = rng.poisson(np.broadcast_to(mean, pair.shape))
        with_it = rng.binomial(without, 1 - (1 - keep) * effect)
        for world, acts in ((pair, without), (scheme, with_it)):
            world.add("acts", kind, acts)
            if kind in UNABLE:
                world.add("acts_unable", kind, rng.binomial(acts, UNABLE[kind]))
            for source in SOURCES[:2] if told["domain"] == "legal" else SOURCES[2:4]:
                item = f"{source}/{kind}"
                world.add("records", item, rng.binomial(acts, 0.2))
                wrong = world.add("records_wrong_person", item, rng.binomial(acts, 0.004))
                false = world.add("records_false", item, rng.poisson(mean * 0.002, pair.shape))
                noticed = world.add("noticed", source, rng.binomial(wrong + false, 0.3))
                objected = world.add("objected", source, rng.binomial(noticed, 0.5))
                world.add("corrected", source, rng.binomial(objected, 0.6))
                world.add("stale", source, rng.binomial(acts, 0.002))
    for world in (scheme, pair):
        sent = world.add("mail_sent", "-", rng.poisson(subjects * 0.02, pair.shape))
        world.add("mail_received", "-", rng.binomial(sent, 0.98))
    lost = scheme.add("points_lost", "legal", 5 * rng.poisson(subjects * 0.02 * tilt, pair.shape))
    scheme.add("points_lost_wrongly", "legal", rng.binomial(lost, 0.03))
    lost = scheme.add("points_lost", "political", 10 * rng.poisson(subjects * 0.003 * tilt, pair.shape))
    scheme.add("points_lost_wrongly", "political", rng.binomial(lost, 0.05))
    lost = scheme.add("points_lost", "commercial", 50 * rng.poisson(subjects * 0.0006 * tilt, pair.shape))
    scheme.add("points_lost_unable", "commercial", rng.binomial(lost, 0.4))
    scheme.add("points_gained", "social", 3 * rng.poisson(subjects * 0.01, pair.shape))


def _doors(
    rng: np.random.Generator,
    scheme: _World,
    pair: _World,
    subjects: Counts,
    tilt: npt.NDArray[np.float64],
    effect: float,
) -> None:
    for door, (_, _, whose, rate, ordinary) in DOORS.items():
        asked = rng.poisson(np.broadcast_to(subjects * rate / 12, pair.shape))
        usual = rng.binomial(asked, ordinary)
        left = asked - usual
        closed = [rng.binomial(left, np.minimum(1, share * tilt * effect)) for share in (0.006, 0.01, 0.004)]
        closed[1], closed[2] = np.minimum(closed[1], left - closed[0]), np.minimum(closed[2], 0 * left)
        for world, refused in ((pair, [0 * left] * 3), (scheme, closed)):
            world.add("requests", door, asked)
            world.add("refused_ordinary", door, usual)
            for name, counts in zip(REFUSALS, refused, strict=True):
                world.add(name, door, counts)
            by_scheme = sum(refused)
            rest = left - by_scheme
            scarce = world.add("refused_scarce", door, rng.binomial(rest, 0.7)) if door == "school" else 0 * left
            world.add("granted", door, rest - scarce)
            world.add("refused_wrongly", door, rng.binomial(by_scheme, 0.09))
            world.add("refused_unable", door, rng.binomial(by_scheme, 0.12))
            world.add("refused_out_of_context", door, rng.binomial(by_scheme, 0.55))
            if whose == "child":
                world.add("refused_passed_on", door, by_scheme)


def _grades(
    rng: np.random.Generator,
    scheme: _World,
    subjects: Counts,
    tilt: npt.NDArray[np.float64],
    effect: float,
) -> None:
    replicates, windows = scheme.shape[:2]
    for replicate in range(replicates):
        for window in range(windows):
            drift = effect * (window + 1) / windows
            low = np.minimum(0.2, 0.06 * drift * tilt)
            for group in range(len(GROUPS)):
                share = low[group]
                chances = np.array([0.2 * share, 0.3 * share, 0.5 * share, 0, 0.03 * drift, 0.01 * drift])
                chances[3] = 1 - chances.sum()
                held = rng.multinomial(subjects[:, group], chances)
                for at, band in enumerate(BANDS):
                    stock = scheme.stocks.setdefault(("grade", band), np.zeros(scheme.shape, np.int64))
                    stock[replicate, window, :, group] = held[:, at]
    below = scheme.stocks["grade", "D"] + scheme.stocks["grade", "C"]
    scheme.stocks["graded_down_wrongly", "-"] = rng.binomial(below, 0.08)
    scheme.stocks["held", "dishonest-debtors"] = rng.binomial(below, 0.2)


def _tables(
    worlds: Mapping[str, _World], people: Counts, subjects: Counts, start: int, seed: int, effect: float
) -> dict[str, pa.Table]:
    cells = people.shape[0]
    places = [f"district-{at + 1}" for at in range(min(4, cells))]
    place_of = np.arange(cells) * len(places) // cells
    fold = np.zeros((cells, len(places)), np.int64)
    fold[np.arange(cells), place_of] = 1
    by_place, by_group, by_cell, scores = (
        _Long("window", "place"),
        _Long("year", "group"),
        _Long("cell"),
        _Scores(),
    )
    for side, world in worlds.items():
        replicates, windows = world.shape[:2]
        for (measure, item), counts in world.flows.items():
            at_place = np.einsum("rwcg,cp->rwp", counts, fold)
            by_place.add(side, measure, item, at_place, range(windows), places)
            yearly = counts.reshape(replicates, windows // 12, 12, cells, -1).sum(axis=(2, 3))
            by_group.add(side, measure, item, yearly, range(start, start + windows // 12), GROUPS)
            by_cell.add(side, measure, item, counts.sum(axis=(1, 3)), range(cells))
        for (measure, item), counts in world.stocks.items():
            by_place.add(side, measure, item, np.einsum("rwcg,cp->rwp", counts, fold), range(windows), places)
            yearly = counts[:, 11::12].sum(axis=2)
            by_group.add(side, measure, item, yearly, range(start, start + windows // 12), GROUPS)
            if measure == "grade":
                by_cell.add(side, measure, item, counts[:, -1].sum(axis=2), range(cells))
        for measure, held in (("citizens", people), ("subjects", subjects)):
            by_cell.add(side, measure, "-", np.repeat(held.sum(axis=1)[None], replicates, 0), range(cells))
        if world.stocks:
            scores.add(side, world, int(subjects.sum()), seed)
    population = pa.table(
        {
            "place": np.repeat(places, len(GROUPS)),
            "group": GROUPS * len(places),
            "citizens": (fold.T @ people).ravel(),
            "subjects": (fold.T @ subjects).ravel(),
        }
    )
    return {
        "by_place": by_place.table(),
        "by_group": by_group.table(),
        "cells": by_cell.table(),
        "scores": scores.table(),
        "population": population,
    }


class _Long:
    """Collects counts into a long table; zero rows are left out."""

    def __init__(self, *axes: str) -> None:
        self.axes = axes
        names = ("side", "replicate", *axes, "measure", "item", "value")
        self.columns: dict[str, list[Any]] = {name: [] for name in names}

    def add(self, side: str, measure: str, item: str, counts: Counts, *levels: Any) -> None:
        where = np.nonzero(counts)
        size = len(where[0])
        told = {
            "side": [side] * size,
            "replicate": where[0],
            "measure": [measure] * size,
            "item": [item] * size,
        }
        for axis, level, at in zip(self.axes, levels, where[1:], strict=True):
            told[axis] = np.asarray(level)[at]
        told["value"] = counts[where].astype(np.int64)
        for name, values in told.items():
            self.columns[name].append(values)

    def table(self) -> pa.Table:
        out = {}
        for name, parts in self.columns.items():
            text = name in ("side", "measure", "item", "place", "group")
            whole = np.concatenate([np.asarray(part, dtype=object if text else np.int64) for part in parts])
            out[name] = pa.array(whole, pa.string() if text else pa.int64())
        return pa.table(out)


class _Scores:
    """A score distribution that widens as time goes by."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, int, int, int]] = []

    def add(self, side: str, world: _World, subjects: int, seed: int) -> None:
        rng = np.random.default_rng(seed + 1)
        replicates, windows = world.shape[:2]
        for replicate in range(replicates):
            for window in range(windows):
                spread = 4 + 60 * (window + 1) / windows
                drawn = 1000 + rng.standard_t(3, min(subjects, 20_000)) * spread * 0.5
                edges = np.clip(drawn // 10 * 10, 0, 1300).astype(np.int64)
                found, counts = np.unique(edges, return_counts=True)
                counts = counts * subjects // counts.sum()
                counts[np.argmax(counts)] += subjects - counts.sum()
                self.rows += [
                    (side, replicate, window, int(score), int(count))
                    for score, count in zip(found, counts, strict=True)
                    if count
                ]

    def table(self) -> pa.Table:
        names = ("side", "replicate", "window", "score", "subjects")
        columns = list(zip(*self.rows, strict=True)) or [()] * 5
        return pa.table(
            {
                name: pa.array(column, pa.string() if name == "side" else pa.int64())
                for name, column in zip(names, columns, strict=True)
            }
        )


def _manifest(
    people: Counts,
    subjects: Counts,
    years: int,
    replicates: int,
    sides: tuple[str, ...],
    seed: int,
    cell: int,
    start: int,
) -> dict[str, Any]:
    told = {
        "scheme": {"scheme": "rongcheng-2016", "title": "Rongcheng 2016", "bands": list(BANDS)},
        "pair": {"scheme": "none", "title": "No scheme at all", "bands": []},
    }
    return {
        "glasstown": "0.1.0",
        "format": 1,
        "status": "finished",
        "scenario": "rongcheng",
        "title": "Rongcheng, 2016 to 2020",
        "sides": [{"name": name, **told[name]} for name in sides],
        "citizens": int(people.sum()),
        "subjects": int(subjects.sum()),
        "years": years,
        "windows": years * 12,
        "start": f"{start}-01-01",
        "window_months": 1,
        "seed": seed,
        "replicates": replicates,
        "cell": cell,
        "groups": ["residence", "income"],
        "tables_hash": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "versions": {"python": "3.11", "numpy": "2.4", "numba": "0.68"},
        "machine": {"cores": 2, "arch": "x86_64"},
        "seconds": {"build": 1.2, "compile": 3.4, "run": 9.1},
        "assumed": [
            "conduct.acts.red-light.rate",
            "conduct.acts.fraud.rate",
            "sources.police.wrong_person",
            "scheme.rules.criticise-party-online.points",
        ],
        "references": {
            "hmaidi-2018": {
                "cite": 'A. Hmaidi, "The" Social Credit System, 35C3, Leipzig, 27 December 2018',
                "link": "https://media.ccc.de/v/35c3-9904-the_social_credit_system",
            }
        },
        "kinds": {kind: told for kind, (told, _, _) in KINDS.items()},
        "doors": {
            door: {"title": title, "domain": domain, "for": whose} for door, (title, domain, whose, *_) in DOORS.items()
        },
    }
