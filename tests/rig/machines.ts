// Several machines with a store of one experiment each: they draw, draw again, fail, judge, are killed and archive, without a word to
// each other. What they did can be united in any order.
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { blobPath } from '../../src/cache/disk/blobs.ts';
import { layoutOf, scoresRoot } from '../../src/cache/disk/layout.ts';
import { borrowed } from '../../src/cache/disk/lock-handle.ts';
import { lockStore, openLocked, openLockedScores } from '../../src/cache/files.ts';
import { runGc, runRestore } from '../../src/cache/gc/run-gc.ts';
import type { ScoreLine, Store } from '../../src/cache/store.ts';
import { unite } from '../../src/cache/union/unite.ts';
import { sha256 } from '../../src/core/canonical.ts';
import type { InvocationId } from '../../src/core/invocation-id.ts';
import type { ScoreRecord } from '../../src/core/record.ts';
import type { Cell } from '../../src/core/task.ts';
import type { United } from '../../src/core/united.ts';
import { scoreKey } from '../../src/planner/score-key.ts';
import { keyOfRecord } from '../../src/project/select/plan-experiment.ts';
import { filesBelow } from './files.ts';
import { attemptLine, ENGINE, entry, invocationRecord, part, task, turnLine, viewCell } from './records.ts';
import { HOLDER, type TestTask } from './stores.ts';

const redact = (text: string): string => text;

/** Four cells of two variants; the last one was edited since. */
export const TASKS: readonly TestTask[] = [
  task({ variant: 'a', scenario: 'one', run: 1 }),
  task({ variant: 'a', scenario: 'two', run: 1 }),
  task({ variant: 'b', scenario: 'one', run: 1 }),
  task({ variant: 'b', scenario: 'two', run: 1 }, ' edited'),
];
/** What that cell was before. */
const BEFORE = task({ variant: 'b', scenario: 'two', run: 1 });
const SCORER = part('variant', { scorer: 'words' });
const LONG = 'a long answer. '.repeat(6_000);

export type Machine = {
  readonly root: string;
  /** `k3f9m2q7` and the like: no two machines have one. */
  readonly name: string;
  readonly random: () => number;
  /** Seconds that its clock is off. */
  readonly clockMs: number;
  started: number;
};

export type Act = 'draw' | 'fail' | 'long' | 'old' | 'judge' | 'kill' | 'gc' | 'restore' | 'hurt';

/** With a folder of its own; the same for the same seed. */
export function machineIn(folder: string, name: string, seed = 7): Machine {
  const root = path.join(folder, name);
  mkdirSync(root, { recursive: true });
  let n = seed;
  const random = (): number => {
    n = (n * 48_271) % 2_147_483_647;
    return n / 2_147_483_647;
  };
  return { root, name, random, clockMs: name.length * 3_600_000, started: 0 };
}

function chance(at: Machine, below: number): number {
  return Math.floor(at.random() * below);
}

function originOfStart(at: Machine): string {
  at.started++;
  return sha256(`${at.name} ${at.started}`)
    .slice(0, 8)
    .replaceAll(/[ilou]/g, '0');
}

export function openMachine(at: Machine): Store {
  const lock = lockOf(at.root);
  return openLocked({ root: at.root, redact, lock, origin: () => originOfStart(at) });
}

function lockOf(root: string) {
  const lock = lockStore({ root, holder: HOLDER });
  if (lock.kind === 'err') throw new Error('the store is locked');
  return lock.value;
}

