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
import { isJsonObject } from '../../core/json.ts';
import type { Span } from '../../core/trace.ts';
import { SPOOL_NAME, type SpoolHead, spoolFile } from './spool.ts';

export type SpooledTrace = SpoolHead & {
  readonly runs: readonly Span[];
  readonly bytes: number;
  /** Its times are not those that it had. */
  readonly isShifted?: true;
};

export type SpoolReader = {
  /** The next whole lines, up to about `maxBytes`; empty = nothing more for now. */
  next(maxBytes: number): readonly SpooledTrace[];
  /** Lines that were not ours or not whole JSON. */
  unreadable(): number;
};

const CHUNK_BYTES = 1024 * 1024;

/** Ids of all traces of a folder, without a look at what they hold. */
export function spooledTraces(folder: string): ReadonlySet<string> {
  const ids = new Set<string>();
  const read = lineReader(folder);
  for (let lines = read(READ_BYTES); lines.length > 0; lines = read(READ_BYTES)) {
    for (const line of lines) {
      const id = HEAD.exec(line.subarray(0, HEAD_BYTES).toString('latin1'))?.[1];
      if (id !== undefined) ids.add(id);
    }
  }
  return ids;
}

const READ_BYTES = 8 * 1024 * 1024;
/** As a spool writes its lines. */
const HEAD = /^\{"v":1,"trace":"([0-9a-f-]{36})"/;
const HEAD_BYTES = 64;

export function readSpool(folder: string): SpoolReader {
  const read = lineReader(folder);
  let unreadable = 0;
  return {
    next(maxBytes) {
      const traces: SpooledTrace[] = [];
      for (const line of read(maxBytes)) {
        const trace = parseTrace(line);
        if (trace) traces.push(trace);
        else unreadable++;
      }
      return traces;
    },
    unreadable: () => unreadable,
  };
}

function lineReader(folder: string): (maxBytes: number) => readonly Buffer[] {
  let number = 1;
  let offset = 0;
  return function lines(maxBytes): readonly Buffer[] {
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
  };
}

/** Whole lines from `offset` on: at least one where there is one, however long it is. */
function readLines(
  file: string,
  input: { readonly offset: number; readonly maxBytes: number },
): { readonly lines: readonly Buffer[]; readonly offset: number } {
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    let bytes = Buffer.alloc(0);
    let end = -1;
    while (end < 0 || bytes.length < input.maxBytes) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - input.offset - bytes.length));
      const read = chunk.length === 0 ? 0 : readSync(fd, chunk, 0, chunk.length, input.offset + bytes.length);
      if (read === 0) break;
      bytes = Buffer.concat([bytes, chunk.subarray(0, read)]);
      end = bytes.lastIndexOf(0x0a);
    }
    if (end < 0) return { lines: [], offset: input.offset };
    const lines: Buffer[] = [];
    for (let start = 0; start <= end; ) {
      const stop = bytes.indexOf(0x0a, start);
      lines.push(bytes.subarray(start, stop));
      start = stop + 1;
    }
    return { lines, offset: input.offset + end + 1 };
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

/** What is written of a trace beside its fate: it was begun in pieces, or refused when nothing was taken. */
export type Mark = 'pieces' | 'doubted';

/** A torn last line counts for nothing: the trace is sent again and LangSmith says that it is there. */
export function readFates(folder: string): Map<string, Fate> {
  return readSent(folder).fates;
}

export type Sent = {
  readonly fates: Map<string, Fate>;
  readonly marks: ReadonlyMap<string, ReadonlySet<Mark>>;
  /** Starts of traces that were sent as of another time. */
  readonly starts: ReadonlyMap<string, string>;
};

export function readSent(folder: string): Sent {
  const file = path.join(folder, SENT_FILE);
  const fates = new Map<string, Fate>();
  const marks = new Map<string, Set<Mark>>();
  const starts = new Map<string, string>();
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  for (const line of lines) {
    const [trace, fate, start] = line.split(' ');
    if (!trace) continue;
    if (fate === 'sent' || fate === 'present' || fate === 'rejected') fates.set(trace, fate);
    if (fate === 'pieces' || fate === 'doubted')
      marks.set(trace, new Set([...(marks.get(trace) ?? []), fate]));
    if (start !== undefined) starts.set(trace, start);
  }
  return { fates, marks, starts };
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
