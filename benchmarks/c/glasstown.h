/* The tables of a compiled scenario, what is remembered of each citizen, and small helpers.
 *
 * constants.h and the file of tables are written by benchmarks/c_loop.py from a compiled scenario: columns of tables
 * are #defined under the names that the engine gives them, and so are the widths of the tables (W_...).
 */
#ifndef GLASSTOWN_H
#define GLASSTOWN_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "constants.h"

typedef int64_t i64;
typedef uint64_t u64;
typedef int32_t i32;
typedef uint32_t u32;
typedef int16_t i16;
typedef uint8_t u8;

#define INLINE static inline __attribute__((always_inline))

typedef struct {
    i64 acts, doors, key0, key1, age_shift, count_tables, unable_shift, unable_below, consent_id, visiting;
    i64 streams, groups_traits, adults_n, windows;
    i64 *group, *trait, *stream, *count_sum, *count_start, *factor_start, *factor_row, *factor_lut, *act, *cover_start;
    i64 *pair, *keeper, *door, *deter, *silence, *lapse, *respond, *window_of_day, *first_day;
    i16 *count_guide;
    i32 *adults;
} Shared;

typedef struct {
    i64 start, floor, ceiling, min_age, decay, consent, any_rule, same_domain, bands, holds, caps, flows;
    i64 *weights, *band_from, *rule_start, *rule, *cap_limit, *hold, *door, *kind, *false_spread, *base;
    i32 *code;
} Rules;

typedef struct {
    i16 (*points)[4];
    i16 *wrong, *unable;
    u8 *hold, *hold_why, *cap, *risk, *stress, *motive;
    i64 news[4];
} State;

/* Events of one cell that wait for a later window: linked lists by window in one array. */
typedef struct {
    i64 *event;
    i32 *next, *head, *many;
    i32 free, spare, top, size;
} Pool;

typedef struct { i64 who, day, rest; } Letter;
typedef struct { i64 door, who, priority, luck, at; } Request;

/* One citizen's list of events: where we are, how many there are. */
typedef struct { i64 *event; i64 at, n, room; } List;

typedef struct {
    Rules rules;
    State state;
    Pool *pool;
    i64 *place, *group, *cell, *scores, *tally;
    Letter *mail;
    Request *queue;
    i64 letters, letters_room, requests, requests_room;
} Side;

typedef struct {
    Shared t;
    i64 citizens, n_cells, n_places, n_groups, columns, bins, n_sides, pool_size, work_size, most_pairs, most_rules;
    u32 *words;
    i64 *cells, *cell_of_block, *window_table, *window_mask, *window_days, *window_years, *window_new_year, *scarce;
    Side side[2];
} World;

INLINE i64 least(i64 a, i64 b) { return a < b ? a : b; }
INLINE i64 most(i64 a, i64 b) { return a > b ? a : b; }
INLINE i64 floor_div(i64 a, i64 b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

INLINE double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Philox4x32-10. */
INLINE void philox(u32 c0, u32 c1, u32 c2, u32 c3, u32 k0, u32 k1, u32 *out) {
    for (int round = 0; round < 10; round++) {
        u64 p0 = (u64)0xD2511F53u * c0, p1 = (u64)0xCD9E8D57u * c2;
        c0 = (u32)(p1 >> 32) ^ c1 ^ k0;
        c2 = (u32)(p0 >> 32) ^ c3 ^ k1;
        c1 = (u32)p1;
        c3 = (u32)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    out[0] = c0; out[1] = c1; out[2] = c2; out[3] = c3;
}

/* Whether an inspector looks at a citizen in a window; all are visited alike. */
INLINE int visited(const Shared *t, i64 source, i64 who, i64 window) {
    const i64 *keeper = t->keeper + source * W_keeper;
    u32 c[4];
    philox((u32)who, (u32)keeper[K_VISIT_ID], (u32)window, 0, (u32)t->key0, (u32)t->key1, c);
    return c[0] < keeper[K_VISITS];
}

INLINE i64 age_of(const Shared *t, i64 word, i64 years) {
    return t->age_shift < 0 ? ADULT : least(((word >> t->age_shift) & 127) + years, 127);
}

INLINE i64 group_of(const Shared *t, i64 word) {
    i64 out = 0;
    for (i64 g = 0; g < t->groups_traits; g++) {
        const i64 *row = t->group + g * W_group;
        out += ((word >> row[G_SHIFT]) & row[G_MASK]) * row[G_STRIDE];
    }
    return out;
}

INLINE i64 factor_product(const Shared *t, i64 at, i64 word, i64 years) {
    i64 out = (i64)1 << 31;
    for (i64 f = t->factor_start[at]; f < t->factor_start[at + 1]; f++) {
        const i64 *row = t->factor_row + f * W_factor_row;
        i64 value = (word >> row[F_SHIFT]) & row[F_MASK];
        if (row[F_AGES]) value = least(value + years, 127);
        out = (out * t->factor_lut[row[F_OFFSET] + value]) >> 31;
    }
    return out;
}

#endif
