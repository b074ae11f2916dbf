// What gc would take out of the history: records that nothing shows and nothing asks for. Reads the index only.
import type { Key } from '../../core/brand.ts';
import { cellId } from '../../core/task.ts';
import { blobsIn } from '../disk/blobs.ts';
import type { BlobRef } from '../disk/bodies.ts';
import { invocationFolders, type Layout } from '../disk/layout.ts';
import type { IndexDb } from '../index/index-db.ts';
import { readInvocations } from '../index/reader.ts';
import type { ViewCell } from '../store.ts';
import { layOut } from '../view/view-layout.ts';

export type GcOptions = {
  /** Only records whose first attempt started before this; null = of any age. */
  readonly olderThan: Date | null;
  /** Of each cell at least this many of its newest records stay. */
  readonly keep: number;
  /** `key@generation` of records that others are about, as their own lines have them: they stay. Left out = none. */
  readonly cited?: ReadonlySet<string>;
};

/** Sizes in bytes of what is kept on disk. */
export type GcGroup = {
  readonly invocation: string;
  readonly records: number;
  readonly bytes: number;
  readonly blobs: number;
};

export type GcPlan = {
  /** By invocation, the oldest first. */
  readonly groups: readonly GcGroup[];
  readonly stays: { readonly records: number; readonly bytes: number };
  /** First bytes of the lines that go, by history file. */
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
  /** Blobs that the lines name, whoever else names them. */
  readonly copied: ReadonlyMap<string, BlobRef>;
  /** Blobs that no line will name any more, those that none names today included. */
  readonly removed: readonly BlobRef[];
  /** Of these the ones that none names today. */
  readonly orphans: readonly BlobRef[];
};

export function planGc(input: GcInput): GcPlan {
  const { index, layout } = input;
  const goes = makeChoice(input);
  const lines = new Map<string, Set<number>>();
  const groups = new Map<string, Counts>();
  const stays = { records: 0, bytes: 0, blobs: 0 };
  for (const sql of index.statement(NEWEST_FIRST).iterate()) {
    const row = sql as unknown as Candidate;
    const size = { records: 1, bytes: row.length + 1, blobs: 0 };
    if (goes(row)) {
      add(groupOf(groups, row.path), size);
      lines.set(row.path, (lines.get(row.path) ?? new Set()).add(row.offset));
    } else add(stays, size);
  }
  const blobs = planBlobs({ index, layout, lines });
  for (const { ref, path } of blobs.going)
    add(groupOf(groups, path), { records: 0, bytes: ref.bytes, blobs: 1 });
  return {
    groups: [...groups].map(([invocation, counts]) => ({ invocation, ...counts })).sort(byInvocation),
    stays: { records: stays.records, bytes: stays.bytes },
    lines,
    copied: blobs.copied,
    removed: [...blobs.going.map(({ ref }) => ref), ...blobs.orphans],
    orphans: blobs.orphans,
  };
}

type GcInput = {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly cells: Iterable<ViewCell>;
  readonly options: GcOptions;
};

type Candidate = {
  readonly id: number;
  readonly key: Key;
  readonly own_key: string;
  readonly generation: number;
  readonly variant: string;
  readonly scenario: string;
  readonly run: number;
  readonly started_at: string;
  readonly offset: number;
  readonly length: number;
  readonly path: string;
  readonly is_key_head: number;
  readonly is_cell_head: number;
};

// Newest first within a cell, so that the first `keep` of each can stay.
const NEWEST_FIRST = `
SELECT r.id, r.key, r.own_key, r.generation, r.variant, r.scenario, r.run, r.started_at, r.offset, r.length, f.path,
  r.id IN (SELECT id FROM key_heads) AS is_key_head, r.id IN (SELECT id FROM cell_heads) AS is_cell_head
FROM records r JOIN files f ON f.id = r.file
WHERE r.archive IS NULL ORDER BY r.variant, r.scenario, r.run, r.sequence DESC, r.stamp DESC, r.origin DESC, r.id DESC`;

/** Whether a record goes; asked of each of them, newest first within a cell. */
function makeChoice(input: GcInput): (row: Candidate) => boolean {
  const { olderThan, keep, cited } = input.options;
  const asked = new Set<Key>();
  for (const { key } of input.cells) asked.add(key);
  const shown = new Set(layOut(input).flatMap((file) => file.lines.map(({ id }) => id)));
  const running = runningInvocation(input.layout);
  let cell = '';
  let newer = 0;
  return (row) => {
    newer = cellId(row) === cell ? newer + 1 : 0;
    cell = cellId(row);
    const isSuperseded = !row.is_key_head;
    const isStale = !asked.has(row.key) && !row.is_cell_head;
    const isOld = olderThan === null || Date.parse(row.started_at) < olderThan.getTime();
    const isSpare = (isSuperseded || isStale) && isOld && newer >= keep;
    const isCited = cited?.has(`${row.own_key}@${row.generation}`) === true;
    return isSpare && !isCited && !shown.has(row.id) && invocationOf(row.path) !== running;
  };
}

/** Only the newest can be running. One that was killed says so as well: its records can wait for the next one. */
function runningInvocation(layout: Layout): string | null {
  const newest = invocationFolders(layout).at(-1)?.name;
  const record = readInvocations(layout).find(({ invocation }) => invocation === newest);
  return record && record.how !== 'running' ? null : (newest ?? null);
}

function planBlobs(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
}): {
  readonly copied: ReadonlyMap<string, BlobRef>;
  readonly going: readonly { readonly ref: BlobRef; readonly path: string }[];
  readonly orphans: readonly BlobRef[];
} {
  const kept = new Set<string>();
  const copied = new Map<string, BlobRef>();
  const paths = new Map<string, string>();
  const rows = input.index.statement(
    'SELECT b.sha256, b.bytes, b.offset, f.path FROM blob_refs b JOIN files f ON f.id = b.file',
  );
  for (const row of rows.iterate() as unknown as Iterable<
    BlobRef & { readonly offset: number; readonly path: string }
  >) {
    const { sha256, bytes } = row;
    if (input.lines.get(row.path)?.has(row.offset)) {
      copied.set(sha256, { sha256, bytes });
      paths.set(sha256, row.path);
    } else {
      kept.add(sha256);
    }
  }
  const going = [...copied.values()]
    .filter(({ sha256 }) => !kept.has(sha256))
    .map((ref) => ({ ref, path: paths.get(ref.sha256)! }));
  const orphans = [...blobsIn(input.layout.blobs)]
    .filter(({ sha256 }) => !kept.has(sha256) && !copied.has(sha256))
    .map(({ sha256, bytes }) => ({ sha256, bytes }));
  return { copied, going, orphans };
}

type Counts = { records: number; bytes: number; blobs: number };

function add(to: Counts, more: Counts): void {
  to.records += more.records;
  to.bytes += more.bytes;
  to.blobs += more.blobs;
}

function groupOf(groups: Map<string, Counts>, path: string): Counts {
  const invocation = invocationOf(path);
  const group = groups.get(invocation) ?? { records: 0, bytes: 0, blobs: 0 };
  groups.set(invocation, group);
  return group;
}

function invocationOf(path: string): string {
  return path.slice(0, path.indexOf('/'));
}

function byInvocation(a: GcGroup, b: GcGroup): number {
  return a.invocation < b.invocation ? -1 : 1;
}
