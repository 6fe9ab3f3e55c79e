/* What crosses citizens at a window's end: mail, scarce places, what everybody hears. */
#include "glasstown.h"

static void count_one(World *world, Side *side, i64 who, i64 window, i64 measure, i64 item) {
    i64 cell = world->cell_of_block[who >> BLOCK_BITS], column = side->rules.base[measure] + item;
    side->place[(window * world->n_places + world->cells[cell * 3 + 2]) * world->columns + column]++;
    side->group[group_of(&world->t, world->words[who]) * world->columns + column]++;
    side->cell[cell * world->columns + column]++;
}

static int by_address(const void *x, const void *y) {
    const Letter *a = x, *b = y;
    if (a->who != b->who) return a->who < b->who ? -1 : 1;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    return a->rest < b->rest ? -1 : a->rest > b->rest;
}

static void deliver(World *world, Side *side, i64 window) {
    const Shared *t = &world->t;
    qsort(side->mail, (size_t)side->letters, sizeof(Letter), by_address);
    for (i64 j = 0; j < side->letters; j++) {
        const Letter *letter = side->mail + j;
        i64 cell = world->cell_of_block[letter->who >> BLOCK_BITS];
        Pool *pool = side->pool + cell;
        if (window + 1 < t->windows) {
            if (pool->size - pool->top + pool->spare < 1) grow(pool);
            i64 day = most(letter->day, t->first_day[window + 1]);
            if (day < t->first_day[t->windows]) {
                i64 later = t->window_of_day[day];
                i64 place = letter->who - world->cells[cell * 3], on = day - t->first_day[later];
                wait_in(pool, later, place << WHO_SHIFT | on << DAY_SHIFT | (i64)POST << CODE_SHIFT | letter->rest);
            }
        }
        count_one(world, side, letter->who, window, M_RECEIVED, 0);
    }
    side->letters = 0;
}

static int by_lot(const void *x, const void *y) {
    const Request *a = x, *b = y;
    if (a->luck != b->luck) return a->luck < b->luck ? -1 : 1;
    if (a->who != b->who) return a->who < b->who ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

static int by_priority(const void *x, const void *y) {
    const Request *a = x, *b = y;
    if (a->priority != b->priority) return a->priority > b->priority ? -1 : 1;
    return by_lot(x, y);
}

static void allot(World *world, Side *side, i64 window) {
    const Shared *t = &world->t;
    Request *asked = malloc((size_t)(side->requests + 1) * sizeof *asked);
    u8 *lucky = zeros(side->requests, 1);
    for (i64 door = 0; door < t->doors; door++) {
        if (!t->door[door * W_door + D_SCARCE]) continue;
        i64 n = 0, places = world->scarce[door];
        for (i64 j = 0; j < side->requests; j++)
            if (side->queue[j].door == door) asked[n++] = side->queue[j];
        qsort(asked, (size_t)n, sizeof *asked, by_lot);
        for (i64 j = 0; j < n; j++) lucky[asked[j].at] = j < places;
        qsort(asked, (size_t)n, sizeof *asked, by_priority);
        for (i64 j = 0; j < n; j++) {
            count_one(world, side, asked[j].who, window, j < places ? M_GRANTED : M_SCARCE, door);
            if (j < places) continue;
            if (t->door[door * W_door + D_CHILD] && lucky[asked[j].at])
                count_one(world, side, asked[j].who, window, M_PASSED_ON, door);
        }
        /* Read all, then write: who is refused twice in one window suffers once. */
        for (i64 j = places; j < n; j++) asked[j].luck = side->state.stress[asked[j].who] + t->respond[R_PER_REFUSAL];
        for (i64 j = places; j < n; j++) side->state.stress[asked[j].who] = (u8)least(asked[j].luck, FULL);
    }
    free(asked);
    free(lucky);
    side->requests = 0;
}

static void hear(World *world, Side *side, i64 window) {
    for (int d = 0; d < 4; d++) {
        i64 watched = 0, caught = 0;
        for (i64 p = 0; p < world->n_places; p++) {
            const i64 *row = side->place + (window * world->n_places + p) * world->columns;
            watched += row[side->rules.base[M_WATCHED] + d];
            caught += row[side->rules.base[M_CAUGHT] + d];
        }
        i64 *news = side->state.news + d;
        if (watched > 0) *news = (7 * *news + (FULL * least(caught, watched)) / watched) / 8;
    }
}
