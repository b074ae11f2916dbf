// init --from-pytest on harnesses as people have them: what is found, what is written, and what a refresh leaves alone.
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';
import { tempFolder } from '../rig/temp.ts';

const HARNESS = `import os
from dataclasses import dataclass
import pytest
from app.client import ask

@dataclass(frozen=True)
class Case:
    id: str
    prompt: str
    category: str
    description: str
    expected_tool: str
    tags: tuple = ()

CASES = [Case(f"case_{n}", f"do {n}", "sanity", f"Case {n}.", "reminder", ("core", "t")) for n in range(3)]
VARIANTS = ["baseline", "applike"]

@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
@pytest.mark.parametrize("variant_name", VARIANTS)
def test_route(variant_name, case):
    print(ask(variant_name, case.prompt))
`;

/** A project with a src layout; its interpreter is found beside the tests. */
function project(files: { readonly [name: string]: string } = {}): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["checks"]\npythonpath = ["src"]\n',
    'src/app/__init__.py': '',
    'src/app/client.py':
      'import os\nKEY = os.environ.get("SERVICE_API_KEY")\nMODE = os.getenv("APP_MODE", "x")\ndef ask(variant, text):\n    return f"{variant} {text}"\n',
    'checks/test_routing.py': HARNESS,
    ...files,
  });
  python(folder, '.venv/bin/python', `exec ${PYTHON_WITH_PYTEST} "$@"`);
  return folder;
}

function python(folder: string, file: string, script: string): void {
  writeFiles(folder, { [file]: `#!/bin/sh\n${script}\n` });
  chmodSync(path.join(folder, file), 0o755);
}

const read = (folder: string, file: string): string => readFileSync(path.join(folder, file), 'utf8');
const refresh = (folder: string, ...more: readonly string[]) =>
  cli(['init', '--from-pytest', '--refresh', ...more], { cwd: folder });

