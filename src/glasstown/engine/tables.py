"""The flat tables that the kernels and the plain twin read: what a scenario becomes when it is compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "COLUMNS", "Drawn", "Factors", "Heap", "Here", "Pool", "Shared", "SideRules", "SideState", "SideTallies", "Work",
]  # fmt: skip

I16 = npt.NDArray[np.int16]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]


A_DOMAIN, A_FLAGS, A_ROOM, A_CLASS, A_ABLE, A_PERFORM, A_PERFORM_SET, A_PERFORM_ID, A_HURTS, A_FREE = range(10)
P_SOURCE, P_KIND, P_SEEN, P_DELAY, P_DELAY_SPAN, P_RECORD_ID, P_MEND_ID, P_SET = range(8)
K_WRONG, K_STALE, K_STALE_DAYS, K_REPAIR, K_NOTICE, K_OBJECTS, K_UPHELD, K_CORRECT_DAYS = range(8)
K_VISITS, K_VISIT_ID, K_SUBJECTS = range(8, 11)
D_DOMAIN, D_CHILD, D_SCARCE, D_ORDINARY, D_PRIVILEGE = range(5)
S_ID, S_MONTH, S_PAIR, S_CLASS = range(4)
C_FIRST, C_COUNT, C_PLACE, C_CLASS = range(4)
N_FIRST, N_GROUP, N_GROUP_TRAIT, N_NAMESAKE, N_SALT = range(5)
G_SHIFT, G_MASK, G_STRIDE = range(3)
T_SHIFT, T_MASK, T_AGES = range(3)
F_SHIFT, F_MASK, F_OFFSET, F_AGES = range(4)
U_LOW, U_HIGH, U_DOMAIN, U_TERM, U_REPAIR, U_CAP = range(6)
U_HOLD, U_SOURCES, U_FROM, U_UNTIL, U_WHEN = range(6, 11)
U_PASS, U_PASS_SHARE, U_PASS_HELD, U_OFFICER = range(11, 15)
O_SCORE, O_GRADES, O_HOLDS, O_PRIORITY, O_SAFE, O_NAMED = range(6)
X_PASSES, X_OFFICERS, X_FRIENDS, X_SPARE, X_CRITICS, X_PRESS_CHANCE, X_PRESS, X_QUOTA, X_QUOTA_PAIR = range(9)
V_SEVERITY, V_REWARD, V_SPREAD, V_GRACE, V_WORST, V_SIMPLE = range(6)
H_GRADE, H_DOMAIN, H_REMOVAL, H_LOCK, H_LOCK_DAYS = range(5)
L_SHIFT, L_MASK, L_OFFSET, L_AGES, L_CLASS = range(5)

COLUMNS = {
    ("Shared", "act"): 10,
    ("Shared", "pair"): 8,
    ("Shared", "keeper"): 11,
    ("Shared", "door"): 5,
    ("Shared", "stream"): 4,
    ("Shared", "classes"): 5,
    ("Shared", "group"): 3,
    ("Shared", "trait"): 3,
    ("Factors", "row"): 4,
    ("SideRules", "rule"): 15,
    ("SideRules", "door"): 6,
    ("SideRules", "kind"): 6,
    ("SideRules", "hold"): 5,
    ("SideState", "points"): 4,
    ("SideState", "harm"): 2,
}
"""How many columns the tables have that always have as many; known to kernels when they are compiled."""


class Factors(NamedTuple):
    """Products of multipliers over traits, in Q31: set `s` has the rows ``start[s]`` to ``start[s + 1]``."""

    start: I64
    row: I64
    """``F_*``: shift and mask of the trait, first entry in `lut`, whether it is an age."""
    lut: I64
    """Multipliers divided by the largest of their trait, in Q31."""


class Shared(NamedTuple):
    """What both sides of a pair share: streams, sources, doors, responses.

    Streams are acts, then doors, then false records (one for each pair of source and kind), each sorted by name.
    A *pair* is a source and a kind that it writes. Tables have one row for each thing; their columns are the
    constants above, named by the table's initial (`U_*` for rules, `V_*` for kinds under a scheme, `O_*` for what
    opens a door).
    """

    acts: int
    doors: int
    key0: int
    key1: int
    citizens: int
    places: int
    classes: I64
    """``N_*``: first subject of each class (citizens first), its first group, first trait of its groups in `group`,
    first of its members in `namesakes`, number of its name in draws that all classes share (0 for citizens); one more
    row ends the last class."""
    age_shift: int
    """Bit at which age in years stands; -1 where the society has no ages and all are adults."""
    group: I64
    """``G_*``: shift, mask and stride of each trait of the tables by group."""
    trait: I64
    """``T_*``: shift and mask of each trait, whether it is an age."""
    stream: I64
    """``S_*``: number of the decision; -1 or the month in which a scarce door is asked for; pair of a false record;
    class of subjects."""
    count_sum: I64
    """Cumulative chances of 0, 1, … candidates of a block, in 2³²; ragged, by stream and length of window."""
    count_start: I64
    count_tables: int
    """Number of different lengths of window."""
    count_guide: I16
    """First count to try, by the upper eight bits of the word."""
    factors: Factors
    act: I64
    """``A_*``: domain, flags, 2³⁰ divided by the largest response (itself in Q15), class of subjects, bit at which
    their ability to pay stands or -1, hazard a day of doing what is owed at the largest multipliers (Q32), its set of
    multipliers and the number of that decision, whom it harms (``HURTS_*``), whether nothing that a side remembers can
    change the act or is changed by it."""
    cover_start: I64
    """First pair of each kind."""
    pair: I64
    """``P_*``: source, kind, chance of being seen (2³²), least delay and span in days, numbers of two decisions,
    the set of multipliers of coverage or -1."""
    keeper: I64
    """``K_*``: wrong person (2³²), stale (2²⁴) and its days, repair from here on (the word that decides on the
    wrong person), notice, objection, upheld (2³²), days; visits for each adult and window (2³²; 0 for a source that
    does not visit) and the number of that decision."""
    door: I64
    """``D_*``: domain, for a child, scarce, chance of an ordinary refusal at the largest multipliers (Q16),
    privilege."""
    deter: I64
    """Q15 factors of deterrence by step of perceived risk and of severity."""
    silence: I64
    lapse: I64
    """Waiting times at hazard 1 (-ln of the chance, Q16) by the upper bits of a word."""
    respond: I64
    """Strengths: see the positions ``R_*``."""
    unable_below: int
    """Ability below this level is inability."""
    adults: I32
    """The adults by number."""
    namesakes: I32
    """The adults and all other subjects by number, from whom one of the same class is picked for a wrong record."""
    consent_id: int
    aware: int
    """Who knows of being scored: whose word is below; all do at 2³²."""
    aware_id: int
    quota_id: int
    harmed_id: int
    visiting: int
    """Whether any source visits."""
    wary: int
    """Whether any act hangs on how likely it seems to be caught."""
    minded: int
    """Whether any act hangs on how far points have taken the place of a good will."""
    rolled_out: int
    """Whether the scheme begins at different times in different places; see `started` in :class:`SideState`."""
    place_of_block: I16
    window_of_day: I64
    first_day: I64
    """First day of each window, and one more."""


R_STRESS, R_PER_REFUSAL, R_STRESS_KEEP, R_GAMING, R_REACH = range(5)
R_CROWD, R_MOTIVE_BACK, R_CONFINED, R_START_RISK, R_RECENT = range(5, 10)
R_TRUSTING, R_TRUST, R_TRUST_START, R_SHOCK, R_WRONGED, R_TRUST_BACK, R_BELIEF = range(10, 17)
R_SIZE = 17


class SideRules(NamedTuple):
    """One side's scheme as flat tables, and where its measures stand in a row of tallies."""

    start: int
    floor: int
    ceiling: int
    min_age: int
    subjects: int
    """Mask over the classes of subjects that are scored."""
    decay: int
    consent: int
    any_rule: int
    same_domain: int
    """Whether a door closes only where the records of its own domain would close it."""
    weights: I64
    band_from: I64
    rule_start: I64
    rule: I64
    """``U_*``: points, domain, term, repair, cap, hold, sources, dates, condition, ties over which it passes
    losses on and their share, whether lists too, number of the official's decision; see the compiled scheme."""
    code: I32
    profile_start: I64
    """First row of each domain in `profile`, and one more."""
    profile: I64
    """``L_*``: shift and mask of a trait that registers know, first entry in `profile_points`, whether it is an age,
    class of subjects."""
    profile_points: I64
    power: I64
    """``X_*``: whether losses are passed on, whether officials step in; see :class:`glasstown.scheme.power.Power`."""
    visit_weight: I64
    """How often each grade is visited beside the others, in thousandths."""
    cap_limit: I64
    hold: I64
    """``H_*``: forced grade or -1; domain of the rules that enter it, -1 if several; days from doing what is owed
    until it is left, -1 where it is not left so; slot of the lock after that, -1 for none, and its days."""
    door: I64
    """``O_*``: least score, refused grades, refusing holds, priority where places are scarce, the score
    from which on who is on no list is never refused, whether the scheme names the door."""
    kind: I64
    """``V_*``: severity, reward, the most events that one act can put into the pool (pairs times rules), the days
    that a record waits before it is posted, and the most by which one act can lower the score (more than any score
    where it can put somebody on a list); the kind's one rule where it is simple (see ``kernel_simple``), else -1."""
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
    """Active entries of each hold: four bits for all, four for those of others' doing among them."""
    hold_why: U8
    """Of the active entries of each hold: four bits for wrong ones, four for those of inability."""
    cap: U8
    risk: U8
    """Perceived risk of being caught."""
    stress: U8
    motive: U8
    passed: I16
    """Points that stand only because others did something; one row where the scheme passes nothing on."""
    told: U8
    """Who learned of being scored at a door; one entry where everybody knows."""
    did: U8
    """Windows for which an act that grades are meant to find is held to be recent; one entry where no act is one."""
    trust: U8
    """Trust in others; one entry where the conduct keeps none."""
    news: I64
    """Perceived risk by class and domain as told by everyone of that class, set at the barrier."""
    visit: I64
    """Chance of being visited by source and grade (2³²), for each class of subjects the grades and then who has none;
    set at the barrier."""
    started: U8
    """Whether the scheme has begun, by place."""
    harm: I64
    """By place, set at the barrier: chance that a citizen is harmed (2³²), and the trust that time brings back to
    who knows of being scored, to others the start's; one row where the conduct keeps no trust."""


