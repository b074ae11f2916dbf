// init --from-promptfoo, --from-inspect and --from-data with files that nobody would write, or that somebody else wrote: never a
// crash, never a silence about what is left out, and nothing outside of the project is looked at.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cli } from '../rig/cli.ts';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { withoutPython } from '../rig/python.ts';
import { tempFolder } from '../rig/temp.ts';

async function made(files: { readonly [name: string]: string }, ...words: string[]) {
  const folder = tempFolder();
  writeFiles(folder, files);
  const { code, stdout, stderr } = await cli(['init', ...words], { cwd: folder });
  return { folder, code, stdout, stderr, said: stdout + stderr };
}

const config = (text: string, others: { readonly [name: string]: string } = {}) =>
  made({ 'p.yaml': text, ...others }, '--from-promptfoo', 'p.yaml');

const scenariosIn = (folder: string) =>
  parse(readFileSync(path.join(folder, 'scenarios/promptfoo.yaml'), 'utf8'));

describe('init --from-promptfoo', () => {
  it('takes no name for a word of its own because JavaScript knows it', async () => {
    const { code, said } = await config(
      'prompts: [a]\nproviders: ["constructor:x", "toString:y", "openai:gpt-4.1"]\ntoString: 5\ntests: [{ vars: { q: b }, valueOf: 4, assert: [{ type: constructor, value: x }] }]\n',
    );
    expect([code, said.includes('native code')]).toEqual([0, false]);
    for (const what of [
      'provider constructor:x\n      nothing here is called constructor',
      'toString\n      it is not known here',
      'test: valueOf\n      it is not known here',
      'assert constructor\n      judge it by own code',
    ])
      expect(said).toContain(what);
  });

  it('names files of providers that name each other, and goes on', async () => {
    const { code, said } = await config('prompts: [a]\nproviders: [file://b.yaml, openai:gpt-4.1]\n', {
      'b.yaml': '[file://c.yaml]',
      'c.yaml': '[file://b.yaml, file://c.yaml]',
    });
    expect(code, said).toBe(0);
    expect(said).toContain('c.yaml:1:2: provider file://b.yaml\n      the file names itself');
    expect(said).toContain('c.yaml:1:17: provider file://c.yaml\n      the file names itself');
  });

  it.each(['file:///**/*.txt', 'file://../**/*.txt', 'file://*/../../*.txt', 'file://{..,.}/*.txt'])(
    'looks for no file by %s: the pattern leads outside',
    async (pattern) => {
      const { code, said } = await config(
        `prompts: [hi, "${pattern}"]\nproviders: openai:gpt-4.1\ntests: [{ vars: { a: b } }, "${pattern.replace('txt', 'csv')}"]\n`,
      );
      expect([code, said.match(/it lies outside of this project/g)?.length], said).toEqual([0, 2]);
    },
  );

  it('takes the files that a pattern finds inside, and says where it finds none', async () => {
    const { code, said, folder } = await config(
      'prompts: ["file://texts/*.txt", "file://none/*.txt", "file://texts/..two.txt"]\nproviders: openai:gpt-4.1\n',
      { 'texts/one.txt': 'One', 'texts/..two.txt': 'Two' },
    );
    expect(code, said).toBe(0);
    const { variants } = parse(readFileSync(path.join(folder, 'experiment.yaml'), 'utf8'));
    expect(Object.keys(variants).toSorted()).toEqual(['one', 'two']);
    expect(said).toContain('prompt file://none/*.txt\n      it matches no file');
  });

  it('makes a scenario of each test of a prompt without variables', async () => {
    const { code, said, folder } = await config(
      'prompts: ["Say hi"]\nproviders: openai:gpt-4.1\ntests:\n  - assert: [{ type: contains, value: hi }]\n  - {}\n  - { description: last, assert: [{ type: contains, value: ho }] }\n',
    );
    expect(code, said).toBe(0);
    expect(scenariosIn(folder).map(({ id, input }: { id: string; input: string }) => [id, input])).toEqual([
      ['test-1', ''],
      ['test-2', ''],
      ['last', ''],
    ]);
    const run = await cli(['run', '--json'], { cwd: folder });
    // They ask the same: one answer, which each judges for itself.
    expect([run.code, JSON.parse(run.stdout).scope.tasks]).toEqual([0, 3]);
  });

  it.each([
    ['tests: 5', 'tests\n      it is no list'],
    ['tests: [{ vars: { q: a } }, 5]', 'test\n      it is neither a path nor a map'],
    ['tests: [{ vars: { q: a }, assert: 5 }]', 'test: assert\n      it is no list'],
    ['tests: [{ vars: [a] }]', 'vars\n      they are no map'],
    ['scenarios: 5', 'scenarios\n      it is no list'],
    ['scenarios: [5]', 'scenario\n      it is no map'],
    ['scenarios: [{ config: 5, tests: [{}] }]', 'scenarios: config\n      it is no list'],
    ['scenarios: [{ config: [5], tests: [{}] }]', 'scenarios: config\n      it is no map'],
    ['defaultTest: [1]', 'defaultTest\n      it is no map'],
    [
      'evaluateOptions: { repeat: 1.5 }',
      'evaluateOptions.repeat\n      it is no whole number from 1 to 1000',
    ],
    ['evaluateOptions: { repeat: 1.0e+9 }', 'evaluateOptions.repeat\n      it is no whole number'],
    ['evaluateOptions: { maxConcurrency: 0 }', 'evaluateOptions.maxConcurrency\n      it is no whole number'],
    ['tests: [{ assert: [{ type: equals, value: a }, 5, null] }]', 'assert 5\n      it has no type'],
  ])('names what has another shape than it should: %s', async (line, told) => {
    const { code, said } = await config(`prompts: [a]\nproviders: openai:gpt-4.1\n${line}\n`);
    expect([code, said.includes(told)], said).toEqual([0, true]);
  });

  it('names prompts and settings of another shape, and asks by the others', async () => {
    const { code, said } = await config(
      'prompts: [null, 5, [x], {}, "hi {{a-b}}", hi]\nproviders: [{ id: "openai:gpt-4.1", config: [1] }]\n',
    );
    expect(code, said).toBe(0);
    expect(said).toContain('prompt (3 times)\n      it is neither a text nor a map');
    expect(said).toContain('provider openai:gpt-4.1: config\n      it is no map');
    expect(said).toContain('line 1 of it has {{a-b}}');
    expect(said).toContain('1 variant x');
  });

  it('makes one scenario of lists that would be more than anybody asks, and says so', async () => {
    const list = JSON.stringify(Array.from({ length: 200 }, (_, i) => i));
    const { code, said } = await config(
      `prompts: ["{{a}}{{b}}{{c}}"]\nproviders: openai:gpt-4.1\ntests: [{ vars: { a: ${list}, b: ${list}, c: ${list} } }]\n`,
    );
    expect([code, said.includes('more than 10000 combinations')], said).toEqual([0, true]);
  });

  it('says on one line why nothing is left to be asked', async () => {
    const { code, stderr } = await config('prompts: [a]\nproviders: [5, {}, echo]\n');
    expect([code, stderr]).toEqual([
      2,
      'expgraph: nothing of p.yaml can be asked here, and nothing was written; p.yaml:2:13: provider: it is neither a name nor a map; p.yaml:2:20: provider echo: it answers with the prompt, and no model is asked\n',
    ]);
  });
});

