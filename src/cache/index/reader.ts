// Reading a store through its index: shared by the writer's store and by readers that take no lock.
import path from 'node:path';
import { digestOf } from '../../core/canonical.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { History } from '../../core/history.ts';
import { orderOf } from '../../core/invocation-id.ts';
import type { JsonObject } from '../../core/json.ts';
import { NOTHING_SPENT, type Spent } from '../../core/paid.ts';
import type {
  AnyRecord,
  InvocationRecord,
  KeptResult,
  PartLine,
  ScenarioResult,
  ScoreRecord,
} from '../../core/record.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { blobProblem, readBlob, readBlobBytes } from '../disk/blobs.ts';
import { type BlobRef, blobRefOf, blobRefsOf, mediaRefsOf } from '../disk/bodies.ts';
import { readText } from '../disk/disk-read.ts';
import { checkVersion, invocationFolders, type Layout, layoutOf, scoresRoot } from '../disk/layout.ts';
import { checkSeal, openLine } from '../disk/lines.ts';
import { readSlice } from '../disk/slices.ts';
import { type Place, type RecordRow, rowFromSql } from '../rows.ts';
import type { Reading, StoreReader } from '../store.ts';
import { adoptedContent } from './adopt.ts';
import { callsPaid, paidTurns, spentBy, triedItems, triedKeys } from './attempts.ts';
import { newestStarts } from './call-starts.ts';
import { countOfKey, rowsOfCell } from './cell-rows.ts';
import { drawnBy } from './drawn.ts';
import { makeHistory } from './heads.ts';
import type { IndexDb } from './index-db.ts';
import { measuresOf } from './measures.ts';
import { openCurrentIndex } from './open-index.ts';
import { type OpenFiles, openReading } from './reading.ts';
import { COUNTING, MADE_BY, rowsOf } from './record-rows.ts';
import { verdictsOf } from './verdicts.ts';

/** Opens a store for reading. A store that does not exist yet reads as empty. */
export function openReader(root: string): StoreReader {
  return openReaderAt<ScenarioResult>(layoutOf(root));
}

/** The same for the scores of an experiment. @param root as above: that of the draws */
export function openScoreReader(root: string): StoreReader<ScoreRecord> {
  return openReaderAt<ScoreRecord>(layoutOf(scoresRoot(root), 'score'));
}

function openReaderAt<R extends AnyRecord>(layout: Layout): StoreReader<R> {
  checkVersion(layout);
  const { index, diagnostics, ...following } = openCurrentIndex(layout);
  const reader = makeReader<R>({ index, layout, diagnostics, ...following });
  // Copied member by member, its history would stay what it was.
  return Object.assign(reader, { [Symbol.dispose]: () => index[Symbol.dispose]() });
}

