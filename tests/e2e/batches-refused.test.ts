// Batches over OpenAI's Responses API, batches that are refused as a whole, and what `--events` tells of them.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { type BatchExperiment, batchExperiment } from '../rig/batch-experiment.ts';
import { filesBelow, jsonLines } from '../rig/files.ts';

const LONG = 60_000;

it(
  'the Responses API goes in batches as it goes in calls: the same bodies, the same keys, half the price',
  async () => {
    await using e = await batchExperiment({ provider: 'type: openai, api: responses' });
    e.vendor.endsAtOnce = true;
    const { code, summary, err } = await e.run();
    expect([code, summary.executed, summary.cost_usd], err).toEqual([0, 6, 0.00108]);
    const posted = e.vendor.batches[0]!.items.map(({ body }) => JSON.stringify(body)).sort();
    await e.run('--force', '--no-batch');
    expect(e.vendor.calls.map((body) => JSON.stringify(body)).sort()).toEqual(posted);
    expect(posted[0]).toContain('"input"');
    const kept = e.records();
    expect(new Set(kept.map(({ key }) => key)).size).toBe(kept.length / 2);
    const text = JSON.stringify(kept);
    expect(text.match(/answer to \d+/g)!.length).toBeGreaterThanOrEqual(12);
  },
  LONG,
);

/** The next batch is taken, and refused when it is looked at. */
function refuseNext(e: BatchExperiment, errors: readonly JsonObject[]): void {
  e.vendor.onDone = (question) => {
    const batch = e.vendor.batches.at(-1);
    if (question !== 'create' || batch === undefined) return;
    batch.state = 'refused';
    batch.errors = errors;
    e.vendor.onDone = null;
  };
}

describe('a batch that is refused as a whole', () => {
  it(
    'without a word about lines stops the run: said once, with what to do, and no cell has failed for it',
    async () => {
      await using e = await batchExperiment();
      refuseNext(e, [
        { code: 'billing_hard_limit_reached', message: 'Billing hard limit has been reached.', line: null },
      ]);
      const { code, summary, err } = await e.run();
      expect([code, summary.how, summary.failed, summary.executed]).toEqual([1, 'halted', 0, 0]);
      expect(summary.why).toContain('Billing hard limit has been reached.');
      expect(summary.why).toContain('--no-batch');
      expect(err.match(/Billing hard limit/g)!.length).toBeLessThanOrEqual(2);
      expect([e.records(), logged(e)]).toEqual([[], 1]);
      expect(e.open()).toEqual([]);
      // When it is mended the same command goes on.
      e.vendor.endsAtOnce = true;
      expect((await e.run()).summary.executed).toBe(6);
      expect(e.vendor.batches.map(({ items }) => items.length)).toEqual([6, 6]);
    },
    LONG,
  );

  it(
    'because too much is enqueued goes again in halves, and no cell fails',
    async () => {
      await using e = await batchExperiment();
      e.vendor.endsAtOnce = true;
      refuseNext(e, [{ code: 'token_limit_exceeded', message: 'Enqueued token limit reached.', line: null }]);
      const { code, summary, err } = await e.run();
      expect([code, summary.executed, summary.failed, summary.retries], err).toEqual([0, 6, 0, 0]);
      expect(e.vendor.batches.map(({ items }) => items.length)).toEqual([6, 3, 3]);
      expect(err).toContain('has no room for a batch of 6 cells just now');
      expect(err).toContain('Enqueued token limit reached.');
    },
    LONG,
  );

  it(
    'for one line fails that cell in the words about it, and costs the others none of their retries',
    async () => {
      await using e = await batchExperiment({ execution: '{ batch: true, workers: 0, retries: 0 }' });
      e.vendor.endsAtOnce = true;
      refuseNext(e, [{ code: 'invalid_body', message: 'a tool without a name', line: 2 }]);
      const { code, summary } = await e.run();
      expect([code, summary.executed, summary.failed, summary.retries]).toEqual([1, 6, 1, 0]);
      const failed = e.records().find(({ status }) => status === 'failed')!;
      expect(JSON.stringify(failed.attempts)).toContain(
        'was refused for this request: a tool without a name',
      );
    },
    LONG,
  );

  it(
    'at its creation, by a server that takes files and no batches, is told as that',
    async () => {
      await using e = await batchExperiment();
      e.vendor.faults.create.push({ kind: 'status', status: 404 });
      const { code, summary } = await e.run();
      expect([code, summary.how, e.records()]).toEqual([1, 'halted', []]);
      expect(summary.why).toContain('this account takes no batches; --no-batch');
    },
    LONG,
  );
});

