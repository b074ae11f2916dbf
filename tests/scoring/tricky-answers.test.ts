// The scorers against a person's reading of 128 answers and more that are easy to misread.
import { expect, it } from 'vitest';
import { expectScorer, judged, said } from './rig.ts';
import { ROWS } from './tricky-answers.ts';

it('holds at least 128 answers, of which few are left undecided', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(128);
  expect(ROWS.filter(([, , right]) => right === 'cannot').length).toBeLessThan(ROWS.length / 6);
});

it.each(ROWS.map((row) => [JSON.stringify(row), row] as const))(
  '%s',
  async (_, [expectation, answer, right, finish = 'stop']) => {
    const result = await judged(expectScorer, expectation, { ...said(answer), finish_reason: finish });
    const found = result.kind === 'err' ? 'cannot' : result.value.passed ? 'right' : 'wrong';
    expect([found, result.kind === 'err' ? result.error : result.value.reason]).toEqual([
      right,
      expect.anything(),
    ]);
  },
);

it('says of an answer that was cut off, refused or filtered that it was', async () => {
  const cut = await judged(expectScorer, { json: true }, { ...said('{"a'), finish_reason: 'length' });
  expect(cut).toMatchObject({
    value: {
      score: 0,
      reason: 'the answer was cut off before its end (finish_reason length); expected JSON, found "{"a"',
    },
  });
  const refused = { ...said(''), refusal: 'I cannot help with that.' };
  expect(await judged(expectScorer, { contains: 'x' }, refused)).toMatchObject({
    value: { reason: expect.stringContaining('the answer was refused') },
  });
  expect(await judged(expectScorer, { refused: true }, refused)).toMatchObject({ value: { score: 1 } });
});

it('says of a comma that nothing settles what settles it', async () => {
  expect(await judged(expectScorer, { numeric: 1234 }, said('1,234'))).toEqual({
    kind: 'err',
    error: 'it is 1234 or 1.234, and "locale: en" or "de" of numeric settles it; expected 1234: "1,234"',
  });
});
