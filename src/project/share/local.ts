// Of this store: which invocations are whole here, and what of them a remote does not have yet.
import path from 'node:path';
import { blobPath } from '../../cache/disk/blobs.ts';
import { namedBlobs } from '../../cache/disk/bodies.ts';
import { fileState, readFolder, readText } from '../../cache/disk/disk-read.ts';
import { invocationFolders, type Layout, layoutOf, scoresRoot } from '../../cache/disk/layout.ts';
import { openLine } from '../../cache/disk/lines.ts';
import { scanLines } from '../../cache/disk/scan.ts';
import { compareNames } from '../../core/invocation-id.ts';
import { parseObject } from '../../core/json-text.ts';
import type { PushedInvocation } from './entries.ts';
import type { Mirror } from './mirror.ts';

/** Before they are packed: small invocations go together, a larger one alone. */
const PACK_BYTES = 64 * 1024 * 1024;

/** A file of the store, by its path below the store's folder. */
export type StoreFile = { readonly name: string; readonly file: string; readonly bytes: number };

export type Chosen = {
  readonly invocations: readonly PushedInvocation[];
  readonly blobs: readonly string[];
  readonly files: readonly StoreFile[];
};

type Place = { readonly layout: Layout; readonly below: string; readonly kind: 'records' | 'scores' };

function placesOf(root: string): readonly Place[] {
  return [
    { layout: layoutOf(root), below: '', kind: 'records' },
    { layout: layoutOf(scoresRoot(root), 'score'), below: 'scores/', kind: 'scores' },
  ];
}

/**
 * Its last file is `invocation.json`: where that is, the others are. One that came to nothing stands at one place at least. Of one that
 * was running when it came from there, the rest may be at the remote.
 */
export function hasInvocation(root: string, pushed: PushedInvocation): boolean {
  const { name } = pushed;
  const isThere = ({ layout }: Place): boolean => fileState(endOf(layout, name)) !== null;
  const places = placesOf(root);
  if (!places.some(isThere) || !places.every((place) => pushed[place.kind] === 0 || isThere(place)))
    return false;
  if (!isGoing(root, name)) return true;
  return pushed.going === true && !isMore(pushed, countsHere(root, name, { archived: true }));
}

function endOf(layout: Layout, name: string): string {
  return path.join(layout.history, name, 'invocation.json');
}

/** Nothing says here that it ended: it was killed, or came from a store where it was running. */
function isGoing(root: string, name: string): boolean {
  const said = placesOf(root).flatMap(({ layout }) => readText(endOf(layout, name)) ?? []);
  return said.length === 0 || said.some((text) => (parseObject(text)?.how ?? 'running') === 'running');
}

type Counts = Pick<PushedInvocation, 'records' | 'scores'>;

function isMore(a: Counts, b: Counts): boolean {
  return a.records > b.records || a.scores > b.scores;
}

/** @param archived whether what gc took away counts, which was here */
function countsHere(root: string, name: string, { archived }: { readonly archived: boolean }): Counts {
  const counts = { records: 0, scores: 0 };
  for (const { layout, kind } of placesOf(root))
    for (const entry of readFolder(path.join(layout.history, name)).filter((file) => file.endsWith('.jsonl')))
      for (const { type } of wholeLines(path.join(layout.history, name, entry)))
        if (type === layout.kind || (archived && type === 'tombstone')) counts[kind]++;
  return counts;
}

/** Nobody needs it from here: it is there, and no part of it is only here. */
function isPushed(root: string, name: string, pushed: PushedInvocation | undefined): boolean {
  if (pushed === undefined) return false;
  if (pushed.going === undefined) return true;
  return isGoing(root, name) && !isMore(countsHere(root, name, { archived: false }), pushed);
}

/** Names of all that is here, oldest first. */
export function invocationsHere(root: string): readonly string[] {
  const names = new Set(
    placesOf(root).flatMap(({ layout }) => invocationFolders(layout).map(({ name }) => name)),
  );
  return [...names].sort(compareNames);
}

export function notPushedCount(root: string, there: ReadonlyMap<string, PushedInvocation>): number {
  return invocationsHere(root).filter((name) => !isPushed(root, name, there.get(name))).length;
}

/** Packs to be, oldest invocations first; each is read when it is asked for. */
export function* notPushed(root: string, mirror: Pick<Mirror, 'pushed' | 'blobs'>): Generator<Chosen> {
  let group: StoreFile[] = [];
  let invocations: PushedInvocation[] = [];
  let blobs = new Map<string, StoreFile>();
  let bytes = 0;
  const close = (): Chosen => {
    // Scores have few, and bring theirs each time.
    const bodies = [...blobs.keys()].flatMap((name) =>
      name.startsWith('blobs/') ? [path.basename(name)] : [],
    );
    const chosen = { invocations, blobs: bodies.sort(), files: [...blobs.values(), ...group] };
    [group, invocations, blobs, bytes] = [[], [], new Map(), 0];
    return chosen;
  };
  for (const name of invocationsHere(root)) {
    if (isPushed(root, name, mirror.pushed().get(name))) continue;
    const one = readInvocation(root, name, mirror.blobs());
    const size = [...one.files, ...one.blobs.values()].reduce((sum, file) => sum + file.bytes, 0);
    if (invocations.length > 0 && bytes + size > PACK_BYTES) yield close();
    group.push(...one.files);
    invocations.push(one.invocation);
    for (const [place, file] of one.blobs) blobs.set(place, file);
    bytes += size;
  }
  if (invocations.length > 0) yield close();
}

function readInvocation(
  root: string,
  name: string,
  known: ReadonlySet<string>,
): {
  readonly invocation: PushedInvocation;
  readonly files: readonly StoreFile[];
  readonly blobs: ReadonlyMap<string, StoreFile>;
} {
  const counts = { records: 0, scores: 0 };
  const files: StoreFile[] = [];
  const blobs = new Map<string, StoreFile>();
  for (const { layout, below, kind } of placesOf(root)) {
    const folder = path.join(layout.history, name);
    for (const entry of readFolder(folder)) {
      const file = path.join(folder, entry);
      const state = fileState(file);
      if (state === null || !/\.jsonl?$/.test(entry)) continue;
      files.push({ name: `${below}history/${name}/${entry}`, file, bytes: state.size });
      if (!entry.endsWith('.jsonl')) continue;
      for (const data of wholeLines(file)) {
        if (data.type === layout.kind) counts[kind]++;
        for (const { sha256 } of namedBlobs(data)) {
          const place = blobPath(layout.blobs, sha256);
          const size = fileState(place)?.size;
          // Of a blob that is gone there is nothing to bring: who pulls finds the record damaged, as it is here.
          if (size === undefined || (kind === 'records' && known.has(sha256))) continue;
          const name = `${below}blobs/sha256/${sha256.slice(0, 2)}/${sha256}`;
          blobs.set(name, { name, file: place, bytes: size });
        }
      }
    }
  }
  const going = isGoing(root, name) ? ({ going: true } as const) : {};
  return { invocation: { name, ...counts, ...going }, files, blobs };
}

/** Damaged ones are passed over: they travel as they are. */
function* wholeLines(file: string): Generator<Record<string, unknown>> {
  for (const line of scanLines(file)) {
    const opened = line.kind === 'line' ? openLine(line.bytes) : null;
    if (opened?.kind === 'whole') yield opened.data;
  }
}
