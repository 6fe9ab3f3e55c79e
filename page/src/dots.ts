// Everybody's grade, month by month: fetched in batches behind the months of a live run.
import { source } from "./source";
import type { Axes, Town, World } from "./source/types";

const BATCH = 12;

export class Dots {
  /** Grades of every citizen, a row for each month that has come, by world. */
  grades: Record<string, Uint8Array[]> = {};
  private windows = 0;
  private scored: string[] = [];
  private asking = Promise.resolve();

  /**
   * @param id the live run
   * @param ours whether anybody still wants them
   * @param changed called when there are more
   */
  constructor(
    private readonly id: string,
    private readonly ours: () => boolean,
    private readonly changed: () => void,
  ) {}

  begin(told: { axes: Axes; worlds: World[]; town: Town }): void {
    this.windows = told.axes.windows.length;
    this.scored = told.town.dots ? told.worlds.filter((one) => one.scored).map((one) => one.world) : [];
  }

  month(window: number, worlds: string[]): void {
    if (window % BATCH !== BATCH - 1 && window !== this.windows - 1) return;
    for (const world of worlds)
      if (this.scored.includes(world))
        this.asking = this.asking.then(() => this.fetch(world, window + 1)).catch(() => undefined);
  }

  private async fetch(world: string, until: number): Promise<void> {
    const have = (this.grades[world] ??= []);
    while (this.ours() && have.length < until) {
      const part = await source.dots(this.id, world, have.length, Math.min(until, have.length + BATCH));
      if (!part.windows.length) return;
      have.push(...part.windows);
      this.grades = { ...this.grades, [world]: have };
      this.changed();
    }
  }
}
