// Data sets of other tools: mapped, told what they are, with ids made of their content and tools of their own.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../src/core/manifest.ts';
import { type Files, load, loadFolder, makeFolder, manifestOf } from './folder.ts';

function withScenarios(scenarios: unknown, files: Files, settings = ''): Files {
  return {
    'experiment.yaml': `version: 1\nname: demo\nprovider: sim\n${settings}scenarios: ${JSON.stringify(scenarios)}\nvariants: { one: {} }\n`,
    ...files,
  };
}

async function scenariosOf(scenarios: unknown, files: Files, settings = ''): Promise<readonly Scenario[]> {
  return (await manifestOf(withScenarios(scenarios, files, settings))).scenarios;
}

async function printed(scenarios: unknown, files: Files): Promise<string> {
  const loaded = await load(withScenarios(scenarios, files));
  expect(loaded.manifest).toBeNull();
  return loaded.printed;
}

const said = async (name: string, content: string | Uint8Array): Promise<string> => {
  const text = await printed([name], { [name]: content });
  return text.trim().split('\n').slice(0, 4).join('\n');
};

const GEO = [
  { question: 'Capital of France?', target: 'Paris', city: 'Lyon', level: 1 },
  { question: 'Capital of Japan?', target: 'Tokyo', city: 'Osaka', level: 2 },
];
const MAP = { input: 'question', expect: 'target', category: 'level', vars: { place: 'city' } };

describe('a data set of another tool', () => {
  it.each([
    [
      'CSV',
      'd.csv',
      'question,target,city,level\nCapital of France?,Paris,Lyon,1\nCapital of Japan?,Tokyo,Osaka,2\n',
    ],
    [
      'TSV',
      'd.tsv',
      'question\ttarget\tcity\tlevel\nCapital of France?\tParis\tLyon\t1\nCapital of Japan?\tTokyo\tOsaka\t2\n',
    ],
    ['JSON', 'd.json', JSON.stringify(GEO)],
    ['JSON, wrapped', 'd.json', JSON.stringify({ version: 3, rows: GEO })],
    ['JSONL', 'd.jsonl', GEO.map((row) => `${JSON.stringify(row)}\n`).join('')],
    ['YAML', 'd.yaml', GEO.map((row) => `- ${JSON.stringify(row)}\n`).join('')],
  ])('is mapped: %s', async (_, name, text) => {
    const scenarios = await scenariosOf({ files: name, map: MAP }, { [name]: text });
    expect(scenarios.map(({ source: _, ...scenario }) => scenario)).toEqual([
      {
        ...{ id: expect.stringMatching(/^capital-of-france-[0-9a-f]{8}$/), input: 'Capital of France?' },
        ...{ category: '1', tags: [], description: null, vars: { place: 'Lyon' }, expect: 'Paris' },
        ...{ toolResults: {}, expectsTools: {} },
      },
      expect.objectContaining({ input: 'Capital of Japan?', expect: 'Tokyo', vars: { place: 'Osaka' } }),
    ]);
  });
  it('is read by paths, into JSON in a cell as well', async () => {
    const row = { inputs: { messages: [{ role: 'user', content: 'Hi' }] }, outputs: { answer: ['a', 'b'] } };
    const map = { input: 'inputs.messages[-1].content', expect: { contains: 'outputs.answer' } };
    const files = {
      'a.jsonl': `${JSON.stringify(row)}\n`,
      'b.csv': `inputs,outputs\n${[row.inputs, row.outputs].map((one) => `"${JSON.stringify(one).replaceAll('"', '""')}"`).join(',')}\n`,
    };
    for (const name of Object.keys(files)) {
      const [scenario] = await scenariosOf([{ files: [name], map }], files);
      expect(scenario).toMatchObject({ input: 'Hi', expect: { contains: ['a', 'b'] } });
    }
  });
  it('stands beside plain files, and exclusions hold for both', async () => {
    const scenarios = await scenariosOf(
      ['plain/*.yaml', { files: 'data/*.jsonl', map: { input: 'q', id: 'n' } }, '!**/old.*'],
      {
        'plain/a.yaml': '{ id: a, input: x }\n',
        'plain/old.yaml': '{ id: b, input: x }\n',
        'data/a.jsonl': '{"q": "x", "n": 7}\n',
        'data/old.jsonl': '{"q": "x", "n": 8}\n',
      },
    );
    expect(scenarios.map(({ id }) => id)).toEqual(['a', '7']);
  });
  it('whose map names a column that no row has is one mistake, at the map', async () => {
    const rows = GEO.map((row) => `${JSON.stringify(row)}\n`).join('');
    const text = await printed({ files: 'd.jsonl', map: { input: 'questoin' } }, { 'd.jsonl': rows });
    expect(text).toContain('no row of d.jsonl has the column "questoin", which the map reads as "input"');
    expect(text).toContain('did you mean "question"? its columns: "question", "target", "city", "level"');
    expect(text.match(/error:/g)).toHaveLength(1);
  });
  it.each([
    [
      'Inspect',
      'd.jsonl',
      '{"input": "x", "target": "y", "id": 1, "metadata": {}}\n',
      '{ id: id, input: input, expect: target }',
    ],
    [
      'OpenAI evals',
      'd.jsonl',
      '{"input": [{"role": "user", "content": "x"}], "ideal": "y"}\n',
      '{ input: input, expect: ideal }',
    ],
    [
      'LangSmith',
      'd.json',
      '[{"inputs": {"question": "x"}, "outputs": {"answer": "y"}}]',
      '{ input: inputs.question, expect: outputs.answer }',
    ],
    [
      'BFCL',
      'd.json',
      '[{"id": "a", "question": "x", "function": []}]',
      '{ id: id, input: question, tools: function }',
    ],
    ['a table', 'd.csv', 'Question,Correct,answer\nx,y,z\n', '{ input: Question, expect: answer }'],
  ])('that is not mapped is told the mapping: %s', async (_, name, text, map) => {
    expect(await said(name, text)).toContain(`map: ${map} }`);
  });
});

