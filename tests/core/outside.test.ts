// The door: nothing that JSON.parse or own code can give makes it throw, and what passes has one canonical form.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical.ts';
import { thrownMessage, thrownStack } from '../../src/core/thrown.ts';
import {
  argumentsProblem,
  escapeHalves,
  exactObject,
  isDeeper,
  mend,
  mendObject,
  parseExactObject,
  parseMended,
  plainJson,
  takeArguments,
} from '../../src/core/untrusted-json.ts';
import { hostileJsonText, isWhole } from '../rig/hostile-json.ts';
import { often } from '../rig/often.ts';

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('exactly', () => {
  it.each([
    ['{"a":"\\ud83d"}', /half a character/],
    ['{"\\udc00":1}', /half a character/],
    ['{"a":[1e999]}', /not finite/],
    ['{"a":-1e999}', /not finite/],
    ['{"\u00e9":1,"e\u0301":2}', /Unicode NFC/],
    [nested(101), /deeper than 100 levels/],
    [nested(5_000), /deeper than 100 levels/],
    ['{"a":1,"a":2}', /name a member twice/],
    ['{"b":{"a":":\\"","a":2}}', /name a member twice/],
    ['{"__proto__":1,"__proto__":2}', /name a member twice/],
    ['{"id":9007199254740993}', /the number 9007199254740993, which cannot be held exactly/],
    ['{"id":-1e-999}', /the number -1e-999/],
    [`{"id":${'1'.repeat(300)}}`, /the number 1{40}\.\.\., which/],
    ['[1]', /not a JSON object/],
    ['null', /not a JSON object/],
    ['{"a":', /not a JSON object/],
    ['', /not a JSON object/],
  ])('refuses %s and says why', (text, why) => {
    const read = parseExactObject(text);
    expect(read.kind === 'err' && read.error).toMatch(why);
    expect(argumentsProblem(text)).toMatch(why);
  });

  it.each([
    '{}',
    '{"a":{"b":[1,2.5,-0,0.1,1e21,9007199254740992,3.14159265358979323846],"__proto__":{"c":":"}}}',
    '{"a":"\\ud83d\\ude00 \\\\\\":{}","\u00e9":1}',
    nested(100),
  ])('takes %s as JSON.parse gives it', (text) => {
    expect(parseExactObject(text)).toEqual({ kind: 'ok', value: JSON.parse(text) });
  });

  it('keeps the text of arguments where it refuses them, with half characters as JSON writes them', () => {
    expect(takeArguments('{"a":"\ud83d"}')).toEqual({ arguments: {}, argumentsText: '{"a":"\\ud83d"}' });
    expect(takeArguments({ a: '\ud83d' })).toEqual({ arguments: {}, argumentsText: '{"a":"\\ud83d"}' });
    expect(takeArguments('{"n":1e999}')).toEqual({ arguments: {}, argumentsText: '{"n":1e999}' });
    expect(takeArguments(['']).argumentsText).toBe('[""]');
    expect(takeArguments(JSON.parse(nested(250)))).toEqual({ arguments: {}, argumentsText: nested(250) });
    expect(takeArguments(JSON.parse(nested(3_000))).argumentsText).toMatch(/^\[left out: nested deeper/);
    expect(takeArguments({ a: 1 })).toEqual({ arguments: { a: 1 }, argumentsText: null });
  });
});

it.each([undefined, null, '', ' \n', 'null', ' null '])(
  'takes %j in the place of arguments for none',
  (given) => {
    expect(takeArguments(given)).toEqual({ arguments: {}, argumentsText: null });
  },
);

describe('mended', () => {
  it('keeps everything that can be kept, and changes nothing else', () => {
    const text =
      '{"a":["\\ud800x",1e999,{"\u00e9":1,"e\u0301":"\\ud800"}],"\\udfff":{"__proto__":{"b":null}},"c":"\\ud83d\\ude00"}';
    expect(JSON.stringify(parseMended(text))).toBe(
      '{"kind":"ok","value":{"a":["\ufffdx",null,"{\\"\u00e9\\":1,\\"e\u0301\\":\\"\\\\ud800\\"}"],"\ufffd":{"__proto__":{"b":null}},"c":"😀"}}',
    );
  });

  it('bounds depth, and calls what is no JSON by its name', () => {
    expect(mend(JSON.parse(nested(4_000)))).toMatchObject({
      kind: 'err',
      error: expect.stringMatching(/deeper than 100/),
    });
    expect(parseMended('{')).toEqual({ kind: 'err', error: 'is no JSON' });
  });

  it('makes an object whose own names are one an object that holds its text', () => {
    expect(mendObject({ '\u00e9': 1, 'e\u0301': 2 })).toEqual({
      kind: 'ok',
      value: { json: '{"\u00e9":1,"e\u0301":2}' },
    });
  });
});

describe('values of own code', () => {
  it('takes what JSON carries, and says why not', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const throwing = {
      get a(): never {
        throw Object.create(null);
      },
    };
    expect(plainJson({ a: Number.NaN, b: undefined, c: new Date(0), d: () => 1 })).toEqual({
      kind: 'ok',
      value: { a: null, c: '1970-01-01T00:00:00.000Z' },
    });
    expect(plainJson(circle)).toMatchObject({
      error: expect.stringMatching(/cannot be written as JSON: .*circular/),
    });
    expect(plainJson(10n)).toMatchObject({ error: expect.stringMatching(/BigInt/) });
    expect(plainJson(throwing)).toMatchObject({ error: expect.stringMatching(/something that has no text/) });
    expect(plainJson(() => 1)).toMatchObject({ error: 'is no JSON but a function' });
    expect(plainJson(JSON.parse('['.repeat(1_001) + ']'.repeat(1_001)))).toMatchObject({
      error: expect.stringMatching(/deeper/),
    });
    expect(isDeeper(circle, 50)).toBe(true);
  });

  it('words whatever was thrown', () => {
    const mute = Object.create(null) as object;
    const trap = new Error('x');
    Object.defineProperty(trap, 'stack', {
      get() {
        throw mute;
      },
    });
    expect([thrownMessage(mute), thrownStack(trap), thrownMessage(Symbol('s')), thrownMessage(null)]).toEqual(
      ['something that has no text was thrown', 'something that has no text was thrown', 'Symbol(s)', 'null'],
    );
  });
});

it('lets nothing through that has no canonical form, and never throws', () => {
  fc.assert(
    fc.property(hostileJsonText(), (text) => {
      const exact = parseExactObject(text);
      if (exact.kind === 'ok') {
        canonicalJson(exact.value);
        expect(exact.value).toEqual(JSON.parse(text));
      }
      const whole = parseMended(text);
      if (whole.kind === 'ok') {
        canonicalJson(whole.value);
        expect(isWhole(whole.value)).toBe(true);
        expect(mend(whole.value)).toEqual(whole);
      }
      const taken = takeArguments(text);
      canonicalJson(taken);
      expect(exactObject(taken.arguments).kind).toBe('ok');
      expect(escapeHalves(text).isWellFormed()).toBe(true);
    }),
    often(500),
  );
});
