"""Whom an act harms that harms one of those who are tied to its doer: a unit's staff or its customers.

Such an act sends a letter from its doer. The barrier draws one of the doer's staff or customers by the number of the
act, so that one act meets one person on both sides of a pair, and addresses the harm to them; where there are none, it
harms nobody. The owner of a unit may be among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .. import draws
from ..conduct.types import PERSONS, Act
from .layout import CODE_SHIFT, HARM, HURTS_CUSTOMERS, HURTS_PLACE, HURTS_STAFF
from .tables import A_CLASS, A_HURTS, N_FIRST
from .work import customer_of

if TYPE_CHECKING:
    from ..society.people import Society
    from .program import Program

__all__ = ["doer_of", "find_victims", "hurts", "victim_decision"]

I64 = npt.NDArray[np.int64]
REST = (1 << 30) - 1


def victim_decision(kind: str) -> str:
    """Return the name of the decision on whom an act of a kind harms."""
    return f"victim/{kind}"


def hurts(act: Act, society: Society, trusting: bool) -> int:
    """Return whom an act harms: somebody of the place where its doer's class has no such ties, or no trust is kept."""
    if act.harm is None or act.harm.victim not in PERSONS:
        return 0
    units = next((one for one in society.classes if one.name == act.subject), None)
    if units is None or not trusting:
        return HURTS_PLACE
    if act.harm.victim == "employee" and units.workers[0]:
        return HURTS_STAFF
    return HURTS_CUSTOMERS if act.harm.victim == "customer" and units.customers else HURTS_PLACE


def _first_unit(program: Program) -> int:
    return int(program.shared.classes[1, N_FIRST])


def doer_of(program: Program, content: int) -> tuple[int, int]:
    """Return the kind of the harm that a letter holds, and who did it."""
    return (content >> 30) & 255, _first_unit(program) + (content & REST)


def find_victims(program: Program, letters: I64, window: int) -> I64:
    """Return the letters with each harm addressed to whom it meets."""
    t, names = program.shared, program.names.kinds
    if not len(letters) or not (t.act[:, A_HURTS] > HURTS_PLACE).any():
        return letters
    harms = letters[:, 2] >> CODE_SHIFT == HARM
    kinds, out = (letters[:, 2] >> 30) & 255, [letters[~harms]]
    for kind in np.unique(kinds[harms]).tolist():
        doer, day, content = letters[harms & (kinds == kind)].T
        own = doer - int(t.classes[t.act[kind, A_CLASS], N_FIRST])
        luck = draws.words_over((t.key0, t.key1), own, victim_decision(names[kind]), window, content & REST)[:, 0]
        pick = _staff_of if t.act[kind, A_HURTS] == HURTS_STAFF else customer_of
        who = pick(program, doer, luck.astype(np.int64))
        rest = (HARM << CODE_SHIFT) | (kind << 30) | (doer - _first_unit(program))
        out.append(np.column_stack([who, day, rest])[who >= 0])
    return np.concatenate(out)


def _staff_of(program: Program, unit: I64, luck: I64) -> I64:
    """Return one of each unit's staff; -1 where it has none."""
    start, worker = program.staff_of
    many = start[unit + 1] - start[unit]
    out = np.full(len(unit), -1, np.int64)
    some = many > 0
    out[some] = worker[start[unit[some]] + ((luck[some] * many[some]) >> 32)]
    return out
