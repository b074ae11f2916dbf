// Where there is a Python, with pytest or without. A suite that needs one says plainly that it was left out, and fails for
// that in CI.
import { spawnSync } from 'node:child_process';

/** Debian's first: it has the plugins beside it. null = there is none. */
export const PYTHON_WITH_PYTEST: string | null =
  ['/usr/bin/python3', 'python3'].find((python) => can(python, 'import pytest')) ?? null;

export function hasPlugin(module: string): boolean {
  return PYTHON_WITH_PYTEST !== null && can(PYTHON_WITH_PYTEST, `import ${module}`);
}

/** Whether the suite is left out; in CI that is a failure. */
export function withoutPytest(): boolean {
  return isWithout(PYTHON_WITH_PYTEST !== null, 'pytest', 'python3-pytest');
}

/** The same for programs in Python. */
export function withoutPython(): boolean {
  return isWithout(can('python3', ''), 'python3', 'python3');
}

function isWithout(isThere: boolean, what: string, packageName: string): boolean {
  if (isThere) return false;
  if (process.env.CI === 'true') throw new Error(`${what} is missing: apt-get install ${packageName}`);
  process.stderr.write(`left out, because ${what} is not here: apt-get install ${packageName}\n`);
  return true;
}

function can(python: string, code: string): boolean {
  return spawnSync(python, ['-c', code], { stdio: 'ignore' }).status === 0;
}
