// The server that served the page: fetch, and events as they happen.
import { Refused, type Events, type Ref, type Source } from "./index";
import type * as Of from "./types";

const LOST: Of.Trouble = { what: "", why: "", hint: "", where: "connection", faults: [] };

async function ask(path: string, init?: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(`api/${path}`, init);
  } catch {
    throw new Refused(LOST);
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  throw new Refused(told?.error ?? { ...LOST, what: `${answer.status} ${answer.statusText}` });
}

async function get<T>(path: string): Promise<T> {
  return (await ask(path)).json();
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const init = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  return (await ask(path, init)).json();
}

const word = encodeURIComponent;
const at = (ref: Ref) => `${ref.kind}/${word(ref.id)}`;

/** Dials that may be set to nobody, which is another answer than not to set them. */
const NOBODY = ["friends", "critics"];

/** Return what is asked for as the tail of an address; what is empty is left out, unless it says: nobody. */
export function asked(told: Record<string, string | number | undefined>): string {
  const kept = Object.entries(told).filter(([key, value]) => value !== undefined && (value !== "" || NOBODY.includes(key)));
  return `?${new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString()}`;
}

/** Ask until the answer is there; `step` is told how far it is, and says whether anybody still waits. */
async function later<T>(path: string, step: (told: Of.Step) => boolean): Promise<T | null> {
  for (;;) {
    const answer = await ask(path);
    const told = await answer.json();
    if (answer.status !== 202) return told;
    if (!step(told)) return null;
  }
}

function follow(id: string, events: Events): () => void {
  const stream = new EventSource(`api/live/${word(id)}/events`);
  const on = (name: string, take: (told: any) => void) =>
    stream.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data)));
  const end = (error: Of.Trouble | null) => {
    stream.close();
    events.ended(error);
  };
  on("waiting", (told) => events.waiting(told.ahead));
  on("step", (told) => events.step(told.what, told.done, told.of));
  on("begun", (told) => events.begun(told));
  on("month", (told) => events.month(told.window, told.worlds));
  on("found", (told) => events.found(told.parts));
  on("done", () => end(null));
  on("failed", (told) => end(told.error));
  on("cancelled", (told) => end({ ...LOST, what: told.why, where: "cancelled" }));
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED) end(LOST);
  });
  return () => stream.close();
}

async function dots(id: string, world: string, from: number, to: number) {
  const answer = await ask(`live/${word(id)}/dots?world=${word(world)}&from=${from}&to=${to}`);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const count = Number(answer.headers.get("X-Windows"));
  const people = Number(answer.headers.get("X-Citizens"));
  const windows = Array.from({ length: count }, (_, w) => bytes.subarray(w * people, (w + 1) * people));
  return { first: Number(answer.headers.get("X-First-Window")), windows };
}

export function live(): Source {
  return {
    isLive: true,
    about: () => get("about"),
    library: () => get("library"),
    entry: (kind, name) => get(`library/${word(kind)}/${word(name)}`),
    words: (scenario) => get(`words?scenario=${word(scenario)}`),
    runs: async () => (await get<{ runs: Of.RunRow[] }>("runs")).runs,
    document: (ref) => get(ref.kind === "live" ? `${at(ref)}/document` : at(ref)),
    lives: async (ref) => (await get<{ lives: Of.Life[] }>(`${at(ref)}/lives`)).lives,
    citizen: (ref, id) => get(`${at(ref)}/citizens/${id}`),
    why: (ref, id, door, date) => get(`${at(ref)}/citizens/${id}/why?door=${word(door)}&date=${date}`),
    without: (ref, id, record) => get(`${at(ref)}/citizens/${id}/without?record=${word(record)}`),
    persecution: (ref, means) => get(`${at(ref)}/persecution${asked(means)}`),
    official: (dials) => get(`official${asked(dials)}`),
    weights: (dials, step) => later(`weights${asked(dials)}`, step),
    replications: () => get("replications"),
    published: (name, size, step) => later(`replications/${word(name)}${asked(size)}`, step),
    files: async (ref) => (await get<{ files: { name: string; text: string }[] }>(`${at(ref)}/files`)).files,
    check: async (text, scenario) => (await post<{ faults: Of.Fault[] }>("check", { text, scenario })).faults,
    edits: (scheme, edits, name, title) => post("edits", { scheme, edits, name, title }),
    start: (order) => post("live", order),
    known: (id) => get<Of.Live>(`live/${word(id)}`).catch(() => null),
    follow,
    dots,
    compare: (a, b) => get(`compare?a=${word(a)}&b=${word(b)}`),
    twin: (ref, rest = "") => `api/${at(ref)}${rest || (ref.kind === "live" ? "/document" : "")}`,
  };
}
