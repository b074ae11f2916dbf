// docs/formats.md says what each form of file makes of what is written: the table is held against the readers.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../rig/program.ts';
import { load } from './folder.ts';

type Rule = { readonly written: string; readonly by: { readonly [form: string]: string } };

const FORMS: { readonly [form: string]: readonly (readonly [string, (written: string) => string])[] } = {
  YAML: [['s.yaml', (written) => `- id: a\n  input: x\n  expect: ${written}\n`]],
  'JSON, JSONL': [
    ['s.json', (written) => `{"id": "a", "input": "x", "expect": ${written}}`],
    ['s.jsonl', (written) => `{"id": "a", "input": "x", "expect": ${written}}\n`],
  ],
  'a cell of CSV': [
    ['s.csv', (written) => `id,input,expect\na,x,"${written.replaceAll('"', '""')}"\n`],
    ['s.tsv', (written) => `id\tinput\texpect\na\tx\t"${written.replaceAll('"', '""')}"\n`],
  ],
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

async function readAs(name: string, text: string): Promise<string> {
  const { manifest, diagnostics } = await load({
    'experiment.yaml': `version: 1\nname: demo\nprovider: sim\nscenarios: [${name}]\nvariants: { one: {} }\n`,
    [name]: text,
  });
  if (manifest === null) return `refused: ${diagnostics.map(({ code }) => code).join(', ')}`;
  const value = manifest.scenarios[0]!.expect;
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
  for (const [form, files] of Object.entries(FORMS)) {
    for (const [name, wrap] of files) {
      said[name] = by[form]!;
      found[name] = await readAs(name, wrap(written));
    }
  }
  expect(found).toEqual(said);
});
