// Sums of a month, and what becomes of them over time.
import type { Show } from "./show.svelte";
import type { Axes, Month } from "./source/types";

export const BY_SCHEME = ["refused_score", "refused_grade", "refused_list"];
export type Sum = (month: Month) => number;

/** Return the sums that can be drawn over time, by key. */
export function sums(axes: Axes): Record<string, Sum> {
  const group = (name: string): Sum => {
    const at = axes.acts.flatMap((act, i) => (act.group === name ? [i] : []));
    return (month) => at.reduce((sum, i) => sum + (month.acts[i] ?? 0), 0);
  };
  const door = (names: string[]): Sum => {
    const at = names.map((name) => axes.door_counts.indexOf(name)).filter((i) => i >= 0);
    return (month) => month.doors.reduce((sum, row) => sum + at.reduce((part, i) => part + (row[i] ?? 0), 0), 0);
  };
  return {
    harmful: group("harmful"),
    speech: group("lawful-speech"),
    good: group("good"),
    cheap: group("cheap"),
    refused: door(BY_SCHEME),
    wrongly: door(["refused_wrongly"]),
    unable: door(["refused_unable"]),
    context: door(["refused_out_of_context"]),
    passed_on: door(["refused_passed_on"]),
    false_records: (month) => month.records.false + month.records.wrong_person,
    graded_down: (month) => month.graded_down_wrongly,
  };
}

/** Return a sum in one world per 1,000 citizens and year; null where nothing of that world is there. */
export function yearly(show: Pick<Show, "axes" | "months" | "town">, key: string, world: string): number | null {
  const months = show.months[world];
  if (!months?.length || !show.axes || !show.town) return null;
  const sum = sums(show.axes)[key]!;
  return (months.reduce((total, month) => total + sum(month), 0) * 1000 * 12) / (show.town.citizens * months.length);
}

/** Return running totals. */
export function running(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** Which grade is neither good nor bad: the one in which most begin. */
export function neutral(first: Month | undefined): number {
  return first ? first.grades.indexOf(Math.max(...first.grades)) : 0;
}

const BELOW = ["#7a2f00", "#b84a00", "#e0873a", "#efb98a"];
const ABOVE = ["#9ecae8", "#4a9fd4", "#0072b2", "#004a75"];
export const PLAIN = "#c3c6c8";

/** Return a colour for each grade, worst first: orange below the start, blue above it; none rests on hue alone. */
export function shades(count: number, middle: number): string[] {
  const below = (steps: number) => (steps === 1 ? ["#d55e00"] : steps === 2 ? ["#b84a00", "#e8a067"] : BELOW.slice(0, steps));
  const above = (steps: number) => (steps === 1 ? ["#0072b2"] : steps === 2 ? ["#56a8da", "#005f96"] : ABOVE.slice(0, steps));
  const low = below(Math.min(middle, 4));
  const high = above(Math.min(count - middle - 1, 4));
  return Array.from({ length: count }, (_, at) =>
    at === middle
      ? PLAIN
      : at < middle
        ? (low[Math.min(at, low.length - 1)] ?? "#d55e00")
        : (high[Math.min(at - middle - 1, high.length - 1)] ?? "#0072b2"),
  );
}
