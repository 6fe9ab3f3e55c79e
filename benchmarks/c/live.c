/* One citizen through one window, day by day, on one side of a pair. */
#include "glasstown.h"

typedef struct {
    World *world;
    Side *side;
    Pool *pool;
    i64 window, years, first_day, next_day, last_day;
    i64 place, who, word, *tally;
    List ahead;
    const Work *drawn;
    i64 *standing;
} Life;

#define COUNT(measure, item) l->tally[r->base[measure] + (item)]

static void wait_in(Pool *pool, i64 window, i64 event) {
    i32 at = pool->free;
    if (at >= 0) {
        pool->free = pool->next[at];
        pool->spare--;
    } else at = pool->top++;
    pool->event[at] = event;
    pool->next[at] = pool->head[window];
    pool->head[window] = at;
    pool->many[window]++;
}

static void schedule(Life *l, i64 day, i64 event) {
    const Shared *t = &l->world->t;
    if (day < l->next_day) {
        i64 packed = event | (day - l->first_day) << DAY_SHIFT | l->place << WHO_SHIFT, at = l->ahead.n++;
        i64 *ahead = l->ahead.event;
        for (; at > l->ahead.at && ahead[at - 1] > packed; at--) ahead[at] = ahead[at - 1];
        ahead[at] = packed;
    } else if (day < l->last_day) {
        i64 later = t->window_of_day[day];
        wait_in(l->pool, later, event | (day - t->first_day[later]) << DAY_SHIFT | l->place << WHO_SHIFT);
    }
}

INLINE i64 weighted(const Rules *r, i64 domain, i64 points) { return floor_div(points * r->weights[domain], 100); }
INLINE void shift_points(i16 *column, i64 points) { *column = (i16)most(least(*column + points, DOM_MOST), -DOM_MOST); }
INLINE int lacking(const Shared *t, i64 word) {
    return t->unable_shift >= 0 && ((word >> t->unable_shift) & 3) < t->unable_below;
}

/* Whether a citizen is a subject of this side's scheme: old enough, and willing where it asks. */
static int scored(const Life *l) {
    const Shared *t = &l->world->t;
    const Rules *r = &l->side->rules;
    if (age_of(t, l->word, l->years) < r->min_age) return 0;
    if (r->consent >= 0xFFFFFFFF) return 1;
    u32 c[4];
    philox((u32)l->who, (u32)t->consent_id, 0, 0, (u32)t->key0, (u32)t->key1, c);
    return c[0] < r->consent;
}

/* How much of a kind's ceiling a citizen shows under this side's scheme, in Q15. */
static i64 response(const Life *l, i64 kind, i64 flags, i64 severity, i64 reward) {
    const Shared *t = &l->world->t;
    const Rules *r = &l->side->rules;
    const State *s = &l->side->state;
    i64 out = ONE, who = l->who;
    if (severity > 0 && flags & (RESPONDS_DETERRENCE | RESPONDS_SILENCE)) {
        i64 told = s->news[t->act[kind * W_act + A_DOMAIN]];
        i64 at = (((3 * s->risk[who] + told) >> 2) >> RISK_SHIFT) * SEVERITY_STEPS + (severity >> SEVERITY_SHIFT);
        if (flags & RESPONDS_DETERRENCE) out = (out * t->deter[at]) >> 15;
        if (flags & RESPONDS_SILENCE) out = (out * t->silence[at]) >> 15;
    }
    if (flags & RESPONDS_STRESS) out = (out * (ONE + ((t->respond[R_STRESS] * s->stress[who]) >> 8))) >> 15;
    if (reward > 0) {
        if (flags & RESPONDS_GAMING) {
            i64 score = l->standing[l->place];
            for (i64 b = 1; b < r->bands; b++) {
                i64 gap = r->band_from[b] - score;
                if (gap > 0 && gap <= t->respond[R_REACH]) {
                    out = (out * (ONE + t->respond[R_GAMING])) >> 15;
                    break;
                }
            }
        }
        if (flags & RESPONDS_CROWDING)
            out = (out * (ONE - ((t->respond[R_CROWD] * (FULL - s->motive[who])) >> 8))) >> 15;
    }
    if (flags & RESPONDS_INCAPACITATION && t->respond[R_CONFINED] != ONE && r->any_rule)
        if (grade_of(r, s, who, l->standing[l->place], 0) == 0) out = (out * t->respond[R_CONFINED]) >> 15;
    return out;
}

