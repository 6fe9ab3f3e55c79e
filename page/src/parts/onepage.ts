// The whole as one HTML file that needs no server: the same page, with the document in it.
import type { Document } from "../source/types";

const BEFORE = '<script type="application/json" id="document">';
const EMPTY = "null";

export async function pageOf(held: Document, opens: string): Promise<string> {
  const answer = await fetch("report.html");
  const page = await answer.text();
  // The page's own script, with these words in it, comes before the place that they name.
  const at = page.lastIndexOf(BEFORE) + BEFORE.length;
  if (!answer.ok || at < BEFORE.length || !page.startsWith(EMPTY, at)) throw new Error("no page to fill");
  const text = JSON.stringify({ ...held, opens }).replaceAll("<", "\\u003c");
  return page.slice(0, at) + text + page.slice(at + EMPTY.length);
}
