// How long a server is waited for that is not there, what is said of it, and that no pause of a call or a lane makes it longer.
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/event.ts';
import type { Failure } from '../../src/core/outcome.ts';
import { makeAwaited } from '../../src/run/awaited.ts';
import { makeTimers } from '../../src/run/timers.ts';
import { handClock } from '../rig/clock.ts';
import { answer, failure, rig } from '../rig/loop.ts';

type Nobody = NonNullable<Failure['isNobodyThere']>;

const nobody = (isNobodyThere: Nobody): Failure => ({
  ...{ kind: 'network', status: null, message: 'nobody', retryAfterMs: null },
  isNobodyThere,
});
const ASKED = {
  provider: 'p',
  url: 'http://10.0.0.1:8000/v1',
  usualUrl: null,
  writtenAt: 'experiment.yaml:6',
};

function awaiting(limitMs?: number) {
  const clock = handClock();
  const told: RunEvent[] = [];
  const left: [string, string, number][] = [];
  const awaited = makeAwaited({
    ...{ limitMs, timers: makeTimers(clock), tell: (event) => void told.push(event) },
    giveUp: (lane, why) => void left.push([lane, why, clock.monotonicMs()]),
  });
  const said = () => told.map((event) => (event.kind === 'diagnostic' ? event.message : event.kind));
  return { clock, awaited, left, said };
}

describe('a server at which nothing listens', () => {
  it('is told once and given up 30 s after its first refusal, however many there are', async () => {
    const at = awaiting();
    await at.clock.advance(7_000);
    for (let i = 0; i < 20; i++) {
      at.awaited.failed('p', { ...ASKED, failure: nobody('server') });
      await at.clock.advance(1_000);
    }
    expect(at.awaited.isAwaiting('p')).toBe(true);
    expect(at.said()).toEqual([
      'nothing listens at http://10.0.0.1:8000 (provider p): it is waited for, at most 30 s; Ctrl-C stops waiting',
    ]);
    await at.clock.advance(60_000);
    const why =
      'nothing listens at http://10.0.0.1:8000 (provider p) after 30 s: start the server, or correct providers.p.base_url at experiment.yaml:6';
    expect(at.left).toEqual([['p', why, 37_000]]);
    expect(at.awaited.isAwaiting('p')).toBe(false);
  });

  it('that answers meanwhile is waited for no more, and never again', async () => {
    const at = awaiting();
    at.awaited.failed('p', { ...ASKED, failure: nobody('server') });
    await at.clock.advance(5_000);
    at.awaited.answered('p');
    at.awaited.failed('p', { ...ASKED, failure: nobody('server') });
    await at.clock.advance(100_000);
    expect(at.left).toEqual([]);
    expect(at.said().at(-1)).toBe('p answers now');
    expect(at.said()).toHaveLength(2);
  });

  it('has a time of its own beside another one', async () => {
    const at = awaiting(60_000);
    at.awaited.failed('p', { ...ASKED, failure: nobody('server') });
    await at.clock.advance(10_000);
    at.awaited.failed('q', { ...ASKED, provider: 'q', failure: nobody('server') });
    await at.clock.advance(100_000);
    expect(at.left.map(([lane, , ms]) => [lane, ms])).toEqual([
      ['p', 60_000],
      ['q', 70_000],
    ]);
  });

  it('is waited for without end where that is said', async () => {
    const at = awaiting(Number.POSITIVE_INFINITY);
    at.awaited.failed('p', { ...ASKED, failure: nobody('server') });
    expect(at.said()).toEqual([
      'nothing listens at http://10.0.0.1:8000 (provider p): it is waited for; Ctrl-C stops waiting',
    ]);
    await at.clock.advance(86_400_000);
    expect([at.left, at.awaited.isAwaiting('p')]).toEqual([[], true]);
  });
});

describe('a name that cannot be looked up just now', () => {
  it('is tried for five seconds', async () => {
    const at = awaiting();
    at.awaited.failed('p', { ...ASKED, url: 'https://api.made.com/v1', failure: nobody('lookup') });
    await at.clock.advance(60_000);
    const why =
      'the host api.made.com of provider p cannot be looked up (EAI_AGAIN) after 5 s: is there a network? If there is, correct providers.p.base_url at experiment.yaml:6';
    expect(at.left).toEqual([['p', why, 5_000]]);
  });

  it('is no news of a provider that has answered', async () => {
    const at = awaiting();
    at.awaited.answered('p');
    at.awaited.failed('p', { ...ASKED, failure: nobody('lookup') });
    await at.clock.advance(60_000);
    expect([at.left, at.said()]).toEqual([[], []]);
  });
});

describe('a provider that keeps failing', () => {
  it('is given up after the time that was said, and by its probes where none was', async () => {
    const said = awaiting(20_000);
    said.awaited.suspended('p', 'p answered overloaded');
    await said.clock.advance(60_000);
    expect(said.left).toEqual([['p', 'p answered overloaded; given up after 20 s', 20_000]]);
    const unsaid = awaiting();
    unsaid.awaited.suspended('p', 'p answered overloaded');
    await unsaid.clock.advance(600_000);
    expect(unsaid.left).toEqual([]);
  });
});

describe('the loop', () => {
  const REFUSED = () => failure('network', { isUnsent: true, isNobodyThere: 'server' });

  it('ends 30 s after the first refusal, with many tasks, few, or one in a row, whatever their pauses', async () => {
    const shapes = [
      { tasks: 60, concurrency: 16 },
      { tasks: 3, concurrency: 16 },
      { tasks: 6, concurrency: 1, retries: 9 },
      { tasks: 2, concurrency: 1, retries: 0 },
    ];
    for (const shape of shapes) {
      const it = rig({ ...shape, script: REFUSED });
      const result = await it.run();
      expect([result.stopped?.kind, result.results.size]).toEqual(['halted', 0]);
      expect(it.clock.monotonicMs()).toBe(30_010);
    }
  });

  it('ends in five where a name cannot be looked up', async () => {
    const it = rig({
      tasks: 20,
      script: () => failure('network', { isUnsent: true, isNobodyThere: 'lookup' }),
    });
    const result = await it.run();
    expect([result.stopped?.kind, it.clock.monotonicMs()]).toEqual(['halted', 5_010]);
  });

  it('lets the other provider go on to its end', async () => {
    const it = rig({
      ...{ tasks: 20, lanes: { a: {}, b: {} } },
      script: ({ cell }) => (cell.variant === 'a' ? REFUSED() : answer()),
    });
    const result = await it.run();
    expect([...result.results.values()]).toEqual(Array(10).fill('completed'));
    expect([...result.givenUp.keys()]).toEqual(['a']);
  });

  it('asks nothing where a loop before it has given up, and says why it did', async () => {
    const it = rig({
      ...{ tasks: 4, lanes: { a: {}, b: {} } },
      script: ({ cell }) => {
        if (cell.variant === 'a') throw new Error('it was asked');
        return answer();
      },
    });
    const result = await it.run({
      givenUp: new Map([
        ['a', 'a is not there'],
        ['gone', 'of no interest'],
      ]),
    });
    expect(result.stopped).toEqual({ kind: 'halted', why: 'a is not there' });
    expect(result.results.size).toBe(2);
  });

  it('that is told to stop while it waits ends at once', async () => {
    const it = rig({ tasks: 60, concurrency: 16, script: REFUSED });
    it.clock.after(12_345, () => it.stop.abort());
    const result = await it.run();
    expect([result.stopped?.kind, it.clock.monotonicMs()]).toEqual(['interrupted', 12_345]);
  });
});
