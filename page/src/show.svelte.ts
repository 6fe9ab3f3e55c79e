// One society on show: what is known of it so far, whether it is stored, embedded, or computed while one looks.
import { Refused, source, type Ref } from "./source";
import type * as Of from "./source/types";

export type Status = "none" | "loading" | "waiting" | "running" | "done" | "failed";
export const EDITED = "edited";
const BATCH = 12;

/** What was asked for, in a form that an address can hold. */
export interface Recipe {
  run?: string;
  scenario?: string;
  citizens?: number;
  years?: number;
  seed?: number;
  scheme?: string;
  edits?: Of.Edit[];
  text?: string;
}

export class Show {
  status = $state<Status>("none");
  step = $state.raw<{ what: string; done: number; of: number; ahead: number }>({ what: "", done: 0, of: 0, ahead: 0 });
  trouble = $state.raw<Of.Trouble | null>(null);
  ref = $state.raw<Ref | null>(null);
  axes = $state.raw<Of.Axes | null>(null);
  worlds = $state.raw<Of.World[]>([]);
  town = $state.raw<Of.Town | null>(null);
  months = $state.raw<Record<string, Of.Month[]>>({});
  parts = $state.raw<Of.Comparison[]>([]);
  cite = $state.raw<Of.Cite | null>(null);
  title = $state("");
  document = $state.raw<Of.Document | null>(null);
  lives = $state.raw<Of.Life[]>([]);
  dots = $state.raw<Record<string, Uint8Array[]>>({});
  /** Which order of ours is being answered; an answer to an older one is dropped. */
  private turn = 0;
  private stop: () => void = () => undefined;

  private asking: Promise<Of.Life[]> | null = null;

  /**
   * @param session names this tab's computations of one kind: a new one takes the place of the last
   * @param whole whether the whole document is wanted once it is there
   */
  constructor(
    private readonly session: string,
    private readonly whole = true,
  ) {}

  /** Months that every world has. */
  get lived(): number {
    const counts = this.worlds.map((world) => this.months[world.world]?.length ?? 0);
    return counts.length ? Math.min(...counts) : 0;
  }

  get windows(): number {
    return this.axes?.windows.length ?? 0;
  }

  world(name: string): Of.World | undefined {
    return this.worlds.find((one) => one.world === name);
  }

  part(of = "scheme", against = "pair"): Of.Comparison | undefined {
    return this.parts.find((one) => one.of === of && one.against === against) ?? undefined;
  }

  /** Show a stored run or the embedded document. */
  async open(ref: Ref): Promise<void> {
    const turn = this.begin("loading");
    try {
      const told = await source.document(ref);
      if (turn !== this.turn) return;
      this.ref = ref;
      this.takeDocument(told);
      this.status = "done";
    } catch (error) {
      this.fail(turn, error);
    }
  }

  /** Compute a society; what is shown stays until the first month of the new one is there. */
  async run(recipe: Recipe, dots: boolean): Promise<void> {
    const turn = this.begin("waiting");
    const { run, text, ...rest } = recipe;
    try {
      const order = { ...rest, ...(run ? { run } : {}), ...(text ? { text } : {}), dots, session: this.session };
      const kept = await this.kept(recipe);
      const live = kept ?? (await source.start(order));
      if (turn !== this.turn) return;
      this.keep(recipe, live.id);
      this.listen(turn, live, dots);
    } catch (error) {
      this.fail(turn, error);
    }
  }

  close(): void {
    this.turn++;
    this.stop();
  }

  private begin(status: Status): number {
    this.stop();
    this.asking = null;
    this.status = status;
    this.trouble = null;
    this.step = { what: "", done: 0, of: 0, ahead: 0 };
    return ++this.turn;
  }

