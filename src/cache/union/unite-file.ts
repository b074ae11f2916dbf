// One file of lines of the history, of which two stores have a state each. Nearly always one state is the beginning of the other;
// where it is not (gc took lines out of one, a disk hurt one), line by line the better one stays.
import { closeSync, statSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../core/canonical.ts';
import { type BlobRef, namedBlobs } from '../disk/bodies.ts';
import { fileState, guardRead, openToRead, readInto, StoreError } from '../disk/disk-read.ts';
import { makeFolder, replaceFile } from '../disk/durable.ts';
import { raiseVersion } from '../disk/layout.ts';
import { openLine } from '../disk/lines.ts';
import { scanLines } from '../disk/scan.ts';
import { openSlices } from '../disk/slices.ts';
import { type JoinedLine, join, linesByNumber } from './line-join.ts';
import { shown } from './theirs.ts';
import type { Uniting } from './united.ts';

/** A line that came, and what it names. */
export type CameLine = { readonly what: string; readonly refs: readonly BlobRef[] };

type UnitedFile = {
  readonly at: Uniting;
  /** `<invocation>/<file>.jsonl` */
  readonly name: string;
  /** The planner's own function: null = it is of no key, or of the one that it says. */
  readonly wrongKey: (data: Record<string, unknown>) => string | null;
  readonly came: (line: CameLine) => void;
  readonly seen: SeenFile;
};

/** One of theirs as it was when it was first looked at: a run there may go on. */
export type SeenFile = {
  /** Of its whole lines. */
  readonly end: number;
  /** Throws where another file has taken its place. */
  readonly isSame: () => void;
};

export function lookFirst(at: Pick<Uniting, 'theirs'>, name: string): SeenFile {
  const file = path.join(at.theirs.history, name);
  return { isSame: makeSame(file), end: wholeBytes(file) };
}

/** Blobs that its lines name are there already. */
export function uniteFile(file: UnitedFile): void {
  const { at, name, seen } = file;
  const { end, isSame } = seen;
  const ours = path.join(at.ours.history, name);
  const theirs = path.join(at.theirs.history, name);
  const own = fileState(ours);
  const have = own?.size ?? 0;
  const same = have === 0 ? 0 : sameBytes(ours, theirs, Math.min(have, end));
  // One that only begins, with half a line or none, is an empty one here: as it is there once its tail is mended.
  if (same === end && own !== null) return;
  if (same === have) {
    lookAt(file, theirs, (offset) => offset >= have && offset < end);
    if (at.dry) return;
    at.check();
    makeFolder(path.dirname(ours));
    replaceFile(ours, whileSame(bytesOf(theirs, end), isSame));
    return;
  }
  joinLines(file, { ours, theirs });
}

function joinLines(
  file: UnitedFile,
  { ours, theirs }: { readonly ours: string; readonly theirs: string },
): void {
  const { at, seen } = file;
  const [own, other] = [linesByNumber(ours), linesByNumber(theirs, seen.end)];
  if (own === null || other === null) {
    const why =
      'its lines are numbered in no order, here or there: nobody can say which of them are the same';
    at.came.conflicts.push({ what: shown(at, theirs), why, kept: null });
    return;
  }
  const joined = join(own, other);
  using slices = openSlices();
  const textOf = (from: string, line: JoinedLine): Uint8Array => slices.read(from, line)!;
  for (const conflict of joined.conflicts) {
    const kept = putAside(file, { line: conflict, bytes: textOf(theirs, conflict), as: 'conflict' });
    const why = `line ${conflict.n} says something else than the one that is here`;
    at.came.conflicts.push({ what: shown(at, theirs), why, kept });
  }
  const taken = new Set(joined.lines.filter(({ of }) => of === 'theirs').map(({ line }) => line.offset));
  if (taken.size === 0) return;
  lookAt(file, theirs, (offset) => taken.has(offset));
  for (const line of joined.replaced) putAside(file, { line, bytes: textOf(ours, line), as: 'damaged' });
  if (at.dry) return;
  at.check();
  at.forget(file.name);
  replaceFile(ours, whileSame(textsOf(joined.lines), seen.isSame));

  function* textsOf(lines: typeof joined.lines): Generator<Uint8Array> {
    for (const { line, of } of lines) {
      yield textOf(of === 'ours' ? ours : theirs, line);
      yield LINE_END;
    }
  }
}

const LINE_END = Buffer.from('\n');

/** A run there only appends. What gc or a restore replaces meanwhile would be taken half from the one and half from the other. */
function makeSame(file: string): () => void {
  const identity = (): bigint | null =>
    guardRead(file, () => statSync(file, { throwIfNoEntry: false, bigint: true }))?.ino ?? null;
  const first = identity();
  return () => {
    if (identity() === first) return;
    throw new StoreError(`${file} was replaced while it was read: gc is at work there; merge again`);
  };
}

function* whileSame(chunks: Iterable<Uint8Array>, check: () => void): Generator<Uint8Array> {
  yield* chunks;
  check();
}

/** Lines that come are checked and counted; what they say of themselves and is not so is told. */
function lookAt(file: UnitedFile, theirs: string, isTaken: (offset: number) => boolean): void {
  const { at } = file;
  const what = shown(at, theirs);
  let place = 0;
  let last = 0;
  for (const line of scanLines(theirs)) {
    place++;
    if (line.kind === 'torn-tail') break;
    if (!isTaken(line.offset)) continue;
    const opened = openLine(line.bytes);
    if (opened.kind === 'damaged') {
      at.came.damaged.push({
        what,
        why: `line ${place} ${opened.why}: it is taken as it is, and never used`,
      });
      continue;
    }
    const { data, n } = opened;
    if (n <= last) at.came.damaged.push({ what, why: `line ${place} has number ${n}, after ${last}` });
    last = n;
    if (data.type === 'scenario_result') at.came.records++;
    if (data.type === 'score') at.came.scores++;
    // An older expgraph would misread it: it must not open this store any more.
    if (data.type === 'tombstone' && !at.dry) raiseVersion(at.ours);
    const wrong = file.wrongKey(data);
    if (wrong !== null) at.came.damaged.push({ what, why: `line ${n}: ${wrong}` });
    const refs = namedBlobs(data);
    if (refs.length > 0) file.came({ what: `${what}, line ${n}`, refs });
  }
}

/** In quarantine/, under a name that says what it holds: a second time it is there. @returns its path within the store */
function putAside(
  { at, name }: UnitedFile,
  { line, bytes, as }: { readonly line: JoinedLine; readonly bytes: Uint8Array; readonly as: string },
): string {
  const flat = name.replaceAll('/', '_');
  const file = `${flat}.${line.n}.${sha256(bytes).slice(0, 12)}.${as}`;
  const place = path.join(at.ours.quarantine, file);
  if (!at.dry && fileState(place) === null) {
    at.check();
    makeFolder(at.ours.quarantine);
    replaceFile(place, [bytes, LINE_END]);
  }
  return `quarantine/${file}`;
}

/** Up to the end of the last whole line: a torn tail was acknowledged to nobody. */
function wholeBytes(file: string): number {
  const size = fileState(file)?.size ?? 0;
  const fd = openToRead(file);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(1, size)));
    for (let end = size; end > 0; ) {
      const from = Math.max(0, end - buffer.length);
      const read = readInto(fd, { file, buffer, length: end - from, position: from });
      const at = buffer.subarray(0, read).lastIndexOf(10);
      if (at >= 0) return from + at + 1;
      end = from;
    }
    return 0;
  } finally {
    closeSync(fd);
  }
}

