// Requests as packages built them, kept between commands beside the index: a plan that changes nothing loads no package, and
// whoever only reads needs none installed. Derived: deleting it costs building them again.
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { exactObject } from '../../core/untrusted-json.ts';
import type { PackageWarning } from '../../variants/frame-changes.ts';

export type KeptFrame = {
  /** Digest of the request, of the account and of its package without the version. */
  readonly asked: string;
  /** Of the package, or of a module of the project what it consists of. */
  readonly by: string;
  /** null = a module of the project. */
  readonly version: string | null;
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: JsonObject;
  readonly warnings: readonly PackageWarning[];
  readonly unused: readonly string[];
};

const FRAMES_FILE = 'frames.json';
const VERSION = 1;
/** Edits that come and go; a matrix of a thousand arms keeps them all. */
const MAX_KEPT = 2_000;

/** Newest first. Keys hang on it and anybody can edit it: what cannot be used is as if it had not been kept. */
export function readFrames(root: string): readonly KeptFrame[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(root, FRAMES_FILE), 'utf8'));
    if (!isJsonObject(value) || value.v !== VERSION || !Array.isArray(value.frames)) return [];
    return (value.frames as readonly Json[]).flatMap((entry) => readKept(entry) ?? []);
  } catch {
    return [];
  }
}

/** `plan` writes without the store's lock: the file is whole, whoever writes last. */
export function writeFrames(root: string, frames: readonly KeptFrame[]): void {
  makeFolder(root);
  const file = path.join(root, FRAMES_FILE);
  const own = `${file}.${process.pid}`;
  const lines = frames.slice(0, MAX_KEPT).map((one) => JSON.stringify(one));
  replaceFile(own, [`{"v":${VERSION},"frames":[\n${lines.join(',\n')}\n]}\n`]);
  renameSync(own, file);
}

function readKept(entry: Json): KeptFrame | null {
  if (!isJsonObject(entry)) return null;
  const { asked, by, version = null, path: way, headers, warnings, unused } = entry;
  const body = exactObject(entry.body);
  if (!isText(asked) || !isText(by) || !isText(way) || body.kind === 'err') return null;
  if (!(version === null || isText(version)) || !isTexts(Object.values(isJsonObject(headers) ? headers : {})))
    return null;
  if (!isJsonObject(headers) || !Array.isArray(warnings) || !isTexts(unused)) return null;
  if (!(warnings as readonly Json[]).every(isJsonObject)) return null;
  return {
    ...{ asked, by, version, path: way, headers: headers as KeptFrame['headers'], body: body.value },
    ...{ warnings: warnings as unknown as readonly PackageWarning[], unused },
  };
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.isWellFormed();
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one: Json) => isText(one));
}
