/* Candidates of one cell in one window: as many as a block of 64 draws, thrown on its citizens, thinned by traits. */
#include "glasstown.h"

typedef struct {
    u32 *block, *index, *word0, *word1, *trait, *kept_at, *who;
    u64 *room;
    i64 *event;
    i64 size;
} Work;

static void make_work(Work *w, i64 size) {
    w->size = size;
    w->block = malloc(size * 4); w->index = malloc(size * 4); w->word0 = malloc(size * 4); w->word1 = malloc(size * 4);
    w->trait = malloc(size * 4); w->kept_at = malloc(size * 4 + 4); w->who = malloc(size * 4);
    w->room = malloc(size * 8); w->event = malloc(size * 8);
}

static void free_work(Work *w) {
    free(w->block); free(w->index); free(w->word0); free(w->word1); free(w->trait); free(w->kept_at); free(w->who);
    free(w->room); free(w->event);
}

static i64 count_cell(const Shared *t, i64 stream, i64 table, u32 window, i64 first_block, i64 blocks, Work *w) {
    i64 n = 0, quad = -1;
    u32 decision = (u32)t->stream[stream * W_stream + S_ID], word[4] = {0, 0, 0, 0};
    const i64 *sums = t->count_sum + t->count_start[table];
    const i16 *guide = t->count_guide + table * W_count_guide;
    for (i64 b = first_block; b < first_block + blocks; b++) {
        if (b >> 2 != quad) {
            quad = b >> 2;
            philox((u32)quad, decision, window, (u32)COUNT_INDEX, (u32)t->key0, (u32)t->key1, word);
        }
        i64 drawn = word[b & 3], count = guide[drawn >> 24];
        while (drawn >= sums[count]) count++;
        if (n + count > w->size) return -1;
        for (i64 i = 0; i < count; i++, n++) {
            w->block[n] = (u32)b;
            w->index[n] = (u32)i;
        }
    }
    return n;
}

static void draw_words(const Shared *t, u32 decision, u32 window, i64 n, Work *w) {
    u32 *restrict word0 = w->word0, *restrict word1 = w->word1;
    const u32 *restrict block = w->block, *restrict index = w->index;
    for (i64 j = 0; j < n; j++) {
        u32 out[4];
        philox(block[j], decision, window, index[j], (u32)t->key0, (u32)t->key1, out);
        word0[j] = out[0];
        word1[j] = out[1];
    }
}

/* Keep the candidates that traits let through: passes without branches, since luck cannot be predicted. */
static i64 thin(const Shared *t, const u32 *words, i64 stream, i64 first, i64 count, i64 years, i64 n, Work *w) {
    u64 *restrict room = w->room;
    u32 *restrict trait = w->trait, *restrict at = w->kept_at;
    const u32 *restrict word0 = w->word0, *restrict word1 = w->word1, *restrict block = w->block;
    for (i64 j = 0; j < n; j++) {
        i64 place = ((i64)block[j] << BLOCK_BITS) + (word0[j] & (BLOCK - 1)) - first;
        int inside = place < count;
        u32 word = words[first + (inside ? place : 0)];
        trait[j] = word;
        room[j] = inside & (age_of(t, word, years) >= ADULT) ? (u64)1 << 31 : 0;
    }
    for (i64 f = t->factor_start[stream]; f < t->factor_start[stream + 1]; f++) {
        const i64 *row = t->factor_row + f * W_factor_row;
        const i64 *restrict lut = t->factor_lut + row[F_OFFSET];
        u32 shift = (u32)row[F_SHIFT], mask = (u32)row[F_MASK];
        if (row[F_AGES])
            for (i64 j = 0; j < n; j++)
                room[j] = (room[j] * lut[least(((trait[j] >> shift) & mask) + years, 127)]) >> 31;
        else
            for (i64 j = 0; j < n; j++) room[j] = (room[j] * lut[(trait[j] >> shift) & mask]) >> 31;
    }
    i64 kept = 0;
    for (i64 j = 0; j < n; j++) {
        at[kept] = (u32)j;
        kept += word1[j] < room[j] << 1;
    }
    return kept;
}

static i64 draw_cell(const World *world, i64 cell, u32 window, Work *w, i64 *kept) {
    const Shared *t = &world->t;
    i64 first = world->cells[cell * 3], count = world->cells[cell * 3 + 1];
    i64 days = world->window_days[window], years = world->window_years[window], mask = world->window_mask[window];
    i64 n = 0, first_block = first >> BLOCK_BITS, blocks = (count + BLOCK - 1) >> BLOCK_BITS;
    for (i64 stream = 0; stream < t->streams; stream++) {
        kept[stream] = 0;
        i64 month = t->stream[stream * W_stream + S_MONTH];
        if (month >= 0 && !((mask >> month) & 1)) continue;
        i64 table = stream * t->count_tables + world->window_table[window];
        i64 found = count_cell(t, stream, table, window, first_block, blocks, w);
        if (found < 0 || n + found > w->size) return -1;
        if (found == 0) continue;
        draw_words(t, (u32)t->stream[stream * W_stream + S_ID], window, found, w);
        i64 left = thin(t, world->words, stream, first, count, years, found, w);
        int is_act = stream < t->acts, is_door = !is_act && stream < t->acts + t->doors;
        int lucky = is_door || (is_act && t->act[stream * W_act + A_FLAGS] & 63);
        i64 head = is_act    ? ((i64)ACT << CODE_SHIFT) | stream << 30
                   : is_door ? ((i64)ASK << CODE_SHIFT) | (stream - t->acts) << 30
                             : ((i64)FALSE << CODE_SHIFT) | t->stream[stream * W_stream + S_PAIR] << 28;
        int shift = is_act || is_door ? 16 : 14;
        for (i64 i = 0; i < left; i++, n++) {
            u32 j = w->kept_at[i], word = w->word0[j];
            i64 luck = lucky ? (i64)(((u64)w->word1[j] << 16) / (w->room[j] << 1)) : 0;
            i64 day = ((i64)(word >> BLOCK_BITS) * days) >> 26;
            w->who[n] = (u32)(((i64)w->block[j] << BLOCK_BITS) + (word & (BLOCK - 1)) - first);
            w->event[n] = day << DAY_SHIFT | head | (i64)w->index[j] << shift | luck;
        }
        kept[stream] = left;
    }
    return n;
}

/* Order a cell's candidates by citizen. */
static void sort_by_citizen(i64 n, i64 count, const Work *w, i64 *start, i64 *ordered) {
    memset(start, 0, (count + 1) * sizeof *start);
    for (i64 j = 0; j < n; j++) start[w->who[j] + 1]++;
    for (i64 c = 0; c < count; c++) start[c + 1] += start[c];
    for (i64 j = 0; j < n; j++) ordered[start[w->who[j]]++] = w->event[j];
    for (i64 c = count; c > 0; c--) start[c] = start[c - 1];
    start[0] = 0;
}
