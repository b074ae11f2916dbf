// The plugin's own tests, in Python: every way in which pytest and its plugins run items.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../rig/files.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';

test.skipIf(withoutPytest())(
  'the pytest plugin holds its own tests',
  async () => {
    const child = spawn(
      PYTHON_WITH_PYTEST!,
      ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'test_expgraph_pytest.py'],
      { cwd: path.join(ROOT, 'tests/python'), env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, said.slice(-3_000)]).toEqual([0, expect.stringMatching(/\d+ passed/)]);
  },
  300_000,
);
