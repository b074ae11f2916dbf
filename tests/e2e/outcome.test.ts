// What the tests of a harness say of the answers is a verdict: it is in the table, in JUnit, in compare.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFile, filesBelow } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';

const python = PYTHON_WITH_PYTEST ?? 'python3';
const manifest = (rest = ''): string =>
  `runs: 2\npytest: { path: tests, python: ${python} }\n${rest}variants: { baseline: {}, applike: {} }`;

// biome-ignore lint/suspicious/noExplicitAny: what is printed is looked at piece by piece
type Any = any;

const tests = (body: string): Record<string, string> => ({
  'tests/test_it.py': `import pytest

@pytest.mark.parametrize("case", ["one", "two"])
@pytest.mark.parametrize("variant", ["baseline", "applike"])
def test_it(variant, case, expgraph):
    expgraph.record("the same answer")
${body.replace(/^/gm, '    ')}
`,
});
const FAILING = tests('assert False, f"the wrong tool for {case}"');

describe.skipIf(withoutPytest())('the outcome of tests', () => {
  it('is a scorer where nothing is declared: all assertions fail, and everybody says so', async () => {
    const made = harnessRun({ manifest: manifest(), scenarios: ['one', 'two'], files: FAILING });
    const run = await made.run('run', '--json');
    const { scores } = JSON.parse(run.stdout);
    expect(scores.rows).toMatchObject([
      { scorer: 'outcome', variant: 'baseline', cells: 4, passed: 0, mean: 0, missing: 0 },
      { scorer: 'outcome', variant: 'applike', cells: 4, passed: 0, mean: 0, missing: 0 },
    ]);
    expect(scores.cost_usd).toBe(0);
    const junit = (await made.run('export', '--format', 'junit')).stdout;
    expect(junit.match(/<failure /g)).toHaveLength(8);
    expect(junit).toContain('the wrong tool for one');
    const compared = await made.run('compare', '--metric', 'pass', '--json');
    expect(JSON.parse(compared.stdout).arms.map((arm: Any) => arm.mean)).toEqual([0, 0]);
    const shown = await made.run('show', 'baseline/one/1');
    expect(shown.stdout).toContain('the wrong tool for one');
  });

  it('is of each run by itself, though answers be equal', async () => {
    const made = harnessRun({
      manifest: manifest(),
      scenarios: ['one', 'two'],
      files: tests('assert expgraph.run == 1, "only the first is right"'),
    });
    const { scores } = JSON.parse((await made.run('run', '--json')).stdout);
    expect(scores.rows.map(({ cells, passed }: Any) => [cells, passed])).toEqual([
      [4, 2],
      [4, 2],
    ]);
  });

  it('is judged of what was kept before there was a scorer for it, without Python, and after reindex', async () => {
    const made = harnessRun({
      manifest: manifest('scorers: [outcome: false]\n'),
      scenarios: ['one', 'two'],
      files: tests(`expgraph.record("x" * 100_000)\nassert case == "one", "too long"`),
    });
    const drawn = JSON.parse((await made.run('run', '--json')).stdout);
    expect(drawn).toMatchObject({ executed: 8, failed: 0 });
    expect(drawn.scores).toBeUndefined();
    editFile(path.join(made.folder, 'experiment.yaml'), (text) =>
      text.replace('scorers: [outcome: false]\n', ''),
    );
    const root = path.join(made.folder, 'artifacts');
    const index = filesBelow(root).find((file) => path.basename(file) === 'index.db')!;
    rmSync(path.join(root, index));
    const scored = await made.run('score', '--json');
    expect(JSON.parse(scored.stdout).scores?.rows ?? JSON.parse(scored.stdout).rows).toMatchObject([
      { scorer: 'outcome', cells: 4, passed: 2 },
      { scorer: 'outcome', cells: 4, passed: 2 },
    ]);
    expect((await made.run('run', '--json')).code).toBe(0);
    expect((await made.run('fsck')).code).toBe(0);
  });

  it('fails what fails as expected, leaves what is skipped without pass or fail, and can be told otherwise', async () => {
    const body =
      'if case == "two":\n    pytest.skip("not here")\nif variant == "applike":\n    pytest.xfail("known")';
    const made = harnessRun({ manifest: manifest(), scenarios: ['one', 'two'], files: tests(body) });
    const { scores } = JSON.parse((await made.run('run', '--json')).stdout);
    expect(scores.rows.map(({ cells, passed }: Any) => [cells, passed])).toEqual([
      [4, 2],
      [4, 0],
    ]);
    const shown = await made.run('show', 'applike/one/1');
    expect(shown.stdout).toContain('xfailed');
    editFile(path.join(made.folder, 'experiment.yaml'), (text) =>
      text.replace(
        'variants:',
        'scorers: [{ outcome: { passes: [passed, skipped], fails: [failed] } }]\nvariants:',
      ),
    );
    const again = JSON.parse((await made.run('run', '--json')).stdout);
    expect(again.executed).toBe(0);
    expect(again.scores.rows.map(({ cells, passed }: Any) => [cells, passed])).toEqual([
      [4, 4],
      [4, 2],
    ]);
  });

  it('weighs a test that is marked to fail alike in the arm that passes it and the arm that does not', async () => {
    const body = `assert variant == "applike", "not here"`;
    const marked = tests(body)['tests/test_it.py']!.replace(/^def /m, '@pytest.mark.xfail\ndef ');
    const made = harnessRun({
      manifest: manifest(),
      scenarios: ['one', 'two'],
      files: { 'tests/test_it.py': marked },
    });
    await made.run('run', '-q');
    const compared = JSON.parse((await made.run('compare', '--metric', 'pass', '--json')).stdout);
    expect(compared.arms.map(({ mean, cells }: Any) => [mean, cells])).toEqual([
      [0, 4],
      [1, 4],
    ]);
  });

  it('fails answers beside scorers that are named, and leaves the means of these alone', async () => {
    const made = harnessRun({
      manifest: manifest('scorers: [{ contains: same }]\n'),
      scenarios: ['one', 'two'],
      files: FAILING,
    });
    const { scores } = JSON.parse((await made.run('run', '--json')).stdout);
    expect(scores.rows.map(({ scorer, variant, mean }: Any) => [scorer, variant, mean])).toEqual([
      ['outcome', 'baseline', 0],
      ['outcome', 'applike', 0],
      ['contains', 'baseline', 1],
      ['contains', 'applike', 1],
    ]);
    const compared = async (...args: string[]): Promise<Any> =>
      JSON.parse((await made.run('compare', '--json', ...args)).stdout);
    expect(await compared()).toMatchObject({ scorers: ['contains'], arms: [{ mean: 1 }, { mean: 1 }] });
    expect(await compared('--metric', 'pass')).toMatchObject({
      scorers: ['outcome', 'contains'],
      arms: [{ mean: 0 }, { mean: 0 }],
    });
    expect(await compared('--scorer', 'outcome')).toMatchObject({
      scorers: ['outcome'],
      arms: [{ mean: 0 }, { mean: 0 }],
    });
  });

  it('is no verdict where the fixture broke: that task has failed, and compare asks for it', async () => {
    const made = harnessRun({
      manifest: manifest(),
      scenarios: ['one', 'two'],
      files: tests('if case == "two":\n    raise RuntimeError("no server")'),
    });
    const run = await made.run('run', '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ failed: 4, scores: { failed: 0, missing: 0 } });
    const compared = await made.run('compare');
    expect(compared.code).toBe(1);
    expect(compared.stderr).toContain('failed');
  });
});
