"""One life lived again with the plain twin, from its key, what was heard, its mail and the scarce places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from ..columns import CITIZEN
from ..engine import measures as m
from ..engine.barrier import Allotment
from ..engine.layout import CODE_SHIFT, FALSE_RECORD, FULL, HARM, NEEDS_ABILITY, NO_HOLD, PASSED_ON, TRUE_RECORD
from ..engine.plain import Heard, live
from ..engine.plain_events import Hurt, Life, Post, Request
from ..engine.plain_rules import counted_points, grade_of, score_of
from ..engine.program import Program
from ..engine.tables import A_FLAGS, K_STALE_DAYS, R_PER_REFUSAL, U_DOMAIN
from ..engine.victims import doer_of
from .drawing import candidates_of
from .outcome_tables import SIDES

if TYPE_CHECKING:
    from .opened import Run

__all__ = [
    "Barriers",
    "Counted",
    "Happening",
    "Key",
    "SideLife",
    "Standing",
    "admitted",
    "barriers_of",
    "replay",
    "unpacked",
]


Key = tuple[int, int, int, int, int]
"""Day, kind, source, status and amount of a record in a file."""


class Counted(NamedTuple):
    """One posting while it counts.

    Attributes
    ----------
    rule, hold : positions in the side's tables; -1 for no hold.
    status : of the record: true, another person's act, or false.
    until : first day on which it no longer counts; None for never.
    stale : whether it should have ended and was forgotten.
    wrong : whether it stands on a record that is not true of whom it is about.
    """

    day: int
    rule: int
    kind: int
    source: int
    status: int
    domain: int
    points: int
    hold: int
    unable: bool
    until: int | None
    stale: bool = False
    wrong: bool = False
    amount: int = 0

    @property
    def key(self) -> Key:
        """Return what tells the record of this posting from others in the file."""
        return self.day, self.kind, self.source, self.status, self.amount


class Standing(NamedTuple):
    """How a file stands at one moment.

    Attributes
    ----------
    wrong, unable : weighted points that stand wrongly, and for what could not be paid.
    """

    score: int
    grade: int
    points: tuple[int, ...]
    holds: tuple[int, ...]
    counted: tuple[Counted, ...]
    wrong: int
    unable: int
    wrong_holds: tuple[int, ...]
    passed: int = 0
    passed_holds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened, what it was about, and how the file stood right after it."""

    day: int
    what: str
    facts: dict[str, Any]
    standing: Standing


@dataclass
class SideLife:
    """One citizen's life on one side.

    Attributes
    ----------
    counts : flows over the whole run; stocks as they stand at its end.
    months : score and grade at each window's end; None where there is no file.
    """

    side: int
    life: Life
    happenings: list[Happening] = field(default_factory=list)
    months: list[tuple[int, int] | None] = field(default_factory=list)
    counts: Counter[tuple[int, int]] = field(default_factory=Counter)


def unpacked(program: Program, day: int, content: int) -> Post | Hurt:
    """Return the record or the harm that a letter holds; see :mod:`glasstown.engine.layout`."""
    if content >> CODE_SHIFT == HARM:
        return Hurt(day, HARM, *doer_of(program, content))
    return Post(
        day, 1, content >> 30, (content >> 25) & 31, (content >> 23) & 3, (content >> 15) & 255,
        bool((content >> 14) & 1), bool((content >> 13) & 1), bool((content >> 12) & 1), content & 4095,
    )  # fmt: skip


def admitted(outcome: Allotment, request: Request) -> bool:
    """Return whether a request at a scarce door got a place."""
    if outcome.short == 0 or outcome.places == 0:
        return outcome.short == 0
    cutoff = (-outcome.cutoff_priority, outcome.cutoff_luck, outcome.cutoff_citizen)
    return (-request.priority, request.luck, request.who) <= cutoff


