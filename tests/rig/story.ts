// A small story told to the real store in this process: three invocations, five files, a failed record, a forced
// generation and an edit. It can be broken off anywhere and told to its end later.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openStore } from '../../src/cache/files.ts';
import { type FsckReport, fsck } from '../../src/cache/fsck/fsck.ts';
import { openReader } from '../../src/cache/index/reader.ts';
import type { Store, StoreReader, ViewCell } from '../../src/cache/store.ts';
import { canonicalJson } from '../../src/core/canonical.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { filesBelow } from './files.ts';
import { attemptLine, entry, invocationRecord, resultsLine, task, turnLine, viewCell } from './records.ts';

const HOLDER = { pid: 1, host: 'here', command: 'expgraph run', since: '2026-01-02T03:04:05.000Z' };
const STARTED = new Date('2026-01-02T03:04:05Z');

type Draw = {
  readonly of: ReturnType<typeof task>;
  readonly text: string;
  readonly status: 'completed' | 'failed';
};

/** Too long for a line: it becomes a blob. */
const LONG = 'a long answer. '.repeat(5_000);

/** What is wanted of each key, oldest generation first; one inner list is put at once. */
const INVOCATIONS: readonly (readonly (readonly Draw[])[])[] = [
  [
    [draw('a', 'one'), draw('a', 'two'), draw('b', 'one')],
    [draw('a', 'three'), draw('b', 'two', { status: 'failed' })],
  ],
  [[draw('a', 'one', { text: 'another answer' })], [draw('b', 'two', { text: 'at last' })]],
  [[draw('b', 'one', { edit: ' edited' })]],
];

function draw(
  variant: string,
  scenario: string,
  more: { readonly text?: string; readonly status?: 'failed'; readonly edit?: string } = {},
): Draw {
  const of = task({ variant, scenario, run: 1 }, more.edit);
  return { of, text: more.text ?? `answer to ${scenario}`, status: more.status ?? 'completed' };
}

/** The cells of the story's last manifest: the edited task in place of the first. */
export const CELLS: readonly ViewCell[] = [
  ...new Map(
    INVOCATIONS.flat(2).map(({ of }) => [`${of.variant} ${of.scenario}`, viewCell(of)] as const),
  ).values(),
];

/** key and generation -> the record as the store acknowledged it. */
export type Acknowledged = Map<string, ScenarioResult>;

export function drawId(record: Pick<ScenarioResult, 'key' | 'generation'>): string {
  return `${record.key}@${record.generation}`;
}

/** Every key and generation that the story can ever have put. */
export const EVERYTHING: ReadonlySet<string> = (() => {
  const ids = new Set<string>();
  const counts = new Map<string, number>();
  for (const { of } of INVOCATIONS.flat(2)) {
    const generation = (counts.get(of.key) ?? 0) + 1;
    counts.set(of.key, generation);
    ids.add(drawId({ key: of.key, generation }));
  }
  return ids;
})();

export function openAt(root: string, index: 'keep' | 'rebuild' = 'keep'): Store {
  const opened = openStore({ root, holder: HOLDER, redact: (text) => text, index });
  assert(opened.kind === 'ok', 'the store is locked');
  return opened.value;
}

/** Tells what is not yet in the store, invocation by invocation, and refreshes the view after each. */
export async function tellStory(
  root: string,
  acknowledged: Acknowledged,
  bodies: 'short' | 'one-is-a-blob' = 'short',
): Promise<void> {
  const wanted = new Map<string, number>();
  for (const groups of INVOCATIONS) {
    using store = openAt(root);
    const held = generations(store);
    const missing = groups
      .map((group) =>
        group.filter(({ of }) => {
          const generation = (wanted.get(of.key) ?? 0) + 1;
          wanted.set(of.key, generation);
          return (held.get(of.key) ?? 0) < generation;
        }),
      )
      .filter((group) => group.length > 0);
    if (missing.length > 0) await invoke({ store, groups: missing, acknowledged, bodies });
    store.refreshView(CELLS);
  }
}

async function invoke(at: {
  readonly store: Store;
  readonly groups: readonly (readonly Draw[])[];
  readonly acknowledged: Acknowledged;
  readonly bodies: 'short' | 'one-is-a-blob';
}): Promise<void> {
  const { store } = at;
  const invocation = store.nextInvocation(STARTED);
  store.begin(invocationRecord(invocation));
  for (const group of at.groups) {
    const puts = group.map(async ({ of, text, status }) => {
      // What failed had paid before: its lines are in the log, which is kept as records are.
      if (status === 'failed') {
        for (const line of [turnLine(of, 1), resultsLine(of, 1), attemptLine(of, 0)]) await store.log(line);
      }
      const isLong = at.bodies === 'one-is-a-blob' && of.scenario === 'three';
      const record = await store.put(entry(of, { invocation, text: isLong ? LONG : text, status }));
      at.acknowledged.set(drawId(record), record);
    });
    // All are waited for: none may be acknowledged behind the back of a failed one.
    const failed = (await Promise.allSettled(puts)).find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
  }
  await store.end(invocationRecord(invocation, 'complete'));
}

function generations(store: Store): Map<string, number> {
  const held = new Map<string, number>();
  for (const { key } of store.records()) held.set(key, (held.get(key) ?? 0) + 1);
  return held;
}

/** Every record that the store serves; a damaged one is counted, never served. */
export function serve(reader: StoreReader): {
  readonly records: Map<string, ScenarioResult>;
  readonly refused: number;
} {
  const records = new Map<string, ScenarioResult>();
  let refused = 0;
  for (const row of reader.records()) {
    const read = reader.read(row);
    if (read.kind === 'ok') records.set(drawId(read.value), read.value);
    else refused++;
  }
  return { records, refused };
}

/** A record without its line's number and checksum: equal wherever it stands. */
export function content(record: ScenarioResult): string {
  const { n, c, ...rest } = record;
  return canonicalJson(rest as never);
}

export function checkStore(root: string): FsckReport {
  const keyOf = (record: ScenarioResult): string => sampleKey(record.parts as never, record.run);
  return fsck({ root, cells: CELLS, keyOf });
}

/** Whole records by id from a sound store, as the measure of every other. */
export function originals(root: string): Map<string, string> {
  using reader = openReader(root);
  return new Map([...serve(reader).records].map(([id, record]) => [id, content(record)]));
}

/** Files of a store that say something: SQLite's own and the note about the holder may differ from day to day. */
export function bytesOf(root: string): Record<string, string> {
  if (!existsSync(root)) return {};
  const names = filesBelow(root).filter((name) => !/^(index\.db|lock\.)/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(root, name), 'latin1')]));
}

/** The view's result lines by file, without the name of the invocation that drew them. */
export function viewOf(root: string): Record<string, string> {
  const runs = path.join(root, 'runs');
  if (!existsSync(runs)) return {};
  const names = filesBelow(runs).filter((name) => name.endsWith('.jsonl'));
  return Object.fromEntries(
    names.map((name) => [
      name,
      readFileSync(path.join(runs, name), 'utf8').replaceAll(
        /\d{4,}-\d{8}T\d{6}Z(?:-\w{8})?/g,
        'some invocation',
      ),
    ]),
  );
}

/** A copy with the times of its files: the index must not see that it was moved. */
export function copyStore(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}