/** One start of the program. */
export async function act(at: Machine, what: Act): Promise<void> {
  if (what === 'gc') return collect(at);
  if (what === 'restore') return restore(at);
  if (what === 'hurt') return hurt(at);
  using store = openMachine(at);
  const invocation = store.nextInvocation(
    new Date(Date.UTC(2026, 0, 2, 3, 4, 5) + at.clockMs + at.started * 1000),
  );
  if (what === 'judge') return await judge(at, store, invocation);
  store.begin(invocationRecord(invocation));
  const many = 1 + chance(at, 3);
  for (let i = 0; i < many; i++) {
    const of = what === 'old' ? BEFORE : TASKS[chance(at, TASKS.length)]!;
    const text = `${what === 'long' ? LONG : ''}${at.name} says ${at.started}.${i}`;
    if (what === 'fail') await store.log(turnLine(of, 1));
    const status = what === 'fail' ? ('failed' as const) : ('completed' as const);
    await store.put(entry(of, { invocation, text, status }));
  }
  if (what === 'kill') {
    await store.log(attemptLine(TASKS[0]!, 0.1));
    tear(at, invocation);
  } else await store.end(invocationRecord(invocation, 'complete'));
  if (what !== 'kill') store.refreshView(TASKS.map(viewCell));
}

/** The last line of one of its files, or the first of a new one, was half written, and nobody wrote how it ended. */
function tear(at: Machine, invocation: string): void {
  const folder = path.join(at.root, 'history', invocation);
  if (chance(at, 3) === 0) {
    writeFileSync(path.join(folder, 'begun_run1.jsonl'), at.name.slice(0, chance(at, 4)));
    return;
  }
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const file = path.join(folder, files[chance(at, files.length)]!);
  appendFileSync(file, readFileSync(file).subarray(0, 10 + chance(at, 40)));
}

/** One start, with one record of this answer. */
export async function say(at: Machine, text: string): Promise<void> {
  using store = openMachine(at);
  const invocation = store.nextInvocation(new Date(0));
  store.begin(invocationRecord(invocation));
  await store.put(entry(TASKS[0]!, { invocation, text }));
  await store.end(invocationRecord(invocation, 'complete'));
}

async function judge(at: Machine, store: Store, invocation: InvocationId): Promise<void> {
  using scores = openLockedScores({ root: at.root, redact, hold: store.hold });
  scores.begin(invocationRecord(invocation));
  for (const row of [...store.counting()].slice(0, 3)) {
    if (row.outputDigest === null) continue;
    const parts = { variant: SCORER.digest, scenario: row.parts.scenario, engine: ENGINE.digest };
    const key = scoreKey({ parts, output: row.outputDigest, vote: 1 });
    const record = scoreRecord({ key, parts, invocation, row, score: at.random() });
    const metadata = () => ({
      ...({ type: 'score_metadata', v: 1, experiment: 'made', invocation, scorer: 'words' } as const),
      ...{ kind: 'rule', scorer_digest: SCORER.digest, manifest_digest: SCORER.digest, git: null },
      ...{ started_at: '2026-01-02T03:04:05.000Z', filter: {}, expgraph: '0.0.0', node: '24.0.0' },
    });
    await scores.put({ record, parts: [SCORER], slug: 'words', metadata });
  }
  await scores.end(invocationRecord(invocation, 'complete'));
  scores.refreshScores(scoreLines(store));
}

function scoreRecord(of: {
  readonly key: string;
  readonly parts: ScoreRecord['parts'];
  readonly invocation: string;
  readonly row: {
    readonly variant: string;
    readonly scenario: string;
    readonly run: number;
    readonly outputDigest: string | null;
  };
  readonly score: number;
}): Omit<ScoreRecord, 'generation' | 'n' | 'c'> {
  const { key, parts, invocation, row, score } = of;
  const started = { started_at: '2026-01-02T03:04:05.000Z', duration_ms: 1 };
  return {
    ...({
      type: 'score',
      v: 1,
      key,
      experiment: 'made',
      invocation,
      scorer: 'words',
      kind: 'rule',
      vote: 1,
    } as const),
    ...({ scenario: row.scenario, category: 'made', variant: row.variant, run: row.run } as const),
    ...({
      status: 'completed',
      output_digest: row.outputDigest!,
      score,
      passed: score > 0.5,
      label: null,
    } as const),
    ...{ reason: null, usage: null, cost_usd: 0, model: null, served_model: null, provider: null },
    ...{ ...started, attempts: [{ n: 1, ...started, error: null, request_id: null }], parts },
  };
}

