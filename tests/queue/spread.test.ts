// A run over workers leaves what a run in one process leaves; only workers have keys, and nothing secret is in Redis.
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../rig/cli.ts';
import { startCountedModel } from '../rig/counted-model.ts';
import { NO_REDIS, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { recordsByKey, viewEssence } from '../rig/small-experiment.ts';
import { begun, startCoordinator, startWorker, writeSpread } from '../rig/spread.ts';
import { tempFolder } from '../rig/temp.ts';

describe.skipIf(NO_REDIS)(`work over a queue${WITH_REDIS}`, () => {
  it('two workers leave the records of a local run, and Redis as empty as it was', async () => {
    const redis = await startRedis();
    const model = await startCountedModel();
    onTestFinished(() => model[Symbol.asyncDispose]());
    const [local, spread] = [tempFolder(), tempFolder()];
    for (const folder of [local, spread]) writeSpread(folder, model.url, { scenarios: 40 });
    await cli(['run'], { cwd: local, env: { SPREAD_KEY: 'here' } });
    const before = model.answered();

    // A busy machine lets nobody speak for a second: whoever is silent for that long is not lost here.
    const workers = [1, 2].map(() => startWorker(spread, redis.url, ['--lock', '30s']));
    await Promise.all(workers.map(begun));
    const { code, stdout, stderr } = await startCoordinator(spread, redis.url).ended;
    expect(code, stderr).toBe(0);
    const summary = JSON.parse(stdout) as { executed: number; complete: boolean };
    expect([summary.executed, summary.complete, model.answered() - before]).toEqual([80, true, 80]);
    expect(viewEssence(spread)).toEqual(viewEssence(local));
    for (const lines of recordsByKey(spread).values()) expect(lines).toHaveLength(1);

    for (const { child } of workers) child.kill('SIGINT');
    const ended = await Promise.all(workers.map(({ ended: one }) => one));
    expect(ended.map((one) => one.code)).toEqual([130, 130]);
    const done = ended.map(({ stderr: told }) => Number(/(\d+) orders? done/.exec(told)?.[1]));
    expect(done.reduce((sum, one) => sum + one, 0)).toBe(80);
    for (const one of done) expect(one).toBeGreaterThan(0);
    expect(await redis.ask('KEYS', '*')).toEqual([]);
  });
});
