import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer } from '../../src/sim/player/answer.ts';
import { fillArguments } from '../../src/sim/player/fill.ts';
import { often } from '../rig/often.ts';
import { offering, PAIRS, promptOf } from './sample.ts';

function fill(schema: unknown): unknown {
  return fillArguments(schema, { text: 'call mum', extra: null });
}

describe('schemas that mean harm', () => {
  test('a reference to itself ends', () => {
    const node = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
    expect(JSON.stringify(fill(node)).length).toBeLessThan(1_000);
    expect(fill({ $ref: '#' })).toEqual({});
    expect(
      fill({ $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }),
    ).toEqual({});
  });

  test('a tree that doubles at each level stays bounded', () => {
    const branch = { $ref: '#/$defs/branch' };
    const schema = {
      $defs: { branch: { type: 'object', properties: { l: branch, r: branch }, required: ['l', 'r'] } },
      ...branch,
    };
    expect(JSON.stringify(fill(schema)).length).toBeLessThan(20_000);
  });

  test('huge lists of choices, members and items stay bounded', () => {
    const choices = Array.from({ length: 100_000 }, (_, i) => `choice-${i}`);
    const properties = Object.fromEntries(choices.map((name) => [name, { type: 'string' }]));
    expect(fill({ type: 'object', properties: { of: { enum: choices } }, required: ['of'] })).toEqual({
      of: 'choice-0',
    });
    expect(
      Object.keys(fill({ type: 'object', properties, required: choices }) as object).length,
    ).toBeLessThan(1_000);
    const many = {
      type: 'object',
      properties: { x: { type: 'array', minItems: 1e9, items: {} } },
      required: ['x'],
    };
    expect((fill(many) as { x: unknown[] }).x.length).toBeLessThan(100);
    const long = { type: 'object', properties: { x: { type: 'string', minLength: 1e12 } }, required: ['x'] };
    expect((fill(long) as { x: string }).x.length).toBeLessThan(10_000);
  });

  test('a member named __proto__ is a plain member', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"integer"}},"required":["__proto__"]}',
    );
    const filled = fill(schema) as object;
    expect(Object.getPrototypeOf(filled)).toBe(Object.prototype);
    expect(JSON.stringify(filled)).toBe('{"__proto__":0}');
  });

  test('a pattern is never run', () => {
    const schema = {
      type: 'object',
      properties: { x: { type: 'string', pattern: '^(a+)+$', minLength: 50 } },
      required: ['x'],
    };
    expect((fill(schema) as { x: string }).x).toMatch(/^call mum\.+$/);
  });

  test('anything at all in the place of a schema gives an object', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (schema) => {
        expect(typeof fill(schema)).toBe('object');
      }),
      { numRuns: 300 },
    );
  });

  test('arguments satisfy ordinary schemas of any shape', () => {
    const ajv = new Ajv({ strict: false });
    fc.assert(
      fc.property(objectSchemas(), (schema) => {
        expect([ajv.validate(schema, fill(schema)), schema]).toEqual([true, schema]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('messages that mean harm', () => {
  test.each([
    ['a long row of one letter', 'a'.repeat(1_000_000)],
    ['apostrophes without end', "a'".repeat(500_000)],
    ['digits without end', '9'.repeat(1_000_000)],
    ['brackets', '['.repeat(500_000)],
    [
      'dates that are none',
      '[9999-99-99 99:99 UTC] on 99 June 0 at 99:99 every 999 months until 31 February',
    ],
    ['lone surrogates and NUL', '\ud800\udc00\ud800 \0 remind me \udfff tomorrow at 5pm'],
    ['nothing', ''],
  ])('%s is read without harm', (_name, text) => {
    expect(calledFor(text).length).toBeLessThanOrEqual(60);
  });

  test('any text is read without harm', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(calledFor(text).length).toBeLessThanOrEqual(60);
      }),
      { numRuns: 300 },
    );
  });

  /** The text that a tool is called with for a message. */
  function calledFor(text: string): string {
    const parameters = { required: ['title'], properties: { title: { type: 'string' } } };
    const tools = offering([{ name: 'remind', description: text, parameters }]);
    const reply = answer(promptOf(PAIRS[0]!, { ...tools, turns: [{ role: 'user', text }] }), 1);
    return JSON.parse(JSON.stringify(reply)).calls[0].arguments.title;
  }
});

/** Object schemas of the kinds that tools use: nested, with bounds, choices, references to nowhere left out. */
function objectSchemas(): fc.Arbitrary<object> {
  const { schema } = fc.letrec<{ schema: object; leaf: object; object: object; array: object }>((tie) => ({
    leaf: fc.oneof(
      fc.record({
        type: fc.constant('string'),
        minLength: fc.nat(20),
        maxLength: fc.integer({ min: 20, max: 60 }),
      }),
      fc.record({
        type: fc.constant('integer'),
        minimum: fc.integer({ min: -9, max: 9 }),
        maximum: fc.integer({ min: 10, max: 99 }),
      }),
      fc.constant({ type: 'boolean' }),
      fc.constant({ type: ['null', 'number'] }),
      fc.record({
        enum: fc.uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
          minLength: 1,
          maxLength: 5,
        }),
      }),
      fc.record({ anyOf: fc.tuple(fc.constant({ type: 'null' }), fc.constant({ type: 'integer' })) }),
    ),
    array: fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(3) }),
    object: members(tie('schema')),
    schema: fc.oneof({ maxDepth: 3, depthSize: 'small' }, tie('leaf'), tie('array'), tie('object')),
  }));
  return members(schema);
}

function members(member: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const name = fc.constantFrom(
    'title',
    'date',
    'time',
    'start_at',
    'days',
    'frequency',
    'interval',
    'status',
    'x',
    'until',
  );
  return fc.dictionary(name, member, { maxKeys: 4 }).map((properties) => ({
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  }));
}