class Barriers:
    """What the barriers of one replicate left in the run folder, by side."""

    def __init__(self, run: Run, replicate: int) -> None:
        import pyarrow.compute as pc

        self.program = run.program.with_replicate(replicate)
        names = self.program.names.doors

        def of(table: str, side: str) -> Any:
            rows = run.barrier(table)
            keep = pc.and_(
                pc.equal(rows.column("replicate"), replicate), pc.equal(rows.column("side").cast("string"), side)
            )
            return rows.filter(keep)

        sides = SIDES[: len(self.program.sides)]
        self._mail = [
            np.stack(
                [np.asarray(of("mail", side).column(c), np.int64) for c in ("citizen", "window", "day", "content")]
            )
            for side in sides
        ]
        self.news = [self._news(of("news", side).to_pylist()) for side in sides]
        self._visits = [self._visits_of(rows.to_pylist()) for rows in (of("visits", side) for side in sides)]
        trusting = self.program.trusting
        self._harm = [self._harm_of(of("trust", side).to_pylist() if trusting else []) for side in sides]
        self.places: list[dict[tuple[int, int], Allotment]] = [{} for _ in sides]
        for found, side in zip(self.places, sides, strict=True):
            for row in of("places", side).to_pylist():
                door = names.index(row["door"])
                found[row["window"], door] = Allotment(
                    row["window"], door, row["places"], row["short"], row["priority"], row["luck"], row["citizen"]
                )

    def _visits_of(self, rows: list[dict[str, Any]]) -> dict[int, list[list[int]]]:
        """Return the chances of a visit by window, source and grade."""
        sources, grades = self.program.names.sources, 1 + max((row["grade"] for row in rows), default=0)
        out: dict[int, list[list[int]]] = {}
        for row in rows:
            window = out.setdefault(row["window"], [[0] * grades for _ in sources])
            window[sources.index(row["source"])][row["grade"]] = row["chance"]
        return out

    def heard(self, side: int, window: int) -> Heard:
        """Return what the barrier before a window left to everybody."""
        return Heard(self.news[side][window], self._visits[side].get(window, []), self._harm[side].get(window, ()))

    def _harm_of(self, rows: list[dict[str, Any]]) -> dict[int, list[tuple[int, int]]]:
        """Return by window, for each place, the chance of being harmed and the trust that time brings back."""
        names = list(self.program.society.places)
        out: dict[int, list[tuple[int, int]]] = {}
        for row in rows:
            window = out.setdefault(row["window"], [(0, 0)] * len(names))
            window[names.index(row["place"])] = row["chance"], row["usual"]
        return out

    def _news(self, rows: Sequence[dict[str, Any]]) -> dict[int, list[int]]:
        """Return what each class heard before each window, as the engine holds it."""
        out: dict[int, list[int]] = {}
        for row in rows:
            heard = out.setdefault(row["window"], [0] * (4 * self.program.classes))
            at = 4 * self.program.names.subjects.index(row.get("subject", CITIZEN))
            heard[at : at + 4] = [row[domain] for domain in m.DOMAINS]
        return out

    def mail(self, side: int, who: int) -> dict[int, list[Post | Hurt]]:
        """Return the records and the harms of others' acts that met a citizen, by the window of their sending."""
        columns = self._mail[side]
        out: dict[int, list[Post | Hurt]] = {}
        for window, day, content in columns[1:, columns[0] == who].T.tolist():
            out.setdefault(window, []).append(unpacked(self.program, day, content))
        return out

    def all_mail(self, side: int) -> Any:
        """Return every letter of a side: int64, shape (4, letters): citizen, window, day, content."""
        return self._mail[side]


_OPENED: WeakKeyDictionary[Run, dict[int, Barriers]] = WeakKeyDictionary()


def barriers_of(run: Run, replicate: int) -> Barriers:
    """Return what a replay needs; read once for each run that is open."""
    kept = _OPENED.setdefault(run, {})
    if replicate not in kept:
        kept[replicate] = Barriers(run, replicate)
    return kept[replicate]


