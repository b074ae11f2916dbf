// A process that does nothing but keep results: the real loop over the real store on a disk, and answers that are there at once.
// Usage: node bench/durable-main.ts FOLDER RESULTS. Prints how long it took from the first order to the last acknowledgement.
import { openStore } from '../src/cache/files.ts';
import { realIo } from '../src/cli/real-io.ts';
import { EMPTY_COMPLETION } from '../src/core/completion.ts';
import type { Order } from '../src/core/order.ts';
import type { Outcome } from '../src/core/outcome.ts';
import type { Plan } from '../src/core/task.ts';
import { makeLane } from '../src/run/limits/lanes.ts';
import { runLoop } from '../src/run/run.ts';
import { invocationRecord, metadata, task } from '../tests/rig/records.ts';

const [folder, results] = process.argv.slice(2);
const IN_FLIGHT = 64;
const TEXT = 'a plausible answer of some length. '.repeat(30);
const NO_LIMITS = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

const io = realIo();
const holder = { pid: process.pid, host: 'bench', command: 'bench', since: new Date().toISOString() };
const opened = openStore({ root: folder!, holder, redact: (text) => text });
if (opened.kind === 'err') throw new Error('locked');
using store = opened.value;
const invocation = store.nextInvocation(new Date());
const record = invocationRecord(invocation);
store.begin(record);
const pending = Array.from({ length: Number(results) }, (_, i) =>
  task({ variant: i % 2 ? 'b' : 'a', scenario: `s${i >> 1}`, run: 1 }),
);
const usage = {
  inputTokens: 30,
  outputTokens: 300,
  totalTokens: 330,
  cachedInputTokens: null,
  reasoningTokens: null,
};
const answered = (): Outcome => ({
  kind: 'success',
  completion: { ...EMPTY_COMPLETION, text: TEXT, finishReason: 'stop', servedModel: 'made-1', usage },
  startedAt: new Date().toISOString(),
  durationMs: 0,
  requestId: 'made',
  limits: null,
});
const order = (of: (typeof pending)[number], attempt: number): Order => ({
  key: of.key,
  cell: of,
  attempt,
  timeoutMs: 60_000,
  endpoint: { type: 'sim', baseUrl: null, apiKeyEnv: null, api: 'chat', headers: {} },
  request: {
    model: 'made-1',
    messages: [{ role: 'user', content: of.scenario }],
    tools: [],
    temperature: 0.2,
    maxOutputTokens: null,
    seed: null,
    params: {},
  },
});
let finished = 0;
const startMs = performance.now();
await runLoop({
  plan: { experiment: 'made', tasks: pending, pending } as unknown as Plan,
  invocation,
  store,
  executor: { capacity: IN_FLIGHT, execute: async () => answered(), abandon: () => {} },
  lanes: new Map([
    ['made', makeLane('made', { limits: { ...NO_LIMITS, concurrency: IN_FLIGHT }, most: IN_FLIGHT })],
  ]),
  laneOf: () => 'made',
  contextOf: (of) => ({
    lane: 'made',
    provider: 'made',
    price: { input: 1, cachedInput: null, output: 1 },
    order: (attempt) => order(of as (typeof pending)[number], attempt),
    paidTurns: () => [],
    estimatedTokens: () => 0,
    learnTokens: () => {},
    boundOf: () => ({ arm: of.variant, inputUsd: 0, guessUsd: 0, outputUsd: 0 }),
    parts: (of as (typeof pending)[number]).contents,
    slug: of.variant,
    metadata: () => metadata(of, invocation),
  }),
  concurrency: IN_FLIGHT,
  retries: 0,
  budgetUsd: null,
  maxNew: null,
  deadline: null,
  inputsChanged: () => null,
  inputsNow: () => 0,
  noticed: () => null,
  learned: () => {},
  clock: io.clock,
  random: Math.random,
  emit: (event) => {
    if (event.kind === 'task-finished') finished++;
  },
  clean: (outcome) => outcome,
  traced: () => null,
  stop: new AbortController().signal,
  abort: new AbortController().signal,
});
const ms = performance.now() - startMs;
await store.end({ ...record, ended_at: new Date().toISOString(), how: 'complete', exit_code: 0 });
if (finished !== pending.length)
  throw new Error(`not ${pending.length} results were acknowledged: ${finished}`);
console.log(JSON.stringify({ ms }));
