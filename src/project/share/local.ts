// Of this store: which invocations are whole here, and what of them a remote does not have yet.
import path from 'node:path';
import { archiveNames } from '../../cache/disk/archives.ts';
import { blobPath, digestOfFileNow } from '../../cache/disk/blobs.ts';
import { type BlobRef, namedBlobs } from '../../cache/disk/bodies.ts';
import { fileState, readFolder, readText } from '../../cache/disk/disk-read.ts';
import { invocationFolders, type Layout, layoutOf, scoresRoot } from '../../cache/disk/layout.ts';
import { openLine } from '../../cache/disk/lines.ts';
import { scanLines } from '../../cache/disk/scan.ts';
import { compareNames } from '../../core/invocation-id.ts';
import { parseObject } from '../../core/json-text.ts';
import type { PushedInvocation } from './entries.ts';
import type { LookedFor } from './files.ts';
import { type Counts, isMore } from './fuller.ts';
import type { Mirror } from './mirror.ts';

/** Before they are packed: small invocations go together, a larger one alone. */
const PACK_BYTES = 64 * 1024 * 1024;
/** An entry names all of them, and is refused where it is too long (MAX_INVOCATIONS, MAX_ENTRY_BYTES). */
const PACK_INVOCATIONS = 1_000;
/** Bodies that an entry names; of more than so many, later packs bring the others again. */
export const NAMED_BLOBS = 20_000;

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
 * was running when it came from there, or of which somebody lacked lines, the rest may be at the remote.
 */
export function hasInvocation(
  root: string,
  pushed: PushedInvocation,
  { isAgain, readsBlobs = false }: LookedFor,
): boolean {
  const { name } = pushed;
  const isThere = ({ layout }: Place): boolean => fileState(endOf(layout, name)) !== null;
  const places = placesOf(root);
  if (!places.some(isThere) || !places.every((place) => pushed[place.kind] === 0 || isThere(place)))
    return false;
  if (isGoing(root, name)) {
    if (pushed.going === undefined) return false;
  } else if (!isAgain) return true;
  return !isMore(pushed, countsHere(root, name, { archived: true, readsBlobs }));
}

function endOf(layout: Layout, name: string): string {
  return path.join(layout.history, name, 'invocation.json');
}

/** Nothing says here that it ended: it was killed, or came from a store where it was running. */
function isGoing(root: string, name: string): boolean {
  const said = placesOf(root).flatMap(({ layout }) => readText(endOf(layout, name)) ?? []);
  return said.length === 0 || said.some((text) => (parseObject(text)?.how ?? 'running') === 'running');
}

/** @param archived whether what gc took away here counts: it was here, and can be had back */
function countsHere(
  root: string,
  name: string,
  { archived, readsBlobs }: { readonly archived: boolean; readonly readsBlobs: boolean },
): Counts {
  const counts = { records: 0, scores: 0, lacks: 0 };
  for (const place of placesOf(root)) {
    const archives = new Set(archived ? archiveNames(place.layout) : []);
    const isDamaged = readsBlobs ? makeDamaged(place) : () => false;
    for (const data of linesOf(place, name)) {
      if (data?.type === 'tombstone' && archives.has(String(data.archive))) counts[place.kind]++;
      else count(counts, { place, data, isDamaged });
    }
  }
  return counts;
}

/** Whether one that is as long as it has to be is something else: each is read once. @param known they are not looked at */
function makeDamaged({ layout }: Place, known: ReadonlySet<string> = new Set()): (ref: BlobRef) => boolean {
  const found = new Map<string, boolean>();
  return (ref) => {
    const { sha256 } = ref;
    if (known.has(sha256)) return false;
    const isDamaged =
      found.get(sha256) ??
      (isHere(layout, ref) && digestOfFileNow(blobPath(layout.blobs, sha256)) !== sha256);
    found.set(sha256, isDamaged);
    return isDamaged;
  };
}

function count(
  counts: { records: number; scores: number; lacks: number },
  {
    place: { layout, kind },
    data,
    isDamaged,
  }: {
    readonly place: Place;
    /** null = damaged. */
    readonly data: Line | null;
    readonly isDamaged: (ref: BlobRef) => boolean;
  },
): void {
  if (data?.type === layout.kind) counts[kind]++;
  const isWanting = (ref: BlobRef): boolean => !isHere(layout, ref) || isDamaged(ref);
  if (data === null || data.type === 'tombstone' || namedBlobs(data).some(isWanting)) counts.lacks++;
}

function isHere(layout: Layout, { sha256, bytes }: BlobRef): boolean {
  return fileState(blobPath(layout.blobs, sha256))?.size === bytes;
}

/** Of one invocation, file by file; null = damaged. */
function* linesOf({ layout }: Place, name: string): Generator<Line | null> {
  const folder = path.join(layout.history, name);
  for (const entry of readFolder(folder))
    if (entry.endsWith('.jsonl')) yield* linesIn(path.join(folder, entry));
}