class Pool(NamedTuple):
    """Events that wait for a later window, by cell: linked lists by window in one array per cell."""

    event: I64
    next: I32
    head: I32
    """Shape (cells, windows); -1 ends a list."""
    many: I32
    """Shape (cells, windows): length of each list."""
    free: I32
    """Head of each cell's list of free places; -1 ends it."""
    spare: I32
    """Length of that list."""
    top: I32


class Heap(NamedTuple):
    """Events of a cell by day, before they are in order."""

    event: I64
    """Shape (days, size)."""
    fill: I64
    start: I64
    """Number of events of each citizen, then the place of the first."""


class Work(NamedTuple):
    """One thread's scratch for drawing one stream of one cell, and the cell's events before they are in order."""

    counts: I64
    """A word for each block."""
    block: I32
    half: I32
    """Block and number of each pair of candidates."""
    moment: I64
    """Of each candidate: place in the cell, and 26 bits of the time in the window."""
    chance: I64
    room: I64
    trait: I64
    at: I32
    """Which candidates are kept; then of each of them:"""
    place: I32
    day: I32
    record: I64
    events: Heap


class Drawn(NamedTuple):
    """What was drawn for a cell, for both sides to live."""

    ordered: I64
    """Events in order, then ``END``."""
    request: I64
    """Requests at doors, apart (they change nothing but stress), by door."""
    door_start: I64
    """First request at each door, and one more."""
    open: I64
    asked: I64
    """Requests and quiet acts that one side has not settled at once; in order, then ``END``."""
    item: I64
    more: I32
    """What more is drawn of acts; records of a kind's second source and further ones."""
    quiet: I64
    """Quiet acts (see ``kernel_quiet``), apart, by kind."""
    quiet_start: I64
    """First quiet act of each kind, and one more."""
    free: I64
    """Acts that nothing keeps from happening, shape (groups, acts)."""
    kept: I64
    """Candidates kept of each stream."""


class Here(NamedTuple):
    """How the subjects of the cell that a thread is living stand on one side, by place in the cell."""

    group: I32
    grown: U8
    """Who is of the age at which people are counted."""
    scored: U8
    standing: I64
    """Scores, kept up to date."""
    lowest: I64
    """The lowest score that each can come to in this window."""
    grade: I64
    chance: I64
    start: I64
    counts: I64
    """Two zeros for each group."""
    calm: U8
    """To whom nothing happens in this window whose order matters."""
    simple: I64
    """The rule of each kind whose records are posted in short in this window, or -1."""
    quiet: U8
    """Which kinds are quiet in this window, see ``kernel_quiet``."""


class SideTallies(NamedTuple):
    """Counts of one worker; all of them add up."""

    place: I64
    group: I64
    cell: I64
    scores: I64
