// `inputs:`: files that count in every key, by the digest of their bytes.
import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { sha256Of } from '../../core/canonical.ts';
import type { Manifest } from '../../core/manifest.ts';
import { reportRead } from '../documents/document.ts';
import { checkFile, unreadable } from '../documents/read.ts';
import type { JsonPath } from '../errors/place.ts';
import type { Reading } from '../reading.ts';
import { findFiles } from '../scenarios/scenarios.ts';

/** `at`: the list of patterns in the manifest. */
export async function readInputs(
  reading: Reading,
  { patterns, at }: { readonly patterns: readonly (string | undefined)[]; readonly at: JsonPath },
): Promise<Manifest['inputs']> {
  const { folder, document, findings } = reading;
  const files = await findFiles({ patterns, folder, document, findings, pathOf: (index) => [...at, index] });
  const inputs = files.flatMap(({ file, pattern }) => {
    const opening = {
      file: path.resolve(folder, file),
      shown: file,
      folder,
      findings,
      maxBytes: Number.MAX_SAFE_INTEGER,
      namedAt: () => document.locate({ path: [...at, pattern], part: 'value' }),
    };
    const checked = checkFile(opening);
    if (checked.kind === 'ok') {
      try {
        return [{ path: file, digest: digestOfFile(opening.file) }];
      } catch (error) {
        reportRead(opening, unreadable(error));
        return [];
      }
    }
    reportRead(opening, checked.error);
    return [];
  });
  return inputs.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const BLOCK_BYTES = 1_000_000;

/** In blocks: an input may be larger than memory. */
export function digestOfFile(file: string): string {
  return sha256Of(blocksOf(file));
}

function* blocksOf(file: string): Generator<Buffer> {
  const handle = openSync(file, 'r');
  try {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    for (let size = readSync(handle, block); size > 0; size = readSync(handle, block))
      yield block.subarray(0, size);
  } finally {
    closeSync(handle);
  }
}
