/* The loop over windows that Glasstown's kernels and barrier make, in C, on one thread.
 *
 * main TABLES OUT REPLICATE: lives the scenario once, writes all tallies to OUT, says the seconds.
 */
#include "glasstown.h"

#include "load.c"
#include "score.c"
#include "draw.c"
#include "live.c"
#include "window.c"
#include "barrier.c"

#define AT_ONCE 8

static void run(World *world, double *drawing, double *living) {
    Work work;
    Scratch scratch = {0};
    i64 streams = world->t.streams, size = world->work_size;
    i64 *start = zeros(AT_ONCE * (CELL_MOST + 1), 8), *kept = zeros(AT_ONCE * streams, 8), *from = zeros(AT_ONCE, 8);
    i64 *ordered = malloc((size_t)(AT_ONCE * size) * 8);
    scratch.due_start = malloc(CELL_MOST * sizeof(i32));
    make_work(&work, size);
    for (i64 window = 0; window < world->t.windows; window++) {
        for (i64 cell = 0; cell < world->n_cells; cell += AT_ONCE) {
            i64 end = least(cell + AT_ONCE, world->n_cells), at = 0;
            double began = now();
            for (i64 c = cell; c < end; c++) {
                i64 b = c - cell, n;
                while ((n = draw_cell(world, c, (u32)window, &work, kept + b * streams)) < 0) {
                    free_work(&work);
                    make_work(&work, work.size * 2);
                    ordered = realloc(ordered, (size_t)(AT_ONCE * work.size) * 8);
                }
                from[b] = at;
                sort_by_citizen(n, world->cells[c * 3 + 1], &work, start + b * (CELL_MOST + 1), ordered + at);
                at += n;
            }
            double drawn = now();
            *drawing += drawn - began;
            for (i64 s = 0; s < world->n_sides; s++)
                for (i64 c = cell; c < end; c++) {
                    i64 b = c - cell;
                    live_cell(world, world->side + s, c, window, start + b * (CELL_MOST + 1), ordered + from[b],
                              kept + b * streams, &scratch);
                }
            *living += now() - drawn;
        }
        for (i64 s = 0; s < world->n_sides; s++) {
            deliver(world, world->side + s, window);
            allot(world, world->side + s, window);
            hear(world, world->side + s, window);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    Tables tables = read_tables(argv[1]);
    World world = {0};
    load_world(&tables, &world);
    world.t.key1 = atoll(argv[3]);
    double drawing = 0, living = 0, began = now();
    for (i64 s = 0; s < world.n_sides; s++) begin_side(&world, world.side + s);
    run(&world, &drawing, &living);
    double seconds = now() - began;
    FILE *out = fopen(argv[2], "wb");
    if (!out) { perror(argv[2]); return 1; }
    for (i64 s = 0; s < world.n_sides; s++) {
        const Side *side = world.side + s;
        fwrite(side->place, 8, (size_t)(world.t.windows * world.n_places * world.columns), out);
        fwrite(side->cell, 8, (size_t)(world.n_cells * world.columns), out);
        fwrite(side->scores, 8, (size_t)(world.t.windows * world.bins), out);
    }
    fclose(out);
    printf("{\"seconds\": %.6f, \"drawing\": %.6f, \"living\": %.6f}\n", seconds, drawing, living);
    return 0;
}
