// Cells that go in batches of a vendor: sent once, whatever happens on the way, and kept as any other answer.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { batchExperiment } from '../rig/batch-experiment.ts';
import { cli } from '../rig/cli.ts';

const LONG = 60_000;

describe('a batch', () => {
  it(
    'brings all pending cells as one, at half the price, and says of no answer how long it took',
    async () => {
      await using e = await batchExperiment();
      e.vendor.endsAtOnce = true;
      const { code, summary } = await e.run();
      expect([code, summary.executed, summary.cost_usd]).toEqual([0, 6, 0.00108]);
      expect(e.vendor.batches.map(({ items }) => items.length)).toEqual([6]);
      expect(e.vendor.calls).toEqual([]);
      for (const { cost_usd, duration_ms, attempts } of e.records()) {
        expect([cost_usd, duration_ms, attempts[0]!.duration_ms]).toEqual([0.00018, null, null]);
        expect(attempts[0]!.batch!.id).toBe(e.vendor.batches[0]!.id);
      }
      expect(e.open()).toEqual([]);
      const again = await e.run();
      expect([again.code, again.summary.executed]).toEqual([0, 0]);
    },
    LONG,
  );

  it(
    'sends what a call would send: keys stay where they are',
    async () => {
      await using e = await batchExperiment({
        more: ['temperature: 0.5', 'seed: 7', 'params: { top_p: 0.9 }', 'runs: 2'],
      });
      e.vendor.endsAtOnce = true;
      await e.run();
      const posted = e.vendor.batches[0]!.items.map(({ body }) => JSON.stringify(body)).sort();
      await e.run('--force', '--no-batch');
      expect(e.vendor.calls.map((body) => JSON.stringify(body)).sort()).toEqual(posted);
      const keys = e.records().map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length / 2);
    },
    LONG,
  );

  it(
    'is left where it is by --send-only, and the next run fetches it and sends nothing',
    async () => {
      await using e = await batchExperiment();
      const sent = await e.run('--send-only');
      expect([sent.code, sent.summary.how, sent.summary.executed]).toEqual([3, 'in-batches', 0]);
      expect(sent.summary.why).toContain('6 cells are out in batches');
      e.vendor.end();
      const { code, summary } = await e.run();
      expect([code, summary.executed]).toEqual([0, 6]);
      expect(e.vendor.batches.length).toBe(1);
      expect([...e.vendor.sent().values()]).toEqual([1, 1, 1, 1, 1, 1]);
    },
    LONG,
  );

  it(
    'is fetched also where batches are not asked for any more',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      e.vendor.end();
      const { code, summary } = await e.run('--no-batch');
      expect([code, summary.executed, summary.cost_usd]).toEqual([0, 6, 0.00108]);
      expect(e.vendor.calls).toEqual([]);
    },
    LONG,
  );

  it(
    'is kept when it comes although its cells were edited meanwhile, and the edited ones are drawn',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      e.write({ variants: ['one: { system: "be short" }', 'two: { system: "be brief" }'] });
      e.vendor.end();
      e.vendor.endsAtOnce = true;
      const { code, summary } = await e.run();
      expect([code, summary.executed, summary.missing]).toEqual([0, 6, 0]);
      expect(e.vendor.batches.map(({ items }) => items.length)).toEqual([6, 3]);
      const kept = e.records();
      expect(kept.length).toBe(9);
      expect(kept.every(({ status }) => status === 'completed')).toBe(true);
      // The edit is taken back: what was paid is there.
      e.write();
      expect((await e.run()).summary.executed).toBe(0);
      expect((await cli(['fsck'], e)).stdout).toContain('clean');
    },
    LONG,
  );

  it(
    'is not waited for where nobody asks for its cells',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only', '--variant', 'one');
      e.write({ variants: ['two: { system: "be long" }'] });
      const sent = e.vendor.batches[0]!;
      e.vendor.endsAtOnce = false;
      // Its own batch ends, the other stays out.
      e.vendor.onDone = (question) => {
        const [, own] = e.vendor.batches;
        if (question === 'look' && own) e.vendor.end(own);
      };
      const { code, summary } = await e.run();
      expect([code, summary.executed, sent.state]).toEqual([0, 3, 'open']);
      e.vendor.onDone = null;
      e.vendor.end();
      expect((await e.run()).code).toBe(0);
      expect(e.records().length).toBe(6);
      expect(e.open()).toEqual([]);
    },
    LONG,
  );

  it(
    'is drawn anew by --force, and what was out is kept as well',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      e.vendor.end();
      e.vendor.endsAtOnce = true;
      const { code } = await e.run('--force');
      expect(code).toBe(0);
      expect([...e.vendor.sent().values()]).toEqual([2, 2, 2, 2, 2, 2]);
      expect(e.records().length).toBe(12);
    },
    LONG,
  );

  it(
    'of a forced run is picked up by the same command, and not sent once more',
    async () => {
      await using e = await batchExperiment();
      e.vendor.endsAtOnce = true;
      await e.run();
      e.vendor.endsAtOnce = false;
      await e.run('--force', '--send-only');
      e.vendor.end();
      expect((await e.run('--force')).summary.executed).toBe(6);
      expect(e.vendor.batches.length).toBe(2);
      expect(e.records().length).toBe(12);
    },
    LONG,
  );
});

