// batches/<tag>.jsonl: one batch of a vendor from the moment before it is sent, sealed and numbered like the history. Its first line
// is the intention and says whose cells are in it; a line follows for what became of it. batches/<tag>.orders.jsonl has all that
// is needed to keep its answers, whoever asks for them by then. When its answers are kept the first file goes to batches/ended/.
//
//   orders file, first line (one rename) --send--> `sent` --answers kept--> `collected`
//                                           '--never was there, or refused--> `dropped`
// A damaged line behind the first is passed over: what it said is found out again, at the vendor and from the records.
import path from 'node:path';
import type { OpenBatch } from '../../core/batch.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Redact } from '../../core/redact.ts';
import type { Cell } from '../../core/task.ts';
import { readFolder, StoreError } from './disk-read.ts';
import { createFile, makeFolder, moveFile, openAppend, removeFile } from './durable.ts';
import { openLine, sealLine } from './lines.ts';
import { scanLines } from './scan.ts';

/** One cell of a batch. */
export type BatchEntry = Cell & { readonly item: string; readonly key: string };

export type KeptBatch = OpenBatch & {
  readonly entries: readonly BatchEntry[];
  readonly file: string;
  /** Its last line says that nothing of it is to be waited for. */
  readonly end: 'collected' | 'dropped' | null;
};

export type BatchNote =
  | { readonly type: 'batch-sent'; readonly id: string; readonly at: string }
  | { readonly type: 'batch-dropped'; readonly why: string; readonly at: string }
  | { readonly type: 'batch-collected'; readonly at: string };

export type BatchDamage = { readonly file: string; readonly line: number; readonly why: string };

const ORDERS = '.orders.jsonl';
const ENDED = 'ended';
/** Orders are read and written in pieces: a batch may have two hundred megabytes of them. */
const NOTHING_HIDDEN: Redact = (text) => text;

export function batchFolder(root: string): string {
  return path.join(root, 'batches');
}

/** Whether any may be out. */
export function hasBatches(root: string): boolean {
  return readFolder(batchFolder(root)).some(isBatchFile);
}

function isBatchFile(name: string): boolean {
  return name.endsWith('.jsonl') && !name.endsWith(ORDERS);
}

/** Those that have not ended, oldest first. A batch whose first line is damaged may be out, and nobody knows whose cells are in it. */
export function readBatches(root: string): {
  readonly batches: readonly KeptBatch[];
  readonly damages: readonly BatchDamage[];
} {
  const folder = batchFolder(root);
  const batches: KeptBatch[] = [];
  const damages: BatchDamage[] = [];
  for (const name of readFolder(folder)) {
    if (!isBatchFile(name)) continue;
    const read = readBatch(path.join(folder, name));
    damages.push(...read.damages);
    if (read.batch) batches.push(read.batch);
  }
  batches.sort((a, b) => (a.intendedAt < b.intendedAt ? -1 : a.intendedAt > b.intendedAt ? 1 : 0));
  return { batches, damages };
}

export function readBatch(file: string): {
  readonly batch: KeptBatch | null;
  readonly damages: readonly BatchDamage[];
} {
  const damages: BatchDamage[] = [];
  let batch: KeptBatch | null = null;
  let number = 0;
  for (const line of scanLines(file)) {
    number++;
    // A note that a crash cut off was of something that is found out again.
    if (line.kind === 'torn-tail' && number > 1) continue;
    if (line.kind === 'line' && line.bytes.length === 0 && number > 1) continue;
    const opened =
      line.kind === 'line' ? openLine(line.bytes) : { kind: 'damaged' as const, why: 'is cut off' };
    if (opened.kind === 'damaged') {
      damages.push({ file, line: number, why: opened.why });
      if (number === 1) break;
      continue;
    }
    if (number === 1) batch = headOf(opened.data as Head, file);
    else if (batch) batch = noted(batch, opened.data as BatchNote);
  }
  // It appears whole or not at all: an empty one has lost what it said.
  if (number === 0) damages.push({ file, line: 1, why: 'is not there' });
  return { batch, damages };
}

type Head = Omit<OpenBatch, 'items' | 'sent'> & {
  readonly type: 'batch';
  readonly v: 1;
  readonly entries: readonly BatchEntry[];
  /** Of what was about to be sent. */
  readonly bytes: number;
  readonly digest: string;
};

function headOf({ type: _, v: __, bytes: ___, digest: ____, ...head }: Head, file: string): KeptBatch {
  return { ...head, items: head.entries.map(({ item }) => item), sent: null, file, end: null };
}

function noted(batch: KeptBatch, note: BatchNote): KeptBatch {
  switch (note.type) {
    case 'batch-sent':
      return { ...batch, sent: { id: note.id, at: note.at } };
    case 'batch-dropped':
      return { ...batch, end: 'dropped' };
    case 'batch-collected':
      return { ...batch, end: 'collected' };
    default:
      // Of a later version.
      return batch;
  }
}

/** The intention, durable when it resolves. `orders`: lines as data, each with all that a record will need. */
export async function writeBatch(
  root: string,
  input: {
    readonly head: Omit<Head, 'type' | 'v'>;
    readonly orders: Iterable<JsonObject>;
    readonly redact: Redact;
  },
): Promise<KeptBatch> {
  const { head, orders, redact } = input;
  const folder = batchFolder(root);
  makeFolder(folder);
  await createFile(path.join(folder, head.tag + ORDERS), sealed(orders, redact));
  const file = path.join(folder, `${head.tag}.jsonl`);
  const line: Head = { type: 'batch', v: 1, ...head };
  await createFile(file, [sealLine(line, { n: 1, redact: NOTHING_HIDDEN })]);
  return headOf(line, file);
}

function* sealed(orders: Iterable<JsonObject>, redact: Redact): Generator<Uint8Array> {
  let n = 0;
  for (const order of orders) yield sealLine(order, { n: ++n, redact });
}

/** What became of it, durable when it resolves. */
export async function noteBatch(batch: KeptBatch, note: BatchNote): Promise<KeptBatch> {
  const { file } = batch;
  let n = 1;
  let isTorn = false;
  for (const line of scanLines(file)) {
    isTorn = line.kind === 'torn-tail';
    n++;
  }
  const append = openAppend(file);
  try {
    // Half a line of a process that was killed ends here and spoils no other.
    if (isTorn) append.append(Buffer.from('\n'));
    append.append(sealLine(note, { n, redact: NOTHING_HIDDEN }));
    await append.sync();
  } finally {
    append.close();
  }
  return noted(batch, note);
}

/** All of it is kept, or it never was: its orders go, its story stays. */
export function endBatch({ file, tag }: KeptBatch): void {
  const folder = path.dirname(file);
  const ended = path.join(folder, ENDED);
  makeFolder(ended);
  removeFile(path.join(folder, tag + ORDERS));
  moveFile(file, path.join(ended, `${tag}.jsonl`));
}

/** What is needed to keep answers of a batch. @throws StoreError where it is damaged: what was paid must not be dropped in silence */
export function* readOrders({ file, tag }: KeptBatch): Generator<JsonObject> {
  const orders = path.join(path.dirname(file), tag + ORDERS);
  let number = 0;
  for (const line of scanLines(orders)) {
    number++;
    const opened =
      line.kind === 'line' ? openLine(line.bytes) : { kind: 'damaged' as const, why: 'is cut off' };
    if (opened.kind === 'damaged') throw new StoreError(`${orders}:${number} ${opened.why}`);
    yield opened.data as JsonObject;
  }
}