class _Watch:
    """Listens to the plain twin, and keeps a list of the postings that count."""

    def __init__(self, program: Program, life: Life, out: SideLife) -> None:
        self.program, self.life, self.out = program, life, out
        self.rules = program.sides[life.side]
        self.counted: list[Counted] = []
        self.traits = program.traits_of(life.who)

    def tell(self, what: str, **facts: Any) -> None:
        """Take down one happening."""
        day = facts.pop("day")
        if what == "record" and facts["status"] != FALSE_RECORD:
            # The act that was just told is what this source saw.
            self.out.happenings[-1].facts["records"].append(facts)
            return
        if what == "act":
            facts["records"] = []
        elif what == "posting":
            facts["posting"] = self._began(day, facts)
        elif what == "expiry":
            facts["posting"] = self._ended(day, facts["kind"], -facts["points"])
        elif what == "stale":
            facts["posting"] = ended = self._ended(day, facts["kind"], facts["points"], facts["source"])
            days = int(self.program.shared.keeper[ended.source, K_STALE_DAYS])
            self.counted.append(ended._replace(until=day + days, stale=True, unable=False))
        elif what == "month":
            self.out.months[-1] = (facts["score"], facts["grade"])
        self.add(day, what, facts)

    def poor(self, kind: int) -> bool:
        """Return whether this one could not have paid what a kind of act is about."""
        return self.program.is_unable(kind, self.traits)

    def _began(self, day: int, facts: dict[str, Any]) -> Counted:
        rule, kind, right = facts["rule"], facts["kind"], facts["status"] == TRUE_RECORD
        wrong = facts.get("wrong", not right)
        needs_ability = bool(int(self.program.shared.act[kind, A_FLAGS]) & NEEDS_ABILITY)
        domain = int(self.rules.rule[rule, U_DOMAIN])
        self.counted.append(
            Counted(
                day, rule, kind, facts["source"], facts["status"], domain, facts["points"], facts["hold"],
                facts.get("unable", right and needs_ability and self.poor(kind)) and not wrong,
                facts["until"], wrong=wrong, amount=facts.get("amount", 0),
            )
        )  # fmt: skip
        return self.counted[-1]

    def _ended(self, day: int, kind: int, points: int, source: int | None = None) -> Counted:
        """Take out the posting that ends: the first, in the order in which the twin ends them."""
        found = [
            one for one in self.counted if one.until == day and one.kind == kind and one.points == points
            and source in (None, one.source)
        ]  # fmt: skip
        first = min(found, key=_order)
        self.counted.remove(first)
        return first

    def add(self, day: int, what: str, facts: dict[str, Any], at: int | None = None) -> None:
        """Put a happening into the list; at its end unless told otherwise."""
        life, rules = self.life, self.rules
        points = self.points(day)
        score = score_of(rules, points)
        standing = Standing(
            score, grade_of(rules, score, life.hold), tuple(points), tuple(life.hold), tuple(self.counted),
            life.wrong, life.unable, tuple(life.hold_wrong), life.passed, tuple(life.hold_passed),
        )  # fmt: skip
        happening = Happening(day, what, facts, standing)
        self.out.happenings.insert(len(self.out.happenings) if at is None else at, happening)

    def points(self, day: int) -> list[int]:
        """Return the points by domain that the score counts on a day."""
        program, life = self.program, self.life
        window = program.window_of(day)
        if not program.is_subject(life.side, life.who, window):
            return list(life.points)
        years = program.years_elapsed(window)
        return counted_points(self.rules, program.class_of(life.who), life.points, self.traits, years)

    def arrived(self, posts: Sequence[Post], began: int) -> None:
        """Put records of other people's acts before what came of them, among the happenings from `began` on."""
        for post in posts:
            at = began
            for at in range(began, len(self.out.happenings) + 1):
                one = self.out.happenings[at] if at < len(self.out.happenings) else None
                if one is None or one.day > post.day or (one.day == post.day and one.what not in ("expiry", "stale")):
                    break
            what = "passed on" if post.status == PASSED_ON else "misfiled"
            facts = {"kind": post.kind, "source": post.source, "status": post.status, "amount": post.amount}
            self.add(post.day, what, facts, at)


