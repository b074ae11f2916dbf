// Scenario files in their four forms, and what is said where one of them is wrong.
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../src/core/manifest.ts';
import { type Files, load, manifestOf } from './folder.ts';

function withScenarios(files: Files, settings = ''): Files {
  const names = Object.keys(files).map((name) => JSON.stringify(name));
  return {
    'experiment.yaml': `version: 1\nname: demo\nprovider: sim\n${settings}scenarios: [${names.join(', ')}]\nvariants: { one: {} }\n`,
    ...files,
  };
}

async function read(files: Files): Promise<readonly Omit<Scenario, 'source'>[]> {
  const { scenarios } = await manifestOf(withScenarios(files));
  return scenarios.map(({ source: _, ...scenario }) => scenario);
}

const full = {
  id: 'cat:one',
  input: 'Hello, "you"',
  category: 'cat',
  tags: ['x', 'y'],
  description: 'what it probes',
  vars: { who: 'Ada' },
  expect: { clarify: true },
};
const resolved = { ...full, toolResults: {}, expectsTools: {} };

describe('a scenario file', () => {
  it.each([
    [
      'YAML, one',
      's.yaml',
      'id: cat:one\ninput: \'Hello, "you"\'\ncategory: cat\ntags: [x, y]\ndescription: what it probes\nvars: { who: Ada }\nexpect: { clarify: true }\n',
    ],
    ['YAML, a list', 's.yml', `- ${JSON.stringify(full)}\n`],
    ['YAML, a collection', 's.yaml', `scenarios:\n  - ${JSON.stringify(full)}\n`],
    ['JSON, one', 's.json', JSON.stringify(full, null, 2)],
    ['JSON, a list', 's.json', JSON.stringify([full])],
    ['JSON, a collection', 's.json', JSON.stringify({ scenarios: [full] })],
    ['JSONL', 's.jsonl', `\n${JSON.stringify(full)}\r\n\n`],
    [
      'CSV',
      's.csv',
      'id,input,category,tags,description,vars.who,expect\ncat:one,"Hello, ""you""",cat,x; y,what it probes,Ada,"{""clarify"": true}"\n',
    ],
  ])('is read as %s', async (_, name, text) => {
    expect(await read({ [name]: text })).toEqual([resolved]);
  });

  it('shares defaults: variables are joined, every other field is replaced', async () => {
    const text =
      'defaults: { category: shared, tags: [a], input: hi, vars: { x: 1, y: 1 } }\nscenarios: [{ id: one, vars: { y: 2 } }, { id: two, category: own, tags: [], input: ho }]\n';
    expect(await read({ 's.yaml': text })).toMatchObject([
      { id: 'one', input: 'hi', category: 'shared', tags: ['a'], vars: { x: 1, y: 2 } },
      { id: 'two', input: 'ho', category: 'own', tags: [], vars: { x: 1, y: 1 } },
    ]);
  });
  it('may hold conversations', async () => {
    const input = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: null, tool_calls: [] },
    ];
    expect(await read({ 's.json': JSON.stringify({ id: 'a', input }) })).toMatchObject([{ input }]);
  });
  it('knows the line of each scenario', async () => {
    const files = {
      'a.yaml': '# first\n- id: a1\n  input: x\n- id: a2\n  input: x\n',
      'b.json': '[\n{"id":"b1","input":"x"},\n\n{"id":"b2","input":"x"}]',
      'c.jsonl': '{"id":"c1","input":"é"}\n\n{"id":"c2","input":"x"}\n',
      'd.csv': 'id,input\r\n\r\nd1,"x\r\ny"\r\nd2,x\r\n',
    };
    const { scenarios } = await manifestOf(withScenarios(files));
    expect(scenarios.map(({ id, source }) => [id, source.line])).toEqual([
      ['a1', 2],
      ['a2', 4],
      ['b1', 2],
      ['b2', 4],
      ['c1', 1],
      ['c2', 3],
      ['d1', 3],
      ['d2', 5],
    ]);
  });
  it('is found once, in the order of the patterns and then of the paths', async () => {
    const one = (id: string) => `{ id: ${id}, input: x }`;
    const { scenarios } = await manifestOf({
      'experiment.yaml':
        'version: 1\nname: demo\nprovider: sim\nscenarios: [z/*.yaml, "**/*.yaml", "!experiment.yaml", "!drafts/**"]\nvariants: { one: {} }\n',
      'z/b.yaml': one('zb'),
      'z/a.yaml': one('za'),
      'a/a.yaml': one('aa'),
      'drafts/d.yaml': one('d'),
      'artifacts/x.yaml': one('never'),
      'node_modules/p/s.yaml': one('never'),
      '.hidden.yaml': one('never'),
    });
    expect(scenarios.map(({ id }) => id)).toEqual(['za', 'zb', 'aa']);
  });
});

async function printed(files: Files, settings = ''): Promise<string> {
  const { manifest, printed: text } = await load(withScenarios(files, settings));
  expect(manifest).toBeNull();
  return text;
}

