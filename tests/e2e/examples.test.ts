// Each example as a newcomer runs it: everything is executed once, nothing the second time, and after one edit exactly the
// cells that read what was edited.
import { cpSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '../rig/appears.ts';
import { cli } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines, ROOT } from '../rig/files.ts';
import { PYTHON_WITH_PYTEST, withoutPytest, withoutPython } from '../rig/python.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

/** A copy beside the installed package, as in a project of the user's. */
function copyOf(name: string): string {
  const folder = path.join(tempFolder(), name);
  cpSync(path.join(ROOT, 'examples', name), folder, {
    recursive: true,
    filter: (file) => !/artifacts|__pycache__|\.pytest_cache/.test(path.relative(ROOT, file)),
  });
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(ROOT, path.join(folder, 'node_modules/expgraph'));
  symlinkSync(
    path.join(ROOT, 'node_modules/@modelcontextprotocol'),
    path.join(folder, 'node_modules/@modelcontextprotocol'),
  );
  return folder;
}

const json = async (folder: string, ...args: string[]) => {
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd: folder });
  if (stdout === '') throw new Error(stderr);
  return { code, ...JSON.parse(stdout) };
};

type PendingTask = { readonly variant: string; readonly scenario: string; readonly run: number };

/** What would run, as variant:scenario with the number of runs. */
async function pendingOf(folder: string): Promise<readonly string[]> {
  const { pending_tasks: tasks } = await json(folder, 'plan');
  return [
    ...new Set((tasks as PendingTask[]).map(({ variant, scenario }) => `${variant}:${scenario}`)),
  ].sort();
}

const TASKS = ['dentist', 'milk', 'standup'];
const all = (variant: string): readonly string[] => TASKS.map((task) => `${variant}:${task}`);

describe.each([
  { name: 'own-code', tasks: 12, edit: ['variants/desk.ts', 'ok: true', 'ok: 1'], stale: all('agent') },
  { name: 'mcp', tasks: 12, edit: ['shelf-server.ts', "'1.0.0'", "'1.0.1'"], stale: all('served') },
  { name: 'command', tasks: 12, edit: ['asking.py', 'Bearer none', 'Bearer nobody'], stale: all('legacy') },
  {
    name: 'stream',
    tasks: 12,
    edit: ['scenarios/tasks.yaml', 'buy milk', 'buy oat milk'],
    stale: ['eager:milk', 'rules:milk'],
  },
] as const)('the example $name', ({ name, tasks, edit, stale }) => {
  const isPython = name === 'command' || name === 'stream';
  it.skipIf(isPython && withoutPython())('runs once, and after an edit what reads it', async () => {
    const folder = copyOf(name);
    expect(await json(folder, 'run')).toMatchObject({ code: 0, executed: tasks, failed: 0, complete: true });
    expect(await json(folder, 'run')).toMatchObject({ code: 0, executed: 0, cached: tasks });
    const [file, from, to] = edit;
    editFile(path.join(folder, file), (text) => text.replace(from, to));
    expect(await pendingOf(folder)).toEqual(stale);
    expect(await json(folder, 'run')).toMatchObject({ code: 0, executed: stale.length * 2 });
    expect(await json(folder, 'run')).toMatchObject({ code: 0, executed: 0 });
  });
});

