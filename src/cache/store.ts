// The face of the room: what is kept. Two implementations, files and memory, pass one contract suite. Draws and scores are
// kept alike, each kind in a store of its own.
import type { Digest, Key } from '../core/brand.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { History } from '../core/history.ts';
import type { InvocationId } from '../core/invocation-id.ts';
import type { JsonObject } from '../core/json.ts';
import type { Meaning } from '../core/meaning.ts';
import type { Turn } from '../core/outcome.ts';
import type { PaidCall, Spent } from '../core/paid.ts';
import type {
  AnyRecord,
  InvocationRecord,
  LogLine,
  RunMetadata,
  ScenarioResult,
  ScoreMetadata,
  ScoreRecord,
  Unkept,
} from '../core/record.ts';
import type { Result } from '../core/result.ts';
import type { Cell, Part } from '../core/task.ts';
import type { Hold } from './disk/lock-handle.ts';
import type { Drawn, KeyVerdicts, MeasuredRow, RecordRow } from './rows.ts';

export { StoreError } from './disk/disk-read.ts';
export type { Hold } from './disk/lock-handle.ts';
export type { Drawn, KeyVerdict, KeyVerdicts, MeasuredRow, RecordRow } from './rows.ts';

/** Bytes by what they are. */
export type FileRef = { readonly sha256: string; readonly bytes: number };

/** A draw before the store gives it its generation and its line. */
export type NewRecord = Unkept<ScenarioResult>;

/** What is put together: the record, the parts behind its digests, and the first line of its file if it has none yet. */
export type Entry<R extends AnyRecord = ScenarioResult> = {
  readonly record: Unkept<R>;
  readonly parts: readonly Part[];
  readonly slug: string;
  readonly metadata: () => Omit<RunMetadata, 'n' | 'c'> | Omit<ScoreMetadata, 'n' | 'c'>;
};

/** One cell of the manifest as the view needs it. */
export type ViewCell = Cell & {
  readonly slug: string;
  readonly category: string | null;
  readonly key: Key;
};

/** Can be walked again and again. */
export type ViewCells = Iterable<ViewCell> & {
  /** Of all that they say, where it is known without a walk over them. */
  readonly digest?: () => string;
};

/** One line of the view of scores to be: one judgement of one cell, by the key of its score. */
export type ScoreLine = Cell & {
  readonly slug: string;
  readonly category: string | null;
  readonly key: string;
  /** What is made of its verdict; null = what was kept of it. */
  readonly meaning: Meaning | null;
};

/** Reads whole records, checked; undefined where there is no such number. Not held longer than the reading takes. */
export type Reading<R extends AnyRecord = ScenarioResult> = Disposable & {
  read(id: number): Result<R, string> | undefined;
};

/** When the calls of one invocation were first started. */
export type Starts = {
  readonly invocation: string;
  readonly starts: readonly { readonly variant: string; readonly startedAt: string }[];
};

