// What this thread has read and loaded so far, whoever's code it was. A module is loaded once and may keep what it read: it
// counts for every attempt that comes after.

import { randomUUID } from 'node:crypto';
import { readFileSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sha256 } from '../../core/canonical.ts';
import type { Code } from '../../core/harness.ts';
import { makeReadList, noteLine, type ReadKind, type ReadList, readsEnv } from '../../providers/reads.ts';

/** A thread serves one experiment; before its first order nobody knows which. */
let list: ReadList | null = null;
const early: [ReadKind, string][] = [];
const loaded = new Map<string, string>();

export function noteRead(kind: ReadKind, file: string, by: Code | null): void {
  if (list) list.note(kind, file, by);
  else if (early.length < MAX_EARLY) early.push([kind, file]);
}

/** @param file absolute @param source its bytes as they are run */
export function noteLoad(file: string, source: Uint8Array): void {
  loaded.set(file, sha256(source));
}

const MAX_EARLY = 1_000;

export type ThreadReads = {
  /** Read by this code, or by what it shares files with, or by what they started; and in no closure. */
  undeclared(): readonly string[];
  /** Its files that were loaded with other bytes than those that are its key's. */
  otherCode(): readonly string[];
};

export function threadReads(input: { readonly folder: string; readonly code: Code }): ThreadReads {
  const { folder, code } = input;
  list ??= openList(folder);
  const known = list;
  return {
    undeclared() {
      for (const line of told().split('\n')) noteLine(known, line);
      return known.undeclared(code);
    },
    otherCode: () =>
      code.files.flatMap(({ path: shown, digest }) => {
        const was = loaded.get(path.join(folder, shown)) ?? loaded.get(realOf(path.join(folder, shown)));
        return was === undefined || was === digest ? [] : [shown];
      }),
  };
}

/** Programs that own code starts inherit this, unless they are given an environment without it. */
const file = path.join(os.tmpdir(), `expgraph-reads-${randomUUID()}`);

function openList(folder: string): ReadList {
  const made = makeReadList(folder);
  for (const [kind, path] of early.splice(0)) made.note(kind, path);
  Object.assign(process.env, readsEnv({ file, folder, env: process.env }));
  return made;
}

/** Set aside first: nobody ends a thread so gently that it could take its file along. */
function told(): string {
  const aside = `${file}.told`;
  // Asked after every attempt, and there is nothing as a rule: a failed rename would cost ten times as much.
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return '';
  try {
    renameSync(file, aside);
    const text = readFileSync(aside, 'utf8');
    rmSync(aside);
    return text;
  } catch {
    // Nobody has told anything.
    return '';
  }
}

function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
