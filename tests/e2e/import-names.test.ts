// Names in results of others: in whatever form a file has them, they are the manifest's, and never more than names.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });
const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
};

type Row = { readonly [column: string]: unknown };

async function rows(): Promise<readonly Row[]> {
  const { stdout } = await expgraph('export', '--all');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

beforeEach(() => {
  folder = tempFolder();
  write(
    'experiment.yaml',
    'version: 1\nname: made\nprovider: sim\nscenarios: [s.yaml]\nvariants: { caf\u00e9: {} }\n',
  );
  write('s.yaml', '- { id: \u00fcber, input: hello, category: gr\u00fcn }\n');
});

/** As macOS writes names, and some programs what they read from there. */
const [VARIANT, SCENARIO, CATEGORY] = ['cafe\u0301', 'u\u0308ber', 'gru\u0308n'];
const NAMED = { variant: VARIANT, scenario: SCENARIO, category: CATEGORY, run: 1, text: 'x' };
const MESSAGE = { role: 'assistant', content: 'x', source: 'generate' };

describe('names whose accents are encoded apart are those of the manifest', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['lines', 'r.jsonl', JSON.stringify(NAMED), []],
    ['a list', 'r.json', JSON.stringify([NAMED], null, 1), []],
    ['a table', 'r.csv', `variant,scenario,category,run,text\n${VARIANT},${SCENARIO},${CATEGORY},1,x\n`, []],
    [
      'a log of Inspect',
      'log.json',
      JSON.stringify({
        version: 2,
        eval: { task: VARIANT, model: 'm/n' },
        samples: [
          {
            ...{ id: SCENARIO, epoch: 1, input: 'hello', metadata: { category: CATEGORY } },
            ...{ messages: [{ role: 'user', content: 'hello' }, MESSAGE] },
            output: { choices: [{ message: MESSAGE, stop_reason: 'stop' }] },
          },
        ],
      }),
      [],
    ],
    [
      'an output of promptfoo',
      'out.json',
      JSON.stringify({
        results: {
          results: [
            {
              ...{ prompt: { raw: 'hello', label: VARIANT }, provider: { id: 'p' }, vars: { id: SCENARIO } },
              ...{ response: { output: 'x' }, testCase: { metadata: { category: CATEGORY } }, success: true },
            },
          ],
        },
      }),
      [],
    ],
    [
      'transcripts',
      't.json',
      JSON.stringify([
        {
          ...{ task_id: SCENARIO, trial: 0, category: CATEGORY },
          traj: [{ role: 'user', content: 'hello' }, MESSAGE],
        },
      ]),
      ['--variant', VARIANT],
    ],
    [
      'a batch',
      'b.jsonl',
      JSON.stringify({
        custom_id: `${VARIANT}/${SCENARIO}/1`,
        response: { status_code: 200, body: { choices: [{ message: { role: 'assistant', content: 'x' } }] } },
        error: null,
      }),
      [],
    ],
    [
      'runs of LangSmith',
      'l.jsonl',
      JSON.stringify({
        ...{ inputs: { question: 'hello' }, outputs: { answer: 'x' }, category: CATEGORY },
        extra: { metadata: { variant: VARIANT, scenario: SCENARIO } },
      }),
      [],
    ],
    [
      'test cases of deepeval',
      'd.json',
      JSON.stringify({
        testCases: [{ name: SCENARIO, input: 'q', actualOutput: 'x', category: CATEGORY }],
      }),
      ['--variant', VARIANT],
    ],
    ['the name of a file', `${VARIANT}_run1.jsonl`, JSON.stringify({ scenario: SCENARIO, text: 'x' }), []],
  ])('%s', async (_, name, text, options) => {
    write(name, `${text}\n`);
    const done = await expgraph('import', name, ...options);
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).not.toContain('not in the manifest');
    expect(
      (await rows()).map(({ variant, scenario, category, text }) => [variant, scenario, category, text]),
    ).toEqual([['caf\u00e9', '\u00fcber', 'gr\u00fcn', 'x']]);
  });
});