describe('a mistake in a scenario file', () => {
  it('is an id that is there twice, in two files', async () => {
    expect(
      await printed({
        'a.yaml': '- id: one\n  input: x\n',
        'b.jsonl': '{"id": "two", "input": "x"}\n{"id": "one", "input": "x"}\n',
      }),
    ).toMatchInlineSnapshot(`
      "
      b.jsonl:2:8 error: the id "one" is there twice
       2 | {"id": "one", "input": "x"}
         |        ^^^^^
         a.yaml:1:7 note: the first is here
       1 | - id: one
         |       ^^^
         help: ids are unique in the experiment
      "
    `);
  });
  it('is an input that the template needs', async () => {
    expect(await printed({ 'a.yaml': '- id: one\n' })).toMatchInlineSnapshot(`
      "
      a.yaml:1:7 error: the scenario "one" has no "input", which the template of "one" reads
       1 | - id: one
         |       ^^^
         help: add: input: ...
      "
    `);
  });
  it('is a variable that the template reads', async () => {
    expect(
      await printed({ 'a.csv': 'id,vars.wo\na,Ada\n' }, 'template: "For {{vars.who}}"\n'),
    ).toMatchInlineSnapshot(`
      "
      a.csv:2:1 error: the scenario "a" has no variable "who", which the template of "one" reads ({{vars.who}})
       2 | a,Ada
         | ^
         help: it has "wo"; did you mean that?
      "
    `);
  });
  it('is a category that the template reads', async () => {
    expect(
      await printed({ 'a.yaml': '- { id: one, input: x }\n' }, 'template: "{{category}}: {{input}}"\n'),
    ).toMatchInlineSnapshot(`
      "
      a.yaml:1:9 error: the scenario "one" has no "category", which the template of "one" reads
       1 | - { id: one, input: x }
         |         ^^^
         help: add: category: ...
      "
    `);
  });
  it('is a conversation with nothing to put into the template', async () => {
    expect(
      await printed(
        { 'a.yaml': '- { id: one, input: [{ role: assistant, content: hi }] }\n' },
        'template: "Now: {{input}}"\n',
      ),
    ).toMatchInlineSnapshot(`
      "
      a.yaml:1:9 error: the scenario "one" has no user message with text for the template of "one"
       1 | - { id: one, input: [{ role: assistant, content: hi }] }
         |         ^^^
         help: end the conversation with { role: user, content: ... }, or use the template "{{input}}"
      "
    `);
  });
  it('is JSON that ends early, in a list and in a line', async () => {
    expect(
      await printed({ 'a.json': '[{"id": "one",\n "input": "x"', 'b.jsonl': '{"id": "one", "input": x}\n' }),
    ).toMatchInlineSnapshot(`
      "
      a.json:2:14 error: not valid JSON: the text ends here, but "}" is missing
       2 |  "input": "x"
         |              ^

      b.jsonl:1:24 error: not valid JSON: "x" is no JSON value; text stands in double quotes
       1 | {"id": "one", "input": x}
         |                        ^
      "
    `);
  });
  it('is a key twice in JSON, which JSON.parse would drop', async () => {
    expect(await printed({ 'a.json': '{"id": "one", "input": "x", "input": "y"}' })).toMatchInlineSnapshot(`
      "
      a.json:1:29 error: "input" is twice in this object
       1 | {"id": "one", "input": "x", "input": "y"}
         |                             ^^^^^^^
      "
    `);
  });
  it('is a wrong column, a missing cell or an open quote in CSV', async () => {
    expect(
      await printed({
        'a.csv': 'id,inptu,mood\na,b,c\n',
        'b.csv': 'id,input\na,b,c\n',
        'c.csv': 'id,input\na,"b\n',
      }),
    ).toMatchInlineSnapshot(`
      "
      a.csv:1:4 error: unknown column "inptu"
       1 | id,inptu,mood
         |    ^^^^^
         help: did you mean "input"?

      a.csv:1:10 error: unknown column "mood"
       1 | id,inptu,mood
         |          ^^^^
         help: a variable of the template is a column "vars.mood", a rule of what is expected "expect.contains"; known columns: id, input, category, tags, description, expect, tools, tool_results; columns of other names are mapped: scenarios: { files: "a.csv", map: { input: ... } }

      b.csv:2:1 error: this row has 3 cells, the header has 2
       2 | a,b,c
         | ^^^^^
         help: a cell that holds a comma stands in double quotes

      c.csv:2:1 error: not valid CSV: the double quote of a cell is never closed
       2 | a,"b
         | ^
         help: a cell that holds a comma, a quote or a line end stands in double quotes; a quote inside is doubled: ""
      "
    `);
  });
  it('is a file of another kind', async () => {
    expect(await printed({ 'notes.md': '# notes\n' })).toMatchInlineSnapshot(`
      "
      experiment.yaml:4:13 error: notes.md is no scenario file (.yaml, .yml, .json, .jsonl, .ndjson, .csv, .tsv)
       4 | scenarios: ["notes.md"]
         |             ^^^^^^^^^^
         help: name the kind of file in the pattern, or exclude this one: "!notes.md"
      "
    `);
  });
  it('is a long line, shown around the place', async () => {
    const line = JSON.stringify({
      id: 'one',
      description: 'long '.repeat(50),
      inptu: 'x',
      vars: { a: 'long '.repeat(50) },
    });
    expect(await printed({ 'a.jsonl': line })).toMatchInlineSnapshot(`
      "
      a.jsonl:1:280 error: unknown key "inptu"
       1 | …ng long long long long long ","inptu":"x","vars":{"a":"long long long long long long lon…
         |                                ^^^^^^^
         help: did you mean "input"?
      "
    `);
  });
});
