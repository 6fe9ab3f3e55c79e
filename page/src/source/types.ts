// The objects of API.md. Text in them is ready to be shown; keys are stable.

export interface Cite {
  text: string;
  version: string;
  scenario: string;
  seed: number;
  citizens: number;
  years: number;
  tables_hash: string;
  schemes: { world: string; name: string; title: string; hash: string }[];
  sources: number;
  line: string;
}

/** How the library is cited: it has no seed, and no one scheme. */
export type LibraryCite = Pick<Cite, "text" | "version" | "line"> & Partial<Cite>;

export interface Fault {
  message: string;
  path: string;
  line: number;
  column: number;
  length: number;
  hint: string;
  file: string;
}

export interface Trouble {
  what: string;
  why: string;
  hint: string;
  where: string;
  faults: Fault[];
}

export interface About {
  version: string;
  opened: string | null;
  limits: { citizens: number; dots: number; years: number; citizen_years: number };
  defaults: { scenario: string; citizens: number };
}

export interface Entry {
  kind: string;
  name: string;
  title: string;
  about: string;
  in_force: number;
  reported: number;
  assumed: number;
  references: number;
  of?: string;
  changes?: ChangeTold[] | null;
  scenario?: {
    scheme: string;
    pair: string;
    start: string;
    years: number;
    citizens: number;
    seed: number;
    replicates: number;
  };
}

export interface Library {
  files: Entry[];
  cite: LibraryCite;
}

export interface Rule {
  name: string;
  title: string;
  record: string;
  record_title: string;
  sources: string[] | null;
  domain: string;
  low: number;
  high: number;
  term_months: number | null;
  list: string;
  lawful: boolean;
  status: string;
  source: string;
  article: string;
  note: string;
  line: number;
}

export interface DoorRule {
  name: string;
  title: string;
  domain: string;
  score_below: number | null;
  grades: string[];
  lists: string[];
  status: string;
}

/** One thing that a scenario adds to its files, changes in them, or drops. */
export interface ChangeTold {
  part: string;
  section: string;
  key: string;
  title: string;
  what: "adds" | "changes" | "drops";
}

export interface Scheme {
  name: string;
  title: string;
  about: string;
  start: number;
  floor: number;
  ceiling: number;
  domains: { name: string; weight: number }[];
  bands: { name: string; title: string; from: number | null; under: string }[];
  rules: Rule[];
  doors: DoorRule[];
  /** What the short names of its sources stand for. */
  documents: Record<string, string>;
}

export type Full = Omit<Entry, "references"> & {
  text: string;
  references: Record<string, { cite: string; link: string }>;
  scheme?: Scheme;
};

export interface Words {
  acts: { name: string; title: string }[];
  sources: { name: string; title: string }[];
  doors: { name: string; title: string }[];
}

export interface Axes {
  windows: { start: string; end: string }[];
  acts: { key: string; title: string; domain: string; group: string }[];
  doors: { key: string; title: string; domain: string }[];
  places: { key: string; title: string; about: string }[];
  door_counts: string[];
  groups?: { trait: string; title: string; levels: string[] }[];
  place_counts: string[];
  score_width: number;
}

export interface World {
  world: string;
  name: string;
  title: string;
  bands: string[];
  start: number;
  scored: boolean;
}

export interface Month {
  acts: number[];
  doors: number[][];
  grades: number[];
  scores: { from: number; counts: number[] };
  places: number[][];
  place_grades: number[][];
  points: { lost: number; gained: number; lost_wrongly: number; lost_unable: number };
  records: { right: number; wrong_person: number; false: number };
  graded_down_wrongly: number;
}

export interface Town {
  width: number;
  height: number;
  citizens: number;
  dots: boolean;
  places: Place[];
}

export interface Place {
  key: string;
  title: string;
  about: string;
  x: number;
  y: number;
  first: number;
  citizens: number;
  subjects: number;
}

export interface Span {
  value: number;
  low: number | null;
  high: number | null;
}

export interface BalanceRow {
  section: string;
  key: string;
  label: string;
  unit: string;
  scheme: number | null;
  pair: number | null;
  difference: number | null;
  low: number | null;
  high: number | null;
  n: number;
  better: string;
  note: string;
}

export interface KindRow {
  key: string;
  title: string;
  domain: string;
  group: string;
  scheme: number;
  pair: number | null;
  difference: Span | null;
  change: Span | null;
  events: number;
}

