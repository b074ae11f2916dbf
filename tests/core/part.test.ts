import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, digestOf, sha256 } from '../../src/core/canonical.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { hasEachMember } from '../../src/core/json-text.ts';
import { makePart } from '../../src/core/part.ts';

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('e\u0301', '\u00e9', '\ud800', ':', '":', 'a":"b', '\\":', '0', '10', '9', '!'),
);
/** Half a character is refused before a member is counted. */
const whole = text.filter((one) => one.isWellFormed());
const content = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.dictionary(text, text)), { maxKeys: 4 });

test('the digest of a part is that of its canonical form, whether or not its texts are ordinary ones', () => {
  fc.assert(
    fc.property(content, (plain) => {
      const object = plain as JsonObject;
      let canonical: string;
      try {
        canonical = canonicalJson(object);
      } catch {
        expect(() => makePart('scenario', object)).toThrow();
        return;
      }
      const part = makePart('scenario', object);
      if (part.content.exact === undefined) expect(part.digest).toBe(sha256(canonical));
      else expect(part.digest).toBe(digestOf(part.content));
    }),
    { numRuns: 1000 },
  );
});

test('a second member of a name is seen, however colons stand in texts', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(whole, whole), { maxLength: 5 }),
      fc.constantFrom('', ' ', '\n\t'),
      (members, space) => {
        const written = `{${members.map(([name, value]) => `${JSON.stringify(name)}${space}:${space}${JSON.stringify(value)}`).join(',')}}`;
        const names = new Set(members.map(([name]) => JSON.parse(JSON.stringify(name)) as string));
        expect(hasEachMember(written, JSON.parse(written))).toBe(names.size === members.length);
      },
    ),
    { numRuns: 1000 },
  );
});
