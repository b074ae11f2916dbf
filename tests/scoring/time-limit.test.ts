// What is stopped is what takes time of its own, not what a busy machine keeps waiting.
import { describe, expect, it } from 'vitest';
import { withinTime } from '../../src/scoring/rules/time-limit.ts';

/** This thread gets nothing of the processor, as on a machine that is busy with others. */
function keptWaiting(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a limit of time', () => {
  it('gives what the work gives', () => {
    expect(withinTime(() => 'value')).toBe('value');
    expect(withinTime(() => null)).toBe(null);
  });

  it('is of the time that the work takes, not of that which others take', () => {
    const limitMs = 20;
    const work = (): string => {
      keptWaiting(3 * limitMs);
      return 'judged';
    };
    expect(withinTime(work, limitMs)).toBe('judged');
  });

  it('ends work that takes its time and is not done', () => {
    const work = (): void => {
      for (;;);
    };
    expect(() => withinTime(work, 20)).toThrow('a pattern took longer than 0.02 s and was stopped');
  });

  it('ends work that waits for ever, too', () => {
    expect(() => withinTime(() => keptWaiting(60_000), 1)).toThrow('was stopped');
  });
});
