// Use cases called by a program: plain data in, a value out, nothing printed. What they say to a user is held by tests/e2e.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/project/doctor/diagnose.ts';
import { exportResults } from '../../src/project/exchange/export.ts';
import { type ImportInput, importResults } from '../../src/project/exchange/import.ts';
import { writeTemplate } from '../../src/project/init/template.ts';
import { checkStore, isSound } from '../../src/project/keep/check-store.ts';
import {
  archiveRecords,
  isEmptyPlan,
  planGc,
  restoreArchive,
} from '../../src/project/keep/collect-garbage.ts';
import { rebuildIndex } from '../../src/project/keep/rebuild-index.ts';
import { tracingStatus } from '../../src/project/langsmith/status.ts';
import { type Experiment, openExperiment } from '../../src/project/open/experiment.ts';
import { makeFilter } from '../../src/project/open/filters.ts';
import { serveSim } from '../../src/project/sim/serve.ts';
import { readSimSettings } from '../../src/project/sim/settings.ts';
import { checkParity } from '../../src/project/variants/parity.ts';
import { diffVariants, listVariants } from '../../src/project/variants/variants.ts';
import { writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';
import { type TestWorld, testWorld } from '../rig/world.ts';

const MANIFEST = `version: 1
name: small
runs: 1
provider: sim
variants: { a: { system: be short }, b: { system: be long } }
scenarios: [scenarios.jsonl]
`;

const RESULTS = ['a', 'b'].map((variant) => ({ variant, scenario: 's1', run: 1, text: variant, grade: 1 }));

type Opened = { readonly world: TestWorld; readonly experiment: Experiment; readonly folder: string };

async function opened(files: { readonly [name: string]: string } = {}): Promise<Opened> {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': MANIFEST,
    'scenarios.jsonl': '{"id":"s1","input":"say it"}\n',
    'results.jsonl': RESULTS.map((one) => `${JSON.stringify(one)}\n`).join(''),
    ...files,
  });
  const world = testWorld(folder);
  return { world, experiment: await openExperiment(world, 'experiment.yaml'), folder };
}

const LOCKING = { remote: 'no', wait: false, argv: ['a program'] } as const;

function importInput(experiment: Experiment, more: Partial<ImportInput> = {}): ImportInput {
  return {
    experiment,
    sources: ['results.jsonl'],
    format: null,
    mapping: { fields: {}, scores: { grade: 'grade' }, runsFrom: 1, variant: null },
    taken: 'refuse',
    requests: null,
    skipBad: false,
    dryRun: false,
    findNext: false,
    ...LOCKING,
    ...more,
  };
}

describe('results made elsewhere', () => {
  test('are taken once, and the second time found to be there', async () => {
    const { world, experiment } = await opened();
    const first = await importResults(world, importInput(experiment));
    expect(first.kept).toEqual({ imported: 2, there: 0, failed: 0, stopped: false });
    expect(first).toMatchObject({ format: 'jsonl', untakenScores: ['grade'], next: [] });
    const again = await importResults(world, importInput(experiment));
    expect(again.kept).toEqual({ imported: 0, there: 2, failed: 0, stopped: false });
    expect(world.notices).toEqual([]);
  });

  test('are counted and not kept by a dry run', async () => {
    const { world, experiment } = await opened();
    const { kept } = await importResults(world, importInput(experiment, { dryRun: true }));
    expect(kept.imported).toBe(2);
    const later = await importResults(world, importInput(experiment));
    expect(later.kept).toMatchObject({ imported: 2, there: 0 });
  });

  test('are all refused where one is wrong, with its place as a notice', async () => {
    const { world, experiment } = await opened({ 'results.jsonl': '{"text":"whose?"}\n' });
    await expect(importResults(world, importInput(experiment))).rejects.toThrow('1 of 1 results cannot');
    expect(world.notices).toMatchObject([
      { kind: 'lines', text: expect.stringContaining('results.jsonl:1') },
    ]);
  });

  test('are left where they are when an end was asked for', async () => {
    const { world, experiment } = await opened();
    world.stop();
    const { kept } = await importResults(world, importInput(experiment));
    expect(kept).toEqual({ imported: 0, there: 0, failed: 0, stopped: true });
  });
});