export interface DoorRow {
  key: string;
  title: string;
  domain: string;
  world: string;
  requests: number;
  refused: Record<string, number>;
  wronged: Record<string, number>;
}

export interface Comparison {
  of: string;
  against: string;
  summary: string;
  headlines: { key: string; figure: string; says: string; sure: string; tone: string }[];
  balance: { title: string; scheme_title: string; pair_title: string; heads: string[]; rows: BalanceRow[] };
  kinds: KindRow[];
  doors: DoorRow[];
  wronged: string[];
  groups: { group: string; levels: Record<string, string>; citizens: number; count: number; rate: Span }[];
  gaps: { trait: string; most: string; least: string; most_rate: number; least_rate: number; difference: Span }[];
}

/** What becomes of trust: its course at no belief in the score and at full belief, between which it is linear. */
export interface TrustTold {
  first: number;
  difference: { value: number; low: number | null; high: number | null } | null;
  even: number | null;
  strengths: { usual: number; shock: number; wronged: number; half_life: number };
  sides: { side: string; title: string; none: number[]; full: number[]; harmed: number; wronged: number; dishonest: number }[];
}

/** What one source wrote in one world: numbers a year. */
export interface SourceRow {
  side: string;
  source: string;
  title: string;
  records: number;
  wrong_person: number;
  false: number;
  stale: number;
  noticed: number;
  objected: number;
  corrected: number;
  visits: number;
  /** Mean days from act to record; null where nobody says. */
  days_late: number | null;
}

/** Who came onto a list and left it, a year, and who stands on it at the end, in one world. */
export interface ListRow {
  side: string;
  list: string;
  what: "list" | "public" | "grade" | "lock";
  title: string;
  entered: number;
  wrongly: number;
  unable: number;
  left: number;
  by_performing: number;
  spared: number;
  held: number;
}

export interface Document {
  format: number;
  cite: Cite;
  run: string;
  title: string;
  about: string;
  status: string;
  citizens: number;
  subjects: number;
  years: number;
  seed: number;
  caveat: string;
  warning: string;
  axes: Axes;
  worlds: World[];
  town: Town;
  months: Record<string, Month[]>;
  parts: Comparison[];
  sources?: SourceRow[];
  lists?: ListRow[];
  trust?: TrustTold | null;
  schemes: Record<string, Scheme>;
  changes?: ChangeTold[];
  assumed: { file: string; paths: string[] }[];
  references: { cite: string; link: string; where: string }[];
  lives: Life[];
  /** Which view a saved page begins with. */
  opens?: string;
}

export interface RunRow {
  run: string;
  title: string;
  status: string;
  citizens: number;
  years: number;
  seed: number;
  worlds: string[];
  began: string;
  opened: boolean;
  why?: string;
}

export interface Line {
  at: number;
  date: string;
  window: number;
  world: string;
  what: string;
  text: string;
  more: string[];
  score: number | null;
  grade: string | null;
  record: string | null;
  facts: Record<string, unknown> & { records?: { source: string; day: string; person: string; key: string }[] };
}

export interface Standing {
  score: number;
  grade: string;
}

export interface Life {
  citizen: number;
  picked: string;
  person: {
    place: string;
    register: Record<string, string>;
    truth: Record<string, string>;
    ties: Record<string, number[]>;
    household: number;
  };
  from: string;
  until: string;
  minor: boolean;
  remarks: string[];
  worlds: Record<string, string>;
  lines: Line[];
  months: Record<string, (Standing | null)[]>;
  summary: { label: string; of_above: boolean; values: Record<string, string> }[];
  sources: Record<string, string>;
  whys?: Why[];
  cite?: Cite;
}

export interface Why {
  citizen: number;
  door: string;
  door_title: string;
  answer: string;
  date: string | null;
  verdict: string;
  rows: [string, string][];
  counted: {
    day: string;
    rule: string;
    title: string;
    cited: string;
    points: number;
    domain: string;
    until: string | null;
    record: string;
    hold: string;
    source: string;
  }[];
  sums: string;
  rests_on: string[];
  change: string[];
  sources: Record<string, string>;
  other_world: string | null;
}

export interface Without {
  record: { key: string; date: string; text: string };
  as_it_was: Ending;
  without: Ending;
  months: { as_it_was: (Standing | null)[]; without: (Standing | null)[] };
  changed: { date: string; text: string; side: string }[];
  note: string;
}