/** Reading: no lock, never blocked by a writer, an unfinished last line is ignored. */
export interface StoreReader<R extends AnyRecord = ScenarioResult> extends Disposable {
  readonly history: History;
  /**
   * Takes in what was written since, where that is less than to open it anew; false = open it anew. A row that it gave out before may
   * be gone then.
   */
  refresh(): boolean;
  /**
   * Whether a run goes on whose newest lines it did not have when it was opened or refreshed: nobody was told of them yet, and a moment
   * later it has them.
   */
  isBehind(): boolean;
  /** What was noticed on opening: torn tails, damage, losses. */
  readonly diagnostics: readonly Diagnostic[];
  /** Content behind a part's digest, checked; undefined if the history does not hold it. */
  part(digest: Digest): JsonObject | undefined;
  /** Every record of every cell that is in the history, oldest first. */
  records(): Iterable<RecordRow>;
  /** These and the ones that gc archived. */
  everyRecord(): Iterable<RecordRow>;
  /** Of `everyRecord`, in its order, those of one cell by its names, and those of a key. */
  ofCell(cell: Cell, key: Key | null): readonly RecordRow[];
  /** How many of `everyRecord` are of this key: one look into an index, however often records come in between. */
  countOf(key: Key): number;
  /** Of `everyRecord`, in its order, those that one of these engines made: imported ones, for example. */
  madeBy(engines: readonly Digest[]): Iterable<RecordRow>;
  /** The same ones in no order, and of each only what a comparison counts. */
  measures(): Iterable<MeasuredRow>;
  /** How many of `everyRecord` each invocation made: invocations in the order of time, their variants as they came. */
  drawn(): readonly Drawn[];
  /** Of every key the record that counts, in no order. */
  counting(): Iterable<RecordRow>;
  /** The verdict of every such record; null of a draw. */
  verdicts(): KeyVerdicts;
  /** Of the newest invocation that has a record, in no order; null where there is none. */
  newestStarts(): Starts | null;
  row(id: number): RecordRow | undefined;
  /** The file that its line stands in, absolute; null = it is gone. */
  fileOf(row: RecordRow): string | null;
  /** The newest of `invocations`, without a look at the others; undefined = none, or it cannot be read. */
  newestInvocation(): InvocationRecord | undefined;
  /** The whole record, its line and its blobs checked: damage is an error, never a record. */
  read(row: RecordRow): Result<R, string>;
  /** Bytes of a file that an input showed, checked; null = they are not kept, or damaged. */
  file(sha256: string): Uint8Array | null;
  /** The same for thousands of records, by their numbers: best asked in the order in which they were kept. */
  reading(): Reading<R>;
  invocations(): readonly InvocationRecord[];
  /** Turns of a conversation that were paid for and led to no answer of this key; [] where it starts anew. */
  paidTurns(key: Key): readonly Turn[];
  /** Calls of this key that were paid for before, whatever became of them. */
  paidCalls(key: Key): readonly PaidCall[];
  /** Keys that an attempt was made for, whatever became of it, in no order; those that have a record may be left out. */
  tried(): ReadonlySet<string>;
  /** Items of batches (`custom_id`) whose attempt for this key is in the log, whether or not it has a record. */
  triedItems(key: Key): ReadonlySet<string>;
  /** What an invocation paid, by its records and its log: also of one that was killed. */
  spentBy(invocation: string): Spent;
  /** The newest invocation where it does not say how it ended: it goes on, or was killed. */
  unended(): Unended | null;
}

/** Nothing that is imported was paid for here. */
export type Unended = { readonly invocation: string; readonly isImport: boolean; readonly spent: Spent };

/** Writing: one at a time, behind the lock. */
export interface Store<R extends AnyRecord = ScenarioResult> extends StoreReader<R> {
  /** The lock that it writes behind: a lost one makes every write throw, and who spends money hears of it at once. */
  readonly hold: Hold;
  /** Reserves the next invocation's id. Nothing is written until `begin`. */
  nextInvocation(startedAt: Date): InvocationId;
  begin(invocation: InvocationRecord): void;
  /** Resolves with the record as kept once it is durable; rejects with StoreError, and then so does every later put. */
  put(entry: Entry<R>): Promise<R>;
  /**
   * Keeps the bytes of a file that an input shows, once for each content, before a record names them. Resolves once they are durable.
   * @param read asked only where they are not there yet @returns false: they are not what the digest says, and not kept
   */
  keepFile(ref: FileRef, read: () => Promise<Uint8Array | null>): Promise<boolean>;
  /** Resolves once the line is durable in the log of attempts; rejects as `put` does. */
  log(line: LogLine): Promise<unknown>;
  /** Waits for what was put, then writes how the invocation ended. */
  end(invocation: InvocationRecord): Promise<void>;
  /**
   * Brings runs/*.jsonl to what the history and these cells say; a file that would not change is left alone.
   * @returns the paths of the view's files, sorted.
   */
  refreshView(cells: ViewCells): readonly string[];
}

/** Scores of one experiment, behind the lock of its draws. */
export interface ScoreStore extends Store<ScoreRecord> {
  /** Brings scores/runs/*.jsonl to what is kept of these judgements. @returns the paths of its files, sorted */
  refreshScores(lines: Iterable<ScoreLine>): readonly string[];
}