describe('what is kept', () => {
  test('is exported as chunks of text that the caller writes where it likes', async () => {
    const { world, experiment } = await opened();
    await importResults(world, importInput(experiment));
    let text = '';
    const write = (chunks: Iterable<string>): void => {
      for (const chunk of chunks) text += chunk;
    };
    const result = await exportResults(world, {
      experiment,
      filter: makeFilter({ variant: ['a'] }),
      selection: { kind: 'all' },
      form: { kind: 'jsonl', write },
    });
    expect(result).toEqual({ exported: 1, damaged: 0 });
    expect(JSON.parse(text)).toMatchObject({ variant: 'a', scenario: 's1' });
  });

  test('is checked, and indexed anew', async () => {
    const { world, experiment } = await opened();
    await importResults(world, importInput(experiment));
    expect(await rebuildIndex(world, { experiment, ...LOCKING })).toMatchObject({ records: 2, scores: null });
    const report = await checkStore(world, { experiment, repair: false, ...LOCKING });
    expect(isSound(report)).toBe(true);
    expect(report).toMatchObject({ findings: [], mended: null, checked: { records: 2 } });
  });

  test('goes into an archive by the plan that was agreed to, and comes back from it', async () => {
    const { world, experiment, folder } = await opened();
    await importResults(world, importInput(experiment));
    const newer = RESULTS.map((one) => `${JSON.stringify({ ...one, text: 'newer' })}\n`).join('');
    writeFiles(folder, { 'results.jsonl': newer });
    await importResults(world, importInput(experiment, { taken: 'supersede' }));
    const input = { experiment, olderThan: null, keep: 1 };
    const agreed = planGc(input);
    expect(isEmptyPlan(agreed)).toBe(false);
    const done = await archiveRecords(world, { ...input, agreed, ...LOCKING });
    const archive = done.archive!;
    expect(isEmptyPlan(planGc(input))).toBe(true);
    const restored = await restoreArchive(world, { experiment, archive, ...LOCKING });
    expect(restored).toEqual({ archive, records: done.plan.groups[0]!.records, problems: [] });
  });
});

describe('an experiment', () => {
  test('tells its arms, their differences and what they can express', async () => {
    const { experiment } = await opened();
    expect(listVariants({ experiment, names: ['b'] })).toMatchObject([{ name: 'b', kind: 'call', runs: 1 }]);
    expect(diffVariants({ experiment, names: [] })).toMatchObject([{ from: 'a', to: 'b' }]);
    const cells = await checkParity({ experiment, filter: makeFilter({}) });
    expect(cells.map(({ variant, scenario }) => [variant, scenario])).toEqual([
      ['a', 's1'],
      ['b', 's1'],
    ]);
  });

  test('is diagnosed as checks', async () => {
    const { world } = await opened();
    const { checks, experiment } = await diagnose(world, { file: 'experiment.yaml' });
    expect(experiment?.manifest.name).toBe('small');
    expect(checks.map(({ name, state }) => [name, state])).toEqual([
      ['node', 'ok'],
      ['manifest', 'ok'],
      ['arms', 'off'],
      ['endpoint of sim', 'ok'],
      ['store', 'ok'],
      ['LangSmith', 'off'],
    ]);
  });

  test('is diagnosed where it is not, or has mistakes, which are noticed', async () => {
    const { world } = await opened({ 'broken.yaml': 'version: 1\nvariants: 3\n' });
    const missing = await diagnose(world, { file: 'nowhere.yaml' });
    const broken = await diagnose(world, { file: 'broken.yaml' });
    for (const { checks, experiment } of [missing, broken]) {
      expect(experiment).toBe(null);
      expect(checks.at(-1)).toMatchObject({ name: 'manifest', state: 'failed' });
    }
    expect(world.notices).toMatchObject([{ kind: 'diagnostics' }]);
  });

  test('has a status of its traces without LangSmith', async () => {
    const { world, experiment } = await opened();
    expect(tracingStatus(world, experiment)).toMatchObject({ tracing: 'off', api: null, spools: [] });
  });
});

test('a template is written as a whole, and nothing of it over what is there', () => {
  const folder = path.join(tempFolder(), 'new');
  const { files } = writeTemplate({ folder, template: 'prompt', dryRun: false });
  expect(files[0]).toBe('experiment.yaml');
  expect(readFileSync(path.join(folder, 'experiment.yaml'), 'utf8')).toContain('version: 1');
  expect(() => writeTemplate({ folder, template: 'prompt', dryRun: false })).toThrow('nothing was written');
});

test('a simulation is served until an end is asked for, and says what it counted', async () => {
  const world = testWorld(tempFolder());
  let answered = 0;
  const settings = readSimSettings({
    ...{ latency: '0', spread: '0', errors: '0', drops: '0', hangs: '0', halfJson: '0', drips: '0' },
    ...{ dripMs: '1', invalidUtf8: '0', huge: '0', hugeBytes: '1', seed: '0' },
    ...{ outageMs: '5000', outageStatus: '503', limitHeaders: true, retryAfter: true },
  });
  const ended = serveSim(world, {
    settings,
    port: 0,
    async onStart(url) {
      answered = (await fetch(`${url}/models`)).status;
      world.stop();
    },
  });
  expect(await ended).toBeTypeOf('object');
  expect(answered).toBe(200);
});
