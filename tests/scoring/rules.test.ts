// Each rule against answers: what holds, the score, and the reason in words.
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { JudgedOutput } from '../../src/core/scoring.ts';
import { calls, expectScorer, judged, said } from './rig.ts';

/** Passed, score and reason of an expectation against an answer. */
async function verdict(expectation: Json, output: JudgedOutput): Promise<readonly [number, string]> {
  const result = await judged(expectScorer, expectation, output);
  if (result.kind === 'err') throw new Error(result.error);
  return [result.value.score!, result.value.reason!];
}

describe('exact', () => {
  it.each<readonly [Json, string, number, string]>([
    ['Paris', ' Paris\n', 1, 'is "Paris"'],
    ['Paris', 'paris', 0, 'expected "Paris", found "paris"'],
    [{ text: 'Paris', ignore_case: true }, 'PARIS', 1, 'is "Paris"'],
    [{ text: 'Paris', trim: false }, 'Paris ', 0, 'expected "Paris", found "Paris "'],
    [4, '4', 1, 'is "4"'],
    [['yes', 'Yes.'], 'Yes.', 1, 'is "Yes."'],
    ['caf\u00e9', 'cafe\u0301', 1, 'is "caf\u00e9"'],
  ])('%j of %j scores %d', async (exact, text, score, reason) => {
    expect(await verdict({ exact }, said(text))).toEqual([score, reason]);
  });
});

describe('contains', () => {
  it.each<readonly [Json, string, number, string]>([
    ['the bank', 'Call The\n bank.', 1, 'holds "the bank"'],
    [['bank', 'card'], 'bank', 0, 'lacks "card"; found "bank"'],
    [{ any: ['a', 'b'] }, 'xbx', 1, 'holds "b"'],
    [{ any: ['a', 'b'] }, 'x', 0, 'holds none of "a", "b"; found "x"'],
    [{ none: 'sorry' }, 'Sorry!', 0, 'holds "sorry", which it must not; found "Sorry!"'],
    [{ none: 'sorry' }, 'Fine', 1, 'holds none of "sorry"'],
    [{ all: 'Bank', ignore_case: false }, 'bank', 0, 'lacks "Bank"; found "bank"'],
  ])('%j of %j scores %d', async (contains, text, score, reason) => {
    expect(await verdict({ contains }, said(text))).toEqual([score, reason]);
  });
});

describe('regex', () => {
  it.each<readonly [Json, string, number, string]>([
    ['^\\d+$', '42', 1, '"42" matches /^\\d+$/'],
    ['^\\d+$', 'a', 0, 'nothing matches /^\\d+$/; found "a"'],
    ['(?i)YES', 'well, yes', 1, '"yes" matches /(?i)YES/'],
    [
      { pattern: 'sorry', matches: false, flags: 'i' },
      'Sorry',
      0,
      '"Sorry" matches /sorry/, and nothing must',
    ],
    [['a', 'b'], 'ab', 1, '"a" matches /a/; "b" matches /b/'],
  ])('%j of %j scores %d', async (regex, text, score, reason) => {
    expect(await verdict({ regex }, said(text))).toEqual([score, reason]);
  });
});

describe('json', () => {
  const order = '{"items": [{"name": "tea", "n": 2}], "total": 7.5}';
  it.each<readonly [Json, string, number, string]>([
    [true, '[1]', 1, 'is JSON as expected: [1]'],
    [true, 'Sure: [1]', 1, 'is JSON as expected: [1]'],
    [true, 'Sure [1]', 0, 'expected JSON, found "Sure [1]"'],
    [true, 'Here:\n```json\n{"a": 1}\n```\nDone.', 1, 'is JSON as expected: {"a":1}'],
    [{ schema: { type: 'object', required: ['sum'] } }, order, 0, "must have required property 'sum'"],
    [
      { values: { 'items[0].name': 'tea', total: { at_least: 7, at_most: 8 } } },
      order,
      1,
      'is JSON as expected: {"items":[{"name":"tea","n":2}],"total":7.5}',
    ],
    [{ values: { 'items.0.n': 3, 'items[1]': { present: false } } }, order, 0, 'items.0.n is 2, expected 3'],
    [{ values: { nothing: { at_least: 1 } } }, order, 0, 'nothing is not there, expected at least 1'],
    [{ equals: { b: 1, a: [1, 2] } }, '{"a":[1,2],"b":1}', 1, 'is JSON as expected: {"a":[1,2],"b":1}'],
    [{ equals: [2, 1] }, '[1,2]', 0, 'expected [2,1], found [1,2]'],
    [{ values: { $: { same_items: [2, 1] } } }, '[1,2]', 1, 'is JSON as expected: [1,2]'],
  ])('%j of %j scores %d', async (json, text, score, reason) => {
    expect(await verdict({ json }, said(text))).toEqual([score, reason]);
  });
});