export function makeReader<R extends AnyRecord>(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly diagnostics: readonly Diagnostic[];
  /** Left out of a writer's, which nobody else moves. */
  readonly refresh?: () => boolean;
  readonly isBehind?: () => boolean;
}): Omit<StoreReader<R>, typeof Symbol.dispose> {
  const { index, layout } = input;
  const spent = (invocation: string): Spent => {
    const order = orderOf(invocation);
    return order ? spentBy(index, order, (place) => lineAt({ index, layout, place })) : NOTHING_SPENT;
  };
  const newestInvocation = (): InvocationRecord | undefined => {
    const newest = invocationFolders(layout).at(-1)?.name;
    return newest === undefined ? undefined : readInvocation(layout, newest);
  };
  let history: { readonly value: History; readonly version: number } | null = null;
  return {
    diagnostics: input.diagnostics,
    get history() {
      // A snapshot for planning, taken anew when anything was added or forgotten since.
      const version = Number(index.statement('SELECT total_changes() AS version').get()?.version);
      if (history?.version !== version) history = { value: makeHistory(index), version };
      return history.value;
    },
    refresh() {
      const isTaken = input.refresh?.() ?? true;
      // What another process wrote is no change of this one.
      history = null;
      return isTaken;
    },
    isBehind: () => input.isBehind?.() ?? false,
    file: (digest) => readBlobBytes(layout, digest),
    part(digest) {
      const places = index.statement('SELECT file, offset, length FROM parts WHERE digest = ?').all(digest);
      for (const place of places) {
        const content = partAt({ index, layout, place: place as unknown as Place, digest });
        if (content !== null) return content;
      }
      return adoptedContent(index, digest);
    },
    records: () => rowsOf(index, 'archive IS NULL'),
    everyRecord: () => rowsOf(index, ''),
    ofCell: (cell, key) => rowsOfCell(index, cell, key),
    countOf: (key) => countOfKey(index, key),
    madeBy: (engines) => rowsOf(index, MADE_BY, JSON.stringify(engines)),
    measures: () => measuresOf(index),
    drawn: () => drawnBy(index),
    verdicts: () => verdictsOf(index),
    counting: () => rowsOf(index, COUNTING),
    newestStarts: () => newestStarts(index),
    row(id) {
      const row = index.statement('SELECT * FROM records WHERE id = ?').get(id);
      return row ? rowFromSql(row) : undefined;
    },
    fileOf: (row) => fileOf({ index, layout, place: row }),
    // A store's records are all of its kind: readKept looks.
    read: (row) => readRecord({ index, layout, row }) as Result<R, string>,
    reading: (): Reading<R> => openReading<R>({ index, layout, readRecord }),
    invocations: () => readInvocations(layout),
    paidCalls: (key) => callsPaid(index, key, (place) => lineAt({ index, layout, place })),
    paidTurns: (key) => paidTurns(index, key, (place) => lineAt({ index, layout, place })),
    triedItems: (key) => triedItems(index, key, (place) => lineAt({ index, layout, place })),
    tried: () => triedKeys(index),
    spentBy: spent,
    newestInvocation,
    unended() {
      const record = newestInvocation();
      if (record === undefined || record.how !== 'running') return null;
      const { invocation, imported } = record;
      return { invocation, isImport: imported !== undefined, spent: spent(invocation) };
    },
  };
}

/** Content that gives its digest; null where this place does not hold it any more. */
function partAt(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly place: Place;
  readonly digest: string;
}): JsonObject | null {
  const data = lineAt(input);
  if (data.kind === 'err') return null;
  const part = data.value as unknown as PartLine;
  if (part.digest !== input.digest) return null;
  const body = bodyOf(input.layout, part.content);
  if (body.kind === 'err') return null;
  const content = body.value as JsonObject;
  return part.redacted || digestOf(content) === input.digest ? content : null;
}

/** A whole record: its line checked against its checksum, its blobs against their names. */
export function readRecord(context: RecordAt): Result<AnyRecord, string> {
  const kept = readKept(context);
  if (kept.kind === 'err' || context.layout.kind === 'score') return kept as Result<AnyRecord, string>;
  const input = bodyOf(context.layout, kept.value.input);
  if (input.kind === 'err') return input;
  const output = bodyOf(context.layout, kept.value.output);
  if (output.kind === 'err') return output;
  // The blob held the JSON of just this field when the record was sealed with its digest.
  return ok({ ...kept.value, input: input.value, output: output.value } as ScenarioResult);
}

type RecordAt = {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly row: Place & Pick<RecordRow, 'ownKey'>;
  /** Where many are read: files that stay open. */
  readonly open?: OpenFiles;
};

/** A record as its line holds it, long bodies by the names of their blobs. Served only if it is the one that was meant. */
export function readKept(input: RecordAt): Result<KeptResult, string> {
  const data = lineAt({ ...input, place: input.row });
  if (data.kind === 'err') return data;
  const record = data.value as unknown as KeptResult;
  if (record.type !== input.layout.kind || record.key !== input.row.ownKey) return err(ANOTHER_RECORD);
  return ok(record);
}