it('a config in code is read by what promptfoo has written of it, and no key is taken from there', async () => {
  const code = await made({ 'p.ts': 'export default {}' }, '--from-promptfoo', 'p.ts');
  expect([code.code, code.stderr]).toEqual([
    2,
    'expgraph: p.ts is code, and no code of a config is run: promptfoo eval -o out.json writes down what it comes to, and out.json is read\n',
  ]);
  const out = {
    evalId: 'eval-1',
    results: { version: 3, results: [] },
    config: {
      prompts: ['file://tell.txt'],
      providers: [
        { id: 'openai:gpt-4.1', config: { apiKey: '[REDACTED]', temperature: 0 } },
        { id: 'http://127.0.0.1:1/', config: { headers: { Authorization: '[REDACTED]' } } },
      ],
      tests: [{ vars: { topic: 'tea' }, assert: [{ type: 'contains', value: 'tea' }] }],
    },
  };
  const { folder, said } = await made(
    { 'out.json': JSON.stringify(out, null, 2), 'tell.txt': 'Tell {{topic}}.' },
    '--from-promptfoo',
    'out.json',
  );
  expect(said).toContain('1 variant x 1 scenario, judged by expect');
  expect(said).toContain(
    'out.json:19:7: provider http://127.0.0.1:1/\n      its header Authorization may hold a key',
  );
  for (const name of filesBelow(folder).filter((one) => one !== 'out.json'))
    expect(readFileSync(path.join(folder, name), 'utf8')).not.toContain('REDACTED');
});