export interface Ending {
  score_end: number | null;
  grade_end: string | null;
  lowest: number | null;
  refused: number;
}

export type Edit = Record<string, unknown>;

export interface Edited {
  holds: boolean;
  faults: Fault[];
  patch: { name: string; text: string } | null;
  edited: { name: string; text: string } | null;
  diff: string | null;
  scheme: Scheme | null;
}

export interface Order {
  scenario?: string;
  run?: string;
  scheme?: string;
  citizens?: number;
  years?: number;
  seed?: number;
  edits?: Edit[];
  text?: string;
  session?: string;
  dots?: boolean;
}

export interface Live {
  id: string;
  status: string;
  error: Trouble | null;
}

export interface Persecuted {
  citizen: number;
  chosen: boolean;
  place: string;
  rule: string;
  record: string;
  source: string;
  titles: { scheme: string; rule: string; record: string; source: string };
  start: number;
  bands: string[];
  records_to_worst: number | null;
  records_to_first_door: number | null;
  doors: { key: string; title: string; asked: number; refused: number; refused_persecuted: number }[];
  months: { date: string; written: number; score: number | null; grade: string | null; score_persecuted: number | null; grade_persecuted: string | null }[];
  requests: { date: string; window: number; door: string; untouched: string | null; persecuted: string | null; closed: boolean; records: number }[];
  means: { rule: string; title: string; record: string; points: number; shuts: number; sources: { key: string; title: string }[] }[];
  text: string;
  cite: Cite;
}

export interface Dials {
  friends: { value: string; title: string }[];
  critics: { key: string; title: string }[];
  records: { record: string; source: string; title: string; source_title: string; points: number }[];
}

export interface Moved {
  key: string;
  people: number;
  up: number;
  down: number;
}

export interface Chair {
  hand: { friends: string; spare: number; often: number; critics: string; press: number; quota: number; record: string; source: string };
  budget: number | null;
  wanted: number;
  reach: number;
  often: number;
  enough: boolean;
  edits: number;
  stepped_in: number;
  made_up: number;
  years: number;
  scored: number;
  spared_per_friend: number | null;
  pressed_points: number;
  spared_points: number;
  pressed_per_critic: number | null;
  edits_per_band: number | null;
  bands_moved: number;
  standings: Moved[];
  doors: { key: string; title: string; requests: number; bound: number; official: number; opened: number; closed: number }[];
  doors_moved: number | null;
  grades_moved: number | null;
  refused_wrongly: { bound: number; official: number };
  graded_down_wrongly: { bound: number; official: number };
  places: { key: string; title: string; subjects: number; made_up: number; shown: number }[];
  dials: Dials;
  scheme_title: string;
  text: string;
  cite: Cite;
}

export interface Step {
  done: number;
  of: number;
}

export interface UnknownNumber {
  place: string;
  section: string;
  key: string;
  title: string;
  from: number;
  to: number;
  value: number;
}

export interface Hang {
  result: string;
  unit: string;
  kind: "grade" | "refused" | "favour" | "moved";
  key: string;
  title: string;
  taken: number;
  low: number;
  median: number;
  high: number;
  by: string;
  by_title: string;
  rank: number | null;
}

export interface Weighed {
  title: string;
  citizens: number;
  years: number;
  draws: number;
  share: number | null;
  unknown: UnknownNumber[];
  depend: number | null;
  results: Hang[];
  text: string;
  cite: Cite;
}

/** The replications that there are; one that is not seeded takes neither people nor seeds. */
export interface Replications {
  replications: { name: string; title: string; seeded: boolean }[];
  citizens: { fewest: number; usual: number; most: number; seeds: number };
  how: Record<string, string>;
  cite: LibraryCite;
}

export type Worth = "tested" | "reckoned" | "fitted" | "alone";

/** One published figure beside ours; `worth` says what agreement is worth, `figures` are both where both are numbers. */
export interface PublishedLine {
  what: string;
  published: string;
  ours: string;
  far: string;
  verdict: "agrees" | "misses" | "unsure" | "–";
  how: string;
  source: string;
  seeds: string;
  worth: Worth;
  figures: { published: number; ours: number; unit: string } | null;
}

export interface Published {
  name: string;
  title: string;
  about: string;
  citizens: number | null;
  seeds: number | null;
  rows: PublishedLine[];
  notes: string[];
  how: Record<string, string>;
  cite: LibraryCite;
}
