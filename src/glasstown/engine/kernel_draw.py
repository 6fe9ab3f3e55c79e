"""Compiled drawing of candidates: what might happen to the citizens of one cell in one window.

A block of 64 citizens has a Poisson number of candidates for each stream, at the stream's ceiling; each candidate
falls on one of the 64, on one day. Independent Poisson counts of each citizen follow exactly (a Poisson count
thrown uniformly splits into independent Poisson counts), and the cost is that of the candidates.
"""
# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from __future__ import annotations

import numpy as np

from ..draws_compiled import philox_compiled
from .jit import inlined, inner
from .kernel_score import age_of, factor_product
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
from .tables import A_FLAGS, S_ID, S_MONTH, S_PAIR

__all__ = ["draw_cell"]


@inlined
def count_of(shared, table, word):
    """Return the number of candidates that a word stands for."""
    count = shared.count_guide[table, word >> 24]
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
def draw_cell(
    shared, words, cell_first, cell_count, window, table_of_window, month_mask, days, years,
    block_of, index_of, word0, word1, who, event, kept,
):  # fmt: skip
    """Write every candidate of one cell that its citizens' traits let through.

    Parameters
    ----------
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
        before = n
        decision = shared.stream[stream, S_ID]
        draw_words(shared, decision, window, found, block_of, index_of, word0, word1)
        is_act = stream < shared.acts
        is_door = not is_act and stream < shared.acts + shared.doors
        thinned = shared.factors.start[stream + 1] > shared.factors.start[stream]
        graded = is_act and shared.act[stream, A_FLAGS] & 63 != 0
        if is_act:
            head = (np.int64(ACT) << CODE_SHIFT) | (np.int64(stream) << 30)
        elif is_door:
            head = (np.int64(ASK) << CODE_SHIFT) | (np.int64(stream - shared.acts) << 30)
        else:
            head = (np.int64(FALSE) << CODE_SHIFT) | (np.int64(shared.stream[stream, S_PAIR]) << 28)
        for j in range(found):
            w = word0[j]
            place = (block_of[j] << BLOCK_BITS) + (w & (BLOCK - 1)) - cell_first
            if place >= cell_count:
                continue
            word = np.int64(words[cell_first + place])
            if age_of(shared, word, years) < ADULT:
                continue
            luck = np.int64(0)
            if thinned:
                room = factor_product(shared.factors, stream, word, years) << 1
                u = word1[j]
                if u >= room:
                    continue
                if graded or is_door:
                    luck = (u << 16) // room
            elif graded or is_door:
                luck = word1[j] >> 16
            day = ((w >> BLOCK_BITS) * days) >> 26
            rest = (np.int64(index_of[j]) << 14) if not (is_act or is_door) else ((np.int64(index_of[j]) << 16) | luck)
            who[n] = place
            event[n] = (np.int64(day) << DAY_SHIFT) | head | rest
            n += 1
        kept[stream] = n - before
    return n
