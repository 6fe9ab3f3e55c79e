// Sees to it that the society which the address names is the one on show.
import { carried, recipeOf, same } from "./recipe";
import { route } from "./route.svelte";
import { DOTS, show, type Recipe } from "./show.svelte";
import { source } from "./source";

let held: Recipe | null = null;

/** Show the society of the address; a stored run is opened, anything else is computed. */
export function ensure(query: Record<string, string> = carried(route.query)): void {
  if (!source.isLive) {
    if (show.status === "none") void show.open({ kind: "document", id: "" });
    return;
  }
  const { guess, lang, ...named } = query;
  const recipe = recipeOf(named);
  if (!recipe || (same(recipe, held) && show.status !== "none")) return;
  held = recipe;
  if (recipe.run && !recipe.edits) void show.open({ kind: "runs", id: recipe.run });
  else void show.run(recipe, (recipe.citizens ?? 0) <= DOTS);
}

/** Compute it again, after something went wrong. */
export function again(): void {
  held = null;
  ensure();
}
