// Records whose key is of version 1 count under today's key where it is known what they answer: recomputed from their
// stored parts when they are indexed. The history itself is never rewritten: a record keeps the key that it was made with.
//
//   row as read -> its stored parts -> today's parts (variants/upgrade.ts, scoring/upgrade.ts) -> today's key
//                        '--ambiguous--> a key that nobody asks for, and what version 1 did not hold
import path from 'node:path';
import type { Digest, Key } from '../../core/brand.ts';
import { sha256 } from '../../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { KEY_HEADERS } from '../../core/key-headers.ts';
import type { PartLine } from '../../core/record.ts';
import type { Part, PartDigests, PartName } from '../../core/task.ts';
import { sampleKey } from '../../planner/key.ts';
import { scoreKey } from '../../planner/score-key.ts';
import { mayBeOldScorer, thresholdOf, upgradeScorer, upgradeSeen } from '../../scoring/upgrade.ts';
import {
  mayBeOld,
  type Stored,
  type Upgrade,
  upgradeEngine,
  upgradeScenario,
  upgradeVariant,
} from '../../variants/upgrade.ts';
import { readBlob } from '../disk/blobs.ts';
import { blobRefOf } from '../disk/bodies.ts';
import { readText } from '../disk/disk-read.ts';
import type { Layout } from '../disk/layout.ts';
import { openLine } from '../disk/lines.ts';
import { openSlices, type Slices } from '../disk/slices.ts';
import type { IndexDb } from './index-db.ts';

/** By a part's line as it is read: false = a part of today's version. */
export function mayNeedAdoption(line: Record<string, unknown>): boolean {
  const { part, content } = line as unknown as PartLine;
  if (!isJsonObject(content as Json) || blobRefOf(content) !== null) return true;
  const own = content as JsonObject;
  return mayBeOld(part as PartName, own) || mayBeOldScorer(own);
}

/** Content behind the digest of a part that was upgraded. */
export function adoptedContent(index: IndexDb, digest: string): JsonObject | undefined {
  const row = index.statement('SELECT content FROM adopted_parts WHERE digest = ?').get(digest);
  return row ? (JSON.parse(String(row.content)) as JsonObject) : undefined;
}

export type Adopting = {
  readonly index: IndexDb;
  readonly layout: Layout;
  /** Rows with a larger number are looked at. */
  readonly since: number;
  /** Invocations that were read from the start, and all of whose parts are of today's version. */
  readonly current: ReadonlySet<string>;
  /** Invocations of which anything was read. */
  readonly touched: ReadonlySet<string>;
};

type Row = {
  readonly id: number;
  readonly own_key: string;
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly output_digest: Digest | null;
  readonly part_variant: Digest;
  readonly part_scenario: Digest;
  readonly part_engine: Digest;
  readonly path: string;
};

const ROWS = `SELECT r.id, r.own_key, r.variant, r.scenario, r.run, r.output_digest, r.part_variant, r.part_scenario,
  r.part_engine, f.path FROM records r JOIN files f ON f.id = r.file WHERE r.id > ? ORDER BY r.id LIMIT 10000`;

export function adopt(input: Adopting): void {
  const { index } = input;
  const folders = new Map<string, Folder>();
  const slices = openSlices();
  try {
    for (const name of input.touched) {
      const chosen = chosenByHeaders(input.layout, name);
      if (input.current.has(name) && chosen.size === 0) continue;
      folders.set(name, makeFolder({ ...input, name, slices, chosen }));
    }
    if (folders.size === 0) return;
    for (const row of rowsSince(index, input.since)) folders.get(invocationOf(row))?.note(row);
    for (const row of rowsSince(index, input.since)) {
      const adopted = folders.get(invocationOf(row))?.adopt(row);
      if (adopted) update(index, { row, adopted, isScore: input.layout.kind === 'score' });
    }
  } finally {
    slices[Symbol.dispose]();
  }
}

function* rowsSince(index: IndexDb, since: number): Generator<Row> {
  for (let last = since; ; ) {
    const rows = index.statement(ROWS).all(last) as unknown as readonly Row[];
    yield* rows;
    if (rows.length === 0) return;
    last = rows.at(-1)!.id;
  }
}

