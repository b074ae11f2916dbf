// Brings an index to what the history files hold: equal size and time, nothing; larger, the rest; else read again.
import path from 'node:path';
import { asDigest, asKey } from '../../core/brand.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { InvocationOrder } from '../../core/invocation-id.ts';
import type { Tombstone } from '../../core/record.ts';
import { blobProblem } from '../disk/blobs.ts';
import { blobRefsOf, mediaRefsOf } from '../disk/bodies.ts';
import { fileState } from '../disk/disk-read.ts';
import { makeFolder, replaceFile, truncateFile } from '../disk/durable.ts';
import { historyFiles, type Layout } from '../disk/layout.ts';
import { openLine } from '../disk/lines.ts';
import { scanLines } from '../disk/scan.ts';
import { readSlice } from '../disk/slices.ts';
import { type KeptRecord, type Place, rowOf, rowOfTombstone } from '../rows.ts';
import { adopt, mayNeedAdoption } from './adopt.ts';
import { addLogged, isLogged } from './attempts.ts';
import type { IndexDb } from './index-db.ts';
import { withTest } from './tested-tail.ts';

/** A writer holds the lock and mends torn tails; a reader leaves the files as they are. */
export type Role = 'writer' | 'reader';

const LINE_END = 10;

export type KnownFile = {
  readonly id: number;
  readonly path: string;
  readonly size: number;
  readonly mtime_ms: number;
  readonly n: number;
};

/** True when the index says exactly what the folder shows, by size and time of each file. */
export function isCurrent(index: IndexDb, layout: Layout): boolean {
  const known = knownFiles(index);
  const files = historyFiles(layout);
  return (
    files.length === known.size &&
    files.every((file) => {
      const entry = known.get(file.path);
      const state = fileState(path.join(layout.history, file.path));
      return (
        entry !== undefined && state !== null && state.size === entry.size && state.mtimeMs === entry.mtime_ms
      );
    })
  );
}

/** A longer file has only grown if the next number stands where the known lines end; else it was replaced. */
export function goesOn(full: string, known: KnownFile): boolean {
  // What follows a line that has lost its end is no line of its own.
  if (known.size > 0 && !endsLine(full, known.size)) return false;
  for (const line of scanLines(full, known.size)) {
    if (line.kind === 'torn-tail') return true;
    const opened = openLine(line.bytes);
    // A damaged line may be the next one all the same: then all is read again, and nothing is lost by it.
    return opened.kind === 'whole' && opened.n > known.n;
  }
  return true;
}

function endsLine(full: string, size: number): boolean {
  return readSlice(full, { offset: size - 1, length: 1 })?.[0] === LINE_END;
}

/** @returns what was noticed: torn tails, damage, gaps, files that are gone. */
export function catchUp(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly role: Role;
}): readonly Diagnostic[] {
  const { index, layout } = input;
  return index.transaction(() => {
    const noticed: Diagnostic[] = [];
    const known = knownFiles(index);
    const since = Number(index.statement('SELECT coalesce(max(id), 0) AS id FROM kept').get()?.id);
    const read: Read = { touched: new Set(), current: new Set() };
    for (const file of historyFiles(layout)) {
      const entry = known.get(file.path);
      known.delete(file.path);
      const full = path.join(layout.history, file.path);
      const state = fileState(full);
      if (state === null) continue;
      if (entry && state.size === entry.size && state.mtimeMs === entry.mtime_ms) continue;
      let from = entry;
      // What tore its end may have torn more of it.
      const isTorn = (): boolean => input.role === 'writer' && !endsLine(full, state.size);
      if (entry && (state.size <= entry.size || isTorn() || !goesOn(full, entry))) {
        // Cut, changed in place, or with tombstones since. Only what is read again and still fits its checksum counts.
        forgetFile(index, entry.id);
        from = undefined;
      }
      const n = readFile({ ...input, full, file, from, noticed, read });
      if (entry && state.size < entry.size && n < entry.n)
        noticed.push(warning('history-cut', full, 'is shorter than it was when it was indexed'));
    }
    for (const gone of known.values()) {
      forgetFile(index, gone.id);
      // Announced by a run that was killed before its first line was kept: there was nothing to lose.
      if (gone.n === 0) continue;
      noticed.push(
        warning('history-gone', path.join(layout.history, gone.path), 'is gone: its records count no more'),
      );
    }
    if (read.touched.size > 0) adopt({ index, layout, since, ...read });
    return noticed;
  });
}

/** Invocations by what was read of them. */
type Read = {
  readonly touched: Set<string>;
  /** From the start, and with no part that an earlier version may have made. */
  readonly current: Set<string>;
};

