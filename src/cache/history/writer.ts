// Appends what one invocation executes. Group commit: blobs -> append -> fdatasync -> index -> acknowledge.
import path from 'node:path';
import type { InvocationId } from '../../core/brand.ts';
import type { AnyRecord, LogLine, Unkept } from '../../core/record.ts';
import { type Redact, redactedJson, redactFields } from '../../core/redact.ts';
import { type BlobRef, mayNeedBlobs } from '../disk/bodies.ts';
import { type AppendFile, fileState, openAppend, StoreError } from '../disk/durable.ts';
import { type Order, PARTS, scoreFileName } from '../disk/layout.ts';
import { FREE_TEXT, sealLine } from '../disk/lines.ts';
import type { Hold } from '../disk/lock-handle.ts';
import { ATTEMPTS, addLogged, type LoggedRow } from '../index/attempts.ts';
import type { IndexDb } from '../index/index-db.ts';
import { type Place, type RecordRow, rowOf } from '../rows.ts';
import type { Entry } from '../store.ts';
import { type Bodies, NO_BODIES, type Prepared, prepareEntry } from './prepare-blobs.ts';

/** Flush at this many records, or this long after the last flush; at once when nothing was flushed lately. */
const GROUP_RECORDS = 32;
const GROUP_MS = 20;
/** Open files at once: an experiment may have hundreds of variant x run files. */
const OPEN_FILES = 32;
/** Digests of parts remembered at once. */
const MAX_PARTS_KNOWN = 10_000;

type Waiting = (
  | (Prepared & { readonly resolve: (record: AnyRecord) => void })
  | { readonly logged: LogLine; readonly resolve: () => void }
) & { readonly reject: (cause: unknown) => void };

type OpenFile = {
  readonly name: string;
  readonly id: number;
  readonly file: AppendFile;
  n: number;
  lines: Buffer[];
  bytes: number;
};

type PartRow = Place & { readonly digest: string };
type RefRow = BlobRef & { readonly file: number; readonly offset: number };

export type HistoryWriter = {
  put(entry: Entry<AnyRecord>): Promise<AnyRecord>;
  /** Resolves once the line is durable. */
  log(line: LogLine): Promise<void>;
  /** Resolves when nothing waits any more. */
  drain(): Promise<void>;
  close(): void;
};

