/* Reading the tables: a count, an index of (name, size of an item, number, offset), then the numbers. */
#include "glasstown.h"

typedef struct { char name[32]; i64 size, count, offset; } Entry;
typedef struct { char *bytes; i64 count; Entry *entries; } Tables;

static Tables read_tables(const char *path) {
    Tables out = {0};
    FILE *file = fopen(path, "rb");
    if (!file) { perror(path); exit(1); }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    out.bytes = aligned_alloc(64, ((size_t)size + 63) / 64 * 64);
    if (fread(out.bytes, 1, (size_t)size, file) != (size_t)size) { perror(path); exit(1); }
    fclose(file);
    out.count = *(i64 *)out.bytes;
    out.entries = (Entry *)(out.bytes + sizeof(i64));
    return out;
}

static Entry *entry_of(const Tables *tables, const char *prefix, const char *name, i64 size) {
    char whole[64];
    snprintf(whole, sizeof whole, "%s%s", prefix, name);
    for (i64 i = 0; i < tables->count; i++)
        if (strncmp(tables->entries[i].name, whole, 32) == 0 && tables->entries[i].size == size)
            return tables->entries + i;
    fprintf(stderr, "no table %s of items of %d bytes\n", whole, (int)size);
    exit(1);
}

#define TABLE(field) out->field = (void *)(in->bytes + entry_of(in, prefix, #field, sizeof *out->field)->offset)
#define ONE_NUMBER(field) out->field = *(i64 *)(in->bytes + entry_of(in, prefix, #field, 8)->offset)

static void load_shared(const Tables *in, Shared *out) {
    const char *prefix = "";
    ONE_NUMBER(acts); ONE_NUMBER(doors); ONE_NUMBER(key0); ONE_NUMBER(key1); ONE_NUMBER(age_shift);
    ONE_NUMBER(count_tables); ONE_NUMBER(unable_shift); ONE_NUMBER(unable_below); ONE_NUMBER(consent_id); ONE_NUMBER(visiting);
    TABLE(group); TABLE(trait); TABLE(stream); TABLE(count_sum); TABLE(count_start); TABLE(count_guide);
    TABLE(factor_start); TABLE(factor_row); TABLE(factor_lut); TABLE(act); TABLE(cover_start); TABLE(pair);
    TABLE(keeper); TABLE(door); TABLE(deter); TABLE(silence); TABLE(lapse); TABLE(respond); TABLE(adults);
    TABLE(window_of_day); TABLE(first_day);
    out->groups_traits = entry_of(in, prefix, "group", 8)->count / W_group;
    out->streams = entry_of(in, prefix, "stream", 8)->count / W_stream;
    out->adults_n = entry_of(in, prefix, "adults", 4)->count;
    out->windows = entry_of(in, prefix, "first_day", 8)->count - 1;
}

static void load_rules(const Tables *in, const char *prefix, Rules *out) {
    ONE_NUMBER(start); ONE_NUMBER(floor); ONE_NUMBER(ceiling); ONE_NUMBER(min_age); ONE_NUMBER(decay);
    ONE_NUMBER(consent); ONE_NUMBER(any_rule); ONE_NUMBER(same_domain);
    TABLE(weights); TABLE(band_from); TABLE(rule_start); TABLE(rule); TABLE(cap_limit); TABLE(hold); TABLE(door);
    TABLE(kind); TABLE(false_spread); TABLE(base); TABLE(code);
    out->bands = entry_of(in, prefix, "band_from", 8)->count;
    out->holds = entry_of(in, prefix, "hold", 8)->count / W_hold;
    out->caps = entry_of(in, prefix, "cap_limit", 8)->count;
    out->flows = out->base[M_GRADE];
}

static void load_world(const Tables *in, World *out) {
    const char *prefix = "";
    load_shared(in, &out->t);
    ONE_NUMBER(citizens); ONE_NUMBER(n_places); ONE_NUMBER(n_groups); ONE_NUMBER(columns); ONE_NUMBER(bins);
    ONE_NUMBER(n_sides); ONE_NUMBER(pool_size); ONE_NUMBER(work_size); ONE_NUMBER(most_pairs); ONE_NUMBER(most_rules);
    TABLE(words); TABLE(cells); TABLE(cell_of_block); TABLE(scarce);
    TABLE(window_table); TABLE(window_mask); TABLE(window_days); TABLE(window_years); TABLE(window_new_year);
    out->n_cells = entry_of(in, prefix, "cells", 8)->count / 3;
    for (i64 s = 0; s < out->n_sides; s++) load_rules(in, s == 0 ? "s0." : "s1.", &out->side[s].rules);
}

static void *zeros(i64 count, i64 size) {
    void *out = calloc((size_t)most(count, 1), (size_t)size);
    if (!out) { perror("memory"); exit(1); }
    return out;
}

static void begin_side(const World *world, Side *side) {
    i64 n = world->citizens, risk = world->t.respond[R_START_RISK], windows = world->t.windows;
    State *s = &side->state;
    s->points = zeros(n, sizeof *s->points); s->wrong = zeros(n, 2); s->unable = zeros(n, 2);
    s->hold = zeros(n * side->rules.holds, 1); s->hold_why = zeros(n * side->rules.holds, 1);
    s->cap = zeros(n * side->rules.caps, 1); s->risk = zeros(n, 1); s->stress = zeros(n, 1); s->motive = zeros(n, 1);
    memset(s->risk, (int)risk, (size_t)n);
    memset(s->motive, FULL, (size_t)n);
    for (int d = 0; d < 4; d++) s->news[d] = risk;
    side->place = zeros(windows * world->n_places * world->columns, 8);
    side->group = zeros(world->n_groups * world->columns, 8);
    side->cell = zeros(world->n_cells * world->columns, 8);
    side->scores = zeros(windows * world->bins, 8);
    side->tally = zeros(world->n_groups * world->columns, 8);
    side->pool = zeros(world->n_cells, sizeof *side->pool);
    for (i64 c = 0; c < world->n_cells; c++) {
        Pool *pool = side->pool + c;
        pool->size = (i32)world->pool_size;
        pool->event = malloc((size_t)pool->size * 8); pool->next = malloc((size_t)pool->size * 4);
        pool->head = malloc((size_t)windows * 4); pool->many = zeros(windows, 4);
        memset(pool->head, -1, (size_t)windows * 4);
        pool->free = -1;
    }
}