  private listen(turn: number, live: Of.Live, dots: boolean): void {
    const ours = () => turn === this.turn;
    let months: Record<string, Of.Month[]> = {};
    let fresh: Record<string, Uint8Array[]> = {};
    let due = 0;
    let begun: (() => void) | null = null;
    let scored: string[] = [];
    const found: Of.Comparison[] = [];
    const shown = () => {
      due = 0;
      if (!ours()) return;
      begun?.();
      begun = null;
      this.months = Object.fromEntries(Object.entries(months).map(([world, all]) => [world, [...all]]));
      this.dots = fresh;
    };
    const soon = () => {
      due ||= requestAnimationFrame(shown);
    };
    const fetchDots = async (world: string, until: number) => {
      const have = (fresh[world] ??= []);
      while (ours() && have.length < until) {
        const part = await source.dots(live.id, world, have.length, Math.min(until, have.length + BATCH));
        if (!part.windows.length) return;
        have.push(...part.windows);
        fresh = { ...fresh, [world]: have };
        soon();
      }
    };
    let asking = Promise.resolve();
    this.stop = source.follow(live.id, {
      waiting: (ahead) => ours() && (this.step = { ...this.step, ahead }),
      step: (what, done, of) => ours() && (this.step = { what, done, of, ahead: 0 }),
      begun: (told) => {
        if (!ours()) return;
        months = {};
        fresh = {};
        this.ref = { kind: "live", id: live.id };
        this.status = "running";
        scored = told.town.dots ? told.worlds.filter((one) => one.scored).map((one) => one.world) : [];
        // What was shown before stays until there is a month to show in its place.
        begun = () => {
          this.axes = told.axes;
          this.worlds = told.worlds;
          this.town = told.town;
          this.cite = told.cite;
          this.title = told.manifest.title ?? "";
          this.document = null;
          this.lives = [];
        };
      },
      month: (window, worlds) => {
        if (!ours()) return;
        for (const [world, month] of Object.entries(worlds)) (months[world] ??= [])[window] = month;
        soon();
        if (!dots) return;
        for (const [world] of Object.entries(worlds)) {
          if (scored.includes(world) && (window % BATCH === BATCH - 1 || window === live.windows - 1))
            asking = asking.then(() => fetchDots(world, window + 1)).catch(() => undefined);
        }
      },
      found: (parts) => {
        if (!ours()) return;
        found.push(...parts);
        this.parts = [...found];
      },
      ended: (error) => {
        if (!ours()) return;
        shown();
        if (error) this.fail(turn, new Refused(error));
        else {
          this.status = "done";
          void this.finish(turn);
        }
      },
    });
  }

  /** Fetch what only a finished run has. */
  private async finish(turn: number): Promise<void> {
    if (!this.ref || !this.whole) return;
    const told = await source.document(this.ref).catch(() => null);
    if (turn !== this.turn || !told) return;
    this.document = told;
    this.cite = told.cite;
  }

  /** Fetch the lives that are worth opening: they are lived again for that, which takes a moment. */
  async wantLives(): Promise<Of.Life[]> {
    const turn = this.turn;
    if (this.ref && this.status === "done" && this.lives.length === 0) {
      this.asking ??= source.lives(this.ref).catch(() => []);
      const lives = await this.asking;
      if (turn === this.turn) this.lives = lives;
    }
    return this.lives;
  }

  private takeDocument(told: Of.Document): void {
    this.document = told;
    this.title = told.title;
    this.axes = told.axes;
    this.worlds = told.worlds;
    this.town = told.town;
    this.months = told.months;
    this.parts = told.parts;
    this.cite = told.cite;
    this.dots = {};
    this.lives = told.lives;
  }

  private fail(turn: number, error: unknown): void {
    if (turn !== this.turn) return;
    this.status = "failed";
    const what = error instanceof Error ? error.message : String(error);
    this.trouble = error instanceof Refused ? error.trouble : { what, why: "", hint: "", where: "", faults: [] };
  }

  // A reload finds the same computation again, and loses nothing of it.

  private keep(recipe: Recipe, id: string): void {
    try {
      sessionStorage.setItem(`glasstown-live-${this.session}`, JSON.stringify({ key: JSON.stringify(recipe), id }));
    } catch {
      return;
    }
  }

  private async kept(recipe: Recipe): Promise<Of.Live | null> {
    try {
      const text = sessionStorage.getItem(`glasstown-live-${this.session}`);
      const held = text ? (JSON.parse(text) as { key: string; id: string }) : null;
      if (held?.key !== JSON.stringify(recipe)) return null;
      const live = await source.known(held.id);
      return live && ["waiting", "running", "done"].includes(live.status) ? live : null;
    } catch {
      return null;
    }
  }
}

function token(name: string): string {
  const key = `glasstown-${name}`;
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => (byte % 36).toString(36)).join("");
  try {
    const kept = sessionStorage.getItem(key) ?? fresh();
    sessionStorage.setItem(key, kept);
    return kept;
  } catch {
    return fresh();
  }
}

/** The society that Watch, Open a life and Compare speak of. */
export const show = new Show(token("watch"));
/** The one that is run again while a rule is moved. */
export const bench = new Show(token("rule"), false);
