/* Candidates of one cell in one window: as many as a block of 64 draws, thrown on its citizens, thinned by traits; who
 * sees them, and how they would be written down. */
#include "glasstown.h"

/* Events by day, before they are in order. */
typedef struct { i64 *event, *fill, room; u32 *start; } Heap;

typedef struct {
    u32 *block, *half, *trait, *at, *place, *day, *record;
    u64 *moment, *chance, *room;
    Heap events, asked;
    i64 size;
    i64 *ordered, *asks, *item, *free, *kept;
    u32 *more;
} Work;

enum { VOID = 1 << 20 };

static Heap new_heap(i64 days, i64 size) {
    i64 room = size * 3 / (2 * days) + 64;
    return (Heap){malloc(days * room * 8), malloc(days * 8), room, malloc((CELL_MOST + 2) * 4)};
}

static void make_work(const World *world, Work *w, i64 size) {
    i64 days = 1;
    for (i64 i = 0; i < world->t.windows; i++) days = most(days, world->window_days[i]);
    *w = (Work){.size = size, .events = new_heap(days, size), .asked = new_heap(days, size)};
    u32 **narrow[] = {&w->block, &w->half, &w->trait, &w->at, &w->place, &w->day, &w->record};
    for (int i = 0; i < 7; i++) *narrow[i] = malloc(2 * size * 4 + 4);
    w->moment = malloc(2 * size * 8); w->chance = malloc(2 * size * 8); w->room = malloc(2 * size * 8);
    w->ordered = malloc(size * 8); w->asks = malloc(size * 8); w->item = malloc(size * 8);
    w->free = malloc(world->n_groups * world->t.acts * 8); w->kept = malloc(world->t.streams * 8);
    w->more = malloc(world->most_pairs * size * 4);
}