enum { NOTHING = -1 };

/* Write down an act at one source as its record says, or a falsehood (0); a namesake's goes into the mail. Return what
 * is to be posted at once. */
static i64 write_record(Life *l, i64 day, i64 pair, u32 number, i64 record) {
    const Shared *t = &l->world->t;
    const Rules *r = &l->side->rules;
    const i64 *row = t->pair + pair * W_pair, *keeper = t->keeper + row[P_SOURCE] * W_keeper;
    i64 kind = row[P_KIND], source = row[P_SOURCE], corrected = 0, target = 0;
    if (record && keeper[K_VISITS] > 0 && !visited(t, source, l->who, l->window)) return NOTHING;
    i64 status = record ? (record >> RECORD_WRONG) & 1 : FALSE_RECORD;
    if (status == TRUE_RECORD) COUNT(M_RECORDS, pair)++;
    else {
        u32 q[4], w[4], who = (u32)l->who, k0 = (u32)t->key0, k1 = (u32)t->key1, window = (u32)l->window;
        if (!record) number += (u32)FALSE_INDEX;
        philox(who, (u32)row[P_MEND_ID], window, number, k0, k1, q);
        COUNT(status == WRONG_PERSON ? M_WRONG_PERSON : M_FALSE, pair)++;
        if (!record) {
            philox(who, (u32)row[P_RECORD_ID], window, number, k0, k1, w);
            record = (i64)(w[3] & 255) << RECORD_AMOUNT | (i64)(w[3] >> 8 < keeper[K_STALE]) << RECORD_STALE;
        }
        if (q[0] < keeper[K_NOTICE]) {
            COUNT(M_NOTICED, source)++;
            if (q[1] < keeper[K_OBJECTS]) {
                COUNT(M_OBJECTED, source)++;
                if (q[2] < keeper[K_UPHELD]) {
                    COUNT(M_CORRECTED, source)++;
                    corrected = 1;
                }
            }
        }
        target = t->adults[((u64)q[3] * (u64)t->adults_n) >> 32];
    }
    if (r->rule_start[kind + 1] == r->rule_start[kind]) return NOTHING;
    i64 rest = kind << 30 | source << 25 | status << 23 | (record & ((1 << RECORD_WRONG) - 1)) | corrected << 12;
    i64 due = day + (record & LATE_MOST) + r->kind[kind * W_kind + V_GRACE];
    if (status == WRONG_PERSON) {
        COUNT(M_SENT, 0)++;
        l->side->mail[l->side->letters++] = (Letter){target, due, rest};
        return NOTHING;
    }
    if (due == day) return rest;
    schedule(l, due, (i64)POST << CODE_SHIFT | rest);
    return NOTHING;
}

static i64 act(Life *l, i64 day, i64 rest) {
    const Shared *t = &l->world->t;
    const Rules *r = &l->side->rules;
    i64 kind = rest >> 30, at = rest & ITEM_MASK, item = l->drawn->item[at], now = NOTHING;
    if (!t->act[kind * W_act + A_FREE]) {
        i64 flags = t->act[kind * W_act + A_FLAGS];
        i64 severity = r->kind[kind * W_kind + V_SEVERITY], reward = r->kind[kind * W_kind + V_REWARD];
        if ((severity > 0 || reward > 0) && !scored(l)) severity = reward = 0;
        if (flags & 63) {
            i64 shown = response(l, kind, flags, severity, reward);
            if ((item & 0xFFFF) >= (shown * t->act[kind * W_act + A_ROOM]) >> 14) return NOTHING;
        }
        COUNT(M_ACTS, kind)++;
        if (flags & NEEDS_ABILITY && lacking(t, l->word)) COUNT(M_ACTS_UNABLE, kind)++;
        if (severity > 0) {
            COUNT(M_WATCHED, t->act[kind * W_act + A_DOMAIN])++;
            u8 *risk = l->side->state.risk + l->who;
            *risk = (u8)(*risk - (*risk >> 5));
        }
    }
    i64 first = t->cover_start[kind];
    for (i64 pair = first; pair < t->cover_start[kind + 1]; pair++) {
        i64 record = pair == first ? item >> RECORD_SHIFT : l->drawn->more[(pair - first - 1) * l->drawn->size + at];
        if (record == 0) continue;
        i64 found = write_record(l, day, pair, (u32)(item >> NUMBER_SHIFT) & 0x3FFF, record);
        if (now == NOTHING) now = found;
        else if (found != NOTHING) schedule(l, day, (i64)POST << CODE_SHIFT | found);
    }
    return now;
}

