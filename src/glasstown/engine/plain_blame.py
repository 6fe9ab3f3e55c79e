"""The plain twin's account of what a refusal rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import measures as m
from .plain_rules import refusal, refusal_in_context, score_without
from .plain_trust import wronged
from .tables import D_CHILD, D_DOMAIN

if TYPE_CHECKING:
    from .plain import _Window

__all__ = ["blame", "in_context"]


def blame(w: _Window, door: int) -> None:
    """Count what a refusal rests on: errors, inability, another context, a parent's file."""
    rules, life, points = w.rules, w.life, w.points()
    right_holds = [a - b for a, b in zip(life.hold, life.hold_wrong, strict=True)]
    if not refusal(rules, score_without(rules, points, life.wrong), right_holds, door):
        w.count(m.M_WRONGLY, door, 1)
        wronged(w)
    able = score_without(rules, points, life.unable)
    able_holds = [a - b for a, b in zip(life.hold, life.hold_unable, strict=True)]
    if not refusal(rules, able, able_holds, door):
        w.count(m.M_UNABLE, door, 1)
    if not in_context(w, door):
        w.count(m.M_CONTEXT, door, 1)
    alone = score_without(rules, points, life.passed)
    own_holds = [a - b for a, b in zip(life.hold, life.hold_passed, strict=True)]
    if w.t.door[door, D_CHILD] or not refusal(rules, alone, own_holds, door):
        w.count(m.M_PASSED_ON, door, 1)


def in_context(w: _Window, door: int) -> bool:
    """Return whether a refusal stands if only the records of the door's own domain count."""
    own = int(w.t.door[door, D_DOMAIN])
    return refusal_in_context(w.rules, own, w.points(), w.life.hold, door)