describe('items of a batch', () => {
  it(
    'that failed, expired or have no answer go into the next one; a request that is no good is final',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      const [batch] = e.vendor.batches;
      const [one, two, three, four] = batch!.items.map(({ item }) => item);
      batch!.odd.set(one!, 'expired');
      batch!.odd.set(two!, { status: 500, error: { message: 'broke', type: 'server_error' } });
      batch!.odd.set(three!, {
        status: 400,
        error: { message: 'no such thing', type: 'invalid_request_error' },
      });
      batch!.odd.set(four!, 'missing');
      e.vendor.end();
      e.vendor.endsAtOnce = true;
      const { code, summary } = await e.run();
      expect([code, summary.executed, summary.failed, summary.retries]).toEqual([1, 6, 1, 3]);
      expect(e.vendor.batches.map(({ items }) => items.length)).toEqual([6, 3]);
      // What failed costs nothing.
      expect(summary.cost_usd).toBe(0.0009);
      const failed = e.records().find(({ status }) => status === 'failed')!;
      expect(failed.attempts.map(({ error }) => error?.kind)).toEqual(['bad-request']);
      expect(e.open()).toEqual([]);
    },
    LONG,
  );
});

describe('a vendor', () => {
  it.each(['upload', 'create', 'look', 'download'] as const)(
    'that refuses or breaks off at %s is asked again, and sent nothing twice',
    async (question) => {
      await using e = await batchExperiment();
      e.vendor.endsAtOnce = true;
      e.vendor.faults[question].push(
        { kind: 'status', status: 429 },
        { kind: 'status', status: 500 },
        { kind: 'drop', done: false },
        { kind: 'half' },
      );
      const { code, summary, err } = await e.run();
      expect([code, summary.executed], err).toEqual([0, 6]);
      expect([...e.vendor.sent().values()]).toEqual([1, 1, 1, 1, 1, 1]);
    },
    LONG,
  );

  it(
    'that took a batch and said so to nobody has it found by its tag',
    async () => {
      await using e = await batchExperiment();
      e.vendor.endsAtOnce = true;
      e.vendor.faults.create.push({ kind: 'drop', done: true });
      e.vendor.faults.list.push({ kind: 'status', status: 500 }, { kind: 'half' });
      const { code, summary } = await e.run();
      expect([code, summary.executed, e.vendor.batches.length]).toEqual([0, 6, 1]);
    },
    LONG,
  );

  it(
    'whose file of answers is cut off in the middle is asked for it again',
    async () => {
      await using e = await batchExperiment();
      e.vendor.endsAtOnce = true;
      e.vendor.faults.download.push({ kind: 'short' });
      const { code, summary } = await e.run();
      expect([code, summary.executed, e.vendor.batches[0]!.fetched]).toEqual([0, 6, 2]);
    },
    LONG,
  );

  it(
    'that refuses a batch for some lines is sent the others again',
    async () => {
      await using e = await batchExperiment();
      e.vendor.onDone = (question) => {
        const [batch] = e.vendor.batches;
        if (question !== 'create' || e.vendor.batches.length > 1) return;
        batch!.state = 'refused';
        batch!.errors = [{ code: 'invalid_body', message: 'line 2 is no good', line: 2 }];
        e.vendor.endsAtOnce = true;
      };
      const { code, summary } = await e.run();
      expect([code, summary.executed, summary.failed]).toEqual([1, 6, 1]);
      expect(e.vendor.batches.map(({ items }) => items.length)).toEqual([6, 5]);
    },
    LONG,
  );

  it(
    'without batches is told apart: nothing is asked again, and the sentence says what to do',
    async () => {
      await using e = await batchExperiment();
      e.vendor.faults.upload.push({ kind: 'status', status: 404 });
      const { code, summary } = await e.run();
      expect([code, summary.how]).toEqual([1, 'halted']);
      expect(summary.why).toContain('--no-batch');
      expect(e.open()).toEqual([]);
    },
    LONG,
  );

  it(
    'that knows a batch no more is not sent it again',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      e.vendor.batches.length = 0;
      const { code, summary } = await e.run();
      expect([code, summary.how, e.vendor.batches.length]).toEqual([1, 'halted', 0]);
      expect(summary.why).toContain('nothing of it is sent again');
      expect(e.open().length).toBe(2);
    },
    LONG,
  );
});

describe('what is written down', () => {
  it(
    'before a batch is sent is enough to find it, or to know that it never was sent',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      const name = e.open().find((file) => !file.includes('orders'))!;
      const file = path.join(e.root, 'batches', name);
      const { readFileSync } = await import('node:fs');
      const [intention] = readFileSync(file, 'utf8').split('\n');
      // Killed between sending it and noting that.
      writeFileSync(file, `${intention}\n`);
      e.vendor.end();
      expect((await e.run()).summary.executed).toBe(6);
      expect(e.vendor.batches.length).toBe(1);
      expect(existsSync(file)).toBe(false);
    },
    LONG,
  );

  it(
    'damaged in its first line stops all sending, with the file and what to do',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      const name = e.open().find((file) => !file.includes('orders'))!;
      writeFileSync(path.join(e.root, 'batches', name), 'x\n');
      const { code, stderr } = await cli(['run'], e);
      expect(code).toBe(4);
      expect(stderr).toContain(name);
      expect(e.vendor.batches.length).toBe(1);
    },
    LONG,
  );
});
