"""How an event is packed into one integer, and the numbers that the plain twin and the kernels share.

An event is 50 bits: day in the window (9), code (3), rest (38). Sorting events of a citizen as integers
puts them in the order in which they are lived: by day, then expiries before postings before acts before
requests, then by stable name. Waiting in a queue it carries the citizen's place in the cell on top (12 bits).

====== ========================================================================================
code   rest, from the highest bit
====== ========================================================================================
EXPIRE kind 8, domain 2, points + 4096 (13), hold 4, wrong, unable, turns stale, corrected, source 5, passed on, 1 free
POST   kind 8, source 5, status 2, amount 8, repair, stale, corrected, days late 12 (passed on from somebody
       else: wrong in place of repair, of inability in place of stale, number of the rule in place of days)
ACT    kind 8, candidate 14, place among accepted candidates 16
FALSE  pair of source and kind 10, candidate 14, 14 free
ASK    door 8, candidate 14, luck 16
====== ========================================================================================
"""

from __future__ import annotations

BLOCK = 64
"""Citizens that share one count of candidates; a power of two, part of how draws are keyed."""
BLOCK_BITS = 6
CELL_MOST = 4096

DAY_SHIFT = 41
CODE_SHIFT = 38
WHO_SHIFT = 50
REST_MASK = (1 << 38) - 1
EVENT_MASK = (1 << 50) - 1

EXPIRE, POST, ACT, FALSE, ASK = range(5)
TRUE_RECORD, WRONG_PERSON, FALSE_RECORD, PASSED_ON = range(4)
NO_HOLD = 15
POINTS_ZERO = 4096
LATE_MOST = 4095
CANDIDATES_MOST = 1 << 14

COUNT_INDEX = 0xFFFFFFFF
"""Index of the word that counts candidates; candidates themselves are numbered from 0."""
FALSE_INDEX = 0x8000_0000
"""Added to the index of what follows from a false record, so that it shares no word with an act's."""

RESPONDS_DETERRENCE = 1
RESPONDS_SILENCE = 2
RESPONDS_STRESS = 4
RESPONDS_GAMING = 8
RESPONDS_CROWDING = 16
RESPONDS_INCAPACITATION = 32
NEEDS_ABILITY = 64

ONE = 1 << 15
"""Factor 1 of a response, in fixed point."""
FULL = 255
RISK_SHIFT, RISK_STEPS = 3, 32
SEVERITY_SHIFT, SEVERITY_STEPS = 1, 128
"""Perceived risk and severity, 0 to 255, are looked up in steps; the least step is none and the last is all."""
HOLD_MOST = 15
"""Entries of one list that are counted at once; whoever has more stands on it all the same."""
ADULT = 18
DOM_MOST = 32_000
"""A domain's points never pass this; what would is cut before it is posted."""
