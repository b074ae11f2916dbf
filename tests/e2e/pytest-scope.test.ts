// What of a harness is in scope: how often each cell is asked, what -k and test ids leave, tests that come and go.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFile } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { hasPlugin, PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';

const python = PYTHON_WITH_PYTEST ?? 'python3';
const CASES = Array.from({ length: 20 }, (_, n) => `case${n}`);

/** Its own results, a file a run: what pytest-repeat says decides which. */
const STEPS = `import json, pathlib
import pytest

@pytest.fixture
def rep(request):
    return request.node.callspec.params.get("__pytest_repeat_step_number", 0) + 1

@pytest.mark.parametrize("case", [f"case{n}" for n in range(20)])
@pytest.mark.parametrize("variant", ["baseline", "applike"])
def test_it(variant, case, rep, pytestconfig):
    folder = pathlib.Path("results")
    folder.mkdir(exist_ok=True)
    with open(folder / f"{variant}_run{rep}.jsonl", "a") as out:
        out.write(json.dumps({"case": case, "response_text": f"{variant} {case} {rep}", "count": pytestconfig.getoption("count")}) + "\\n")
    print(variant, case, rep)
`;

function made(
  pytest: string,
  of: {
    readonly runs?: string;
    readonly test?: string;
    readonly more?: Record<string, string>;
    readonly variants?: string;
  } = {},
) {
  return harnessRun({
    manifest: `${of.runs ?? 'runs: 3'}\npytest: { path: tests, python: ${python}${pytest} }\nvariants: ${of.variants ?? '{ baseline: {}, applike: {} }'}`,
    scenarios: CASES,
    files: {
      'tests/test_it.py': of.test ?? STEPS,
      'tests/pytest.ini': '[pytest]\nmarkers = repeat\n',
      ...of.more,
    },
  });
}

async function drawn(one: HarnessRun): Promise<{ code: number | null; executed: number; failed: number }> {
  const { code, stdout, stderr } = await one.run('run', '--json');
  if (stdout === '') throw new Error(stderr);
  const { executed, failed } = JSON.parse(stdout);
  return { code, executed, failed };
}

const manifestOf = ({ folder }: HarnessRun): string => path.join(folder, 'experiment.yaml');

/** Its own files: how many lines each has, and what --count said when the last of them was written. */
function own({ folder }: HarnessRun, runs: number): readonly (readonly [number, number])[] {
  return ['baseline', 'applike'].flatMap((variant) =>
    Array.from({ length: runs }, (_, n) => {
      const text = readFileSync(path.join(folder, `results/${variant}_run${n + 1}.jsonl`), 'utf8');
      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(new Set(lines.map((line) => line.case)).size).toBe(lines.length);
      return [lines.length, lines.at(-1).count] as const;
    }),
  );
}

describe.skipIf(withoutPytest() || !hasPlugin('pytest_repeat'))('three runs become five', () => {
  type Way = { readonly one: () => HarnessRun; readonly edit: (one: HarnessRun) => void };
  const inManifest = (from: string, to: string) => (one: HarnessRun) =>
    editFile(manifestOf(one), (text) => text.replaceAll(from, to));
  const WAYS: Readonly<Record<string, Way>> = {
    'in the manifest': { one: () => made(''), edit: inManifest('runs: 3', 'runs: 5') },
    'in each variant': {
      one: () => made('', { runs: '', variants: '{ baseline: { runs: 3 }, applike: { runs: 3 } }' }),
      edit: inManifest('runs: 3', 'runs: 5'),
    },
    'in the manifest, with --count 5 in args from the start': {
      one: () => made(", args: ['--count', '5']"),
      edit: inManifest('runs: 3', 'runs: 5'),
    },
    'in the manifest, with a mark of the harness that says 3': {
      one: () =>
        made('', {
          test: STEPS.replace(
            '@pytest.mark.parametrize("case"',
            '@pytest.mark.repeat(3)\n@pytest.mark.parametrize("case"',
          ),
        }),
      edit: inManifest('runs: 3', 'runs: 5'),
    },
    'in args, where the manifest says nothing': {
      one: () => made(", args: ['--count', '3']", { runs: '' }),
      edit: inManifest("'3'", "'5'"),
    },
    'in addopts, where the manifest says nothing': {
      one: () =>
        made('', {
          runs: '',
          more: { 'tests/pytest.ini': '[pytest]\nmarkers = repeat\naddopts = --count 3\n' },
        }),
      edit: ({ folder }) =>
        editFile(path.join(folder, 'tests/pytest.ini'), (text) => text.replace('--count 3', '--count 5')),
    },
  };
  for (const [name, { one: make, edit }] of Object.entries(WAYS)) {
    it(`${name}: exactly the 80 that are missing are drawn, each into its own file`, async () => {
      const one = make();
      expect(await drawn(one)).toEqual({ code: 0, executed: 120, failed: 0 });
      expect(own(one, 3)).toEqual(Array.from({ length: 6 }, () => [20, 3]));
      edit(one);
      const then = await drawn(one);
      expect(then).toEqual({ code: 0, executed: 80, failed: 0 });
      expect(own(one, 5).map(([lines]) => lines)).toEqual(Array.from({ length: 10 }, () => 20));
      expect(own(one, 5).map(([, count]) => count)).toEqual([3, 3, 3, 5, 5, 3, 3, 3, 5, 5]);
      expect(one.records('applike', 5).case7.output.text).toBe('applike case7 5');
    });
  }
});

