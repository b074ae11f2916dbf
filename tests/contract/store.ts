// What every store must do, whatever it keeps things in. Each implementation's test calls this.

import { describe, expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../src/cache/store.ts';
import { asDigest } from '../../src/core/brand.ts';
import { digestOf, sha256 } from '../../src/core/canonical.ts';
import {
  attemptLine,
  entry,
  invocationRecord,
  resultsLine,
  task,
  turnLine,
  viewCell,
} from '../rig/records.ts';

const CELL = { variant: 'a', scenario: 'one', run: 1 };

export function storeContract(name: string, openEmpty: () => Store): void {
  const open = (): Store => {
    const store = openEmpty();
    onTestFinished(() => store[Symbol.dispose]());
    return store;
  };
  /** One invocation that puts these entries. */
  const invoke = async (
    store: Store,
    puts: readonly {
      readonly of: ReturnType<typeof task>;
      readonly text?: string;
      readonly status?: 'failed';
    }[],
  ): Promise<string> => {
    const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
    store.begin(invocationRecord(invocation));
    await Promise.all(puts.map(({ of, ...more }) => store.put(entry(of, { invocation, ...more }))));
    await store.end(invocationRecord(invocation, 'complete'));
    return invocation;
  };

  describe(`${name}: the contract of a store`, () => {
    it('holds nothing before anything was put', () => {
      const store = open();
      expect(store.history.byKey(task(CELL).key)).toBeUndefined();
      expect(store.history.byCell(CELL)).toBeUndefined();
      expect([...store.records()]).toEqual([]);
      expect(store.invocations()).toEqual([]);
    });

    it('keeps the bytes of a file once, by what they are, and nothing that they are not', async () => {
      const store = open();
      const bytes = Buffer.from('a picture');
      const ref = { sha256: sha256(bytes), bytes: bytes.length };
      let reads = 0;
      const read = async (): Promise<Uint8Array> => {
        reads += 1;
        return bytes;
      };
      expect(store.file(ref.sha256)).toBeNull();
      expect(await Promise.all([store.keepFile(ref, read), store.keepFile(ref, read)])).toEqual([true, true]);
      expect(await store.keepFile(ref, async () => null)).toBe(true);
      expect([reads, Buffer.from(store.file(ref.sha256)!).toString()]).toEqual([1, 'a picture']);
      const other = { sha256: sha256(Buffer.from('another')), bytes: 7 };
      expect(await store.keepFile(other, read)).toBe(false);
      expect(await store.keepFile(other, async () => null)).toBe(false);
      expect(store.file(other.sha256)).toBeNull();
      expect(await store.keepFile(other, async () => Buffer.from('another'))).toBe(true);
      expect(store.file('../../etc/passwd')).toBeNull();
    });

    it('gives back what was put, by key, by cell and in full', async () => {
      const store = open();
      const of = task(CELL);
      const invocation = await invoke(store, [{ of, text: 'yes' }]);
      const head = store.history.byKey(of.key)!;
      expect(head).toMatchObject({ status: 'completed', latencyMs: 12, inputTokens: 10, costUsd: 0.001 });
      expect(store.history.byCell(CELL)).toMatchObject({ key: of.key, parts: of.parts });
      const read = store.read(store.row(head.id)!);
      expect(read).toMatchObject({
        kind: 'ok',
        value: { invocation, generation: 1, output: { text: 'yes' }, key: of.key },
      });
    });

    it('says what each content of a variant took on average, at each engine', async () => {
      const store = open();
      const other = task({ ...CELL, run: 2 });
      await invoke(store, [{ of: task(CELL) }, { of: other }, { of: other, status: 'failed' }]);
      await invoke(store, [{ of: task(CELL) }]);
      const { variant, engine } = task(CELL).parts;
      expect(store.history.usageByVariant()).toEqual([
        {
          variant: 'a',
          part: variant,
          engine,
          records: 3,
          inputTokens: 10,
          outputTokens: expect.any(Number),
        },
      ]);
    });

    it('says when the calls of the newest invocation were started', async () => {
      const store = open();
      expect(store.newestStarts()).toBeNull();
      await invoke(store, [{ of: task(CELL) }]);
      const invocation = await invoke(store, [
        { of: task({ ...CELL, run: 2 }) },
        { of: task({ ...CELL, variant: 'b' }) },
      ]);
      const newest = store.newestStarts()!;
      expect(newest.invocation).toBe(invocation);
      expect(newest.starts.map(({ variant }) => variant).sort()).toEqual(['a', 'b']);
      expect(newest.starts.every(({ startedAt }) => !Number.isNaN(Date.parse(startedAt)))).toBe(true);
    });

    it('gives a body of megabytes back whole', async () => {
      const store = open();
      const text = 'a long "answer" \u{1f600}\n'.repeat(100_000);
      await invoke(store, [
        { of: task(CELL), text },
        { of: task({ ...CELL, run: 2 }), text: 'short' },
      ]);
      const texts = [...store.everyRecord()].map((row) => {
        const read = store.read(row);
        return read.kind === 'ok' ? read.value.output?.text : read.error;
      });
      // As booleans: a difference of megabytes is nothing to print.
      expect(texts.map((kept) => kept === text).sort()).toEqual([false, true]);
      expect(texts).toContain('short');
    });

    it('names its newest invocation alone', async () => {
      const store = open();
      expect(store.newestInvocation()).toBeUndefined();
      await invoke(store, [{ of: task(CELL), text: 'one' }]);
      await invoke(store, [{ of: task(CELL), text: 'two' }]);
      expect(store.newestInvocation()).toEqual(store.invocations().at(-1));
    });

    it('finds records by the engine that made them', async () => {
      const store = open();
      await invoke(store, [{ of: task(CELL), text: 'one' }]);
      await invoke(store, [{ of: task({ ...CELL, run: 2 }), text: 'two' }]);
      const every = [...store.everyRecord()];
      const { engine } = every[0]!.parts;
      expect([...store.madeBy([engine])]).toEqual(every);
      expect([...store.madeBy([digestOf('nobody')])]).toEqual([]);
      expect([...store.madeBy([])]).toEqual([]);
    });

    it('finds the records of one cell by its names, and those of a key', async () => {
      const store = open();
      await invoke(store, [{ of: task(CELL), text: 'one' }]);
      await invoke(store, [{ of: task({ ...CELL, run: 2 }), text: 'two' }]);
      await invoke(store, [{ of: task(CELL), text: 'again' }]);
      const [first, second, third] = [...store.everyRecord()];
      expect(store.ofCell(CELL, null)).toEqual([first, third]);
      expect(store.ofCell({ ...CELL, variant: 'of another name' }, first!.key)).toEqual([first, third]);
      expect(store.ofCell({ ...CELL, run: 2 }, first!.key)).toEqual([first, second, third]);
      expect(store.ofCell({ ...CELL, run: 3 }, null)).toEqual([]);
      // Two draws of the first cell's key; the second cell has another.
      expect([first, second].map((row) => store.countOf(row!.key))).toEqual([2, 1]);
      expect(store.countOf(task({ ...CELL, scenario: 'another' }).key)).toBe(0);
    });

    it('tells of each record what a comparison counts', async () => {
      const store = open();
      const of = task(CELL);
      await invoke(store, [{ of, text: 'first' }]);
      await invoke(store, [{ of, status: 'failed' }]);
      const measures = [...store.measures()].sort((a, b) => a.id - b.id);
      expect(measures).toHaveLength(2);
      [...store.everyRecord()].forEach((row, i) => {
        expect(row).toMatchObject(measures[i]!);
        expect(Object.values(measures[i]!)).not.toContain(undefined);
      });
      // Of a key the completed one counts; a draw has no verdict.
      const verdict = { key: of.key, status: 'completed', verdict: null };
      const verdicts = store.verdicts();
      expect([[...verdicts], verdicts.of(of.key), verdicts.of('no key')]).toEqual([
        [verdict],
        verdict,
        undefined,
      ]);
    });

    it('counts what each invocation left, variant by variant', async () => {
      const store = open();
      const [one, two] = [task({ ...CELL, variant: 'b' }), task({ ...CELL, variant: 'a' })];
      await invoke(store, [{ of: one }, { of: two, status: 'failed' }, { of: { ...one, run: 2 } }]);
      await invoke(store, [{ of: two }]);
      const told = store
        .drawn()
        .map(({ sequence, variant, executed, failed }) => [sequence, variant, executed, failed]);
      expect(told).toEqual([
        [1, 'b', 2, 0],
        [1, 'a', 1, 1],
        [2, 'a', 1, 0],
      ]);
    });

    it('keeps every generation and serves the newest completed one', async () => {
      const store = open();
      const of = task(CELL);
      await invoke(store, [{ of, text: 'first' }]);
      await invoke(store, [{ of, text: 'second' }]);
      await invoke(store, [{ of, status: 'failed' }]);
      const rows = [...store.records()];
      expect(rows.map((row) => [row.generation, row.sequence, row.status])).toEqual([
        [1, 1, 'completed'],
        [2, 2, 'completed'],
        [3, 3, 'failed'],
      ]);
      expect(store.history.byKey(of.key)?.id).toBe(rows[1]!.id);
    });

    it('counts generations of a key up that is put several times at once', async () => {
      const store = open();
      const of = task(CELL);
      await invoke(
        store,
        ['first', 'second', 'third'].map((text) => ({ of, text })),
      );
      await invoke(store, [{ of, text: 'fourth' }]);
      expect([...store.records()].map(({ generation }) => generation)).toEqual([1, 2, 3, 4]);
    });

    it('serves a failed record where nothing better is there', async () => {
      const store = open();
      const of = task(CELL);
      await invoke(store, [{ of, status: 'failed' }]);
      expect(store.history.byKey(of.key)).toMatchObject({ status: 'failed', latencyMs: null });
    });

    it('knows a cell by its names after its content changed', async () => {
      const store = open();
      const before = task(CELL);
      const after = task(CELL, ' edited');
      await invoke(store, [{ of: before }]);
      expect(store.history.byKey(after.key)).toBeUndefined();
      expect(store.history.byCell(CELL)?.key).toBe(before.key);
    });

    it('keeps the content behind each part', async () => {
      const store = open();
      const of = task(CELL);
      await invoke(store, [{ of }]);
      for (const part of of.contents) expect(store.part(part.digest)).toEqual(part.content);
      expect(store.part(asDigest('0'.repeat(64)))).toBeUndefined();
    });

    it('gives back what was logged as turns to go on from, until the key has an answer', async () => {
      const store = open();
      const of = task(CELL);
      const first = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
      store.begin(invocationRecord(first));
      await Promise.all([
        store.log(turnLine(of, 1)),
        store.log(resultsLine(of, 1)),
        store.log(turnLine(of, 2)),
        store.log(turnLine(task({ ...CELL, run: 2 }), 1)),
      ]);
      expect(store.unended()).toMatchObject({ invocation: first, spent: { calls: 3, costUsd: 0.3 } });
      const turns = store.paidTurns(of.key);
      expect(turns).toMatchObject([
        {
          messages: [{ content: 'turn 1' }, { role: 'tool' }],
          results: [{ name: 'look', source: 'tool' }],
          calls: [{ id: 'c1', name: 'look', arguments: { at: 1 }, argumentsText: null }],
          usage: { totalTokens: 12, cachedInputTokens: 4, reasoningTokens: null },
          paid: { invocation: first, costUsd: 0.1 },
        },
        { messages: [{ content: 'turn 2' }], results: [] },
      ]);
      expect([...store.tried()].sort()).toEqual([of.key, task({ ...CELL, run: 2 }).key].sort());
      await store.end(invocationRecord(first, 'interrupted'));
      expect([store.unended(), store.paidTurns(of.key)]).toEqual([null, turns]);
      await invoke(store, [{ of, status: 'failed' }]);
      expect(store.paidTurns(of.key)).toEqual(turns);
      await invoke(store, [{ of }]);
      expect(store.paidTurns(of.key)).toEqual([]);
      expect(store.paidCalls(of.key)).toMatchObject([
        { invocation: first, costUsd: 0.1 },
        { invocation: first, costUsd: 0.1 },
      ]);
      expect(store.paidTurns(task({ ...CELL, run: 2 }).key)).toHaveLength(1);
    });

    it('names the items of batches whose attempts are in the log, by key', async () => {
      const store = open();
      const of = task(CELL);
      const first = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
      store.begin(invocationRecord(first));
      const at = '2026-01-02T03:04:05.000Z';
      const batch = { id: 'batch_1', item: 'tag-1', submitted_at: at, collected_at: at };
      await Promise.all([store.log({ ...attemptLine(of, null), batch }), store.log(attemptLine(of, null))]);
      expect([...store.triedItems(of.key)]).toEqual(['tag-1']);
      expect([...store.triedItems(task({ ...CELL, run: 2 }).key)]).toEqual([]);
    });

    it('says what an invocation paid: what its records say, and its log of tasks that have none', async () => {
      const store = open();
      const [recorded, killed] = [task(CELL), task({ ...CELL, run: 2 })];
      const invocation = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
      store.begin(invocationRecord(invocation));
      await Promise.all([
        store.log(turnLine(recorded, 1)),
        store.log(turnLine(killed, 1)),
        store.put(entry(recorded, { invocation })),
        store.put(entry(task({ ...CELL, run: 3 }), { invocation })),
      ]);
      expect(store.spentBy(invocation)).toMatchObject({ costUsd: 0.102, atLeastUsd: 0.102 });
      await store.log(attemptLine(killed, null));
      expect(store.spentBy(invocation)).toMatchObject({ costUsd: null, atLeastUsd: 0.102 });
      await store.end(invocationRecord(invocation, 'complete'));
    });

    it('counts of a record that goes on from earlier turns what its own invocation paid', async () => {
      const store = open();
      const of = task(CELL);
      const first = store.nextInvocation(new Date('2026-01-02T03:04:05Z'));
      store.begin(invocationRecord(first));
      await store.log(turnLine(of, 1));
      await store.end(invocationRecord(first, 'interrupted'));
      const second = store.nextInvocation(new Date('2026-01-02T03:05:05Z'));
      store.begin(invocationRecord(second));
      const made = entry(of, { invocation: second });
      const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
      const paid = { usage, cost_usd: null, cost_usd_at_least: 0.0001 };
      await store.put({ ...made, record: { ...made.record, paid } });
      await store.log(turnLine(of, 2, { late: 'stopped' }));
      expect(store.spentBy(second)).toMatchObject({
        usage: { total_tokens: 14 },
        costUsd: null,
        atLeastUsd: 0.1001,
      });
      expect(store.spentBy(first)).toMatchObject({ costUsd: 0.1 });
      await store.end(invocationRecord(second, 'complete'));
    });

    it('reads many by their numbers, in any order, as it reads each by its row', async () => {
      const store = open();
      const all = Array.from({ length: 60 }, (_, i) => task({ ...CELL, scenario: `s${i}` }));
      for (const part of [all.slice(0, 25), all.slice(25)])
        await invoke(
          store,
          part.map((of, i) => ({ of, text: `${of.scenario} `.repeat(1 + i * 40) })),
        );
      const ids = [...store.records()].map(({ id }) => id);
      const orders = [ids, ids.toReversed(), ids.map((_, i) => ids[(i * 7) % ids.length]!)];
      for (const order of orders) {
        using reading = store.reading();
        for (const id of order) expect(reading.read(id)).toEqual(store.read(store.row(id)!));
      }
      using reading = store.reading();
      expect(reading.read(Math.max(...ids) + 1)).toBeUndefined();
    });

    it('keeps a hundred records put at once', async () => {
      const store = open();
      const tasks = Array.from({ length: 100 }, (_, i) => task({ ...CELL, scenario: `s${i}` }));
      await invoke(
        store,
        tasks.map((of) => ({ of })),
      );
      expect(tasks.every(({ key }) => store.history.byKey(key)?.status === 'completed')).toBe(true);
    });

    it('numbers invocations in the order of their beginning and keeps how each ended', async () => {
      const store = open();
      const first = await invoke(store, [{ of: task(CELL) }]);
      const second = await invoke(store, [{ of: task(CELL, '2') }]);
      expect([first, second]).toEqual(['0001-20260102T030405Z', '0002-20260102T030405Z']);
      expect(store.invocations().map(({ invocation, how }) => [invocation, how])).toEqual([
        [first, 'complete'],
        [second, 'complete'],
      ]);
    });

    it('shows one view file a variant and run', async () => {
      const store = open();
      const tasks = [task(CELL), task({ ...CELL, run: 2 }), task({ ...CELL, variant: 'b' })];
      await invoke(
        store,
        tasks.map((of) => ({ of })),
      );
      const files = store.refreshView(tasks.map(viewCell));
      expect(files.map((file) => file.replace(/^.*runs\//, ''))).toEqual([
        'a_run1.jsonl',
        'a_run2.jsonl',
        'b_run1.jsonl',
      ]);
    });

    it('survives names that are hostile', async () => {
      const store = open();
      const names = ['__proto__', 'a/../b', 'x'.repeat(200), '😀\u202e', 'A', 'a', '"quoted"', 'constructor'];
      const tasks = names.map((scenario) => task({ ...CELL, scenario }));
      await invoke(
        store,
        tasks.map((of) => ({ of })),
      );
      for (const of of tasks) expect(store.history.byCell(of)?.key).toBe(of.key);
      expect(new Set(tasks.map(({ key }) => key)).size).toBe(names.length);
    });
  });
}
