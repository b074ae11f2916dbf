// Sends what is spooled, and writes down what became of each trace. It works on files alone: it may be killed at any time
// and started again, and LangSmith says of what it sent twice that it is there.
//
//   waiting --2xx--> sent      --409--> alone? present : one by one
//                              --413--> alone? in pieces : in halves
//                              --4xx--> alone? in doubt (doubts.ts) : in halves
//                              --429, 5xx, nothing--> again, when the link is up

import { closeSync, existsSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { openSpoolFile, writeSpoolFile } from '../spool/modes.ts';
import {
  type Fate,
  type Mark,
  readSent,
  readSpool,
  SENT_FILE,
  type SpooledTrace,
} from '../spool/spool-read.ts';
import { type Batch, halves, makeBatches, shifted, wireRuns } from './batches.ts';
import { makeDeliver } from './deliver.ts';
import { makeDoubts, type Refusal } from './doubts.ts';
import type { Prepare } from './ensure.ts';
import type { Link } from './link.ts';

/** What is done with traces that LangSmith would refuse for their age. */
export type Age = { readonly kind: 'hold' } | { readonly kind: 'send' } | { readonly kind: 'shift' };

export type UploadCounts = {
  readonly sent: number;
  readonly present: number;
  readonly rejected: number;
  /** Too old to be taken, or of an experiment that cannot be made. */
  readonly held: number;
};

export type UploadSettings = {
  readonly folder: string;
  readonly link: Link;
  readonly prepare: Prepare;
  readonly clock: Clock;
  readonly age: Age;
  /** Traces that were refused before are tried again. */
  readonly again?: boolean;
  /** Why something is kept back. */
  readonly say?: (problem: string) => void;
  /** Asked when all that is written is sent; resolves when there may be more, or when nothing more will be written. */
  readonly more: () => Promise<'more' | 'over'>;
  readonly onNews: (counts: UploadCounts) => void;
};

const PARALLEL = 4;
const READ_BYTES = 8 * 1024 * 1024;
const HOUR_MS = 3_600_000;
/** LangSmith's window is a day; an hour is for the way there. */
export const MAX_AGE_MS: number = 23 * HOUR_MS;

/** Returns when all is sent, or the link is stopped. */
export async function upload(settings: UploadSettings): Promise<UploadCounts> {
  const { link, clock, folder, prepare } = settings;
  const { fates, marks } = readSent(folder);
  const reader = readSpool(folder);
  const counts = { sent: 0, present: 0, rejected: 0, held: 0 };
  const queue: Batch[] = [];
  /** What was refused when nothing was taken: last, so that the others are not kept waiting by it. */
  let late: SpooledTrace[] = [];
  let isOver = false;
  let shiftMs: number | null = null;
  using log = openLog(folder);
  const deliver = makeDeliver({ link, prepare });
  const doubts = makeDoubts({ link, prepare, deliver, reject, keep, wait });

  const tell = (): void => settings.onNews({ ...counts });

  function settle(batch: Batch, fate: Fate): void {
    const line = ({ trace, start, isShifted }: SpooledTrace): string =>
      `${trace} ${fate}${isShifted ? ` ${start}` : ''}\n`;
    log.write(batch.map(line).join(''));
    for (const { trace } of batch) fates.set(trace, fate);
    counts[fate] += batch.length;
    if (fate !== 'rejected') doubts.clear();
    tell();
  }

  function mark(traces: Batch, as: Mark): void {
    log.write(traces.map(({ trace }) => `${trace} ${as}\n`).join(''));
  }

  function reject(trace: SpooledTrace, why: string): void {
    log.reject(`${JSON.stringify({ trace: trace.trace, why, at: clock.now().toISOString() })}\n`);
    settle([trace], 'rejected');
  }

  /** It stays here, and is tried again with the next push. */
  function keep(trace: SpooledTrace, why: string): void {
    settings.say?.(`LangSmith does not take the trace ${trace.trace} for now: ${why}`);
    counts.held++;
    tell();
  }

  function wait(traces: Batch): void {
    mark(traces, 'doubted');
  }

  function isWaiting({ trace }: SpooledTrace): boolean {
    const fate = fates.get(trace);
    return fate === undefined || (fate === 'rejected' && settings.again === true);
  }

  function isFreshlySent({ trace, start }: SpooledTrace): boolean {
    const fate = fates.get(trace);
    return (
      (fate === 'sent' || fate === 'present') && !marks.get(trace)?.has('pieces') && ageMs(start) < MAX_AGE_MS
    );
  }

  function ageMs(start: string): number {
    return clock.now().getTime() - Date.parse(start);
  }

  function read(): void {
    const traces = reader.next(READ_BYTES);
    const control = traces.find(isFreshlySent);
    if (control) deliver.knows(wireRuns([control])[0]!);
    const waiting = traces.filter(isWaiting).flatMap(ofAge);
    const isLate = ({ trace }: SpooledTrace): boolean => marks.get(trace)?.has('doubted') ?? false;
    late.push(...waiting.filter(isLate));
    queue.push(...makeBatches(waiting.filter((trace) => !isLate(trace))));
  }

  function ofAge(trace: SpooledTrace): readonly SpooledTrace[] {
    if (settings.age.kind === 'send' || ageMs(trace.start) < MAX_AGE_MS) return [trace];
    if (settings.age.kind === 'shift') {
      return [shifted(trace, shiftOf(trace))];
    }
    counts.held++;
    tell();
    return [];
  }

  /** One for all of a folder, kept: what came first stays first, whenever it is sent. */
  function shiftOf({ start }: SpooledTrace): number {
    const nowMs = clock.now().getTime();
    shiftMs ??= readShift(folder);
    if (shiftMs === null || nowMs - (Date.parse(start) + shiftMs) > MAX_AGE_MS) {
      shiftMs = nowMs - HOUR_MS - Date.parse(start);
      writeSpoolFile(path.join(folder, SHIFT_FILE), `${shiftMs}\n`);
    }
    return shiftMs;
  }

  async function send(batch: Batch): Promise<void> {
    const ready = await prepare.ready(batch);
    if (ready === 'stopped') return;
    if (ready === 'impossible') {
      counts.held += batch.length;
      return tell();
    }
    const [only] = batch;
    if (batch.length === 1 && marks.get(only!.trace)?.has('pieces')) return inPieces(only!);
    const answer = await deliver.post(wireRuns(batch));
    switch (answer?.kind) {
      case undefined:
        return tell();
      case 'ok':
        return settle(batch, 'sent');
      case 'duplicate':
        // Of which of them it is true is not said.
        if (batch.length === 1) return settle(batch, 'present');
        queue.unshift(...batch.map((trace) => [trace]));
        return;
      default:
        return apart(batch, answer!);
    }
  }

  /** One of them is bad; all alone it is known which. */
  async function apart(batch: Batch, refusal: Refusal): Promise<void> {
    await doubts.note(refusal);
    if (link.state() === 'stopped') wait(batch.length === 1 ? batch : []);
    else if (batch.length > 1) queue.unshift(...halves(batch));
    else if (refusal.kind === 'too-large') await inPieces(batch[0]!);
    else doubts.add(batch[0]!, refusal);
  }

  async function inPieces(trace: SpooledTrace): Promise<void> {
    // If this is the end of the program, the next one must not take a part for the whole.
    mark([trace], 'pieces');
    const answer = await deliver.inPieces(wireRuns([trace]));
    if (answer === null) return tell();
    if (answer.kind === 'ok' || answer.kind === 'duplicate') return settle([trace], 'sent');
    doubts.add(trace, answer);
    await doubts.note(answer);
    // Not even a span without its parts: there is nothing more to try.
    if (answer.kind === 'too-large') await doubts.decide();
  }

  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      while (link.state() !== 'stopped') {
        if (queue.length === 0) read();
        const batch = queue.shift();
        if (batch) await send(batch);
        else if (!isOver) isOver = (await settings.more()) === 'over' || isOver;
        else if (late.length > 0) {
          queue.push(...late.map((trace) => [trace]));
          late = [];
        } else return;
      }
    }),
  );
  await doubts.decide();
  tell();
  return counts;
}

const SHIFT_FILE = 'shift.txt';

function readShift(folder: string): number | null {
  const file = path.join(folder, SHIFT_FILE);
  const ms = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}

type Log = Disposable & { write(lines: string): void; reject(lines: string): void };

/** What is written is with the system when it returns: of a killed program nothing is sent twice but what was under way. */
function openLog(folder: string): Log {
  const fd = openSpoolFile(path.join(folder, SENT_FILE), 'a');
  return {
    write: (lines) => {
      writeSync(fd, lines);
    },
    reject(lines) {
      writeSpoolFile(path.join(folder, 'rejected.jsonl'), lines, { flag: 'a' });
    },
    [Symbol.dispose]: () => closeSync(fd),
  };
}
