// Answers and expectations that want the scorer to hang, to fall or to lie: a missing score with a reason, or a plain one.
// @project e2e: patterns without end are given their second each.
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { calls, expectScorer, judged, said, scorer } from './rig.ts';

const EVIL = '^(a+)+$';
const BAIT = `${'a'.repeat(64)}!`;
const STOPPED = {
  kind: 'err',
  error: 'a pattern took longer than 1 s and was stopped: it backtracks without end on this answer',
};

describe('a pattern that backtracks without end', () => {
  it.each<readonly [string, Json]>([
    ['of a regex', { regex: EVIL }],
    ['of a schema', { json: { schema: { type: 'string', pattern: EVIL } } }],
    ['of a value', { json: { values: { $: { regex: EVIL } } } }],
    ['beside a rule that fails anyway', { contains: 'nowhere', regex: EVIL }],
  ])('%s ends, and is no zero', async (_, expectation) => {
    const text = JSON.stringify(expectation).includes('"json"') ? JSON.stringify(BAIT) : BAIT;
    expect(await judged(expectScorer, expectation, said(text))).toEqual(STOPPED);
  });
  it('of an argument ends, and is no zero', async () => {
    const expectation = { tool_calls: [{ name: 'add', arguments: { x: { regex: EVIL } } }] };
    expect(await judged(expectScorer, expectation, calls([['add', { x: BAIT }]]))).toEqual(STOPPED);
  });
  it('leaves the next answer alone', async () => {
    expect(await judged(expectScorer, { regex: EVIL }, said('aaa'))).toMatchObject({ value: { score: 1 } });
  });
});

describe('an answer', () => {
  it('of more than a megabyte is not judged', async () => {
    expect(await judged(expectScorer, { contains: 'a' }, said('a'.repeat(1_000_001)))).toEqual({
      kind: 'err',
      error: 'the answer has 1,000,001 characters; at most 1,000,000 are judged',
    });
  });
  it('of a megabyte is judged by every rule of text', async () => {
    const text = `${'1 a\u0301?, '.repeat(140_000)}end`;
    const expectation = { contains: 'end', exact: text, regex: 'end$', numeric: 1, not: { json: true } };
    expect(await judged(expectScorer, expectation, said(text))).toMatchObject({
      kind: 'ok',
      value: { score: 1 },
    });
  });
  it.each<readonly [string, string, Json]>([
    ['groups', '1,234'.repeat(150_000), { numeric: 1 }],
    ['blanks', '1 '.repeat(400_000), { numeric: 1 }],
    ['digits', '1'.repeat(900_000), { numeric: 1 }],
    ['powers', '9^9^'.repeat(200_000), { numeric: 1 }],
    ['brackets', '{['.repeat(400_000), { json: true }],
    ['open strings', '{"a'.repeat(300_000), { json: true }],
    ['fences', '```{'.repeat(200_000), { json: true }],
    ['questions', 'he said "please '.repeat(60_000), { clarify: true }],
  ])('that is nothing but %s comes to an end', async (_, text, expectation) => {
    const result = await judged(expectScorer, expectation, said(text));
    expect(result.kind === 'err' || result.value.score === 0 || result.value.score === 1).toBe(true);
  });
  it('nested deeper than a stack is not judged', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    expect(await judged(expectScorer, { json: true }, said(deep))).toEqual({
      kind: 'err',
      error: 'the JSON of the answer is nested deeper than 100 levels',
    });
    const args = JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`) as JsonObject;
    expect(await judged(expectScorer, { tool_calls: ['add'] }, calls([['add', args]]))).toEqual({
      kind: 'err',
      error: 'the arguments of the tool calls: the JSON is nested deeper than 100 levels',
    });
  });
  it('with a thousand calls is paired, and with more is not', async () => {
    const many = (count: number) => calls(Array.from({ length: count }, (_, n) => ['add', { n }] as const));
    const wanted = Array.from({ length: 100 }, (_, n) => ({ name: 'add', arguments: { n: 999 - n } }));
    const expectation = { tool_calls: { calls: wanted, extra: 'allowed' } };
    expect(await judged(expectScorer, expectation, many(1000))).toMatchObject({ value: { score: 1 } });
    expect(await judged(expectScorer, expectation, many(1001))).toMatchObject({ kind: 'err' });
  });
  it('has no members but its own', async () => {
    const answer = said('{"__proto__": {"admin": true}, "list": [1]}');
    for (const path of ['constructor', 'admin', 'list.length', 'toString']) {
      const json = { values: { [path]: { present: false } } };
      expect(await judged(expectScorer, { json }, answer)).toMatchObject({ value: { score: 1 } });
    }
    const own = JSON.parse('{"json": {"values": {"__proto__": {"admin": true}}}}') as Json;
    expect(await judged(expectScorer, own, answer)).toMatchObject({ value: { score: 1 } });
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
  it('with broken text or control characters is quoted as what can be shown', async () => {
    const result = await judged(expectScorer, { exact: 'x' }, said('\u001b[2J\ud800\u202eabc\nnext'));
    expect(result).toMatchObject({
      value: { score: 0, reason: 'expected "x", found "\\x1b[2J\ufffd\\u202eabc next"' },
    });
  });
  it('never makes a reason longer than a paragraph', async () => {
    const made = calls(
      Array.from({ length: 50 }, () => ['x'.repeat(500), { ['k'.repeat(300)]: 'v'.repeat(5000) }] as const),
    );
    const result = await judged(
      expectScorer,
      { any: Array.from({ length: 30 }, () => ({ tool_calls: ['add'] })) },
      made,
    );
    expect(result.kind === 'ok' && result.value.reason!.length).toBeLessThanOrEqual(601);
  });
});

describe('an expectation', () => {
  it('whose schema cannot be compiled, or refers to itself for ever, gives no score', async () => {
    const broken = await judged(expectScorer, { json: { schema: { type: 'nothing' } } }, said('1'));
    expect(broken).toMatchObject({
      kind: 'err',
      error: expect.stringMatching(/^the JSON Schema of the expectation cannot be used: /),
    });
    expect(await judged(expectScorer, { json: { schema: { $ref: '#' } } }, said('1'))).toEqual({
      kind: 'err',
      error: 'the expectation is too complex for this answer: the stack is full',
    });
  });
  it('too long for an edit distance gives no score', async () => {
    const by = scorer('autoevals', { scorer: 'Levenshtein', options: {} });
    expect(await judged(by, 'a'.repeat(6000), said('b'.repeat(6000)))).toEqual({
      kind: 'err',
      error: 'Levenshtein of autoevals is too slow for texts of this length',
    });
  });
  it('that is nested without end is refused', async () => {
    const deep = JSON.parse(`${'{"not":'.repeat(50)}{"exact":"a"}${'}'.repeat(50)}`) as Json;
    expect(await judged(expectScorer, deep, said('a'))).toMatchObject({
      kind: 'err',
      error: expect.stringContaining('nested deeper than 20 levels'),
    });
  });
});
