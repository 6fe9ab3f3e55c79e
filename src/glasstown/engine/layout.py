"""How an event is packed into one integer, and the numbers that the plain twin and the kernels share.

An event is 62 bits: the citizen's place in the cell (12), day in the window (9), code (3), rest (38). Sorting a
cell's events as integers puts them in the order in which they are lived: by citizen, then day, then expiries before
postings before acts before requests, then by stable name.

====== ========================================================================================
code   rest, from the highest bit
====== ========================================================================================
EXPIRE kind 8, domain 2, points + 4096 (13), hold 4, wrong, unable, turns stale, corrected, source 5, passed on,
       performed
POST   kind 8, source 5, status 2, amount 8, repair, stale, corrected, days late 12 (passed on from somebody
       else: wrong in place of repair, of inability in place of stale, number of the rule in place of days)
ACT    kind 8, item 30
FALSE  pair of source and kind 10, candidate 14, 14 free
ASK    door 8, 13 free, ordinarily refused, luck 16
HARM   kind 8, number of who did it among the units of all classes 30
====== ========================================================================================

A letter holds the rest of a posting, or a whole harm with its code; until the barrier has found whom it meets, it is
addressed to who did it and holds the number of the act.

What more is drawn of an act stands in its *item*: luck 16, candidate 14, record of the first source that covers the
kind 25; the other sources' records stand beside it. A record of 0 is none; else: seen, wrong person, amount 8, repair,
stale, corrected, days late 12, as in a posting.
"""

from __future__ import annotations

BLOCK = 64
"""Citizens that share one count of candidates; a power of two, part of how draws are keyed."""
BLOCK_BITS = 6
CELL_MOST = 4096
RECENT_MONTHS = 12
"""Months for which whoever did what grades are meant to find counts as one who does it."""

DAY_SHIFT = 41
CODE_SHIFT = 38
WHO_SHIFT = 50
REST_MASK = (1 << 38) - 1
ITEM_MASK = (1 << 30) - 1
ORDINARILY = 1 << 16
END = (1 << 63) - 1
"""After the last event of a list."""

NUMBER_SHIFT, RECORD_SHIFT = 16, 30
RECORD_STALE, RECORD_REPAIR, RECORD_AMOUNT, RECORD_WRONG, RECORD_SEEN = 13, 14, 15, 23, 24

EXPIRE, POST, ACT, FALSE, ASK, HARM = range(6)
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
SOUGHT = 128
RESPONDS_TRUST = 256
AGAINST_TRUST = 512
"""With the one before it: more of it is done where trust is less."""
HARMS_TIED = 1024
"""Each such act harms one of those who are tied to its doer."""
RESPONDS = 63 | RESPONDS_TRUST
"""All that moves an act."""

HURTS_PLACE, HURTS_STAFF, HURTS_CUSTOMERS = range(1, 4)
"""Whom an act harms: somebody of the place, or one of its doer's staff or customers; 0 for no person."""

ONE = 1 << 15
"""Factor 1 of a response, in fixed point."""
FULL = 255
RISK_SHIFT, RISK_STEPS = 3, 32
SEVERITY_SHIFT, SEVERITY_STEPS = 1, 128
"""Perceived risk and severity, 0 to 255, are looked up in steps; the least step is none and the last is all."""
LAPSE_SHIFT, LAPSES = 20, 4096
"""Waiting times are looked up by the upper twelve bits of a word."""
HOLD_MOST = 15
"""Entries of one list that are counted at once; whoever has more stands on it all the same."""
HOLD_PASSED = 16
"""What an entry of others' doing adds to the byte of a list, beside the one of every entry."""
ADULT = 18
DOM_MOST = 32_000
"""A domain's points never pass this; what would is cut before it is posted."""
