"""A plain account of one file: which record posted what by which rule, and what score comes of it.

No tables and no society are needed: this is how a person would reckon with the rulebook in hand. Worked cases are
reckoned so, and the question why a door stayed shut is answered so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache

from ..errors import BadValue
from .expressions import Expr, ExpressionFault, evaluate, names_in, parse
from .profile import grade_ceilings, profile_points
from .types import DOMAINS, Domain, DoorRule, Rule, SchemeModel, term_days

__all__ = ["Account", "FiledRecord", "Posting", "posting_of", "refused_by", "score_records", "standing"]


@dataclass(frozen=True, slots=True)
class FiledRecord:
    """One record in a file, as a scheme sees it.

    Attributes
    ----------
    amount : gravity that the officer wrote down, 0 to 255.
    late : days from the act to the record.
    repaired : whether the subject applied for repair.
    performed : day on which the subject did what was owed.
    """

    kind: str
    source: str
    day: date
    amount: int = 0
    late: int = 0
    repaired: bool = False
    performed: date | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What one rule posted for one record.

    Attributes
    ----------
    points : posted, after the cap.
    asked : points by the rule alone.
    until : first day on which it no longer counts; None for never.
    hold : list or forced grade that lasts as long; "" for none.
    score : the score right after it.
    citation : document and article that the rule stands on; "assumed" where it has none.
    lifted : whether it ends because what was owed is done.
    """

    day: date
    rule: str
    title: str
    kind: str
    source: str
    domain: Domain
    points: int
    asked: int
    cap: str
    hold: str
    until: date | None
    citation: str
    score: int = 0
    lifted: bool = False

    def active(self, on: date) -> bool:
        """Return whether the posting counts on a day."""
        return self.day <= on and (self.until is None or on < self.until)

    def tell(self) -> str:
        """Return the posting as one sentence."""
        points = f"{self.points:+d} points" if self.points or not self.hold else f"to {self.hold}"
        if self.points and self.hold:
            points += f" and to {self.hold}"
        capped = f" (of {self.asked:+d}, by the cap {self.cap})" if self.asked != self.points else ""
        end = f"until {self.until}" if self.until else "for good"
        return f"{self.day}: {self.title}: {points}{capped}, {end}; score {self.score} [{self.citation}]"


@dataclass(frozen=True, slots=True)
class Account:
    """How one subject stands on a day.

    Attributes
    ----------
    postings : every posting up to the day, ended ones too, in order.
    active : those that count on the day.
    domains : points by domain, those of the profile among them.
    profile : points by domain that go by what registers know.
    holds : lists and forced grades that are on, with the number of postings and parts of the profile behind each.
    returned : points that decay gave back (or took), by domain.
    """

    on: date
    score: int
    grade: str
    domains: dict[Domain, int]
    holds: dict[str, int]
    postings: tuple[Posting, ...]
    active: tuple[Posting, ...]
    returned: dict[Domain, int]
    profile: dict[Domain, int] = field(default_factory=dict)

    def tell(self) -> str:
        """Return the account as lines of text, the last one the sum."""
        lines = [f"{points:+d} {domain} points by the profile" for domain, points in self.profile.items() if points]
        lines.extend(posting.tell() for posting in self.postings)
        lines.extend(f"{moved:+d} points returned in the {domain} domain" for domain, moved in self.returned.items())
        return "\n".join([*lines, f"{self.on}: score {self.score}, grade {self.grade}"])


@dataclass
class _Book:
    """A file while it is being reckoned."""

    points: dict[Domain, int] = field(default_factory=lambda: dict.fromkeys(DOMAINS, 0))
    used: dict[tuple[str, int], int] = field(default_factory=dict)
    profile: dict[Domain, int] = field(default_factory=lambda: dict.fromkeys(DOMAINS, 0))
    returned: dict[Domain, int] = field(default_factory=dict)
    postings: list[Posting] = field(default_factory=list)
    ending: list[Posting] = field(default_factory=list)

    @property
    def counted(self) -> dict[Domain, int]:
        """Return the points by domain that the score counts."""
        return {domain: points + self.profile[domain] for domain, points in self.points.items()}


def standing(model: SchemeModel, domains: Mapping[Domain, int], holds: Iterable[str] = ()) -> tuple[int, str]:
    """Return score and grade of points by domain, under the lists and forced grades that are on."""
    score = model.score_of(domains)
    bands = model.bands_upward()
    at = bands.index(model.band_of(score))
    for name in holds:
        if name in model.bands:
            at = min(at, bands.index(name))
    return score, bands[at]


def refused_by(model: SchemeModel, door: str, score: int, grade: str, holds: Iterable[str]) -> str:
    """Return why the scheme closes a door: ``list``, ``grade``, ``score``, or ``""`` where it does not."""
    rule: DoorRule | None = model.door_rule(door)
    if rule is None or rule.refuse is None:
        return ""
    if set(rule.refuse.lists) & set(holds):
        return "list"
    if grade in rule.refuse.grades:
        return "grade"
    below = rule.refuse.score_below
    return "score" if below is not None and score < below else ""


def posting_of(
    model: SchemeModel, name: str, *, kind: str, source: str, day: date, points: int, until: date | None
) -> Posting:
    """Return a posting by a rule's name, with the rule's words and citation."""
    rule = model.rules[name]
    return Posting(
        day, name, rule.title, kind, source, rule.domain, points, points, rule.cap or "",
        rule.grade or rule.list_ or "", until, citation(model, rule),
    )  # fmt: skip


def citation(model: SchemeModel, rule: Rule) -> str:
    """Return what a rule stands on: status, document and article."""
    if not rule.source:
        return rule.status
    cited = model.references[rule.source].cite if rule.source in model.references else rule.source
    return f"{rule.status}: {cited}" + (f", {rule.article}" if rule.article else "")


