import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeMessageWriter } from '../../src/providers/message.ts';

const KEY = 'sk-0123456789';

test('a message is one line of at most 2,000 well-formed characters without control characters or the key', () => {
  const write = makeMessageWriter([{ name: 'TEST_KEY', value: KEY }]);
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constant(KEY),
    fc.constant('\u001b[31m\r\n'),
    fc.constant('y'.repeat(990)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const message = write(pieces.join(''));
      expect(message).not.toContain(KEY);
      expect(message).not.toMatch(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/);
      expect(message.length).toBeLessThanOrEqual(2_000);
      expect(message.isWellFormed()).toBe(true);
    }),
  );
});

test('a key that is cut by the bound leaves no piece of itself', () => {
  const write = makeMessageWriter([{ name: 'TEST_KEY', value: KEY }]);
  for (let before = 1_980; before <= 2_000; before += 1)
    expect(write('x'.repeat(before) + KEY)).not.toContain('sk-0');
});

test('short keys are replaced too, words of three letters are not', () => {
  const write = makeMessageWriter([
    { name: 'A', value: 'ollama' },
    { name: 'B', value: 'the' },
  ]);
  expect(write('the ollama key')).toBe('the [redacted:A] key');
});
