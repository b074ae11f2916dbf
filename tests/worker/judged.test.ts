// A judge whose answer cannot be read has failed that judgement: the reason is told, and its provider is none the worse.
import { expect, it } from 'vitest';
import { EMPTY_COMPLETION } from '../../src/core/completion.ts';
import type { Completion, Failure } from '../../src/core/outcome.ts';
import { decideRetry } from '../../src/run/limits/retry.ts';
import { judged } from '../../src/worker/judgement.ts';

function failureOf(of: Partial<Completion>, temperature: number | null = null): unknown {
  const { answer } = judged(
    { kind: 'completion', completion: { ...EMPTY_COMPLETION, ...of }, requestId: null, limits: null },
    {
      order: { score: { passAt: 0.5 }, request: { temperature } } as Parameters<typeof judged>[1]['order'],
      ...{ startedAt: '2026-01-01T00:00:00.000Z', durationMs: 1 },
    },
  );
  return answer.kind === 'failure' ? answer.failure : answer.kind;
}

it.each<[string, Partial<Completion>, RegExp]>([
  ['is prose', { text: 'I cannot say.' }, /no JSON: I cannot say/],
  ['is empty', { text: ' ' }, /^the judge answered nothing$/],
  ['was cut', { text: '{"reason": "Be', finishReason: 'length' }, /raise its max_output_tokens/],
  ['was filtered', { finishReason: 'content_filter' }, /^a content filter ended/],
  ['is a refusal', { refusal: 'No, I will not.' }, /^the judge refused: No, I will not\.$/],
])('an answer that %s fails by itself, says why, and is no fault of the provider', (_, of, message) => {
  expect(failureOf(of)).toMatchObject({
    ...{ kind: 'invalid-response', isOfPrompt: true },
    message: expect.stringMatching(message),
  });
});

it('is as good as said twice at temperature 0: one more try is made, and no more', () => {
  const most = (temperature: number | null): number => {
    const failure = failureOf({ text: 'I cannot say.' }, temperature) as Failure;
    const tries = [1, 2, 3, 4].map((useless) =>
      decideRetry({ failure, attempt: useless, useless, retries: 9, random: 0.5 }),
    );
    return tries.findIndex(({ kind }) => kind === 'give-up') + 1;
  };
  expect([most(0), most(0.7), most(null)]).toEqual([2, 3, 3]);
});
