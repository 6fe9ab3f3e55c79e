"""Compiled drawing of candidates: what might happen to the citizens of one cell in one window.

A block of 64 citizens has a Poisson number of candidates for each stream, at the stream's ceiling; each candidate
falls on one of the 64, on one day. Independent Poisson counts of each citizen follow exactly (a Poisson count
thrown uniformly splits into independent Poisson counts), and the cost is that of the candidates. Two candidates share
the four words of one Philox block.

What no scheme changes is settled here, once for both sides of a pair: who sees an act if it happens, and how the
record is written; whether a door is refused for its own reasons.
"""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from .jit import inner, rare
from .kernel_score import age_of, factor_product, group_of
from .kernel_simple import ODD
from .layout import (
    ACT,
    ADULT,
    ASK,
    BLOCK,
    BLOCK_BITS,
    CODE_SHIFT,
    COUNT_INDEX,
    DAY_SHIFT,
    FALSE,
    NUMBER_SHIFT,
    ORDINARILY,
    RECORD_AMOUNT,
    RECORD_REPAIR,
    RECORD_SEEN,
    RECORD_SHIFT,
    RECORD_STALE,
    RECORD_WRONG,
    WHO_SHIFT,
)
from .tables import (
    A_FREE,
    D_ORDINARY,
    F_AGES,
    F_MASK,
    F_OFFSET,
    F_SHIFT,
    K_REPAIR,
    K_STALE,
    K_WRONG,
    N_FIRST,
    N_GROUP,
    N_GROUP_TRAIT,
    P_DELAY,
    P_DELAY_SPAN,
    P_RECORD_ID,
    P_SEEN,
    P_SET,
    P_SOURCE,
    S_CLASS,
    S_ID,
    S_MONTH,
    S_PAIR,
)

__all__ = ["draw_cell"]

VOID = 1 << 20
"""Beside the number of a pair of candidates of which there is only the first."""


@inner
def count_cell(shared, work, decision, window, table, first_block, blocks):
    """Write which pairs of candidates one stream has; return how many pairs, or -1 where there is no room."""
    lag = first_block & ~3
    for quad in range(first_block >> 2, (first_block + blocks + 3) >> 2):
        w0, w1, w2, w3 = philox_compiled(quad, decision, window, COUNT_INDEX, shared.key0, shared.key1)
        at = (quad << 2) - lag
        work.counts[at] = w0
        work.counts[at + 1] = w1
        work.counts[at + 2] = w2
        work.counts[at + 3] = w3
    n = 0
    size = work.block.shape[0] >> 1
    start = shared.count_start[table]
    for b in range(first_block, first_block + blocks):
        word = work.counts[b - lag]
        count = np.int64(shared.count_guide[table, word >> 24])
        while word >= shared.count_sum[start + count]:
            count += 1
        halves = (count + 1) >> 1
        if n + halves > size:
            return -1
        for half in range(halves):
            work.block[n] = b
            work.half[n] = half
            n += 1
        if count & 1:
            work.half[n - 1] |= VOID
    return n


@inner
def draw_words(shared, work, decision, window, pairs, cell_first, cell_count):
    """Draw the words of each candidate: place in the cell and moment in one, chance (above all where void) in another.

    Written so that several are drawn at once.
    """
    for k in range(pairs):
        first = (np.int64(work.block[k]) << BLOCK_BITS) - cell_first
        half = np.int64(work.half[k])
        a, b, c, d = philox_compiled(work.block[k], decision, window, half & 0xFFFF, shared.key0, shared.key1)
        work.moment[2 * k] = ((first + (a & (BLOCK - 1))) << 26) | (a >> BLOCK_BITS)
        work.moment[2 * k + 1] = ((first + (c & (BLOCK - 1))) << 26) | (c >> BLOCK_BITS)
        work.chance[2 * k] = b
        work.chance[2 * k + 1] = d | ((half & VOID) << 12)
    if cell_count & (BLOCK - 1):
        for j in range(2 * pairs):
            if work.moment[j] >> 26 >= cell_count:
                work.moment[j] = 0
                work.chance[j] = np.int64(1) << 32


@inner
def thin(shared, words, work, stream, cell_first, years, n):
    """Write where the candidates stand that their citizens' traits let through; return how many.

    Written as passes without branches: a branch on a random word is mispredicted half the time.
    """
    factors = shared.factors
    start, end = factors.start[stream], factors.start[stream + 1]
    ageless = shared.age_shift < 0 or shared.stream[stream, S_CLASS] > 0
    kept = 0
    if start == end and ageless:
        for j in range(n):
            work.at[kept] = j
            kept += 1 - (work.chance[j] >> 32)
        return kept
    for j in range(n):
        word = np.int64(words[cell_first + (work.moment[j] >> 26)])
        work.trait[j] = word
        work.room[j] = (np.int64(1) << 31) if ageless or age_of(shared, word, years) >= ADULT else 0
    for f in range(start, end):
        shift, mask, offset = factors.row[f, F_SHIFT], factors.row[f, F_MASK], factors.row[f, F_OFFSET]
        if factors.row[f, F_AGES]:
            for j in range(n):
                value = min(((work.trait[j] >> shift) & mask) + years, 127)
                work.room[j] = (work.room[j] * factors.lut[offset + value]) >> 31
        else:
            for j in range(n):
                work.room[j] = (work.room[j] * factors.lut[offset + ((work.trait[j] >> shift) & mask)]) >> 31
    for j in range(n):
        work.at[kept] = j
        kept += np.int64(work.chance[j] < work.room[j] << 1)
    return kept