describe('a mapping', () => {
  const rows = { 'd.csv': `question,target\n${'x,y\n'.repeat(50)}` };
  it.each([
    [
      'of an unknown field',
      { files: 'd.csv', map: { inptu: 'question' } },
      'unknown key "inptu"',
      'did you mean "input"?',
    ],
    ['without files', { map: { input: 'question' } }, '"scenarios" has no "files"', ''],
    ['in the place of a text', [5], 'item 1 of "scenarios" must be text or a map, not 5', ''],
    [
      'of a list of columns',
      [{ files: 'd.csv', map: { input: ['question'] } }],
      '"input" must be text, not a list',
      '',
    ],
  ])('%s is one mistake', async (_, scenarios, message, hint) => {
    const { diagnostics } = await load(withScenarios(scenarios, rows));
    expect(diagnostics.map((one) => one.message)).toEqual([message]);
    expect(diagnostics[0]!.hint ?? '').toContain(hint);
  });
  it('to a rule that is misspelt is warned of once, with the number of rows', async () => {
    const scenarios = { files: 'd.csv', map: { input: 'question', expect: { contians: 'target' } } };
    const files = {
      'd.csv': `question,target\n${Array.from({ length: 50 }, (_, i) => `x${i},y\n`).join('')}`,
    };
    const { diagnostics } = await load(withScenarios(scenarios, files));
    expect(diagnostics.map((one) => one.message)).toEqual([
      'no scorer reads "contians" (and 49 more like it in this file)',
    ]);
  });
});

