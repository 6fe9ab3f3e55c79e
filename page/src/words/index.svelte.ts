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

/** Return a number as people read it: three digits that count. */
export function number(value: number | null | undefined, sign = false): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = size.toLocaleString(speech.language, { maximumFractionDigits: digits, minimumFractionDigits: 0 });
  const mark = value < 0 ? "−" : sign && value > 0 ? "+" : "";
  return mark + text;
}

export function percent(share: number, sign = false): string {
  return `${number(Math.round(share * 1000) / 10, sign)} %`;
}
