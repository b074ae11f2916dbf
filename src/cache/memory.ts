// The store in memory: the same index and the same rules without a disk. For tests of the loop and for dry runs.

import { sha256 } from '../core/canonical.ts';
import { makeInvocationId, orderOf } from '../core/invocation-id.ts';
import type { JsonObject } from '../core/json.ts';
import {
  addSpent,
  isCounted,
  itemsTried,
  type Logged,
  NOTHING_SPENT,
  paidBy,
  paidCalls,
  paidIn,
  turnsToGoOnFrom,
} from '../core/paid.ts';
import type { AnyRecord, InvocationRecord, ScenarioResult, Unkept } from '../core/record.ts';
import { err, ok } from '../core/result.ts';
import { ALWAYS_HELD } from './disk/lock-handle.ts';
import { newOrigin } from './disk/origin.ts';
import { newestStarts } from './index/call-starts.ts';
import { countOfKey, rowsOfCell } from './index/cell-rows.ts';
import { drawnBy } from './index/drawn.ts';
import { makeHistory } from './index/heads.ts';
import { openIndexDb } from './index/index-db.ts';
import { measuresOf } from './index/measures.ts';
import { COUNTING, MADE_BY, rowsOf } from './index/record-rows.ts';
import { verdictsOf } from './index/verdicts.ts';
import { type KeptRecord, rowFromSql, rowOf } from './rows.ts';
import type { Store } from './store.ts';
import { layOut } from './view/view-layout.ts';

export type MemoryOptions = {
  /** Of a store beside it: one number for whatever an invocation does. */
  readonly others?: () => readonly InvocationRecord[];
  /** As of a store on files. */
  readonly origin?: () => string | null;
};