export function makeHistoryWriter(at: {
  readonly folder: string;
  readonly invocation: InvocationId;
  readonly order: Order;
  readonly index: IndexDb;
  readonly redact: Redact;
  readonly hold: Hold;
  readonly keepBlob: (text: string) => Promise<BlobRef>;
}): HistoryWriter {
  const { index, redact } = at;
  const waiting: Waiting[] = [];
  const open = new Map<string, OpenFile>();
  /** Number of lines by file: files are closed and opened again. */
  const counts = new Map<string, { id: number; n: number }>();
  const partsWritten = new Set<string>();
  let forgotten = false;
  /** Long bodies are made durable one after another, so that only one text is in memory; short records pass them. */
  let preparing: Promise<unknown> | null = null;
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
      // Whoever lost the lock may not be alone: not a byte more.
      await at.hold.confirm();
      const dirty = new Set<OpenFile>();
      const parts: PartRow[] = [];
      const refs: RefRow[] = [];
      const rows: Omit<RecordRow, 'id'>[] = [];
      const logged: LoggedRow[] = [];
      const generations = new Map<string, number>();
      const settled: (() => void)[] = [];
      for (const waiting of batch) {
        if ('logged' in waiting) {
          logged.push(addLogLine(waiting.logged, dirty));
          settled.push(waiting.resolve);
          continue;
        }
        const record = withGeneration(waiting.entry.record, generations);
        parts.push(...addParts(waiting, { dirty, refs }));
        const file = fileFor(waiting.entry, dirty);
        const place = addLine(file, record, waiting.bodies);
        for (const ref of waiting.bodies.refs) refs.push({ ...ref, ...place });
        rows.push(rowOf(record, { ...place, ...at.order }));
        settled.push(() => waiting.resolve(record));
      }
      await commit(dirty);
      index.transaction(() => {
        const addPart = index.statement(
          'INSERT OR IGNORE INTO parts(digest, file, offset, length) VALUES (?, ?, ?, ?)',
        );
        for (const part of parts) addPart.run(part.digest, part.file, part.offset, part.length);
        for (const ref of refs) index.addBlobRef(ref);
        for (const row of rows) index.addRecord(row, 'update-heads');
        for (const row of logged) addLogged(index, row);
        for (const file of dirty) {
          const state = fileState(file.file.path);
          index.updateFile({ id: file.id, size: file.file.size(), mtimeMs: state?.mtimeMs ?? 0, n: file.n });
        }
      });
      forgetParts();
      closeIdle();
      for (const settle of settled) settle();
    } catch (cause) {
      // An error of the disk is final: nothing after it may look as if it were kept.
      const error = breakWith(cause);
      for (const { reject } of batch) reject(error);
    }
  }

  function breakWith(cause: unknown): StoreError {
    broken ??= cause;
    return cause instanceof StoreError
      ? cause
      : new StoreError(`could not keep records: ${(cause as Error).message}`, { cause });
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

  /** The index knows of what was kept before; of one key several may come at once, as an import brings them. */
  /** @param last of the records before it that the index does not hold yet */
  function withGeneration(record: Unkept<AnyRecord>, last: Map<string, number>): AnyRecord {
    const generation = (last.get(record.key) ?? index.lastGeneration(record.key)) + 1;
    last.set(record.key, generation);
    return { ...record, generation };
  }

  function addParts(
    { entry, parts }: Prepared,
    to: { readonly dirty: Set<OpenFile>; readonly refs: RefRow[] },
  ): readonly PartRow[] {
    const rows: PartRow[] = [];
    for (const part of entry.parts) {
      if (isWritten(part.digest)) continue;
      partsWritten.add(part.digest);
      const file = openFile(PARTS);
      to.dirty.add(file);
      const bodies = parts.get(part.digest);
      const { digest, content } = part;
      // A preimage that held a secret no longer gives its digest: fsck must know.
      const isRedacted = bodies ? bodies.isRedacted : redactedJson(content, { redact }).isRedacted;
      const line = { type: 'part', v: 1, part: part.part, digest, content };
      const place = addLine(file, isRedacted ? { ...line, redacted: true } : line, bodies ?? NO_BODIES);
      for (const ref of bodies?.refs ?? []) to.refs.push({ ...ref, ...place });
      rows.push({ digest, ...place });
    }
    return rows;
  }

  function isWritten(digest: string): boolean {
    if (partsWritten.has(digest)) return true;
    const file = forgotten ? counts.get(PARTS)?.id : undefined;
    if (file === undefined) return false;
    const known = index.statement('SELECT 1 FROM parts WHERE digest = ? AND file = ?').get(digest, file);
    return known !== undefined;
  }

  /** Scenarios are as many as cells: only the last ones are remembered, the others are in the index. */
  function forgetParts(): void {
    if (partsWritten.size < MAX_PARTS_KNOWN) return;
    partsWritten.clear();
    forgotten = true;
  }

  function fileFor(entry: Entry<AnyRecord>, dirty: Set<OpenFile>): OpenFile {
    const file = openFile(fileNameOf(entry));
    dirty.add(file);
    if (file.n === 0) addLine(file, entry.metadata(), NO_BODIES);
    return file;
  }

  function addLogLine(line: LogLine, dirty: Set<OpenFile>): LoggedRow {
    const file = openFile(ATTEMPTS);
    dirty.add(file);
    const safe = redactFields(line, { fields: FREE_TEXT, redact });
    // A conversation does not go on from words that were not said.
    const data = safe === line ? line : { ...safe, redacted: true };
    return { ...addLine(file, data, NO_BODIES), ...at.order, key: line.key };
  }

  function addLine(file: OpenFile, data: object, bodies: Bodies): Place {
    file.n++;
    const offset = file.file.size() + file.bytes;
    const line = sealLine(data, { n: file.n, redact, bodies: bodies.texts });
    file.lines.push(line);
    file.bytes += line.length;
    const count = counts.get(file.name);
    if (count) count.n = file.n;
    return { file: file.id, offset, length: line.length - 1 };
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

  function enqueue(prepared: Prepared): Promise<AnyRecord> {
    return new Promise((resolve, reject) => {
      waiting.push({ ...prepared, resolve, reject });
      schedule();
    });
  }

  /** Behind the long bodies before it. */
  function enqueueLong(entry: Entry<AnyRecord>): Promise<AnyRecord> {
    const ready = (preparing ?? Promise.resolve()).then(() => {
      if (broken) throw broken;
      at.hold.check();
      return prepareEntry(entry, { redact, keep: at.keepBlob, isWritten });
    });
    const settled = ready.then(
      () => {},
      (cause) => void breakWith(cause),
    );
    const turn = settled.then(() => {
      if (preparing === turn) preparing = null;
    });
    preparing = turn;
    return ready.then(enqueue, (cause) => {
      throw breakWith(cause);
    });
  }

  return {
    log: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ logged: line, resolve, reject });
        schedule();
      }),
    put: (entry) =>
      mayNeedBlobs(entry) ? enqueueLong(entry) : enqueue({ entry, bodies: NO_BODIES, parts: new Map() }),
    async drain() {
      while (preparing || flushing || waiting.length > 0) {
        await preparing;
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

/** Draws by variant and run, scores by scorer. */
function fileNameOf({ record, slug }: Entry<AnyRecord>): string {
  return record.type === 'score' ? scoreFileName(slug) : `${slug}_run${record.run}.jsonl`;
}
