// docs/formats.md says what each form of file makes of what is written: the table is held against the readers, those of
// scenario files and those of results that are imported.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Imported } from '../../src/exchange/imported.ts';
import { openSource } from '../../src/project/exchange/import-source.ts';
import { CommandError } from '../../src/project/open/command-error.ts';
import { ROOT } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';
import { load } from './folder.ts';

type Rule = { readonly written: string; readonly by: { readonly [form: string]: string } };

type Read = (name: string, text: string | Uint8Array) => Promise<string>;
type Form = {
  readonly read: Read;
  readonly files: readonly (readonly [string, (written: string) => string])[];
};

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const result = (written: string): string =>
  `{"variant": "a", "scenario": "one", "text": "x", "properties": {"value": ${written}}}`;

const FORMS: { readonly [form: string]: Form } = {
  YAML: { read: expected, files: [['s.yaml', (written) => `- id: a\n  input: x\n  expect: ${written}\n`]] },
  'JSON, JSONL': {
    read: expected,
    files: [
      ['s.json', (written) => `{"id": "a", "input": "x", "expect": ${written}}`],
      ['s.jsonl', (written) => `{"id": "a", "input": "x", "expect": ${written}}\n`],
    ],
  },
  'a cell of CSV': {
    read: expected,
    files: [
      ['s.csv', (written) => `id,input,expect\na,x,${quoted(written)}\n`],
      ['s.tsv', (written) => `id\tinput\texpect\na\tx\t${quoted(written)}\n`],
    ],
  },
  'import: JSON, JSONL': {
    read: property,
    files: [
      ['r.json', (written) => `[\n${result(written)}\n]`],
      ['r.jsonl', (written) => `${result(written)}\n`],
      // What stands in a cell as JSON is read as JSON.
      [
        'r.csv',
        (written) => `variant,scenario,text,properties\na,one,x,${quoted(`{"value": ${written}}`)}\n`,
      ],
    ],
  },
  'import: a cell of CSV': {
    read: answer,
    files: [
      ['r.csv', (written) => `variant,scenario,text\na,one,${quoted(written)}\n`],
      ['r.tsv', (written) => `variant\tscenario\ttext\na\tone\t${quoted(written)}\n`],
    ],
  },
};

function rulesOf(page: string): readonly Rule[] {
  const table = page.slice(page.indexOf('<!-- rules: reading -->')).split('\n\n')[0]!;
  const [, head, , ...lines] = table.split('\n');
  const cells = (line: string): readonly string[] => line.slice(2, -2).split(' | ');
  const [, ...forms] = cells(head!);
  return lines.map((line) => {
    const [written, ...results] = cells(line);
    return {
      written: written!.slice(1, -1),
      by: Object.fromEntries(forms.map((form, i) => [form, results[i]!])),
    };
  });
}

async function expected(name: string, text: string | Uint8Array): Promise<string> {
  const { manifest, diagnostics } = await load({
    'experiment.yaml': `version: 1\nname: demo\nprovider: sim\nscenarios: [${name}]\nvariants: { one: {} }\n`,
    [name]: String(text),
  });
  if (manifest === null) return `refused: ${diagnostics.map(({ code }) => code).join(', ')}`;
  return shown(manifest.scenarios[0]!.expect);
}

function property(name: string, text: string | Uint8Array): Promise<string> {
  return imported(name, { text, of: ({ properties }) => properties?.value ?? null });
}

function answer(name: string, text: string | Uint8Array): Promise<string> {
  return imported(name, { text, of: (found) => found.text });
}

async function imported(
  name: string,
  { text, of }: { readonly text: string | Uint8Array; readonly of: (result: Imported) => Json },
): Promise<string> {
  const file = path.join(tempFolder(), name);
  writeFileSync(file, text);
  const mapping = { fields: {}, runsFrom: 1, variant: null, known: new Set<string>() };
  try {
    const source = openSource(
      { file, shown: name, isFound: false },
      { format: null, mapping, requests: new Map() },
    );
    for await (const item of source!.items())
      return item.result.kind === 'ok' ? shown(of(item.result.value)) : 'refused';
    return 'no result';
  } catch (cause) {
    // A document is refused as a whole.
    if (cause instanceof CommandError) return 'refused';
    throw cause;
  }
}

function shown(value: Json): string {
  return value === null ? 'nothing' : `\`${JSON.stringify(value)}\``;
}

const RULES = rulesOf(readFileSync(path.join(ROOT, 'docs/formats.md'), 'utf8'));

it('has rules for every form', () => {
  expect(RULES.length).toBeGreaterThan(15);
  expect(Object.keys(RULES[0]!.by)).toEqual(Object.keys(FORMS));
});

it.each(RULES)('reads $written as docs/formats.md says', async ({ written, by }) => {
  const said: { [name: string]: string } = {};
  const found: { [name: string]: string } = {};
  for (const [form, { read, files }] of Object.entries(FORMS)) {
    for (const [name, wrap] of files) {
      said[`${form}: ${name}`] = by[form]!;
      found[`${form}: ${name}`] = await read(name, wrap(written));
    }
  }
  expect(found).toEqual(said);
});

/** Of each form of results: one whose answer is this. */
const ANSWERS: readonly (readonly [string, (answer: string) => string])[] = [
  ['r.jsonl', (text) => `{"variant": "a", "scenario": "one", "text": "${text}"}\n`],
  ['r.json', (text) => `[\n{"variant": "a", "scenario": "one", "text": "${text}"}\n]`],
  ['r.csv', (text) => `variant,scenario,text\na,one,${text}\n`],
  ['r.tsv', (text) => `variant\tscenario\ttext\na\tone\t${text}\n`],
];

it.each(ANSWERS)('of every form of results the bytes decide what is UTF-8: %s', async (name, wrap) => {
  const bytes = Buffer.from(wrap('caf\u00e9 \ufffd'));
  expect(await answer(name, bytes)).toBe('`"caf\u00e9 \ufffd"`');
  expect(await answer(name, Buffer.concat([Buffer.from('\ufeff'), bytes]))).toBe('`"caf\u00e9 \ufffd"`');
  expect(await answer(name, Buffer.from(wrap('caf\u00e9'), 'latin1'))).toBe('refused');
  expect(await answer(name, Buffer.from(`\ufeff${wrap('x')}`, 'utf16le'))).toBe('refused');
});

it.each<[string, string]>([
  ['input_tokens', '9007199254740993'],
  ['seed', '9007199254740993'],
  ['temperature', '1e999'],
  ['run', '1.10'],
  ['run', 'two'],
  ['tool_calls', '[{"name":"f","arguments":{"a":1,"a":2}}]'],
  ['messages', '[{"role":"user","content":"x","n":9007199254740993}]'],
  ['usage', '{"input_tokens":1,"input_tokens":2,"output_tokens":1}'],
])('a cell of CSV that would lose something is refused: %s %s', async (column, cell) => {
  const text = `variant,scenario,text,output_tokens,${column}\na,one,x,1,${quoted(cell)}\n`;
  expect(await answer('r.csv', text)).toBe('refused');
});
