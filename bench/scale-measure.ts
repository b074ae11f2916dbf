// What a task costs: the inputs of scale.ts that no row of results.md has. Times are processor time, which a busy machine inflates
// less than the clock does; medians of three.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { openRedis } from '../tests/rig/redis.ts';
import { fillHistory, writeExperiment } from './made.ts';
import { CLI, median, medianCpu, ROOT, repeat, runNode, tempFolder } from './measure.ts';
import type { Input, Inputs } from './scale-model.ts';

const CELLS = 100_002;
const TIMES = 3;
/** Letters of an order, and of an outcome. */
const BODY = 2_000;
const ORDERS = 20_000;
const IN_FLIGHT = 64;

export async function measureInputs(): Promise<Inputs> {
  return { ...fromRows(), ...(await measureMillion()), ...(await measureStore()), ...(await measureQueue()) };
}

function fromRows(): Pick<Inputs, 'plan_us' | 'plan_bytes' | 'writer_us'> {
  const rows = readFileSync(path.join(ROOT, 'bench/results.md'), 'utf8').split('\n');
  const numbers = (what: string, pattern: RegExp): readonly number[] => {
    const row = rows.find((line) => line.startsWith(`| ${what} |`));
    const found = row === undefined ? null : pattern.exec(row);
    if (found === null) throw new Error(`results.md has no row "${what}"`);
    return found.slice(1).map(Number);
  };
  const million = 'plan, 1,000,002 tasks that nobody drew';
  const durable = 'results of 2 kB made durable and acknowledged, loop and store';
  const [planS = 0, planMb = 0] = numbers(million, /\| ([\d.]+) s, (\d+) MB/);
  const [perSecond = 1] = numbers(durable, /\| (\d+)\/s \|/);
  return {
    plan_us: input((planS * 1_000_000) / 1_000_002, `row "${million}"`),
    plan_bytes: input((planMb * 1024 ** 2) / 1_000_002, `row "${million}"`),
    writer_us: input(1_000_000 / perSecond, `row "${durable}"`),
  };
}

/** Rows of results.md end at 100,002 tasks, where most of the memory is not the tasks'. */
export async function measureMillion(): Promise<Pick<Inputs, 'null_us' | 'null_bytes'>> {
  const { folder, remove } = tempFolder();
  try {
    const provider = ['type: sim', 'limits: { concurrency: 64 }'];
    writeExperiment({ folder, variants: 2, scenarios: 166_667, runs: 3, provider });
    const cells = await fillHistory(folder);
    const runs = await repeat(TIMES, () => runNode([CLI, 'run', '--json'], { cwd: folder }));
    const start = medianCpu(await repeat(TIMES, () => runNode([CLI, '--version'])));
    const from = `a null run of ${cells.toLocaleString('en')} tasks`;
    return {
      null_us: input(((medianCpu(runs) - start) * 1_000) / cells, from),
      null_bytes: input((median(runs.map(({ peakMb }) => peakMb)) * 1024 ** 2) / cells, from),
    };
  } finally {
    remove();
  }
}

type OfStore = 'record_bytes' | 'index_bytes' | 'index_us' | 'view_bytes' | 'view_us';

async function measureStore(): Promise<Pick<Inputs, OfStore>> {
  const { folder, remove } = tempFolder();
  try {
    const provider = ['type: sim', 'limits: { concurrency: 64 }'];
    writeExperiment({ folder, variants: 2, scenarios: CELLS / 6, runs: 3, provider });
    await fillHistory(folder, { distinct: true });
    const artifacts = path.join(folder, 'artifacts/made');
    const run = (args: readonly string[]) => repeat(TIMES, () => runNode([CLI, ...args], { cwd: folder }));
    const index = medianCpu(await run(['reindex'])) - medianCpu(await run(['--version']));
    const nothing = medianCpu(await run(['run', '--json']));
    const views = await repeat(TIMES, () => {
      rmSync(path.join(artifacts, 'runs'), { recursive: true, force: true });
      return runNode([CLI, 'run', '--json'], { cwd: folder });
    });
    const view = medianCpu(views) - nothing;
    return {
      record_bytes: input(bytesBelow(path.join(artifacts, 'history')) / CELLS, 'history/ of made records'),
      index_bytes: input(statSync(path.join(artifacts, 'index.db')).size / CELLS, 'index.db'),
      // Both are made of the same reading: what the view takes is in it.
      index_us: input(((index - view) * 1_000) / CELLS, 'reindex, less the view'),
      view_bytes: input(bytesBelow(path.join(artifacts, 'runs')) / CELLS, 'runs/'),
      view_us: input((view * 1_000) / CELLS, 'a null run without runs/, less one with it'),
    };
  } finally {
    remove();
  }
}

