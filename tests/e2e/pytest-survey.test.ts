// What pytest would collect is found before anything is planned, kept, and asked again when something moved.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';

const python = PYTHON_WITH_PYTEST ?? 'python3';

const HARNESS = `import dataclasses, json, os, pathlib
import pytest
from prompts import GREETING

with open("asked.log", "a") as log:
    log.write("collected\\n")

@dataclasses.dataclass
class Case:
    id: str
    prompt: str
    check: object = len

CASES = [Case(one["id"], one["prompt"]) for one in json.loads(pathlib.Path("cases.json").read_text())]

@pytest.mark.slow(3)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("variant", ["a", "b"])
def test_it(variant, case):
    print(GREETING, variant, case.prompt)
`;

function made(
  of: { readonly args?: string; readonly more?: string; readonly env?: Record<string, string> } = {},
) {
  return harnessRun({
    manifest: `runs: 2\npytest: { path: tests${of.args ? `, args: ${of.args}` : ''}, python: ${python}${of.more ?? ''} }\nvariants: { a: {}, b: {} }`,
    scenarios: ['c1', 'c2'],
    files: {
      'tests/test_it.py': HARNESS,
      'tests/prompts.py': 'GREETING = "hi"\n',
      'tests/pytest.ini': '[pytest]\nmarkers = slow\n',
      'cases.json': '[{"id": "c1", "prompt": "one"}, {"id": "c2", "prompt": "two"}]',
    },
    ...(of.env ? { env: of.env } : {}),
  });
}

/** How often Python was started on the tests. */
const asked = ({ folder }: HarnessRun): number =>
  readFileSync(path.join(folder, 'asked.log'), 'utf8').trim().split('\n').length;

const survey = ({ folder }: HarnessRun) => {
  const file = filesBelow(folder).find((name) => name.endsWith('survey.json'))!;
  const { surveys } = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
  return { file: path.join(folder, file), items: surveys[0].items };
};

describe.skipIf(withoutPytest())('what pytest collects', () => {
  it('is kept, item by item with the values of its parameters, for the owner alone', async () => {
    const one = made();
    expect((await one.run('plan')).code).toBe(0);
    const { items, file } = survey(one);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(items).toHaveLength(4);
    expect(items[0]).toEqual({
      nodeid: expect.stringContaining('test_it.py::test_it[a-c1]'),
      ...{ function: 'test_it', file: expect.stringContaining('test_it.py'), line: 16 },
      ...{ variant: 'a', scenario: 'c1', run: null, deselected: false },
      params: {
        variant: { id: 'a', value: 'a' },
        case: {
          id: 'c1',
          value: { $type: 'Case', id: 'c1', prompt: 'one', check: { $ref: 'builtins:len' } },
        },
      },
      markers: [{ name: 'slow', args: [3] }],
    });
  });

  it('is asked once, and again when code, a file that collection reads, a setting or a passed value moved', async () => {
    const one = made({ more: ', pass_env: [FLAVOUR]', env: { FLAVOUR: 'sweet' } });
    await one.run('plan');
    await one.run('plan');
    await one.run('plan', '--explain');
    expect(asked(one)).toBe(1);
    writeFiles(one.folder, { 'tests/prompts.py': 'GREETING = "hello"\n' });
    await one.run('plan');
    expect(asked(one)).toBe(2);
    writeFiles(one.folder, { 'cases.json': '[{"id": "c1", "prompt": "other"}]' });
    await one.run('plan');
    expect([asked(one), survey(one).items.length]).toEqual([3, 2]);
    expect((await one.run('run')).code).toBe(1);
    await one.run('run');
    // Twice by pytest itself: what it has no test for was tried in a run of its own.
    const before = asked(one);
    for (const command of ['status', 'history', 'compare']) await one.run(command);
    writeFiles(one.folder, { 'tests/prompts.py': 'GREETING = "salut"\n' });
    for (const command of ['status', 'history', 'compare', 'export']) await one.run(command);
    expect(asked(one)).toBe(before);
  });

  it('is told with pytest as it is where it cannot be collected: exit 2, nothing is started, nothing is recorded', async () => {
    const one = made();
    writeFiles(one.folder, { 'tests/test_it.py': 'import a_module_that_nobody_has\n' });
    for (const command of ['plan', 'run']) {
      const { code, stderr } = await one.run(command);
      expect([command, code]).toEqual([command, 2]);
      expect(stderr).toMatch(
        /pytest could not collect: .*test_it\.py: ModuleNotFoundError: No module named 'a_module_that_nobody_has'; nothing was started/,
      );
    }
    expect(filesBelow(one.folder).filter((file) => file.endsWith('.jsonl'))).toEqual([]);
  });

  it('names the key that the tests ask for and that is not passed on', async () => {
    const one = made({ env: { FRUIT_API_KEY: 'k-123456789' } });
    writeFiles(one.folder, { 'tests/test_it.py': 'import os\nos.environ["FRUIT_API_KEY"]\n' });
    const { code, stderr } = await one.run('plan');
    expect(code).toBe(2);
    expect(stderr).toContain('pass_env: [FRUIT_API_KEY]');
  });

  it('tells what -k, -m and test ids take out', async () => {
    const flags = (one: HarnessRun) =>
      Object.fromEntries(
        survey(one).items.map(({ variant, scenario, deselected }: Record<string, unknown>) => [
          `${variant} ${scenario}`,
          deselected,
        ]),
      );
    const byName = made({ args: '[-k, a-c1]' });
    await byName.run('plan');
    expect(flags(byName)).toEqual({ 'a c1': false, 'a c2': true, 'b c1': true, 'b c2': true });
    const byId = made();
    writeFiles(byId.folder, {
      'experiment.yaml': readFileSync(path.join(byId.folder, 'experiment.yaml'), 'utf8').replace(
        'path: tests,',
        'path: ["tests/test_it.py::test_it[b-c2]", "tests/test_it.py::test_it[a-c2]"],',
      ),
    });
    await byId.run('plan');
    expect(flags(byId)).toEqual({ 'a c1': true, 'a c2': false, 'b c1': true, 'b c2': false });
  });

  it('keeps no key that a parameter holds', async () => {
    const one = made({ more: ', pass_env: [FRUIT_API_KEY]', env: { FRUIT_API_KEY: 'sk-live-1234567890' } });
    writeFiles(one.folder, {
      'tests/test_it.py': HARNESS.replace(
        'check: object = len',
        'check: object = os.environ["FRUIT_API_KEY"]',
      ),
    });
    expect((await one.run('plan')).code).toBe(0);
    const text = readFileSync(survey(one).file, 'utf8');
    expect(text).toContain('redacted');
    expect(text).not.toContain('sk-live-1234567890');
  });
});
