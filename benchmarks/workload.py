"""The small workload (W1): its numbers, and what every system that runs it should find.

N citizens live 360 days. Eight kinds of act happen at fixed daily rates; those that cost points follow a personal
propensity, Gamma(shape 2, scale 0.5). Three acts in five are recorded, one record in a hundred lands on somebody
else. The score starts at 1000 and stays within 0 and 2000; below 960 a citizen is restricted: does seven tenths of
the bad acts, and is refused a service that everybody asks for with probability 0.05 a day.

This module is read by other systems' interpreters too: it imports nothing but the standard library.
"""

from __future__ import annotations

import math
from typing import Any

DAYS = 360
RATES = (0.02, 0.01, 0.005, 0.004, 0.003, 0.002, 0.001, 0.0005)
POINTS = (2, 1, -3, -5, 5, -10, -20, -50)
SEEN = 0.6
WRONG = 0.01
START, FLOOR, CEILING, LIMIT = 1000, 0, 2000, 960
RESTRICTED_FACTOR = 0.7
ASKS = 0.05

EXPECTED = {"mean": 993.0495, "restricted": 0.112175, "refusals": 1.00353, "records": 9.75183}
"""Found by an exact event-by-event program over 1.4 billion citizens; all but the share are per citizen."""
SPREAD = {"mean": 24.6, "restricted": 0.3156, "refusals": 3.29, "records": 4.21}
"""Standard deviation of one citizen's value; divided by the root of their number it is the standard error."""


def deviations(found: dict[str, Any], citizens: int) -> dict[str, float]:
    """Return how many standard errors each output is away from what is expected."""
    return {
        name: (found[name] - expected) / (SPREAD[name] / math.sqrt(citizens)) for name, expected in EXPECTED.items()
    }


def agrees(found: dict[str, Any], citizens: int) -> bool:
    """Return whether every output is within four standard errors."""
    return all(abs(away) < 4 for away in deviations(found, citizens).values())
