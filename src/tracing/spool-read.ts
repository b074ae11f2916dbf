// Reads spools back, a line at a time, as far as whole lines go: another process may be writing the next one.
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { isJsonObject } from '../core/json.ts';
import type { Span } from '../core/trace.ts';
import { SPOOL_NAME, type SpoolHead, spoolFile } from './spool.ts';

export type SpooledTrace = SpoolHead & { readonly runs: readonly Span[]; readonly bytes: number };

export type SpoolReader = {
  /** The next whole lines, up to about `maxBytes`; empty = nothing more for now. */
  next(maxBytes: number): readonly SpooledTrace[];
  /** Lines that were not ours or not whole JSON. */
  unreadable(): number;
};

const CHUNK_BYTES = 1024 * 1024;

export function readSpool(folder: string): SpoolReader {
  let number = 1;
  let offset = 0;
  let unreadable = 0;

  function lines(maxBytes: number): readonly Buffer[] {
    const file = spoolFile(folder, number);
    if (!existsSync(file)) return [];
    const found = readLines(file, { offset, maxBytes });
    offset = found.offset;
    // A file is whole when the next one is there.
    if (found.lines.length === 0 && existsSync(spoolFile(folder, number + 1))) {
      number++;
      offset = 0;
      return lines(maxBytes);
    }
    return found.lines;
  }

  return {
    next(maxBytes) {
      const traces: SpooledTrace[] = [];
      for (const line of lines(maxBytes)) {
        const trace = parseTrace(line);
        if (trace) traces.push(trace);
        else unreadable++;
      }
      return traces;
    },
    unreadable: () => unreadable,
  };
}

/** Whole lines from `offset` on: at least one where there is one, however long it is. */
function readLines(
  file: string,
  at: { readonly offset: number; readonly maxBytes: number },
): { readonly lines: readonly Buffer[]; readonly offset: number } {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    let bytes = Buffer.alloc(0);
    let end = -1;
    while (end < 0 || bytes.length < at.maxBytes) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - at.offset - bytes.length));
      const read = chunk.length === 0 ? 0 : readSync(fd, chunk, 0, chunk.length, at.offset + bytes.length);
      if (read === 0) break;
      bytes = Buffer.concat([bytes, chunk.subarray(0, read)]);
      end = bytes.lastIndexOf(0x0a);
    }
    if (end < 0) return { lines: [], offset: at.offset };
    const lines: Buffer[] = [];
    for (let start = 0; start <= end; ) {
      const stop = bytes.indexOf(0x0a, start);
      lines.push(bytes.subarray(start, stop));
      start = stop + 1;
    }
    return { lines, offset: at.offset + end + 1 };
  } finally {
    closeSync(fd);
  }
}

function parseTrace(line: Buffer): SpooledTrace | null {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    if (!isJsonObject(value) || value.v !== 1 || typeof value.trace !== 'string') return null;
    if (!Array.isArray(value.runs) || value.runs.length === 0) return null;
    return { ...(value as unknown as SpooledTrace), bytes: line.length };
  } catch {
    return null;
  }
}

/** What became of a trace: `present` = LangSmith had it already. */
export type Fate = 'sent' | 'present' | 'rejected';

export const SENT_FILE = 'sent.txt';

/** A torn last line counts for nothing: the trace is sent again and LangSmith says that it is there. */
export function readFates(folder: string): Map<string, Fate> {
  const file = path.join(folder, SENT_FILE);
  const fates = new Map<string, Fate>();
  if (!existsSync(file)) return fates;
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const [trace, fate] = line.split(' ');
    if (trace && (fate === 'sent' || fate === 'present' || fate === 'rejected')) fates.set(trace, fate);
  }
  return fates;
}

/** Folders below traces/ that hold a spool, by name. */
export function spoolFolders(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasSpool(path.join(root, entry.name)))
    .map(({ name }) => name)
    .sort();
}

function hasSpool(folder: string): boolean {
  return readdirSync(folder).some(
    (name) => SPOOL_NAME.test(name) && statSync(path.join(folder, name)).size > 0,
  );
}