/** How many of the first `length` bytes are the same: all of them, or fewer. */
function sameBytes(a: string, b: string, length: number): number {
  const [first, second] = [pieces(a, length), pieces(b, length)];
  let same = 0;
  for (;;) {
    const [one, other] = [first.next(), second.next()];
    if (one.done || other.done) return same;
    if (Buffer.compare(one.value, other.value) !== 0) {
      first.return(undefined);
      second.return(undefined);
      return same;
    }
    same += one.value.length;
  }
}

const READ_BYTES = 1 << 18;

function* bytesOf(file: string, length: number): Generator<Uint8Array> {
  // A piece is good until the next one is asked for, and whoever writes may keep several.
  for (const piece of pieces(file, length)) yield Buffer.from(piece);
}

/** The same cuts of any file, as long as it has that many bytes. */
function* pieces(file: string, length: number): Generator<Buffer, undefined> {
  const fd = openToRead(file);
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let done = 0; done < length; ) {
      let filled = 0;
      const wanted = Math.min(READ_BYTES, length - done);
      while (filled < wanted) {
        const read = readInto(fd, {
          file,
          buffer: buffer.subarray(filled),
          length: wanted - filled,
          position: done + filled,
        });
        if (read === 0) return;
        filled += read;
      }
      yield buffer.subarray(0, filled);
      done += filled;
    }
  } finally {
    closeSync(fd);
  }
}