describe('numeric', () => {
  it.each<readonly [Json, string, number, string]>([
    [1234.5, 'That makes 12 x 3, or 1,234.50 USD.', 1, 'found 1234.5'],
    [{ value: 10, tolerance: 0.5 }, '10.4', 1, 'found 10.4'],
    [{ value: 200, relative: 0.1 }, 'about 221', 0, 'expected 200 ± 20, found 221'],
    [-3, 'It is −3 degrees', 1, 'found -3'],
    [4, 'on 2026-02-05', 0, 'expected 4, found no number in "on 2026-02-05"'],
    [0.3, String(0.1 + 0.2), 1, 'found 0.30000000000000004'],
    [4, 'four', 0, 'expected 4, found no number in "four"'],
    [1500, '1.5e3', 1, 'found 1500'],
  ])('%j of %j scores %d', async (numeric, text, score, reason) => {
    expect(await verdict({ numeric }, said(text))).toEqual([score, reason]);
  });
});

describe('clarify', () => {
  it.each<readonly [boolean, JudgedOutput, number, string]>([
    [true, said('Which day?'), 1, 'asked: "Which day?"'],
    [true, said('「何時ですか？」'), 1, 'asked: "「何時ですか？」"'],
    [
      true,
      said('See https://x.example/?a=1 please.'),
      0,
      'expected a question and no tool call; asked nothing: "See https://x.example/?a=1 please."',
    ],
    [
      true,
      calls([['create', { title: 'a' }]], 'Fine?'),
      0,
      'expected a question and no tool call; called create(title: "a")',
    ],
    [false, said('Which?'), 0, 'expected no question; asked: "Which?"'],
    [false, calls([['create', {}]]), 1, 'called create()'],
  ])('%j of %j scores %d', async (clarify, output, score, reason) => {
    expect(await verdict({ clarify }, output)).toEqual([score, reason]);
  });
});