@inner
def enter(heap, place, day, event, wanted):
    """Put an event into its day's part of a heap if it is wanted; a full part stays full, for the end to see."""
    at = heap.fill[day]
    heap.event[day, at] = (place << WHO_SHIFT) | (day << DAY_SHIFT) | event
    heap.fill[day] = min(at + wanted, heap.event.shape[1] - 1)
    heap.start[place + 1] += wanted


@inner
def begin(heap, days, count):
    """Empty a heap."""
    for day in range(days):
        heap.fill[day] = 0
    for c in range(count + 1):
        heap.start[c] = 0


@inner
def is_full(heap, days):
    """Return whether a day's part of a heap is full: something may be lost."""
    full = False
    for day in range(days):
        full |= heap.fill[day] == heap.event.shape[1] - 1
    return full


@inner
def look(shared, words, work, drawn, pair, nth, window, cell_first, own_first, years, left, base):
    """Let one source look at the acts that may happen: write each one's record, should the act be done and seen."""
    decision, source = shared.pair[pair, P_RECORD_ID], shared.pair[pair, P_SOURCE]
    seen, at = shared.pair[pair, P_SEEN], shared.pair[pair, P_SET]
    least, span = shared.pair[pair, P_DELAY], shared.pair[pair, P_DELAY_SPAN]
    keeper = shared.keeper[source]
    wrong, repair, stale = keeper[K_WRONG], keeper[K_REPAIR], keeper[K_STALE]
    for i in range(left):
        work.room[i] = seen
    if at >= 0:
        for i in range(left):
            word = np.int64(words[cell_first + work.place[i]])
            work.room[i] = (seen * factor_product(shared.factors, at, word, years)) >> 31
    for i in range(left):
        number = (drawn.item[base + i] >> NUMBER_SHIFT) & 0x3FFF
        r0, r1, r2, r3 = philox_compiled(own_first + work.place[i], decision, window, number, shared.key0, shared.key1)
        record = (least + ((r1 * span) >> 32)) | ((r3 & 255) << RECORD_AMOUNT) | (np.int64(1) << RECORD_SEEN)
        record |= np.int64(r2 < wrong) << RECORD_WRONG
        record |= np.int64(r2 >= repair) << RECORD_REPAIR
        record |= np.int64(r3 >> 8 < stale) << RECORD_STALE
        work.record[i] = record if r0 < work.room[i] else 0
    if nth == 0:
        for i in range(left):
            drawn.item[base + i] |= work.record[i] << RECORD_SHIFT
    else:
        for i in range(left):
            drawn.more[nth - 1, base + i] = work.record[i]


@inner
def draw_acts(shared, words, work, drawn, kind, quiet, window, cell_first, own_first, days, years, left, base, apart):
    """Enter the candidates of a kind of act that were kept, with what every source would write of them.

    Those of a quiet kind lie apart, behind the `apart` that do already. Return how many do then.
    """
    for i in range(left):
        j = np.int64(work.at[i])
        moment = (work.moment[j] & 0x3FFFFFF) * days
        work.place[i] = work.moment[j] >> 26
        work.day[i] = moment >> 26
        number = 2 * (np.int64(work.half[j >> 1]) & 0xFFFF) + (j & 1)
        drawn.item[base + i] = (number << NUMBER_SHIFT) | ((moment >> 10) & 0xFFFF)
    first_pair, end_pair = shared.cover_start[kind], shared.cover_start[kind + 1]
    for pair in range(first_pair, end_pair):
        look(shared, words, work, drawn, pair, pair - first_pair, window, cell_first, own_first, years, left, base)
    head = (np.int64(ACT) << CODE_SHIFT) | (kind << 30)
    free = shared.act[kind, A_FREE]
    if free:
        count_free(shared, words, drawn, work, kind, cell_first, left)
    if quiet:
        wanted = np.int64(free == 0)
        for i in range(left):
            place, day, record = np.int64(work.place[i]), np.int64(work.day[i]), drawn.item[base + i] >> RECORD_SHIFT
            odd = record & ODD
            drawn.quiet[apart] = (place << WHO_SHIFT) | (day << DAY_SHIFT) | head | (base + i)
            apart += np.int64(odd == 0) & (np.int64(record != 0) | wanted)
            if odd != 0:
                enter(work.events, place, day, head | (base + i), np.int64(1))
        return apart
    if not free:
        for i in range(left):
            enter(work.events, np.int64(work.place[i]), np.int64(work.day[i]), head | (base + i), np.int64(1))
        return apart
    for i in range(left):
        seen = drawn.item[base + i] >> RECORD_SHIFT
        for nth in range(1, end_pair - first_pair):
            seen |= drawn.more[nth - 1, base + i]
        enter(work.events, np.int64(work.place[i]), np.int64(work.day[i]), head | (base + i), np.int64(seen != 0))
    return apart


