// `review:` as it is written: what it is read as, and what is said where it cannot be meant.
import { describe, expect, it } from 'vitest';
import { sampleKey } from '../../src/planner/key.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { experiment, load, manifestOf } from './folder.ts';

const LABELS = `  labels:
    good: { value: 3, anchor: Yes. }
    poor: { value: 1, anchor: No. }
`;
const REVIEW = `review:
  dimensions: { tool_selection: Which?, naturalness: How? }
${LABELS}`;

async function printed(review: string): Promise<string> {
  const { manifest, printed: text } = await load(experiment('', review));
  expect(manifest).toBeNull();
  return text;
}

describe('review', () => {
  it('has dimensions in their order, labels from the best on, and what the page says where nothing is written', async () => {
    const { review } = await manifestOf(experiment('', REVIEW));
    expect(review).toEqual({
      dimensions: [
        { name: 'tool_selection', question: 'Which?' },
        { name: 'naturalness', question: 'How?' },
      ],
      labels: [
        { name: 'good', value: 3, anchor: 'Yes.' },
        { name: 'poor', value: 1, anchor: 'No.' },
      ],
      ...{ pass: 'no poor', reviewers: 2, overlap: 0.2, mode: 'single', order: 'shuffled', repeats: 0.05 },
      mask: ['variant', 'run', 'tokens', 'latency', 'tools'],
    });
  });

  it('never shows the arm, whatever "mask" says', async () => {
    const { review } = await manifestOf(experiment('', `${REVIEW}  mask: [arguments]\n`));
    expect(review!.mask).toEqual(['variant', 'run', 'tokens', 'latency', 'arguments']);
  });

  it('asks in pairs for the better of two, and says what then counts for nothing', async () => {
    const text = 'review: { dimensions: { tone: Which is kinder? }, mode: pair, pass: no poor }\n';
    const { manifest, diagnostics } = await load(experiment('', text));
    expect(manifest!.review!.labels.map(({ name }) => name)).toEqual(['left', 'tie', 'right']);
    expect(diagnostics).toMatchObject([{ severity: 'warning', location: { line: 7, column: 63 } }]);
  });

  it('warns of a label without a sentence, and takes it', async () => {
    const text =
      'review: { dimensions: { tone: Kind? }, labels: { good: 2, poor: { value: 1, anchor: No. } } }\n';
    const { manifest, diagnostics } = await load(experiment('', text));
    expect(manifest!.review!.labels[0]).toEqual({ name: 'good', value: 2, anchor: '' });
    expect(diagnostics.map(({ code, severity, message }) => ({ code, severity, message }))).toEqual([
      {
        ...{ code: 'no-anchor', severity: 'warning' },
        message: '"good" has no anchor: two readers mean two things by it',
      },
    ]);
  });

  it('is not there where nobody wrote it, and moves no key where somebody did', async () => {
    const [without, withIt] = [await manifestOf(experiment('')), await manifestOf(experiment('', REVIEW))];
    expect(without).not.toHaveProperty('review');
    const keys = [without, withIt].map((manifest) =>
      fingerprint(manifest).map(({ variant, engine, scenarios }) =>
        sampleKey({ variant: variant.digest, engine: engine.digest, scenario: scenarios[0]!.digest }, 1),
      ),
    );
    expect(keys[1]).toEqual(keys[0]);
  });

  it.each([
    ['review: { dimensions: { pass: Is it fine? } }\n', 'what follows from all dimensions', ':7:'],
    ['review: { dimensions: { "2nd": Is it fine? } }\n', '"2nd" cannot name a dimension', ':7:'],
    ['review: { dimensions: { tone: Kind? } }\n', '"review" does not say what readers may answer', ':7:'],
    [`${REVIEW}  pass: no por\n`, 'did you mean "poor"?', ':12:'],
    [`${REVIEW}  pass: never poor\n`, '"never poor" does not say when an answer passes', ':12:'],
    [REVIEW.replace('value: 1', 'value: 3'), 'have the same value 3', ':11:'],
    [REVIEW.replace('dimensions', 'dimension'), 'did you mean "dimensions"?', ':8:'],
    [`${REVIEW}  mask: [toolz]\n`, '"tools"', ':12:'],
    [`${REVIEW}  overlap: 2\n`, 'overlap', ':12:'],
    [`${REVIEW}  reviewer: 2\n`, 'did you mean "reviewers"?', ':12:'],
  ])('%j is a mistake with its place', async (review, words, place) => {
    const text = await printed(review);
    expect(text).toContain(words);
    expect(text).toContain(place);
  });
});
