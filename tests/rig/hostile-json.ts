// JSON as nobody should send it: what JSON.parse takes, and what makes a reader that trusts it throw.
import fc from 'fast-check';

const nest = (levels: number, open: string, close: string): string =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;

/** By what is wrong: the text of one JSON value, which JSON.parse takes. */
export const HOSTILE: { readonly [what: string]: string } = {
  'half a character': '"\\ud83d alone"',
  'half a character in a name': '{"\\udc00":1}',
  'a number beyond all numbers': '[1e999,-1e999]',
  'a number of nineteen digits': '9007199254740993123',
  'two names that are one in NFC': '{"\u00e9":1,"e\u0301":2}',
  'a member twice': '{"a":1,"a":2}',
  '250 levels': nest(250, '{"a":', '}'),
  '20,000 levels': nest(20_000, '[', ']'),
  'a prototype': '{"__proto__":{"polluted":1},"constructor":{"prototype":1}}',
  'an object that has no text': '{"toString":1,"valueOf":2,"toJSON":3}',
  'minus zero': '-0',
  'a long text': `"${'x'.repeat(300_000)}"`,
  'control characters': '"\\u0000\\u001b[2J\\u202e\\u009b31m"',
  nothing: 'null',
};

/** Whether no text in it holds half a character: only then it is the same once it was written as UTF-8 and read. */
export function isWhole(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, member]) => name.isWellFormed() && isWhole(member));
}

const scalar = fc.oneof(
  fc.constantFrom(...Object.values(HOSTILE)),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.integer().map((n) => `"\\u${(0xd800 + (Math.abs(n) % 0x800)).toString(16)}"`),
  fc.constantFrom('1e999', '-0', '1e-999', '12345678901234567890', '1.0', 'true', '{"type":"text","text":7}'),
);
const name = fc.oneof(
  fc.constantFrom(
    '"__proto__"',
    '"toString"',
    '"valueOf"',
    '"type"',
    '"text"',
    '"a"',
    '"\u00e9"',
    '"e\u0301"',
    '"\\ud800"',
    '"toJSON"',
    '"length"',
    '""',
  ),
  fc.string().map((text) => JSON.stringify(text)),
);

/** Text of any JSON value, odd more often than not. */
export function hostileJsonText(): fc.Arbitrary<string> {
  return fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
      fc
        .array(fc.tuple(name, tie('value')), { maxLength: 4 })
        .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`),
    ),
  })).value;
}