/* Days from a record until its subject does what is owed; -1 for never. */
static i64 days_to_perform(const Life *l, i64 kind, i64 day) {
    const Shared *t = &l->world->t;
    const i64 *row = t->act + kind * W_act;
    i64 hazard = (row[A_PERFORM] * factor_product(t, row[A_PERFORM_SET], l->word, l->years)) >> 31;
    if (hazard == 0) return -1;
    u32 q[4];
    philox((u32)l->who, (u32)row[A_PERFORM_ID], (u32)day, 0, (u32)t->key0, (u32)t->key1, q);
    return (t->lapse[q[0] >> LAPSE_SHIFT] << 16) / hazard;
}

/* Post a record by every rule that it meets. */
static void post(Life *l, i64 day, i64 rest) {
    const Shared *t = &l->world->t;
    const Rules *r = &l->side->rules;
    State *s = &l->side->state;
    i64 who = l->who;
    if (!scored(l)) return;
    i64 kind = rest >> 30, source = (rest >> 25) & 31, status = (rest >> 23) & 3, amount = (rest >> 15) & 255;
    i64 repair = (rest >> 14) & 1, stale = (rest >> 13) & 1, corrected = (rest >> 12) & 1, late = rest & LATE_MOST;
    int unable = status == TRUE_RECORD && t->act[kind * W_act + A_FLAGS] & NEEDS_ABILITY && lacking(t, l->word);
    int felt = 0;
    i64 grace = r->kind[kind * W_kind + V_GRACE];
    if (corrected && t->keeper[source * W_keeper + K_CORRECT_DAYS] < grace) return;
    for (i64 at = r->rule_start[kind]; at < r->rule_start[kind + 1]; at++) {
        const i64 *rule = r->rule + at * W_rule;
        if (!((rule[U_SOURCES] >> source) & 1) || day < rule[U_FROM] || day > rule[U_UNTIL]) continue;
        if (rule[U_WHEN] >= 0 && !condition(t, r, rule[U_WHEN], l->word, l->years, amount, late, source)) continue;
        i64 hold = rule[U_HOLD], performs = -1;
        const i64 *list = r->hold + hold * W_hold;
        if (hold >= 0) {
            if (list[H_LOCK] >= 0 && s->hold[who * r->holds + list[H_LOCK]] > 0) continue;
            if (status == TRUE_RECORD && list[H_REMOVAL] >= 0 && t->act[kind * W_act + A_PERFORM] > 0) {
                performs = days_to_perform(l, kind, day - grace);
                if (performs >= 0 && performs < grace) {
                    COUNT(M_GRACE, hold)++;
                    continue;
                }
            }
        }
        i64 step = (amount * (rule[U_HIGH] - rule[U_LOW] + 1)) >> 8, domain = rule[U_DOMAIN];
        i64 points = rule[U_HIGH] <= 0 ? rule[U_HIGH] - step : rule[U_LOW] + step;
        if (rule[U_CAP] >= 0) {
            u8 *used = s->cap + who * r->caps + rule[U_CAP];
            i64 left = r->cap_limit[rule[U_CAP]] - *used;
            points = most(least(points, left), -left);
            *used = (u8)(*used + llabs(points));
        }
        i64 before = s->points[who][domain];
        points = most(least(before + points, DOM_MOST), -DOM_MOST) - before;
        s->points[who][domain] = (i16)(before + points);
        COUNT(M_POSTED, at)++;
        if (points < 0) {
            COUNT(M_LOST, domain) -= points;
            if (status != TRUE_RECORD) COUNT(M_LOST_WRONGLY, domain) -= points;
            if (unable) COUNT(M_LOST_UNABLE, domain) -= points;
        } else COUNT(M_GAINED, domain) += points;
        if (status != TRUE_RECORD) shift_points(s->wrong + who, weighted(r, domain, points));
        else if (unable) shift_points(s->unable + who, weighted(r, domain, points));
        if (hold >= 0 && s->hold[who * r->holds + hold] == HOLD_MOST) hold = -1;
        if (hold >= 0) {
            if (s->hold[who * r->holds + hold] == 0) {
                COUNT(M_ENTERED, hold)++;
                if (status != TRUE_RECORD) COUNT(M_ENTERED_WRONGLY, hold)++;
                else if (unable) COUNT(M_ENTERED_UNABLE, hold)++;
            }
            s->hold[who * r->holds + hold]++;
            if (status != TRUE_RECORD) s->hold_why[who * r->holds + hold]++;
            else if (unable) s->hold_why[who * r->holds + hold] += 16;
        }
        if (points < 0 || hold >= 0) felt = 1;
        else if (points > 0) s->motive[who] = (u8)(s->motive[who] - (s->motive[who] >> 4));
        i64 term = rule[U_TERM], mended = 0, performed = 0, days = t->keeper[source * W_keeper + K_CORRECT_DAYS] - grace;
        if (repair && rule[U_REPAIR] >= 0 && (term < 0 || rule[U_REPAIR] < term)) term = rule[U_REPAIR];
        if (performs >= 0 && hold >= 0 && (term < 0 || performs - grace + list[H_REMOVAL] < term)) {
            term = performs - grace + list[H_REMOVAL];
            performed = 1;
        }
        if (corrected && (term < 0 || days < term)) {
            term = days;
            mended = 1;
        }
        if (term >= 0)
            schedule(l, day + term,
                     (i64)EXPIRE << CODE_SHIFT | kind << 30 | domain << 28 | (points + POINTS_ZERO) << 15
                         | (hold >= 0 ? hold : NO_HOLD) << 11 | (i64)(status != TRUE_RECORD) << 10 | (i64)unable << 9
                         | (i64)(stale && !mended) << 8 | mended << 7 | source << 2 | performed);
    }
    l->standing[l->place] = score_of(r, s->points[who]);
    if (felt) {
        s->risk[who] = (u8)(s->risk[who] + ((FULL - s->risk[who]) >> 3));
        if (status == TRUE_RECORD) COUNT(M_CAUGHT, t->act[kind * W_act + A_DOMAIN])++;
    }
}