def _order(one: Counted) -> tuple[int, int, bool, int]:
    hold = one.hold if one.hold >= 0 else NO_HOLD
    return one.domain, hold, one.stale or one.wrong, one.source


def replay(
    barriers: Barriers,
    side: int,
    who: int,
    more: Mapping[int, Sequence[Post]] | None = None,
    *,
    struck: Key | None = None,
) -> SideLife:
    """Live one citizen's life again on one side, from the first window to the last.

    Without `more` and `struck` it is the life that the simulation gave, bit for bit. One count cannot be told from
    one life: how many places at a scarce door a lottery would have given (``refused_passed_on`` there).

    Parameters
    ----------
    more : records that fall due beside those of the run, by window: a life that might have been.
    struck : one record that never reaches the file. What others did, what everybody heard and how scarce places were
        given stay as they were.
    """
    program = barriers.program
    life = Life.begin(program, side, who)
    life.struck = struck
    out = SideLife(side, life)
    watch = _Watch(program, life, out)
    mail = barriers.mail(side, who)
    ahead: dict[int, list[Post]] = {}
    drawn = candidates_of(program, who)
    for window in range(program.clock.windows):
        began = len(out.happenings)
        out.months.append(None)
        if more and window in more:
            life.waiting.setdefault(window, []).extend(more[window])
        lived = live(program, life, window, barriers.heard(side, window), watch.tell, drawn)
        watch.arrived([post for post in ahead.pop(window, []) if _key(post) != struck], began)
        _count(out, lived.counts, window + 1 == program.clock.windows)
        for post in mail.get(window, ()):
            _deliver(program, life, post, window, ahead)
            out.counts[m.M_RECEIVED, 0] += isinstance(post, Post)
        _allot(barriers, watch, lived.requests, window)
    return out


def _key(post: Post) -> Key:
    return post.day, post.kind, post.source, post.status, post.amount


def _count(out: SideLife, counts: Counter[tuple[int, int]], last: bool) -> None:
    for (measure, item), n in counts.items():
        if measure < m.M_GRADE or last:
            out.counts[measure, item] += n


def _deliver(program: Program, life: Life, post: Post | Hurt, window: int, ahead: dict[int, list[Post]]) -> None:
    """Let a record or a harm of another's act meet this one, not before the next window."""
    clock = program.clock
    post = post._replace(day=max(post.day, clock.first_day(window + 1)))
    if post.day < clock.first_day(clock.windows):
        due = program.window_of(post.day)
        life.waiting.setdefault(due, []).append(post)
        if isinstance(post, Post):
            ahead.setdefault(due, []).append(post)


def _allot(barriers: Barriers, watch: _Watch, requests: Sequence[Request], window: int) -> None:
    """Answer the requests at scarce doors as the barrier did."""
    program, life = barriers.program, watch.life
    day = program.clock.first_day(window + 1) - 1
    hurt = set()
    for request in requests:
        enough = Allotment(window, request.door, program.places_of(request.door), 0, 0, 0, 0)
        outcome = barriers.places[life.side].get((window, request.door), enough)
        got = admitted(outcome, request)
        watch.out.counts[m.M_GRANTED if got else m.M_SCARCE, request.door] += 1
        facts = {"door": request.door, "priority": request.priority, "asked": request.day, "outcome": outcome}
        watch.add(day, "place" if got else "no place", facts)
        if not got:
            hurt.add(request.door)
    for _ in hurt:
        life.stress = min(FULL, life.stress + int(program.shared.respond[R_PER_REFUSAL]))
