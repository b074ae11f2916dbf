// Where things stand in artifacts/<experiment>/, and which format they have.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { compareOrder, type InvocationOrder, orderOf } from '../../core/invocation-id.ts';
import { FIRST_FORMAT_VERSION, FORMAT_VERSION } from '../../core/record.ts';
import { readFolder, readText, StoreError } from './disk-read.ts';
import { makeFolder, replaceFile } from './durable.ts';

/** What a store's records are, by the type that their lines say. */
export type RecordKind = 'scenario_result' | 'score';

export type Layout = {
  readonly kind: RecordKind;
  readonly root: string;
  readonly history: string;
  readonly runs: string;
  readonly blobs: string;
  readonly archive: string;
  readonly quarantine: string;
  readonly index: string;
  readonly version: string;
};

export function layoutOf(root: string, kind: RecordKind = 'scenario_result'): Layout {
  return {
    kind,
    root,
    history: path.join(root, 'history'),
    runs: path.join(root, 'runs'),
    blobs: path.join(root, 'blobs', 'sha256'),
    archive: path.join(root, 'archive'),
    quarantine: path.join(root, 'quarantine'),
    index: path.join(root, 'index.db'),
    version: path.join(root, 'VERSION'),
  };
}

/** Scores of an experiment: a store beside that of its draws, within its folder. */
export function scoresRoot(root: string): string {
  return path.join(root, 'scores');
}

/** Of an invocation's folder: the contents behind the digests that its records name. */
export const PARTS = 'parts.jsonl';

/** Files of our own in the folder of an invocation, and names that Windows keeps for devices. */
const TAKEN = /^(?:parts|attempts|turns|invocation|calls|index|con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;
const APART = '_scores';

/**
 * The file of a scorer's records. A draw's file ends in `_run<k>`, so no variant has a name of ours; a scorer may: then
 * its file ends in `_scores`. So do those of scorers whose own names end like that: no two share a file.
 */
export function scoreFileName(slug: string): string {
  return `${slug}${TAKEN.test(slug) || slug.endsWith(APART) ? APART : ''}.jsonl`;
}

/** Refuses a store of a newer format: reading it with old eyes could only damage it. */
export function checkVersion(layout: Layout): 'present' | 'absent' {
  return readVersion(layout) === null ? 'absent' : 'present';
}

/** null = there is none. @throws StoreError where it is no number, or that of a newer format */
export function readVersion(layout: Layout): number | null {
  const text = readText(layout.version);
  if (text === null) return null;
  const version = Number(text.trim());
  if (!Number.isInteger(version) || version < 1) {
    throw new StoreError(
      `${layout.version} holds ${JSON.stringify(text.slice(0, 40))}, not a format number; restore the file (this expgraph writes ${FORMAT_VERSION})`,
    );
  }
  if (version > FORMAT_VERSION) {
    throw new StoreError(
      `${layout.root} has format ${version} and this expgraph reads up to ${FORMAT_VERSION}: update expgraph`,
    );
  }
  return version;
}

/** Behind the lock: two first starts would race for VERSION. */
export function prepareFolders(layout: Layout): void {
  for (const folder of [layout.history, layout.runs]) makeFolder(folder);
  if (readVersion(layout) !== null) return;
  // A lost VERSION must not make a store look older than what it holds.
  const isNewer = existsSync(layout.blobs) || existsSync(layout.archive);
  replaceFile(layout.version, [`${isNewer ? FORMAT_VERSION : FIRST_FORMAT_VERSION}\n`]);
}

/** Before the first blob or tombstone: from here on an older expgraph must not read or write this store. */
export function raiseVersion(layout: Layout): void {
  if (readVersion(layout) === FORMAT_VERSION) return;
  replaceFile(layout.version, [`${FORMAT_VERSION}\n`]);
}

/** Invocation folders in order, the oldest first; anything else in history/ is not ours and is left alone. */
export function invocationFolders(layout: Layout): readonly ({ readonly name: string } & InvocationOrder)[] {
  return readFolder(layout.history)
    .flatMap((name) => {
      const order = orderOf(name);
      return order === null ? [] : [{ name, ...order }];
    })
    .sort(compareOrder);
}

/** `<invocation>/<file>.jsonl` of every history file, in the order of time. */
export function historyFiles(layout: Layout): readonly ({ readonly path: string } & InvocationOrder)[] {
  return invocationFolders(layout).flatMap(({ name, ...order }) =>
    readFolder(path.join(layout.history, name))
      .filter((file) => file.endsWith('.jsonl'))
      .sort()
      .map((file) => ({ path: `${name}/${file}`, ...order })),
  );
}
