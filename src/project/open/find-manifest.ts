// Which manifest a command is about: the one that is named, else the nearest one here or above, as git finds its folder.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../../core/nearest.ts';
import { CommandError } from './command-error.ts';
import type { World } from './world.ts';

export const DEFAULT_FILE = 'experiment.yaml';
/** In one folder there is one of them, or nobody knows which is meant. */
const NAMES = [DEFAULT_FILE, 'experiment.yml'] as const;

export const INIT = 'npx expgraph init';

/**
 * @param given what -f says; null = nothing. A folder stands for the manifest in it, and is not left upwards.
 * @returns the path from the working folder, so that messages name it as the user would
 * @throws CommandError that says what was looked for and where, and what to do
 */
export function findManifest(io: Pick<World, 'cwd' | 'notify'>, given: string | null): string {
  if (given !== null) return named(io.cwd, given);
  for (const folder of upwards(io.cwd)) {
    const found = inFolder(io.cwd, folder);
    if (found === null) continue;
    if (folder !== io.cwd) io.notify({ kind: 'lines', text: `Manifest: ${found}` });
    return found;
  }
  const { what, hint } = nothingFound(io.cwd);
  throw new CommandError(`${what}; ${hint}`);
}

function named(cwd: string, given: string): string {
  const full = path.resolve(cwd, given);
  const kind = statSync(full, { throwIfNoEntry: false });
  if (kind?.isDirectory()) {
    const found = inFolder(cwd, full);
    if (found !== null) return found;
    throw new CommandError(`no ${NAMES.join(' or ')} in the folder ${given}; ${hint(full)}`);
  }
  if (kind !== undefined) return given;
  const folder = path.dirname(full);
  const guess = nearest(path.basename(full), filesOf(folder));
  const next =
    guess === null ? hint(folder) : `did you mean ${JSON.stringify(shown(cwd, path.join(folder, guess)))}?`;
  throw new CommandError(`there is no ${given}; ${next}`);
}

function inFolder(cwd: string, folder: string): string | null {
  const [first, second] = NAMES.filter((name) => isFile(path.join(folder, name)));
  if (first === undefined) return null;
  const file = shown(cwd, path.join(folder, first));
  if (second === undefined) return file;
  throw new CommandError(`both ${first} and ${second} are in ${folder}: say which with -f, or remove one`);
}

/** To the top of the repository, where there is one: what lies above it is another project's. */
function* upwards(cwd: string): Generator<string> {
  let folder = path.resolve(cwd);
  while (true) {
    yield folder;
    const above = path.dirname(folder);
    if (above === folder || existsSync(path.join(folder, '.git'))) return;
    folder = above;
  }
}

/** `doctor` goes on without one, and says the same. */
export function nothingFound(cwd: string): { readonly what: string; readonly hint: string } {
  return { what: `no ${NAMES.join(' or ')} in ${cwd} or above it`, hint: hint(cwd) };
}

/** What else is there, and how it becomes an experiment. */
function hint(folder: string): string {
  const names = filesOf(folder);
  const close = names.find((name) => isCloseName(name));
  if (close !== undefined) {
    return `there is ${close}: rename it to ${DEFAULT_FILE}, or name it with -f ${close}`;
  }
  const promptfoo = names.find((name) => /^promptfooconfig\.(ya?ml|json|[cm]?[jt]s)$/i.test(name));
  if (promptfoo !== undefined) {
    return /\.[cm]?[jt]s$/i.test(promptfoo)
      ? `there is ${promptfoo}: written out as YAML, "${INIT} --from-promptfoo FILE" makes an experiment of it, and "npx expgraph import" reads its results`
      : `there is ${promptfoo}: "${INIT} --from-promptfoo ${promptfoo}" makes an experiment of it, and "npx expgraph import" reads its results`;
  }
  if (hasPytest(folder, names)) return `there are tests of pytest: "${INIT} --from-pytest" makes one of them`;
  return `"${INIT}" writes an ${DEFAULT_FILE} to start from`;
}

const MAYBE = /^(experiments?|expgraph|expgraph\.config|eval|evals)\.(ya?ml|json)$/i;

function isCloseName(name: string): boolean {
  if (MAYBE.test(name)) return true;
  return /\.ya?ml$/i.test(name) && nearest(name, NAMES) !== null;
}

function hasPytest(folder: string, names: readonly string[]): boolean {
  if (names.includes('pytest.ini') || names.includes('conftest.py')) return true;
  return [names, filesOf(path.join(folder, 'tests'))].some((files) =>
    files.some((name) => /^test_.*\.py$|_test\.py$|^conftest\.py$/.test(name)),
  );
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function shown(cwd: string, file: string): string {
  return path.relative(cwd, file) || file;
}