type OfQueue = 'order_bytes' | 'order_redis_us' | 'order_coordinator_us';

/** As much of BullMQ's and ioredis' as is used here. */
type Client = {
  hset(key: string, field: string, text: string): Promise<unknown>;
  hget(key: string, field: string): Promise<string | null>;
  hdel(key: string, field: string): Promise<unknown>;
  disconnect(): void;
};
type Packages = {
  readonly Redis: new (url: string, options: object) => Client;
  readonly Queue: new (
    name: string,
    options: object,
  ) => {
    addBulk(jobs: readonly object[]): Promise<unknown>;
    close(): Promise<void>;
  };
  readonly Worker: new (
    name: string,
    perform: (job: { readonly id: string }) => Promise<unknown>,
    options: object,
  ) => {
    close(): Promise<void>;
  };
};

/** Orders added, taken and ended by BullMQ; outcomes set, read and deleted. Redis appends to its disk, once a second. */
async function measureQueue(): Promise<Pick<Inputs, OfQueue>> {
  const { Redis, Queue, Worker } = queuePackages();
  await using server = await openRedis({ settings: ['appendfsync everysec'] });
  const used = async (): Promise<{ readonly bytes: number; readonly cpuS: number }> => {
    const info = String(await server.ask('INFO'));
    const field = (name: string): number => Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)![1]);
    return {
      bytes: field('used_memory'),
      cpuS: field('used_cpu_user') + field('used_cpu_sys'),
    };
  };
  const prefix = 'expgraph:{bench}';
  const connect = (): Client =>
    new Redis(server.url, { maxRetriesPerRequest: null, enableAutoPipelining: true });
  const [client, taking] = [connect(), connect()];
  const queue = new Queue('orders', { connection: client, prefix });
  const body = 'x'.repeat(BODY);
  const before = await used();
  const cpuBefore = process.cpuUsage();
  for (let from = 0; from < ORDERS; from += 500) {
    const jobs = Array.from({ length: 500 }, (_, i) => ({
      name: 'order',
      data: body,
      opts: { jobId: `order.${from + i}`, removeOnComplete: true },
    }));
    await queue.addBulk(jobs);
  }
  const added = process.cpuUsage(cpuBefore);
  const full = await used();
  const outcomes = `${prefix}:outcomes`;
  let done = 0;
  await new Promise<void>((resolve) => {
    const worker = new Worker(
      'orders',
      async ({ id }) => {
        await taking.hset(outcomes, id, body);
        if (++done === ORDERS) void worker.close().then(resolve);
      },
      { connection: taking, prefix, concurrency: IN_FLIGHT },
    );
  });
  const cpuTaken = process.cpuUsage();
  for (let from = 0; from < ORDERS; from += 500) {
    const ids = Array.from({ length: 500 }, (_, i) => `order.${from + i}`);
    await Promise.all(ids.map((id) => client.hget(outcomes, id)));
    await Promise.all(ids.map((id) => client.hdel(outcomes, id)));
  }
  const taken = process.cpuUsage(cpuTaken);
  const after = await used();
  await queue.close();
  for (const one of [client, taking]) one.disconnect();
  const coordinatorUs = (added.user + added.system + taken.user + taken.system) / ORDERS;
  const from = `${ORDERS.toLocaleString('en')} orders and outcomes of 2 kB through BullMQ`;
  return {
    order_bytes: input((full.bytes - before.bytes) / ORDERS, from),
    order_redis_us: input(((after.cpuS - before.cpuS) * 1_000_000) / ORDERS, `${from}, appendonly yes`),
    order_coordinator_us: input(coordinatorUs, from),
  };
}

function queuePackages(): Packages {
  const require = createRequire(path.join(ROOT, 'package.json'));
  return { ...(require('bullmq') as object), Redis: require('ioredis').Redis } as Packages;
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .reduce((sum, one) => sum + statSync(path.join(one.parentPath, one.name)).size, 0);
}

/** Three digits: more are noise. */
function input(value: number, from: string): Input {
  return { value: Number(value.toPrecision(3)), from };
}
