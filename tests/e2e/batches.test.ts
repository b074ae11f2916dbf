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
    'holds all of them, however few calls may be made at once, and waits for no call',
    async () => {
      await using e = await batchExperiment({
        execution: '{ batch: true, workers: 0, concurrency: 1 }',
        variants: ['one: {}', 'two: { max_turns: 3 }'],
        scenarios: Array.from({ length: 40 }, (_, i) => `s${i}`),
      });
      const { code } = await e.run('--send-only');
      expect([code, e.vendor.batches.map(({ items }) => items.length)]).toEqual([3, [40]]);
      e.vendor.endsAtOnce = true;
      expect((await e.run()).code).toBe(0);
      expect([e.vendor.batches.length, e.vendor.calls.length]).toEqual([1, 40]);
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

describe('Anthropic, which has no place for a tag', () => {
  const provider = 'type: anthropic';

  it(
    'is sent one batch, and its answers are read as those of calls',
    async () => {
      await using e = await batchExperiment({ provider });
      e.vendor.endsAtOnce = true;
      const { code, summary, err } = await e.run();
      expect([code, summary.executed, summary.cost_usd], err).toEqual([0, 6, 0.00108]);
      const posted = e.vendor.batches[0]!.items.map(({ body }) => JSON.stringify(body)).sort();
      await e.run('--force', '--no-batch');
      expect(e.vendor.calls.map((body) => JSON.stringify(body)).sort()).toEqual(posted);
    },
    LONG,
  );

  it(
    'has a batch that nobody was told of found by its age, its size and its answers, and by no other',
    async () => {
      await using e = await batchExperiment({ provider });
      // Another program's, as large, and ended.
      const other = (): void => {
        const [mine] = e.vendor.batches;
        e.vendor.batches.push({
          ...mine!,
          id: 'msgbatch_other',
          items: mine!.items.map((one) => ({ ...one, item: `o-${one.item}` })),
        });
      };
      e.vendor.onDone = (question) => {
        if (question !== 'create') return;
        e.vendor.onDone = null;
        other();
        e.vendor.end();
      };
      e.vendor.faults.create.push({ kind: 'drop', done: true });
      const { code, summary } = await e.run();
      expect([code, summary.executed, e.vendor.batches.length]).toEqual([0, 6, 2]);
      expect(new Set(e.records().map(({ attempts }) => attempts[0]!.batch!.id))).toEqual(
        new Set([e.vendor.batches[0]!.id]),
      );
    },
    LONG,
  );

  it(
    'has errors by item: overloaded is tried again, a bad request is final, expired goes into the next',
    async () => {
      await using e = await batchExperiment({ provider });
      await e.run('--send-only');
      const [batch] = e.vendor.batches;
      const [one, two, three] = batch!.items.map(({ item }) => item);
      batch!.odd.set(one!, 'expired');
      batch!.odd.set(two!, { status: 529, error: { type: 'overloaded_error', message: 'Overloaded' } });
      batch!.odd.set(three!, {
        status: 400,
        error: { type: 'invalid_request_error', message: 'no such thing' },
      });
      e.vendor.end();
      e.vendor.endsAtOnce = true;
      const { summary } = await e.run();
      expect([summary.executed, summary.failed, summary.retries]).toEqual([6, 1, 2]);
      expect(e.vendor.batches.map(({ items }) => items.length)).toEqual([6, 2]);
    },
    LONG,
  );
});

describe('whoever looks', () => {
  it(
    'is told what is out: plan counts it neither as pending nor as to be paid, status and batches name it',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      const plan = await cli(['plan'], e);
      expect(plan.stdout).toContain('6 tasks: 0 to run, 6 out in batches');
      expect(plan.stdout).not.toContain('Estimate');
      const json = JSON.parse((await cli(['plan', '--json'], e)).stdout);
      expect([json.batches[0].cells, json.estimate.calls]).toEqual([6, 0]);
      expect((await cli(['status'], e)).stdout).toContain(`batch ${e.vendor.batches[0]!.id} of vendor`);
      const batches = JSON.parse((await cli(['batches', '--json'], e)).stdout);
      expect(batches.batches[0]).toMatchObject({ batch: e.vendor.batches[0]!.id, cells: 6, asked: 6 });
    },
    LONG,
  );

  it(
    'may cancel what is out: what it had answered is kept, the rest is drawn by the next run',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      expect((await cli(['batches', '--cancel'], e)).stdout).toContain('cancelled');
      const { summary } = await e.run();
      expect([summary.executed, summary.failed]).toEqual([6, 6]);
      e.vendor.endsAtOnce = true;
      expect((await e.run()).code).toBe(0);
    },
    LONG,
  );

  it(
    'may take a batch for lost: its cells are sent again',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      const { id } = e.vendor.batches[0]!;
      expect((await cli(['batches', '--forget', 'nowhere'], e)).code).toBe(2);
      expect((await cli(['batches', '--forget', id], e)).code).toBe(0);
      e.vendor.endsAtOnce = true;
      expect((await e.run()).code).toBe(0);
      expect(e.vendor.batches.length).toBe(2);
    },
    LONG,
  );

  it(
    'is told by fsck of a batch whose orders are damaged',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only');
      expect((await cli(['fsck'], e)).code).toBe(0);
      const orders = e.open().find((file) => file.includes('orders'))!;
      writeFileSync(path.join(e.root, 'batches', orders), 'x');
      const { code, stdout } = await cli(['fsck'], e);
      expect(code).not.toBe(0);
      expect(stdout).toContain(orders);
    },
    LONG,
  );
});

describe('a budget', () => {
  it(
    'reserves each item at half the price before it is sent, and holds what is left for the next batch',
    async () => {
      // One item: some 70 bytes in, 100 tokens out: at most $0.0005 at half the price.
      await using e = await batchExperiment({ execution: '{ batch: true, workers: 0, budget_usd: 0.0016 }' });
      e.vendor.endsAtOnce = true;
      const { code, summary } = await e.run();
      expect(summary.cost_usd).toBeLessThanOrEqual(0.0016);
      expect(e.vendor.batches[0]!.items.length).toBeLessThan(6);
      expect([code, summary.executed]).toEqual([0, 6]);
    },
    LONG,
  );

  it(
    'is refused where nothing bounds the answers: all of them are asked for at once',
    async () => {
      await using e = await batchExperiment({
        execution: '{ batch: true, workers: 0, budget_usd: 1 }',
        variants: ['one: { max_output_tokens: null }'],
      });
      const { code, stderr } = await cli(['run'], e);
      expect([code, e.vendor.asked]).toEqual([2, []]);
      expect(stderr).toContain('max_output_tokens');
    },
    LONG,
  );
});

it(
  'a variant that cannot go in a batch goes as calls, and that is said',
  async () => {
    await using e = await batchExperiment({
      more: ['tools: []'],
      variants: ['one: {}', 'two: { max_turns: 3 }'],
    });
    e.vendor.endsAtOnce = true;
    const { code, err } = await e.run();
    expect(code).toBe(0);
    expect([e.vendor.batches[0]!.items.length, e.vendor.calls.length]).toEqual([3, 3]);
    expect(err).toContain('variant two goes as calls, at their full price: max_turns: 3');
  },
  LONG,
);
