// Where things stand in artifacts/<experiment>/, and which format they have.
import path from 'node:path';
import { invocationSequence } from '../core/brand.ts';
import { FORMAT_VERSION } from '../core/record.ts';
import { makeFolder, readFolder, readText, replaceFile, StoreError } from './durable.ts';

export type Layout = {
  readonly root: string;
  readonly history: string;
  readonly runs: string;
  readonly quarantine: string;
  readonly index: string;
  readonly version: string;
};

export function layoutOf(root: string): Layout {
  return {
    root,
    history: path.join(root, 'history'),
    runs: path.join(root, 'runs'),
    quarantine: path.join(root, 'quarantine'),
    index: path.join(root, 'index.db'),
    version: path.join(root, 'VERSION'),
  };
}

/** Refuses a store of a newer format: reading it with old eyes could only damage it. */
export function checkVersion(layout: Layout): 'present' | 'absent' {
  const text = readText(layout.version);
  if (text === null) return 'absent';
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
  return 'present';
}

/** Behind the lock: two first starts would race for VERSION. */
export function prepareFolders(layout: Layout): void {
  for (const folder of [layout.history, layout.runs]) makeFolder(folder);
  if (checkVersion(layout) === 'absent') replaceFile(layout.version, [`${FORMAT_VERSION}\n`]);
}

/** Invocation folders by sequence, the oldest first; anything else in history/ is not ours and is left alone. */
export function invocationFolders(
  layout: Layout,
): readonly { readonly name: string; readonly sequence: number }[] {
  return readFolder(layout.history)
    .flatMap((name) => {
      const sequence = invocationSequence(name);
      return sequence === null ? [] : [{ name, sequence }];
    })
    .sort((a, b) => a.sequence - b.sequence || (a.name < b.name ? -1 : 1));
}

/** `<invocation>/<file>.jsonl` of every history file, in the order of time. */
export function historyFiles(
  layout: Layout,
): readonly { readonly path: string; readonly sequence: number }[] {
  return invocationFolders(layout).flatMap(({ name, sequence }) =>
    readFolder(path.join(layout.history, name))
      .filter((file) => file.endsWith('.jsonl'))
      .sort()
      .map((file) => ({ path: `${name}/${file}`, sequence })),
  );
}