function bodyOf(layout: Layout, value: unknown): Result<unknown, string> {
  const ref = blobRefOf(value);
  if (ref === null) return ok(value);
  const text = readBlob(layout, ref);
  return text.kind === 'err' ? text : ok(JSON.parse(text.value));
}

const ANOTHER_RECORD = 'another record stands where the index says; run npx expgraph reindex';

/**
 * The text of a record's line up to its checksum, without a closing brace, checked but not parsed. Of its blobs only
 * presence and size are looked at.
 */
export function readBody(input: RecordAt & { readonly open: OpenFiles }): Result<string, string> {
  const full = fileOf({ ...input, place: input.row });
  const bytes = full === null ? null : input.open.slices.read(full, input.row);
  if (!bytes) return err(`${full ?? 'its history file'} is gone`);
  const body = checkSeal(bytes);
  if (body.kind === 'damaged') return err(damageAt({ full: full!, place: input.row, why: body.why }));
  // The writer puts type, version and key first.
  const head = `{"type":"${input.layout.kind}","v":1,"key":"${input.row.ownKey}"`;
  if (!body.text.startsWith(head)) return err(ANOTHER_RECORD);
  // A verdict has no bodies.
  const refs = input.layout.kind === 'score' ? [] : refsAt(input.index, input.row);
  for (const ref of refs) {
    const why = blobProblem(input.layout, ref);
    if (why === null || isOfMedia(body.text, ref)) continue;
    return err(damageAt({ full: full!, place: input.row, why }));
  }
  return ok(body.text);
}

/** Asked where a blob is gone, which is rare: the line without its checksum is parsed. */
function isOfMedia(text: string, ref: BlobRef): boolean {
  const line = JSON.parse(`${text}}`) as { readonly [field: string]: unknown };
  const isBody = blobRefsOf(line).some(({ sha256 }) => sha256 === ref.sha256);
  return !isBody && mediaRefsOf(line).some(({ sha256 }) => sha256 === ref.sha256);
}

/** Blobs that a line names, by the index. */
export function refsAt(
  index: IndexDb,
  place: { readonly file: number; readonly offset: number },
): readonly BlobRef[] {
  return index
    .statement('SELECT sha256, bytes FROM blob_refs WHERE file = ? AND offset = ?')
    .all(place.file, place.offset) as unknown as readonly BlobRef[];
}

function lineAt(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly place: Place;
  readonly open?: OpenFiles;
}): Result<Record<string, unknown>, string> {
  const full = fileOf(input);
  const bytes = full === null ? null : (input.open?.slices.read ?? readSlice)(full, input.place);
  if (!bytes) return err(`${full ?? 'its history file'} is gone`);
  const opened = openLine(bytes);
  if (opened.kind === 'damaged') return err(damageAt({ full: full!, place: input.place, why: opened.why }));
  return ok(opened.data);
}

function fileOf(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly place: Pick<Place, 'file'>;
  readonly open?: OpenFiles;
}): string | null {
  const known = input.open?.paths.get(input.place.file);
  if (known !== undefined) return known;
  const file = input.index.statement('SELECT path FROM files WHERE id = ?').get(input.place.file);
  if (!file) return null;
  const full = path.join(input.layout.history, String(file.path));
  input.open?.paths.set(input.place.file, full);
  return full;
}

function damageAt(input: { readonly full: string; readonly place: Place; readonly why: string }): string {
  return `${input.full}: the line at byte ${input.place.offset} ${input.why}`;
}

export function readInvocations(layout: Layout): readonly InvocationRecord[] {
  return invocationFolders(layout).flatMap(({ name }) => readInvocation(layout, name) ?? []);
}

function readInvocation(layout: Layout, name: string): InvocationRecord | undefined {
  try {
    const text = readText(path.join(layout.history, name, 'invocation.json'));
    const data = text === null ? null : (JSON.parse(text) as InvocationRecord);
    return data?.type === 'invocation' ? data : undefined;
  } catch {
    return undefined;
  }
}
