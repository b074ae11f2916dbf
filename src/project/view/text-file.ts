// Lines that are searched, one after the other in a file without a name: as much as there is on disk, and none of it in memory. The
// system takes it away with the process, however that ends.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { lineHolds, needleOf, type TextTerm } from '../../screens/search-texts.ts';

export type TextFile = Disposable & {
  /** Numbers of lines count from 0. */
  add(line: string): number;
  count(): number;
  /** Marks in `hits` each line from `from` on that fits, as far as there are lines now. @returns how far it came */
  scan(term: TextTerm, from: number, hits: Bits): Promise<number>;
};

/** One bit a line; grows as it is set. */
export type Bits = { has(at: number): boolean; set(at: number): void };

/** A longer answer is searched so far. */
export const MAX_LINE_CHARS = 200_000;
const WRITE_BYTES = 1 << 20;
const READ_BYTES = 4 << 20;

export function openTextFile(): TextFile {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-search-'));
  const file = path.join(folder, 'texts');
  const fd = openSync(file, 'w+', 0o600);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  let isRemoved = true;
  try {
    remove();
  } catch {
    // Where an open file cannot go: when it is closed.
    isRemoved = false;
  }
  const starts = [0];
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let written = 0;

  function flush(): void {
    const bytes = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at, written + at);
    written += bytes.length;
  }

  /** As many whole lines as fit, at least one. */
  function endOfBatch(from: number): number {
    let to = from + 1;
    while (to < starts.length - 1 && starts[to + 1]! - starts[from]! <= READ_BYTES) to++;
    return to;
  }

  /** What is read is looked at before the next batch is. */
  let batch = Buffer.alloc(0);
  function read(from: number, to: number): Buffer {
    const length = starts[to]! - starts[from]!;
    if (batch.length < length) batch = Buffer.allocUnsafeSlow(Math.max(length, READ_BYTES));
    const bytes = batch.subarray(0, length);
    for (let at = 0; at < bytes.length; ) {
      const got = readSync(fd, bytes, at, bytes.length - at, starts[from]! + at);
      if (got === 0) throw new Error('the file of texts is shorter than it was written');
      at += got;
    }
    return bytes;
  }

  return {
    count: () => starts.length - 1,
    add(line) {
      const bytes = Buffer.from(line.slice(0, MAX_LINE_CHARS));
      pending.push(bytes);
      pendingBytes += bytes.length;
      starts.push(starts.at(-1)! + bytes.length);
      if (pendingBytes >= WRITE_BYTES) flush();
      return starts.length - 2;
    },
    async scan(term, from, hits) {
      if (pendingBytes > 0) flush();
      const needle = Buffer.from(needleOf(term));
      const until = starts.length - 1;
      let line = from;
      while (line < until) {
        const to = Math.min(endOfBatch(line), until);
        const bytes = read(line, to);
        const first = starts[line]!;
        for (let at = bytes.indexOf(needle); at !== -1; ) {
          while (starts[line + 1]! <= first + at) line++;
          const end = starts[line + 1]! - first;
          if (lineHolds(bytes.toString('utf8', starts[line]! - first, end), term)) hits.set(line);
          at = bytes.indexOf(needle, end);
        }
        line = to;
        await setImmediate();
      }
      return until;
    },
    [Symbol.dispose]() {
      closeSync(fd);
      if (!isRemoved) remove();
    },
  };
}

export function makeBits(): Bits {
  let bytes = new Uint8Array(64);
  return {
    has: (at) => ((bytes[at >> 3] ?? 0) & (1 << (at & 7))) !== 0,
    set(at) {
      const place = at >> 3;
      if (place >= bytes.length) {
        const larger = new Uint8Array(Math.max(place + 1, bytes.length * 2));
        larger.set(bytes);
        bytes = larger;
      }
      bytes[place]! |= 1 << (at & 7);
    },
  };
}
