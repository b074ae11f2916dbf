// A batch of tests and its news: whose time runs when. What stands for pytest speaks its plugin's words.
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { PytestHarness } from '../../src/core/harness.ts';
import type { Attempted } from '../../src/worker/attempt.ts';
import { runBatch } from '../../src/worker/pytest/pytest-batch.ts';
import { handClock } from '../rig/clock.ts';
import { writeFiles } from '../rig/files.ts';
import { orderAt } from '../rig/model-calls.ts';
import { tempFolder } from '../rig/temp.ts';

const LIMIT_MS = 60_000;

/** @param then what it does once its only test has passed */
function batch(then: string, more: Partial<PytestHarness> = {}) {
  const folder = tempFolder();
  const end = { type: 'end', id: '0', nodeid: 'test_it', outcome: 'passed', phase: 'call', message: null };
  // Where it writes no lines, it records its answer.
  const record = more.collect === null ? { text: 'said' } : null;
  const rest = { longrepr: null, record, properties: {}, stdout: '', stderr: '', log: '', reruns: 0 };
  const news = [
    { type: 'start', id: '0' },
    { ...end, ...rest, duration_ms: 5 },
  ];
  writeFiles(folder, {
    python: `#!/bin/sh\n${news.map((line) => `echo '${JSON.stringify(line)}' >&3`).join('\n')}\n${then}\n`,
  });
  chmodSync(path.join(folder, 'python'), 0o755);
  const harness: PytestHarness = {
    ...{
      kind: 'pytest',
      paths: ['tests'],
      python: './python',
      args: [],
      variant: 'a',
      scenarioParam: null,
      runsFrom: null,
      hasOwnRuns: false,
    },
    variantsFrom: { kind: 'param', name: 'variant' },
    collect: { files: 'results/*.jsonl', fields: { text: 'answer' }, runsFrom: null },
    empty: 'failed',
    ...{
      batch: 10,
      env: { set: {}, pass: [] },
      code: { files: [], packages: [] },
      survey: null,
      reach: null,
    },
    endTimeoutMs: LIMIT_MS,
    ...more,
  };
  const clock = handClock();
  const told: string[] = [];
  const waiting = Promise.withResolvers<void>();
  const settled = Promise.withResolvers<Attempted>();
  const scenario = { id: 'one', input: '', category: null, vars: {}, toolResults: {} };
  const started = runBatch({
    spools: null,
    cells: [
      {
        order: orderAt(null, { timeoutMs: LIMIT_MS, work: { harness, scenario, maxTurns: 1 } }),
        begin: () => told.push('begin'),
        waits() {
          told.push('waits');
          waiting.resolve();
        },
        settle: settled.resolve,
      },
    ],
    ...{ harness, folder, env: process.env, clock },
    waiting: (what) => told.push(what === null ? 'over' : `waiting for ${what.what}`),
  });
  return { clock, told, waiting: waiting.promise, settled: settled.promise, started, folder };
}

test('a test that passed waits for the lines of its harness, and its time does not run', async () => {
  const { told, waiting, settled, started, folder } = batch(
    `until [ -f go ]; do sleep 0.02; done; mkdir -p results; echo '{"variant": "a", "scenario": "one", "run": 1, "answer": "late"}' > results/a.jsonl`,
  );
  await waiting;
  expect(told).toEqual(['begin', 'waits']);
  writeFiles(folder, { go: '' });
  expect((await settled).answer).toMatchObject({ kind: 'completion', completion: { text: 'late' } });
  await started.ended;
});

test('lines that never come, of a pytest that never ends, are waited for as long as a test may take', async () => {
  const { clock, waiting, settled, started } = batch('exec sleep 600');
  await waiting;
  await clock.advance(LIMIT_MS);
  expect((await settled).answer).toMatchObject({ kind: 'failure', failure: { kind: 'nothing-recorded' } });
  await started.ended;
});

test('a pytest that has done its work and does not end is told of, and is ended at its own limit', async () => {
  const { clock, told, settled, started } = batch('exec sleep 600', { collect: null });
  expect((await settled).answer.kind).toBe('completion');
  await clock.advance(1_000);
  expect(told).toEqual(['begin', 'waiting for pytest to end']);
  await clock.advance(LIMIT_MS);
  await started.ended;
  expect(told.at(-1)).toBe('over');
});

test('a pytest that ends by itself at once is no news', async () => {
  const { told, settled, started } = batch('', { collect: null });
  await settled;
  await started.ended;
  expect(told).toEqual(['begin']);
});
