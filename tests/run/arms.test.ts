// What becomes of an arm whose code is edited while its tasks run, and of the others.
import { describe, expect, it } from 'vitest';
import type { Moved } from '../../src/core/input-moments.ts';
import type { Task } from '../../src/core/task.ts';
import { answer, failure, rig } from '../rig/loop.ts';

const CHANGED: Moved = { kind: 'changed', why: 'a.ts was changed' };
const TOUCHED: Moved = { kind: 'touched', why: 'a.ts was written' };

function recordsOf(it: ReturnType<typeof rig>) {
  return [...it.store.records()].map((row) => {
    const read = it.store.read(row);
    if (read.kind === 'err') throw new Error(read.error);
    return read.value;
  });
}

describe('an arm whose code changed', () => {
  it('is left, while the other goes on to its end', async () => {
    let asked = 0;
    const it = rig({
      tasks: 20,
      concurrency: 2,
      script: () => {
        asked++;
        return answer();
      },
    });
    const inputsChanged = ({ variant }: Task) => (variant === 'a' && asked >= 5 ? CHANGED : null);
    const result = await it.run({ inputsChanged });
    expect(result.stopped).toEqual({ kind: 'halted', why: 'a.ts was changed' });
    const records = recordsOf(it);
    expect(records).toHaveLength(asked);
    const of = (variant: string, status: string) =>
      records.filter((record) => record.variant === variant && record.status === status).length;
    expect([of('b', 'completed'), of('b', 'failed')]).toEqual([10, 0]);
    expect(of('a', 'completed') + of('a', 'failed')).toBeLessThan(5);
    const told = it.events.filter((event) => event.kind === 'diagnostic');
    expect(told).toMatchObject([{ code: 'inputs-changed', message: 'a: a.ts was changed' }]);
  });

  it('is not begun at all where it changed before', async () => {
    const asked: string[] = [];
    const it = rig({
      tasks: 6,
      script: ({ cell }) => {
        asked.push(cell.variant);
        return answer();
      },
    });
    await it.run({ inputsChanged: ({ variant }) => (variant === 'a' ? CHANGED : null) });
    expect(asked).toEqual(['b', 'b', 'b']);
  });

  it('has what is delayed dropped when another task of it finds the change', async () => {
    let hasChanged = false;
    const it = rig({
      tasks: 4,
      concurrency: 4,
      script: ({ cell }) => {
        if (cell.variant === 'b') return answer();
        if (cell.scenario === 's0') return failure('overloaded', { retryAfterMs: 3_600_000 });
        hasChanged = true;
        return answer();
      },
    });
    const before = it.clock.monotonicMs();
    const result = await it.run({
      inputsChanged: ({ variant }) => (variant === 'a' && hasChanged ? CHANGED : null),
    });
    expect(result.stopped?.kind).toBe('halted');
    expect(it.clock.monotonicMs() - before).toBeLessThan(60_000);
  });
});

describe('code that was written and is as it was', () => {
  it('voids what was under way, and nothing that begins later', async () => {
    let moment = 1;
    let asked = 0;
    const it = rig({
      tasks: 20,
      concurrency: 2,
      script: () => {
        if (++asked === 6) moment = 2;
        return answer();
      },
    });
    const result = await it.run({
      inputsNow: () => moment,
      inputsChanged: ({ variant }, since) => (variant === 'a' && since < moment ? TOUCHED : null),
    });
    expect(result.stopped).toBeNull();
    const records = recordsOf(it);
    expect(records).toHaveLength(20);
    const failed = records.filter(({ status }) => status === 'failed');
    // One at work, and one whose answer was there and not yet looked at.
    expect([1, 2]).toContain(failed.length);
    for (const record of failed) {
      expect(record).toMatchObject({
        variant: 'a',
        output: { text: 'fine' },
        attempts: [{ error: { kind: 'inputs-changed', message: 'a.ts was written' } }],
      });
    }
  });

  it('voids an answer of somebody who had begun to read before, whenever the task began', async () => {
    const it = rig({ tasks: 2, script: () => ({ ...answer(), heldSince: 1 }) });
    await it.run({ inputsNow: () => 5, inputsChanged: (_, since) => (since < 3 ? TOUCHED : null) });
    expect(recordsOf(it).map(({ status }) => status)).toEqual(['failed', 'failed']);
  });

  it('voids an answer of code that was loaded with other bytes', async () => {
    const it = rig({ tasks: 2, script: () => ({ ...answer(), otherCode: ['lib/part.ts'] }) });
    await it.run();
    expect(recordsOf(it)[0]!.attempts[0]!.error).toMatchObject({
      kind: 'inputs-changed',
      message: expect.stringContaining('lib/part.ts was loaded with other content than the key was made of'),
    });
  });
});

describe('an answer that hangs on what nobody declared', () => {
  it('is kept and satisfies nothing, also where an attempt before it read it', async () => {
    let attempts = 0;
    const it = rig({
      tasks: 1,
      script: () => (attempts++ === 0 ? { ...failure('network'), undeclared: ['x.txt'] } : answer()),
    });
    await it.run({ noticed: () => 'add: inputs: ["x.txt"]' });
    expect(recordsOf(it)).toMatchObject([
      {
        status: 'failed',
        output: { text: 'fine' },
        attempts: [
          { error: { kind: 'network' } },
          { error: { kind: 'undeclared-input', message: 'add: inputs: ["x.txt"]' } },
        ],
      },
    ]);
  });
});
