/* One cell's window on one side, and what is counted at its end. */
#include "glasstown.h"

/* Order events by six bits. */
static void by_digit(const i64 *events, i64 *out, i64 n, int shift) {
    i64 digits[65] = {0};
    for (i64 i = 0; i < n; i++) digits[((events[i] >> shift) & 63) + 1]++;
    for (int d = 0; d < 64; d++) digits[d + 1] += digits[d];
    for (i64 i = 0; i < n; i++) out[digits[(events[i] >> shift) & 63]++] = events[i];
}

/* Take what waits for this window out of the pool, in order. */
static void take_due(Pool *pool, i64 window, i64 *due, i64 *other) {
    i32 at = pool->head[window], n = 0;
    while (at >= 0) {
        i32 following = pool->next[at];
        due[n++] = pool->event[at];
        pool->next[at] = pool->free;
        pool->free = at;
        at = following;
    }
    pool->spare += n;
    pool->head[window] = -1;
    pool->many[window] = 0;
    if (n > 16) {
        by_digit(due, other, n, WHO_SHIFT);
        by_digit(other, due, n, WHO_SHIFT + 6);
    }
    straighten(due, n);
    due[n] = END;
}

static void grow(Pool *pool) {
    pool->size *= 2;
    pool->event = realloc(pool->event, (size_t)pool->size * 8);
    pool->next = realloc(pool->next, (size_t)pool->size * 4);
}

static void make_room(const World *world, Side *side, Pool *pool, i64 window, const i64 *kept, i64 n, i64 asked) {
    const Shared *t = &world->t;
    const Rules *r = &side->rules;
    i64 need = pool->many[window] * world->most_rules, doors_end = t->acts + t->doors;
    for (i64 k = 0; k < t->acts; k++) need += kept[k] * r->kind[k * W_kind + V_SPREAD];
    for (i64 k = doors_end; k < t->streams; k++) need += kept[k] * r->false_spread[k - doors_end];
    while (need > pool->size - pool->top + pool->spare) grow(pool);
    while (side->letters + n * world->most_pairs > side->letters_room) {
        side->letters_room = 2 * side->letters_room + 65536;
        side->mail = realloc(side->mail, (size_t)side->letters_room * sizeof(Letter));
    }
    while (side->requests + asked > side->requests_room) {
        side->requests_room = 2 * side->requests_room + 65536;
        side->queue = realloc(side->queue, (size_t)side->requests_room * sizeof(Request));
    }
}

static void decay_points(const Rules *r, State *s, i64 who, i64 *tally) {
    i64 left = r->decay;
    for (int d = 0; d < 4; d++) {
        i64 held = s->points[who][d], step = least(left, llabs(held)), moved = held > 0 ? -step : step;
        if (step == 0) continue;
        s->points[who][d] = (i16)(held + moved);
        tally[r->base[M_RETURNED] + d] += moved;
        left -= step;
    }
    s->wrong[who] = (i16)(s->wrong[who] - least(most(s->wrong[who], -r->decay), r->decay));
    s->unable[who] = (i16)(s->unable[who] - least(most(s->unable[who], -r->decay), r->decay));
}

