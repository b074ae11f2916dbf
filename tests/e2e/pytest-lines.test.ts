// Answers that a harness writes into files of its own, with not one line of ours in it: found, kept, and read again.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFile } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';

const python = PYTHON_WITH_PYTEST ?? 'python3';
const manifest = (more: string): string =>
  `pytest: { path: tests, python: ${python}${more} }\nvariants: { baseline: {}, applike: {} }`;
const scenarios = ['case0', 'case1'];

/** @param write what the test does with `row`, its answer */
const harness = (write: string, rest = ''): { readonly [file: string]: string } => ({
  'tests/test_it.py': `import json, os, pytest
from pathlib import Path
ROWS = []
@pytest.mark.parametrize("case", ["case0", "case1"])
@pytest.mark.parametrize("variant", ["baseline", "applike"])
def test_route(variant, case):
    with open("asked.log", "a") as log:
        log.write(f"{variant} {case}\\n")
    row = {"arm": variant, "case_id": case, "response_text": f"{variant} says {case}", "tool_calls": [{"name": "t", "args": {"x": 1}}],
           "input_tokens": 5, "output_tokens": 2, "prompt": f"please {case}", "model": "m-1"}
    ${write}
`,
  ...(rest === '' ? {} : { 'tests/conftest.py': rest }),
});
const asked = (folder: string): number =>
  readFileSync(path.join(folder, 'asked.log'), 'utf8').trim().split('\n').length;

const APPEND = `Path("out").mkdir(exist_ok=True)
    with open(f"out/{variant}.jsonl", "a") as out:
        if out.tell() == 0: out.write(json.dumps({"type": "metadata", "variant": variant, "temperature": 0.7}) + "\\n")
        out.write(json.dumps(row) + "\\n")`;

describe.skipIf(withoutPytest())('answers in files of the tests', () => {
  it('are found by themselves, and the record says what was sent', async () => {
    const made = harnessRun({ manifest: manifest(''), scenarios, files: harness(APPEND) });
    const ended = await made.run('run');
    expect(ended.code).toBe(0);
    expect(ended.stderr).toContain('answers were read from out/*.jsonl, which the tests write');
    expect(ended.stderr.match(/answers were read from/g)).toHaveLength(1);
    expect(made.records('applike').case1).toMatchObject({
      status: 'completed',
      input: { prompt: 'please case1', messages: [{ role: 'user', content: 'please case1' }] },
      output: { text: 'applike says case1', tool_calls: [{ name: 't', arguments: { x: 1 } }] },
      usage: { input_tokens: 5, output_tokens: 2 },
      ...{ model: 'm-1', temperature: 0.7, seed: null },
      unknown: ['seed', 'system'],
    });
  });

  it('may be one JSON list that is written at the very end', async () => {
    const atEnd = `import json
def pytest_sessionfinish():
    import test_it
    with open("results.json", "w") as out:
        json.dump(test_it.ROWS, out)
`;
    const made = harnessRun({ manifest: manifest(''), scenarios, files: harness('ROWS.append(row)', atEnd) });
    expect((await made.run('run')).code).toBe(0);
    expect(made.records('baseline').case0.output.text).toBe('baseline says case0');
  });

  it('that are nowhere are failures, tried once, unless the manifest allows it', async () => {
    const made = harnessRun({ manifest: manifest(''), scenarios, files: harness('pass') });
    const ended = await made.run('run', '--json');
    expect([ended.code, JSON.parse(ended.stdout)]).toMatchObject([1, { failed: 4, attempts: 4 }]);
    const { error } = made.records('baseline').case0.attempts[0];
    expect(error).toMatchObject({
      kind: 'nothing-recorded',
      message: expect.stringContaining('recorded no answer'),
    });
    const allowed = harnessRun({ manifest: manifest(', empty: allowed'), scenarios, files: harness('pass') });
    expect((await allowed.run('run')).code).toBe(0);
  });

  it('that a mapping does not find are kept, and read when it is mended: nothing is drawn', async () => {
    const made = harnessRun({
      manifest: manifest(', collect: { files: "out/*.jsonl", fields: { text: answr } }'),
      scenarios,
      files: harness(APPEND),
    });
    const first = await made.run('run', '--json');
    expect([first.code, JSON.parse(first.stdout)]).toMatchObject([1, { failed: 4, attempts: 4 }]);
    const { error } = made.records('baseline').case0.attempts[0];
    expect(error.message).toContain('collect: {fields: {text: answr}} matches no line');
    editFile(path.join(made.folder, 'experiment.yaml'), (text) =>
      text.replace('text: answr', 'text: response_text'),
    );
    expect((await made.run('plan')).stderr).toContain('4 kept lines are read again');
    const second = await made.run('run', '--json');
    expect([second.code, JSON.parse(second.stdout)]).toMatchObject([0, { executed: 0, cached: 4 }]);
    expect(asked(made.folder)).toBe(4);
    expect(made.records('baseline').case0).toMatchObject({
      output: { text: 'baseline says case0' },
      ...{ generation: 2, reread: { generation: 1 }, paid: { cost_usd: 0, usage: { total_tokens: 0 } } },
      usage: { total_tokens: 7 },
    });
    expect((await made.run('plan')).stderr).not.toContain('read again');
  });
});