describe.skipIf(withoutPytest())('the example pytest', () => {
  function copy(): string {
    const folder = copyOf('pytest');
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text.replace('  path: tests', `  path: tests\n  python: ${PYTHON_WITH_PYTEST}`),
    );
    return folder;
  }

  /** After so many calls its tests wait until they are told to go on: it is killed in the middle, however busy the machine is. */
  function waitsAfter(calls: number, folder: string): () => void {
    const beside = tempFolder();
    const [count, isOpen] = ['count', 'open'].map((name) => path.join(beside, name));
    editFile(path.join(folder, 'tests/assistant.py'), (text) =>
      text
        .replace('import json\n', 'import json\nimport os\nimport time\n')
        .replace(
          '    body = {\n',
          [
            `    with open(${JSON.stringify(count)}, "a") as file:`,
            '        file.write("x")',
            `    while os.path.getsize(${JSON.stringify(count)}) > ${calls} and not os.path.exists(${JSON.stringify(isOpen)}):`,
            '        time.sleep(0.02)',
            '    body = {',
            '',
          ].join('\n'),
        ),
    );
    return () => writeFileSync(isOpen!, '');
  }

  it('gives 120 records in six files, killed in the middle and run again: nothing finished runs again', async () => {
    const folder = copy();
    const goOn = waitsAfter(60, folder);
    const { child, ended } = startCli(['run'], { cwd: folder });
    await until(() => kept(folder).length >= 40);
    child.kill('SIGKILL');
    await ended;
    goOn();
    const first = kept(folder);
    expect(first.length).toBeGreaterThanOrEqual(40);
    expect(first.length).toBeLessThan(120);
    expect(await json(folder, 'run')).toMatchObject({
      code: 0,
      executed: 120 - first.length,
      cached: first.length,
      complete: true,
    });
    const views = filesBelow(folder).filter((file) =>
      /^artifacts\/pytest\/runs\/\w+_run[123]\.jsonl$/.test(file),
    );
    expect(views).toHaveLength(6);
    expect(kept(folder)).toHaveLength(120);
    expect(new Set(kept(folder)).size).toBe(120);
    const counts = views.map((file) => jsonLines(path.join(folder, file)).length - 1);
    expect(counts).toEqual(Array(6).fill(20));
    expect(await json(folder, 'run')).toMatchObject({ code: 0, executed: 0, cached: 120 });
    editFile(path.join(folder, 'scenarios.yaml'), (text) => text.replace('Meet Bob.', 'Meet Bob, please.'));
    expect(await pendingOf(folder)).toEqual(['applike:ambiguous-3', 'baseline:ambiguous-3']);
    editFile(path.join(folder, 'tests/assistant.py'), (text) => text.replace('a Sunday', 'Sunday'));
    expect(await json(folder, 'plan')).toMatchObject({ pending: 120 });
  }, 120_000);

  it('starts pytest at most eight times for the 120', async () => {
    const folder = copy();
    editFile(path.join(folder, 'tests/cases.py'), (text) => `open("starts.log", "a").write("x")\n${text}`);
    expect(await json(folder, 'run')).toMatchObject({ code: 0, executed: 120, failed: 0 });
    const starts = statSync(path.join(folder, 'starts.log')).size;
    expect(starts).toBeGreaterThanOrEqual(1);
    expect(starts).toBeLessThanOrEqual(8);
  }, 120_000);

  it('is what init --from-pytest makes of the tests', async () => {
    const folder = copy();
    const made = path.join(folder, 'made');
    mkdirSync(made);
    cpSync(path.join(folder, 'tests'), path.join(made, 'tests'), { recursive: true });
    const { code, stdout } = await cli(['init', '--from-pytest', 'tests', '--python', PYTHON_WITH_PYTEST!], {
      cwd: made,
    });
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('2 variants x 20 scenarios x 3 runs, from 40 tests'),
    ]);
    expect(await json(made, 'plan')).toMatchObject({ tasks: 120, pending: 120 });
    editFile(path.join(made, 'experiment.yaml'), (text) => `${text}provider: sim\n`);
    expect(await json(made, 'run', '--runs', '1', '--scenario', 'negative-*')).toMatchObject({
      code: 0,
      executed: 10,
    });
  });
});

/** Cells in the history, each as often as it was kept. */
function kept(folder: string): readonly string[] {
  return filesBelow(folder)
    .filter((file) => /^artifacts\/pytest\/history\/.*_run\d+\.jsonl$/.test(file))
    .flatMap((file) => jsonLines(path.join(folder, file)) as unknown as (PendingTask & { type: string })[])
    .filter(({ type }) => type === 'scenario_result')
    .map(({ variant, scenario, run }) => `${variant}:${scenario}:${run}`);
}
