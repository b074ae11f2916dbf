// Whose keys an edit of a harness in pytest moves: a little harness, an edit, and the variants that it makes stale. Through
// the real loader; what pytest says of the values of parameters is another test's (tests/e2e/pytest-exact.test.ts).
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/core/manifest.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { withoutPython } from '../rig/python.ts';
import { loadFolder, makeFolder } from './folder.ts';
import { HARNESS, MANIFEST, type Moves, type ReachRow } from './reach-harness.ts';
import { REACH_ROWS } from './reach-rows.ts';
import { FILE_ROWS, SAFE_FILE_ROWS } from './reach-rows-files.ts';
import { SAFE_ROWS } from './reach-rows-safe.ts';

const PATH = [
  path.dirname(
    spawnSync('python3', ['-c', 'import sys; print(sys.executable)']).stdout?.toString().trim() ?? '',
  ),
  process.env.PATH,
].join(path.delimiter);

/** As after a look of pytest that told every value whole. */
function surveyed(manifest: Manifest): Manifest {
  return {
    ...manifest,
    variants: manifest.variants.map((variant) =>
      variant.harness?.kind === 'pytest'
        ? { ...variant, harness: { ...variant.harness, survey: { isCurrent: true, items: [] } } }
        : variant,
    ),
  };
}

async function digestsOf(folder: string): Promise<readonly string[]> {
  const { manifest, printed } = await loadFolder(folder, { PATH });
  if (manifest === null) throw new Error(printed);
  return fingerprint(surveyed(manifest)).map(({ variant }) => variant.digest);
}

function replaced(folder: string, [file, from, to]: readonly string[]): () => void {
  const full = path.join(folder, file!);
  const text = readFileSync(full, 'utf8');
  if (!text.includes(from!)) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(
    full,
    text.replace(from!, () => to!),
  );
  return () => writeFileSync(full, text);
}

async function checkRow(row: ReachRow): Promise<void> {
  const folder = makeFolder({
    ...HARNESS,
    'experiment.yaml': row.manifest ?? MANIFEST,
    's.yaml': '- { id: one, input: hello }\n',
    ...row.files,
  });
  for (const edit of row.first ?? []) replaced(folder, edit);
  const before = await digestsOf(folder);
  const wrong: string[] = [];
  for (const [file, from, to, moves] of row.edits) {
    const undo = replaced(folder, [file, from, to]);
    const now = await digestsOf(folder);
    const [isBaseline, isApplike] = now.map((digest, i) => digest !== before[i]);
    const moved: Moves = isBaseline ? (isApplike ? 'all' : 'baseline') : isApplike ? 'applike' : 'none';
    if (moved !== moves) wrong.push(`${file}: ${from} -> ${to}: moves ${moved}, not ${moves}`);
    undo();
  }
  expect(wrong).toEqual([]);
  expect(await digestsOf(folder)).toEqual(before);
}

describe.skipIf(withoutPython())('of a harness in pytest an edit moves exactly', () => {
  it.each(REACH_ROWS)('$name', checkRow);
});

describe.skipIf(withoutPython())('what cannot be told apart moves all', () => {
  it.each(SAFE_ROWS)('$name', checkRow);
});

describe.skipIf(withoutPython())('a file that is named after a variant', () => {
  it.each(FILE_ROWS)('counts for that variant: $name', checkRow);
  it.each(SAFE_FILE_ROWS)('counts for all where anything may open it: $name', checkRow);
});