/* Take a posting back at the end of its term, or let it turn stale and stay. */
static void expire(Life *l, i64 day, i64 rest) {
    const Rules *r = &l->side->rules;
    State *s = &l->side->state;
    i64 who = l->who, domain = (rest >> 28) & 3, hold = (rest >> 11) & 15;
    i64 points = ((rest >> 15) & 0x1FFF) - POINTS_ZERO;
    int wrong = (rest >> 10) & 1, unable = (rest >> 9) & 1;
    const i64 weight = weighted(r, domain, points), weight_back = -weight;
    if ((rest >> 8) & 1) {
        if (!wrong) {
            shift_points(s->wrong + who, weight);
            if (hold != NO_HOLD) s->hold_why[who * r->holds + hold] = (u8)(s->hold_why[who * r->holds + hold] + 1 - 16 * unable);
            if (unable) shift_points(s->unable + who, weight_back);
        }
        COUNT(M_STALE, (rest >> 2) & 31)++;
        i64 again = (i64)EXPIRE << CODE_SHIFT | (rest & ~(i64)(1 << 8 | 1 << 9)) | 1 << 10;
        schedule(l, day + l->world->t.keeper[((rest >> 2) & 31) * W_keeper + K_STALE_DAYS], again);
        return;
    }
    i64 before = s->points[who][domain], left = most(least(before - points, DOM_MOST), -DOM_MOST);
    s->points[who][domain] = (i16)left;
    l->standing[l->place] = score_of(r, s->points[who]);
    COUNT(M_RETURNED, domain) += left - before;
    if (wrong) shift_points(s->wrong + who, weight_back);
    else if (unable) shift_points(s->unable + who, weight_back);
    if (hold != NO_HOLD) {
        s->hold[who * r->holds + hold]--;
        if (wrong) s->hold_why[who * r->holds + hold]--;
        else if (unable) s->hold_why[who * r->holds + hold] -= 16;
        if (s->hold[who * r->holds + hold] > 0) return;
        COUNT(M_LEFT, hold)++;
        if (!(rest & 1)) return;
        COUNT(M_PERFORMED, hold)++;
        const i64 *list = r->hold + hold * W_hold;
        if (list[H_LOCK] < 0) return;
        s->hold[who * r->holds + list[H_LOCK]]++;
        COUNT(M_ENTERED, list[H_LOCK])++;
        schedule(l, day + list[H_LOCK_DAYS], (i64)EXPIRE << CODE_SHIFT | (rest & (i64)255 << 30)
                                                 | (i64)POINTS_ZERO << 15 | list[H_LOCK] << 11);
    }
}