function readFile(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly role: Role;
  readonly full: string;
  readonly file: { readonly path: string } & InvocationOrder;
  readonly from: KnownFile | undefined;
  readonly noticed: Diagnostic[];
  readonly read: Read;
}): number {
  const { index, full, noticed } = input;
  const file = input.from?.id ?? index.addFile({ path: input.file.path, size: 0, mtimeMs: 0, n: 0 });
  let newer = 0;
  let n = input.from?.n ?? 0;
  let end = input.from?.size ?? 0;
  let afterDamage = false;
  const invocation = input.file.path.slice(0, input.file.path.indexOf('/'));
  input.read.touched.add(invocation);
  let isCurrent = input.file.path === `${invocation}/parts.jsonl` && input.from === undefined;
  for (const line of scanLines(full, end)) {
    if (line.kind === 'torn-tail') {
      if (input.role === 'writer')
        quarantineTail({ ...input, path: input.file.path, offset: line.offset, length: line.length });
      break;
    }
    n++;
    end = line.offset + line.bytes.length + 1;
    const place = { file, offset: line.offset, length: line.bytes.length };
    const opened = openLine(line.bytes);
    if (opened.kind === 'damaged') {
      index.addDamage({ place, why: opened.why, record: null });
      noticed.push(warning('damaged-record', full, `line ${n} ${opened.why}: it is left and never used`, n));
      afterDamage = true;
      continue;
    }
    // A line end that came into being inside of a damaged line makes two of one: no record is lost by that.
    if (opened.n > n || (opened.n < n && !afterDamage)) {
      noticed.push(
        warning('record-gap', full, `line ${n} has number ${opened.n}: records before it are lost`, n),
      );
    }
    n = opened.n;
    afterDamage = false;
    if (opened.data.v !== 1) {
      newer++;
      continue;
    }
    if (isCurrent && opened.data.type === 'part') isCurrent = !mayNeedAdoption(opened.data);
    const why = indexLine({ ...input, data: opened.data, place, order: input.file });
    if (why === null) continue;
    index.addDamage({ place, why, record: drawOf(opened.data) });
    noticed.push(warning('damaged-record', full, `line ${n}: ${why}: it is left and never used`, n));
  }
  if (isCurrent) input.read.current.add(invocation);
  if (newer > 0) noticed.push(newerLines(full, newer));
  // The state after mending: the file's time may have moved.
  const state = fileState(full);
  index.updateFile({ id: file, size: end, mtimeMs: state?.mtimeMs ?? 0, n });
  return n;
}

/**
 * Adds what one checked line says. Lines of an unknown type are for a later version and are passed over.
 * @returns why the line is damage although its checksum fits; null where it is none.
 */
function indexLine(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly data: Record<string, unknown>;
  readonly place: Place;
  readonly order: InvocationOrder;
}): string | null {
  const { index, data, place, order } = input;
  const refs = blobRefsOf(data);
  for (const ref of refs) {
    const problem = blobProblem(input.layout, ref);
    if (problem !== null) return problem;
  }
  try {
    if (data.type === 'part') {
      index
        .statement('INSERT OR IGNORE INTO parts(digest, file, offset, length) VALUES (?, ?, ?, ?)')
        .run(asDigest(String(data.digest)), place.file, place.offset, place.length);
    } else if (data.type === input.layout.kind) {
      const row = rowOf(withTest(input.layout, data) as unknown as KeptRecord, {
        ...place,
        ...orderOnly(order),
      });
      index.addRecord(row);
    } else if (isLogged(data)) {
      addLogged(index, { ...place, ...orderOnly(order), key: asKey(String(data.key)) });
    } else if (data.type === 'tombstone') {
      const row = rowOfTombstone(data as unknown as Tombstone, { ...place, ...orderOnly(order) });
      index.addRecord(row);
    }
  } catch (cause) {
    return `is no ${String(data.type)}: ${(cause as Error).message}`;
  }
  for (const ref of [...refs, ...mediaRefsOf(data)]) index.addBlobRef({ ...place, ...ref });
  return null;
}

/** Which draw a line was, where it is whole and only what it names is damaged. */
function drawOf({
  type,
  key,
  generation,
}: Record<string, unknown>): { key: string; generation: number } | null {
  if ((type !== 'scenario_result' && type !== 'score') || typeof key !== 'string') return null;
  return typeof generation === 'number' ? { key, generation } : null;
}

function orderOnly({ sequence, stamp, origin }: InvocationOrder): InvocationOrder {
  return { sequence, stamp, origin };
}

function newerLines(file: string, count: number): Diagnostic {
  return {
    severity: 'warning',
    code: 'newer-line',
    message: `${count} ${count === 1 ? 'line is' : 'lines are'} of a newer version and passed over: update expgraph`,
    location: { file, line: 1, column: 1, length: 1, sourceLine: null },
    hint: null,
    related: [],
  };
}

/** The partial line of a crash was never acknowledged. It is kept aside, not thrown away. */
function quarantineTail(input: {
  readonly layout: Layout;
  readonly full: string;
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  readonly noticed: Diagnostic[];
}): void {
  const bytes = readSlice(input.full, input) ?? new Uint8Array();
  makeFolder(input.layout.quarantine);
  const kept = path.join(input.layout.quarantine, `${input.path.replaceAll('/', '_')}.${input.offset}.tail`);
  replaceFile(kept, [bytes]);
  truncateFile(input.full, input.offset);
  input.noticed.push(
    warning(
      'torn-tail',
      input.full,
      `ended in an unfinished line of a killed run: ${input.length} bytes moved to quarantine/`,
    ),
  );
}

export function forgetFile(index: IndexDb, id: number): void {
  for (const table of ['kept', 'parts', 'blob_refs', 'attempts', 'damage'])
    index.statement(`DELETE FROM ${table} WHERE file = ?`).run(id);
  index.statement('DELETE FROM files WHERE id = ?').run(id);
  // Numbers of records that are gone are given again: what was shown of them is made anew, whatever stands there next.
  index.statement("UPDATE views SET digest = '' WHERE digest <> ''").run();
  index.statement("DELETE FROM meta WHERE name = 'view'").run();
}

export function knownFiles(index: IndexDb): Map<string, KnownFile> {
  const rows = index
    .statement('SELECT id, path, size, mtime_ms, n FROM files')
    .all() as unknown as KnownFile[];
  return new Map(rows.map((row) => [row.path, row]));
}

function warning(code: string, file: string, what: string, line = 1): Diagnostic {
  return {
    severity: 'warning',
    code,
    message: what,
    location: { file, line, column: 1, length: 1, sourceLine: null },
    hint: code === 'torn-tail' ? null : 'npx expgraph fsck lists every damaged place',
    related: [],
  };
}
