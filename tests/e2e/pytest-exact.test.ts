// A harness in pytest with a src/ layout, two variants, twenty scenarios, three runs: how many of its 120 cells an edit draws
// again, and what `plan --explain` says of it. pytest itself tells the values.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HARNESS } from '../manifest/reach-harness.ts';
import { editFile } from '../rig/files.ts';
import { type HarnessRun, harnessRun } from '../rig/harness.ts';
import type { Ended } from '../rig/program.ts';
import { PYTHON_WITH_PYTEST, withoutPytest } from '../rig/python.ts';

const IDS = Array.from({ length: 20 }, (_, n) => `s${String(n + 1).padStart(2, '0')}`);
const MINUTES = { timeout: 240_000 };

const SCENARIOS = `from bench.models import Scenario

ALL = [
${IDS.map((id) => `    Scenario(id="${id}", prompt="Prompt of ${id}", description="Case ${id}.", tags=("a",)),\n`).join('')}]
`;

function made(files: { readonly [file: string]: string } = {}, settings = ''): HarnessRun {
  return harnessRun({
    manifest: `model: m\nprovider: none\nruns: 3\npytest: { path: tests, python: ${PYTHON_WITH_PYTEST}, variants_from: { param: variant_name }, scenario_param: scenario }\nvariants: { baseline: {}, applike: {} }\n${settings}`,
    scenarios: IDS,
    files: {
      ...HARNESS,
      'pyproject.toml': HARNESS['pyproject.toml']!.replace(' -n 2', ''),
      'src/bench/scenarios.py': SCENARIOS,
      'tests/test_bench.py': `${HARNESS['tests/test_bench.py']}    print(results)\n`,
      ...files,
    },
  });
}

async function pending(run: HarnessRun, ...filters: string[]): Promise<number> {
  const ended = await run.run('plan', '--json', ...filters);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout).pending;
}

/** What an edit makes stale; the file is as before afterwards. */
async function staleBy(run: HarnessRun, file: string, from: string, to: string): Promise<number> {
  const full = path.join(run.folder, file);
  const text = readFileSync(full, 'utf8');
  expect(text).toContain(from);
  writeFileSync(full, text.replace(from, to));
  const found = await pending(run);
  writeFileSync(full, text);
  return found;
}

async function ran(run: HarnessRun): Promise<Ended> {
  const ended = await run.run('run', '--json');
  if (ended.code !== 0) throw new Error(ended.stderr);
  return ended;
}