describe('an id that nobody gave', () => {
  const ids = async (rows: readonly object[]) =>
    (await scenariosOf(['s.json'], { 's.json': JSON.stringify(rows) })).map(({ id }) => id);

  it('is made of what the model is asked: order and labels do not move it', async () => {
    const [one, two] = await ids([{ input: 'What is a tree?' }, { input: 'What is a house?' }]);
    expect(one).toMatch(/^what-is-a-tree-[0-9a-f]{8}$/);
    const labels = { description: 'd', tags: ['t'], category: 'c', expect: 'e' };
    expect(await ids([{ input: 'What is a house?', ...labels }, { input: 'What is a tree?' }])).toEqual([
      two,
      one,
    ]);
    expect(await ids([{ input: 'What is a tree?', vars: { a: 1 } }])).not.toEqual([one]);
  });
  it('is made of words in any script, of the last user message, and of variables', async () => {
    expect((await ids([{ input: 'Was kostet ein Käse?' }]))[0]).toMatch(/^was-kostet-ein-käse-/);
    expect(
      (
        await ids([
          {
            input: [
              { role: 'user', content: '木は何ですか' },
              { role: 'assistant', content: 'x' },
            ],
          },
        ])
      )[0],
    ).toMatch(/^木は何ですか-/);
    expect(
      (
        await scenariosOf(['s.json'], { 's.json': '{"vars": {"who": "Ada"}}' }, 'template: "{{vars.who}}"\n')
      )[0]!.id,
    ).toMatch(/^ada-/);
  });
  it('of equal contents is numbered by what else they say, and told', async () => {
    const [a, b] = [
      { input: 'x', expect: 'a' },
      { input: 'x', expect: 'b' },
    ];
    const idsBy = async (rows: readonly object[]) => {
      const loaded = await load(withScenarios(['s.json'], { 's.json': JSON.stringify(rows) }));
      // Nobody reads these expectations, which is told, too.
      const codes = loaded.diagnostics.map(({ code }) => code);
      expect(codes.filter((code) => code !== 'unread-expect')).toEqual(['twin-scenario']);
      return Object.fromEntries(loaded.manifest!.scenarios.map(({ id, expect: of }) => [of as string, id]));
    };
    expect(await idsBy([a, b])).toEqual(await idsBy([b, a]));
  });
  it('cannot be made of nothing', async () => {
    expect(await said('s.yaml', '- { tags: [a] }\n')).toContain(
      'the scenario has no "id", and no input that one could be made of',
    );
  });
});

describe('a scenario with tools of its own', () => {
  const TOOL = { name: 'fly', description: 'Flies.', parameters: { type: 'object' } };
  it("brings a list, an API's list, a path, or JSON in a cell", async () => {
    const scenarios = await scenariosOf(['*.json', 's.csv'], {
      'a.json': JSON.stringify({ id: 'a', input: 'x', tools: [TOOL] }),
      'b.json': JSON.stringify({ id: 'b', input: 'x', tools: [{ type: 'function', function: TOOL }] }),
      'c.json': JSON.stringify({ id: 'c', input: 'x', tools: 'texts/t.yaml' }),
      'texts/t.yaml': JSON.stringify({ tools: [TOOL] }),
      's.csv': `id,input,tools\nd,x,"${JSON.stringify([TOOL]).replaceAll('"', '""')}"\ne,x,\n`,
    });
    expect(scenarios.map(({ tools }) => tools?.map(({ name }) => name) ?? null)).toEqual([
      ['fly'],
      ['fly'],
      ['fly'],
      ['fly'],
      null,
    ]);
  });
  it('is told what is wrong with one of them, at its place', async () => {
    expect(await said('s.jsonl', '{"id": "a", "input": "x", "tools": [{"name": "a b"}]}\n')).toContain(
      's.jsonl:1:',
    );
    expect(await printed(['s.yaml'], { 's.yaml': '- { id: a, input: x, tools: missing.yaml }\n' })).toContain(
      'missing.yaml does not exist',
    );
  });
});

describe('names', () => {
  it('are NFC as they are read, and two that differ only in form are one', async () => {
    const nfd = 'cafe\u0301';
    const [scenario] = await scenariosOf(['s.json'], {
      's.json': JSON.stringify([{ id: nfd, input: 'x', category: nfd, tags: [nfd] }]),
    });
    expect(scenario).toMatchObject({ id: 'café', category: 'café', tags: ['café'] });
    expect(await printed(['s.csv'], { 's.csv': `id,input\ncafé,x\n${nfd},x\n` })).toContain(
      'the id "café" is there twice',
    );
  });
});

describe('a table', () => {
  it.each([
    ['semicolons', 's.csv', 'id;input;expect\na;x, y;1,10\n'],
    ['sep=', 's.csv', 'sep=;\r\nid;input;expect\r\na;x, y;1,10\r\n'],
    ['sep= and another mark', 's.csv', 'sep=|\nid|input|expect\na|x, y|1,10\n'],
    ['tabs in a .tsv', 's.tsv', 'id\tinput\texpect\na\tx, y\t1,10\n'],
    ['tabs in a .csv', 's.csv', 'id\tinput\texpect\na\tx, y\t1,10\n'],
  ])('may have %s between its cells', async (_, name, text) => {
    expect(await scenariosOf([name], { [name]: text })).toMatchObject([
      { id: 'a', input: 'x, y', expect: '1,10' },
    ]);
  });
  it('with sep= knows the lines of its rows', async () => {
    expect(await said('s.csv', 'sep=;\nid;input\na;x\nb;x;y\n')).toContain(
      's.csv:4:1 error: this row has 3 cells',
    );
  });
});

