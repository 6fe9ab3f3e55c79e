/* Scores, grades, conditions, doors. */
#include "glasstown.h"

INLINE i64 score_without(const Rules *r, const i16 *p, i64 weighted) {
    i64 total = p[0] * r->weights[0] + p[1] * r->weights[1] + p[2] * r->weights[2] + p[3] * r->weights[3];
    return least(most(r->start + floor_div(total, 100) - weighted, r->floor), r->ceiling);
}

INLINE i64 score_of(const Rules *r, const i16 *p) { return score_without(r, p, 0); }

INLINE i64 band_of(const Rules *r, i64 score) {
    i64 grade = r->bands - 1;
    while (grade > 0 && score < r->band_from[grade]) grade--;
    return grade;
}

INLINE i64 held(const Rules *r, const State *s, i64 who, i64 h, int without) {
    i64 count = s->hold[who * r->holds + h], why = s->hold_why[who * r->holds + h];
    return without == 1 ? count - (why & 15) : without == 2 ? count - (why >> 4) : count;
}

INLINE i64 any_held(const Rules *r, const State *s, i64 who) {
    i64 out = 0;
    for (i64 h = 0; h < r->holds; h++) out += s->hold[who * r->holds + h];
    return out;
}

INLINE i64 grade_of(const Rules *r, const State *s, i64 who, i64 score, int clean) {
    i64 grade = band_of(r, score);
    for (i64 h = 0; h < r->holds; h++)
        if (r->hold[h * W_hold + H_GRADE] >= 0 && held(r, s, who, h, clean) > 0)
            grade = least(grade, r->hold[h * W_hold + H_GRADE]);
    return grade;
}

static int condition(const Shared *t, const Rules *r, i64 at, i64 word, i64 years, i64 amount, i64 late, i64 source) {
    i64 stack[20];
    int top = -1;
    const i32 *code = r->code + at;
    for (;; code += 2) {
        i32 op = code[0], arg = code[1];
        if (op == 0) return stack[0] != 0;
        if (op <= 5) {
            i64 value = arg;
            if (op == 2) {
                const i64 *row = t->trait + arg * W_trait;
                value = (word >> row[T_SHIFT]) & row[T_MASK];
                if (row[T_AGES]) value = least(value + years, 127);
            } else if (op == 3) value = amount;
            else if (op == 4) value = late;
            else if (op == 5) value = source;
            stack[++top] = value;
            continue;
        }
        if (op == 14) { stack[top] = !stack[top]; continue; }
        if (op == 18) { stack[top] = -stack[top]; continue; }
        i64 b = stack[top--], a = stack[top];
        switch (op) {
        case 6: a = a == b; break;
        case 7: a = a != b; break;
        case 8: a = a < b; break;
        case 9: a = a <= b; break;
        case 10: a = a > b; break;
        case 11: a = a >= b; break;
        case 12: a = a && b; break;
        case 13: a = a || b; break;
        case 15: a = a + b; break;
        case 16: a = a - b; break;
        default: a = a * b;
        }
        stack[top] = a;
    }
}

enum { OPEN, BY_LIST, BY_GRADE, BY_SCORE, ORDINARY };

static int refusal(const Rules *r, const State *s, i64 who, i64 door, int clean, i64 score) {
    const i64 *opens = r->door + door * W_opens;
    for (i64 h = 0; h < r->holds; h++)
        if ((opens[O_HOLDS] >> h) & 1 && held(r, s, who, h, clean) > 0) return BY_LIST;
    if (opens[O_GRADES] && (opens[O_GRADES] >> grade_of(r, s, who, score, clean)) & 1) return BY_GRADE;
    return score < opens[O_SCORE] ? BY_SCORE : OPEN;
}

/* Whether a door would still be refused if only its own domain's records counted. */
static int refusal_in_context(const Shared *t, const Rules *r, const State *s, i64 who, i64 door) {
    const i64 *opens = r->door + door * W_opens;
    i64 domain = t->door[door * W_door + D_DOMAIN];
    i64 points = floor_div(s->points[who][domain] * r->weights[domain], 100);
    i64 score = least(most(r->start + points, r->floor), r->ceiling), grade = band_of(r, score);
    for (i64 h = 0; h < r->holds; h++) {
        const i64 *hold = r->hold + h * W_hold;
        if (s->hold[who * r->holds + h] == 0 || (hold[H_DOMAIN] != domain && hold[H_DOMAIN] >= 0)) continue;
        if ((opens[O_HOLDS] >> h) & 1) return 1;
        if (hold[H_GRADE] >= 0) grade = least(grade, hold[H_GRADE]);
    }
    return ((opens[O_GRADES] >> grade) & 1) || score < opens[O_SCORE];
}
