// Where one is, in the address: view and everything that it takes to show it again.

export const VIEWS = ["choose", "watch", "life", "rule", "compare", "persecute", "official", "weights", "published", "lesson"] as const;
export type View = (typeof VIEWS)[number];

type Query = Record<string, string>;

function read(): { view: View; query: Query } {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const view = VIEWS.find((one) => one === path) ?? "choose";
  return { view, query: Object.fromEntries(new URLSearchParams(query)) };
}

const found = read();
export const route = $state<{ view: View; query: Query }>(found);

addEventListener("hashchange", () => Object.assign(route, read()));

/** Return the address of a view; what is empty is left out. */
export function address(view: View, query: Record<string, string | number | null | undefined> = {}): string {
  const told = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(told.map(([key, value]) => [key, String(value)])).toString();
  return `#/${view}${text ? `?${text}` : ""}`;
}

/** Go to a view, as a step that the back button undoes. */
export function go(view: View, query: Record<string, string | number | null | undefined> = {}): void {
  location.hash = address(view, query);
}

/** Say in the address what is shown now, without a step to go back. */
export function note(query: Record<string, string | number | null | undefined>): void {
  const next = address(route.view, { ...route.query, ...query });
  if (next === location.hash) return;
  history.replaceState(null, "", next);
  Object.assign(route, read());
}