function invocationOf({ path: file }: Row): string {
  return file.slice(0, file.indexOf('/'));
}

type Adopted =
  | { readonly kind: 'adopted'; readonly parts: PartDigests; readonly heldAgainst: number | null }
  | { readonly kind: 'ambiguous'; readonly forgot: readonly string[] };

function update(
  index: IndexDb,
  input: { readonly row: Row; readonly adopted: Adopted; readonly isScore: boolean },
): void {
  const { row, adopted } = input;
  if (adopted.kind === 'ambiguous') {
    index
      .statement(`${MOVE}, unadopted = ? WHERE id = ?`)
      .run(unaskedKey(row.own_key), adopted.forgot.join(' '), row.id);
    return;
  }
  const { parts } = adopted;
  const key = input.isScore
    ? scoreKey({ parts, output: row.output_digest!, vote: row.run })
    : sampleKey(parts, row.run);
  index
    .statement(`${MOVE}, part_variant = ?, part_scenario = ?, part_engine = ? WHERE id = ?`)
    .run(key, index.textId(parts.variant), index.textId(parts.scenario), index.textId(parts.engine), row.id);
  if (adopted.heldAgainst !== null) index.statement(SAID).run(adopted.heldAgainst, row.id);
}

// Its own key is only kept where it counts under another one.
const MOVE = `UPDATE kept SET own_key = nullif(coalesce(own_key, key), unhex(?1)), key = unhex(?1)`;

// As core/meaning.ts has it of records that do not say what they were held against.
const SAID =
  'UPDATE kept SET said = CASE WHEN score IS NOT NULL AND passed = (score >= ?) THEN NULL ELSE passed END WHERE id = ?';

/** No plan asks for it; records of one old key stay together. */
function unaskedKey(ownKey: string): Key {
  return sha256(`{"k":"unadopted","key":"${ownKey}"}`) as Key;
}

/** The records of one invocation. */
type Folder = {
  /** Called for every row before the first is adopted. */
  note(row: Row): void;
  /** null = its key is today's. */
  adopt(row: Row): Adopted | null;
};

function makeFolder(
  input: Adopting & { readonly name: string; readonly slices: Slices; readonly chosen: ReadonlySet<string> },
): Folder {
  const { index, layout } = input;
  const stored = makeStored(input);
  const upgrades = new Map<string, Upgrade>();
  /** Names under which one stored part was drawn: two arms that differ in order only left one of two texts behind. */
  const names = new Map<string, Set<string>>();

  const upgraded = (id: string, digest: Digest, make: (part: Stored) => Upgrade): Upgrade => {
    const known = upgrades.get(id);
    if (known) return known;
    const part = stored(digest);
    const made: Upgrade = part === null ? { kind: 'known', part: null } : make(part);
    upgrades.set(id, made);
    if (made.kind === 'known' && made.part !== null) keepContent(index, made.part);
    return made;
  };

  const draw = (row: Row): readonly Upgrade[] => {
    const variant = upgraded(`v ${row.part_variant} ${row.variant}`, row.part_variant, (part) =>
      upgradeVariant(part, row.variant),
    );
    // What an arm is decides what it lets through of a scenario.
    const scenario = upgraded(
      `s ${row.part_scenario} ${row.part_variant} ${row.scenario}`,
      row.part_scenario,
      (part) => upgradeScenario(part, { variant: stored(row.part_variant)?.content ?? {}, id: row.scenario }),
    );
    return [variant, scenario, upgraded(`e ${row.part_engine}`, row.part_engine, upgradeEngine)];
  };

  const score = (row: Row): readonly Upgrade[] => [
    upgraded(`v ${row.part_variant} ${row.variant}`, row.part_variant, (part) =>
      upgradeScorer(part, row.variant),
    ),
    upgraded(`s ${row.part_scenario}`, row.part_scenario, (part) => upgradeSeen(part, 'scenario')),
    upgraded(`e ${row.part_engine}`, row.part_engine, (part) => upgradeSeen(part, 'engine')),
  ];

  return {
    note({ part_variant: digest, variant }) {
      const known = names.get(digest);
      if (known) known.add(variant);
      else names.set(digest, new Set([variant]));
    },
    adopt(row) {
      const all = layout.kind === 'score' ? score(row) : draw(row);
      const forgot = new Set(all.flatMap((one) => (one.kind === 'ambiguous' ? one.forgot : [])));
      const [variant, scenario, engine] = all.map((one) => (one.kind === 'known' ? one.part : null));
      const was = stored(row.part_variant)?.content ?? {};
      const isNew = variant?.content.exact !== undefined && was.exact === undefined;
      const isDoubtful = isNew && names.get(row.part_variant)!.size > 1;
      if (isDoubtful) forgot.add('order');
      const isChosen =
        input.chosen.has(row.variant) && stored(row.part_engine)?.content.headers === undefined;
      if (isChosen) forgot.add('headers');
      if (forgot.size > 0) return { kind: 'ambiguous', forgot: [...forgot] };
      if (!variant && !scenario && !engine) return null;
      const parts = {
        variant: variant?.digest ?? row.part_variant,
        scenario: scenario?.digest ?? row.part_scenario,
        engine: engine?.digest ?? row.part_engine,
      };
      return { kind: 'adopted', parts, heldAgainst: layout.kind === 'score' ? thresholdOf(was) : null };
    },
  };
}

