// What each template of `init` does in the hands of somebody who follows its README.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RunSummary } from '../../src/core/summary.ts';
import { TEMPLATES } from '../../src/project/open/templates.ts';
import { cli } from '../rig/cli.ts';
import { editFile, filesBelow, ROOT } from '../rig/files.ts';
import { withoutPython } from '../rig/python.ts';
import { tempFolder } from '../rig/temp.ts';

async function made(template: string): Promise<string> {
  const folder = path.join(tempFolder(), template);
  mkdirSync(folder);
  const { code, stderr } = await cli(['init', '--template', template], { cwd: folder });
  if (code !== 0) throw new Error(stderr);
  return folder;
}

describe.each(Object.keys(TEMPLATES))('the template %s', (template) => {
  const isPython = template === 'command';

  it.skipIf(isPython && withoutPython())('runs at once, scores, and is then up to date', async () => {
    const folder = await made(template);
    const inside = { cwd: folder };
    const doctor = await cli(['doctor'], inside);
    expect([doctor.code, doctor.stderr]).toEqual([0, '']);
    expect(doctor.stdout).not.toMatch(/^(failed|warning)/m);
    const ran = await cli(['run', '--json'], inside);
    expect(ran.code, ran.stderr).toBe(0);
    const { failed, complete, simulated, scores } = JSON.parse(ran.stdout) as RunSummary;
    expect({ failed, complete, simulated }).toEqual({ failed: 0, complete: true, simulated: true });
    const means = scores!.rows.map(({ mean }) => mean ?? 0);
    expect(means.some((mean) => mean > 0)).toBe(true);
    expect(new Set(means).size, 'arms that differ').toBeGreaterThan(1);
    expect(scores!.rows.map(({ missing }) => missing)).toEqual(scores!.rows.map(() => 0));
    const plan = JSON.parse((await cli(['plan', '--json'], inside)).stdout);
    expect([plan.pending, plan.stale]).toEqual([0, 0]);
  });

  it.skipIf(isPython && withoutPython())('has a README whose commands work', async () => {
    const folder = await made(template);
    const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
    expect(readme.trim().split('\n').length).toBeLessThanOrEqual(14);
    const lines = [...readme.matchAll(/^ {4}npx expgraph ([^#\n]*?)\s*(?:#.*)?$/gm)].map(([, line]) => line!);
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      const words = line.split(/\s+/).map((word) => word.replaceAll("'", ''));
      const { code, stderr } = await cli(words, { cwd: folder });
      expect(code, `${line}: ${stderr}`).toBe(0);
    }
  });

  it('is asked of a real model after the lines that its README names', async () => {
    const folder = await made(template);
    const readme = readFileSync(path.join(folder, 'README.md'), 'utf8').replace(/\n/g, ' ');
    const edits = [...readme.matchAll(/`([^`]+)` to `([^`]+)`/g)];
    expect(edits.length).toBeGreaterThan(0);
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      edits.reduce((edited, [, from, to]) => edited.replaceAll(from!, to!), text),
    );
    const { code, stdout, stderr } = await cli(['plan', '--json'], { cwd: folder });
    // How old the prices are that come with expgraph hangs on the day, and is no mistake.
    expect([code, stderr.replace(/^expgraph: prices that come with .*\n/m, '')]).toEqual([0, '']);
    const { by_variant: arms } = JSON.parse(stdout).estimate;
    for (const arm of arms) {
      expect(arm.simulated, arm.variant).toBe(false);
      expect(arm.model, arm.variant).toMatch(/^gpt-/);
    }
  });

  it('keeps answers out of git, and keeps what CI paid for', async () => {
    const folder = await made(template);
    expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toMatch(/^artifacts\/$/m);
    const workflow = parse(readFileSync(path.join(folder, '.github/workflows/expgraph.yml'), 'utf8'));
    const { steps } = workflow.jobs.run;
    expect(steps.map((step: { uses?: string; run?: string }) => step.uses ?? step.run)).toEqual([
      ...['actions/checkout@v4', 'actions/setup-node@v4', 'npm ci', 'actions/cache/restore@v4'],
      ...['npx expgraph run', 'actions/cache/save@v4'],
    ]);
    expect(steps.at(-1)).toMatchObject({ if: 'always()', with: { path: '**/artifacts' } });
  });
});

describe.each(Object.keys(TEMPLATES))('the commented lines of the template %s', (template) => {
  const edited = async (edit: (text: string) => string): Promise<string> => {
    const folder = await made(template);
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(path.join(ROOT, 'node_modules/@ai-sdk'), path.join(folder, 'node_modules/@ai-sdk'));
    editFile(path.join(folder, 'experiment.yaml'), edit);
    return folder;
  };
  const REAL: { readonly [model: string]: string } = {
    '[sim-small, sim-large]': '[claude-sonnet-4-5, claude-opus-4-1]',
    'model: sim-large': 'model: claude-opus-4-1',
  };

  it('ask Claude', async () => {
    const folder = await edited((text) =>
      Object.entries(REAL).reduce(
        (said, [from, to]) => said.replaceAll(from, to),
        text
          .replace(/^provider: sim\b/m, 'provider: anthropic')
          .replace(/^ {2}# anthropic: /m, '  anthropic: '),
      ),
    );
    const { code, stdout, stderr } = await cli(['plan', '--json'], { cwd: folder });
    expect(code, stderr).toBe(0);
    const { by_variant: arms } = JSON.parse(stdout).estimate;
    for (const { model, simulated } of arms) {
      expect(model).toMatch(/^claude-/);
      expect(simulated).toBe(false);
    }
    expect(readFileSync(path.join(folder, 'README.md'), 'utf8')).toContain('For Claude:');
  });

  it('say what is paid, so that a budget can be set', async () => {
    const folder = await edited((text) =>
      text
        .replace(/^( +)# pricing: /m, '$1pricing: ')
        .replace(/^provider: sim\b/m, 'provider: openai')
        .replaceAll('[sim-small, sim-large]', '[gpt-4.1-mini, gpt-4.1]')
        .replaceAll('model: sim-large', 'model: gpt-4.1')
        .replace(/^ {2}# budget_usd: 5 /m, '  budget_usd: 5 ')
        .replace(/^execution: \{ /m, 'execution: { budget_usd: 5, '),
    );
    const { code, stderr } = await cli(['plan', '--json'], { cwd: folder });
    expect([code, stderr.includes('error')], stderr).toEqual([0, false]);
    expect(readFileSync(path.join(folder, 'experiment.yaml'), 'utf8')).toMatch(/budget_usd: 5\b/);
  });
});

it.each(['prompt', 'agent', 'dataset'])('the template %s has a gate to be uncommented', async (template) => {
  const folder = await made(template);
  editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace(/^# gate: /m, 'gate: '));
  const { code, stdout } = await cli(['run', '--json'], { cwd: folder });
  const { gate } = JSON.parse(stdout) as RunSummary;
  expect([code, gate!.map(({ held }) => held)]).toEqual([6, [false]]);
});

it('writes all of a template or nothing, and names what is in the way', async () => {
  const folder = tempFolder();
  writeFileSync(path.join(folder, 'README.md'), 'mine');
  symlinkSync('nowhere', path.join(folder, 'cases.csv'));
  writeFileSync(path.join(folder, 'prompts'), 'a file');
  const { code, stderr } = await cli(['init', '--template', 'prompt'], { cwd: folder });
  expect([code, stderr]).toEqual([
    2,
    'expgraph: README.md, cases.csv, prompts are there already and nothing was written; name another folder: npx expgraph init my-experiment --template prompt\n',
  ]);
  expect(filesBelow(folder).toSorted()).toEqual(['README.md', 'prompts']);
});

it('writes into a folder that holds other things', async () => {
  const folder = tempFolder();
  writeFileSync(path.join(folder, 'main.py'), 'pass');
  expect((await cli(['init', '--template', 'dataset'], { cwd: folder })).code).toBe(0);
  expect(readFileSync(path.join(folder, 'main.py'), 'utf8')).toBe('pass');
});

it('asks which is meant where a template is misspelt, and takes one way to begin', async () => {
  const folder = tempFolder();
  const misspelt = await cli(['init', '--template', 'promt'], { cwd: folder });
  expect([misspelt.code, misspelt.stderr]).toEqual([
    2,
    'expgraph: there is no template "promt"; did you mean "prompt"?\n',
  ]);
  expect((await cli(['init', '--template', 'xyz'], { cwd: folder })).stderr).toContain(
    'they are: prompt, tools, agent, command, dataset',
  );
  expect((await cli(['init', '--template', 'agent', '--from-pytest'], { cwd: folder })).code).toBe(2);
  expect(filesBelow(folder)).toEqual([]);
});

it('names the schema where the package is, and says where workflows have to be', async () => {
  const folder = tempFolder();
  mkdirSync(path.join(folder, '.git'));
  mkdirSync(path.join(folder, 'node_modules'));
  symlinkSync(ROOT, path.join(folder, 'node_modules/expgraph'));
  const { stdout } = await cli(['init', 'evals/first', '--template', 'prompt'], { cwd: folder });
  expect(stdout).toContain('move .github to ../.., and write in it working-directory: evals/first');
  expect(stdout).not.toContain('npm install');
  expect(readFileSync(path.join(folder, 'evals/first/experiment.yaml'), 'utf8')).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/\.\.\/node_modules\/expgraph\/schema\/experiment\.schema\.json\n/,
  );
});

it('says without a template which others there are', async () => {
  const { stdout } = await cli(['init'], { cwd: tempFolder() });
  expect(stdout).toContain(
    '--template prompt|tools|agent|command|dataset, or --from-promptfoo, --from-inspect, --from-data, --from-pytest',
  );
});
