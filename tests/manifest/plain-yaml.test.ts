// The quick reader against the library: what it takes, it reads alike; what it does not take costs nothing but time.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/manifest/documents/parse.ts';
import { readPlainYaml } from '../../src/manifest/documents/plain-yaml.ts';
import { often } from '../rig/often.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const samples = ['scenarios', 'src/variants/samples'].flatMap((folder) =>
  readdirSync(`${root}${folder}`).map((name) => `${folder}/${name}`),
);
const texts = ['experiment.yaml', ...samples]
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => [name, readFileSync(root + name, 'utf8')] as const);

/** Fails if the quick reader took a text that the library refuses, or reads otherwise. Gives whether it took it. */
function agrees(text: string): boolean {
  const quick = readPlainYaml(text);
  if (quick === null) return false;
  const { document, problems } = parseYaml({ file: 'f.yaml', text });
  expect(problems).toEqual([]);
  expect(quick.value).toEqual(document!.value);
  const walk = (node: unknown, path: readonly (string | number)[]): void => {
    if (typeof node !== 'object' || node === null) return;
    // Of a member the library says the line of its key: scenarios are items.
    if (typeof path.at(-1) !== 'string') expect(quick.lineOf(node)).toBe(document!.lineOf(path));
    for (const [name, member] of Object.entries(node))
      walk(member, [...path, Array.isArray(node) ? Number(name) : name]);
  };
  walk(quick.value, []);
  return true;
}

describe('the quick reader', () => {
  it.each(texts)('takes %s and reads it as the library does', (_, text) => {
    expect(agrees(text)).toBe(true);
  });

  it('agrees with the library on files made of anything that lines can be made of', () => {
    const key = fc.constantFrom('a', 'b', 'key', 'x-y', 'null', 'true', '<<', '__proto__', '"q"', '1', '? k');
    const scalar = fc.constantFrom(
      ...[
        '',
        'text',
        'two words',
        'a: b',
        'a:b',
        'a #c',
        'a#c',
        '#c',
        '# c',
        '-',
        '- x',
        '-1',
        '-0',
        '0',
        '007',
        '1.50',
        '1.',
        '.5',
        '1e3',
        '0x1F',
        '0o7',
        '1_000',
        '.inf',
        '.nan',
        '+1',
        '12345678901234567890',
      ],
      ...[
        '~',
        'null',
        'Null',
        'true',
        'FALSE',
        'yes',
        '60s',
        '2026-02-15',
        '10:00',
        'http://h:1/v1',
        '&a x',
        '*a',
        '!t x',
        '@x',
        '`x`',
        '%x',
        '=',
        '<<',
        '...',
        '---',
        '?',
        '? x',
        ':',
        ':x',
      ],
      ...[
        '"d"',
        '"a\\n\\u00e9\\/"',
        '"\\x41"',
        '"\\ud800"',
        '"open',
        "'s'",
        "'it''s'",
        "'open",
        '"d" # c',
        '"d"x',
        '"a": 1',
        '[]',
        '{}',
        '[a, b]',
        '[a, "b", [c]]',
        '[a,]',
        '[a',
        '{ k: v }',
        '{k: v, n: 1}',
        '{ k: v, k: w }',
        '{ k }',
        '{k:v}',
        '{ "k": 1 }',
        '[a: b]',
        '[x:y, 10:00]',
        '[ a b ,c ]',
        '{ k: }',
        '[a]#c',
        '[a] #c',
        '[-1, - x]',
        "[it's]",
      ],
      ...[
        '|',
        '|-',
        '|+',
        '>',
        '>-',
        '|2',
        '| # c',
        '> text',
        'é',
        '名前',
        '😀',
        'a\u00a0b',
        'tail ',
        'a\\b',
        "it's",
        'say "x"',
        'a, b',
        'a [b] {c}',
        'a]',
        'x:',
        'x: ',
      ],
    );
    const content = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(key, scalar).map(([k, v]) => `${k}:${v === '' ? '' : ` ${v}`}`) },
      { weight: 2, arbitrary: scalar.map((v) => `- ${v}`) },
      { weight: 3, arbitrary: fc.tuple(key, scalar).map(([k, v]) => `- ${k}: ${v}`) },
      scalar,
      fc.constantFrom('', '   ', '# comment', '-', '- - x', '-   k: v', '---', 'k:  v', 'k :v'),
    );
    const line = fc
      .tuple(fc.constantFrom(0, 0, 0, 1, 2, 2, 2, 3, 4, 4), content)
      .map(([indent, text]) => ' '.repeat(indent) + text);
    const file = fc.array(line, { minLength: 1, maxLength: 7 }).map((lines) => `${lines.join('\n')}\n`);
    let taken = 0;
    fc.assert(
      fc.property(file, (text) => {
        if (agrees(text)) taken++;
      }),
      often(20_000),
    );
    // A reader that gives up always would agree always.
    expect(taken).toBeGreaterThan(500);
  });

  it('agrees with the library on the sample with lines moved, dropped, doubled and indented', () => {
    const change = fc.record({
      at: fc.nat(),
      what: fc.constantFrom('drop', 'double', 'deeper', 'flatter', 'cut', 'blank'),
      size: fc.nat({ max: 30 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        ([, text], changes) => {
          agrees(changes.reduce(mutate, text));
        },
      ),
      often(1000),
    );
  });
});

function mutate(text: string, { at, what, size }: { at: number; what: string; size: number }): string {
  const lines = text.split('\n');
  const index = at % lines.length;
  const line = lines[index]!;
  const changed: { readonly [what: string]: readonly string[] } = {
    drop: [],
    double: [line, line],
    deeper: [` ${line}`],
    flatter: [line.replace(/^ {1,2}/, '')],
    cut: [line.slice(0, size)],
    blank: [line, ' '.repeat(size % 8)],
  };
  lines.splice(index, 1, ...changed[what]!);
  return lines.join('\n');
}
