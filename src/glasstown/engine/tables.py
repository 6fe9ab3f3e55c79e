"""The flat tables that the kernels and the plain twin read: what a scenario becomes when it is compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Factors", "Pool", "Shared", "SideRules", "SideState", "SideTallies"]

I16 = npt.NDArray[np.int16]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]


class Factors(NamedTuple):
    """Products of multipliers over traits, in Q31: set `s` has the factors ``start[s]`` to ``start[s + 1]``."""

    start: I32
    shift: I64
    mask: I64
    offset: I32
    ages: I32
    lut: I64
    """Multipliers divided by the largest of their trait, in Q31."""


class Shared(NamedTuple):
    """What both sides of a pair share: streams, sources, doors, responses.

    Streams are acts, then doors, then false records (one for each pair of source and kind), each sorted by name.
    A *pair* is a source and a kind that it writes.
    """

    acts: int
    doors: int
    key0: int
    key1: int
    citizens: int
    age_shift: int
    """Bit at which age in years stands; -1 where the society has no ages and all are adults."""
    group_shift: I64
    group_mask: I64
    group_stride: I64
    trait_shift: I64
    trait_mask: I64
    trait_ages: I32

    stream_id: I64
    stream_pair: I32
    """Pair of each stream of false records."""
    stream_month: I32
    """-1, or the calendar month in which a scarce door is asked for."""
    count_sum: I64
    """Cumulative chances of 0, 1, … candidates of a block, in 2³²; ragged, by stream and length of window."""
    count_start: I32
    count_tables: int
    """Number of different lengths of window."""
    count_guide: I32
    """First count to try, by the upper eight bits of the word."""
    factors: Factors

    act_domain: I32
    act_flags: I32
    act_room: I64
    """2³⁰ divided by the largest response that the kind can show (itself in Q15): Q15."""
    cover_start: I32
    """First pair of each kind."""
    pair_source: I32
    pair_kind: I32
    pair_seen: I64
    """Chance of being seen, in 2³²."""
    pair_delay: I32
    pair_delay_span: I32
    pair_record_id: I64
    pair_mend_id: I64
    pair_repair_id: I64

    source_wrong: I64
    source_stale: I64
    """Chance of staying beyond the term, in 2²⁴."""
    source_stale_days: I32
    source_repair: I64
    source_notice: I64
    source_objects: I64
    source_upheld: I64
    source_correct_days: I32

    door_domain: I32
    door_child: I32
    door_scarce: I32
    door_ordinary: I64
    """Chance of an ordinary refusal at the largest multipliers, in Q16; its factors stand after the streams'."""

    deter: I64
    """Q15 factors of deterrence by perceived risk (16 steps) and severity (16 steps)."""
    silence: I64
    respond: I64
    """Strengths: see the positions ``R_*``."""
    unable_shift: int
    unable_below: int
    """Ability below this level is inability; -1 as shift where the society has no such trait."""
    adults: I32
    """The adults by number, from whom a namesake is picked."""
    consent_id: int
    window_of_day: I32
    first_day: I64
    """First day of each window, and one more."""


R_STRESS, R_PER_REFUSAL, R_STRESS_KEEP, R_GAMING, R_REACH = range(5)
R_CROWD, R_MOTIVE_BACK, R_CONFINED, R_START_RISK = range(5, 9)
R_SIZE = 9


class SideRules(NamedTuple):
    """One side's scheme as flat tables, and where its measures stand in a row of tallies."""

    start: int
    floor: int
    ceiling: int
    min_age: int
    decay: int
    consent: int
    any_rule: int
    weights: I64
    band_from: I64
    rule_start: I32
    rule_low: I64
    rule_high: I64
    rule_domain: I32
    rule_term: I32
    rule_repair: I32
    rule_cap: I32
    rule_hold: I32
    rule_sources: I64
    rule_from: I32
    rule_until: I32
    rule_when: I32
    code: I32
    cap_limit: I32
    hold_grade: I32
    hold_domain: I32
    door_score: I64
    door_grades: I64
    door_holds: I64
    door_priority: I32
    severity: I64
    reward: I64
    spread: I64
    """Most events that one act of each kind can put into the pool: pairs times rules."""
    false_spread: I64
    """The same for each stream of false records."""
    base: I64
    """First column of each measure; see :mod:`glasstown.engine.measures`."""


class SideState(NamedTuple):
    """What is remembered of each citizen on one side from window to window."""

    points: I16
    """Domain points, shape (citizens, 4)."""
    wrong: I16
    """Points that stand only by wrong-person, false or stale records."""
    unable: I16
    """Points that stand for acts of inability."""
    hold: U8
    hold_wrong: U8
    cap: U8
    risk: U8
    """Perceived risk of being caught."""
    stress: U8
    motive: U8
    news: I64
    """Perceived risk by domain as told by everyone, set at the barrier."""


class Pool(NamedTuple):
    """Events that wait for a later window, by cell: linked lists by window in one array per cell."""

    event: I64
    next: I32
    head: I32
    """Shape (cells, windows); -1 ends a list."""
    free: I32
    """Head of each cell's list of free places; -1 ends it."""
    spare: I32
    """Length of that list."""
    top: I32


class SideTallies(NamedTuple):
    """Counts of one worker; all of them add up."""

    place: I64
    group: I64
    cell: I64
    scores: I64
