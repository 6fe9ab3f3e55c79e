// What numbers that nobody knows are called, and what hangs on them.
import type { Hang, UnknownNumber } from "./source/types";
import { t, type Word } from "./words/index.svelte";
import { titled } from "./words/titles.svelte";

/** Return what a result is of, in words. */
export function resultName(one: Hang): string {
  const plain = (text: string) => text.toLowerCase().replaceAll("-", " ");
  const title = one.kind === "grade" && plain(one.key) !== plain(one.title) ? `${one.key} ${titled(one.title)}` : titled(one.title);
  return t(`weights.${one.kind}` as Word, { title });
}

/** Return what a number is of, with its unit. */
export function numberName(one: UnknownNumber): string {
  const title = one.section === "domains" ? t(`domain.${one.key}` as Word) : titled(one.title);
  return t(`weights.${one.section}` as Word, { title });
}
