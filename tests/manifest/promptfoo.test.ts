// A table of promptfoo's test cases is read as promptfoo reads it, and what no rule here tells is said.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../src/core/manifest.ts';
import { ROOT } from '../rig/files.ts';
import { type Files, load, manifestOf } from './folder.ts';

type Setting = { readonly name?: string; readonly template?: string; readonly scenarios?: string };

function files(
  csv: string,
  { name = 'c.csv', template = 'x', scenarios = `[${name}]` }: Setting = {},
): Files {
  return {
    'experiment.yaml': `version: 1\nname: demo\nprovider: sim\nmodel: sim-small\nscenarios: ${scenarios}\ntemplate: ${JSON.stringify(template)}\nvariants: { one: {} }\n`,
    [name]: csv,
  };
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const table = (...rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');

async function scenariosOf(...rows: readonly (readonly string[])[]): Promise<readonly Scenario[]> {
  return (await manifestOf(files(table(...rows)))).scenarios;
}

async function expected(cell: string): Promise<unknown> {
  const [scenario] = await scenariosOf(['topic', '__expected'], ['tea', cell]);
  return scenario!.expect;
}

const PAGE = readFileSync(path.join(ROOT, 'docs/from-elsewhere.md'), 'utf8');
const ROWS = PAGE.split('<!-- rules: promptfoo -->')[1]!
  .split('\n\n')[0]!
  .split('\n')
  .flatMap((line) => {
    const cells = /^\| `(.+)` \| `(.+)` \|$/.exec(line);
    return cells === null ? [] : [[cells[1]!, cells[2]!] as const];
  });

describe('an assertion of promptfoo', () => {
  it('stands in the table of the page', () => expect(ROWS.length).toBeGreaterThan(12));
  it.each(ROWS)('becomes what the page says: %s', async (cell, rule) => {
    expect(await expected(cell)).toEqual(JSON.parse(rule));
  });

  it.each([
    ['a word that is none of its own is text', 'answer: 42', { exact: { text: 'answer: 42', trim: false } }],
    ['a file of a name is text', 'file: report', { exact: { text: 'file: report', trim: false } }],
    ['a name of every object is text', 'constructor: x', { exact: { text: 'constructor: x', trim: false } }],
    ['a prototype is text', '__proto__', { exact: { text: '__proto__', trim: false } }],
    ['marks of patterns are text', 'starts-with: a.b[c', { regex: { pattern: '^a\\.b\\[c' } }],
    ['a variable is filled in', 'contains: {{ topic }}!', { contains: { all: 'tea!', ignore_case: false } }],
    ['a filter is not', 'contains: {{ topic | upper }}', { promptfoo: ['contains: {{ topic | upper }}'] }],
    ['a block is not', 'contains: {% if x %}y', { promptfoo: ['contains: {% if x %}y'] }],
    ['nothing is no rule', 'contains:', { promptfoo: ['contains:'] }],
    ['commas alone are no rule', 'contains-any: , ,', { promptfoo: ['contains-any: , ,'] }],
    ['a path is not read', 'file:///etc/passwd', { promptfoo: ['file:///etc/passwd'] }],
    ['a schema of a path is not read', 'is-json: file://s.json', { promptfoo: ['is-json: file://s.json'] }],
    ['code is not run', 'javascript: process.exit(3)', { promptfoo: ['javascript: process.exit(3)'] }],
    ['contrary rubrics are no rubrics', 'not-llm-rubric: rude', { promptfoo: ['not-llm-rubric: rude'] }],
  ])('%s', async (_, cell, rule) => {
    expect(await expected(cell)).toEqual(rule);
  });

  it('is filled once: what a variable says is no template', async () => {
    const [scenario] = await scenariosOf(['a', 'b', '__expected'], ['{{b}}', 'secret', 'contains: {{a}}']);
    expect(scenario!.expect).toEqual({ contains: { all: '{{b}}', ignore_case: false } });
  });

  it('does not grow without bound', async () => {
    const [scenario] = await scenariosOf(
      ['a', '__expected'],
      ['y'.repeat(200_000), `contains: ${'{{a}}'.repeat(50_000)}`],
    );
    expect(scenario!.expect).toEqual({ promptfoo: [expect.stringContaining('contains: {{a}}')] });
  });

  it('that no rule tells is warned of once a kind, with the number of rows and what to write', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => [`t${i}`, `javascript: ${i}`]);
    const { diagnostics } = await load(files(table(['topic', '__expected'], ...rows)));
    const told = diagnostics.filter(({ code }) => code === 'promptfoo');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      severity: 'warning',
      message: `promptfoo's "javascript" has no rule here: nothing is judged by it (and 39 more like it in this file)`,
      hint: expect.stringContaining('use: ./score.ts'),
      location: { line: 2 },
    });
  });

  it('whose pattern is none is a mistake in its row', async () => {
    const { printed, manifest } = await load(files(table(['topic', '__expected'], ['tea', 'regex: ['])));
    expect(manifest).toBeNull();
    expect(printed).toContain('c.csv:2:');
    expect(printed).toContain('this pattern does not compile');
  });
});