function keepContent(index: IndexDb, { digest, content }: Part): void {
  index.statement('INSERT OR IGNORE INTO adopted_parts VALUES (?, ?)').run(digest, JSON.stringify(content));
}

/** Contents as this invocation's own file has them: the order of members is that of its draws. */
function makeStored(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly name: string;
  readonly slices: Slices;
}): (digest: string) => Stored | null {
  const known = new Map<string, Stored | null>();
  const name = `${input.name}/parts.jsonl`;
  const file = input.index.statement('SELECT id FROM files WHERE path = ?').get(name)?.id;
  const placeOf = input.index.statement('SELECT offset, length FROM parts WHERE digest = ? AND file = ?');
  const full = path.join(input.layout.history, name);
  return (digest) => {
    const found = known.get(digest);
    if (found !== undefined) return found;
    const place = file === undefined ? undefined : placeOf.get(digest, file);
    const bytes = place && input.slices.read(full, place as { offset: number; length: number });
    const line = bytes ? openLine(bytes) : null;
    const part = line?.kind === 'whole' ? contentOf(input.layout, line.data as unknown as PartLine) : null;
    known.set(digest, part);
    return part;
  };
}

function contentOf(layout: Layout, { content, redacted }: PartLine): Stored | null {
  const ref = blobRefOf(content);
  const isRedacted = redacted === true;
  if (ref === null) return { content: content as JsonObject, isRedacted };
  const text = readBlob(layout, ref);
  return text.kind === 'err' ? null : { content: JSON.parse(text.value) as JsonObject, isRedacted };
}

/**
 * Variants, or judges, whose account was sent its model in a header, by what the invocation kept of its manifest: of
 * values version 1 kept nothing.
 */
function chosenByHeaders(layout: Layout, name: string): ReadonlySet<string> {
  const none = new Set<string>();
  try {
    const text = readText(path.join(layout.history, name, 'invocation.json'));
    if (text === null || !NAMES_ONE.test(text)) return none;
    const { manifest } = JSON.parse(text) as { readonly manifest?: Json };
    if (!isJsonObject(manifest) || !isJsonObject(manifest.providers)) return none;
    const accounts = new Set(
      Object.entries(manifest.providers).flatMap(([account, provider]) =>
        isJsonObject(provider) && listOf(provider.headers).some(isKeyHeader) ? [account] : [],
      ),
    );
    const callers = listOf(layout.kind === 'score' ? manifest.scorers : manifest.variants);
    return new Set(
      callers.flatMap((one) =>
        isJsonObject(one) && accounts.has(String(one.provider)) ? [String(one.name)] : [],
      ),
    );
  } catch {
    // fsck tells of an invocation.json that cannot be read.
    return none;
  }
}

const NAMES_ONE = new RegExp(KEY_HEADERS.join('|'), 'i');

function isKeyHeader(name: Json): boolean {
  return typeof name === 'string' && KEY_HEADERS.includes(name.toLowerCase());
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
