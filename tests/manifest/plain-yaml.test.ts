// The quick reader against the library: what it takes, it reads alike; what it does not take costs nothing but time.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/manifest/documents/parse.ts';
import { readPlainYaml } from '../../src/manifest/documents/plain-yaml.ts';
import { readYaml } from '../../src/manifest/documents/read-yaml.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Whatever we give people to begin with. */
const texts = globSync(['*.yaml', '{scenarios,src/variants/samples,templates,examples}/**/*.yaml'], {
  cwd: root,
  // Those of Compose and Kubernetes are read by others.
  exclude: (name) => name === 'artifacts' || /(?:compose|kubernetes)\.yaml$/.test(name),
}).map((name) => [name, readFileSync(root + name, 'utf8')] as const);

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

describe('the reader of plain YAML', () => {
  it.each(texts)('takes %s and reads it as the library does', (_, text) => {
    expect(agrees(text)).toBe(true);
  });

  it('agrees with the library on files made of anything that lines can be made of', () => {
    const key = fc.constantFrom(
      'a',
      'b',
      'key',
      'x-y',
      'null',
      'true',
      '<<',
      '__proto__',
      '"q"',
      '"q: #"',
      '"a"',
      'a:b',
      'a:',
      'a/b',
      '""',
      '1',
      '? k',
    );
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
        '-x',
        '--eager',
        '-.inf',
        '---x',
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
        '{"k":1,"l":"m","n":{"k":[]}}',
        '{"k": v, k: w}',
        '{"k" : v}',
        '{"k":}',
        '{"k":v}',
        '{"__proto__": 1}',
        '["k": v]',
        '[a*b, c/*.d, e&f, g|h, i>j, k%l, m@n, o!p, q`r]',
        '[a"b, c\'d]',
        '[*a, &b c]',
        '[-x, --eager, -.inf, --, ---, - y, -1.5, -é]',
        '[!t x, |, >, %x, @x]',
        '{ k: it\'s "so" }',
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
      { numRuns: 20_000 },
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
      { numRuns: 1000 },
    );
  });
});

describe('a file that is plain', () => {
  const text = "a:\n  - { id: x }\n  - id: y\n    b: 'it''s'\n";

  it('has the places that the library knows, once somebody asks for one', () => {
    const paths = [[], ['a'], ['a', 0], ['a', 1], ['a', 1, 'b'], ['a', 7], ['nowhere', 'at all']];
    const quick = readYaml({ file: 'f.yaml', text });
    const slow = parseYaml({ file: 'f.yaml', text });
    expect(readPlainYaml(text)).not.toBeNull();
    expect(quick.document!.value).toEqual(slow.document!.value);
    for (const path of paths) {
      expect(quick.document!.lineOf(path), path.join('.')).toBe(slow.document!.lineOf(path));
      for (const part of ['key', 'value'] as const) {
        expect(quick.document!.locate({ path, part }), path.join('.')).toEqual(
          slow.document!.locate({ path, part }),
        );
      }
    }
  });

  it('is told to be wrong by the library where it is', () => {
    const twins = `${text}a: 1\n`;
    expect(readYaml({ file: 'f.yaml', text: twins }).problems).toEqual(
      parseYaml({ file: 'f.yaml', text: twins }).problems,
    );
    expect(readYaml({ file: 'f.yaml', text: twins }).problems).toHaveLength(1);
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
