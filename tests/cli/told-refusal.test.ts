// The words of a refusal are told to scorers where the digest that their scores hang on was made of them.
import { expect, it } from 'vitest';
import type { Output } from '../../src/core/generated/record.ts';
import type { Completion } from '../../src/core/outcome.ts';
import { toldRefusal } from '../../src/project/select/refusal-text.ts';
import { outputDigest } from '../../src/run/record.ts';

const OUTPUT: Output = {
  text: 'No.',
  tool_calls: [
    { name: 'look', arguments: { b: 1, a: 2 } },
    { name: 'get', arguments: {}, arguments_text: '{"id": 2512292042121000001}' },
  ],
  messages: [],
  finish_reason: 'stop',
};
const digestOf = ({ refusal }: { readonly refusal?: string }): string =>
  outputDigest({
    text: OUTPUT.text,
    toolCalls: OUTPUT.tool_calls.map(({ name, arguments: given, arguments_text: text }) => ({
      ...{ name, arguments: given },
      ...(text === undefined ? {} : { argumentsText: text }),
    })),
    finishReason: OUTPUT.finish_reason,
    refusal: refusal ?? null,
  } as unknown as Completion);

it('tells them of a record of today', () => {
  const refusal = 'I cannot help with that.';
  const record = { output: { ...OUTPUT, refusal }, output_digest: digestOf({ refusal }) };
  expect(toldRefusal(record)).toEqual({ refusal });
});

it('tells none of a record of before, since an equal digest may be of other words', () => {
  const record = { output: { ...OUTPUT, refusal: 'I cannot.' }, output_digest: digestOf({}) };
  expect(toldRefusal(record)).toEqual({});
  const other = { ...record, output_digest: digestOf({ refusal: 'Never.' }) };
  expect(toldRefusal(other)).toEqual({});
});

it('tells none where there is none', () => {
  expect(toldRefusal({ output: OUTPUT, output_digest: digestOf({}) })).toEqual({});
  expect(toldRefusal({ output: null, output_digest: null })).toEqual({});
});
