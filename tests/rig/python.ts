// Where there is a Python with pytest. A suite that needs it says plainly that it was left out, and fails for that in CI.
import { spawnSync } from 'node:child_process';

/** Debian's first: it has the plugins beside it. null = there is none. */
export const PYTHON_WITH_PYTEST: string | null =
  ['/usr/bin/python3', 'python3'].find((python) => can(python, 'import pytest')) ?? null;

export function hasPlugin(module: string): boolean {
  return PYTHON_WITH_PYTEST !== null && can(PYTHON_WITH_PYTEST, `import ${module}`);
}

function can(python: string, code: string): boolean {
  return spawnSync(python, ['-c', code], { stdio: 'ignore' }).status === 0;
}

/** Whether the suite is left out; in CI that is a failure. */
export function withoutPytest(): boolean {
  if (PYTHON_WITH_PYTEST !== null) return false;
  if (process.env.CI === 'true') throw new Error('pytest is missing: apt-get install python3-pytest');
  process.stderr.write('left out, because no Python with pytest is here: apt-get install python3-pytest\n');
  return true;
}
