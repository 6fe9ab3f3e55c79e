// One society on show: what is known of it so far, whether it is stored, embedded, or computed while one looks.
import { Dots } from "./dots";
import { Refused, source, type Ref } from "./source";
import type * as Of from "./source/types";

export type Status = "none" | "loading" | "waiting" | "running" | "done" | "failed";
export const EDITED = "edited";
/** Citizens up to whom each is a dot. */
export const DOTS = 100_000;

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

  /** The world that the first is held against: the unscored one where there is one. */
  get twin(): Of.World | undefined {
    const [first, ...others] = this.worlds;
    return others.find((one) => !one.scored && one !== first) ?? others.at(-1);
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
      if (ref.kind === "runs" && told.citizens <= DOTS) await this.relive(turn, ref.id);
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
    let due = 0;
    let begun: (() => void) | null = null;
    const shown = () => {
      due = 0;
      if (!ours()) return;
      begun?.();
      begun = null;
      this.months = Object.fromEntries(Object.entries(months).map(([world, all]) => [world, [...all]]));
      this.dots = grades.grades;
    };
    const soon = () => {
      due ||= requestAnimationFrame(shown);
    };
    const grades = new Dots(live.id, ours, soon);
    this.stop = source.follow(live.id, {
      waiting: (ahead) => ours() && (this.step = { ...this.step, ahead }),
      step: (what, done, of) => ours() && (this.step = { what, done, of, ahead: 0 }),
      begun: (told) => {
        if (!ours()) return;
        months = {};
        this.ref = { kind: "live", id: live.id };
        this.status = "running";
        if (dots) grades.begin(told);
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
        grades.month(window, Object.keys(worlds));
      },
      // It may come several times, with one part more each time.
      found: (parts) => ours() && (this.parts = parts),
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

  /** Live a stored run again for the grade of each citizen: a run folder keeps nothing of anybody. */
  private async relive(turn: number, run: string): Promise<void> {
    const ours = () => turn === this.turn;
    const live = await source.start({ run, dots: true, session: this.session }).catch(() => null);
    if (!live || !ours()) return;
    const grades: Dots = new Dots(live.id, ours, () => (this.dots = grades.grades));
    this.stop = source.follow(live.id, {
      waiting: () => undefined,
      step: () => undefined,
      begun: (told) => grades.begin(told),
      month: (window, worlds) => grades.month(window, Object.keys(worlds)),
      found: () => undefined,
      ended: () => undefined,
    });
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