/** In an order of their cells, as those of a manifest have one. */
function scoreLines(store: Pick<Store, 'counting'>): readonly ScoreLine[] {
  const name = (row: Cell): string => `${row.variant} ${row.scenario} ${row.run} ${keyOfRow(row)}`;
  const keyOfRow = (row: Cell): string => String((row as Partial<{ key: string }>).key);
  const rows = [...store.counting()].sort((a, b) => (name(a) < name(b) ? -1 : 1));
  return rows.flatMap((row) => {
    if (row.outputDigest === null) return [];
    const parts = { variant: SCORER.digest, scenario: row.parts.scenario, engine: ENGINE.digest };
    const { variant, scenario, run } = row;
    const key = scoreKey({ parts, output: row.outputDigest, vote: 1 });
    return [{ variant, scenario, run, slug: 'words', category: 'made', key, meaning: null }];
  });
}

function collect(at: Machine): void {
  runGc({
    ...{ root: at.root, redact, cells: TASKS.map(viewCell), lock: lockOf(at.root) },
    ...{ options: { olderThan: null, keep: 1 }, agreed: null, argv: ['gc'], expgraph: '0.0.0' },
    now: new Date(Date.UTC(2026, 2, 1) + at.clockMs),
    origin: () => originOfStart(at),
  });
}

function restore(at: Machine): void {
  const archive = readdirSafely(path.join(at.root, 'archive')).toSorted()[0];
  if (archive === undefined) return;
  runRestore({ root: at.root, redact, cells: TASKS.map(viewCell), lock: lockOf(at.root), archive });
}

/** A byte of one of its files is another one, line ends among them. */
function hurt(at: Machine): void {
  const all = filesBelow(at.root).filter((name) => /^(?:scores\/)?history\//.test(name));
  if (all.length === 0) return;
  const file = path.join(at.root, all[chance(at, all.length)]!);
  const bytes = readFileSync(file);
  if (bytes.length === 0) return;
  const ends = [...bytes.keys()].filter((i) => bytes[i] === 10);
  const isEnd = chance(at, 3) === 0 && ends.length > 0;
  const place = isEnd ? ends[chance(at, ends.length)]! : chance(at, bytes.length);
  bytes[place] = isEnd ? 32 : chance(at, 3) === 0 ? 10 : chance(at, 256);
  writeFileSync(file, bytes);
}

function readdirSafely(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** As `merge` does it: what is here is mended first, and brought up to date behind. */
export function mergeInto(root: string, others: readonly string[]): readonly United[] {
  const lock = lockOf(root);
  using _lock = lock;
  refresh();
  const united = others.map((from) => unite({ root, from, keyOf: keyOfRecord, check: () => lock.check() }));
  refresh();
  return united;

  function refresh(): void {
    using store = openLocked({ root, redact, lock: borrowed(lock) });
    store.refreshView(TASKS.map(viewCell));
    if (readdirSafely(scoresRoot(root)).length === 0) return;
    using scores = openLockedScores({ root, redact, hold: store.hold });
    scores.refreshScores(scoreLines(store));
  }
}

/** What has to be the same: truth, and what is made of it for readers. */
export function sharedBytes(root: string): Record<string, string> {
  const names = filesBelow(root).filter((name) =>
    /^(?:history|runs|blobs|archive|scores\/history|scores\/runs)\//.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, sha256(readFileSync(path.join(root, name)))]));
}

/** What remotes share: the history, and the bodies that it names. */
export function historyBytes(root: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(sharedBytes(root)).filter(([name]) => !/(?:^|\/)(?:runs|archive)\//.test(name)),
  );
}

export function cloneOf(root: string, to: string): string {
  cpSync(root, to, { recursive: true, preserveTimestamps: true });
  return to;
}

export function blobFileOf(root: string, digest: string): string {
  return blobPath(layoutOf(root).blobs, digest);
}
