// A society as an address can name it: a stored run, or a scenario with what was changed in it.
import type { Recipe } from "./show.svelte";
import type { Edit } from "./source/types";

export type Query = Record<string, string>;
export const SIZES = [20_000, 50_000, 100_000];

function whole(text: string | undefined): number | undefined {
  const value = Number(text);
  return text && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

export function editsOf(query: Query): Edit[] {
  try {
    const told: unknown = JSON.parse(query["edits"] ?? "[]");
    return Array.isArray(told) ? (told as Edit[]) : [];
  } catch {
    return [];
  }
}

export function recipeOf(query: Query): Recipe | null {
  if (!query["run"] && !query["scenario"]) return null;
  const out: Recipe = {};
  if (query["run"]) out.run = query["run"];
  else if (query["scenario"]) out.scenario = query["scenario"];
  for (const name of ["citizens", "years", "seed"] as const) {
    const value = whole(query[name]);
    if (value !== undefined) out[name] = value;
  }
  const edits = editsOf(query);
  if (edits.length) out.edits = edits;
  return out;
}

export function queryOf(recipe: Recipe): Record<string, string | number | undefined> {
  const { run, scenario, citizens, years, seed, edits } = recipe;
  return { run, scenario, citizens, years, seed, edits: edits?.length ? JSON.stringify(edits) : undefined };
}

/** Return the parts of an address that name the society, to be carried to another view. */
export function carried(query: Query): Query {
  const kept = ["run", "scenario", "citizens", "years", "seed", "edits", "guess", "lang"];
  return Object.fromEntries(kept.flatMap((key) => (query[key] ? [[key, query[key]]] : [])));
}

export const same = (a: Recipe | null, b: Recipe | null) => JSON.stringify(a) === JSON.stringify(b);