describe('files of others', () => {
  it('are read as UTF-8 or not at all: no byte becomes another', async () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'e'));
    writeFileSync(
      path.join(folder, 'd.jsonl'),
      Buffer.from('{"question":"n\xe9e?","answer":"x"}\n', 'latin1'),
    );
    writeFileSync(path.join(folder, 'p.txt'), Buffer.from('n\xe9e', 'latin1'));
    writeFileSync(path.join(folder, 'p.yaml'), 'prompts: [file://p.txt]\nproviders: openai:gpt-4.1\n');
    for (const words of [
      ['--from-data', 'd.jsonl'],
      ['--from-promptfoo', 'p.yaml'],
    ]) {
      const { code, stderr } = await cli(['init', 'e', ...words], { cwd: folder });
      expect([code, stderr.includes('is not UTF-8')], stderr).toEqual([2, true]);
    }
    expect(filesBelow(path.join(folder, 'e'))).toEqual([]);
  });

  it.each([
    ['\ufeffquestion,answer\r\nWhy,x\r\n\r\nHow,y\r\n\r\n', '2 variants x 2 scenarios'],
    ['question,,answer\na,b,c\n', '2 variants x 1 scenario'],
    ['question,question,answer\na,b,c\n', 'two columns are named "question"'],
    ['question,answer\n"a,b\n', 'is never closed'],
    ['question,answer\na,b,c,d\n', 'this row has 4 cells, the header has 2'],
    ['', 'the file is empty'],
  ])('are tables of any editor: %j', async (text, told) => {
    const { said } = await made({ 'd.csv': text }, '--from-data', 'd.csv');
    expect(said).toContain(told);
    expect(said).not.toContain('Left alone: ;');
  });

  it('are lines of any editor', async () => {
    const { said } = await made(
      { 'd.jsonl': '\ufeff{"question":"a","answer":"b"}\r\n\r\n{"question":"c","answer":"d"}\r\n' },
      '--from-data',
      'd.jsonl',
    );
    expect(said).toContain('2 variants x 2 scenarios');
  });
});

describe('programs of promptfoo', () => {
  const PYTHON =
    'import os\nKEY = os.environ["MY_KEY"]\ndef call_api(prompt, options, context):\n    return {"output": f\'{options["config"]["max_tokens"]} {context["vars"]["input"]} {os.getenv("MY_OTHER")}\'}\n';

  it('are handed what their config says but keys, which are named, and the variables that their text reads', async () => {
    const { code, said, folder } = await config(
      'prompts: ["Say {{input}}"]\nproviders: [{ id: file://mine.py, config: { max_tokens: 7, apiKey: sk-very-secret, apiKeyEnvar: X } }]\ntests: [{ vars: { input: hi, other: null } }]\n',
      { 'mine.py': PYTHON },
    );
    expect(code, said).toBe(0);
    const { variants } = parse(readFileSync(path.join(folder, 'experiment.yaml'), 'utf8'));
    const { command, pass_env } = variants['prompt-1'];
    expect(JSON.parse(command[2])).toEqual({ max_tokens: 7, apiKeyEnvar: 'X' });
    expect(pass_env).toEqual(['MY_KEY', 'MY_OTHER']);
    expect(said).toContain('provider config apiKey\n      it may be a key');
    expect(scenariosIn(folder)[0].vars).toEqual({ other: '' });
  });

  it.skipIf(withoutPython())('see the variable input, and no other variable of the environment', async () => {
    const { folder } = await config(
      'prompts: ["Say {{input}}"]\nproviders: [{ id: file://mine.py, config: { max_tokens: 7 } }]\ntests: [{ vars: { input: hi }, assert: [{ type: equals, value: "7 hi o" }] }]\n',
      { 'mine.py': PYTHON },
    );
    const run = await cli(['run', '--json'], { cwd: folder, env: { MY_KEY: 'k', MY_OTHER: 'o' } });
    const { failed, scores } = JSON.parse(run.stdout);
    expect([failed, scores.rows.map(({ mean }: { mean: number }) => mean)], run.stderr).toEqual([0, [1]]);
  });
});
