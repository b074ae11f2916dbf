// Functions of tests that ran where no name in the code leads to them: from then on they count for all variants. Kept beside what
// Python said of the code. Derived: deleting it costs finding them again.
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import { isJsonObject, type Json } from '../../core/json.ts';

const FILE = 'ran.json';
const VERSION = 1;
const MAX_UNITS = 5_000;

/** `file:name`, sorted; what cannot be used is as if it had not been kept. */
export function readRan(root: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(root, FILE), 'utf8'));
    if (!isJsonObject(value) || value.v !== VERSION || !Array.isArray(value.units)) return [];
    return (value.units as readonly Json[]).filter((unit) => typeof unit === 'string').sort();
  } catch {
    return [];
  }
}

/** Whoever calls it holds the store's lock. */
export function addRan(root: string, units: readonly string[]): void {
  const all = [...new Set([...readRan(root), ...units])].sort().slice(0, MAX_UNITS);
  makeFolder(root);
  const own = path.join(root, `${FILE}.${process.pid}`);
  replaceFile(own, [`${JSON.stringify({ v: VERSION, units: all })}\n`]);
  renameSync(own, path.join(root, FILE));
}
