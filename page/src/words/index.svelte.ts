// Every word of the interface, by language. What a run says of itself comes from its files, in their language.
import { note, route } from "../route.svelte";
import en from "./en.json";
import zh from "./zh.json";

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;
export type Word = keyof typeof en;

const catalogues: Record<Language, Record<Word, string>> = { en, zh };
const KEPT = "glasstown-language";

function first(): Language {
  // A link that was copied says in which language it was read.
  let kept = route.query["lang"] ?? null;
  if (kept === "en" || kept === "zh") return kept;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {
    kept = null;
  }
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

export const speech = $state<{ language: Language }>({ language: first() });

export function speak(language: Language): void {
  speech.language = language;
  if (route.query["lang"]) note({ lang: language });
  document.documentElement.lang = language;
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    return;
  }
}
document.documentElement.lang = speech.language;

/** Return a text of the catalogue; `{name}` is filled in. */
export function t(word: Word, filled: Record<string, string | number> = {}): string {
  const text = catalogues[speech.language][word] ?? en[word] ?? word;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(filled[name] ?? whole));
}

const MOST_PLACES = 6;
/** From where numbers are told in thousands and millions, in tables with little room. */
const MANY = 100_000;
const SHORT: Intl.NumberFormatOptions = { notation: "compact", maximumSignificantDigits: 3 };

function placesOf(size: number, kept: number): number {
  return size === 0 ? 0 : Math.min(MOST_PLACES, Math.max(0, kept - 1 - Math.floor(Math.log10(size))));
}

function figures(size: number, kept: number): string {
  return size.toLocaleString(speech.language, { maximumFractionDigits: placesOf(size, kept), minimumFractionDigits: 0 });
}

function signed(value: number, text: string, sign: boolean): string {
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? "−" : sign && value > 0 ? "+" : "") + text;
}

/** Return a number with three figures that count. */
export function number(value: number | null | undefined, sign = false): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return signed(value, figures(Math.abs(value), 3), sign);
}

/** Return the same, and millions as such. */
export function brief(value: number | null | undefined): string {
  if (value === null || value === undefined || Math.abs(value) < MANY) return number(value);
  return signed(value, Math.abs(value).toLocaleString(speech.language, SHORT), false);
}

/**
 * Return a figure and what it is read beside, such as the ends of its interval, with the same number of decimals:
 * three figures of the largest, at least one of the smallest, and "4.50" beside "4.44". What is exactly nothing stays "0".
 */
export function alike(values: readonly (number | null | undefined)[], sign = false): string[] {
  const sizes = values.flatMap((value) => (value && Number.isFinite(value) ? [Math.abs(value)] : []));
  const most = Math.max(0, ...sizes);
  const places = Math.max(placesOf(most, 3), ...sizes.map((size) => placesOf(size, 1)));
  const form = most < MANY ? { minimumFractionDigits: places, maximumFractionDigits: places } : SHORT;
  return values.map((value) => {
    if (value == null || !Number.isFinite(value)) return "–";
    return signed(value, value === 0 ? "0" : Math.abs(value).toLocaleString(speech.language, form), sign);
  });
}

/** Return a share in per cent, in as few figures as it needs. */
export function percent(share: number, sign = false): string {
  if (!Number.isFinite(share)) return "–";
  return `${signed(share, figures(Math.abs(100 * share), 2), sign)}\u00a0%`;
}
