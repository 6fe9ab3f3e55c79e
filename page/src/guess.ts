// Three guesses before the result: what they are about, and what the run says to them.
import type { Comparison } from "./source/types";

export const ASKED = ["harm", "speech", "context"] as const;
export type Asked = (typeof ASKED)[number];

export function guessOf(text: string | undefined): Partial<Record<Asked, number>> {
  const values = (text ?? "").split("-").map((one) => (/^\d{1,3}$/.test(one) ? Math.min(100, Number(one)) : undefined));
  return Object.fromEntries(ASKED.flatMap((key, i) => (values[i] === undefined ? [] : [[key, values[i]]])));
}

export const written = (guess: Partial<Record<Asked, number>>) => ASKED.map((key) => guess[key] ?? "").join("-");

const row = (part: Comparison, key: string) => part.balance.rows.find((one) => one.key === key);

/** Return what came out, in per cent; null where the run does not say. */
export function answers(part: Comparison): Record<Asked, number | null> {
  const change = (key: string) => {
    const found = row(part, key);
    return found?.difference != null && found.pair ? (-100 * found.difference) / found.pair : null;
  };
  return {
    harm: change("harmful-acts"),
    speech: change("lawful-speech"),
    context: row(part, "out-of-context-share")?.scheme ?? null,
  };
}
