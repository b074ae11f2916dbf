// What code consists of, read without running it: a little project, the files whose edit must move the variant's digest,
// and those whose edit must not. Through the real loader.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { withoutPython } from '../rig/python.ts';
import type { ClosureRow } from './closure-row.ts';
import { JS_ROWS } from './closure-rows-js.ts';
import { PYTEST_ROWS } from './closure-rows-pytest.ts';
import { PYTHON_ROWS } from './closure-rows-python.ts';
import { loadFolder, makeFolder } from './folder.ts';

/** Shims that look for an interpreter each time are slow: its own place goes first. */
const PATH = [
  path.dirname(
    spawnSync('python3', ['-c', 'import sys; print(sys.executable)']).stdout?.toString().trim() ?? '',
  ),
  process.env.PATH,
].join(path.delimiter);

function projectOf({ files, links = {}, variant, lines = '', folder: at = '.' }: ClosureRow): string {
  const folder = makeFolder({
    ...files,
    [path.join(at, 'experiment.yaml')]:
      `version: 1\nname: demo\nprovider: sim\nscenarios: [s.yaml]\n${lines}variants:\n  one: ${variant}\n`,
    [path.join(at, 's.yaml')]: '- { id: a, input: hello }\n',
  });
  for (const [from, to] of Object.entries(links)) {
    mkdirSync(path.dirname(path.join(folder, from)), { recursive: true });
    symlinkSync(to, path.join(folder, from));
  }
  return folder;
}

async function digestOf(folder: string, at = '.'): Promise<string> {
  const { manifest, printed } = await loadFolder(path.join(folder, at), { PATH });
  if (manifest === null) throw new Error(printed);
  // Which files are code; what of a file of tests counts is reach.test.ts.
  const variants = manifest.variants.map((variant) =>
    variant.harness?.kind === 'pytest'
      ? { ...variant, harness: { ...variant.harness, reach: null } }
      : variant,
  );
  return fingerprint({ ...manifest, variants })[0]!.variant.digest;
}

/** Another text that means the same, as far as the language allows. */
function edited(name: string, text: string): string {
  return /\.[cm]?[jt]sx?$/.test(name)
    ? `${text}\n// edited\n`
    : `${text}\n${/\.json$/.test(name) ? '' : '# edited'}\n`;
}

async function checkRow(row: ClosureRow): Promise<void> {
  const folder = projectOf(row);
  const before = await digestOf(folder, row.folder);
  const wrong: string[] = [];
  for (const mustMove of [true, false]) {
    for (const edit of (mustMove ? row.moves : row.stays) ?? []) {
      const name = typeof edit === 'string' ? edit : edit[0];
      const file = path.join(folder, name);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, typeof edit === 'string' ? edited(name, text) : edit[1]);
      const hasMoved = (await digestOf(folder, row.folder)) !== before;
      if (hasMoved !== mustMove) wrong.push(`${name} ${mustMove ? 'must count' : 'must not count'}`);
      writeFileSync(file, text);
    }
  }
  expect(wrong).toEqual([]);
  expect(await digestOf(folder, row.folder)).toBe(before);
}

describe.skipIf(withoutPython())('of Python counts', () => {
  it.each(PYTHON_ROWS)('$name', checkRow);
});

describe.skipIf(withoutPython())('of a harness in pytest counts', () => {
  it.each(PYTEST_ROWS)('$name', checkRow);
});

describe('of JavaScript and TypeScript counts', () => {
  it.each(JS_ROWS)('$name', checkRow);
});
