// What is left of limits that were found, and when something new was found.
import { describe, expect, it } from 'vitest';
import { type FoundLimits, fadedHint, foundLimits, isNews } from '../../src/core/limit-memory.ts';

const DAY = 86_400_000;
const found = (more: Partial<FoundLimits> = {}): FoundLimits => ({
  lane: 'openai',
  requests_per_s: 20,
  burst: 4,
  concurrency: null,
  ...more,
});

describe('what was found', () => {
  it('is begun with as it is when it is new, by half after a week, and not at all after four', () => {
    expect(fadedHint(found(), 0)).toEqual({ requestsPerSecond: 20, burst: 4, concurrency: null });
    expect(fadedHint(found(), 7 * DAY)).toEqual({ requestsPerSecond: 10, burst: 2, concurrency: null });
    expect(fadedHint(found(), 28 * DAY)).toBeNull();
  });

  it('never fades below one call at once', () => {
    const hint = fadedHint(found({ burst: 1, concurrency: 1 }), 27 * DAY);
    expect(hint).toMatchObject({ burst: 1, concurrency: 1 });
  });

  it('is new where a clock was set back since', () => {
    expect(fadedHint(found(), -3 * DAY)).toEqual(fadedHint(found(), 0));
  });

  it('is nothing where nothing showed', () => {
    const nothing = { requestsPerSecond: null, burst: null, concurrency: null };
    expect(foundLimits('openai', nothing)).toBeNull();
    expect(fadedHint(found({ requests_per_s: null, burst: null }), 0)).toBeNull();
  });

  it('is kept with three digits of its rate and whole calls', () => {
    const learned = { requestsPerSecond: 18.73456, burst: 2.4, concurrency: 0.2 };
    expect(foundLimits('openai', learned)).toEqual(found({ requests_per_s: 18.7, burst: 2, concurrency: 1 }));
  });

  it('is news where it is more than what was begun with, and none where it is that or less', () => {
    expect(isNews(found(), null)).toBe(true);
    expect(isNews(found(), found())).toBe(false);
    expect(isNews(found({ requests_per_s: 12 }), found())).toBe(false);
    expect(isNews(found({ requests_per_s: 21 }), found())).toBe(true);
    expect(isNews(found({ concurrency: 8 }), found())).toBe(true);
  });
});