describe.skipIf(withoutPytest())('a harness', () => {
  it('that counts its runs by a parameter of its own is asked for the runs that are missing', async () => {
    const test = `import pytest
@pytest.mark.parametrize("rep", range(3))
@pytest.mark.parametrize("case", [f"case{n}" for n in range(20)])
@pytest.mark.parametrize("variant", ["baseline", "applike"])
def test_it(variant, case, rep):
    print(variant, case, rep)
`;
    const one = made(', runs_from: { param: rep }', { test });
    expect(await drawn(one)).toEqual({ code: 0, executed: 120, failed: 0 });
    editFile(manifestOf(one), (text) => text.replace('runs: 3', 'runs: 5'));
    expect(await drawn(one)).toEqual({ code: 0, executed: 80, failed: 0 });
    expect(one.records('baseline', 1).case3.output.text).toBe('baseline case3 0');
    expect(one.records('baseline', 5).case3.output.text).toBe('baseline case3 4');
  });

  it('that is narrowed by -k, by a mark or by test ids has only what is left in scope', async () => {
    for (const narrow of [
      (text: string) => text.replace('path: tests', 'args: [-k, "case1 and baseline"], path: tests'),
      (text: string) =>
        text.replace(
          'path: tests',
          `path: [${[1, ...Array.from({ length: 10 }, (_, n) => n + 10)].map((n) => `"tests/test_it.py::test_it[baseline-case${n}]"`).join(', ')}]`,
        ),
    ]) {
      const one = made('', { test: STEPS.replace('pytestconfig.getoption("count")', '0'), runs: '' });
      editFile(manifestOf(one), narrow);
      expect(await drawn(one)).toEqual({ code: 0, executed: 11, failed: 0 });
      const status = await one.run('status', '--json');
      expect([status.code, JSON.parse(status.stdout)]).toMatchObject([0, {}]);
      expect(Object.keys(one.records('applike'))).toEqual([]);
    }
  });

  it('that has new tests, or lost some, is told before anything runs', async () => {
    const one = made('', { test: STEPS.replace('pytestconfig.getoption("count")', '0'), runs: '' });
    expect((await one.run('plan')).stderr).not.toMatch(/manifest/);
    editFile(path.join(one.folder, 'tests/test_it.py'), (text) =>
      text
        .replace('for n in range(20)]', 'for n in range(1, 21)]')
        .replace('"applike"]', '"applike", "third"]'),
    );
    for (const command of ['plan', 'run']) {
      const { stderr } = await one.run(command);
      expect(stderr).toMatch(/22 tests are not in the manifest: \S+, \S+, \S+, and 19 more/);
      expect(stderr).toContain('npx expgraph init --from-pytest --refresh adds them');
      expect(stderr).toContain('pytest has no test of 2 cells of the manifest');
      expect(stderr).toContain('baseline · case0, applike · case0');
    }
    expect(one.records('baseline').case0.attempts[0].error.message).toMatch(/collected no test of variant/);
    expect(one.records('baseline').case1.status).toBe('completed');
  });
});
