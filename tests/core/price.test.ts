// What a model costs that nobody priced: nothing on this machine, unknown elsewhere.
import { describe, expect, it } from 'vitest';
import { sumUsage } from '../../src/core/conversation.ts';
import { isLoopback, priceIn } from '../../src/core/price.ts';
import { atShare } from '../../src/core/rates.ts';
import { costOf, costOfAll } from '../../src/core/usage-cost.ts';
import { boundOf } from '../../src/run/limits/budget.ts';

it.each([
  'http://127.0.0.1:11434/v1',
  'http://127.9.9.9/v1',
  'http://127.1:8000/v1',
  'http://localhost:1234/v1',
  'http://LOCALHOST.:1234/v1',
  'http://models.localhost/v1',
  'http://[::1]:8080/v1',
  'http://[::ffff:127.0.0.1]:8080/v1',
  'http://0.0.0.0:8000/v1',
  'http://host.docker.internal:11434/v1',
  'http://host.containers.internal:11434/v1',
])('takes %s for this machine', (url) => {
  expect(isLoopback(url)).toBe(true);
});

it.each([
  'https://api.openai.com/v1',
  'http://10.0.0.7:8000/v1',
  'http://192.168.1.2/v1',
  'http://localhost.example.com/v1',
  'http://notlocalhost/v1',
  'http://127.0.0.1.example.com/v1',
  'http://ollama:11434/v1',
  'http://[2001:db8::1]/v1',
  'no address',
])('takes %s for somebody else', (url) => {
  expect(isLoopback(url)).toBe(false);
});

it('knows a declared price before all else, and names of Object.prototype are no models', () => {
  const declared = { input: 1, cachedInput: null, output: 2 };
  const local = { pricing: { dear: declared }, isLocal: true as const };
  expect(priceIn(local, 'dear')).toEqual(declared);
  expect(priceIn(local, 'constructor')).toMatchObject({ input: 0, output: 0, isAssumed: true });
  expect(priceIn({ pricing: {} }, 'constructor')).toBeNull();
});

describe('what a call costs', () => {
  const price = { input: 3, cachedInput: 0.3, cacheWrite: 3.75, output: 15 };
  const usage = (inputTokens: number, more: object = {}) => ({
    ...{ inputTokens, outputTokens: 1_000, totalTokens: inputTokens + 1_000 },
    ...{ cachedInputTokens: null, reasoningTokens: null, ...more },
  });

  it('charges what comes from a cache, what goes into it, and the rest', () => {
    const used = usage(100_000, { cachedInputTokens: 40_000, cacheWriteInputTokens: 50_000 });
    // 10,000 fresh, 40,000 read, 50,000 written.
    expect(costOf(used, price)).toBeCloseTo((30_000 + 12_000 + 187_500 + 15_000) / 1e6, 7);
    const { cacheWrite: _, ...plain } = price;
    expect(costOf(used, plain)).toBeCloseTo((180_000 + 12_000 + 15_000) / 1e6, 7);
  });

  it('charges what is kept for an hour by its own price, and by that of all writes where it has none', () => {
    const hour = { ...price, cacheWrite1h: 6 };
    const used = usage(100_000, { cacheWriteInputTokens: 50_000, cacheWrite1hInputTokens: 20_000 });
    // 50,000 fresh, 30,000 for five minutes, 20,000 for an hour.
    expect(costOf(used, hour)).toBeCloseTo((150_000 + 112_500 + 120_000 + 15_000) / 1e6, 7);
    expect(costOf(used, price)).toBeCloseTo((150_000 + 187_500 + 15_000) / 1e6, 7);
    expect(sumUsage([used, used, usage(1)])).toMatchObject({ cacheWrite1hInputTokens: 40_000 });
    expect(sumUsage([usage(1), usage(1)])).not.toHaveProperty('cacheWrite1hInputTokens');
  });

  it('gives nothing back for counts that contradict one another', () => {
    const used = usage(10, { cachedInputTokens: 40, cacheWriteInputTokens: 50, outputTokens: 0 });
    expect(costOf(used, price)).toBeCloseTo((12 + 187.5) / 1e6, 7);
  });

  it('charges a long call by what long calls cost, all of it', () => {
    const long = { ...price, above: { tokens: 200_000, input: 6, cachedInput: 0.6, output: 22.5 } };
    expect(costOf(usage(200_000), long)).toBeCloseTo(0.6 + 0.015, 7);
    expect(costOf(usage(200_001), long)).toBeCloseTo(1.200006 + 0.0225, 7);
  });

  it('charges calls that are told in one sum each by its own length', () => {
    const long = { ...price, above: { tokens: 200_000, input: 6, cachedInput: 0.6, output: 22.5 } };
    const calls = [usage(150_000), usage(150_000)];
    const sum = sumUsage(calls);
    expect(costOfAll(sum, { calls, price: long })).toBeCloseTo(2 * 0.465, 7);
    expect(costOfAll(sum, { calls: calls.slice(1), price: long })).toBeCloseTo(2 * 0.465, 7);
    expect(costOfAll(sum, { calls: [], price: long })).toBe(costOf(sum, long));
  });

  it('is bounded by the dearest that an input may be', () => {
    const size = { inputTokens: 1_000_000, outputTokens: 1_000_000 };
    expect(boundOf({ arm: 'a', size, price })).toMatchObject({ inputUsd: 3.75, outputUsd: 15 });
    const long = { ...price, above: { tokens: 200_000, input: 6, cachedInput: 0.6, output: 22.5 } };
    expect(boundOf({ arm: 'a', size, price: long })).toMatchObject({ inputUsd: 6, outputUsd: 22.5 });
    // Only what asks for an hour can be charged for one.
    const hour = { ...price, cacheWrite1h: 8, above: { ...long.above, cacheWrite1h: 12 } };
    expect(boundOf({ arm: 'a', size, price: hour })).toMatchObject({ inputUsd: 6 });
    expect(boundOf({ arm: 'a', size: { ...size, isForHour: true }, price: hour })).toMatchObject({
      inputUsd: 12,
    });
  });
});

it('is a share of itself in all that it says', () => {
  const rates = { input: 3, cachedInput: 0.3, cacheWrite: 4, cacheWrite1h: 6, output: 15 };
  const half = { input: 1.5, cachedInput: 0.15, cacheWrite: 2, cacheWrite1h: 3, output: 7.5 };
  const price = { ...rates, batch: 0.5, above: { tokens: 9, input: 6, cachedInput: null, output: 20 } };
  expect(atShare(price, 0.5)).toEqual({
    ...half,
    batch: 0.5,
    above: { tokens: 9, input: 3, cachedInput: null, output: 10 },
  });
});
