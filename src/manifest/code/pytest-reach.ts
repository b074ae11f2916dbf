// What of a harness's code counts for one variant, definition by definition: asked of Python, once for all variants.
import path from 'node:path';
import type { PytestHarness, PytestReach } from '../../core/harness.ts';
import { countedSettings } from '../../core/pytest-words.ts';
import type { Reading } from '../reading.ts';
import { sharedRead, shownFrom, wordsIn } from './code-reads.ts';
import { PYTHON_FILE } from './project-files.ts';
import { pytestFiles } from './pytest-files.ts';
import { pythonFor } from './python-chosen.ts';

export type ReachInput = Pick<PytestHarness, 'paths' | 'python' | 'args' | 'env' | 'code' | 'variant'> & {
  readonly source: PytestHarness['variantsFrom'];
  /** All of the manifest, as the harness calls them. */
  readonly variants: readonly string[];
};

/** Above this a harness is no longer read definition by definition in the time that a plan may take. */
const MAX_BYTES = 8_000_000;

/** null where there is no interpreter, or a file that it cannot read: then every file counts by its bytes. */
export async function reachOf(input: ReachInput, reading: Reading): Promise<PytestReach | null> {
  const { folder } = reading;
  const { code, env, variant, variants, source } = input;
  const read = sharedRead(reading);
  const searched = env.set.PATH ?? reading.env.PATH ?? '';
  const { interpreter } = await pythonFor(reading, { word: input.python, searched });
  if (interpreter === null) return null;
  const found = pytestFiles(reading, {
    paths: input.paths,
    args: [...wordsIn('PYTEST_ADDOPTS', env, reading), ...input.args],
  });
  const starts = new Set(found.files.map((file) => shownFrom(folder, file)));
  const python = code.files.filter((file) => PYTHON_FILE.test(file.path));
  const files = python.map(({ path: shown, digest }) => {
    const { bytes } = read(path.resolve(folder, shown));
    return { path: shown, digest, bytes, start: starts.has(shown) };
  });
  if (files.length === 0 || files.reduce((sum, { bytes }) => sum + bytes.length, 0) > MAX_BYTES) return null;
  const answer = await interpreter.reach({ files, variants, source, seen: reading.memory?.seen() ?? [] });
  const counts = answer?.counts[variant];
  if (!answer || counts === undefined) return null;
  const settings = new Map(
    found.settings.map((file) => [shownFrom(folder, file), read(file).bytes.toString('utf8')]),
  );
  for (const [name, text] of found.sections) settings.set(name, text);
  const { holes, counts: _, ...rest } = answer;
  return {
    ...rest,
    counts,
    values: holes,
    variants,
    settings: Object.fromEntries([...settings].map(([name, text]) => [name, { ...countedSettings(text) }])),
    told: [...python.map((file) => file.path), ...settings.keys()],
  };
}