static void close_window(const World *world, Side *side, i64 *standing, i64 first, i64 count, i64 window, i64 years, i64 *scores) {
    const Shared *t = &world->t;
    const Rules *r = &side->rules;
    State *s = &side->state;
    i64 keep = t->respond[R_STRESS_KEEP], back = t->respond[R_MOTIVE_BACK];
    for (i64 who = first; who < first + count; who++) {
        s->stress[who] = (u8)((s->stress[who] * keep) >> 8);
        s->motive[who] = (u8)(s->motive[who] + (((FULL - s->motive[who]) * back) >> 8));
    }
    static const i16 nothing[4];
    i64 start_score = score_of(r, nothing), start_grade = band_of(r, start_score);
    for (i64 who = first; who < first + count; who++) {
        i64 word = world->words[who], age = age_of(t, word, years);
        if (age < ADULT || age < r->min_age) continue;
        i64 *row = side->tally + group_of(t, word) * world->columns, held_now = 0;
        row[r->base[M_STRESS]] += s->stress[who];
        for (i64 source = 0; t->visiting && source < r->base[M_VISITS + 1] - r->base[M_VISITS]; source++)
            if (t->keeper[source * W_keeper + K_VISITS] > 0 && visited(t, source, who, window))
                row[r->base[M_VISITS] + source]++;
        if (r->consent < 0xFFFFFFFF) {
            u32 c[4];
            philox((u32)who, (u32)t->consent_id, 0, 0, (u32)t->key0, (u32)t->key1, c);
            if (c[0] >= r->consent) continue;
        }
        held_now = any_held(r, s, who);
        const i16 *p = s->points[who];
        if ((p[0] | p[1] | p[2] | p[3] | s->wrong[who] | s->unable[who] | held_now) == 0) {
            row[r->base[M_GRADE] + start_grade]++;
            scores[(start_score - r->floor) / 10]++;
            continue;
        }
        if (r->decay > 0) {
            decay_points(r, s, who, row);
            standing[who - first] = score_of(r, p);
        }
        i64 score = standing[who - first], grade = grade_of(r, s, who, score, 0);
        row[r->base[M_GRADE] + grade]++;
        scores[(score - r->floor) / 10]++;
        if (s->wrong[who] >= 0 && held_now == 0) continue;
        if (grade_of(r, s, who, score_without(r, p, s->wrong[who]), 1) > grade) row[r->base[M_GRADED_DOWN]]++;
        for (i64 h = 0; h < r->holds; h++) row[r->base[M_HELD] + h] += s->hold[who * r->holds + h] > 0;
    }
}

typedef struct { i64 *ahead, ahead_room, *due, *other, due_room; } Scratch;

static void live_cell(World *world, Side *side, i64 cell, i64 window, i64 n, i64 asked, const Work *drawn, Scratch *scratch) {
    const Shared *t = &world->t;
    i64 first = world->cells[cell * 3], count = world->cells[cell * 3 + 1], place = world->cells[cell * 3 + 2];
    i64 years = world->window_years[window], columns = world->columns, acts = side->rules.base[M_ACTS];
    Pool *pool = side->pool + cell;
    make_room(world, side, pool, window, drawn->kept, n, asked);
    i64 waiting = pool->many[window], room = (n * world->most_pairs + waiting) * (3 + 3 * world->most_rules) + 8;
    if (waiting >= scratch->due_room) {
        scratch->due_room = 2 * waiting + 2;
        scratch->due = realloc(scratch->due, (size_t)scratch->due_room * 8);
        scratch->other = realloc(scratch->other, (size_t)scratch->due_room * 8);
    }
    if (room > scratch->ahead_room)
        scratch->ahead = realloc(scratch->ahead, (size_t)(scratch->ahead_room = 2 * room) * 8);
    take_due(pool, window, scratch->due, scratch->other);
    if (world->window_new_year[window])
        memset(side->state.cap + first * side->rules.caps, 0, (size_t)(count * side->rules.caps));
    for (i64 g = 0; g < world->n_groups; g++)
        for (i64 kind = 0; kind < t->acts; kind++)
            side->tally[g * columns + acts + kind] += drawn->free[g * t->acts + kind];
    i64 standing[CELL_MOST];
    for (i64 c = 0; c < count; c++) standing[c] = score_of(&side->rules, side->state.points[first + c]);
    Life life = {world, side, pool, window, years, t->first_day[window], t->first_day[window + 1],
                 t->first_day[t->windows], 0, 0, 0, NULL, {scratch->ahead, 0, 0, 0}, drawn, standing};
    live_citizens(&life, first, scratch->due);
    close_window(world, side, standing, first, count, window, years, side->scores + window * world->bins);
    int last = window == t->windows - 1;
    i64 *by_place = side->place + (window * world->n_places + place) * columns, *by_cell = side->cell + cell * columns;
    for (i64 g = 0; g < world->n_groups; g++)
        for (i64 c = 0; c < columns; c++) {
            i64 value = side->tally[g * columns + c];
            if (value == 0) continue;
            by_place[c] += value;
            side->group[g * columns + c] += value;
            if (c < side->rules.flows || last) by_cell[c] += value;
            side->tally[g * columns + c] = 0;
        }
}
