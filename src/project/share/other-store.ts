// What `merge` is told to take in: a folder, or a tar that is unpacked for as long as it takes. Everything is looked at before anything
// is taken: a mistake in the third name leaves the first two alone.
import { createReadStream, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { batchFolder, readBatches } from '../../cache/disk/batch-files.ts';
import { readFolder, readText, StoreError } from '../../cache/disk/disk-read.ts';
import { diskWords } from '../../cache/disk/disk-words.ts';
import { makeFolder, removeAll } from '../../cache/disk/durable.ts';
import { checkVersion, invocationFolders, layoutOf, scoresRoot } from '../../cache/disk/layout.ts';
import { UNPACKED } from '../../cache/disk/leftovers.ts';
import { kindOf } from '../../cache/union/theirs.ts';
import { parseObject } from '../../core/json-text.ts';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import { otherStoreIn, storesIn } from '../open/other-store.ts';
import { TarError, type TarLimits, type Unpacked, unpackTar } from './tar.ts';

export type OtherStore = {
  /** As it was named. */
  readonly shown: string;
  /** The folder that has its history in it. */
  readonly root: string;
  /** Entries of a tar that were not unpacked. */
  readonly leftOut: Unpacked['leftOut'];
  /** How many batches are out from there, where that can be read. */
  readonly batches: number;
};

export type OpenOther = {
  readonly cwd: string;
  /** The experiment's. */
  readonly name: string;
  /** Its store: what is unpacked stands in it; null = elsewhere, nothing is written. */
  readonly root: string | null;
};

/** More than any store that was ever seen, and less than fills a disk without a word. */
const LIMITS: TarLimits = { entries: 2_000_000, fileBytes: 8e9, bytes: 64e9 };
/** Folders around what was packed: `project-main/artifacts/small`. */
const MOST_AROUND = 4;

/** Before anything is locked or made. @throws CommandError */
export function refuseMissing(others: readonly string[], cwd: string): void {
  if (others.includes(''))
    throw new CommandError('one of the stores has an empty name: name a folder, or a tar of one');
  for (const other of others)
    if (statSync(path.resolve(cwd, other), { throwIfNoEntry: false }) === undefined)
      throw new CommandError(`there is no ${sanitizeLine(other)}: name a folder, or a tar of one`);
}

/** Disposing removes what was unpacked. @throws CommandError where one of them is no store of this experiment */
export async function openOthers(
  others: readonly string[],
  input: OpenOther,
): Promise<{ readonly stores: readonly OtherStore[] } & Disposable> {
  const unpacked = makeUnpacked(input.root);
  try {
    const stores: OtherStore[] = [];
    for (const other of others) stores.push(await openOther(other, { ...input, unpacked: unpacked.next }));
    return { stores, [Symbol.dispose]: unpacked[Symbol.dispose] };
  } catch (cause) {
    unpacked[Symbol.dispose]();
    throw cause;
  }
}

/** Folders for what is unpacked, one after another; made when the first is asked for. */
function makeUnpacked(root: string | null): { readonly next: () => string } & Disposable {
  let folder: string | null = null;
  let many = 0;
  return {
    next() {
      if (folder === null && root !== null) {
        folder = path.join(root, UNPACKED);
        // Behind the lock: what is there was left by a merge that was killed.
        removeAll(folder);
        makeFolder(folder);
      }
      folder ??= mkdtempSync(path.join(tmpdir(), 'expgraph-merge-'));
      const next = path.join(folder, String(++many));
      makeFolder(next);
      return next;
    },
    [Symbol.dispose]() {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openOther(
  other: string,
  input: OpenOther & { readonly unpacked: () => string },
): Promise<OtherStore> {
  const { cwd, name } = input;
  const shown = sanitizeLine(other);
  const place = path.resolve(cwd, other);
  const isFolder = statSync(place).isDirectory();
  const { folder, leftOut } = isFolder
    ? { folder: place, leftOut: [] }
    : await unpack(place, { shown, into: input.unpacked() });
  const root = isFolder ? otherStoreIn(folder, name) : storeAround(folder, name);
  if (root === null) throw new CommandError(`there are no results of ${name} in ${shown}${others(folder)}`);
  const of = (text: string): string => (isFolder ? text : text.replaceAll(folder, shown));
  refuseNewer(root, of);
  refuseOthers(root, { name, shown });
  return { shown, root, leftOut, batches: batchesOut(root) };
}

async function unpack(
  file: string,
  { shown, into }: { readonly shown: string; readonly into: string },
): Promise<{ readonly folder: string; readonly leftOut: Unpacked['leftOut'] }> {
  try {
    const { leftOut } = await unpackTar(createReadStream(file), into, LIMITS);
    return { folder: into, leftOut };
  } catch (cause) {
    if (cause instanceof TarError)
      throw new CommandError(`${shown} ${cause.message}; nothing was taken from it`);
    const { syscall, path: at } = cause as NodeJS.ErrnoException;
    if (at === file || syscall === 'read')
      throw new CommandError(`could not read ${shown}: ${diskWords(file, cause)}`);
    if (syscall === undefined) throw cause;
    throw new StoreError(`could not unpack ${shown}: ${diskWords(into, cause)}`, { cause });
  }
}

/** In what was unpacked, or in the one folder that was packed. */
function storeAround(folder: string, name: string): string | null {
  let at = folder;
  for (let around = 0; around <= MOST_AROUND; around++) {
    const root = otherStoreIn(at, name);
    if (root !== null) return root;
    const below = readdirSync(at, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    if (below.length !== 1) return null;
    at = path.join(at, below[0]!.name);
  }
  return null;
}

function others(folder: string): string {
  const names = storesIn(folder).slice(0, 6).map(sanitizeLine);
  return names.length === 0 ? '' : `; there are some of ${names.join(', ')}`;
}

function refuseNewer(root: string, of: (text: string) => string): void {
  for (const layout of [root, scoresRoot(root)].map((at) => layoutOf(at))) {
    const kind = kindOf(layout.version);
    if (kind !== null && kind !== 'file')
      throw new CommandError(of(`${layout.version} is no plain file`), EXIT.store);
    try {
      checkVersion(layout);
    } catch (cause) {
      throw new CommandError(of((cause as Error).message), EXIT.store);
    }
  }
}

/** Where it says whose results they are, and nothing in it is ours. One that says nothing is looked at line by line. */
function refuseOthers(
  root: string,
  { name, shown }: { readonly name: string; readonly shown: string },
): void {
  const names = new Set<string>();
  const layout = layoutOf(root);
  for (const { name: id } of invocationFolders(layout)) {
    const said = experimentIn(path.join(layout.history, id));
    if (said === name) return;
    if (said !== null) names.add(said);
  }
  if (names.size === 0) return;
  const whose = [...names].slice(0, 3).map(sanitizeLine).join(', ');
  throw new CommandError(
    `${shown} has results of ${whose}, and this experiment is ${name}: only results of one name are united`,
  );
}

function experimentIn(folder: string): string | null {
  const file = path.join(folder, 'invocation.json');
  if (kindOf(folder) !== 'folder' || kindOf(file) !== 'file') return null;
  const said = parseObject(readText(file) ?? '')?.experiment;
  return typeof said === 'string' ? said : null;
}

function batchesOut(root: string): number {
  const folder = batchFolder(root);
  if (!readFolder(folder).every((name) => kindOf(path.join(folder, name)) !== 'other')) return 0;
  try {
    return readBatches(root).batches.filter(({ end }) => end === null).length;
  } catch {
    // They are nobody's here: whoever posted them will hear of it.
    return 0;
  }
}