describe.skipIf(withoutPytest())('a harness in pytest', () => {
  it('draws exactly what an edit touches', MINUTES, async () => {
    const run = made();
    await ran(run);
    expect(await pending(run)).toBe(0);
    const edits: readonly (readonly [string, string, string, number])[] = [
      ['src/bench/scenarios.py', 'Prompt of s03', 'Another prompt', 6],
      // Of another length than the edit before: Python takes a file of the same second and size for the one that it compiled.
      ['src/bench/scenarios.py', 'Case s03.', 'The third of them.', 0],
      ['src/bench/scenarios.py', 'tags=("a",)', 'tags=("a", "b")', 0],
      ['src/bench/scenarios.py', 'ALL = [', '# all of them\nALL = [\n', 0],
      ['src/bench/applike.py', 'Reminds the user.', 'It rings.', 60],
      ['src/bench/texts.py', 'You have apps.', 'You have an app.', 60],
      ['src/bench/texts.py', 'text + " Please."', '" Please." + text', 120],
      ['src/bench/texts.py', 'Adds a word.', 'Adds the word.', 0],
      ['src/bench/runner.py', 'What is sent.', 'Whatever is sent.  # says who', 0],
      ['pyproject.toml', '-ra', '-ra -W error::DeprecationWarning', 120],
      ['pyproject.toml', '-ra', '-v', 0],
      ['experiment.yaml', 'path: tests,', 'path: tests, args: [--tb=short, -p, no:cacheprovider],', 0],
      ['experiment.yaml', 'path: tests,', 'path: tests, collect: "results/*.jsonl",', 0],
      ['experiment.yaml', 'model: m', 'model: another\ntemperature: 0.7', 0],
      ['experiment.yaml', 'runs: 3', 'runs: 5', 80],
    ];
    const found: unknown[] = [];
    for (const [file, from, to] of edits) {
      found.push([file, from, to, await staleBy(run, file, from, to)]);
    }
    expect(found).toEqual(edits);
  });

  it('adds and takes away scenarios without a word to the others', MINUTES, async () => {
    const run = made();
    await ran(run);
    editFile(path.join(run.folder, 'src/bench/scenarios.py'), (text) =>
      text
        .replace('ALL = [\n', 'ALL = [\n    Scenario(id="new", prompt="A new one"),\n')
        .replace(/.*"s20".*\n/, ''),
    );
    editFile(
      path.join(run.folder, 'scenarios.yaml'),
      (text) => `- { id: new, input: "A new one" }\n${text.replace(/.*id: s20.*\n/, '')}`,
    );
    expect(await pending(run)).toBe(6);
    expect(await pending(run, '--scenario', 'new')).toBe(6);
  });

  it('shows file, name and lines of what changed, and the value of what a scenario is', MINUTES, async () => {
    const run = made();
    await ran(run);
    editFile(path.join(run.folder, 'src/bench/applike.py'), (text) =>
      text.replace('Reminds the user.', 'It rings.'),
    );
    editFile(path.join(run.folder, 'src/bench/scenarios.py'), (text) =>
      text.replace('Prompt of s03', 'Say it'),
    );
    const { stdout } = await run.run('plan', '--explain');
    expect(stdout).toContain('src/bench/applike.py remind');
    expect(stdout).toContain('-     """Reminds the user."""');
    expect(stdout).toContain('+     """It rings."""');
    expect(stdout).toContain('scenario.prompt');
    expect(stdout).toContain('from "Prompt of s03"');
    expect(stdout).toContain('to   "Say it"');
  });

  it('counts where values come from where pytest cannot tell them whole', MINUTES, async () => {
    const run = made({
      'src/bench/scenarios.py': SCENARIOS.replace(
        'ALL = [',
        'def made(n):\n    return lambda text: len(text) > n\n\n\nALL = [',
      ).replace('tags=("a",)', 'tags=(made(3),)'),
    });
    await ran(run);
    expect(await staleBy(run, 'src/bench/scenarios.py', 'made(3)', 'made(4)')).toBe(120);
    const { stderr } = await run.run('plan', '--explain');
    expect(stderr).toContain('values of the parameter scenario are no data');
    expect(await staleBy(run, 'src/bench/scenarios.py', 'len(text) > n', 'len(text) < n')).toBe(120);
  });

  it('counts a file of scenarios by what they are, unless other code reads files, too', MINUTES, async () => {
    const loaded = `import json
import pathlib
from bench.models import Scenario


def load():
    return [Scenario(**one) for one in json.loads(pathlib.Path("cases/all.json").read_text())]


ALL = load()
`;
    const rows = IDS.map((id) => ({ id, prompt: `Prompt of ${id}`, description: `Case ${id}.` }));
    const files = {
      'src/bench/scenarios.py': loaded,
      'cases/all.json': JSON.stringify(rows, null, 1),
      'words.txt': 'please',
    };
    const run = made(files, 'inputs: ["cases/*.json", words.txt]');
    await ran(run);
    expect(await staleBy(run, 'cases/all.json', 'Prompt of s03', 'Another')).toBe(6);
    expect(await staleBy(run, 'cases/all.json', 'Case s03.', 'The third.')).toBe(0);
    expect(await staleBy(run, 'words.txt', 'please', 'now')).toBe(120);
    const other = made(
      {
        ...files,
        'src/bench/runner.py': `${HARNESS['src/bench/runner.py']!}\n\ndef words():\n    return open("words.txt").read()\n`,
      },
      'inputs: ["cases/*.json", words.txt]',
    );
    await ran(other);
    expect(await staleBy(other, 'cases/all.json', 'Case s03.', 'The third.')).toBe(120);
  });

  it('counts a description that reaches the model', MINUTES, async () => {
    const run = made({
      'src/bench/runner.py': HARNESS['src/bench/runner.py']!.replace(
        'variant.prompt + scenario.prompt',
        'variant.prompt + scenario.description',
      ),
    });
    await ran(run);
    expect(await staleBy(run, 'src/bench/scenarios.py', 'Case s03.', 'The third.')).toBe(6);
    expect(await staleBy(run, 'src/bench/scenarios.py', 'tags=("a",)', 'tags=("b",)')).toBe(0);
  });

  it('says where it cannot be told which variant an edit concerns', MINUTES, async () => {
    const run = made({
      'src/bench/registry.py':
        'from bench import applike, baseline\n\n\ndef get_variant(name):\n    return eval(name).VARIANT\n',
    });
    const { stderr } = await run.run('plan', '--explain');
    expect(stderr).toContain('counts for all variants: src/bench/registry.py get_variant: line 5');
  });

  it('takes a scenario that is a name for what the manifest says of it', MINUTES, async () => {
    const run = made({
      'tests/test_bench.py': `import pytest\n\n\n@pytest.mark.parametrize("scenario", ${JSON.stringify(IDS)})\n@pytest.mark.parametrize("variant_name", ["baseline", "applike"])\ndef test_it(variant_name, scenario):\n    print(variant_name, scenario)\n`,
    });
    await ran(run);
    expect(await staleBy(run, 'scenarios.yaml', 'do s03', 'undo s03')).toBe(6);
  });
});