describe('tool_calls', () => {
  const lunch: JsonObject = { title: 'Lunch with Ann', at: '2026-02-17T12:00:00+01:00', minutes: 30 };
  const wanted = {
    name: 'create',
    arguments: { title: { contains: 'lunch' }, at: { at: '2026-02-17T11:00:00Z' } },
  };
  it.each<readonly [string, Json, JudgedOutput, number, string]>([
    ['no call where none is expected', [], said('Hello'), 1, 'called nothing'],
    [
      'a call where none is expected',
      'none',
      calls([['create', { a: 1 }]]),
      0,
      'expected no tool call, found create(a: 1)',
    ],
    [
      'the call',
      [wanted],
      calls([['create', lunch]]),
      1,
      'called create(title: "Lunch with Ann", at: "2026-02-17T12:00:00+01:00", minutes: 30)',
    ],
    [
      'a name alone',
      ['create'],
      calls([['create', lunch]]),
      1,
      'called create(title: "Lunch with Ann", at: "2026-02-17T12:00:00+01:00", minutes: 30)',
    ],
    ['one of several names', [{ name: ['a', 'b'] }], calls([['b', {}]]), 1, 'called b()'],
    ['any name', [{ name: '*', arguments: { x: 1 } }], calls([['b', { x: 1 }]]), 1, 'called b(x: 1)'],
    [
      'a wrong argument',
      [{ name: 'create', arguments: { minutes: { at_least: 45 } } }],
      calls([['create', lunch]]),
      0,
      'expected create with minutes at least 45; in create "minutes" is 30, expected at least 45',
    ],
    [
      'a text for a number',
      [{ name: 'create', arguments: { minutes: { at_least: 45 } } }],
      calls([['create', { minutes: '60' }]]),
      0,
      'expected create with minutes at least 45; in create "minutes" is "60", a text, expected at least 45',
    ],
    ['another tool', ['create'], calls([['remove', {}]]), 0, 'expected create; found remove()'],
    ['words', ['create'], said('Done!'), 0, 'expected create; found no tool call, but "Done!"'],
    [
      'a call too many',
      ['create'],
      calls([
        ['create', {}],
        ['list', {}],
      ]),
      0.5,
      'called more than was expected: list()',
    ],
    [
      'a call too many that is fine',
      { calls: ['create'], extra: 'allowed' },
      calls([
        ['create', {}],
        ['list', {}],
      ]),
      1,
      'called create(), list()',
    ],
    [
      'another order',
      ['a', 'b'],
      calls([
        ['b', {}],
        ['a', {}],
      ]),
      1,
      'called b(), a()',
    ],
    [
      'another order that matters',
      { calls: ['a', 'b'], order: 'given' },
      calls([
        ['b', {}],
        ['a', {}],
      ]),
      0.5,
      'expected a, which came in another order',
    ],
    [
      'the best pairing',
      [{ name: 'add' }, { name: 'add', arguments: { x: 1 } }],
      calls([
        ['add', { x: 1 }],
        ['add', { x: 2 }],
      ]),
      1,
      'called add(x: 1), add(x: 2)',
    ],
    ['the same call once for two', ['add', 'add'], calls([['add', {}]]), 0.5, 'expected add; found add()'],
    [
      'a schema of all arguments',
      [{ name: 'add', arguments: { $: { schema: { maxProperties: 1 } } } }],
      calls([['add', { x: 1, y: 2 }]]),
      0,
      'expected add with $ of the schema; in add "$" is {"x":1,"y":2}: must NOT have more than 1 properties',
    ],
  ])('scores %s', async (_, tool_calls, output, score, reason) => {
    expect(await verdict({ tool_calls }, output)).toEqual([score, reason]);
  });

  it('holds a number that JavaScript cannot hold to its last digit, written as a text', async () => {
    const id = '2512292042121000001';
    const made = (digits: string): JudgedOutput => ({
      ...{ text: '', finish_reason: null },
      tool_calls: [{ name: 'get', arguments: {}, arguments_text: `{"at": [{"id": ${digits}}], "n": 1}` }],
    });
    const wanted = { tool_calls: [{ name: 'get', arguments: { 'at[0].id': id, n: 1 } }] };
    expect((await verdict(wanted, made(id)))[0]).toBe(1);
    expect(await verdict(wanted, made('2512292042121000002'))).toEqual([
      0,
      `expected get with at[0].id "${id}", n 1; in get "at[0].id" is "2512292042121000002", expected "${id}"`,
    ]);
  });

  it.each([
    ['is held by JavaScript by chance', '2512292042121000192', '2512292042121000192', 1],
    ['is held by chance, and is another one', '2512292042121000192', '2512292042121000000', 0],
    ['is not held', '9007199254740993', '9007199254740993', 1],
    ['is not held, and is its neighbour', '9007199254740993', '9007199254740992', 0],
  ])('compares a whole number of an answer that %s by its digits', async (_, made, wanted, score) => {
    expect((await verdict({ json: { equals: { id: wanted } } }, said(`{"id": ${made}}`)))[0]).toBe(score);
    expect((await verdict({ json: { values: { id: wanted } } }, said(`{"id": ${made}}`)))[0]).toBe(score);
    const held: JudgedOutput = {
      ...{ text: '', finish_reason: null },
      tool_calls: [{ name: 'get', arguments: { id: Number(made) } }],
    };
    const isHeld = BigInt(Number(made)) === BigInt(made);
    const output = isHeld
      ? held
      : { ...held, tool_calls: [{ name: 'get', arguments: {}, arguments_text: `{"id": ${made}}` }] };
    expect((await verdict({ tool_calls: [{ name: 'get', arguments: { id: wanted } }] }, output))[0]).toBe(
      score,
    );
  });

  it('knows a long whole number as a number to schemas and bounds, and its digits to patterns', async () => {
    const answer = said('{"id": 9007199254740993, "big": 100000000000000000000000}');
    const schema = { type: 'object', properties: { id: { type: 'integer' } } };
    expect((await verdict({ json: { schema } }, answer))[0]).toBe(1);
    const id = { schema: { type: 'integer' }, at_least: 1, at_most: 1e17, regex: '993$' };
    expect((await verdict({ json: { values: { id, big: 1e23 } } }, answer))[0]).toBe(1);
    expect((await verdict({ json: { values: { id: { at_most: 5 } } } }, answer))[0]).toBe(0);
  });

  it('holds nothing against arguments that are no JSON, except where some are expected', async () => {
    const output: JudgedOutput = {
      text: '',
      finish_reason: null,
      tool_calls: [{ name: 'add', arguments: {}, arguments_text: '{"x": ' }],
    };
    expect((await verdict({ tool_calls: ['add'] }, output))[0]).toBe(1);
    expect(
      await verdict({ tool_calls: [{ name: 'add', arguments: { y: { present: false } } }] }, output),
    ).toEqual([
      0,
      'expected add with y that is not there; in add the arguments are not a JSON object: "{"x": "',
    ]);
  });
});

