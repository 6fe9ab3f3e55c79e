"""The plain twin of lists: when people do what is owed, who is kept off, and how they enter and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import draws
from . import measures as m
from .layout import LAPSE_SHIFT, NO_HOLD, TRUE_RECORD
from .plain_events import Expire, Post
from .plain_rules import factor_product
from .tables import (
    A_CLASS,
    A_PERFORM,
    A_PERFORM_ID,
    A_PERFORM_SET,
    H_LOCK,
    H_LOCK_DAYS,
    H_REMOVAL,
    N_FIRST,
    V_GRACE,
    Shared,
    SideRules,
)

if TYPE_CHECKING:
    from .plain import _Window

__all__ = ["enter", "is_lock", "kept_off", "leave", "performance"]


def days_to_perform(t: Shared, who: int, traits: int, years: int, kind: int, day: int) -> int | None:
    """Return the days from a record until its subject does what is owed, if ever."""
    product = factor_product(t.factors, int(t.act[kind, A_PERFORM_SET]), traits, years)
    hazard = (int(t.act[kind, A_PERFORM]) * product) >> 31
    if hazard == 0:
        return None
    own = who - int(t.classes[int(t.act[kind, A_CLASS]), N_FIRST])
    word = draws.philox((own, int(t.act[kind, A_PERFORM_ID]), day, 0), (t.key0, t.key1))[0]
    return (int(t.lapse[word >> LAPSE_SHIFT]) << 16) // hazard


def performance(w: _Window, hold: int, event: Post) -> int | None:
    """Return the days from a record's arrival until its subject does what is owed, if that ends the entry."""
    if hold < 0 or event.status != TRUE_RECORD or w.rules.hold[hold, H_REMOVAL] < 0:
        return None
    grace = int(w.rules.kind[event.kind, V_GRACE])
    return days_to_perform(w.t, w.life.who, w.traits, w.years, event.kind, event.day - grace)


def kept_off(w: _Window, rule: int, hold: int, event: Post, performs: int | None) -> bool:
    """Return whether a lock is on, or what was owed is done within the days of grace."""
    if hold < 0:
        return False
    lock = int(w.rules.hold[hold, H_LOCK])
    if lock >= 0 and w.life.hold[lock] > 0:
        return True
    if performs is None or performs >= int(w.rules.kind[event.kind, V_GRACE]):
        return False
    w.count(m.M_GRACE, hold, 1)
    w.tell("in grace", day=event.day, rule=rule, kind=event.kind, source=event.source, hold=hold)
    return True


def enter(w: _Window, hold: int, *, wrong: bool, unable: bool, passed: bool = False) -> None:
    """Come onto a list, or under a forced grade, by one more posting; whoever stands there does not enter again."""
    life = w.life
    if life.hold[hold] == 0:
        w.count(m.M_ENTERED, hold, 1)
        w.count(m.M_ENTERED_WRONGLY, hold, int(wrong))
        w.count(m.M_ENTERED_UNABLE, hold, int(unable and not wrong))
    life.hold[hold] += 1
    life.hold_passed[hold] += passed
    life.hold_wrong[hold] += wrong
    life.hold_unable[hold] += unable and not wrong


def is_lock(rules: SideRules, hold: int) -> bool:
    """Return whether a hold is the lock after a list."""
    return hold != NO_HOLD and hold in rules.hold[:, H_LOCK]


def leave(w: _Window, event: Expire) -> None:
    """Count who leaves a list; who left by doing what was owed may be locked out of it for a while."""
    rules, hold = w.rules, event.hold
    w.count(m.M_LEFT, hold, 1)
    if not event.performed:
        return
    w.count(m.M_PERFORMED, hold, 1)
    lock = int(rules.hold[hold, H_LOCK])
    if lock >= 0:
        w.life.hold[lock] += 1
        w.count(m.M_ENTERED, lock, 1)
        w.schedule(
            Expire(event.day + int(rules.hold[hold, H_LOCK_DAYS]), 0, event.kind, 0, 0, lock, False, False, False,
                   False, 0)
        )  # fmt: skip
