// Use cases that look at what is there, called by a program: plain data in, a value or events out, nothing printed. What they say to a
// user is held by tests/e2e.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareArms } from '../../src/project/compare/compare.ts';
import { namesOf } from '../../src/project/complete/names.ts';
import { diffMoments } from '../../src/project/history/diff.ts';
import { readHistory } from '../../src/project/history/history.ts';
import { listInvocations, readInvocation } from '../../src/project/history/log.ts';
import { showRecords } from '../../src/project/history/show.ts';
import { readStatus } from '../../src/project/history/status.ts';
import { planTasks, planWork } from '../../src/project/preview/plan.ts';
import { planDesign } from '../../src/project/preview/power.ts';
import type { WatchEvent } from '../../src/project/watch/events.ts';
import { watchExperiment } from '../../src/project/watch/watch.ts';
import { comparisonJson } from '../../src/report/compare/comparison.ts';
import { writeFiles } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';
import { type TestWorld, testWorld } from '../rig/world.ts';

const file = 'experiment.yaml';
const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
let world: TestWorld;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: small
runs: 1
provider: sim
variants: { a: { system: be short }, b: { system: be long } }
scenarios: [scenarios.jsonl]
`,
    'scenarios.jsonl': '{"id":"s1","input":"say it"}\n{"id":"s2","input":"say it again"}\n',
  });
  world = testWorld(folder);
  expect((await planTasks(world, { file })).pending).toHaveLength(4);
  const { code } = await inProcess(['run', '--runs', '1'], { cwd: folder });
  expect(code).toBe(0);
});

it('a plan is a value with an estimate, of the cells that filters mean', async () => {
  const { plan, estimate, budget, scores, until } = await planWork(world, {
    file,
    force: true,
    variant: ['a'],
  });
  expect(plan.pending.map(({ scenario }) => scenario).sort()).toEqual(['s1', 's2']);
  expect([estimate.calls, budget, scores, until]).toEqual([2, null, null, null]);
});

it('a status counts cells, and is complete when each has its record', async () => {
  const { status, interleaving, until } = await readStatus(world, { file });
  expect(status.rows.map(({ variant, completed }) => [variant, completed])).toEqual([
    ['a', 2],
    ['b', 2],
  ]);
  expect([status.complete, until]).toEqual([true, null]);
  expect(interleaving === null || interleaving.invocation !== '').toBe(true);
});

it('a history is rows of cells, and a pattern that means none is an error', async () => {
  const { rows, cells } = await readHistory(world, { file, pattern: 'a/s1' });
  expect([cells, rows.map(({ standing }) => standing)]).toEqual([1, ['current']]);
  await expect(readHistory(world, { file, pattern: 'c/s1' })).rejects.toThrow('no record matches "c/s1"');
});

it('invocations are listed oldest first, and one of them is told in full', async () => {
  const { invocations } = await listInvocations(world, { file });
  expect(invocations.map(({ number, executed }) => [number, executed])).toEqual([[1, 4]]);
  const { before, groups, folders } = await readInvocation(world, { file, invocation: 'last' });
  expect([before, groups.flatMap(({ rows }) => rows).length, folders.length]).toEqual([null, 4, 1]);
});

it('records are read one at a time while what was found is kept open', async () => {
  using shown = await showRecords(world, { file, variant: ['b'] });
  if (shown.kind !== 'many') throw new Error(shown.kind);
  const said = [...shown.records()].map(({ record, standing }) => [record.scenario, standing]);
  expect([said, shown.damaged]).toEqual([
    [
      ['s1', 'current'],
      ['s2', 'current'],
    ],
    [],
  ]);
  using one = await showRecords(world, { file, record: 'b/s1/1' });
  expect(one.kind === 'one' && one.record.variant).toBe('b');
});

it('two moments are held against each other cell by cell', async () => {
  const { rows, labels } = await diffMoments(world, { file, a: '1', b: 'now' });
  expect(rows.map(({ before, after }) => before?.key === after?.key)).toEqual([true, true, true, true]);
  expect(Object.keys(labels)).toEqual(['before', 'after']);
});

it('a comparison is a value, refused ones with why, and has the shape that is printed as JSON', async () => {
  const comparison = await compareArms(world, { file, variants: ['a', 'b'], metric: 'tokens' });
  expect(comparison.compared.arms.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(comparison.gate).toBeUndefined();
  expect(comparisonJson(comparison)).toMatchObject({ experiment: 'small', metric: 'tokens' });
  await expect(compareArms(world, { file })).rejects.toThrow('nothing judges these answers');
});

it('a design is planned for before anything is drawn', async () => {
  const plan = await planDesign(world, { file, metric: 'pass', effect: '0.2', scenarios: '40' });
  expect([plan.scenarios, plan.arms, plan.effect]).toEqual([40, 2, 0.2]);
});

it('names for completions come from the manifest', async () => {
  const names = await namesOf(world, { file, kind: 'cells', word: 'a/' });
  expect(names.map(({ text }) => text)).toEqual(['a/s1/', 'a/s2/']);
  expect(await namesOf(world, { file: 'none.yaml', kind: 'variants', word: '' })).toEqual([]);
});

it('a watch tells of its rounds in order, and ends when it is left', async () => {
  const seen: WatchEvent['kind'][] = [];
  const { promise: rested, resolve } = Promise.withResolvers<void>();
  const watch = watchExperiment(world, {
    ...{ file, mayRun: false, ask: null, comparesIdle: false, argv: ['a program'], events: null },
    onEvent(event) {
      seen.push(event.kind);
      if (event.kind === 'ended') expect([event.round, event.outcome.kind]).toEqual([1, 'up-to-date']);
      if (event.kind === 'resting') resolve();
    },
  });
  await rested;
  watch.leave();
  expect(await watch.ended).toBe('idle');
  expect(seen).toEqual(['begun', 'planned', 'ended', 'resting']);
});

it('nothing of all that is noticed', () => {
  expect(world.notices.filter(({ kind }) => kind !== 'diagnostics')).toEqual([]);
});
