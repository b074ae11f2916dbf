// What the options of `sim` become, and what is said of those that mean nothing.
import { describe, expect, it } from 'vitest';
import { readSimSettings, type SimTexts } from '../../src/project/sim/settings.ts';

const USUAL: SimTexts = {
  ...{ latency: '0', spread: '0', errors: '0', drops: '0', hangs: '0', halfJson: '0', drips: '0' },
  ...{ dripMs: '1', invalidUtf8: '0', huge: '0', hugeBytes: '1', seed: '0', windowSeconds: '60' },
  ...{ outageMs: '5000', outageStatus: '503', limitHeaders: true },
};
const read = (more: Partial<SimTexts>) => readSimSettings({ ...USUAL, ...more });

describe('options of sim', () => {
  it('say what a refusal tells: everything unless something else is asked for', () => {
    const told = [
      {},
      { retryAfter: 'exact' },
      { retryAfter: 'seconds' },
      { retryAfter: '60' },
      { retryAfter: false },
    ];
    expect(told.map((one) => read(one).retryAfter)).toEqual([true, true, 'seconds', 60, false]);
  });

  it('count in a bucket unless a window is asked for', () => {
    expect(read({ rate: '2' })).not.toHaveProperty('window');
    expect(read({ rate: '2', window: 'sliding' }).window).toEqual({ kind: 'sliding', seconds: 60 });
  });

  it('let the account change in the middle', () => {
    expect(read({ driftAfter: '9' }).drift).toEqual({ after: 9, latencyMs: null, servedModel: null });
    expect(read({ driftAfter: '9', driftRate: '0.5', driftBurst: '3' }).drift).toEqual({
      ...{ after: 9, latencyMs: null, servedModel: null },
      ...{ ratePerSecond: 0.5, burst: 3 },
    });
  });

  it.each([
    [{ retryAfter: 'soon' }, /--retry-after "soon": exact, seconds/],
    [{ retryAfter: '-1' }, /--retry-after "-1"/],
    [{ retryAfter: '999999' }, /whole number from 0 to 86400/],
    [{ rate: '1', window: 'rolling' }, /--window "rolling": fixed or sliding/],
    [{ window: 'fixed' }, /--window needs --rate/],
    [{ driftRate: '5' }, /need --drift-after/],
    [{ driftAfter: '1', driftRate: '0' }, /--drift-rate "0"/],
  ])('refuse %j', (texts, says) => {
    expect(() => read(texts)).toThrow(says);
  });
});