/** Nobody needs it from here: it is there, and no part of it is only here. */
function isPushed(root: string, name: string, pushed: PushedInvocation | undefined): boolean {
  if (pushed === undefined) return false;
  if (pushed.going === undefined && pushed.lacks === undefined) return true;
  if (pushed.going === true && !isGoing(root, name)) return false;
  return !isMore(countsHere(root, name, { archived: false, readsBlobs: false }), pushed);
}

/** Names of all that is here, oldest first. */
export function invocationsHere(root: string): readonly string[] {
  const names = new Set(
    placesOf(root).flatMap(({ layout }) => invocationFolders(layout).map(({ name }) => name)),
  );
  return [...names].sort(compareNames);
}

type There = Pick<Mirror, 'pushed' | 'blobs' | 'lostBlobs'>;

export function notPushedCount(root: string, there: There): number {
  return [...namesToPush(root, there, { has: () => false })].length;
}

/** @param brought what the pack has until now that is being put together */
function* namesToPush(
  root: string,
  there: There,
  brought: { has(place: string): boolean },
): Generator<string> {
  const draws = placesOf(root)[0]!;
  // Bodies that are lost there and are here: only what names one brings it.
  const here = new Set(
    [...there.lostBlobs()].filter((blob) => fileState(blobPath(draws.layout.blobs, blob)) !== null),
  );
  const left = [...here];
  const isWanted = (blob: string): boolean =>
    here.has(blob) && there.lostBlobs().has(blob) && !brought.has(blobName(draws, blob));
  for (const name of invocationsHere(root)) {
    if (!isPushed(root, name, there.pushed().get(name))) {
      yield name;
      continue;
    }
    while (left.length > 0 && !isWanted(left.at(-1)!)) left.pop();
    if (left.length > 0 && namesAny(draws, name, isWanted)) yield name;
  }
}

function namesAny(place: Place, name: string, isWanted: (blob: string) => boolean): boolean {
  for (const data of linesOf(place, name))
    if (data !== null && namedBlobs(data).some(({ sha256 }) => isWanted(sha256))) return true;
  return false;
}

/** Packs to be, oldest invocations first; each is read when it is asked for. */
export function* notPushed(root: string, mirror: There): Generator<Chosen> {
  let group: StoreFile[] = [];
  let invocations: PushedInvocation[] = [];
  let blobs = new Map<string, StoreFile>();
  let bytes = 0;
  const close = (): Chosen => {
    // Scores have few, and bring theirs each time.
    const bodies = [...blobs.keys()].flatMap((name) =>
      name.startsWith('blobs/') ? [path.basename(name)] : [],
    );
    const named = bodies.sort().slice(0, NAMED_BLOBS);
    const chosen = { invocations, blobs: named, files: [...blobs.values(), ...group] };
    [group, invocations, blobs, bytes] = [[], [], new Map(), 0];
    return chosen;
  };
  const brought = { has: (place: string) => blobs.has(place) };
  for (const name of namesToPush(root, mirror, brought)) {
    const one = readInvocation(root, name, mirror.blobs());
    const size = [...one.files, ...one.blobs.values()].reduce((sum, file) => sum + file.bytes, 0);
    const isFull = bytes + size > PACK_BYTES || invocations.length === PACK_INVOCATIONS;
    if (invocations.length > 0 && isFull) yield close();
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
  const counts = { records: 0, scores: 0, lacks: 0 };
  const files: StoreFile[] = [];
  const blobs = new Map<string, StoreFile>();
  for (const place of placesOf(root)) {
    const { layout, below, kind } = place;
    const folder = path.join(layout.history, name);
    const isDamaged = makeDamaged(place, kind === 'records' ? known : undefined);
    for (const entry of readFolder(folder)) {
      const file = path.join(folder, entry);
      const state = fileState(file);
      if (state === null || !/\.jsonl?$/.test(entry)) continue;
      files.push({ name: `${below}history/${name}/${entry}`, file, bytes: state.size });
      if (!entry.endsWith('.jsonl')) continue;
      for (const data of linesIn(file)) {
        count(counts, { place, data, isDamaged });
        for (const ref of data === null ? [] : namedBlobs(data)) {
          const { sha256 } = ref;
          const body = blobPath(layout.blobs, sha256);
          const size = fileState(body)?.size;
          // Of a blob that is gone or damaged there is nothing to bring: who pulls finds the record damaged, as it is here.
          if (size === undefined || isDamaged(ref) || (kind === 'records' && known.has(sha256))) continue;
          const name = blobName(place, sha256);
          blobs.set(name, { name, file: body, bytes: size });
        }
      }
    }
  }
  const { lacks, ...rest } = counts;
  const going = isGoing(root, name) ? ({ going: true } as const) : {};
  return { invocation: { name, ...rest, ...going, ...(lacks > 0 ? { lacks } : {}) }, files, blobs };
}

function blobName({ below }: Place, sha256: string): string {
  return `${below}blobs/sha256/${sha256.slice(0, 2)}/${sha256}`;
}

type Line = Record<string, unknown>;

/** null = damaged: those travel as they are. */
function* linesIn(file: string): Generator<Line | null> {
  for (const line of scanLines(file)) {
    if (line.kind !== 'line') continue;
    const opened = openLine(line.bytes);
    yield opened.kind === 'whole' ? opened.data : null;
  }
}
