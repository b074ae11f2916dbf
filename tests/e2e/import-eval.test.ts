// Logs as Inspect packs them (.eval), good and hostile, and a mapping from a file.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';
import { type Member, zipOf } from '../rig/zip.ts';

function experiment(): string {
  const folder = tempFolder();
  const text = 'version: 1\nname: made\nprovider: sim\nscenarios: [s.yaml]\nvariants: { baseline: {} }\n';
  writeFileSync(path.join(folder, 'experiment.yaml'), text);
  writeFileSync(path.join(folder, 's.yaml'), '- { id: one, input: hello }\n- { id: two, input: bye }\n');
  return folder;
}

const header = (method: Member['method']): Member => ({
  ...{ name: 'header.json', ...(method ? { method } : {}) },
  text: JSON.stringify({
    ...{ version: 2, status: 'success' },
    eval: {
      task: 'schedule',
      model: 'made/model-1',
      created: '2026-02-01T10:00:00+00:00',
      dataset: {},
      config: {},
    },
  }),
});

const sampleOf = (id: string, epoch: number, method: Member['method']): Member => ({
  ...{ name: `samples/${id}_epoch_${epoch}.json`, ...(method ? { method } : {}) },
  text: JSON.stringify({
    ...{ id, epoch, input: 'hello', target: 'hi' },
    messages: [
      { role: 'user', content: 'hello' },
      { role: 'assistant', content: `hi ${id} ${epoch}` },
    ],
    output: {
      model: 'model-1',
      choices: [{ message: { role: 'assistant', content: `hi ${id} ${epoch}` }, stop_reason: 'stop' }],
      usage: { input_tokens: 5, output_tokens: 3, total_tokens: 8 },
    },
  }),
});

describe('an .eval file', () => {
  it.each(['stored', 'deflate', 'zstd'] as const)('whose members are %s becomes history', async (method) => {
    const folder = experiment();
    const samples = ['one', 'two'].flatMap((id) => [1, 2].map((epoch) => sampleOf(id, epoch, method)));
    writeFileSync(path.join(folder, 'log.eval'), zipOf([header(method), ...samples]));
    const done = await cli(['import', 'log.eval', '--variant', 'baseline', '--json'], { cwd: folder });
    expect(done.code, done.stderr).toBe(0);
    const { stdout } = await cli(['export', '--all'], { cwd: folder });
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ variant, scenario, run, text }) => [variant, scenario, run, text]).sort()).toEqual([
      ['baseline', 'one', 1, 'hi one 1'],
      ['baseline', 'one', 2, 'hi one 2'],
      ['baseline', 'two', 1, 'hi two 1'],
      ['baseline', 'two', 2, 'hi two 2'],
    ]);
    expect(rows[0]).toMatchObject({ input_tokens: 5, output_tokens: 3 });
    expect((await cli(['fsck'], { cwd: folder })).code).toBe(0);
  });

  it('that unpacks to more than it says is refused, and nothing is imported', async () => {
    const folder = experiment();
    const bomb = { ...sampleOf('one', 1, 'deflate'), claims: 100 };
    writeFileSync(
      path.join(folder, 'log.eval'),
      zipOf([header('deflate'), { ...bomb, text: ' '.repeat(50_000_000) }]),
    );
    const done = await cli(['import', 'log.eval', '--variant', 'baseline'], { cwd: folder });
    expect(done.code).toBe(2);
    expect(done.stderr.length).toBeLessThan(5_000);
    expect(existsSync(path.join(folder, 'artifacts/made/history'))).toBe(false);
  });

  it('whose members are named as paths writes nothing there', async () => {
    const folder = experiment();
    const evil = { ...sampleOf('one', 1, 'stored'), name: '../../evil.json' };
    writeFileSync(path.join(folder, 'log.eval'), zipOf([header('stored'), evil]));
    const done = await cli(['import', 'log.eval', '--variant', 'baseline'], { cwd: folder });
    expect(done.code).not.toBe(1);
    expect(existsSync(path.join(folder, '../../evil.json'))).toBe(false);
  });
});

describe('a mapping', () => {
  const LINE = { arm: 'baseline', what: 'one', answer: { content: 'hi' }, n: 0 };

  it('may stand in a file, and an option of the command line goes before it', async () => {
    const folder = experiment();
    writeFileSync(path.join(folder, 'old.jsonl'), `${JSON.stringify(LINE)}\n`);
    writeFileSync(
      path.join(folder, 'map.yaml'),
      'variant: arm\nscenario: nothing\ntext: answer.content\nrun: n\n',
    );
    const args = [
      'import',
      'old.jsonl',
      '--mapping',
      'map.yaml',
      '--map',
      'scenario=what',
      '--runs-from',
      '0',
    ];
    const done = await cli(args, { cwd: folder });
    expect(done.code, done.stderr).toBe(0);
    const { stdout } = await cli(['export', '--all'], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ variant: 'baseline', scenario: 'one', run: 1, text: 'hi' });
  });

  it.each([
    ['a field that is not ours', 'colour: x\n', 'not "colour"'],
    ['a list', '- variant\n', 'ours: theirs'],
    ['no YAML', 'variant: [\n', 'map.yaml: '],
  ])('with %s is refused', async (_, text, why) => {
    const folder = experiment();
    writeFileSync(path.join(folder, 'old.jsonl'), `${JSON.stringify(LINE)}\n`);
    writeFileSync(path.join(folder, 'map.yaml'), text);
    const done = await cli(['import', 'old.jsonl', '--mapping', 'map.yaml'], { cwd: folder });
    expect([done.code, done.stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});
