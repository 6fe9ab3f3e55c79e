"""Compiling: from the files of a scenario to the flat tables of a :class:`Program`.

Everything here is done once, in floating point where that is natural; what comes out are integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from .. import draws
from ..clock import DAYS_PER_YEAR, Clock
from ..columns import CITIZEN, Names, Traits
from ..conduct.types import ConductModel
from ..doors.types import DoorsModel
from ..errors import BadValue
from ..records.types import Source, SourcesModel
from ..scheme.compile import CompiledScheme, compile_scheme
from ..scheme.types import WEIGHT_MOST, SchemeModel
from ..society.people import Society
from .classes import class_table, group_names, group_rows, namesakes, subject_words
from .compile_draws import WORD, Counts, FactorSets
from .compile_power import aware_below, power_row, simple_rules, visits_of, worst_by_kind
from .compile_response import RESPONSE_FLAGS, hangs_on, response_row, risk_table, switched
from .layout import (
    ADULT,
    AGAINST_TRUST,
    BLOCK,
    FULL,
    HARMS_TIED,
    HURTS_PLACE,
    LAPSES,
    NEEDS_ABILITY,
    ONE,
    SOUGHT,
)
from .measures import DOMAINS, Catalogue
from .program import Program, cells_of
from .tables import (
    A_FLAGS,
    A_FREE,
    A_HURTS,
    C_FIRST,
    C_PLACE,
    P_KIND,
    R_TRUSTING,
    S_PAIR,
    Shared,
    SideRules,
)
from .victims import hurts, victim_decision

__all__ = ["compile_program", "with_schemes"]

I64 = npt.NDArray[np.int64]
By = Mapping[str, Mapping[str, float]]


def _share(value: float, of: int = WORD) -> int:
    return min(max(round(value * of), 0), of)


def compile_program(
    *,
    clock: Clock,
    society: Society,
    conduct: ConductModel,
    sources: SourcesModel,
    doors: DoorsModel,
    schemes: Iterable[SchemeModel],
    seed: int,
    replicate: int = 0,
    switches: Mapping[str, bool] | None = None,
    rollout: Mapping[str, int] | None = None,
) -> Program:
    """Compile a scenario.

    Parameters
    ----------
    schemes : the scheme, then the other side of the pair (if any).
    switches : responses to switch off, by name.
    rollout : first window of the schemes by place; a place that is left out never sees them. None: all at once.

    Raises
    ------
    BadValue
        Where something is too frequent to be drawn, or a name does not exist.
    """
    names = Names(
        tuple(sorted(conduct.acts)),
        tuple(sorted(sources.keepers)),
        tuple(sorted(doors.requests)),
        society.traits,
        {units.name: units.traits for units in society.classes},
        {kind: act.subject for kind, act in conduct.acts.items() if act.subject != CITIZEN},
        {name: door.subject for name, door in doors.requests.items() if door.subject != CITIZEN},
    )
    models = list(schemes)
    doors = _asked_for(doors, models)
    builder = _Builder(clock, society, conduct, sources, doors, names)
    shared = builder.shared((seed, replicate), switches or {}, rollout is not None)
    compiled = tuple(compile_scheme(model, names, clock) for model in models)
    shared, catalogues, sides = _governed(shared, compiled, names, builder.pair_names, clock.months)
    units = {CITIZEN: society.n, **{units.name: units.n for units in society.classes}}
    return Program(
        clock=clock,
        names=names,
        society=society,
        words=subject_words(society),
        shared=shared,
        sides=sides,
        schemes=compiled,
        catalogues=catalogues,
        pairs=builder.pair_names,
        scarce_places={
            names.doors.index(door): round(one.scarce.places_per_1000.value * units[one.subject] / 1000)
            for door, one in doors.requests.items()
            if one.scarce
        },
        cells=cells_of(society),
        limits=_limits(shared, sides),
        group_names=group_names(society),
        rollout=tuple((rollout or {}).get(place, clock.windows) for place in society.places) if rollout else (),
    )


def _asked_for(doors: DoorsModel, schemes: list[SchemeModel]) -> DoorsModel:
    """Return the doors with nobody at a privilege that no side grants: what would not be counted is not drawn."""
    granted = {name for scheme in schemes for name in scheme.doors}
    requests = {
        name: door.model_copy(update={"rate": door.rate.model_copy(update={"per_year": 0.0})})
        if door.privilege and name not in granted
        else door
        for name, door in doors.requests.items()
    }
    return doors.model_copy(update={"requests": requests})


def with_schemes(program: Program, models: Iterable[SchemeModel]) -> Program:
    """Return the same scenario under other schemes, of one side or two; only the schemes are compiled.

    What is asked for stays as it was compiled: a privilege that no scheme of the program grants is asked for by nobody.
    """
    names, clock = program.names, program.clock
    schemes = tuple(compile_scheme(model, names, clock) for model in models)
    bare = program.shared._replace(act=program.shared.act[:, :A_FREE])
    shared, catalogues, sides = _governed(bare, schemes, names, program.pairs, clock.months)
    return replace(
        program, shared=shared, sides=sides, schemes=schemes, catalogues=catalogues, limits=_limits(shared, sides)
    )


def _governed(
    shared: Shared, schemes: tuple[CompiledScheme, ...], names: Names, pairs: tuple[str, ...], months: int
) -> tuple[Shared, tuple[Catalogue, ...], tuple[SideRules, ...]]:
    """Return what both sides share, and each side's columns and tables, under their schemes."""
    shared = shared._replace(act=_with_free(shared.act, schemes))
    catalogues = tuple(
        Catalogue.of(
            kinds=names.kinds,
            sources=names.sources,
            pairs=pairs,
            rules=scheme.rule_names,
            doors=names.doors,
            bands=scheme.band_names,
            holds=scheme.hold_names,
            trusting=bool(shared.respond[R_TRUSTING]),
        )
        for scheme in schemes
    )
    sides = tuple(
        _side(scheme, catalogue, shared, pairs, months) for scheme, catalogue in zip(schemes, catalogues, strict=True)
    )
    return shared, catalogues, sides


