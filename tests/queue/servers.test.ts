// What Redis itself may do: restart with and without its data, forget everything, be unfit, full or silent. A run goes on, and
// what was acknowledged is neither lost nor paid again.
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CountedModel, startCountedModel } from '../rig/counted-model.ts';
import type { Started } from '../rig/program.ts';
import { NO_REDIS, type RedisServer, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { eventLines, recordsByKey } from '../rig/small-experiment.ts';
import { begun, startCoordinator, startWorker, writeSpread } from '../rig/spread.ts';
import { tempFolder } from '../rig/temp.ts';

const TASKS = 60;

type Run = {
  readonly folder: string;
  readonly model: CountedModel;
  readonly coordinator: Started;
  readonly workers: readonly Started[];
};

async function startRun(redis: RedisServer, { latencyMs = 60 } = {}): Promise<Run> {
  const model = await startCountedModel({ latencyMs });
  onTestFinished(() => model[Symbol.asyncDispose]());
  const folder = tempFolder();
  writeSpread(folder, model.url, { scenarios: TASKS / 2, concurrency: 8 });
  // A Redis that starts slowly is no silent worker.
  const workers = [1, 2].map(() => startWorker(folder, redis.url, ['--lock', '20s']));
  onTestFinished(() => {
    for (const { child } of [...workers, coordinator]) child.kill('SIGKILL');
  });
  await Promise.all(workers.map(begun));
  const coordinator = startCoordinator(folder, redis.url);
  return { folder, model, coordinator, workers };
}

/** Some are done, and some are not. */
async function underWay({ model }: Run): Promise<void> {
  await expect.poll(() => model.answered()).toBeGreaterThan(TASKS / 5);
}

async function wholeAndOnce({ folder, model, coordinator }: Run): Promise<void> {
  const { code, stderr } = await coordinator.ended;
  expect(code, stderr).toBe(0);
  const records = recordsByKey(folder);
  expect(records.size).toBe(TASKS);
  for (const lines of records.values()) expect(lines).toHaveLength(1);
  const again = eventLines(path.join(folder, 'events.jsonl'))
    .filter(({ kind }) => kind === 'task-finished')
    .filter(({ variant, scenario, at }) =>
      (
        model.asked.get(`system: be ${String(variant).slice(1)} | user: say ${String(scenario).slice(1)}`) ??
        []
      ).some((ms) => ms > Date.parse(String(at))),
    );
  expect(again).toEqual([]);
}

describe.skipIf(NO_REDIS)(`a queue whose Redis fails${WITH_REDIS}`, () => {
  it('is killed, and comes back with its data: nothing is asked twice', async () => {
    const redis = await startRedis({ appendOnly: true });
    const run = await startRun(redis);
    await underWay(run);
    await redis.kill();
    await redis.start();
    await wholeAndOnce(run);
    for (const [said, asked] of run.model.asked) expect(asked, said).toHaveLength(1);
  });

  it('is killed, and comes back empty: all is done, and nothing that was acknowledged is asked again', async () => {
    const redis = await startRedis({ appendOnly: false });
    const run = await startRun(redis);
    await underWay(run);
    await redis.kill();
    await redis.start();
    await wholeAndOnce(run);
    // An answer that lay there, and was in no record yet, is gone with it: of each worker's places one at most.
    const again = [...run.model.asked.values()].filter((asked) => asked.length > 1);
    expect(again.length).toBeLessThanOrEqual(8);
  });

  it('is emptied while calls are under way: none of them is made again', async () => {
    const redis = await startRedis();
    const run = await startRun(redis);
    await underWay(run);
    run.model.hold();
    await expect.poll(() => run.model.inFlight()).toBe(8);
    await redis.flushAll();
    run.model.letGo();
    await wholeAndOnce(run);
    for (const [said, asked] of run.model.asked) expect(asked, said).toHaveLength(1);
    expect(await redis.ask('HLEN', 'expgraph:{small-81db8ebb}:surplus')).toBe(0);
  });

  it('does not answer for a while: nothing is lost, and the run goes on', async () => {
    const redis = await startRedis();
    const run = await startRun(redis);
    await underWay(run);
    redis.freeze();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    redis.thaw();
    await wholeAndOnce(run);
  });
});

describe.skipIf(NO_REDIS)(`a Redis that is not fit for a queue${WITH_REDIS}`, () => {
  async function refusal(redis: RedisServer, url = redis.url): Promise<string> {
    const folder = tempFolder();
    writeSpread(folder, 'http://127.0.0.1:1/v1', { scenarios: 1 });
    const { code, stderr } = await startCoordinator(folder, url).ended;
    expect(code).toBe(2);
    return stderr;
  }

  it('is refused with the setting to change where it may delete work', async () => {
    const redis = await startRedis({ policy: 'allkeys-lru', maxMemory: '50mb' });
    expect(await refusal(redis)).toContain('CONFIG SET maxmemory-policy noeviction');
  });

  it('is refused where it takes nobody without a password, and no password is ever shown', async () => {
    const redis = await startRedis({ password: 'open-sesame' });
    expect(await refusal(redis, `redis://127.0.0.1:${redis.port}`)).toContain('wants a password');
    const wrong = await refusal(redis, `redis://:not-this@127.0.0.1:${redis.port}`);
    expect(wrong).toContain('does not take the password');
    expect(wrong).not.toContain('not-this');
  });

  it('is told of where nobody listens', async () => {
    const redis = await startRedis();
    await redis.stop();
    expect(await refusal(redis)).toContain('nothing listens at');
  });

  it('is told of where it takes the connection and does not answer', async () => {
    const redis = await startRedis();
    redis.freeze();
    expect(await refusal(redis)).toContain('does not answer');
  });
});
