// The document inside the page: everything of one run, and no server to ask for more.
import type { Source } from "./index";
import type * as Of from "./types";

const NONE = "this page has no server behind it";

function never(): Promise<never> {
  return Promise.reject(new Error(NONE));
}

/** Return the document as a source; nothing where the page carries none. */
export function embedded(): Source | null {
  const text = document.getElementById("document")?.textContent ?? "null";
  const held = JSON.parse(text) as Of.Document | null;
  if (held === null) return null;
  // Whoever is handed a page wants the finding first; the guess stays a click away.
  if (!location.hash) location.hash = `#/${held.opens || "watch"}`;
  const life = (id: number) => held.lives.find((one) => one.citizen === id);
  return {
    isLive: false,
    about: never,
    library: never,
    entry: never,
    words: never,
    runs: async () => [],
    document: async () => held,
    lives: async () => held.lives,
    citizen: async (_, id) => life(id) ?? never(),
    why: async (_, id, door, date) =>
      life(id)?.whys?.find((one) => one.door === door && one.date === date) ?? never(),
    without: never,
    persecution: never,
    official: never,
    weights: never,
    replications: never,
    published: never,
    files: never,
    check: never,
    edits: never,
    start: never,
    known: async () => null,
    follow: () => () => undefined,
    dots: never,
    compare: never,
    twin: () => "",
  };
}
