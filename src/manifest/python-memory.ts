// What Python said of code, as it is kept from one start to the next: a start where nothing has moved asks no Python.

import { closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256, sha256Of } from '../core/canonical.ts';

/** Answers by the digest of all that they hang on. */
export type PythonMemory = {
  get(key: string): unknown;
  set(key: string, value: object): void;
  /** Units of tests (`file:name`) that ran where no name led to them; sorted. */
  seen(): readonly string[];
};

/**
 * Which program answers: the file itself, its environment, and what it is asked by. null: a script that chooses a Python anew at
 * each start (pyenv, asdf); nothing can be kept of it.
 */
export function identityOf(binary: string): string | null {
  try {
    const real = realpathSync(binary);
    if (isScript(real)) return null;
    const { size, mtimeMs, ino } = statSync(real);
    const settings = textOf(path.join(path.dirname(path.dirname(binary)), 'pyvenv.cfg'));
    const all = JSON.stringify([binary, real, size, mtimeMs, ino, settings, askedBy()]);
    return sha256(all);
  } catch {
    return null;
  }
}

function isScript(file: string): boolean {
  const handle = openSync(file, 'r');
  try {
    const start = Buffer.alloc(2);
    readSync(handle, start);
    return start.toString('latin1') === '#!';
  } finally {
    closeSync(handle);
  }
}

const PYTHON = fileURLToPath(new URL('../../python/', import.meta.url));
let own: string | null = null;

/** Our own part of every answer. */
function askedBy(): string {
  if (own === null) {
    const names = readdirSync(PYTHON).filter((name) => name.endsWith('.py'));
    own = sha256Of(names.sort().flatMap((name) => [`${name}\0`, readFileSync(path.join(PYTHON, name))]));
  }
  return own;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
