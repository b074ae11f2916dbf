// Sends what is spooled, and writes down what became of each trace. It works on files alone: it may be killed at any time
// and started again, and LangSmith says of what it sent twice that it is there.
//
//   waiting --2xx--> sent      --409--> alone? present : one by one
//                              --4xx--> alone? rejected : in halves
//                              --429, 5xx, nothing--> again, when the link is up

import { closeSync, existsSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { type Batch, halves, makeBatches, shifted, wireRuns } from './batches.ts';
import type { Prepare } from './ensure.ts';
import type { Link } from './link.ts';
import { openSpoolFile, writeSpoolFile } from './modes.ts';
import { type Fate, readFates, readSpool, SENT_FILE, type SpooledTrace } from './spool-read.ts';
import { batchBody, multipartBody } from './wire.ts';

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
  /** Asked when all that is written is sent; resolves when there may be more, or when nothing more will be written. */
  readonly more: () => Promise<'more' | 'over'>;
  readonly onNews: (counts: UploadCounts) => void;
};

const PARALLEL = 4;
const READ_BYTES = 8 * 1024 * 1024;
const HOUR_MS = 3_600_000;
/** LangSmith's window is a day; an hour is for the way there. */
export const MAX_AGE_MS = 23 * HOUR_MS;

/** Returns when all is sent, or the link is stopped. */
export async function upload(settings: UploadSettings): Promise<UploadCounts> {
  const { link, clock, folder, prepare } = settings;
  const fates = readFates(folder);
  const reader = readSpool(folder);
  const counts = { sent: 0, present: 0, rejected: 0, held: 0 };
  const queue: Batch[] = [];
  let format: 'multipart' | 'batch' = 'multipart';
  let isOver = false;
  let shiftMs: number | null = null;
  using log = openLog(folder);

  const tell = (): void => settings.onNews({ ...counts });

  function settle(batch: Batch, fate: Fate): void {
    log.write(batch.map(({ trace }) => `${trace} ${fate}\n`).join(''));
    for (const { trace } of batch) fates.set(trace, fate);
    counts[fate] += batch.length;
    tell();
  }

  function read(): void {
    const waiting = reader.next(READ_BYTES).filter(({ trace }) => !fates.has(trace));
    queue.push(...makeBatches(waiting.flatMap(ofAge)));
  }

  function ofAge(trace: SpooledTrace): readonly SpooledTrace[] {
    const ageMs = clock.now().getTime() - Date.parse(trace.start);
    if (settings.age.kind === 'send' || ageMs < MAX_AGE_MS) return [trace];
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
    const runs = wireRuns(batch);
    // Others under way may find out about the format meanwhile.
    const sentAs = format;
    const answer = await link.call(
      sentAs === 'batch'
        ? { method: 'POST', path: '/runs/batch', body: batchBody(runs) }
        : {
            method: 'POST',
            path: '/runs/multipart',
            body: multipartBody(runs, prepare.encoding()),
          },
    );
    if (answer === null) return tell();
    switch (answer.kind) {
      case 'ok':
        return settle(batch, 'sent');
      case 'duplicate':
        // Of which of them it is true is not said.
        if (batch.length === 1) return settle(batch, 'present');
        queue.unshift(...batch.map((trace) => [trace]));
        return;
      case 'missing':
        if (sentAs === 'multipart') {
          format = 'batch';
          queue.unshift(batch);
          return;
        }
        return apart(batch, answer.why);
      case 'refused':
        return apart(batch, answer.why);
    }
  }

  /** One of them is bad; all alone it is known which. */
  function apart(batch: Batch, why: string): void {
    if (batch.length > 1) queue.unshift(...halves(batch));
    else reject(batch, why);
  }

  function reject(batch: Batch, why: string): void {
    log.reject(
      batch.map(({ trace }) => `${JSON.stringify({ trace, why, at: clock.now().toISOString() })}\n`).join(''),
    );
    settle(batch, 'rejected');
  }

  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      while (link.state() !== 'stopped') {
        if (queue.length === 0) read();
        const batch = queue.shift();
        if (batch) await send(batch);
        else if (isOver) return;
        else isOver = (await settings.more()) === 'over' || isOver;
      }
    }),
  );
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