describe('rules together', () => {
  it('score the share that holds', async () => {
    expect(await verdict({ contains: 'a', regex: 'b', clarify: false }, said('a'))).toEqual([
      2 / 3,
      'nothing matches /b/; found "a"',
    ]);
  });
  it('score the best of any', async () => {
    const any = [{ clarify: true }, { tool_calls: ['a', 'b'] }];
    expect(await verdict({ any }, calls([['a', {}]]))).toEqual([
      0.5,
      'none of 2: (1) expected a question and no tool call; called a() (2) expected b; found a()',
    ]);
    expect(await verdict({ any }, said('When?'))).toEqual([1, 'asked: "When?"']);
  });
  it('turn a verdict round', async () => {
    expect(await verdict({ not: { contains: 'sorry' } }, said('Fine'))).toEqual([
      1,
      'not so: lacks "sorry"; found "Fine"',
    ]);
    expect(await verdict({ not: { contains: 'sorry' } }, said('Sorry'))).toEqual([
      0,
      'expected otherwise: holds "sorry"',
    ]);
  });
  it('pass from the score on that the scorer names', async () => {
    const output = calls([['a', {}]]);
    for (const [passAt, passed] of [
      [1, false],
      [0.5, true],
    ] as const) {
      const result = await judged({ ...expectScorer, passAt }, { tool_calls: ['a', 'b'] }, output);
      expect(result).toMatchObject({ kind: 'ok', value: { score: 0.5, passed } });
    }
  });
});

describe('autoevals', () => {
  it.each<readonly [JsonObject, string, number, string]>([
    [
      { scorer: 'Levenshtein', expected: 'abcd' },
      'abxd',
      0.75,
      'Levenshtein 0.75: expected "abcd", found "abxd"',
    ],
    [{ scorer: 'NumericDiff', expected: 3 }, 'It is 4', 0.857, 'NumericDiff 0.857: expected 3, found 4'],
    [{ scorer: 'NumericDiff', expected: 3 }, 'four', 0, 'NumericDiff: no number in "four"'],
    [
      { scorer: 'JSONDiff', expected: { a: 1, b: 2 } },
      '{"a": 1, "b": 2}',
      1,
      'JSONDiff 1: expected {"a":1,"b":2}, found {"a":1,"b":2}',
    ],
    [
      { scorer: 'ExactMatch', expected: { a: 1 } },
      '{"a":2}',
      0,
      'ExactMatch 0: expected {"a":1}, found {"a":2}',
    ],
    [
      { scorer: 'ListContains', expected: ['tea', 'milk'] },
      '- tea\n- milk',
      1,
      'ListContains 1: expected ["tea","milk"], found ["tea","milk"]',
    ],
    [
      { scorer: 'ValidJSON', expected: { type: 'array' } },
      '{}',
      0,
      'ValidJSON 0: expected {"type":"array"}, found "{}"',
    ],
  ])('%j of %j scores %d', async (autoevals, text, score, reason) => {
    const [found, why] = await verdict({ autoevals }, said(text));
    expect([Math.round(found * 1000) / 1000, why]).toEqual([score, reason]);
  });
});
