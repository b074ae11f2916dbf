import { expect, test } from 'vitest';
import { shareText } from '../../src/executor/pool.ts';
import { answer, failure } from '../rig/loop.ts';

test('an outcome is the same afterwards, whatever its messages are', () => {
  const outcome = answer('long');
  if (outcome.kind !== 'success') throw new Error(outcome.kind);
  const messages = [
    { role: 'assistant', content: null },
    { role: 'assistant', content: 'long', refusal: null },
    {},
  ];
  const odd = { ...outcome, completion: { ...outcome.completion, messages } };
  for (const each of [outcome, odd, failure('timeout')]) expect(shareText(each)).toEqual(each);
});