describe('a table of promptfoo', () => {
  it('has variables, labels, and assertions that all have to hold', async () => {
    const [one, two] = await scenariosOf(
      [
        'topic',
        'description',
        '__expected',
        '__expected2',
        '__expected3',
        '__expected4',
        '__description',
      ].concat(['__metadata:team', '__metadata:tags[]', '__metadata:category']),
      [
        'tea',
        'd',
        'contains: a',
        'llm-rubric: is x',
        'grade: is y',
        'not-icontains: b',
        'About tea',
        'growth',
        'new, old',
        'drinks',
      ],
      ['', '', '', '', '', '', '', 'two\nlines', '', ''],
    );
    expect(one).toMatchObject({
      id: expect.stringMatching(/^tea-[0-9a-f]{8}$/),
      ...{
        input: '',
        vars: { topic: 'tea', description: 'd' },
        description: 'About tea',
        category: 'drinks',
      },
      tags: ['team=growth', 'new', 'old'],
      expect: {
        all: [
          { contains: { all: 'a', ignore_case: false } },
          { not: { contains: { all: 'b', ignore_case: true } } },
        ],
        judge: 'All of this holds:\n- is x\n- is y',
      },
    });
    expect(two).toMatchObject({ vars: { topic: '', description: '' }, tags: [], expect: null });
  });

  it('keeps the names that a template reads: input, id, category', async () => {
    const [scenario] = await scenariosOf(['id', 'input', 'category', '__expected'], ['7', 'Hi', 'talk', 'x']);
    expect(scenario).toMatchObject({ id: '7', input: 'Hi', category: 'talk', vars: {} });
  });

  it('may have columns of hostile names', async () => {
    const [scenario] = await scenariosOf(['__proto__', 'constructor', '', '__expected'], ['a', 'b', '', 'x']);
    expect(Object.keys(scenario!.vars)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(scenario!.vars)).toBe(Object.prototype);
  });

  it.each([
    [['topic', '__expected', '__prefix'], ['tea', 'x', 'Say: '], '"__prefix" is not put into the prompt'],
    [['topic', '__expected', 'expect.contains'], ['tea', 'x', 'y'], 'say one thing'],
    [['topic', 'vars.topic', '__expected'], ['tea', 'milk', 'x'], 'say one thing'],
    [['topic', '_expected'], ['tea', 'x'], 'did you mean "__expected", promptfoo\'s, with two underscores?'],
  ])('is refused where it would be misread: %j', async (header, row, message) => {
    const { manifest, printed } = await load(files(table(header, row)));
    expect(manifest).toBeNull();
    expect(printed).toContain(message);
    expect(printed.match(/error:/g)).toHaveLength(1);
  });

  it('under a map is warned of: prefixes mean nothing there', async () => {
    const csv = table(['topic', '__expected'], ['tea', 'contains: x']);
    const scenarios = '{ files: c.csv, map: { vars: { topic: topic }, expect: __expected } }';
    const { printed, manifest } = await load(files(csv, { scenarios }));
    expect(manifest).not.toBeNull();
    expect(printed).toContain('c.csv is a table of promptfoo');
    expect(printed).toContain('leave the map out: scenarios: ["c.csv"]');
  });

  it('without assertions is proposed as a map that reads it', async () => {
    const csv = table(['topic', 'tone of voice'], ['tea', 'dry']);
    const { printed } = await load(files(csv, { template: '{{vars.topic}}' }));
    const map = /map: (\{.*\}) \}/.exec(printed)?.[1];
    expect(map).toBe('{ vars: { topic: topic, "tone of voice": "tone of voice" } }');
    const scenarios = `{ files: c.csv, map: ${map} }`;
    const read = await manifestOf(files(csv, { scenarios, template: '{{vars.topic}}' }));
    expect(read.scenarios[0]!.vars).toEqual({ topic: 'tea', 'tone of voice': 'dry' });
  });
});

describe('a variable that rows lack', () => {
  it.each([2, 252])('is one mistake with the number and two examples: %d rows', async (n) => {
    const rows = Array.from({ length: n }, (_, i) => [`t${i}`, 'x']);
    const csv = table(['topic', '__expected'], ...rows);
    const { diagnostics } = await load(files(csv, { template: '{{vars.topic}} {{vars.mood}}' }));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      message: expect.stringMatching(
        new RegExp(
          `^all ${n} scenarios have no variable "mood", .* \\(\\{\\{vars\\.mood\\}\\}\\): "t0-\\w+", "t1-\\w+"`,
        ),
      ),
      ...{ hint: 'add a column "mood" to c.csv', related: [{ location: { line: 3 } }] },
    });
  });

  it.each([
    ['CSV of ours', 'id,input,vars.a\nx,y,z\nw,y,z\n', '[c.csv]', 'add a column "vars.mood" to c.csv'],
    [
      'a map',
      'q\nx\ny\n',
      '{ files: c.csv, map: { input: q } }',
      'add it to the map: vars: { "mood": COLUMN }',
    ],
  ])('is said where it is added: %s', async (_, csv, scenarios, hint) => {
    const { diagnostics } = await load(files(csv, { template: '{{vars.mood}}', scenarios }));
    expect(diagnostics.map((one) => one.hint)).toEqual([hint]);
  });

  it('is counted among those that have it', async () => {
    const yaml = '- { id: a, input: x, vars: { mood: m } }\n- { id: b, input: x }\n- { id: c, input: x }\n';
    const { diagnostics } = await load(files(yaml, { name: 's.yaml', template: '{{vars.mood}}' }));
    expect(diagnostics[0]!.message).toMatch(/^2 of 3 scenarios have no variable "mood".*: "b", "c"$/);
  });

  it('of a template that is not there is told with one that reads the table', async () => {
    const csv = table(['topic', '__expected'], ['tea', 'x'], ['milk', 'x']);
    const { diagnostics } = await load(files(csv, { template: '{{input}}' }));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]!.hint).toContain('template: "{{vars.topic}}"');
  });
});
