// What tests of a run that was killed told: read once by the next run, kept until each of them has a record.
import { appendFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { PytestHarness } from '../../src/core/harness.ts';
import { clearSpools, openUnread, startSpool } from '../../src/worker/pytest/pytest-spool.ts';
import { orderAt } from '../rig/model-calls.ts';
import { tempFolder } from '../rig/temp.ts';

const END = {
  ...{ type: 'end', id: '0', nodeid: 'test_it', phase: 'call', message: null, longrepr: null },
  ...{ properties: {}, stdout: '', stderr: '', log: '', reruns: 0, duration_ms: 5 },
};

function spool(outcome = 'passed') {
  const folder = tempFolder();
  const spools = path.join(folder, 'unread');
  const harness: PytestHarness = {
    ...{ kind: 'pytest', paths: ['tests'], python: 'python3', args: [], variant: 'a', scenarioParam: null },
    ...{ runsFrom: null, hasOwnRuns: false, variantsFrom: { kind: 'param', name: 'variant' }, collect: null },
    ...{ empty: 'failed', batch: 10, env: { set: {}, pass: [] }, code: { files: [], packages: [] } },
    ...{ survey: null, reach: null, endTimeoutMs: 1_000 },
  };
  const scenario = { id: 'one', input: '', category: null, vars: {}, toolResults: {} };
  const order = orderAt(null, { work: { harness, scenario, maxTurns: 1 } });
  const cells = [{ variant: 'a', run: 1 }];
  const reads = path.join(folder, 'expgraph-reads');
  const file = startSpool({ spools, harness, folder, cells, reads }).EXPGRAPH_SPOOL!;
  const line = (told: unknown): void => appendFileSync(file, `${JSON.stringify(told)}\n`);
  line({ type: 'begin', pid: 4_000_000 });
  line({ type: 'end', key: order.key, end: { ...END, outcome, record: { text: 'said' } } });
  return { folder, spools, file, order };
}

test('what a test told a run that is gone is an answer of the cell, of no other', () => {
  const { folder, spools, order } = spool();
  const unread = openUnread(spools, folder);
  expect(unread.pids).toEqual([4_000_000]);
  expect(unread.take(order, 0)?.answer).toMatchObject({ kind: 'completion', completion: { text: 'said' } });
  expect(unread.take({ ...order, key: 'f'.repeat(64) as typeof order.key }, 0)).toBeUndefined();
});

test('a test that broke is asked again', () => {
  const { folder, spools, order } = spool('error');
  expect(openUnread(spools, folder).take(order, 0)).toBeUndefined();
});

test('half a line, bytes that are none, and files of others take nothing away', () => {
  const { folder, spools, file, order } = spool();
  appendFileSync(file, '{"type": "end", "key": "');
  writeFileSync(path.join(spools, 'other.jsonl'), Buffer.from([0xff, 0xfe, 0x0a]));
  expect(openUnread(spools, folder).take(order, 0)?.answer.kind).toBe('completion');
});

test('it is kept until each has a record', () => {
  const { spools, file, order } = spool();
  clearSpools(spools, () => false);
  expect(existsSync(file)).toBe(true);
  clearSpools(spools, (key) => key === order.key);
  expect(readdirSync(spools)).toEqual([]);
});

test('a folder that is not there holds nothing', () => {
  const folder = tempFolder();
  const unread = openUnread(path.join(folder, 'unread'), folder);
  expect(unread.pids).toEqual([]);
});