/** An empty store. What is put is kept as text, so that nothing that is not plain data slips through. */
export function makeMemoryStore<R extends AnyRecord = ScenarioResult>(options: MemoryOptions = {}): Store<R> {
  const index = openIndexDb(':memory:');
  const bodies: string[] = [];
  const logs: { readonly invocation: string; readonly text: string }[] = [];
  const parts = new Map<string, string>();
  const blobs = new Map<string, Uint8Array>();
  const files = new Map<string, { readonly id: number; n: number }>();
  const invocations = new Map<string, InvocationRecord>();
  let current: InvocationRecord | null = null;

  const reading = new Map<string, Promise<Uint8Array | null>>();
  const readOnce = (digest: string, read: () => Promise<Uint8Array | null>): Promise<Uint8Array | null> => {
    const bytes = read().finally(() => reading.delete(digest));
    reading.set(digest, bytes);
    return bytes;
  };

  const loggedOf = (key: string): readonly Logged[] =>
    logs
      .map(({ invocation, text }) => ({ invocation, line: JSON.parse(text) as Logged['line'] }))
      .filter(({ line }) => line.key === key);

  return {
    get history() {
      return makeHistory(index);
    },
    diagnostics: [],
    hold: ALWAYS_HELD,
    part: (digest) => {
      const text = parts.get(digest);
      return text === undefined ? undefined : (JSON.parse(text) as JsonObject);
    },
    records: () => rowsOf(index, ''),
    counting: () => rowsOf(index, COUNTING),
    newestStarts: () => newestStarts(index),
    everyRecord: () => rowsOf(index, ''),
    ofCell: (cell, key) => rowsOfCell(index, cell, key),
    countOf: (key) => countOfKey(index, key),
    madeBy: (engines) => rowsOf(index, MADE_BY, JSON.stringify(engines)),
    measures: () => measuresOf(index),
    drawn: () => drawnBy(index),
    verdicts: () => verdictsOf(index),
    row(id) {
      const row = index.statement('SELECT * FROM records WHERE id = ?').get(id);
      return row ? rowFromSql(row) : undefined;
    },
    reading() {
      return {
        read: (id) => {
          const row = this.row(id);
          return row && this.read(row);
        },
        [Symbol.dispose]: () => {},
      };
    },
    fileOf: () => null,
    refresh: () => true,
    isBehind: () => false,
    read(row) {
      const text = bodies[row.offset];
      return text === undefined ? err('no such record') : ok(JSON.parse(text) as R);
    },
    invocations: () => [...invocations.values()],
    nextInvocation(startedAt) {
      const all = [...invocations.keys(), ...(options.others?.() ?? []).map(({ invocation }) => invocation)];
      const last = Math.max(0, ...all.map((id) => orderOf(id)!.sequence));
      return makeInvocationId(last + 1, startedAt, (options.origin ?? newOrigin)());
    },
    begin(invocation) {
      invocations.set(invocation.invocation, invocation);
      current = invocation;
    },
    async put({ record, parts: contents, slug, metadata }) {
      if (!current) throw new Error('put before begin');
      const line: Unkept<AnyRecord> = record;
      const name = `${current.invocation}/${slug}_run${line.type === 'score' ? line.vote : line.run}.jsonl`;
      let file = files.get(name);
      if (!file) {
        metadata();
        file = { id: index.addFile({ path: name, size: 0, mtimeMs: 0, n: 0 }), n: 1 };
        files.set(name, file);
      }
      for (const part of contents) parts.set(part.digest, JSON.stringify(part.content));
      file.n++;
      const kept = { ...line, generation: index.lastGeneration(line.key) + 1, n: file.n } as KeptRecord & R;
      const text = JSON.stringify(kept);
      const offset = bodies.push(text) - 1;
      const order = orderOf(current.invocation)!;
      index.addRecord(rowOf(kept, { file: file.id, offset, length: text.length, ...order }));
      return kept;
    },
    file: (digest) => blobs.get(digest) ?? null,
    async keepFile({ sha256: digest }, read) {
      const bytes = await (reading.get(digest) ?? blobs.get(digest) ?? readOnce(digest, read));
      if (bytes === null || sha256(bytes) !== digest) return false;
      blobs.set(digest, bytes);
      return true;
    },
    async log(line) {
      if (!current) throw new Error('log before begin');
      logs.push({ invocation: current.invocation, text: JSON.stringify(line) });
    },
    paidTurns(key) {
      const done = index
        .statement("SELECT max(sequence) AS last FROM records WHERE key = ? AND status = 'completed'")
        .get(key)?.last;
      const since = Number(done ?? -1);
      return turnsToGoOnFrom(loggedOf(key).filter(({ invocation }) => orderOf(invocation)!.sequence > since));
    },
    paidCalls: (key) => paidCalls(loggedOf(key)),
    triedItems: (key) => itemsTried(loggedOf(key)),
    tried: () => new Set(logs.map(({ text }) => (JSON.parse(text) as Logged['line']).key)),
    spentBy(invocation) {
      let spent = NOTHING_SPENT;
      const recorded = new Set<string>();
      for (const text of bodies) {
        const record = JSON.parse(text) as ScenarioResult;
        if (record.invocation !== invocation) continue;
        recorded.add(record.key);
        spent = addSpent(spent, paidBy(record));
      }
      for (const log of logs) {
        const line = JSON.parse(log.text) as Logged['line'];
        if (log.invocation === invocation && isCounted(line, recorded)) spent = addSpent(spent, paidIn(line));
      }
      return spent;
    },
    newestInvocation: () => [...invocations.values()].at(-1),
    unended() {
      const last = [...invocations.values()].at(-1);
      return last?.how === 'running'
        ? {
            invocation: last.invocation,
            isImport: last.imported !== undefined,
            spent: this.spentBy(last.invocation),
          }
        : null;
    },
    async end(invocation) {
      invocations.set(invocation.invocation, invocation);
      current = null;
    },
    refreshView: (cells) => layOut({ index, cells }).map((file) => `runs/${file.name}`),
    [Symbol.dispose]: () => index[Symbol.dispose](),
  };
}