/* Answer a request at a door, or put it in the queue of a scarce one. */
static void ask(Life *l, i64 rest) {
    const Shared *t = &l->world->t;
    const Rules *r = &l->side->rules;
    State *s = &l->side->state;
    i64 who = l->who, door = rest >> 30;
    const i64 *row = t->door + door * W_door;
    if (row[D_PRIVILEGE] && !r->door[door * W_opens + O_NAMED]) return;
    COUNT(M_REQUESTS, door)++;
    int why = OPEN;
    if (rest & ORDINARILY) {
        COUNT(M_ORDINARY, door)++;
        why = ORDINARY;
    } else {
        i64 score = l->standing[l->place];
        if (r->any_rule && (score < r->door[door * W_opens + O_SAFE] || any_held(r, s, who))) why = refusal(r, s, who, door, 0, score);
        if (why != OPEN && r->same_domain && !refusal_in_context(t, r, s, who, door)) why = OPEN;
        if (row[D_PRIVILEGE]) {
            COUNT(why != OPEN || !scored(l) ? M_ORDINARY : M_GRANTED, door)++;
            return;
        }
        if (why != OPEN) {
            COUNT(why == BY_SCORE ? M_SCORE : why == BY_GRADE ? M_GRADE_REFUSED : M_LIST, door)++;
            if (!refusal(r, s, who, door, 1, score_without(r, s->points[who], s->wrong[who])))
                COUNT(M_WRONGLY, door)++;
            if (!refusal(r, s, who, door, 2, score_without(r, s->points[who], s->unable[who])))
                COUNT(M_UNABLE, door)++;
            if (!refusal_in_context(t, r, s, who, door)) COUNT(M_CONTEXT, door)++;
            if (row[D_CHILD]) COUNT(M_PASSED_ON, door)++;
        } else if (row[D_SCARCE]) {
            i64 by = r->any_rule ? r->door[door * W_opens + O_PRIORITY] : 0;
            i64 priority = by == 1 ? score : by == 2 ? grade_of(r, s, who, score, 0) : 0;
            l->side->queue[l->side->requests] = (Request){door, who, priority, rest & 0xFFFF, l->side->requests};
            l->side->requests++;
            return;
        } else COUNT(M_GRANTED, door)++;
    }
    if (why != OPEN) s->stress[who] = (u8)least(FULL, s->stress[who] + t->respond[R_PER_REFUSAL]);
}

INLINE void turn_to(Life *l, i64 first, i64 event) {
    l->place = event >> WHO_SHIFT;
    l->who = first + l->place;
    l->word = l->world->words[l->who];
    l->tally = l->side->tally + group_of(&l->world->t, l->word) * l->world->columns;
}

static void live_citizens(Life *l, i64 first, const i64 *due) {
    const i64 *drawn = l->drawn->ordered, *asked = l->drawn->asks;
    for (;;) {
        i64 event = least(*drawn, *due);
        if (l->ahead.at < l->ahead.n && l->ahead.event[l->ahead.at] < event) {
            event = l->ahead.event[l->ahead.at++];
            if (l->ahead.at == l->ahead.n) l->ahead.at = l->ahead.n = 0;
        } else if (*due < *drawn) due++;
        else drawn++;
        for (; *asked < event; asked++) {
            turn_to(l, first, *asked);
            ask(l, *asked & REST_MASK);
        }
        if (event == END) return;
        turn_to(l, first, event);
        i64 day = l->first_day + ((event >> DAY_SHIFT) & 511), rest = event & REST_MASK;
        switch ((event >> CODE_SHIFT) & 7) {
        case ACT: rest = act(l, day, rest); break;
        case FALSE: rest = write_record(l, day, rest >> 28, (u32)(rest >> 14) & 0x3FFF, 0); break;
        case EXPIRE: expire(l, day, rest); rest = NOTHING;
        }
        if (rest != NOTHING) post(l, day, rest);
    }
}
