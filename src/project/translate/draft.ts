// What a translation comes to before anything is written: files, what was decided, and what could not be carried over.
import type { Json, JsonObject } from '../../core/json.ts';

export type LeftOut = {
  /** `promptfooconfig.yaml:12:7`, as the user names the file. */
  readonly place: string;
  /** As it is called there: `assert javascript`. */
  readonly what: string;
  /** The reason, and what to do instead. */
  readonly why: string;
};

export type Draft = {
  /** By path relative to the folder, with forward slashes; the manifest first. */
  readonly files: ReadonlyMap<string, string>;
  /** Files that the experiment reads where they lie: relative to the folder. */
  readonly reads: readonly string[];
  /** Sentences on what was chosen for the user. */
  readonly told: readonly string[];
  readonly left: readonly LeftOut[];
  readonly answers: 'simulated' | 'real';
  /** Of its accounts, as they are for real. */
  readonly types: readonly string[];
};

/** What the parts of a translation write into. */
export type Notes = {
  readonly told: string[];
  readonly left: LeftOut[];
};

export function makeNotes(): Notes {
  return { told: [], left: [] };
}

/** An account as the manifest has it, by its name under `providers:`. */
export type Accounts = Map<string, JsonObject>;

/** How often a manifest may have anything drawn: `runs:` takes no more. */
export function isCount(value: Json | undefined): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MOST_RUNS;
}

const MOST_RUNS = 1000;

export function typesOf(accounts: Accounts): readonly string[] {
  return [...new Set([...accounts.values()].flatMap(({ type }) => (typeof type === 'string' ? [type] : [])))];
}

export type Settings = { readonly [setting: string]: Json };

/** The same again and again is one row with its places: of a thousand tests with one assertion nobody reads a thousand lines. */
export type LeftRow = {
  readonly what: string;
  readonly why: string;
  /** The first few. */
  readonly places: readonly string[];
  readonly count: number;
};

const MOST_PLACES = 5;
/** Line 9 before line 10. */
const BY_PLACE = new Intl.Collator('en', { numeric: true });

export function leftRows(left: readonly LeftOut[]): readonly LeftRow[] {
  const rows = new Map<string, { what: string; why: string; places: string[]; count: number }>();
  for (const { place, what, why } of left.toSorted((a, b) => BY_PLACE.compare(a.place, b.place))) {
    const key = JSON.stringify([what, why]);
    const row = rows.get(key) ?? { what, why, places: [], count: 0 };
    rows.set(key, row);
    row.count++;
    if (row.places.length < MOST_PLACES && !row.places.includes(place)) row.places.push(place);
  }
  return [...rows.values()];
}
