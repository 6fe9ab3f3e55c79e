// What things of the library are called in another language than their files are written in: one catalogue, which
// paper reads too, by the title as the file has it. A title that a user changed is in no catalogue and stays.
import { speech } from "./index.svelte";

type Catalogue = Record<string, Record<string, string>>;
interface Tables {
  whole: Map<string, string>;
  forms: { form: RegExp; said: string; kept: boolean[] }[];
  levels: Record<string, string>;
}

const held = $state.raw<{ zh: Tables | null }>({ zh: null });
const state = $state<{ came: boolean }>({ came: false });

$effect.root(() => {
  $effect(() => {
    if (speech.language !== "zh" || held.zh) return;
    void import("../../../src/glasstown/library/titles.zh.json").then((told) => {
      held.zh = tabled(told.default);
      state.came = true;
    });
  });
});

function tabled({ levels = {}, ...kinds }: Catalogue): Tables {
  const all = Object.values(kinds).flatMap((told) => Object.entries(told));
  const form = (text: string) => new RegExp(`^${text.split("{}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+)")}$`, "s");
  // What stands in quotes is a file's own word, and stays.
  const kept = (text: string) => text.split("{}").map((part, at, all) => part.endsWith('"') && (all[at + 1] ?? "").startsWith('"'));
  const whole = new Map(all.filter(([text]) => !text.includes("{}")));
  return { whole, levels, forms: all.filter(([text]) => text.includes("{}")).map(([text, said]) => ({ form: form(text), said, kept: kept(text) })) };
}

function tables(): Tables | null {
  return speech.language === "zh" && state.came ? held.zh : null;
}

/** Return a title in the language of the page; the text itself where the catalogue has none. */
export function named(text: string | null | undefined): string {
  if (!text) return "";
  const known = tables();
  if (!known) return text;
  const whole = known.whole.get(text);
  if (whole) return whole;
  for (const { form, said, kept } of known.forms) {
    const parts = form.exec(text)?.slice(1).map((part, at) => (kept[at] ? part : named(part)));
    if (!parts) continue;
    let at = 0;
    return said.replace(/\{(\d?)\}/g, (_, which: string) => parts[which ? Number(which) : at++] ?? "");
  }
  return text;
}

/** Return a trait's level in the language of the page; the trait by name or title. */
export function level(trait: string, name: string): string {
  const known = tables();
  return known ? (known.levels[`${trait}/${name}`] ?? known.levels[name] ?? name) : name;
}

/** Return sentences one after another, in the language of the page. */
function sentences(...texts: string[]): string {
  return texts.filter(Boolean).map(named).join(tables() ? "。" : ". ");
}

/** Return what was refused, and what to do about it; "" where nothing was said. */
export function refused(trouble: { what: string; hint: string }): string {
  return sentences(trouble.what, trouble.hint);
}

/** Return what is wrong in a file, and what to do about it. */
export function faulted(fault: { message: string; hint: string }): string {
  return sentences(fault.message, fault.hint);
}
