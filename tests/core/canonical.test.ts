import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, digestOf } from '../../src/core/canonical.ts';

describe('canonical JSON', () => {
  it('writes the example of RFC 8785, section 3.2.2', () => {
    const value = {
      numbers: [JSON.parse('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts member names by UTF-16 code units', () => {
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    const order = canonicalJson(value).match(/(?<=:)\d/g);
    // U+FB33 stands after the emoji in the RFC's own list; NFC makes it U+05D3 U+05BC.
    expect(order?.join('')).toBe('2467315');
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        try {
          return digestOf(object) === digestOf(reversed);
        } catch {
          // Two names that are one after normalisation: refused in either order.
          return true;
        }
      }),
    );
  });

  it('takes composed and decomposed text for one', () => {
    expect(digestOf('\u00e9')).toBe(digestOf('e\u0301'));
    expect(() => canonicalJson({ '\u00e9': 1, 'e\u0301': 2 })).toThrow(/two members are named "é"/);
  });

  it('leaves members out that are undefined', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it.each([
    [Number.NaN, /NaN has no JSON form/],
    [{ a: [1, Number.POSITIVE_INFINITY] }, /\$\.a\[1\]: Infinity/],
    [[undefined], /undefined has no JSON form/],
    [{ f: () => 1 }, /\$\.f: a function/],
    [new Date(0), /only plain objects/],
    ['\ud800', /lone surrogate/],
    [10n, /bigint/],
  ])('refuses %s rather than making a smaller key', (value, message) => {
    expect(() => canonicalJson(value)).toThrow(message);
  });

  it('refuses what is nested without end', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => canonicalJson(cycle)).toThrow(/deeper than 200/);
  });

  it('writes minus zero as zero', () => {
    expect(canonicalJson(-0)).toBe('0');
  });
});
