import { describe, expect, it } from 'vitest';
import { type PairCell, preferenceBlocks, preferencesOf } from '../../src/analysis/compare/preference.ts';

const SCORES: { readonly [label: string]: number } = { win: 1, loss: 0, tie: 0.5, order: 0.5 };

/** One letter a pair: w, l, t, o, and - for one without a verdict; a word a scenario. */
function cells(words: string): readonly PairCell[] {
  const labels: { readonly [letter: string]: string } = { w: 'win', l: 'loss', t: 'tie', o: 'order' };
  return words.split(' ').flatMap((word, i) =>
    [...word].map((letter) => {
      const label = labels[letter] ?? null;
      return { scenario: `s${i}`, label, score: label === null ? null : SCORES[label]! };
    }),
  );
}

const arm = (words: string, variant = 'applike') => ({
  ...{ scorer: 'pref', against: 'baseline', variant, simulated: false },
  cells: cells(words),
});
const AT = { cluster: null, allowIncomplete: false };
const said = (...args: Parameters<typeof preferencesOf>): string =>
  preferenceBlocks(preferencesOf(...args))
    .flatMap((block) => (block.kind === 'sentences' ? block.sentences : []))
    .join(' ');

describe('how often answers are preferred', () => {
  it('is the mean over scenarios, each of the same weight, ties as half', () => {
    const [one] = preferencesOf([arm('www l t o')], AT);
    expect(one).toMatchObject({ pairs: 6, scenarios: 4, wins: 3, losses: 1, ties: 1, followedOrder: 1 });
    expect(one!.found!.rate).toBe((1 + 0 + 0.5 + 0.5) / 4);
  });

  it('is tested by flips of the scenarios: of six that are all won, 2 of 64', () => {
    const [one] = preferencesOf([arm('w w w w w w')], AT);
    expect(one!.found!.p).toBe(2 / 64);
    expect(one!.found!.interval.low).toBeGreaterThan(0.5);
    // Runs of one scenario are not independent: more of them find nothing more.
    expect(preferencesOf([arm('wwww ww w w w w')], AT)[0]!.found!.p).toBe(2 / 64);
  });

  it('is the mirror of itself when every pair is turned around', () => {
    const [there] = preferencesOf([arm('w w w l t w w o')], AT);
    const [back] = preferencesOf([arm('l l l w t l l o')], AT);
    expect(back!.found!.rate).toBeCloseTo(1 - there!.found!.rate, 12);
    expect(back!.found!.p).toBe(there!.found!.p);
  });

  it('has p corrected for the arms beside it, and intervals as wide', () => {
    const alone = preferencesOf([arm('w w w w l w w t')], AT)[0]!.found!;
    const beside = preferencesOf([arm('w w w w l w w t'), arm('t w l t w l w l', 'third')], AT)[0]!;
    expect(beside.found!.adjustedP).toBe(2 * alone.p);
    expect(beside.found!.interval.high - beside.found!.interval.low).toBeGreaterThan(
      alone.interval.high - alone.interval.low,
    );
  });

  it('has no number while pairs are missing, unless the others are asked for', () => {
    expect(preferencesOf([arm('w w - w')], AT)[0]!.found).toBeNull();
    expect(said([arm('w w - w')], AT)).toContain('1 of 4 pairs of applike and baseline has no verdict');
    const allowed = { ...AT, allowIncomplete: true };
    expect(preferencesOf([arm('w w - w')], allowed)[0]!.found!.rate).toBe(1);
    expect(said([arm('w w - w')], allowed)).toContain('1 of 4 pairs of applike and baseline is left out.');
  });

  it('is said as what was found, and what was not found is not called equal', () => {
    expect(said([arm('w w w w w w')], AT)).toMatch(
      /^applike's answers are preferred to baseline's in 100 % of pairs \(ties count half; 95 % CI \d+ to 100 %, p = 0\.031\)\.$/,
    );
    expect(said([arm('l l l l l l')], AT)).toContain(
      "baseline's answers are preferred to applike's in 100 % of pairs",
    );
    expect(said([arm('w l w l t o')], AT)).toMatch(
      /^No preference found .* not the same as equal\. applike: in 1 of 6 pairs/,
    );
  });

  it('of arms without a pair is told as such', () => {
    expect(said([{ ...arm('w'), cells: [] }], AT)).toContain('have no pair that pref is about');
  });
});
