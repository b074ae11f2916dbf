// Programs in Python that read what `export` writes, from PyPI: one environment for all suites that hold exports against them.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './files.ts';
import { pythonEnv } from './python-env.ts';

/** null = there can be none here; that was said, and with CI=true it throws. */
export async function exportReaders(): Promise<((script: string, ...args: string[]) => unknown) | null> {
  const env = await pythonEnv(['inspect_ai', 'pandas', 'pyarrow', 'duckdb', 'junitparser', 'lxml']);
  if (env === null) return null;
  return (script, ...args) => {
    const run = spawnSync(
      path.join(env, 'bin/python'),
      [path.join(ROOT, 'tests/exchange', script), ...args],
      { encoding: 'utf8', maxBuffer: 256 << 20, env: { PATH: process.env.PATH, HOME: process.env.HOME } },
    );
    if (run.status !== 0) throw new Error(run.stderr.slice(-4_000));
    // Libraries print progress before it.
    return JSON.parse(run.stdout.trim().split('\n').at(-1)!) as unknown;
  };
}
