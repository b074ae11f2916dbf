// `env_file:` hands a file of variables to the processes of one harness, and to nobody else; nothing of it is written.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFile, filesBelow } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';

const python = PYTHON_WITH_PYTEST ?? 'python3';
const VALUE = 'tok-4711-abcdef';
const ENV = `# keys\nFRUIT_TOKEN="${VALUE}"\nMODE=of-the-file\nOTHER=file\n`;

/** The value stands in the file of the user's and nowhere else. */
function expectKept(one: HarnessRun): void {
  const found = filesBelow(one.folder).filter((file) =>
    readFileSync(path.join(one.folder, file)).includes(VALUE),
  );
  expect(found).toEqual(['.env']);
}

const COMMAND = {
  manifest: `variants: { a: { command: [sh, run.sh], env_file: .env, pass_env: [OTHER], env: { MODE: set } } }`,
  files: {
    '.env': ENV,
    'run.sh': `echo "{\\"text\\": \\"$FRUIT_TOKEN, $MODE, $OTHER\\"}"\necho "$FRUIT_TOKEN" >&2\n`,
  },
};

describe('a file of variables', () => {
  it('is given to a command; env and what is passed on go before it, and its values are shown to nobody', async () => {
    const one = harnessRun({ ...COMMAND, scenarios: ['one'], env: { OTHER: 'passed', FRUIT_TOKEN: '' } });
    const { code, stdout, stderr } = await one.run('run', '--events', 'events.jsonl');
    expect([code, stderr.includes(VALUE), stdout.includes(VALUE)]).toEqual([0, false, false]);
    const record = one.records('a').one;
    expect(record.output.text).toBe('[redacted:FRUIT_TOKEN], set, passed');
    expectKept(one);
  });

  it('counts in no key, and needs not be there where results are read', async () => {
    const one = harnessRun({ ...COMMAND, scenarios: ['one'] });
    expect((await one.run('run')).code).toBe(0);
    writeFileSync(path.join(one.folder, '.env'), 'FRUIT_TOKEN=another-1234\n');
    expect(JSON.parse((await one.run('run', '--json')).stdout)).toMatchObject({ executed: 0, cached: 1 });
    editFile(path.join(one.folder, 'experiment.yaml'), (text) => text.replace('.env', 'gone.env'));
    expect((await one.run('status')).code).toBe(0);
    for (const command of ['plan', 'run']) {
      const { code, stderr } = await one.run(command);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/gone\.env \(env_file\) cannot be read/)]);
    }
  });

  it('belongs inside "pytest:" for tests', async () => {
    const one = harnessRun({ manifest: 'pytest: { path: tests }\nvariants: { a: { env_file: .env } }' });
    const { code, stderr } = await one.run('plan');
    expect([code, stderr]).toEqual([2, expect.stringContaining('write it inside "pytest:"')]);
  });

  it.skipIf(withoutPytest())('is given to tests, while they are collected, too', async () => {
    const one = harnessRun({
      manifest: `pytest: { path: tests, python: ${python}, env_file: .env }\nvariants: { a: {} }`,
      scenarios: ['one'],
      files: {
        '.env': ENV,
        'tests/test_it.py': `import os, pytest
TOKEN = os.environ["FRUIT_TOKEN"]
@pytest.mark.parametrize("case", ["one"])
@pytest.mark.parametrize("variant", ["a"])
def test_it(variant, case, capsys):
    print(TOKEN, os.environ["MODE"])
    assert case == TOKEN
`,
      },
    });
    const { code, stdout, stderr } = await one.run('run');
    expect([code, stderr.includes(VALUE), stdout.includes(VALUE)]).toEqual([0, false, false]);
    expect(one.records('a').one.output.properties.pytest.message).toContain('[redacted:FRUIT_TOKEN]');
    expectKept(one);
  });
});