describe.skipIf(withoutPytest())('init --from-pytest', () => {
  it('finds the tests, the interpreter, the variants and what the cases say of themselves; a run needs no edit', async () => {
    const folder = project();
    const made = await cli(['init', '--from-pytest'], { cwd: folder, env: { APP_MODE: 'quick' } });
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout).toContain('2 variants x 3 scenarios x 3 runs, from 6 tests');
    expect(made.stdout).toContain('the parameter variant_name (baseline, applike)');
    const manifest = read(folder, 'experiment.yaml');
    expect(manifest).toContain('  path: checks\n');
    expect(manifest).toContain('  python: .venv/bin/python\n');
    expect(manifest).toContain('  variants_from: { param: variant_name }\n');
    expect(manifest).toContain('pass_env: [APP_MODE, SERVICE_API_KEY]');
    expect(manifest).not.toMatch(/temperature|quick/);
    const first = read(folder, 'scenarios/pytest.yaml').split('\n')[1]!;
    expect(JSON.parse(first.slice(2))).toEqual({
      ...{ id: 'case_0', input: 'do 0', category: 'sanity', tags: ['core', 't'], description: 'Case 0.' },
      expect: { expected_tool: 'reminder' },
    });
    const run = await cli(['run', '--json'], { cwd: folder });
    expect([run.code, JSON.parse(run.stdout)]).toMatchObject([0, { executed: 18, failed: 0 }]);
  });

  it('takes the variants that it is told, and the runs of the harness', async () => {
    const folder = project({
      'checks/test_routing.py': HARNESS.replace(
        '@pytest.mark.parametrize("variant_name"',
        '@pytest.mark.repeat(5)\n@pytest.mark.parametrize("model", ["m1", "m2"])\n@pytest.mark.parametrize("variant_name"',
      ).replace('(variant_name, case)', '(variant_name, model, case)'),
      'pyproject.toml':
        '[tool.pytest.ini_options]\ntestpaths = ["checks"]\npythonpath = ["src"]\nmarkers = ["repeat: often"]\n',
    });
    const made = await cli(['init', '--from-pytest', '--variants-from', 'param:model'], { cwd: folder });
    expect([made.code, made.stdout]).toEqual([
      0,
      expect.stringContaining('2 variants x 6 scenarios x 5 runs'),
    ]);
    expect(read(folder, 'experiment.yaml')).toContain('variants:\n  m1: {}\n  m2: {}\n');
  });

  it('goes on to the next interpreter where one has no pytest, and says what to do where none has', async () => {
    const folder = project();
    python(folder, '.venv/bin/python', 'exit 1');
    python(folder, 'venv/bin/python', `exec ${PYTHON_WITH_PYTEST} "$@"`);
    const made = await cli(['init', '--from-pytest'], { cwd: folder });
    expect([made.code, made.stdout]).toEqual([
      0,
      expect.stringContaining('Python: venv/bin/python (of venv)'),
    ]);
    const none = project({ 'uv.lock': '' });
    for (const file of ['.venv/bin/python', 'bin/python3']) python(none, file, 'exit 1');
    const PATH = `${path.join(none, 'bin')}:${process.env.PATH}`;
    const failed = await cli(['init', '--from-pytest'], { cwd: none, env: { PATH } });
    expect([failed.code, failed.stderr]).toEqual([
      2,
      expect.stringMatching(/no Python with pytest.*uv sync.*--python/s),
    ]);
    expect(existsSync(path.join(none, 'experiment.yaml'))).toBe(false);
  });

  it('asks poetry where its environment is, and hints at a .env', async () => {
    const folder = project({ 'poetry.lock': '', '.env': 'SERVICE_API_KEY=secret-of-mine\n' });
    python(folder, '.venv/bin/python', 'exit 1');
    python(folder, 'elsewhere/env-1/bin/python', `exec ${PYTHON_WITH_PYTEST} "$@"`);
    python(folder, 'bin/poetry', `echo ${path.join(folder, 'elsewhere/env-1')}`);
    const PATH = `${path.join(folder, 'bin')}:${process.env.PATH}`;
    const made = await cli(['init', '--from-pytest'], { cwd: folder, env: { PATH } });
    expect([made.code, made.stdout]).toEqual([
      0,
      expect.stringMatching(/Python: elsewhere\/env-1\/bin\/python \(of poetry\).*env_file: \.env/s),
    ]);
    for (const file of ['experiment.yaml', 'scenarios/pytest.yaml'])
      expect(read(folder, file)).not.toContain('secret-of-mine');
  });

  it('names --refresh where its files are there, and a refresh keeps what was edited', async () => {
    const folder = project();
    await cli(['init', '--from-pytest'], { cwd: folder });
    const again = await cli(['init', '--from-pytest'], { cwd: folder });
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('--refresh')]);
    const same = await refresh(folder);
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('nothing to change')]);
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text
        .replace('runs: 3', 'runs: 2      # enough')
        .replace('applike: {}', 'apps: { pytest_variant: applike, description: mine }'),
    );
    editFile(path.join(folder, 'scenarios/pytest.yaml'), (text) =>
      text.replace('"Case 0."', '"In my words."').replace('- {"id":"case_2"', '# the last\n- {"id":"case_2"'),
    );
    editFile(path.join(folder, 'checks/test_routing.py'), (text) =>
      text
        .replace('range(3)', 'range(1, 4)')
        .replace('VARIANTS = ["baseline", "applike"]', 'VARIANTS = ["applike", "third"]'),
    );
    const before = [read(folder, 'experiment.yaml'), read(folder, 'scenarios/pytest.yaml')];
    const dry = await refresh(folder, '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining('- scenario case_0')]);
    expect([read(folder, 'experiment.yaml'), read(folder, 'scenarios/pytest.yaml')]).toEqual(before);
    const done = await refresh(folder);
    expect(done.code).toBe(0);
    for (const line of ['+ variant third', '- variant baseline', '+ scenario case_3', '- scenario case_0'])
      expect(done.stdout).toContain(line);
    expect(read(folder, 'experiment.yaml')).toBe(
      before[0]!
        .replace('  baseline: {}\n', '')
        .replace('description: mine }\n', 'description: mine }\n  third: {}\n'),
    );
    const scenarios = read(folder, 'scenarios/pytest.yaml');
    expect(scenarios).toContain('# the last\n- {"id":"case_2"');
    expect([...scenarios.matchAll(/"id":"(\w+)"/g)].map(([, id]) => id)).toEqual([
      'case_1',
      'case_2',
      'case_3',
    ]);
    expect((await cli(['plan'], { cwd: folder })).stdout).toContain('12 tasks');
  });

  it('says what it cannot refresh', async () => {
    const folder = project();
    const none = await refresh(folder);
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringContaining('there is no experiment.yaml to refresh'),
    ]);
  });
});
