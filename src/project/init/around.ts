// What lies in a folder that an experiment could be made of, by names and first words alone: nothing is loaded or run.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';

export type Around = {
  readonly promptfoo: readonly string[];
  readonly inspect: readonly string[];
  readonly data: readonly string[];
  readonly hasPytest: boolean;
};

/** More of one kind than this is a folder full of them, and no question. */
const MOST = 3;
const LOOKED_AT_BYTES = 20_000;

export function lookAround(folder: string): Around {
  const names = filesOf(folder);
  const python = names.filter((name) => /\.py$/i.test(name)).slice(0, 50);
  return {
    promptfoo: names.filter((name) => /^promptfooconfig\.(?:ya?ml|json)$/i.test(name)).slice(0, MOST),
    inspect: [
      ...python.filter((name) => isTask(path.join(folder, name))),
      ...names.filter((name) => /\.eval$/i.test(name)),
    ].slice(0, MOST),
    data: names.filter((name) => /\.(?:csv|tsv|jsonl|ndjson)$/i.test(name)).slice(0, MOST),
    hasPytest:
      names.some((name) => PYTEST.test(name)) ||
      filesOf(path.join(folder, 'tests')).some((name) => PYTEST.test(name)),
  };
}

const PYTEST = /^(?:pytest\.ini|conftest\.py|test_.*\.py|.*_test\.py)$/;

function isTask(file: string): boolean {
  const text = beginningOf(file);
  return /\binspect_ai\b/.test(text) && /\bTask\s*\(/.test(text);
}

function beginningOf(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(LOOKED_AT_BYTES);
    return bytes.toString('utf8', 0, readSync(handle, bytes));
  } finally {
    closeSync(handle);
  }
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}
