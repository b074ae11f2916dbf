// Functions that ran for a variant whose key does not hold them are told, and count for all from then on (Python 3.12 and later).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HARNESS } from '../manifest/reach-harness.ts';
import { editFile, filesBelow } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { pythonEnv } from '../rig/python-env.ts';

const env = await pythonEnv(['pytest', 'pytest-asyncio', 'pytest-xdist', 'coverage'], 12);
const MINUTES = { timeout: 240_000 };

/** A pickle names what it needs in bytes that nobody reads as a name. */
const HIDDEN = "import pickle\n\n\ndef tool():\n    return pickle.loads(b'cbench.applike\\nremind\\n.')\n";

const TEST = (body: string, of = { head: '', def: 'def' }) => `${of.head}import pytest
from bench.hidden import tool
from bench.registry import get_variant
from bench.runner import build
from bench.scenarios import ALL


@pytest.mark.parametrize("scenario", ALL, ids=lambda one: one.id)
@pytest.mark.parametrize("variant_name", ["baseline", "applike"])
${of.def} test_it(variant_name, scenario, results):
    variant = get_variant(variant_name)
    ${body}
    print(build(variant, scenario), [one("x") for one in variant.tools])
`;

function made(test: string, of: { readonly settings?: string; readonly pytest?: string } = {}): HarnessRun {
  return harnessRun({
    manifest: `model: m\nprovider: none\nruns: 1\npytest: { path: tests, python: ${env}/bin/python, variants_from: { param: variant_name }${of.pytest ?? ''} }\nvariants: { baseline: {}, applike: {} }\n${of.settings ?? ''}`,
    scenarios: ['one', 'two', 'three'],
    files: {
      ...HARNESS,
      'pyproject.toml': HARNESS['pyproject.toml']!.replace(' -n 2', ''),
      'src/bench/hidden.py': HIDDEN,
      'tests/test_bench.py': test,
    },
  });
}

const told = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/(\w+) ran (\S+) of (\S+), which its key does not hold/g)].map((found) =>
    found.slice(1, 4).join(' '),
  );

const pending = async (run: HarnessRun): Promise<number> =>
  JSON.parse((await run.run('plan', '--json')).stdout).pending;

const ONLY_BASELINE = 'if variant_name == "baseline":\n        tool()("x")';

describe.skipIf(env === null)('a function that ran and that no name leads to', () => {
  it(
    'is told once for its variant, counts for all from then on, and is drawn under a key that holds it',
    MINUTES,
    async () => {
      const run = made(TEST(ONLY_BASELINE));
      const first = await run.run('run');
      expect([first.code, told(first.stderr)]).toEqual([0, ['baseline remind src/bench/applike.py']]);
      // The other variant's key holds it already.
      expect(await pending(run)).toBe(3);
      const second = await run.run('run');
      expect([second.code, told(second.stderr)]).toEqual([0, []]);
      expect(await pending(run)).toBe(0);
      editFile(path.join(run.folder, 'src/bench/applike.py'), (text) =>
        text.replace('Reminds the user.', 'It rings.'),
      );
      expect(await pending(run)).toBe(6);
    },
  );

  it('fails the record where inputs are strict', MINUTES, async () => {
    const run = made(TEST(ONLY_BASELINE), { settings: 'strict_inputs: true' });
    expect((await run.run('run')).code).toBe(1);
    const { attempts } = run.records('baseline').one;
    expect(attempts.at(-1).error).toMatchObject({
      kind: 'undeclared-input',
      message: expect.stringContaining('baseline ran remind of src/bench/applike.py'),
    });
    expect(run.records('applike').one.status).toBe('completed');
    expect((await run.run('run')).code).toBe(0);
    expect(run.records('baseline').one.status).toBe('completed');
  });

  it.each([
    ['with xdist', ONLY_BASELINE, { head: '', def: 'def' }, ', args: [-n, "2"]'],
    [
      'in an async test',
      `${ONLY_BASELINE}\n    await asyncio.sleep(0)`,
      { head: 'import asyncio\n', def: '@pytest.mark.asyncio\nasync def' },
      '',
    ],
    [
      'in a thread',
      'if variant_name == "baseline":\n        one = threading.Thread(target=lambda: tool()("x"))\n        one.start()\n        one.join()',
      { head: 'import threading\n', def: 'def' },
      '',
    ],
  ])('is seen %s', MINUTES, async (_, body, of, pytest) => {
    const run = made(TEST(body, of), { pytest });
    const { code, stderr } = await run.run('run');
    expect([code, told(stderr)]).toEqual([0, ['baseline remind src/bench/applike.py']]);
  });

  it(
    'is not looked for where a debugger or coverage has taken the places, which stay theirs',
    MINUTES,
    async () => {
      const taken = 'import sys\nfor one in (3, 4):\n    sys.monitoring.use_tool_id(one, "theirs")\n\n\n';
      const run = made(
        `${TEST(ONLY_BASELINE, { head: taken, def: 'def' })}    assert sys.monitoring.get_tool(3) == sys.monitoring.get_tool(4) == "theirs"\n`,
      );
      const { code, stderr } = await run.run('run');
      expect([code, told(stderr)]).toEqual([0, []]);
      expect(run.records('baseline').one.output.properties.pytest.outcome).toBe('passed');
    },
  );

  it('is never one that names lead to', MINUTES, async () => {
    const run = made(TEST('results.append(variant_name)'));
    const { code, stderr } = await run.run('run');
    expect([code, told(stderr)]).toEqual([0, []]);
    expect(filesBelow(run.folder).filter((name) => name.endsWith('ran.json'))).toEqual([]);
    expect(readFileSync(path.join(run.folder, 'tests/test_bench.py'), 'utf8')).toContain('get_variant');
  });
});
