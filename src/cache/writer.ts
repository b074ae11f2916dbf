// Appends what one invocation executes. Group commit: append -> fdatasync -> index -> acknowledge.
import path from 'node:path';
import type { InvocationId } from '../core/brand.ts';
import type { ScenarioResult } from '../core/record.ts';
import type { Redact } from '../core/redact.ts';
import { type AppendFile, fileState, openAppend, StoreError } from './durable.ts';
import type { IndexDb } from './index-db.ts';
import { sealLine } from './lines.ts';
import { type Place, rowOf } from './rows.ts';
import type { Entry, NewRecord } from './store.ts';

/** Flush at this many records, or this long after the last flush; at once when nothing was flushed lately. */
const GROUP_RECORDS = 32;
const GROUP_MS = 20;
/** Open files at once: an experiment may have hundreds of variant x run files. */
const OPEN_FILES = 32;

type Waiting = {
  readonly entry: Entry;
  readonly resolve: (record: ScenarioResult) => void;
  readonly reject: (cause: unknown) => void;
};

type OpenFile = {
  readonly name: string;
  readonly id: number;
  readonly file: AppendFile;
  n: number;
  lines: Buffer[];
  bytes: number;
};

type PartRow = Place & { readonly digest: string };

export type HistoryWriter = {
  put(entry: Entry): Promise<ScenarioResult>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
  close(): void;
};

export function makeHistoryWriter(at: {
  readonly folder: string;
  readonly invocation: InvocationId;
  readonly sequence: number;
  readonly index: IndexDb;
  readonly redact: Redact;
}): HistoryWriter {
  const { index, redact } = at;
  const waiting: Waiting[] = [];
  const open = new Map<string, OpenFile>();
  /** Number of lines by file: files are closed and opened again. */
  const counts = new Map<string, { id: number; n: number }>();
  const partsWritten = new Set<string>();
  let flushing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  let lastFlush = -Infinity;
  let broken: unknown = null;

  const schedule = (): void => {
    if (flushing || waiting.length === 0) return;
    if (waiting.length >= GROUP_RECORDS) {
      start();
    } else if (timer === null) {
      const rest = lastFlush + GROUP_MS - performance.now();
      timer = rest > 0 ? setTimeout(start, rest) : setImmediate(start);
    }
  };
  const start = (): void => {
    if (timer !== null) {
      clearTimeout(timer as NodeJS.Timeout);
      clearImmediate(timer as NodeJS.Immediate);
      timer = null;
    }
    if (flushing || waiting.length === 0) return;
    flushing = flush(waiting.splice(0)).finally(() => {
      lastFlush = performance.now();
      flushing = null;
      schedule();
    });
  };

  async function flush(batch: readonly Waiting[]): Promise<void> {
    try {
      if (broken) throw broken;
      const records = batch.map(({ entry }) => ({ entry, record: generationOf(entry.record) }));
      const dirty = new Set<OpenFile>();
      const parts: PartRow[] = [];
      const rows = records.map(({ entry, record }) => {
        parts.push(...addParts(entry, dirty));
        const file = fileFor(entry, dirty);
        const offset = file.file.size() + file.bytes;
        const length = addLine(file, record);
        return rowOf(record, { file: file.id, offset, length, sequence: at.sequence });
      });
      await commit(dirty);
      index.transaction(() => {
        const addPart = index.statement(
          'INSERT OR IGNORE INTO parts(digest, file, offset, length) VALUES (?, ?, ?, ?)',
        );
        for (const part of parts) addPart.run(part.digest, part.file, part.offset, part.length);
        for (const row of rows) index.addRecord(row, 'update-heads');
        for (const file of dirty) {
          const state = fileState(file.file.path);
          index.updateFile({ id: file.id, size: file.file.size(), mtimeMs: state?.mtimeMs ?? 0, n: file.n });
        }
      });
      closeIdle();
      for (const [i, { resolve }] of batch.entries()) resolve(records[i]!.record);
    } catch (cause) {
      // An error of the disk is final: nothing after it may look as if it were kept.
      broken ??= cause;
      const error =
        cause instanceof StoreError
          ? cause
          : new StoreError(`could not keep records: ${(cause as Error).message}`, { cause });
      for (const { reject } of batch) reject(error);
    }
  }

  /** Parts are durable before the records that name them. */
  async function commit(dirty: ReadonlySet<OpenFile>): Promise<void> {
    for (const file of dirty) {
      file.file.append(Buffer.concat(file.lines));
      file.lines = [];
      file.bytes = 0;
    }
    const parts = open.get(PARTS);
    if (parts && dirty.has(parts)) await parts.file.sync();
    // Bounded by the batch: at most one file a record.
    await Promise.all([...dirty].filter((file) => file !== parts).map((file) => file.file.sync()));
  }

  function generationOf(record: NewRecord): ScenarioResult {
    const before = index
      .statement('SELECT max(generation) AS g FROM records WHERE key = ?')
      .get(record.key) as {
      g: number | null;
    };
    return { ...record, generation: (before.g ?? 0) + 1 };
  }

  function addParts(entry: Entry, dirty: Set<OpenFile>): readonly PartRow[] {
    const rows: PartRow[] = [];
    for (const part of entry.parts) {
      if (partsWritten.has(part.digest)) continue;
      partsWritten.add(part.digest);
      const file = openFile(PARTS);
      dirty.add(file);
      const offset = file.file.size() + file.bytes;
      const text = JSON.stringify(part.content);
      const { digest, content } = part;
      // A preimage that held a secret no longer gives its digest: fsck must know.
      const redacted = redact(text) === text ? {} : { redacted: true };
      const length = addLine(file, { type: 'part', v: 1, part: part.part, digest, content, ...redacted });
      rows.push({ digest, file: file.id, offset, length });
    }
    return rows;
  }

  function fileFor(entry: Entry, dirty: Set<OpenFile>): OpenFile {
    const file = openFile(`${entry.slug}_run${entry.record.run}.jsonl`);
    dirty.add(file);
    if (file.n === 0) addLine(file, entry.metadata());
    return file;
  }

  function addLine(file: OpenFile, data: object): number {
    file.n++;
    const line = sealLine(data, { n: file.n, redact });
    file.lines.push(line);
    file.bytes += line.length;
    const count = counts.get(file.name);
    if (count) count.n = file.n;
    return line.length - 1;
  }

  function openFile(name: string): OpenFile {
    const known = open.get(name);
    if (known) {
      // Most recently used last: the idle ones are closed from the front.
      open.delete(name);
      open.set(name, known);
      return known;
    }
    let count = counts.get(name);
    if (!count) {
      count = { id: index.addFile({ path: `${at.invocation}/${name}`, size: 0, mtimeMs: 0, n: 0 }), n: 0 };
      counts.set(name, count);
    }
    const file = {
      name,
      id: count.id,
      file: openAppend(path.join(at.folder, name)),
      n: count.n,
      lines: [],
      bytes: 0,
    };
    open.set(name, file);
    return file;
  }

  function closeIdle(): void {
    for (const [name, file] of open) {
      if (open.size <= OPEN_FILES) break;
      file.file.close();
      open.delete(name);
    }
  }

  return {
    put: (entry) =>
      new Promise<ScenarioResult>((resolve, reject) => {
        waiting.push({ entry, resolve, reject });
        schedule();
      }),
    async drain() {
      while (flushing || waiting.length > 0) {
        start();
        await flushing;
      }
    },
    close() {
      for (const file of open.values()) file.file.close();
      open.clear();
    },
  };
}

const PARTS = 'parts.jsonl';
