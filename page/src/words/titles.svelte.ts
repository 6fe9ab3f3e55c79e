// What things of the library are called in another language than their files are written in: one catalogue, which
// paper reads too, by the title as the file has it. A title that a user changed is in no catalogue and stays.
import { speech } from "./index.svelte";

type Catalogue = Record<string, Record<string, string>>;
interface Form {
  form: RegExp;
  said: string;
  kept: boolean[];
}
interface Tables {
  whole: Map<string, string>;
  forms: Form[];
  /** How titles of runs are put together from others. */
  runs: Form[];
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

/** Return the patterns of what has holes: `{}` for any text, `{n}` for a number. What is quoted is a file's own word. */
function formed(told: [string, string][]): Form[] {
  const form = (text: string) => new RegExp(`^${text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replaceAll("{}", "(.+)").replaceAll("{n}", "(\\d+)")}$`, "s");
  const kept = (text: string) => text.split(/\{n?\}/).map((part, at, all) => part.endsWith('"') && (all[at + 1] ?? "").startsWith('"'));
  return told.filter(([text]) => text.includes("{")).map(([text, said]) => ({ form: form(text), said, kept: kept(text) }));
}

function tabled({ levels = {}, ...kinds }: Catalogue): Tables {
  const all = Object.values(kinds).flatMap((told) => Object.entries(told));
  const whole = new Map(all.filter(([text]) => !text.includes("{")));
  return { whole, levels, forms: formed(all), runs: formed(Object.entries(kinds["life"] ?? {})) };
}

function tables(): Tables | null {
  return speech.language === "zh" && state.came ? held.zh : null;
}

function filled(text: string, forms: Form[], inside: (part: string) => string): string | null {
  for (const { form, said, kept } of forms) {
    const parts = form.exec(text)?.slice(1).map((part, at) => (kept[at] ? part : inside(part)));
    if (!parts) continue;
    let at = 0;
    return said.replace(/\{(\d?|n)\}/g, (_, which: string) => parts[which && which !== "n" ? Number(which) : at++] ?? "");
  }
  return null;
}

/** Return a sentence of ours, or a title, in the language of the page; the text itself where the catalogue has none. */
export function named(text: string | null | undefined): string {
  if (!text) return "";
  const known = tables();
  return known ? (known.whole.get(text) ?? filled(text, known.forms, named) ?? text) : text;
}

/** Return a title of a file: one of your own is none of our sentences, whatever its form. */
export function titled(text: string | null | undefined): string {
  if (!text) return "";
  const known = tables();
  return known ? (known.whole.get(text) ?? filled(text, known.runs, titled) ?? text) : text;
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
