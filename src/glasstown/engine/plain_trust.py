"""The plain twin of trust: harm that one meets, what it takes, how trust comes back, and what follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import draws
from . import measures as m
from .layout import ADULT, AGAINST_TRUST, HARM, HARMS_TIED, ONE, RESPONDS_TRUST
from .plain_events import Act, Hurt, Letter
from .tables import A_FLAGS, R_SHOCK, R_TRUST, R_TRUST_BACK, R_TRUST_START, R_WRONGED

if TYPE_CHECKING:
    from .plain import _Window

__all__ = ["be_harmed", "pass_trust", "send_harm", "trusting", "wronged"]


def trusting(w: _Window, flags: int, out: int) -> int:
    """Return how much of an act is shown at a citizen's trust."""
    r: list[int] = w.t.respond.tolist()
    if not flags & RESPONDS_TRUST or not r[R_TRUST]:
        return out
    moved = (r[R_TRUST] * (w.life.trust - r[R_TRUST_START])) >> 8
    return (out * max(0, ONE - moved if flags & AGAINST_TRUST else ONE + moved)) >> 15


def wronged(w: _Window) -> None:
    """Take from trust what a refusal takes that a wrong record causes."""
    _lose(w, R_WRONGED)


def _lose(w: _Window, share: int) -> None:
    w.life.trust -= (w.life.trust * int(w.t.respond[share]) + ONE // 2) >> 15


def send_harm(w: _Window, act: Act) -> None:
    """Write a letter by which the barrier finds whom an act harms, where that is one of who is tied to its doer."""
    if int(w.t.act[act.kind, A_FLAGS]) & HARMS_TIED:
        w.letters.append(Letter(w.life.who, Hurt(act.day, HARM, act.kind, act.number)))


def be_harmed(w: _Window, hurt: Hurt) -> None:
    """Take from trust what the act of a unit takes that one works for or buys from."""
    _lose(w, R_SHOCK)
    w.count(m.M_HARMED, 0, 1)
    w.tell("harmed", day=hurt.day, kind=hurt.kind, by=hurt.by)


def pass_trust(w: _Window) -> None:
    """Harm the citizen, or not, and let trust come back; rounded by lot, since a window's part may be below one."""
    program, life, t = w.program, w.life, w.t
    if not program.trusting or w.subject:
        return
    chance, usual = w.harm[int(program.place_of(life.who))]
    if not life.told and not program.is_aware(life.who):
        usual = int(t.respond[R_TRUST_START])
    salt = program.salt_of(life.who)
    word, luck, _, _ = draws.philox((w.own, t.harmed_id, w.window, salt), w.key)
    if word < chance:
        _lose(w, R_SHOCK)
        w.count(m.M_HARMED, 0, 1)
        w.tell("harmed", day=program.clock.first_day(w.window + 1) - 1)
    life.trust += ((usual - life.trust) * int(t.respond[R_TRUST_BACK]) + (luck >> 17)) >> 15
    if program.age(life.who, w.years) >= max(ADULT, w.rules.min_age):
        w.count(m.M_TRUST, 0, life.trust)
        w.count(m.M_TRUST_COUNTED, 0, 1)
