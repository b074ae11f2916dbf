// remote/<address>/log.jsonl: what this store has seen of a remote's log, an entry a line, and what became of each here. Derived: without it
// the log is read from its beginning, and packs whose invocations are here are not fetched again.
import path from 'node:path';
import { readText } from '../../cache/disk/disk-read.ts';
import { appendNow, makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import { sha256 } from '../../core/canonical.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { type KeptEntry, type PushedInvocation, readEntry, signatureProblem } from './entries.ts';
import { fullerOf } from './fuller.ts';

/**
 * `here`: all that its pack brings is in this store; `refused`: it is not, and `why` says why; `lost`: the pack was not there as it was
 * pushed when it was last asked for. What it brings may be here all the same, and then is to be given again.
 */
export type EntryState = {
  readonly state: 'here' | 'refused' | 'lost';
  readonly why: string | null;
};

export type SeenEntry = KeptEntry & EntryState;

export type Mirror = {
  readonly entries: readonly SeenEntry[];
  /** Of the last entry; null = none was seen. */
  head(): string | null;
  /** Invocations that the remote has for whoever reads it, by name: those of entries that nobody takes are none. */
  pushed(): ReadonlyMap<string, PushedInvocation>;
  blobs(): ReadonlySet<string>;
  /** Those that only lost packs had. */
  lostBlobs(): ReadonlySet<string>;
  add(entry: SeenEntry): void;
  /** The same entries by their numbers, and what has become of them now. */
  settle(states: ReadonlyMap<number, EntryState>): void;
  /** Nothing was seen: the log there is another one. */
  reset(): void;
};

/** @param address the remote's, without secrets: each has a log of its own @param key as Share has it */
export function openMirror(input: {
  readonly root: string;
  readonly address: string;
  readonly experiment: string;
  readonly key: string | null;
}): Mirror {
  const folder = path.join(input.root, 'remote', sha256(input.address).slice(0, 16));
  const file = path.join(folder, 'log.jsonl');
  const seen = readSeen(file, input.experiment);
  const { entries } = seen;
  let { isWhole } = seen;
  const pushed = new Map<string, PushedInvocation>();
  const blobs = new Set<string>();
  const lost = new Set<string>();
  const note = ({ entry, state }: SeenEntry): void => {
    // What is refused here is refused elsewhere, and what was signed with another key by all who have this one.
    if (state === 'refused' || signatureProblem(entry, input.key) !== null) return;
    if (state === 'lost') {
      for (const blob of entry.blobs) if (!blobs.has(blob)) lost.add(blob);
      return;
    }
    for (const one of entry.invocations) pushed.set(one.name, fullerOf(one, pushed.get(one.name)));
    for (const blob of entry.blobs) {
      blobs.add(blob);
      lost.delete(blob);
    }
  };
  const noteAll = (): void => {
    for (const what of [pushed, blobs, lost]) what.clear();
    for (const one of entries) note(one);
  };
  noteAll();
  const rewrite = (): void => {
    makeFolder(folder);
    replaceFile(file, entries.map(lineOf), false);
    isWhole = true;
  };
  return {
    entries,
    head: () => entries.at(-1)?.digest ?? null,
    pushed: () => pushed,
    blobs: () => blobs,
    lostBlobs: () => lost,
    add(entry) {
      // A torn or damaged tail of a derived file: what is behind it was fetched again.
      if (!isWhole) rewrite();
      makeFolder(folder);
      appendNow(file, Buffer.from(lineOf(entry)));
      entries.push(entry);
      note(entry);
    },
    settle(states) {
      let isSame = true;
      for (const [n, { state, why }] of states) {
        const seen = entries[n - 1]!;
        if (seen.state === state && seen.why === why) continue;
        entries[n - 1] = { ...seen, state, why };
        isSame = false;
      }
      if (isSame) return;
      noteAll();
      rewrite();
    },
    reset() {
      entries.length = 0;
      noteAll();
      rewrite();
    },
  };
}

function lineOf({ text, state, why }: SeenEntry): string {
  return `${JSON.stringify({ state, why, text })}\n`;
}

function readSeen(
  file: string,
  experiment: string,
): { readonly entries: SeenEntry[]; readonly isWhole: boolean } {
  const entries: SeenEntry[] = [];
  const text = readText(file);
  if (text === null) return { entries, isWhole: true };
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const seen = seenIn(line, { n: entries.length + 1, experiment, prev: entries.at(-1)?.digest ?? null });
    if (seen === null) return { entries, isWhole: false };
    entries.push(seen);
  }
  return { entries, isWhole: text === '' || text.endsWith('\n') };
}

function seenIn(line: string, expected: Parameters<typeof readEntry>[1]): SeenEntry | null {
  let value: Json;
  try {
    value = JSON.parse(line) as Json;
  } catch {
    return null;
  }
  if (!isJsonObject(value)) return null;
  const { state, why = null, text } = value;
  if ((state !== 'here' && state !== 'refused' && state !== 'lost') || typeof text !== 'string') return null;
  const read = readEntry(text, expected);
  if (read.kind === 'err') return null;
  return { ...read.value, state, why: typeof why === 'string' ? why : null };
}