describe('one sentence names the cause', () => {
  it('of a pipe, which is not opened', async () => {
    const folder = makeFolder(withScenarios(['s.jsonl', 's.json'], {}));
    for (const name of ['s.jsonl', 's.json']) execFileSync('mkfifo', [path.join(folder, name)]);
    const { diagnostics } = await loadFolder(folder);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      's.jsonl is not a regular file',
      's.json is not a regular file',
    ]);
  });

  const ROW = '{"id": "a", "input": "x"}';
  it.each([
    ['gzip', 's.jsonl', gzipSync(`${ROW}\n`), 's.jsonl is compressed with gzip'],
    ['the name of gzip', 's.jsonl.gz', gzipSync(`${ROW}\n`), 'unpack it: gunzip -k'],
    [
      'a pointer of Git LFS',
      's.csv',
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n',
      'fetch it: git lfs pull',
    ],
    ['UTF-16', 's.csv', Buffer.from('\ufeffid,input\na,x\n', 'utf16le'), 's.csv is UTF-16, not UTF-8'],
    [
      'latin-1',
      's.jsonl',
      Buffer.from('{"id": "a", "input": "na\xefve"}\n', 'latin1'),
      's.jsonl is not UTF-8: byte 0xef',
    ],
    ['a folder', 'folder', '', 'folder is a folder, not a file'],
    ['nothing in JSONL', 's.jsonl', '\n\n', 's.jsonl is empty'],
    ['nothing in JSON', 's.json', '', 'the file is empty'],
    ['nothing in YAML', 's.yaml', '# later\n', 's.yaml holds nothing'],
    ['a header alone', 's.csv', 'id,input\n', 's.csv has a header and no rows'],
    ['cells that nobody told apart', 's.csv', 'id:input|x\na:b|c\n', 'are the columns separated by "|"?'],
  ])('of %s', async (what, name, content, sentence) => {
    const files: Files = what === 'a folder' ? { 'folder/a.yaml': ROW } : { [name]: content };
    expect(await printed([name], files)).toContain(sentence);
  });
  it('and what a file is decides, not its name', async () => {
    const list = `[\n${ROW}\n]\n`;
    const lines = `${ROW}\n{"id": "b", "input": "y"}\n`;
    const scenarios = await scenariosOf(['*.jsonl', 'l.json'], {
      'd.jsonl': list.replace('"a"', '"c"'),
      'e.jsonl': JSON.stringify({ id: 'd', input: 'z' }, null, 2),
      'l.json': lines,
    });
    expect(scenarios.map(({ id, source }) => [id, source.line])).toEqual([
      ['c', 2],
      ['d', 1],
      ['a', 1],
      ['b', 2],
    ]);
  });
  it('once for five thousand rows, with the first places and their number', async () => {
    const rows = Array.from(
      { length: 5_000 },
      (_, i) => `${JSON.stringify({ id: `q${i}`, input: 5 })}\n`,
    ).join('');
    const { diagnostics } = await load(withScenarios(['s.jsonl'], { 's.jsonl': rows }));
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]!.message).toContain('(and 4999 more like it in this file)');
    expect(diagnostics[0]!.related.map(({ location }) => location?.line)).toEqual([2, 3]);
  });
  it('once for as many scenarios without an input, and beside other mistakes', async () => {
    const rows = Array.from({ length: 400 }, (_, i) => `- { id: q${i} }\n`).join('');
    const { diagnostics } = await load(
      withScenarios(['s.yaml'], { 's.yaml': `${rows}- { id: z, inptu: 1 }\n` }),
    );
    expect(diagnostics.map(({ code }) => code)).toEqual(['no-input', 'unknown-key']);
    expect(diagnostics[0]!.message).toMatch(/^all 400 scenarios have no "input".*: "q0", "q1", \.\.\.$/);
  });
});
