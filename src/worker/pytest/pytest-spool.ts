// What tests that have ended told, in a file until it has records: their process writes it before it tells us, and ends by
// itself where we were killed. The next run reads what nobody read.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PytestHarness } from '../../core/harness.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Order } from '../../core/order.ts';
import { parseTold } from '../../core/untrusted-json.ts';
import { openReads } from '../../providers/reads.ts';
import type { Attempted } from '../attempt.ts';
import { type Collected, lengthsOf, makeCollected } from './collected-lines.ts';
import type { CellNames } from './line-names.ts';
import { readItemEnd } from './plugin-lines.ts';
import { attemptFrom, namesOf } from './pytest-settled.ts';

type BatchNames = readonly Pick<CellNames, 'variant' | 'run'>[];

/** @returns what the plugin is told of it, by its environment */
export function startSpool(input: {
  /** Where spools lie; absolute. */
  readonly spools: string;
  readonly harness: PytestHarness;
  /** Of the manifest, absolute. */
  readonly folder: string;
  readonly cells: BatchNames;
  /** Where its process tells what it opens. */
  readonly reads: string;
}): { readonly [name: string]: string } {
  mkdirSync(input.spools, { recursive: true, mode: 0o700 });
  const file = path.join(input.spools, `${randomUUID()}.jsonl`);
  const { collect } = input.harness;
  const lengths = collect === null ? [] : [...lengthsOf(collect.files, input.folder)];
  const head = { type: 'batch', v: 1, cells: input.cells, reads: input.reads, lengths };
  writeFileSync(file, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  return { EXPGRAPH_SPOOL: file };
}

type Spool = {
  readonly file: string;
  readonly pid: number | null;
  readonly cells: BatchNames;
  readonly reads: string;
  readonly lengths: ReadonlyMap<string, number>;
  /** By key, as the plugin tells an end; failures of a test's own are drawn again. */
  readonly ends: ReadonlyMap<string, JsonObject>;
};

export type Unread = {
  /** Of processes that may still be at work. */
  readonly pids: readonly number[];
  /** What was answered for it and has no record. */
  take(order: Order, nowMs: number): Attempted | undefined;
};

/** Read once: what still writes has to have ended. @param folder of the manifest, absolute */
export function openUnread(spools: string, folder: string): Unread {
  const all = readSpools(spools);
  const collected = new Map<Spool, Collected>();
  return {
    pids: all.flatMap(({ pid }) => (pid === null ? [] : [pid])),
    take(order, nowMs) {
      const spool = all.find(({ ends }) => ends.has(order.key));
      if (spool === undefined) return undefined;
      const harness = order.work!.harness as PytestHarness;
      let lines = collected.get(spool);
      if (lines === undefined) {
        const { opened } = openReads(folder, spool.reads);
        const { cells, lengths } = spool;
        lines = makeCollected({ harness, cells, folder, lengths, opened });
        collected.set(spool, lines);
      }
      const end = readItemEnd(spool.ends.get(order.key)!, nowMs);
      const line = lines.find(namesOf(order, end), { isAlone: false, isOver: true });
      const attempted = attemptFrom({ order, end, line, collected: lines, harness });
      return attempted.answer.kind === 'completion' ? attempted : undefined;
    },
  };
}

/** What has records by now is needed no more. */
export function clearSpools(spools: string, hasRecord: (key: string) => boolean): void {
  for (const spool of readSpools(spools)) {
    if (![...spool.ends.keys()].every(hasRecord)) continue;
    rmSync(spool.file, { force: true });
    if (OUR_READS.test(path.basename(spool.reads))) rmSync(spool.reads, { force: true });
  }
}

const OUR_READS = /^expgraph-reads-[0-9a-f-]{36}$/;

function readSpools(spools: string): readonly Spool[] {
  return namesIn(spools).flatMap((name) => readSpool(path.join(spools, name)) ?? []);
}

function readSpool(file: string): Spool | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Another user's, or gone.
    return null;
  }
  const lines = text.split('\n').slice(0, -1).map(parseTold).filter(isJsonObject);
  const head = lines.find(({ type }) => type === 'batch');
  if (head === undefined) return null;
  const ends = new Map<string, JsonObject>();
  for (const { type, key, end } of lines)
    if (type === 'end' && typeof key === 'string' && isJsonObject(end) && end.outcome !== 'error')
      ends.set(key, end);
  const pid = lines.find(({ type }) => type === 'begin')?.pid;
  return {
    file,
    ends,
    pid: Number.isSafeInteger(pid) ? (pid as number) : null,
    cells: listOf(head.cells).filter(isJsonObject) as unknown as BatchNames,
    reads: typeof head.reads === 'string' ? head.reads : '',
    lengths: new Map(listOf(head.lengths) as unknown as readonly (readonly [string, number])[]),
  };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  } catch {
    return [];
  }
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