it(
  'a server that is not there is asked with one cell after another, and given up with all of them',
  async () => {
    await using e = await batchExperiment({
      scenarios: Array.from({ length: 60 }, (_, i) => `s${i}`),
      execution: '{ batch: true, workers: 0, concurrency: 200 }',
    });
    await e.vendor[Symbol.asyncDispose]();
    const { code, summary, err } = await e.run('--wait-for-provider', '2s');
    expect([code, summary.how, summary.missing, summary.failed]).toEqual([1, 'halted', 120, 0]);
    expect(err.match(/nothing listens at/g)!.length).toBeGreaterThanOrEqual(1);
    // One a batch, and not one a cell.
    expect(logged(e)).toBeLessThan(20);
    expect([e.records(), e.open()]).toEqual([[], []]);
  },
  LONG,
);

function logged(e: BatchExperiment): number {
  return filesBelow(path.join(e.root, 'history'))
    .filter((name) => name.endsWith('attempts.jsonl'))
    .flatMap((name) => jsonLines(path.join(e.root, 'history', name))).length;
}

describe('--events of a batch', () => {
  const told = (e: BatchExperiment, name: string): readonly JsonObject[] =>
    (jsonLines(path.join(e.cwd, name)) as readonly JsonObject[])
      .filter(({ kind }) => String(kind).startsWith('batch-') || kind === 'task-finished')
      .map(({ v: _, seq: __, at: ___, invocation: ____, ...event }) => event);

  it(
    'tell when it was sent, how far it is and what was fetched, with the fields that are documented, in this order',
    async () => {
      await using e = await batchExperiment();
      await e.run('--send-only', '--events', 'sent.jsonl');
      const [batch] = e.vendor.batches;
      const of = { batch: batch!.id, provider: 'vendor', items: 6 };
      expect(told(e, 'sent.jsonl')).toEqual([{ kind: 'batch-sent', ...of }]);
      batch!.odd.set(batch!.items[0]!.item, 'cancelled');
      e.vendor.onDone = (question) => {
        if (question === 'look') e.vendor.end();
      };
      await e.run('--events', 'fetched.jsonl');
      const [progress, ...rest] = told(e, 'fetched.jsonl');
      expect(progress).toEqual({
        kind: 'batch-progress',
        ...of,
        done: 0,
        failed: 0,
        sent_at: expect.any(String),
      });
      expect(Date.parse(String(progress!.sent_at))).not.toBeNaN();
      const collected = rest.findIndex(({ kind }) => kind === 'batch-collected');
      expect(rest[collected]).toEqual({
        kind: 'batch-collected',
        ...of,
        answered: 5,
        failed: 1,
        after_ms: expect.any(Number),
      });
      expect(rest.filter(({ kind }) => kind === 'task-finished').length).toBe(6);
      expect(rest.filter(({ kind }) => String(kind).startsWith('batch-')).length).toBe(1);
    },
    LONG,
  );

  it(
    'tell that one was refused as a whole, and why',
    async () => {
      await using e = await batchExperiment();
      e.vendor.endsAtOnce = true;
      refuseNext(e, [{ code: 'token_limit_exceeded', message: 'too many tokens', line: null }]);
      await e.run('--events', 'events.jsonl');
      const kinds = told(e, 'events.jsonl').filter(({ kind }) => kind !== 'task-finished');
      // Of each batch in this order; those of several come as they come.
      const of = ({ id }: { readonly id: string }): readonly unknown[] =>
        kinds.filter(({ batch }) => batch === id).map(({ kind }) => kind);
      expect(e.vendor.batches.map(of)).toEqual([
        ['batch-sent', 'batch-refused'],
        ['batch-sent', 'batch-collected'],
        ['batch-sent', 'batch-collected'],
      ]);
      const { id } = e.vendor.batches[0]!;
      expect(kinds[1]).toEqual({
        ...{ kind: 'batch-refused', batch: id, provider: 'vendor', items: 6 },
        why: 'it was refused as a whole: too many tokens',
      });
    },
    LONG,
  );
});
