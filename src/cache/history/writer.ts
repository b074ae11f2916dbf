// Appends what one invocation executes. Group commit: blobs -> append -> fdatasync -> index -> acknowledge.
import type { InvocationId, InvocationOrder } from '../../core/invocation-id.ts';
import type { AnyRecord, LogLine } from '../../core/record.ts';
import { type Redact, redactedJson, redactFields } from '../../core/redact.ts';
import { type BlobRef, mayNeedBlobs, mediaRefsOf } from '../disk/bodies.ts';
import { StoreError } from '../disk/disk-read.ts';
import { diskWords } from '../disk/disk-words.ts';
import { PARTS, scoreFileName } from '../disk/layout.ts';
import { FREE_TEXT } from '../disk/lines.ts';
import type { Hold } from '../disk/lock-handle.ts';
import { ATTEMPTS, addLogged, type LoggedRow } from '../index/attempts.ts';
import type { IndexDb } from '../index/index-db.ts';
import { type Place, type RecordRow, rowOf } from '../rows.ts';
import type { Entry } from '../store.ts';
import { withGenerations } from './generations.ts';
import { makeHistoryFiles, type OpenFile } from './history-files.ts';
import { NO_BODIES, type Prepared, prepareEntry } from './prepare-blobs.ts';

/** Flush at this many records, or this long after the last flush; at once when nothing was flushed lately. What comes while
 * the disk is at work is the next group, however large: the busier it is, the fewer times it is asked. */
const GROUP_RECORDS = 32;
const GROUP_MS = 20;
/** Of one group: who puts a hundred thousand at once holds them all, and their lines a few at a time. */
const MOST_RECORDS = 4096;
/** Digests of parts remembered at once. */
const MAX_PARTS_KNOWN = 100_000;

type Waiting = (
  | (Prepared & { readonly resolve: (record: AnyRecord) => void })
  | { readonly logged: LogLine; readonly resolve: () => void }
) & { readonly reject: (cause: unknown) => void };

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