static void free_work(Work *w) {
    void *all[] = {w->block, w->half, w->trait, w->at, w->place, w->day, w->record, w->moment, w->chance, w->room,
                   w->ordered, w->asks, w->item, w->free, w->kept, w->more, w->events.event, w->events.fill,
                   w->events.start, w->asked.event, w->asked.fill, w->asked.start};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/* Which pairs of candidates one stream has. */
static i64 count_cell(const Shared *t, Work *w, u32 decision, u32 window, i64 table, i64 first_block, i64 blocks) {
    i64 n = 0, lag = first_block & ~3LL;
    u32 count_word[CELL_MOST / BLOCK + 8];
    const i64 *sums = t->count_sum + t->count_start[table];
    const i16 *guide = t->count_guide + table * W_count_guide;
    for (i64 quad = first_block >> 2; quad < (first_block + blocks + 3) >> 2; quad++)
        philox((u32)quad, decision, window, (u32)COUNT_INDEX, (u32)t->key0, (u32)t->key1, count_word + (quad << 2) - lag);
    for (i64 b = first_block; b < first_block + blocks; b++) {
        i64 word = count_word[b - lag], count = guide[word >> 24];
        while (word >= sums[count]) count++;
        i64 halves = (count + 1) >> 1;
        if (n + halves > w->size) return -1;
        for (i64 half = 0; half < halves; half++, n++) {
            w->block[n] = (u32)b;
            w->half[n] = (u32)half;
        }
        if (count & 1) w->half[n - 1] |= VOID;
    }
    return n;
}

static void draw_words(const Shared *t, Work *w, u32 decision, u32 window, i64 pairs, i64 first, i64 count) {
    u64 *restrict moment = w->moment, *restrict chance = w->chance;
    const u32 *restrict block = w->block, *restrict halves = w->half;
    for (i64 k = 0; k < pairs; k++) {
        u32 out[4], half = halves[k];
        u64 from = ((u64)block[k] << BLOCK_BITS) - (u64)first;
        philox(block[k], decision, window, half & 0xFFFF, (u32)t->key0, (u32)t->key1, out);
        moment[2 * k] = (from + (out[0] & (BLOCK - 1))) << 26 | out[0] >> BLOCK_BITS;
        moment[2 * k + 1] = (from + (out[2] & (BLOCK - 1))) << 26 | out[2] >> BLOCK_BITS;
        chance[2 * k] = out[1];
        chance[2 * k + 1] = out[3] | (u64)(half & VOID) << 12;
    }
    if (count & (BLOCK - 1))
        for (i64 j = 0; j < 2 * pairs; j++)
            if ((i64)(moment[j] >> 26) >= count) {
                moment[j] = 0;
                chance[j] = 1ULL << 32;
            }
}

/* Keep the candidates that traits let through: passes without branches, since luck cannot be predicted. */
static i64 thin(const Shared *t, const u32 *words, Work *w, i64 stream, i64 first, i64 years, i64 n) {
    u64 *restrict room = w->room;
    u32 *restrict trait = w->trait, *restrict at = w->at;
    const u64 *restrict moment = w->moment, *restrict chance = w->chance;
    i64 kept = 0, start = t->factor_start[stream], end = t->factor_start[stream + 1];
    if (start == end && t->age_shift < 0) {
        for (i64 j = 0; j < n; j++) {
            at[kept] = (u32)j;
            kept += 1 - (i64)(chance[j] >> 32);
        }
        return kept;
    }
    for (i64 j = 0; j < n; j++) {
        u32 word = words[first + (i64)(moment[j] >> 26)];
        trait[j] = word;
        room[j] = age_of(t, word, years) >= ADULT ? (u64)1 << 31 : 0;
    }
    for (i64 f = start; f < end; f++) {
        const i64 *row = t->factor_row + f * W_factor_row;
        const i64 *restrict lut = t->factor_lut + row[F_OFFSET];
        u32 shift = (u32)row[F_SHIFT], mask = (u32)row[F_MASK];
        if (row[F_AGES])
            for (i64 j = 0; j < n; j++)
                room[j] = (room[j] * lut[least(((trait[j] >> shift) & mask) + years, 127)]) >> 31;
        else
            for (i64 j = 0; j < n; j++) room[j] = (room[j] * lut[(trait[j] >> shift) & mask]) >> 31;
    }
    for (i64 j = 0; j < n; j++) {
        at[kept] = (u32)j;
        kept += chance[j] < room[j] << 1;
    }
    return kept;
}

INLINE void enter(Heap *heap, i64 place, i64 day, i64 event, i64 wanted) {
    i64 at = heap->fill[day];
    heap->event[day * heap->room + at] = place << WHO_SHIFT | day << DAY_SHIFT | event;
    heap->fill[day] = least(at + wanted, heap->room - 1);
    heap->start[place + 1] += (u32)wanted;
}

/* One source looks at the acts that may happen. */
static void look(const World *world, Work *w, i64 pair, i64 nth, u32 window, i64 first, i64 years, i64 left, i64 base) {
    const Shared *t = &world->t;
    const i64 *row = t->pair + pair * W_pair, *keeper = t->keeper + row[P_SOURCE] * W_keeper;
    u64 seen = (u64)row[P_SEEN], least_days = (u64)row[P_DELAY], span = (u64)row[P_DELAY_SPAN];
    u64 wrong = (u64)keeper[K_WRONG], repair = (u64)keeper[K_REPAIR], stale = (u64)keeper[K_STALE];
    u32 decision = (u32)row[P_RECORD_ID], *restrict record = w->record;
    u64 *restrict room = w->room;
    const u32 *restrict place = w->place;
    i64 *restrict item = w->item + base;
    for (i64 i = 0; i < left; i++) room[i] = seen;
    if (row[P_SET] >= 0)
        for (i64 i = 0; i < left; i++)
            room[i] = (seen * (u64)factor_product(t, row[P_SET], world->words[first + place[i]], years)) >> 31;
    for (i64 i = 0; i < left; i++) {
        u32 r[4], number = (u32)(item[i] >> NUMBER_SHIFT) & 0x3FFF;
        philox((u32)first + place[i], decision, window, number, (u32)t->key0, (u32)t->key1, r);
        u32 found = (u32)(least_days + ((r[1] * span) >> 32)) | (r[3] & 255) << RECORD_AMOUNT | 1u << RECORD_SEEN
                    | (u32)(r[2] < wrong) << RECORD_WRONG | (u32)(r[2] >= repair) << RECORD_REPAIR
                    | (u32)(r[3] >> 8 < stale) << RECORD_STALE;
        record[i] = r[0] < room[i] ? found : 0;
    }
    if (nth == 0)
        for (i64 i = 0; i < left; i++) item[i] |= (i64)record[i] << RECORD_SHIFT;
    else
        memcpy(w->more + (nth - 1) * w->size + base, record, (size_t)left * 4);
}

static void draw_acts(const World *world, Work *w, i64 kind, u32 window, i64 first, i64 days, i64 years, i64 left, i64 base) {
    const Shared *t = &world->t;
    for (i64 i = 0; i < left; i++) {
        u32 j = w->at[i];
        i64 moment = (i64)(w->moment[j] & 0x3FFFFFF) * days, number = 2 * (w->half[j >> 1] & 0xFFFF) + (j & 1);
        w->place[i] = (u32)(w->moment[j] >> 26);
        w->day[i] = (u32)(moment >> 26);
        w->item[base + i] = number << NUMBER_SHIFT | ((moment >> 10) & 0xFFFF);
    }
    i64 from = t->cover_start[kind], end = t->cover_start[kind + 1], head = (i64)ACT << CODE_SHIFT | kind << 30;
    for (i64 pair = from; pair < end; pair++) look(world, w, pair, pair - from, window, first, years, left, base);
    if (!t->act[kind * W_act + A_FREE]) {
        for (i64 i = 0; i < left; i++) enter(&w->events, w->place[i], w->day[i], head | (base + i), 1);
        return;
    }
    if (t->groups_traits == 0) w->free[kind] += left;
    else
        for (i64 i = 0; i < left; i++) w->free[group_of(t, world->words[first + w->place[i]]) * t->acts + kind]++;
    for (i64 i = 0; i < left; i++) {
        i64 seen = w->item[base + i] >> RECORD_SHIFT;
        for (i64 nth = 1; nth < end - from; nth++) seen |= w->more[(nth - 1) * w->size + base + i];
        enter(&w->events, w->place[i], w->day[i], head | (base + i), seen != 0);
    }
}

static void draw_asks(const World *world, Work *w, i64 door, i64 first, i64 days, i64 years, i64 left) {
    const Shared *t = &world->t;
    i64 head = (i64)ASK << CODE_SHIFT | door << 30, ordinary = t->door[door * W_door + D_ORDINARY];
    for (i64 i = 0; i < left; i++) {
        u64 drawn = w->moment[w->at[i]];
        i64 moment = (i64)(drawn & 0x3FFFFFF) * days, place = (i64)(drawn >> 26), luck = (moment >> 10) & 0xFFFF;
        i64 event = head | luck;
        if (ordinary > 0
            && luck < (ordinary * factor_product(t, t->streams + door, world->words[first + place], years)) >> 31)
            event |= ORDINARILY;
        enter(&w->asked, place, moment >> 26, event, 1);
    }
}

static void draw_false(const Shared *t, Work *w, i64 stream, i64 days, i64 left) {
    i64 head = (i64)FALSE << CODE_SHIFT | t->stream[stream * W_stream + S_PAIR] << 28;
    for (i64 i = 0; i < left; i++) {
        u32 j = w->at[i];
        i64 number = 2 * (w->half[j >> 1] & 0xFFFF) + (j & 1);
        enter(&w->events, (i64)(w->moment[j] >> 26), ((i64)(w->moment[j] & 0x3FFFFFF) * days) >> 26, head | number << 14, 1);
    }
}

static void empty(Heap *heap, i64 days, i64 count) {
    memset(heap->fill, 0, (size_t)days * 8);
    memset(heap->start, 0, (size_t)(count + 1) * 4);
}

static int is_full(const Heap *heap, i64 days) {
    for (i64 day = 0; day < days; day++)
        if (heap->fill[day] == heap->room - 1) return 1;
    return 0;
}

/* Whether there was room for what was drawn. */
static int draw_cell(const World *world, i64 cell, u32 window, Work *w) {
    const Shared *t = &world->t;
    i64 first = world->cells[cell * 3], count = world->cells[cell * 3 + 1], base = 0;
    i64 days = world->window_days[window], years = world->window_years[window], mask = world->window_mask[window];
    i64 first_block = first >> BLOCK_BITS, blocks = (count + BLOCK - 1) >> BLOCK_BITS;
    memset(w->free, 0, (size_t)(world->n_groups * t->acts) * 8);
    empty(&w->events, days, count);
    empty(&w->asked, days, count);
    for (i64 stream = 0; stream < t->streams; stream++) {
        w->kept[stream] = 0;
        i64 month = t->stream[stream * W_stream + S_MONTH];
        if (month >= 0 && !((mask >> month) & 1)) continue;
        u32 decision = (u32)t->stream[stream * W_stream + S_ID];
        i64 table = stream * t->count_tables + world->window_table[window];
        i64 pairs = count_cell(t, w, decision, window, table, first_block, blocks);
        if (pairs < 0) return 0;
        if (pairs == 0) continue;
        draw_words(t, w, decision, window, pairs, first, count);
        i64 left = thin(t, world->words, w, stream, first, years, 2 * pairs);
        w->kept[stream] = left;
        if (stream < t->acts) {
            if (base + left > w->size) return 0;
            draw_acts(world, w, stream, window, first, days, years, left, base);
            base += left;
        } else if (stream < t->acts + t->doors) draw_asks(world, w, stream - t->acts, first, days, years, left);
        else draw_false(t, w, stream, days, left);
    }
    return !is_full(&w->events, days) && !is_full(&w->asked, days);
}

/* Sort what is almost in order. */
static void straighten(i64 *events, i64 n) {
    for (i64 i = 1; i < n; i++) {
        i64 moving = events[i], at = i - 1;
        if (moving >= events[at]) continue;
        for (; at >= 0 && events[at] > moving; at--) events[at + 1] = events[at];
        events[at + 1] = moving;
    }
}

/* Order a heap, which is in order of days, by citizen; return how many, or -1 where there is no room. */
static i64 sort_heap(Heap *heap, i64 count, i64 days, i64 *ordered, i64 size) {
    u32 *start = heap->start, n = 0;
    for (i64 c = 0; c <= count; c++) start[c] = n += start[c];
    if (n >= size) return -1;
    for (i64 day = 0; day < days; day++)
        for (i64 i = 0; i < heap->fill[day]; i++) {
            i64 event = heap->event[day * heap->room + i];
            ordered[start[event >> WHO_SHIFT]++] = event;
        }
    ordered[n] = END;
    return n;
}
