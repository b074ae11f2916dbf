import { describe, expect, it } from 'vitest';
import { readJudgement, readVerdict } from '../../src/scoring/judges/verdict.ts';

const at = { passAt: 0.5 };

describe('the text of a judge', () => {
  it.each([
    ['Here: {"score": 1} Hope it helps.', 1],
    ['~~~\n{"score": 0}\n~~~', 0],
    ['```json {"score": 1}```', 1],
    ['\ufeff{"score": 1}', 1],
    ['The answer was {"a": 2}, so:\n{"score": 0.5}', 0.5],
  ])('%j is read', (text, score) => {
    expect(readJudgement(text, { passAt: 0.5 })).toMatchObject({ kind: 'ok', value: { score } });
  });

  it('with two verdicts that differ is none', () => {
    expect(readJudgement('{"score": 1} or {"score": 0}', { passAt: 0.5 })).toEqual({
      kind: 'err',
      error: 'the judge answered several verdicts, which differ',
    });
  });
});

describe('a verdict', () => {
  it.each([
    [1, { score: 1, passed: true, label: null }],
    [0, { score: 0, passed: false, label: null }],
    [0.5, { score: 0.5, passed: true, label: null }],
    [true, { score: 1, passed: true, label: null }],
    [false, { score: 0, passed: false, label: null }],
    [{ score: 0.4 }, { score: 0.4, passed: false, label: null }],
    [
      { score: 0.4, passed: true },
      { score: 0.4, passed: true, label: null },
    ],
    [{ passed: true }, { score: 1, passed: true, label: null }],
    [{ label: 'rude' }, { score: null, passed: null, label: 'rude' }],
    [
      { score: 1, reason: 'It asks.' },
      { score: 1, passed: true, label: null, reason: 'It asks.' },
    ],
  ])('reads %j', (told, expected) => {
    expect(readVerdict(told, at)).toMatchObject({ kind: 'ok', value: expected });
  });

  it.each([
    ['nothing', undefined, '"score" (0..1) or "label"'],
    ['text', 'good', '"score" (0..1) or "label"'],
    ['a list', [1], '"score" (0..1) or "label"'],
    ['a score beyond 1', { score: 1.2 }, 'from 0 to 1, not 1.2'],
    ['a score below 0', { score: -1 }, 'from 0 to 1'],
    ['a score that is text', { score: '1' }, 'from 0 to 1, not "1"'],
    ['no number', { score: Number.NaN }, 'from 0 to 1'],
    ['a pass that is text', { score: 1, passed: 'yes' }, '"passed"'],
    ['an endless label', { label: 'x'.repeat(201) }, '"label"'],
    ['neither', { reason: 'because' }, '"score" (0..1) or a "label"'],
  ])('refuses %s', (_, told, why) => {
    const read = readVerdict(told, at);
    expect(read.kind).toBe('err');
    expect(read.kind === 'err' && read.error).toContain(why);
  });

  it('takes the score from the category where there are choices', () => {
    const choices = { good: 1, fair: 0.5, bad: 0 };
    expect(readVerdict({ label: 'fair', score: 1 }, { ...at, choices })).toMatchObject({
      value: { score: 0.5, label: 'fair', passed: true },
    });
    expect(readVerdict({ label: 'toString' }, { ...at, choices })).toMatchObject({ kind: 'err' });
    expect(readVerdict({ score: 1 }, { ...at, choices })).toMatchObject({ kind: 'err' });
  });

  it('keeps reasons and details bounded and well formed', () => {
    const read = readVerdict(
      { score: 1, reason: `\ud800${'x'.repeat(5_000)}`, details: { a: 'y'.repeat(20_000) } },
      at,
    );
    expect(read.kind === 'ok' && read.value.reason).toHaveLength(2_000);
    expect(read.kind === 'ok' && read.value.reason!.isWellFormed()).toBe(true);
    expect(read.kind === 'ok' && 'details' in read.value).toBe(false);
  });
});

describe('a judgement', () => {
  it.each([
    ['{"score": 1, "reason": "r"}'],
    ['```json\n{"score": 1}\n```'],
    ['Here you are:\n```\n{"score": 1}\n```\nAnything else?'],
  ])('is read out of %j', (text) => {
    expect(readJudgement(text, at)).toMatchObject({ kind: 'ok', value: { score: 1, passed: true } });
  });

  it.each(['', 'I would give it a 1.', '{"score": 1', '{"verdict": "good"}'])('is not made of %j', (text) => {
    expect(readJudgement(text, at).kind).toBe('err');
  });
});
