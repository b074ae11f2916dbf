// What begins before the plan is made: a thread, where it is certain that a model will be asked, and nothing anywhere else.
// @project e2e: threads are started.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Plan } from '../../src/core/task.ts';
import { makeStandBy } from '../../src/project/draw/stand-by.ts';
import { openExperiment } from '../../src/project/open/experiment.ts';
import type { World } from '../../src/project/open/world.ts';
import { planTasks } from '../../src/project/preview/plan.ts';
import { writeFiles } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';
import { testWorld } from '../rig/world.ts';

const root = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const MODEL = 'variants: { a: { system: be short } }';
const PROGRAM = 'variants: { a: { command: [node, answer.mjs] } }';

async function standingBy(name: string, variants: string, changes: Partial<World> = {}) {
  const folder = path.join(root, name);
  writeFiles(folder, {
    'experiment.yaml': `version: 1\nname: small\nruns: 1\nprovider: sim\n${variants}\nscenarios: [scenarios.jsonl]\n`,
    'scenarios.jsonl': '{"id":"s1","input":"say it"}\n',
    'answer.mjs': '',
  });
  const world: World = { ...testWorld(folder), ...changes };
  const experiment = await openExperiment(world, 'experiment.yaml');
  const standBy = makeStandBy(world, experiment);
  const settings = { env: world.env, folder: experiment.manifest.folder };
  /** Taken once, whoever asks. */
  const isThere = async (): Promise<boolean> => {
    const thread = standBy.take(settings);
    await thread?.end();
    return thread !== null;
  };
  return { world, folder, standBy, isThere, [Symbol.asyncDispose]: () => standBy[Symbol.asyncDispose]() };
}

const planOf = (world: World): Promise<Plan> => planTasks(world, { file: 'experiment.yaml' });

test('where nothing was ever drawn a thread loads before the store is locked', async () => {
  await using at = await standingBy('fresh', MODEL);
  await at.standBy.ifFresh();
  expect(await at.isThere()).toBe(true);
  expect(await at.isThere()).toBe(false);
});

test('where something was drawn it waits for the plan, and opens none where nothing is to be done', async () => {
  await using at = await standingBy('drawn', MODEL);
  const planned = await planOf(at.world);
  expect((await inProcess(['run'], { cwd: at.folder })).code).toBe(0);
  await at.standBy.ifFresh();
  await at.standBy.ifPending(await planOf(at.world));
  expect(await at.isThere()).toBe(false);
  await at.standBy.ifPending(planned);
  expect(await at.isThere()).toBe(true);
});

test.each([
  ['a program does the work', PROGRAM, {}],
  ['all is done in one thread', MODEL, { isOneThread: true }],
  ['somebody else does the orders', MODEL, { makeExecutor: () => Promise.reject(new Error('not asked')) }],
] as const)('no thread is opened where %s', async (name, variants, changes) => {
  await using at = await standingBy(name, variants, changes);
  await at.standBy.ifFresh();
  await at.standBy.ifPending(await planOf(at.world));
  expect(await at.isThere()).toBe(false);
});

test('each invocation of a command hears what git says in its own time', async () => {
  await using at = await standingBy('git', MODEL);
  const first = at.standBy.provenance();
  expect(at.standBy.provenance()).not.toBe(first);
  expect(await first).toMatchObject({ git: null, node: process.versions.node });
});
