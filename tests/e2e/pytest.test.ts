// A pytest harness as it is: its items are the cells, each is kept the moment it ends.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isGone, until } from '../rig/appears.ts';
import { editFile, filesBelow, jsonLines, ROOT, writeFiles } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';
import { hasPlugin, PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const python = PYTHON_WITH_PYTEST ?? 'python3';
const manifest = (more: string, rest = ''): string =>
  `runs: 3\ntemperature: 0.2\npytest: { path: tests, python: ${python}${more} }\n${rest}variants: { baseline: {}, applike: {} }`;

const HARNESS = `import os
import pytest

CASES = [{"id": f"case{n}", "input": f"do {n}"} for n in range(3)]

@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
@pytest.mark.parametrize("variant", ["baseline", "applike"])
def test_route(variant, case, expgraph, record_property):
    print("printed", variant)
    record_property("size", len(case["input"]))
    with open("started.log", "a") as log:
        log.write(f"{os.getpid()} {variant} {case['id']} {expgraph.run}\\n")
    expgraph.record(text=f"{variant} {case['input']} run {expgraph.run}", tool_calls=[{"name": "t", "arguments": {"x": 1}}],
                    usage={"input_tokens": 5, "output_tokens": 2}, temperature=expgraph.temperature)
    assert not (variant == "applike" and case["id"] == "case2"), "the wrong tool was called"
`;
const cases = ['case0', 'case1', 'case2'];
const started = (folder: string): readonly string[] => {
  const log = path.join(folder, 'started.log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
};

/** The same, whose n-th test and those after it wait until there is a file `go`. */
const heldFrom = (nth: number): string =>
  HARNESS.replace(
    '    expgraph.record(',
    `    import time
    with open("started.log") as log:
        held = len(log.readlines()) >= ${nth}
    while held and not os.path.exists("go"):
        time.sleep(0.02)
    expgraph.record(`,
  );

describe.skipIf(withoutPytest())('a pytest harness', () => {
  it('gives a record for each cell, in one start, and none again', async () => {
    const made = harnessRun({
      manifest: manifest(''),
      scenarios: cases,
      files: { 'tests/test_it.py': HARNESS },
    });
    const first = await made.run('run', '--json');
    expect([first.code, JSON.parse(first.stdout)]).toMatchObject([0, { executed: 18, failed: 0 }]);
    expect(new Set(started(made.folder).map((line) => line.split(' ')[0])).size).toBe(1);
    const record = made.records('applike', 2).case2;
    expect(record).toMatchObject({
      status: 'completed',
      output: {
        text: 'applike do 2 run 2',
        tool_calls: [{ name: 't', arguments: { x: 1 } }],
        properties: {
          size: 4,
          temperature: 0.2,
          pytest: { outcome: 'failed', message: expect.stringContaining('the wrong tool was called') },
        },
      },
      usage: { total_tokens: 7 },
    });
    expect(record.attempts[0].log).toContain('AssertionError');
    expect(made.records('baseline', 3).case0.output.properties.pytest).toEqual({
      nodeid: expect.stringContaining('test_it.py::test_route['),
      outcome: 'passed',
    });
    const second = await made.run('run', '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ executed: 0, cached: 18 });
    // One cell, drawn again.
    const again = await made.run(
      'run',
      '--force',
      '--variant',
      'baseline',
      '--scenario',
      'case1',
      '--runs',
      '2',
      '--json',
    );
    expect(JSON.parse(again.stdout)).toMatchObject({ executed: 1 });
    expect(started(made.folder)).toHaveLength(19);
  });

  it('counts in the key with what it imports of the project', async () => {
    const made = harnessRun({
      manifest: manifest(''),
      scenarios: cases,
      files: {
        'tests/test_it.py': `import sys\nfrom lib.words import (\n  first,\n  second,\n)\n${HARNESS}`,
        'tests/conftest.py': '',
        'lib/__init__.py': '',
        'lib/words.py': 'from . import deep\nfirst = second = deep.WORD\n',
        'lib/deep.py': 'WORD = 1\n',
        'lib/other.py': '',
      },
    });
    expect((await made.run('run')).code).toBe(0);
    const pending = async (): Promise<number> =>
      JSON.parse((await made.run('plan', '--json')).stdout).pending;
    editFile(path.join(made.folder, 'lib/other.py'), (text) => `${text}print("more")\n`);
    editFile(path.join(made.folder, 'lib/deep.py'), (text) => `${text}# more\n`);
    expect(await pending()).toBe(0);
    for (const file of ['lib/deep.py', 'lib/__init__.py', 'tests/conftest.py']) {
      const before = readFileSync(path.join(made.folder, file), 'utf8');
      writeFileSync(path.join(made.folder, file), `${before}print("more")\n`);
      expect([file, await pending()]).toEqual([file, 18]);
      writeFileSync(path.join(made.folder, file), before);
      expect(await pending()).toBe(0);
    }
  });

  it('keeps what ended when pytest is killed, and goes on with the rest', async () => {
    const made = harnessRun({
      manifest: manifest('', 'execution: { retries: 0 }\n'),
      scenarios: cases,
      files: {
        'tests/test_it.py': HARNESS.replace(
          '    print(',
          '    if len(open("started.log", "a+").readlines()) >= 0 and os.path.exists("kill") and sum(1 for _ in open("started.log")) == 7:\n        os.remove("kill"); os.kill(os.getpid(), 9)\n    print(',
        ),
      },
    });
    writeFileSync(path.join(made.folder, 'kill'), '');
    const first = await made.run('run', '--json');
    expect([first.code, JSON.parse(first.stdout)]).toMatchObject([1, { executed: 18, failed: 1 }]);
    expect(new Set(started(made.folder).map((line) => line.split(' ')[0])).size).toBe(2);
    const second = await made.run('run', '--json');
    expect([second.code, JSON.parse(second.stdout)]).toMatchObject([0, { executed: 1, cached: 17 }]);
    const cells = started(made.folder).map((line) => line.split(' ').slice(1).join(' '));
    expect([cells.length, new Set(cells).size]).toEqual([18, 18]);
  });

  it('whose program is killed with -9 in the middle runs no finished item again', async () => {
    const made = harnessRun({
      manifest: manifest(''),
      scenarios: cases,
      files: {
        'tests/test_it.py': heldFrom(6),
      },
    });
    const { child, ended } = startCli(['run'], { cwd: made.folder });
    await until(() => recorded(made.folder) >= 5 && started(made.folder).length === 6);
    child.kill('SIGKILL');
    await ended;
    const pytest = Number(started(made.folder)[0]!.split(' ')[0]);
    writeFileSync(path.join(made.folder, 'go'), '');
    await until(() => isGone(pytest), 'the end of pytest');
    const before = started(made.folder).length;
    const kept = recorded(made.folder);
    const second = await made.run('run', '--json');
    expect([second.code, JSON.parse(second.stdout)]).toMatchObject([
      0,
      { executed: 18 - kept, cached: kept },
    ]);
    expect(before).toBeLessThan(18);
    // The one that it was at had ended by itself: it is read, not run again.
    expect(started(made.folder)).toHaveLength(18);
    expect(kept).toBeLessThan(18);
  });

  it('stops after what is under way at the first Ctrl-C', async () => {
    const made = harnessRun({
      manifest: manifest(''),
      scenarios: cases,
      files: {
        'tests/test_it.py': heldFrom(3),
      },
    });
    const { child, ended } = startCli(['run', '--json'], { cwd: made.folder });
    await until(() => started(made.folder).length === 3);
    let said = '';
    child.stderr!.on('data', (text: string) => {
      said += text;
    });
    child.kill('SIGINT');
    await until(() => said.includes('Stopping'));
    writeFileSync(path.join(made.folder, 'go'), '');
    const { code, stdout } = await ended;
    // The one that was under way is done.
    expect([code, JSON.parse(stdout)]).toMatchObject([130, { executed: 3, failed: 0 }]);
    expect(started(made.folder)).toHaveLength(3);
  });

  it('tells results from trouble: assertions, skips and expected failures are results, exceptions are not', async () => {
    const made = harnessRun({
      manifest: `execution: { retries: 1 }\npytest: { path: tests/test_it.py, python: ${python} }\nvariants: { a: {} }`,
      scenarios: ['passes', 'asserts', 'fails', 'skips', 'xfails', 'raises', 'limited', 'setup', 'nobody'],
      files: {
        'tests/test_it.py': `import pytest
class RateLimitError(Exception):
    pass
@pytest.fixture
def broken(request):
    if request.node.callspec.params["scenario"] == "setup":
        raise ValueError("no database")
@pytest.mark.parametrize("scenario", ["passes", "asserts", "fails", "skips", "raises", "limited", "setup", pytest.param("xfails", marks=pytest.mark.xfail(reason="known"))])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, scenario, broken):
    print("out of", scenario)
    if scenario in ("asserts", "xfails"):
        assert 1 == 2
    if scenario == "fails":
        pytest.fail("said so")
    if scenario == "skips":
        pytest.skip("not today")
    if scenario == "raises":
        {}["x"]
    if scenario == "limited":
        raise RateLimitError("429")
`,
      },
    });
    const { code } = await made.run('run');
    expect(code).toBe(1);
    const records = made.records('a');
    const outcomes = Object.fromEntries(
      Object.entries(records).map(([name, { status, output, attempts }]) => [
        name,
        status === 'completed'
          ? [output.properties.pytest.outcome, output.text]
          : [attempts[0].error.kind, attempts.length],
      ]),
    );
    expect(outcomes).toEqual({
      passes: ['passed', 'out of passes'],
      asserts: ['failed', 'out of asserts'],
      fails: ['failed', 'out of fails'],
      skips: ['skipped', 'out of skips'],
      xfails: ['xfailed', 'out of xfails'],
      raises: ['code-failed', 1],
      limited: ['code-temporary', 2],
      setup: ['code-failed', 1],
      nobody: ['code-failed', 1],
    });
    expect(records.nobody.attempts[0].error.message).toMatch(
      /collected no test of variant "a" \(param variant\) and scenario "nobody"/,
    );
    expect(records.setup.attempts[0].error.message).toMatch(/ValueError: no database \(in setup\)/);
  });

  it('tries again what its client was told to try again, and leaves an arm whose key is refused', async () => {
    const made = harnessRun({
      manifest: `execution: { retries: 1 }\npytest: { path: tests, python: ${python} }\nvariants: { baseline: {}, keyless: {} }`,
      scenarios: cases,
      files: {
        'tests/test_it.py': `import os
import pytest

class Response:
    def __init__(self, status): self.status_code, self.headers = status, {"retry-after-ms": "5"}

class StatusError(Exception):
    def __init__(self, status): self.response = Response(status)

@pytest.mark.parametrize("scenario", ["case0", "case1", "case2"])
@pytest.mark.parametrize("variant", ["baseline", "keyless"])
def test_it(variant, scenario, expgraph):
    if variant == "keyless":
        raise StatusError(401)
    if expgraph.attempt == 1:
        raise RuntimeError("the agent failed") from StatusError(429)
    print("out")
`,
      },
    });
    const { code, stderr } = await made.run('run');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/keyless: its code was refused what it asks: nothing of it is started any more/),
    ]);
    const records = Object.values(made.records('baseline'));
    expect(records.map(({ status, attempts }) => [status, attempts.length, attempts[0].error.kind])).toEqual(
      cases.map(() => ['completed', 2, 'rate-limited']),
    );
  });

  it('may keep its variants in a marker or in the environment, and select with -k', async () => {
    const marker = harnessRun({
      manifest: `pytest: { path: tests, python: ${python}, variants_from: { marker: arm }, args: [-k, "not slow"] }\nvariants: { one: {}, two: { pytest_variant: second } }`,
      scenarios: ['x'],
      files: {
        'tests/pytest.ini': '[pytest]\nmarkers = arm\n',
        'tests/test_it.py':
          'import pytest\n@pytest.mark.arm("one")\n@pytest.mark.parametrize("s", ["x"])\ndef test_a(s): print("first")\n',
        'tests/test_other.py':
          'import pytest\n@pytest.mark.arm("second")\n@pytest.mark.parametrize("s", ["x"])\ndef test_a(s): print("second")\n',
      },
    });
    // Two functions: their names tell the scenarios apart.
    editFile(path.join(marker.folder, 'scenarios.yaml'), () => '- { id: "test_a:x", input: "" }\n');
    expect((await marker.run('run')).code).toBe(0);
    expect([
      marker.records('one')['test_a:x'].output.text,
      marker.records('two')['test_a:x'].output.text,
    ]).toEqual(['first', 'second']);
    const env = harnessRun({
      manifest: `pytest: { path: test_it.py, python: ${python}, variants_from: { env: ARM } }\nvariants: { one: {}, two: {} }`,
      scenarios: ['test_it'],
      files: { 'test_it.py': 'import os\ndef test_it(): print(os.environ["ARM"])\n' },
    });
    expect((await env.run('run')).code).toBe(0);
    expect([env.records('one').test_it.output.text, env.records('two').test_it.output.text]).toEqual([
      'one',
      'two',
    ]);
  });

  it('that Python cannot read is told with its place before anything runs', async () => {
    const made = harnessRun({
      manifest: manifest('').replace('runs: 3', 'runs: 1'),
      scenarios: ['case0'],
      files: { 'tests/test_it.py': 'x = 1\ndef test_x(:\n' },
    });
    const { code, stderr } = await made.run('run');
    expect(code).toBe(2);
    expect(stderr).toMatch(/tests\/test_it\.py:2:\d+/);
  });

  it('that never ends is ended at the deadline, and its neighbours are not lost', async () => {
    const made = harnessRun({
      manifest: `runs: 1\nexecution: { timeout: 1500ms, retries: 0 }\npytest: { path: tests, python: ${python} }\nvariants: { baseline: {}, applike: {} }`,
      scenarios: cases,
      files: {
        'tests/test_it.py': HARNESS.replace(
          '    print(',
          '    import time\n    if variant == "baseline" and case["id"] == "case1": time.sleep(60)\n    print(',
        ),
      },
    });
    const { code, stdout } = await made.run('run', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { executed: 6, failed: 1 }]);
    expect(made.records('baseline').case1.attempts[0].error.kind).toBe('code-timeout');
  });

  it('that writes its own lines is read by them', async () => {
    const writes = `import json, pytest
@pytest.mark.parametrize("case", ["case0", "case1", "case2"])
@pytest.mark.parametrize("variant", ["baseline", "applike"])
def test_route(variant, case):
    with open(f"results/{variant}.jsonl", "a") as out:
        out.write(json.dumps({"variant": variant, "case_name": case, "answer": f"{variant} says {case}", "tools": []}) + "\\n")
`;
    const made = harnessRun({
      manifest: manifest(
        ', collect: { files: "results/*.jsonl", fields: { scenario: case_name, text: answer } }',
      ),
      scenarios: cases,
      files: {
        'tests/test_it.py': writes,
        'results/baseline.jsonl': '{"variant":"baseline","case_name":"case0","answer":"of another time"}\n',
      },
    });
    expect((await made.run('run')).code).toBe(0);
    for (const run of [1, 2, 3]) {
      for (const [id, { output }] of Object.entries(made.records('baseline', run))) {
        expect(output.text).toBe(`baseline says ${id}`);
        expect(output.properties.line).toMatchObject({ case_name: id });
      }
    }
  });

  it('may be unittest, where each cell is wanted once', async () => {
    const made = harnessRun({
      manifest: `pytest: { path: test_it.py, python: ${python}, variants_from: { env: VARIANT }, empty: allowed }\nvariants: { one: {} }`,
      scenarios: ['test_a', 'test_b'],
      files: {
        'test_it.py':
          'import unittest\nclass T(unittest.TestCase):\n    def test_a(self): print("a")\n    def test_b(self): self.assertEqual(1, 2)\n',
      },
    });
    expect((await made.run('run')).code).toBe(0);
    expect(made.records('one').test_b.output.properties.pytest.outcome).toBe('failed');
  });

  it('runs under plain pytest as it does here, with the fixture and without a job', () => {
    const folder = tempFolder();
    writeFiles(folder, { 'tests/test_it.py': HARNESS });
    const plain = spawnSync(python, ['-m', 'pytest', '-q', '-p', 'expgraph_pytest', 'tests'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: path.join(ROOT, 'python') },
    });
    expect(plain.stdout).toMatch(/1 failed, 5 passed/);
    expect(started(folder).at(-1)).toMatch(/applike case2 1$/);
  });

  describe('with plugins', () => {
    it.skipIf(!hasPlugin('xdist'))('runs with xdist', async () => {
      const made = harnessRun({
        manifest: manifest(", args: ['-n', '2']"),
        scenarios: [...cases, 'absent'],
        files: { 'tests/test_it.py': HARNESS },
      });
      const { stdout } = await made.run('run', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ executed: 24, failed: 6 });
      expect(new Set(started(made.folder).map((line) => line.split(' ')[0])).size).toBe(2);
      expect(made.records('baseline', 2).case1.output.text).toBe('baseline do 1 run 2');
    });

    it.skipIf(!hasPlugin('xdist'))('stops with xdist too at the first Ctrl-C', async () => {
      const made = harnessRun({
        manifest: manifest(", args: ['-n', '2']"),
        scenarios: cases,
        files: {
          'tests/test_it.py': heldFrom(4),
        },
      });
      const { child, ended } = startCli(['run', '--json'], { cwd: made.folder });
      await until(() => recorded(made.folder) >= 2);
      let said = '';
      child.stderr!.on('data', (text: string) => {
        said += text;
      });
      child.kill('SIGINT');
      await until(() => said.includes('Stopping'));
      writeFileSync(path.join(made.folder, 'go'), '');
      const { code, stdout } = await ended;
      const { executed, failed } = JSON.parse(stdout);
      expect([code, failed]).toEqual([130, 0]);
      expect(executed).toBeLessThan(14);
    });

    it.skipIf(!hasPlugin('pytest_rerunfailures'))('counts re-runs of pytest-rerunfailures', async () => {
      const made = harnessRun({
        manifest: `pytest: { path: tests, python: ${python}, args: [--reruns, '2'] }\nvariants: { a: {} }`,
        scenarios: ['test_it'],
        files: {
          'tests/test_it.py':
            'import pytest\nN = [0]\n@pytest.mark.parametrize("variant", ["a"])\ndef test_it(variant, expgraph):\n    N[0] += 1\n    expgraph.record(f"try {N[0]}")\n    assert N[0] > 1\n',
        },
      });
      expect((await made.run('run')).code).toBe(0);
      expect(made.records('a').test_it.output).toMatchObject({
        text: 'try 2',
        properties: { pytest: { outcome: 'passed', reruns: 1 } },
      });
    });

    it.skipIf(!hasPlugin('pytest_repeat'))(
      'takes the repetitions of pytest-repeat for its runs',
      async () => {
        const made = harnessRun({
          manifest: manifest(", args: [--count, '3']"),
          scenarios: cases,
          files: { 'tests/test_it.py': HARNESS },
        });
        const { stdout } = await made.run('run', '--json');
        expect(JSON.parse(stdout)).toMatchObject({ executed: 18, failed: 0 });
        expect(made.records('baseline', 3).case1.output.text).toBe('baseline do 1 run 3');
      },
    );
  });
});

/** Records in the history, whole lines only. */
function recorded(folder: string): number {
  return filesBelow(folder)
    .filter((file) => /history\/.*_run\d+\.jsonl$/.test(file))
    .flatMap((file) => jsonLines(path.join(folder, file)) as unknown as { type: string }[])
    .filter(({ type }) => type === 'scenario_result').length;
}
