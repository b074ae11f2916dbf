// What is written of the definitions that keys of tests hold by digest, kept beside the survey, so that `plan --explain` can
// show what an edit changed. Derived: without it an explanation names file and function, and no lines.
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { Redact } from '../../core/redact.ts';

const FILE = 'test-sources.json';
const VERSION = 1;
const MAX_CHARS = 6_000_000;

/** Of today's code, and of what was run before; the file is read when the first digest is asked for. */
export function sourcesFor({ manifest, root }: { readonly manifest: Manifest; readonly root: string }) {
  let kept: JsonObject | null = null;
  return (digest: string): string | undefined => {
    for (const { harness } of manifest.variants) {
      const found = harness?.kind === 'pytest' ? harness.reach?.sources[digest] : undefined;
      if (found !== undefined) return found;
    }
    kept ??= readSources(root);
    const found = Object.hasOwn(kept, digest) ? kept[digest] : undefined;
    return typeof found === 'string' ? found : undefined;
  };
}

/** Newest first; what is beyond the room is forgotten. Whoever calls it holds the store's lock. */
export function keepSources(input: {
  readonly manifest: Manifest;
  readonly root: string;
  readonly redact: Redact;
}): void {
  const { manifest, root, redact } = input;
  const now = new Map<string, string>();
  for (const { harness } of manifest.variants) {
    const sources = harness?.kind === 'pytest' ? (harness.reach?.sources ?? {}) : {};
    for (const [digest, text] of Object.entries(sources)) now.set(digest, redact(text));
  }
  if (now.size === 0) return;
  const before = readSources(root);
  if ([...now.keys()].every((digest) => Object.hasOwn(before, digest))) return;
  for (const [digest, text] of Object.entries(before)) {
    if (typeof text === 'string' && !now.has(digest)) now.set(digest, text);
  }
  const kept: { [digest: string]: string } = {};
  let room = MAX_CHARS;
  for (const [digest, text] of now) {
    room -= text.length + 70;
    if (room < 0) break;
    kept[digest] = text;
  }
  makeFolder(root);
  const own = path.join(root, `${FILE}.${process.pid}`);
  replaceFile(own, [`${JSON.stringify({ v: VERSION, sources: kept })}\n`]);
  renameSync(own, path.join(root, FILE));
}

function readSources(root: string): JsonObject {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(root, FILE), 'utf8'));
    return isJsonObject(value) && value.v === VERSION && isJsonObject(value.sources) ? value.sources : {};
  } catch {
    return {};
  }
}