def _limits(shared: Shared, sides: Sequence[SideRules]) -> I64:
    pairs = int((np.diff(shared.cover_start) + (shared.act[:, A_HURTS] > HURTS_PLACE)).max(initial=0))
    rules = max(int(np.diff(side.rule_start).max(initial=0)) for side in sides)
    return _i64((max(1, pairs), max(1, rules)))


class _Builder:
    """Builds what both sides share."""

    def __init__(
        self,
        clock: Clock,
        society: Society,
        conduct: ConductModel,
        sources: SourcesModel,
        doors: DoorsModel,
        names: Names,
    ) -> None:
        self.clock, self.society, self.names = clock, society, names
        self.conduct, self.sources, self.doors = conduct, sources, doors
        keepers = sources.keepers
        self.pairs = sorted(
            (kind, source)
            for source, keeper in keepers.items()
            for kind in {*keeper.records, *keeper.false_records}
            if kind in conduct.acts
        )
        self.pair_names = tuple(f"{source}/{kind}" for kind, source in self.pairs)
        self.false = [
            (source, kind)
            for source in names.sources
            for kind in sorted(keepers[source].false_records)
            if kind in conduct.acts and keepers[source].false_records[kind].per_year > 0
        ]

    def shared(self, key: tuple[int, int], switches: Mapping[str, bool], rolled_out: bool) -> Shared:
        names, acts = self.names, self.conduct.acts
        response = self.conduct.response
        on = switched(response, switches)
        respond, rise = response_row(response, self.clock.months, on)
        factors = FactorSets()
        counts = Counts(sorted({self.clock.days(w) for w in range(self.clock.windows)}))
        decisions, rooms, flags = [], [], []
        harms = [hurts(acts[kind], self.society, bool(respond[R_TRUSTING])) for kind in names.kinds]
        for kind, harm in zip(names.kinds, harms, strict=True):
            act = acts[kind]
            most = ONE
            for name in act.responds:
                most = (most * (ONE + rise.get(RESPONSE_FLAGS[name], 0))) >> 15
            ceiling = act.rate.per_year * factors.add(act.rate.by, names.traits_of(act.subject)) * most / ONE
            counts.add(kind, ceiling, False)
            decisions.append(f"act/{kind}")
            rooms.append((1 << 30) // most)
            flags.append(
                sum(RESPONSE_FLAGS[n] for n in act.responds)
                | (NEEDS_ABILITY if act.needs_ability else 0)
                | (SOUGHT if act.sought else 0)
                | (AGAINST_TRUST if "trust" in act.responds and not act.lawful else 0)
                | (HARMS_TIED if harm > HURTS_PLACE else 0)
            )
        for door in names.doors:
            one = self.doors.requests[door]
            ceiling = one.rate.per_year * factors.add(one.rate.by, names.traits_of(one.subject))
            counts.add(door, ceiling, one.scarce is not None)
            decisions.append(f"ask/{door}")
        for source, kind in self.false:
            false = self.sources.keepers[source].false_records[kind]
            ceiling = false.per_year * factors.add(false.by, names.traits_of(names.subject(kind)))
            counts.add(f"{source}/{kind}", ceiling, False)
            decisions.append(f"false/{source}/{kind}")
        ordinary = []
        for door in names.doors:
            one = self.doors.requests[door]
            refusal = one.ordinary_refusal
            ordinary.append(round(refusal.share * factors.add(refusal.by, names.traits_of(one.subject)) * 65536))
        covers = self._cover_sets(factors)
        performing = self._performing(factors)
        draws.check_decisions(
            [
                "consent",
                "aware",
                "quota",
                "harmed",
                *decisions,
                *(f"{what}/{p}" for p in self.pair_names for what in ("record", "mend")),
                *(f"perform/{kind}" for kind in names.kinds),
                *(victim_decision(kind) for kind in names.kinds),
            ]
        )
        sums, starts, guides = counts.tables()
        scarce = [self.doors.requests[door].scarce for door in names.doors]
        months = [-1] * len(acts) + [s.month if s else -1 for s in scarce] + [-1] * len(self.false)
        pairs = [0] * (len(acts) + len(scarce)) + [self.pairs.index((kind, source)) for source, kind in self.false]
        traits = [trait for subject in names.subjects for trait in names.traits_of(subject)]
        age = next((trait for trait in names.traits if trait.ages), None)
        adults = self._adults(age.name if age else "")
        done_by = [names.subjects.index(names.subject(kind)) for kind in names.kinds]
        asked_by = [names.subjects.index(names.door_of.get(door, CITIZEN)) for door in names.doors]
        told_of = [names.subjects.index(names.subject(kind)) for _, kind in self.false]
        return Shared(
            acts=len(acts),
            doors=len(names.doors),
            key0=key[0],
            key1=key[1],
            citizens=self.society.n,
            places=len(self.society.places),
            classes=class_table(self.society, len(adults)),
            age_shift=age.shift if age else -1,
            group=group_rows(self.society),
            trait=_rows(zip(*((t.shift, t.mask, int(t.ages)) for t in traits), strict=True)),
            stream=_rows(
                ([draws.decision_id(name) for name in decisions], months, pairs, done_by + asked_by + told_of)
            ),
            count_sum=sums,
            count_start=starts,
            count_tables=len(counts.lengths),
            count_guide=guides,
            factors=factors.tables(),
            act=_rows(
                (
                    [DOMAINS.index(acts[kind].domain) for kind in names.kinds],
                    flags,
                    rooms,
                    done_by,
                    [_ability(names.traits_of(names.subject(kind))) for kind in names.kinds],
                    *performing,
                    harms,
                )
            ),
            cover_start=self._cover_start(),
            pair=self._pair_table(covers),
            keeper=self._keeper_table(),
            door=_rows(
                (
                    [DOMAINS.index(self.doors.requests[d].domain) for d in names.doors],
                    [int(self.doors.requests[d].asks_for == "child") for d in names.doors],
                    [int(s is not None) for s in scarce],
                    ordinary,
                    [int(self.doors.requests[d].privilege) for d in names.doors],
                )
            ),
            deter=risk_table(on["deterrence"], response.deterrence.certainty.value, response.deterrence.severity.value),
            silence=risk_table(on["silence"], response.silence.level.value, response.silence.severity.value),
            lapse=np.round(-np.log((np.arange(LAPSES) + 0.5) / LAPSES) * 65536).astype(np.int64),
            respond=respond,
            unable_below=2,
            adults=adults,
            namesakes=namesakes(self.society, adults),
            consent_id=draws.decision_id("consent"),
            aware=aware_below(response),
            aware_id=draws.decision_id("aware"),
            quota_id=draws.decision_id("quota"),
            harmed_id=draws.decision_id("harmed"),
            wary=int(hangs_on(acts.values(), on, "deterrence", "silence")),
            minded=int(hangs_on(acts.values(), on, "crowding-out")),
            visiting=int(any(keeper.visits for keeper in self.sources.keepers.values())),
            rolled_out=int(rolled_out),
            place_of_block=self._place_of_block(),
            window_of_day=_i64(w for w in range(self.clock.windows) for _ in range(self.clock.days(w))),
            first_day=_i64(self.clock.first_day(w) for w in range(self.clock.windows + 1)),
        )

    def _performing(self, factors: FactorSets) -> tuple[list[int], list[int], list[int]]:
        """Return each kind's hazard of doing what is owed (a day, Q32), its multipliers, and the decision's number."""
        hazards, sets = [], []
        for kind in self.names.kinds:
            performs = self.conduct.acts[kind].performs
            sets.append(len(factors.start) - 1)
            traits = self.names.traits_of(self.names.subject(kind))
            largest = factors.add(performs.by if performs else {}, traits)
            hazards.append(round(performs.per_year * largest / DAYS_PER_YEAR * WORD) if performs else 0)
        return hazards, sets, [draws.decision_id(f"perform/{kind}") for kind in self.names.kinds]

    def _adults(self, age: str) -> npt.NDArray[np.int32]:
        everyone = np.arange(self.society.n, dtype=np.int32)
        if not age:
            return everyone
        return everyone[self.names.traits.column(self.society.words, age) >= ADULT]

    def _written_about(self, keeper: Source) -> int:
        """Return the classes of subjects that a source writes about, as bits."""
        found = {self.names.subject(kind) for kind in {*keeper.records, *keeper.false_records}}
        return sum(1 << self.names.subjects.index(subject) for subject in found)

    def _place_of_block(self) -> npt.NDArray[np.int16]:
        cells = cells_of(self.society)
        blocks = np.arange(len(subject_words(self.society)), step=BLOCK)
        out: npt.NDArray[np.int16] = cells[
            np.searchsorted(cells[:, C_FIRST], blocks, side="right") - 1, C_PLACE
        ].astype(np.int16)
        return out

    def _cover_start(self) -> I64:
        kinds = [self.names.kinds.index(kind) for kind, _ in self.pairs]
        return _i64(np.searchsorted(kinds, np.arange(len(self.names.kinds) + 1)))

    def _cover_sets(self, factors: FactorSets) -> list[tuple[int, float]]:
        """Return each pair's set of multipliers (-1 for none), and the largest coverage that anybody has."""
        out = []
        for kind, source in self.pairs:
            recorded = self.sources.keepers[source].records.get(kind)
            by = recorded.coverage.by if recorded else {}
            at = len(factors.start) - 1 if by else -1
            most = factors.add(by, self.names.traits_of(self.names.subject(kind))) if by else 1.0
            out.append((at, recorded.seen * most if recorded else 0.0))
        return out

    def _pair_table(self, covers: list[tuple[int, float]]) -> I64:
        rows = []
        for (kind, source), name, (at, seen) in zip(self.pairs, self.pair_names, covers, strict=True):
            recorded = self.sources.keepers[source].records.get(kind)
            low, high = recorded.delay_days if recorded else (0, 0)
            rows.append(
                [
                    self.names.sources.index(source),
                    self.names.kinds.index(kind),
                    _share(seen),
                    low,
                    high - low + 1,
                    *(draws.decision_id(f"{what}/{name}") for what in ("record", "mend")),
                    at,
                ]
            )
        return np.array(rows, dtype=np.int64).reshape(-1, 8)

    def _keeper_table(self) -> I64:
        keepers = [(source, self.sources.keepers[source]) for source in self.names.sources]
        rows = [
            [
                _share(k.wrong_subject.value),
                _share(k.stale.share.value, 1 << 24),
                round(k.stale.extra_days.value),
                WORD - _share(k.repair.value, WORD - _share(k.wrong_subject.value)),
                _share(k.objection.notice.value),
                _share(k.objection.objects.value),
                _share(k.objection.upheld.value),
                round(k.objection.days.value),
                *visits_of(name, k, self.clock.months),
                self._written_about(k),
            ]
            for name, k in keepers
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 11)


def _ability(traits: Traits) -> int:
    """Return the bit at which a class's ability to pay stands; -1 where it has no such trait."""
    return traits["ability"].shift if "ability" in traits else -1


def _side(
    scheme: CompiledScheme, catalogue: Catalogue, shared: Shared, pair_names: tuple[str, ...], months: int
) -> SideRules:
    """Return one side's tables, checked against what the engine's columns can hold."""
    if len(scheme.hold_names) > 14:
        raise BadValue(f"a scheme has at most 14 lists and forced grades, not {len(scheme.hold_names)}")
    if (scheme.cap_limit > FULL).any():
        raise BadValue(f"a cap is at most {FULL} points a year")
    if (scheme.weights > WEIGHT_MOST).any() or (scheme.weights < 0).any():
        raise BadValue(f"a domain's weight is 0 to {WEIGHT_MOST} percent")
    holding = [*zip(scheme.rule_domain, scheme.rule_hold, strict=True), *((c.domain, c.hold) for c in scheme.ceilings)]
    domains = [sorted({int(d) for d, hold in holding if hold == h}) for h in range(len(scheme.hold_names))]
    pairs = np.diff(shared.cover_start).astype(np.int64)
    rules = np.diff(scheme.rule_start).astype(np.int64)
    doors_end = shared.acts + shared.doors
    return SideRules(
        start=scheme.start,
        floor=scheme.floor,
        ceiling=scheme.ceiling,
        min_age=scheme.min_age,
        subjects=scheme.subjects,
        decay=scheme.decay,
        consent=int(scheme.consent),
        any_rule=int(len(scheme.rule_names) > 0 or scheme.profile_start[-1] > 0),
        same_domain=int(scheme.same_domain),
        weights=scheme.weights.astype(np.int64),
        band_from=scheme.band_from.astype(np.int64),
        rule_start=_i64(scheme.rule_start),
        rule=_rows(
            (
                scheme.rule_low,
                scheme.rule_high,
                scheme.rule_domain,
                scheme.rule_term,
                scheme.rule_repair,
                scheme.rule_cap,
                scheme.rule_hold,
                scheme.rule_sources,
                scheme.rule_from,
                scheme.rule_until,
                scheme.rule_when,
                scheme.power.pass_ties,
                scheme.power.pass_share,
                scheme.power.pass_held,
                [draws.decision_id(f"officer/{name}") for name in scheme.rule_names],
            )
        ),
        code=scheme.code if len(scheme.code) else np.zeros(2, np.int32),
        profile_start=_i64(scheme.profile_start),
        profile=scheme.profile.astype(np.int64),
        profile_points=_i64(scheme.profile_points),
        power=power_row(scheme, pair_names, months),
        visit_weight=_i64(scheme.power.visit_weight),
        cap_limit=_i64(scheme.cap_limit),
        hold=_rows(
            (
                scheme.hold_grade,
                [found[0] if len(found) == 1 else -1 for found in domains],
                scheme.hold_removal,
                scheme.hold_lock,
                scheme.hold_lock_days,
            )
        ),
        door=_rows(
            (
                scheme.door_score,
                scheme.door_grades,
                scheme.door_holds,
                scheme.door_priority,
                _safe_scores(scheme),
                scheme.door_named,
            )
        ),
        kind=_rows(
            (
                scheme.severity,
                scheme.reward,
                pairs * rules,
                scheme.grace,
                pairs * worst_by_kind(scheme),
                simple_rules(scheme, shared.act),
            )
        ),
        false_spread=_i64(rules[shared.pair[pair, P_KIND]] for pair in shared.stream[doors_end:, S_PAIR]),
        base=catalogue.base,
    )


def _safe_scores(scheme: CompiledScheme) -> list[int]:
    """Return for each door the score from which on neither grade nor score refuses it to who is on no list."""
    above = [*scheme.band_from.tolist()[1:], scheme.ceiling + 1]
    return [
        max(score, above[grades.bit_length() - 1] if grades else scheme.floor)
        for score, grades in zip(scheme.door_score.tolist(), scheme.door_grades.tolist(), strict=True)
    ]


def _with_free(act: I64, schemes: Iterable[CompiledScheme]) -> I64:
    """Return the table of acts with the column that says which need not be lived: nobody's memory moves by them."""
    grave = np.any([scheme.severity > 0 for scheme in schemes], axis=0)
    return np.column_stack([act, (act[:, A_FLAGS] == 0) & ~grave])


def _i64(values: Iterable[int]) -> I64:
    return np.array([int(value) for value in values], dtype=np.int64)


def _rows(columns: Iterable[Iterable[int]]) -> I64:
    """Return columns as a table of one row for each thing, in one piece of memory."""
    return np.ascontiguousarray(np.array([[int(v) for v in column] for column in columns], dtype=np.int64).T)