def score_records(
    model: SchemeModel, records: Iterable[FiledRecord], subject: Mapping[str, int | str], on: date
) -> Account:
    """Return how a subject stands on a day.

    A record posts on its day by every rule that it meets. Rules under a cap post at most the cap's points (up and
    down together) in a calendar year. A posting is taken back, exactly as posted, when its term has passed. Decay
    moves points towards the start at each month's end.

    Parameters
    ----------
    records : the file; records after the day are left out.
    subject : what the register knows, by trait: ages as numbers, levels by name. It must hold what conditions name.

    Raises
    ------
    BadValue
        Where a condition asks for a trait that `subject` does not hold.
    """
    age = subject.get("age", model.min_age)
    scored = isinstance(age, int) and age >= model.min_age
    book = _Book(profile=profile_points(model, subject)) if scored else _Book()
    waited = (replace(one, day=one.day + timedelta(days=model.grace_days(one.kind))) for one in records)
    filed = sorted((record for record in waited if record.day <= on), key=lambda record: record.day)
    day = filed[0].day if filed else on
    for record in filed if scored else ():
        _pass(model, book, day, record.day)
        day = record.day
        for name in sorted(model.rules):
            rule = model.rules[name]
            if _meets(model, rule, record, subject) and not _barred(model, book, rule, record):
                _post(model, book, name, record)
    _pass(model, book, day, on)
    active = tuple(posting for posting in book.postings if posting.active(on))
    forced = grade_ceilings(model, subject) if scored else ()
    holds = dict(Counter([*forced, *(posting.hold for posting in active if posting.hold)]))
    score, grade = standing(model, book.counted, holds)
    return Account(
        on, score, grade, book.counted, holds, tuple(book.postings), active, book.returned, book.profile
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _tree(text: str) -> Expr:
    try:
        return parse(text)
    except ExpressionFault as wrong:
        raise BadValue(f'the condition "{text}" cannot be read: {wrong.message}', wrong.hint) from None


def _meets(model: SchemeModel, rule: Rule, record: FiledRecord, subject: Mapping[str, int | str]) -> bool:
    if rule.record != record.kind or (rule.sources != "all" and record.source not in rule.sources):
        return False
    valid = rule.valid
    if valid and ((valid.from_ and record.day < valid.from_) or (valid.until and record.day > valid.until)):
        return False
    if rule.when is None:
        return True
    tree = _tree(rule.when)
    env = {**subject, "amount": record.amount, "late": record.late, "source": record.source}
    for name in names_in(tree):
        if name not in env:
            raise BadValue(f'the condition "{rule.when}" asks for "{name}"', f'give the subject a "{name}"')
    return bool(evaluate(tree, env))


def _barred(model: SchemeModel, book: _Book, rule: Rule, record: FiledRecord) -> bool:
    """Return whether a record enters no list: what was owed was done in time, or a lock is on."""
    register = model.lists.get(rule.list_ or "")
    if register is None or register.exit != "performance":
        return False
    if record.performed is not None and record.performed < record.day:
        return register.grace_days > 0
    before = [one for one in book.postings if one.hold == rule.list_]
    if register.lock_months is None or any(one.active(record.day) for one in before):
        return False
    lock = timedelta(days=term_days(register.lock_months))
    return any(one.lifted and one.until is not None and record.day < one.until + lock for one in before)


def _lifted(model: SchemeModel, rule: Rule, record: FiledRecord) -> int | None:
    """Return the days after which an entry ends because what was owed is done."""
    register = model.lists.get(rule.list_ or "")
    if record.performed is None or register is None or register.exit != "performance":
        return None
    return max((record.performed - record.day).days, 0) + register.removal_days


def _post(model: SchemeModel, book: _Book, name: str, record: FiledRecord) -> None:
    rule = model.rules[name]
    asked = points = rule.posted(record.amount)
    if rule.cap is not None:
        year = (rule.cap, record.day.year)
        left = model.caps[rule.cap].most - book.used.get(year, 0)
        points = max(min(points, left), -left)
        book.used[year] = book.used.get(year, 0) + abs(points)
    months = [rule.term_months, rule.repair_after_months if record.repaired else None]
    days = min((term_days(month) for month in months if month is not None), default=None)
    performed = _lifted(model, rule, record)
    lifted = performed is not None and (days is None or performed < days)
    days = performed if lifted else days
    book.points[rule.domain] += points
    posting = Posting(
        record.day, name, rule.title, record.kind, record.source, rule.domain, points, asked, rule.cap or "",
        rule.grade or rule.list_ or "", None if days is None else record.day + timedelta(days=days),
        citation(model, rule), model.score_of(book.counted), lifted,
    )  # fmt: skip
    book.postings.append(posting)
    if posting.until is not None:
        book.ending.append(posting)


def _pass(model: SchemeModel, book: _Book, after: date, on: date) -> None:
    """Let time pass: postings end, and points decay at each month's end."""
    for posting in [one for one in book.ending if one.until is not None and one.until <= on]:
        book.points[posting.domain] -= posting.points
        book.ending.remove(posting)
    if model.decay is None:
        return
    for _ in range((on.year - after.year) * 12 + on.month - after.month):
        left = model.decay.points_per_month
        for domain in DOMAINS:
            held = book.points[domain]
            step = min(left, abs(held))
            if step:
                moved = -step if held > 0 else step
                book.points[domain] += moved
                book.returned[domain] = book.returned.get(domain, 0) + moved
                left -= step


def sums(postings: Sequence[Posting]) -> dict[Domain, int]:
    """Return the points of postings by domain."""
    out: dict[Domain, int] = dict.fromkeys(DOMAINS, 0)
    for posting in postings:
        out[posting.domain] += posting.points
    return out
