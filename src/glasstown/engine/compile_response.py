"""Compiling how people respond: strengths in fixed point, and how far each can raise a rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..conduct.types import Act, Response, Trust
from .layout import (
    FULL,
    ONE,
    RECENT_MONTHS,
    RESPONDS_CROWDING,
    RESPONDS_DETERRENCE,
    RESPONDS_GAMING,
    RESPONDS_INCAPACITATION,
    RESPONDS_SILENCE,
    RESPONDS_STRESS,
    RESPONDS_TRUST,
    RISK_STEPS,
    SEVERITY_STEPS,
)
from .tables import (
    R_BELIEF,
    R_CONFINED,
    R_CROWD,
    R_GAMING,
    R_MOTIVE_BACK,
    R_PER_REFUSAL,
    R_REACH,
    R_RECENT,
    R_SHOCK,
    R_SIZE,
    R_START_RISK,
    R_STRESS,
    R_STRESS_KEEP,
    R_TRUST,
    R_TRUST_BACK,
    R_TRUST_START,
    R_TRUSTING,
    R_WRONGED,
)

__all__ = ["RESPONSE_FLAGS", "hangs_on", "response_row", "risk_table", "switched"]

I64 = npt.NDArray[np.int64]
RESPONSE_FLAGS = {
    "deterrence": RESPONDS_DETERRENCE,
    "silence": RESPONDS_SILENCE,
    "stress": RESPONDS_STRESS,
    "gaming": RESPONDS_GAMING,
    "crowding-out": RESPONDS_CROWDING,
    "incapacitation": RESPONDS_INCAPACITATION,
    "trust": RESPONDS_TRUST,
}


def risk_table(responds: bool, level: float, severity: float) -> I64:
    """Return the Q15 factors ``1 - risk * (level + severity * s)`` by step of risk and of severity."""
    risk = np.arange(RISK_STEPS) / (RISK_STEPS - 1)
    grave = np.arange(SEVERITY_STEPS) / (SEVERITY_STEPS - 1)
    factor = 1 - risk[:, None] * (level + severity * grave[None, :])
    table = np.round(np.clip(factor, 0, 1) * ONE).astype(np.int64)
    return (table if responds else np.full_like(table, ONE)).ravel()


def response_row(response: Response, months: int, on: Mapping[str, bool]) -> tuple[I64, dict[int, int]]:
    """Return the strengths in fixed point, and the largest rise that each flag can bring (Q15)."""
    stress, gaming, crowd = response.stress, response.gaming, response.crowding_out
    rise = {
        RESPONDS_STRESS: round(stress.strength.value * ONE),
        RESPONDS_GAMING: round(gaming.strength.value * ONE),
    }
    r = np.zeros(R_SIZE, np.int64)
    r[R_STRESS] = rise[RESPONDS_STRESS] if on["stress"] else 0
    r[R_PER_REFUSAL] = round(stress.per_refusal.value * FULL)
    r[R_STRESS_KEEP] = round(256 * 0.5 ** (months / max(stress.half_life_months.value, 0.01)))
    r[R_GAMING] = rise[RESPONDS_GAMING] if on["gaming"] else 0
    r[R_REACH] = round(gaming.reach.value)
    r[R_CROWD] = round(crowd.strength.value * ONE) if on["crowding-out"] else 0
    r[R_MOTIVE_BACK] = round(256 * (1 - 0.5 ** (months / max(crowd.recovery_months.value, 0.01))))
    r[R_CONFINED] = round(response.incapacitation.factor.value * ONE) if on["incapacitation"] else ONE
    rise[RESPONDS_TRUST] = _trust(r, response.trust, months, on["trust"])
    r[R_START_RISK] = round(response.start_risk.value * FULL)
    r[R_RECENT] = max(1, RECENT_MONTHS // months)
    return r, rise


def hangs_on(acts: Iterable[Act], on: Mapping[str, bool], *responses: str) -> bool:
    """Return whether any act is moved by any of these responses."""
    return any(on[name] and name in act.responds for act in acts for name in responses)


def switched(response: Response, switches: Mapping[str, bool]) -> dict[str, bool]:
    """Return which responses are on: those of the conduct's file, less what the scenario switches off."""
    blocks: dict[str, Any] = {
        "deterrence": response.deterrence,
        "silence": response.silence,
        "stress": response.stress,
        "gaming": response.gaming,
        "crowding-out": response.crowding_out,
        "incapacitation": response.incapacitation,
        "trust": response.trust,
    }
    return {name: block is not None and block.on and switches.get(name, True) for name, block in blocks.items()}


def _trust(r: I64, trust: Trust | None, months: int, on: bool) -> int:
    """Put what is said of trust into the row; return the largest rise that it can bring, on or off (Q15)."""
    if trust is None:
        return 0
    start, strength = round(trust.start.value * FULL), round(trust.strength.value * ONE)
    if on:
        r[R_TRUSTING] = 1
        r[R_TRUST] = strength
        r[R_TRUST_START] = start
        r[R_SHOCK] = round(trust.shock.value * ONE)
        r[R_WRONGED] = round(trust.wronged.value * ONE)
        r[R_TRUST_BACK] = round(ONE * (1 - 0.5 ** (months / max(trust.half_life_months.value, 0.01))))
        r[R_BELIEF] = round(trust.belief.value * ONE)
    return -(-strength * max(start, FULL - start) >> 8)