export function makeHistoryWriter(input: {
  readonly folder: string;
  readonly invocation: InvocationId;
  readonly order: InvocationOrder;
  readonly index: IndexDb;
  readonly redact: Redact;
  readonly hold: Hold;
  readonly keepBlob: (text: string) => Promise<BlobRef>;
}): HistoryWriter {
  const { index, redact } = input;
  const waiting: Waiting[] = [];
  const files = makeHistoryFiles(input);
  const partsWritten = new Set<string>();
  let forgotten = false;
  /** Long bodies are made durable one after another, so that only one text is in memory; short records pass them. */
  let preparing: Promise<unknown> | null = null;
  let flushing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  /** It is for the end of this turn. */
  let isSoon = false;
  let lastFlush = -Infinity;
  let broken: unknown = null;

  const schedule = (): void => {
    if (flushing || waiting.length === 0) return;
    const isEnough = waiting.length >= GROUP_RECORDS;
    if (isEnough && isSoon) return;
    if (isEnough) stopTimer();
    if (timer !== null) return;
    const rest = isEnough ? 0 : lastFlush + GROUP_MS - performance.now();
    isSoon = rest <= 0;
    // At once is the end of this turn: what comes in it goes along.
    timer = isSoon ? setImmediate(start) : setTimeout(start, rest);
  };
  const stopTimer = (): void => {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
    timer = null;
    isSoon = false;
  };
  const start = (): void => {
    if (timer !== null) stopTimer();
    if (flushing || waiting.length === 0) return;
    flushing = flush(waiting.splice(0, MOST_RECORDS)).finally(() => {
      lastFlush = performance.now();
      flushing = null;
      schedule();
    });
  };

  async function flush(batch: readonly Waiting[]): Promise<void> {
    try {
      if (broken) throw broken;
      // Where the lock is lost another process may be writing: not a byte more.
      await input.hold.confirm();
      const dirty = new Set<OpenFile>();
      const parts: PartRow[] = [];
      const refs: RefRow[] = [];
      const rows: Omit<RecordRow, 'id'>[] = [];
      const logged: LoggedRow[] = [];
      const records = withGenerations(
        index,
        batch.flatMap((waiting) => ('logged' in waiting ? [] : [waiting.entry.record])),
      ).values();
      const settled: (() => void)[] = [];
      for (const waiting of batch) {
        if ('logged' in waiting) {
          logged.push(addLogLine(waiting.logged, dirty));
          settled.push(waiting.resolve);
          continue;
        }
        const record = records.next().value!;
        parts.push(...addParts(waiting, { dirty, refs }));
        const file = fileFor(waiting.entry, dirty);
        const place = files.add(file, record, waiting.bodies);
        for (const ref of [...waiting.bodies.refs, ...mediaRefsOf(record)]) refs.push({ ...ref, ...place });
        rows.push(rowOf(record, { ...place, ...input.order }));
        settled.push(() => waiting.resolve(record));
      }
      await files.commit(dirty);
      index.transaction(() => {
        const addPart = index.statement(
          'INSERT OR IGNORE INTO parts(digest, file, offset, length) VALUES (?, ?, ?, ?)',
        );
        for (const part of parts) addPart.run(part.digest, part.file, part.offset, part.length);
        for (const ref of refs) index.addBlobRef(ref);
        for (const row of rows) index.addRecord(row);
        for (const row of logged) addLogged(index, row);
        for (const file of dirty) index.updateFile(files.stateOf(file));
      });
      forgetParts();
      files.closeIdle();
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
      : new StoreError(`could not keep records: ${diskWords(input.folder, cause)}`, { cause });
  }

  function addParts(
    { entry, parts }: Prepared,
    to: { readonly dirty: Set<OpenFile>; readonly refs: RefRow[] },
  ): readonly PartRow[] {
    const rows: PartRow[] = [];
    for (const part of entry.parts) {
      if (isWritten(part.digest)) continue;
      partsWritten.add(part.digest);
      const file = files.open(PARTS);
      to.dirty.add(file);
      const bodies = parts.get(part.digest);
      const { digest, content } = part;
      // A preimage that held a secret no longer gives its digest: fsck must know.
      const isRedacted = bodies ? bodies.isRedacted : redactedJson(content, { redact }).isRedacted;
      const line = { type: 'part', v: 1, part: part.part, digest, content };
      const place = files.add(file, isRedacted ? { ...line, redacted: true } : line, bodies ?? NO_BODIES);
      for (const ref of bodies?.refs ?? []) to.refs.push({ ...ref, ...place });
      rows.push({ digest, ...place });
    }
    return rows;
  }

  function isWritten(digest: string): boolean {
    if (partsWritten.has(digest)) return true;
    const file = forgotten ? files.idOf(PARTS) : undefined;
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
    const file = files.open(fileNameOf(entry));
    dirty.add(file);
    if (file.n === 0) files.add(file, entry.metadata(), NO_BODIES);
    return file;
  }

  function addLogLine(line: LogLine, dirty: Set<OpenFile>): LoggedRow {
    const file = files.open(ATTEMPTS);
    dirty.add(file);
    const safe = redactFields(line, { fields: FREE_TEXT, redact });
    // A conversation does not go on from words that the model did not write.
    const data = safe === line ? line : { ...safe, redacted: true };
    return { ...files.add(file, data, NO_BODIES), ...input.order, key: line.key };
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
      input.hold.check();
      return prepareEntry(entry, { redact, keep: input.keepBlob, isWritten });
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
    close: files.close,
  };
}

/** Draws by variant and run, scores by scorer. */
function fileNameOf({ record, slug }: Entry<AnyRecord>): string {
  return record.type === 'score' ? scoreFileName(slug) : `${slug}_run${record.run}.jsonl`;
}