@inner
def count_free(shared, words, drawn, work, kind, cell_first, left):
    """Count the acts of a kind that nothing keeps from happening."""
    subject = shared.stream[kind, S_CLASS]
    if shared.classes[subject, N_GROUP_TRAIT] == shared.classes[subject + 1, N_GROUP_TRAIT]:
        drawn.free[shared.classes[subject, N_GROUP], kind] += left
    else:
        for i in range(left):
            drawn.free[group_of(shared, subject, np.int64(words[cell_first + work.place[i]])), kind] += 1


@inner
def draw_asks(shared, words, work, drawn, door, cell_first, days, years, left, asked):
    """Enter the requests at a door that were kept, and whether it refuses them for its own reasons."""
    head = (np.int64(ASK) << CODE_SHIFT) | (door << 30)
    ordinary = shared.door[door, D_ORDINARY]
    at = shared.stream.shape[0] + door
    for i in range(left):
        j = np.int64(work.at[i])
        moment = (work.moment[j] & 0x3FFFFFF) * days
        place = work.moment[j] >> 26
        luck = (moment >> 10) & 0xFFFF
        event = head | luck
        if ordinary > 0:
            word = np.int64(words[cell_first + place])
            if luck < (ordinary * factor_product(shared.factors, at, word, years)) >> 31:
                event |= ORDINARILY
        drawn.request[asked + i] = (place << WHO_SHIFT) | ((moment >> 26) << DAY_SHIFT) | event


@inner
def draw_false(shared, work, stream, days, left):
    """Enter the false records that were kept."""
    head = (np.int64(FALSE) << CODE_SHIFT) | (shared.stream[stream, S_PAIR] << 28)
    for i in range(left):
        j = np.int64(work.at[i])
        number = 2 * (np.int64(work.half[j >> 1]) & 0xFFFF) + (j & 1)
        day = ((work.moment[j] & 0x3FFFFFF) * days) >> 26
        enter(work.events, work.moment[j] >> 26, day, head | (number << 14), np.int64(1))


@rare
def draw_cell(
    shared, words, work, drawn, quiet, cell_first, cell_count, cell_class, window, table_of_window, month_mask, days,
    years,
):  # fmt: skip
    """Enter every candidate of one cell that its citizens' traits let through into the heaps of their days.

    Requests, and the acts of the kinds that are `quiet`, lie apart.

    Returns
    -------
    bool
        False where the work arrays are too small.
    """
    base = 0
    for g in range(drawn.free.shape[0]):
        for kind in range(shared.acts):
            drawn.free[g, kind] = 0
    own_first = cell_first - shared.classes[cell_class, N_FIRST]
    first_block = own_first >> BLOCK_BITS
    blocks = (cell_count + BLOCK - 1) >> BLOCK_BITS
    begin(work.events, days, cell_count)
    asked = apart = 0
    for stream in range(shared.stream.shape[0]):
        drawn.kept[stream] = 0
        if stream >= shared.acts and stream < shared.acts + shared.doors:
            drawn.door_start[stream - shared.acts] = asked
        elif stream < shared.acts:
            drawn.quiet_start[stream] = apart
        if shared.stream[stream, S_CLASS] != cell_class:
            continue
        month = shared.stream[stream, S_MONTH]
        if month >= 0 and (month_mask >> month) & 1 == 0:
            continue
        decision = shared.stream[stream, S_ID]
        table = stream * shared.count_tables + table_of_window
        pairs = count_cell(shared, work, decision, window, table, first_block, blocks)
        if pairs < 0:
            return False
        if pairs == 0:
            continue
        draw_words(shared, work, decision, window, pairs, own_first, cell_count)
        left = thin(shared, words, work, stream, cell_first, years, 2 * pairs)
        drawn.kept[stream] = left
        if stream < shared.acts:
            if base + left > drawn.item.shape[0]:
                return False
            apart = draw_acts(
                shared, words, work, drawn, stream, quiet[stream], window, cell_first, own_first, days, years, left,
                base, apart,
            )  # fmt: skip
            base += left
        elif stream < shared.acts + shared.doors:
            if asked + left >= drawn.request.shape[0]:
                return False
            draw_asks(shared, words, work, drawn, stream - shared.acts, cell_first, days, years, left, asked)
            asked += left
        else:
            draw_false(shared, work, stream, days, left)
    drawn.door_start[shared.doors] = asked
    drawn.quiet_start[shared.acts] = apart
    return asked + apart < drawn.asked.shape[0] and not is_full(work.events, days)
