// Two states of one file of lines become one: by its number the better line stays. This is a join in the sense of lattices: whatever the
// order in which states are joined, and however often, the result is the same.
//
//   a whole line  >  the tombstone that stands for it  >  a damaged one  >  none
//   of two tombstones of one record, and of two damaged ones, the one with the larger checksum
//   two whole lines that differ: a conflict, which no rule decides
import { sha256 } from '../../core/canonical.ts';
import { openLine, sealOf } from '../disk/lines.ts';
import { scanLines } from '../disk/scan.ts';

export type JoinedLine = {
  /** Its place in the order; what is damaged and has no number of its own stands behind a half. */
  readonly n: number;
  readonly kind: 'whole' | 'tombstone' | 'damaged';
  /** Its bytes, without the line end. Several damaged lines in the place of one are one. */
  readonly offset: number;
  readonly length: number;
  /** Of what it says: equal lines have equal ones. */
  readonly seal: string;
  /** Of a tombstone: the checksum of the record that it stands for. */
  readonly standsFor: string | null;
};

/** null = its numbers do not rise: nobody can say which line is which. @param end lines from there on are left for another time */
export function linesByNumber(
  file: string,
  end: number = Number.POSITIVE_INFINITY,
): ReadonlyMap<number, JoinedLine> | null {
  const lines = new Map<number, JoinedLine>();
  let last = 0;
  let damaged: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  for (const line of scanLines(file)) {
    if (line.kind === 'torn-tail' || line.offset >= end) break;
    const opened = openLine(line.bytes);
    if (opened.kind === 'damaged') {
      damaged.push(line);
      continue;
    }
    const { n, data } = opened;
    if (!Number.isSafeInteger(n) || n <= last) return null;
    for (const one of placed(damaged, { after: last, before: n })) lines.set(one.n, one);
    damaged = [];
    const isTombstone = data.type === 'tombstone';
    lines.set(n, {
      n,
      kind: isTombstone ? 'tombstone' : 'whole',
      offset: line.offset,
      length: line.bytes.length,
      seal: sealOf(line.bytes),
      standsFor: isTombstone ? String(data.record_c) : null,
    });
    last = n;
  }
  for (const one of placed(damaged, { after: last, before: null })) lines.set(one.n, one);
  return lines;
}

/** Damaged lines take the numbers that are free between their neighbours, from the left; what is too many goes with the last one. */
function placed(
  damaged: readonly { readonly offset: number; readonly bytes: Uint8Array }[],
  { after, before }: { readonly after: number; readonly before: number | null },
): readonly JoinedLine[] {
  if (damaged.length === 0) return [];
  const free = before === null ? damaged.length : before - after - 1;
  // Between two that follow each other nothing is missing: it is nobody's line, and is kept where it stands.
  if (free === 0) return [damagedLine(after + 0.5, damaged)];
  return damaged.slice(0, free).map((line, i) => {
    const isLast = i === free - 1;
    return damagedLine(after + 1 + i, isLast ? damaged.slice(i) : [line]);
  });
}

function damagedLine(
  n: number,
  lines: readonly { readonly offset: number; readonly bytes: Uint8Array }[],
): JoinedLine {
  const [first] = lines;
  const bytes = Buffer.concat(lines.flatMap((line, i) => (i === 0 ? [line.bytes] : [LINE_END, line.bytes])));
  return {
    n,
    kind: 'damaged',
    offset: first!.offset,
    length: bytes.length,
    seal: sha256(bytes),
    standsFor: null,
  };
}

const LINE_END = Buffer.from('\n');

export type Joined = {
  /** In the order of the file. */
  readonly lines: readonly { readonly line: JoinedLine; readonly of: 'ours' | 'theirs' }[];
  /** Theirs, where ours says something else. */
  readonly conflicts: readonly JoinedLine[];
  /** Ours that something better stands in the place of, and that nothing else keeps. */
  readonly replaced: readonly JoinedLine[];
};

export function join(ours: ReadonlyMap<number, JoinedLine>, theirs: ReadonlyMap<number, JoinedLine>): Joined {
  const lines: { readonly line: JoinedLine; readonly of: 'ours' | 'theirs' }[] = [];
  const conflicts: JoinedLine[] = [];
  const replaced: JoinedLine[] = [];
  const numbers = [...new Set([...ours.keys(), ...theirs.keys()])].sort((a, b) => a - b);
  for (const n of numbers) {
    const own = ours.get(n);
    const other = theirs.get(n);
    const better = own && other ? betterOf(own, other) : own ? 'ours' : 'theirs';
    if (better === 'neither') conflicts.push(other!);
    if (own && better === 'theirs' && own.kind === 'damaged') replaced.push(own);
    if (better === 'theirs') lines.push({ line: other!, of: 'theirs' });
    else lines.push({ line: own!, of: 'ours' });
  }
  return { lines, conflicts, replaced };
}

function betterOf(own: JoinedLine, other: JoinedLine): 'ours' | 'theirs' | 'neither' {
  if (own.seal === other.seal) return 'ours';
  const [a, b] = [RANK[own.kind], RANK[other.kind]];
  if (own.kind === 'damaged' || other.kind === 'damaged') {
    if (a === b) return own.seal > other.seal ? 'ours' : 'theirs';
    return a > b ? 'ours' : 'theirs';
  }
  // What is left says which record it is: its own checksum, or the one that it stands for.
  if ((own.standsFor ?? own.seal) !== (other.standsFor ?? other.seal)) return 'neither';
  if (a === b) return own.seal > other.seal ? 'ours' : 'theirs';
  return a > b ? 'ours' : 'theirs';
}

const RANK = { whole: 2, tombstone: 1, damaged: 0 } as const;
