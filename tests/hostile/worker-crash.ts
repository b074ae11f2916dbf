// Threads that die under their orders, in all the ways a thread can: the real loop and the real pool over a thread's
// module that kills itself when an order says so.
import assert from 'node:assert/strict';
import type { Store } from '../../src/cache/store.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { shuffle } from '../../src/core/shuffle.ts';
import type { Task } from '../../src/core/task.ts';
import { makePoolExecutor } from '../../src/executor/pool.ts';
import type { TaskContext } from '../../src/run/input.ts';
import { makeLane } from '../../src/run/limits/lanes.ts';
import { runLoop } from '../../src/run/run.ts';
import { rig } from '../rig/loop.ts';
import { orderAt, REQUEST, realClock } from '../rig/model-calls.ts';
import type { Row } from '../rig/row.ts';

const TASKS = 60;
const CONCURRENCY = 8;
const RETRIES = 8;
/** Of the attempt; the loop's watchdog comes five seconds after it. */
const TIMEOUT_MS = 500;
const THREAD = new URL('../rig/threads/random-crash-thread.ts', import.meta.url);

/** How often each order dies before it is done; 99 = always. */
const QUICK_DEATHS = ['exit 1', 'exit 2', 'stray 1', 'stray 2', 'throw 1', 'memory 1', 'exit 99'] as const;
/** Found out by the watchdog only: five seconds each time. */
const SLOW_DEATHS = ['loop 1', 'never 1'] as const;

export const row: Row = {
  name: 'worker-crash',
  how: `of ${TASKS} orders some exit their thread, throw from a timer, take all memory, loop for ever or never settle, once, twice or always`,
  holds:
    'lost attempts are recorded as worker-lost, threads are replaced, every other task gets its answer, the order that always kills is given up after its retries, the run ends',
  full: 12,
  unit: 'runs',
  seconds: 37,
  async run({ count, random, isOver }) {
    let tried = 0;
    let lost = 0;
    for (; tried < count && !isOver(); tried++) {
      // The slow ones every fifth time: they are mostly waiting.
      lost += await round(tried % 5 === 0 ? [...QUICK_DEATHS, ...SLOW_DEATHS] : QUICK_DEATHS, random);
    }
    return { tried, seen: `${lost} attempts lost, ${tried * (TASKS - 1)} tasks answered` };
  },
};

async function round(deaths: readonly string[], random: () => number): Promise<number> {
  const { input, store, pending } = rig({ tasks: TASKS, script: () => 'never' });
  const order = shuffle([...pending], random);
  const deathOf = new Map(deaths.map((death, i) => [order[i]!.key as string, death]));
  await using executor = makePoolExecutor({
    folder: '/',
    ...{ workers: 2, capacity: CONCURRENCY, env: {}, clock: realClock, threadUrl: THREAD, isSpread: true },
  });
  const limits = { concurrency: CONCURRENCY, requestsPerMinute: null, tokensPerMinute: null };
  const totals = await runLoop({
    ...input,
    executor,
    clock: realClock,
    concurrency: CONCURRENCY,
    retries: RETRIES,
    // Short pauses between attempts: how long they are is no matter here.
    random: () => 0.01,
    lanes: new Map([['made', makeLane('made', { limits, most: CONCURRENCY })]]),
    contextOf: (task) => contextOf(input.contextOf(task), { task, says: deathOf.get(task.key) ?? 'work 0' }),
  });
  assert.equal(totals.stopped, null);
  let lost = 0;
  for (const { key, scenario } of pending) {
    const record = recordOf(store, key);
    const { attempts } = record;
    const death = deathOf.get(key) ?? 'work 0';
    const times = Number(death.split(' ')[1]);
    const errors = attempts.map(({ error }) => error?.kind ?? null);
    const failed = errors.filter((kind) => kind !== null);
    lost += failed.length;
    assert.ok(
      failed.every((kind) => kind === 'worker-lost'),
      `${death}: ${errors}`,
    );
    if (times > RETRIES) {
      assert.equal(record.status, 'failed', death);
      assert.equal(errors.length, RETRIES + 1, `${death}: ${errors}`);
    } else {
      assert.equal(record.status, 'completed', `${death} ${scenario}: ${errors}`);
      assert.ok(failed.length >= times && errors.at(-1) === null, `${death}: ${errors}`);
    }
  }
  const after = await executor.execute(orderOf('work 0'));
  assert.equal(after.kind, 'success', 'the pool works on');
  return lost;
}

function recordOf(store: Store, key: string): ScenarioResult {
  const row = [...store.records()].find((each) => each.key === key);
  assert.ok(row, 'every task has a record');
  const read = store.read(row);
  assert.ok(read.kind === 'ok');
  return read.value;
}

function contextOf(context: TaskContext, of: { readonly task: Task; readonly says: string }): TaskContext {
  return {
    ...context,
    order: (attempt) => ({ ...orderOf(of.says), key: of.task.key, cell: of.task, attempt }),
  };
}

function orderOf(says: string) {
  return orderAt(null, {
    timeoutMs: TIMEOUT_MS,
    request: { ...REQUEST, messages: [{ role: 'user', content: says }] },
  });
}
