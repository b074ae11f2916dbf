// Python environments made by the tests themselves, from PyPI: each set of packages once for all suites and starts.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './files.ts';

/** What the harnesses under tests/harnesses import. */
export const HARNESS_PACKAGES = [
  'pytest',
  'pytest-asyncio',
  'pytest-repeat',
  'pytest-xdist',
  'langchain-anthropic',
  'openai',
  'langsmith',
] as const;

/**
 * The folder of a virtual environment that has the packages, newest versions. null = there can be none here; that was said,
 * and the suite is to be left out. With CI=true it throws.
 * @param minor a Python of at least 3.minor
 */
export async function pythonEnv(packages: readonly string[], minor?: number): Promise<string | null> {
  const needs = `import sys, venv, ensurepip; sys.exit(sys.version_info < (3, ${minor ?? 8}))`;
  const python = [...PYTHONS, ...(minor === undefined ? [] : ofPyenv())].find((one) =>
    passes(one, ['-c', needs]),
  );
  if (python === undefined) {
    const which = minor === undefined ? 'python3' : `python3.${minor}`;
    return leftOut(`${which} with venv is missing: apt-get install ${which}-venv`);
  }
  const wanted = [...packages, ...(minor === undefined ? [] : [`3.${minor}`])].join(' ');
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const folder = path.join(ROOT, 'node_modules/.cache/python', name);
  const whole = path.join(folder, 'whole');
  if (await isMade(folder, whole)) return folder;
  const made = spawnSync(python, ['-m', 'venv', folder], { encoding: 'utf8' });
  const installed = spawnSync(
    path.join(folder, 'bin/python'),
    ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', ...packages],
    { encoding: 'utf8' },
  );
  const isWhole = made.status === 0 && installed.status === 0;
  if (isWhole) writeFileSync(whole, packages.join('\n'));
  rmSync(`${folder}.lock`, { recursive: true, force: true });
  if (isWhole) return folder;
  const said = `${made.stderr}${installed.stderr ?? ''}`.trim().split('\n').at(-1);
  return leftOut(`PyPI did not give ${packages.join(', ')}: ${said}`);
}

const PYTHONS = ['python3', '/usr/bin/python3'];

/** Newer ones that are there beside the usual one. */
function ofPyenv(): readonly string[] {
  const root = process.env.PYENV_ROOT ?? path.join(process.env.HOME ?? '', '.pyenv');
  const own = globSync('versions/3.*/bin/python3', { cwd: root }).map((one) => path.join(root, one));
  return ['python3.14', 'python3.13', 'python3.12', ...own.sort()];
}

/** The same environment at another place, as projects have it beside their code. */
export function copyEnv(env: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  // Links where that can be: an environment of these packages has some 180 MB.
  if (!passes('cp', ['-al', env, to])) {
    rmSync(to, { recursive: true, force: true });
    if (!passes('cp', ['-a', env, to])) throw new Error(`could not copy ${env} to ${to}`);
  }
}

/** Whoever gets the lock makes it; the others wait for the mark of its being whole. */
async function isMade(folder: string, whole: string): Promise<boolean> {
  mkdirSync(path.dirname(folder), { recursive: true });
  for (;;) {
    if (existsSync(whole)) return true;
    try {
      mkdirSync(`${folder}.lock`);
      rmSync(folder, { recursive: true, force: true });
      return existsSync(whole);
    } catch {
      if (isOld(`${folder}.lock`)) rmSync(`${folder}.lock`, { recursive: true, force: true });
      await sleep(200);
    }
  }
}

const OLD_MS = 5 * 60_000;

function isOld(lock: string): boolean {
  try {
    return Date.now() - statSync(lock).mtimeMs > OLD_MS;
  } catch {
    return false;
  }
}

function leftOut(why: string): null {
  if (process.env.CI === 'true') throw new Error(why);
  process.stderr.write(`left out: ${why}\n`);
  return null;
}

function passes(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
