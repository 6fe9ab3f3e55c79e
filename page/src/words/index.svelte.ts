// Every word of the interface, by language. What a run says of itself comes from its files, in their language.
import en from "./en.json";
import zh from "./zh.json";

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;
export type Word = keyof typeof en;

const catalogues: Record<Language, Record<Word, string>> = { en, zh };
const KEPT = "glasstown-language";

function first(): Language {
  let kept: string | null = null;
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

function figures(size: number, kept: number): string {
  if (size === 0) return "0";
  const places = Math.min(MOST_PLACES, Math.max(0, kept - 1 - Math.floor(Math.log10(size))));
  return size.toLocaleString(speech.language, { maximumFractionDigits: places, minimumFractionDigits: 0 });
}

function signed(value: number, text: string, sign: boolean): string {
  return (value < 0 ? "−" : sign && value > 0 ? "+" : "") + text;
}

/** Return a number with three figures that count. */
export function number(value: number | null | undefined, sign = false): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return signed(value, figures(Math.abs(value), 3), sign);
}

/** Return the same, and millions as such: for tables with little room. */
export function brief(value: number | null | undefined, sign = false): string {
  if (value === null || value === undefined || Math.abs(value) < 100_000) return number(value, sign);
  const text = Math.abs(value).toLocaleString(speech.language, { notation: "compact", maximumSignificantDigits: 3 });
  return signed(value, text, sign);
}

/** Return a share in per cent, in as few figures as it needs. */
export function percent(share: number, sign = false): string {
  if (!Number.isFinite(share)) return "–";
  return `${signed(share, figures(Math.abs(100 * share), 2), sign)}\u00a0%`;
}
