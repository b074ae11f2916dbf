// kill -9 of random workers and of the coordinator while tasks are done: what was acknowledged is there once, is not asked for again,
// and the records are those of a run that was never killed. `EXPGRAPH_QUEUE_TASKS=300` for fewer.
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cli } from '../rig/cli.ts';
import { type CountedModel, startCountedModel } from '../rig/counted-model.ts';
import { type Started, startProgram } from '../rig/program.ts';
import { NO_REDIS, startRedis, WITH_REDIS } from '../rig/redis.ts';
import { eventLines, recordsByKey, viewEssence } from '../rig/small-experiment.ts';
import { begun, startCoordinator, startWorker, writeSpread } from '../rig/spread.ts';
import { tempFolder } from '../rig/temp.ts';

const TASKS = Number(process.env.EXPGRAPH_QUEUE_TASKS ?? 3000);
const KILLS = 50;
const WORKERS = 2;
const BETWEEN_MS = 350;

describe.skipIf(NO_REDIS)(`killed work over a queue${WITH_REDIS}`, () => {
  it(`${KILLS} kills during ${TASKS} tasks lose nothing that was acknowledged, and pay none of it again`, {
    timeout: 600_000,
  }, async () => {
    const redis = await startRedis();
    // So slow that the work outlasts the kills.
    const model = await startCountedModel({ latencyMs: Math.ceil((KILLS * BETWEEN_MS * 12) / TASKS) });
    onTestFinished(() => model[Symbol.asyncDispose]());
    const [local, spread] = [tempFolder(), tempFolder()];
    for (const folder of [local, spread])
      writeSpread(folder, model.url, { scenarios: TASKS / 2, concurrency: 12 });
    const events = path.join(spread, 'events.jsonl');
    const random = seeded(7);
    const workers: Started[] = [];
    const openWorker = (i: number): void => {
      const started = startWorker(spread, redis.url, ['--concurrency', '8']);
      workers[i] = started;
      void started.ended.then(({ signal }) => {
        if (signal === 'SIGKILL' && !isOver) openWorker(i);
      });
    };
    let isOver = false;
    onTestFinished(() => {
      isOver = true;
      for (const { child } of workers) child.kill('SIGKILL');
    });
    for (let i = 0; i < WORKERS; i++) openWorker(i);
    await Promise.all(workers.map(begun));

    let kills = 0;
    let ended: Awaited<Started['ended']> | null = null;
    const killed = { workers: 0, coordinator: 0 };
    while (ended === null || ended.signal === 'SIGKILL') {
      const coordinator = startCoordinator(spread, redis.url, ['-f', 'experiment.yaml']);
      const victims = (): readonly ChildProcess[] => [
        ...workers.map(({ child }) => child),
        coordinator.child,
      ];
      let gone = false;
      void coordinator.ended.then(() => (gone = true));
      while (!gone && kills < KILLS) {
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS * (0.5 + random())));
        if (gone) break;
        const all = victims();
        const who = Math.floor(random() * all.length);
        if (all[who]!.kill('SIGKILL')) {
          kills++;
          killed[who < WORKERS ? 'workers' : 'coordinator']++;
        }
      }
      ended = await coordinator.ended;
      checkAcknowledged(spread, events);
    }
    expect(ended.code, ended.stderr).toBe(0);
    expect(kills).toBe(KILLS);
    expect(killed.coordinator).toBeGreaterThan(5);
    checkAcknowledged(spread, events);
    checkPaidOnce(events, model);
    const records = recordsByKey(spread);
    expect(records.size).toBe(TASKS);
    for (const lines of records.values()) expect(lines).toHaveLength(1);
    await cli(['run'], { cwd: local, env: { SPREAD_KEY: 'here' } });
    expect(withoutErrors(viewEssence(spread))).toEqual(withoutErrors(viewEssence(local)));
    const fsck = await startProgram(['fsck'], { cwd: spread }).ended;
    expect(fsck.code, fsck.stdout + fsck.stderr).toBe(0);
  });
});

/** Attempts that were lost with a worker are told by a record; nothing else differs. */
function withoutErrors(view: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(view).map(([file, text]) => [
      file,
      text.replace(/"errors":\[[^\]]*\]/g, '"errors":[]').replace(/,"paid":\{[^}]*\}/g, ''),
    ]),
  );
}

function checkAcknowledged(folder: string, events: string): void {
  const records = recordsByKey(folder);
  for (const { kind, key } of eventLines(events)) {
    if (kind !== 'task-finished') continue;
    expect(records.get(String(key)) ?? [], `key ${key} was acknowledged`).toHaveLength(1);
  }
}

/** No request begins after the task that it is of was acknowledged. */
function checkPaidOnce(events: string, model: CountedModel): void {
  const again: string[] = [];
  let acknowledged = 0;
  for (const event of eventLines(events)) {
    if (event.kind !== 'task-finished') continue;
    acknowledged++;
    const said = `system: be ${String(event.variant).slice(1)} | user: say ${String(event.scenario).slice(1)}`;
    const asked = model.asked.get(said) ?? [];
    expect(asked.length, said).toBeGreaterThan(0);
    if (asked.some((ms) => ms > Date.parse(String(event.at)))) again.push(said);
  }
  expect(acknowledged).toBeGreaterThan(0);
  expect(again).toEqual([]);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
