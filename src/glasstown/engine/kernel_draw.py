"""Compiled drawing of candidates: what might happen to the citizens of one cell in one window.

A block of 64 citizens has a Poisson number of candidates for each stream, at the stream's ceiling; each candidate
falls on one of the 64, on one day. Independent Poisson counts of each citizen follow exactly (a Poisson count
thrown uniformly splits into independent Poisson counts), and the cost is that of the candidates.
"""
# mypy: ignore-errors
# (Numba infers these types itself; the plain twin is the typed account of the same model.)

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from .jit import inner
from .kernel_score import age_of
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
)
from .tables import A_FLAGS, F_AGES, F_MASK, F_OFFSET, F_SHIFT, S_ID, S_MONTH, S_PAIR

__all__ = ["draw_cell"]


@inner
def count_of(shared, table, word):
    """Return the number of candidates that a word stands for."""
    count = np.int64(shared.count_guide[table, word >> 24])
    at = shared.count_start[table]
    while word >= shared.count_sum[at + count]:
        count += 1
    return count


@inner
def count_cell(shared, stream, table, window, first_block, blocks, block_of, index_of):
    """Write the block and index of every candidate of one stream; return how many there are."""
    n = 0
    size = block_of.shape[0]
    quad = -1
    w0, w1, w2, w3 = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    decision = shared.stream[stream, S_ID]
    for b in range(first_block, first_block + blocks):
        if b >> 2 != quad:
            quad = b >> 2
            w0, w1, w2, w3 = philox_compiled(quad, decision, window, COUNT_INDEX, shared.key0, shared.key1)
        lane = b & 3
        word = w0 if lane == 0 else (w1 if lane == 1 else (w2 if lane == 2 else w3))
        count = count_of(shared, table, word)
        if n + count > size:
            return -1
        for i in range(count):
            block_of[n] = b
            index_of[n] = i
            n += 1
    return n


@inner
def draw_words(shared, decision, window, n, block_of, index_of, word0, word1):
    """Draw the first two words of each candidate (the third in place of the second where `spare`)."""
    for j in range(n):
        a, b, _, _ = philox_compiled(block_of[j], decision, window, index_of[j], shared.key0, shared.key1)
        word0[j] = a
        word1[j] = b


@inner
def thin(shared, words, stream, cell_first, cell_count, years, n, block_of, word0, word1, trait, room):
    """Keep the candidates that their citizens' traits let through, in front; return how many.

    Written as passes without branches: a branch on a random word is mispredicted half the time.
    """
    factors = shared.factors
    for j in range(n):
        place = (block_of[j] << BLOCK_BITS) + (word0[j] & (BLOCK - 1)) - cell_first
        inside = place < cell_count
        word = np.int64(words[cell_first + (place if inside else 0)])
        trait[j] = word
        room[j] = (np.int64(1) << 31) if inside and age_of(shared, word, years) >= ADULT else 0
    for f in range(factors.start[stream], factors.start[stream + 1]):
        shift, mask, offset = factors.row[f, F_SHIFT], factors.row[f, F_MASK], factors.row[f, F_OFFSET]
        if factors.row[f, F_AGES]:
            for j in range(n):
                value = min(((trait[j] >> shift) & mask) + years, 127)
                room[j] = (room[j] * factors.lut[offset + value]) >> 31
        else:
            for j in range(n):
                room[j] = (room[j] * factors.lut[offset + ((trait[j] >> shift) & mask)]) >> 31
    kept = 0
    for j in range(n):
        trait[kept] = j
        kept += np.int64(word1[j] < room[j] << 1)
    return kept


@inner
def draw_cell(
    shared, words, cell_first, cell_count, window, table_of_window, month_mask, days, years,
    block_of, index_of, word0, word1, trait, room, who, event, kept,
):  # fmt: skip
    """Write every candidate of one cell that its citizens' traits let through.

    Parameters
    ----------
    block_of, index_of, word0, word1, trait, room : scratch.
    who, event : filled with the citizen's place in the cell and the packed event.
    kept : filled with the number of candidates written for each stream.

    Returns
    -------
    int
        Number written, or -1 where the work arrays are too small.
    """
    n = 0
    first_block = cell_first >> BLOCK_BITS
    blocks = (cell_count + BLOCK - 1) >> BLOCK_BITS
    size = who.shape[0]
    for stream in range(shared.stream.shape[0]):
        kept[stream] = 0
        month = shared.stream[stream, S_MONTH]
        if month >= 0 and (month_mask >> month) & 1 == 0:
            continue
        table = stream * shared.count_tables + table_of_window
        found = count_cell(shared, stream, table, window, first_block, blocks, block_of, index_of)
        if found < 0 or n + found > size:
            return -1
        if found == 0:
            continue
        draw_words(shared, shared.stream[stream, S_ID], window, found, block_of, index_of, word0, word1)
        left = thin(shared, words, stream, cell_first, cell_count, years, found, block_of, word0, word1, trait, room)
        is_act = stream < shared.acts
        is_door = not is_act and stream < shared.acts + shared.doors
        lucky = is_door or (is_act and shared.act[stream, A_FLAGS] & 63 != 0)
        if is_act:
            head = (np.int64(ACT) << CODE_SHIFT) | (np.int64(stream) << 30)
        elif is_door:
            head = (np.int64(ASK) << CODE_SHIFT) | (np.int64(stream - shared.acts) << 30)
        else:
            head = (np.int64(FALSE) << CODE_SHIFT) | (shared.stream[stream, S_PAIR] << 28)
        index_shift = 16 if is_act or is_door else 14
        for i in range(left):
            j = trait[i]
            w = word0[j]
            luck = np.int64(0)
            if lucky:
                luck = (word1[j] << 16) // (room[j] << 1)
            day = ((w >> BLOCK_BITS) * days) >> 26
            who[n] = (block_of[j] << BLOCK_BITS) + (w & (BLOCK - 1)) - cell_first
            event[n] = (np.int64(day) << DAY_SHIFT) | head | (np.int64(index_of[j]) << index_shift) | luck
            n += 1
        kept[stream] = left
    return n
