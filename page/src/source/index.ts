// Where the page has its data from: a server, or the document that is embedded in the page itself.
import { embedded } from "./embedded";
import { live } from "./live";
import type * as Of from "./types";

/** A run that can be asked about: stored, live, or the document. */
export interface Ref {
  kind: "runs" | "live" | "document";
  id: string;
}

export interface Events {
  waiting(ahead: number): void;
  step(what: string, done: number, of: number): void;
  begun(told: { axes: Of.Axes; worlds: Of.World[]; town: Of.Town; cite: Of.Cite; manifest: { title?: string } }): void;
  month(window: number, worlds: Record<string, Of.Month>): void;
  found(parts: Of.Comparison[]): void;
  ended(error: Of.Trouble | null): void;
}

export interface Source {
  readonly isLive: boolean;
  about(): Promise<Of.About>;
  library(): Promise<Of.Library>;
  entry(kind: string, name: string): Promise<Of.Full>;
  words(scenario: string): Promise<Of.Words>;
  runs(): Promise<Of.RunRow[]>;
  document(ref: Ref): Promise<Of.Document>;
  lives(ref: Ref): Promise<Of.Life[]>;
  citizen(ref: Ref, id: number): Promise<Of.Life>;
  why(ref: Ref, id: number, door: string, date: string): Promise<Of.Why>;
  without(ref: Ref, id: number, record: string): Promise<Of.Without>;
  persecution(ref: Ref, means: Record<string, string | number | undefined>): Promise<Of.Persecuted>;
  official(asked: Record<string, string | number | undefined>): Promise<Of.Chair>;
  weights(asked: Record<string, string | number | undefined>, step: (told: Of.Step) => boolean): Promise<Of.Weighed | null>;
  replications(): Promise<Of.Replications>;
  published(name: string, size: Record<string, string | number | undefined>, step: (told: Of.Step) => boolean): Promise<Of.Published | null>;
  files(ref: Ref): Promise<{ name: string; text: string }[]>;
  check(text: string, scenario: string): Promise<Of.Fault[]>;
  edits(scheme: string, edits: Of.Edit[], name: string, title: string): Promise<Of.Edited>;
  start(order: Of.Order): Promise<Of.Live>;
  known(id: string): Promise<Of.Live | null>;
  follow(id: string, events: Events): () => void;
  dots(id: string, world: string, from: number, to: number): Promise<{ first: number; windows: Uint8Array[] }>;
  compare(a: string, b: string): Promise<{ part: Of.Comparison; cite: Of.Cite }>;
  /** Where the same can be read as JSON; nothing where there is no server. */
  twin(ref: Ref, rest?: string): string;
}

/** What went wrong, as the server tells it. */
export class Refused extends Error {
  constructor(readonly trouble: Of.Trouble) {
    super(trouble.what);
  }
}

export const source: Source = embedded() ?? live();
