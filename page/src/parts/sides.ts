// What the two sides of a run are called: the other one may be scored too, by another scheme.
import { show, type Show } from "../show.svelte";
import { t } from "../words/index.svelte";

export const isScored = (of: Show = show) => of.world("pair")?.scored ?? false;

export function sideWord(world: string): string {
  if (world !== "pair") return t("with");
  return t(isScored() ? "without.other" : "without");
}
