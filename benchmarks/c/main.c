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

static void run(World *world, double *drawing, double *living) {
    Work work;
    Scratch scratch = {0};
    make_work(world, &work, world->work_size);
    for (i64 window = 0; window < world->t.windows; window++) {
        for (i64 cell = 0; cell < world->n_cells; cell++) {
            i64 count = world->cells[cell * 3 + 1], days = world->window_days[window], n, asked;
            double began = now();
            while (!draw_cell(world, cell, (u32)window, &work)
                   || (n = sort_heap(&work.events, count, days, work.ordered, work.size)) < 0
                   || (asked = sort_heap(&work.asked, count, days, work.asks, work.size)) < 0) {
                i64 size = work.size;
                free_work(&work);
                make_work(world, &work, 2 * size);
            }
            straighten(work.ordered, n);
            double drawn = now();
            *drawing += drawn - began;
            for (i64 s = 0; s < world->n_sides; s++)
                live_cell(world, world->side + s, cell, window, n, asked, &work, &scratch);
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
