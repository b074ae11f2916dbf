// init --from-inspect with logs that Inspect itself has written (tests/e2e/inspect-logs/make.py): packed as it packs them, packed as
// older versions did, as JSON, and damaged.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RunSummary } from '../../src/core/summary.ts';
import { zipEntries } from '../../src/exchange/zip.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, ROOT } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';
import { type Member, zipOf } from '../rig/zip.ts';

const LOGS = path.join(ROOT, 'tests/e2e/inspect-logs');

async function membersOf(name: string): Promise<readonly Member[]> {
  const members: Member[] = [];
  for await (const entry of zipEntries(path.join(LOGS, name), 1e9))
    members.push({ name: entry.name, text: await entry.text() });
  return members;
}

type Form = 'zstd' | 'deflate' | 'json';

async function logIn(folder: string, task: string, form: Form): Promise<string> {
  const packed = `${task}.eval`;
  if (form === 'zstd') {
    copyFileSync(path.join(LOGS, packed), path.join(folder, packed));
    return packed;
  }
  const members = await membersOf(packed);
  if (form === 'deflate') {
    writeFileSync(path.join(folder, packed), zipOf(members));
    return packed;
  }
  // As text: Inspect writes NaN, which JSON has not.
  const header = members.find(({ name }) => name === 'header.json')!.text.trim();
  const samples = members.filter(({ name }) => name.startsWith('samples/')).map(({ text }) => text);
  expect(header.at(-1)).toBe('}');
  writeFileSync(
    path.join(folder, `${task}.json`),
    `${header.slice(0, -1)},"samples":[${samples.join(',')}]}`,
  );
  return `${task}.json`;
}

const textIn = (folder: string, name: string): string => readFileSync(path.join(folder, name), 'utf8');

it('the logs are packed as Inspect packs them', () => {
  // Method 93 of the first member: zstd.
  expect(readFileSync(path.join(LOGS, 'capitals.eval')).readUInt16LE(8)).toBe(93);
});

describe.each<Form>(['zstd', 'deflate', 'json'])('a log of Inspect as %s', (form) => {
  it('becomes its data set, its prompts, its scorers and its epochs', async () => {
    const folder = tempFolder();
    const log = await logIn(folder, 'capitals', form);
    const made = await cli(['init', '--from-inspect', log], { cwd: folder });
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(parse(textIn(folder, 'experiment.yaml'))).toMatchObject({
      name: 'capitals',
      runs: 2,
      temperature: 0.3,
      max_output_tokens: 64,
      params: { top_p: 0.9 },
      system: 'You know {{vars.region}}.\n\nYou are kind.',
      template: 'Question: {{input}}\n\nAnswer in one word.',
      // What Inspect calls a model where it asks none is none here either.
      scorers: ['expect', { judge: { provider: 'openai', model: 'gpt-4.1-mini' }, name: 'judge' }],
    });
    expect(made.stdout).not.toContain('mockllm');
    expect(made.stdout).not.toContain('Not carried over');
    const lines = textIn(folder, 'scenarios/capitals.jsonl').trim().split('\n');
    const scenarios = lines.map((line) => JSON.parse(line));
    expect(scenarios.find(({ id }) => id === 'fr')).toEqual({
      id: 'fr',
      input: 'What is the capital of France?',
      vars: { region: 'Europe' },
      expect: {
        contains: { any: ['Paris'], ignore_case: true },
        judge: 'Answers the question as this does, or meets this criterion: Paris',
      },
    });
    expect(scenarios.find(({ id }) => id === '2').input).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Capital of Peru?' },
    ]);
    // Inspect keeps long texts apart: they are put back.
    expect(scenarios.find(({ id }) => id === 'long').input).toBe(`${'A long story. '.repeat(40)}Where?`);
    const run = await cli(['run', '--json'], { cwd: folder });
    const { executed, failed } = JSON.parse(run.stdout) as RunSummary;
    expect([run.code, executed, failed]).toEqual([0, 6, 0]);
  });

  it('becomes questions with choices, and the answers in it are judged here as they were there', async () => {
    const folder = tempFolder();
    const log = await logIn(folder, 'letters', form);
    await cli(['init', '--from-inspect', log], { cwd: folder });
    const found = textIn(folder, 'scenarios/letters.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(found.map(({ vars }) => vars.letters)).toEqual(['A, B, C', 'A, B, C']);
    const samples = (await membersOf('letters.eval')).filter(({ name }) => name.startsWith('samples/'));
    const judged = samples.map(({ text }) => {
      const { id, output, scores } = JSON.parse(text);
      const { regex } = found.find((one) => one.id === String(id)).expect;
      const isRight = new RegExp(regex.pattern, regex.flags).test(output.choices[0].message.content);
      return [isRight, scores.choice.value === 'C'];
    });
    expect(judged).toEqual([
      [true, true],
      [false, false],
    ]);
  });
});

describe('a log that was cut or damaged', () => {
  it.each([0, 1, 100, 4000, 20_000])('writes nothing of the first %i bytes, and says why', async (size) => {
    const folder = tempFolder();
    writeFileSync(
      path.join(folder, 'cut.eval'),
      readFileSync(path.join(LOGS, 'capitals.eval')).subarray(0, size),
    );
    const { code, stderr } = await cli(['init', '--from-inspect', 'cut.eval'], { cwd: folder });
    expect([code, filesBelow(folder)], stderr).toEqual([2, ['cut.eval']]);
    expect(stderr).toMatch(/^expgraph: cut\.eval is no zip file that can be read: /);
  });

  it('writes nothing of a log whose bytes are others', async () => {
    const folder = tempFolder();
    const bytes = readFileSync(path.join(LOGS, 'capitals.eval'));
    bytes.fill(0, 600, 4000);
    writeFileSync(path.join(folder, 'bad.eval'), bytes);
    const { code, stderr } = await cli(['init', '--from-inspect', 'bad.eval'], { cwd: folder });
    expect([code, stderr.includes('damaged'), filesBelow(folder)], stderr).toEqual([2, true, ['bad.eval']]);
  });

  it('says of JSON that was cut that it is none', async () => {
    const folder = tempFolder();
    const log = await logIn(folder, 'letters', 'json');
    writeFileSync(path.join(folder, log), textIn(folder, log).slice(0, 900));
    const { code, stderr } = await cli(['init', '--from-inspect', log], { cwd: folder });
    expect([code, filesBelow(folder)]).toEqual([2, [log]]);
    expect(stderr).toMatch(/^expgraph: letters\.json is no JSON: .*; nothing was written\n$/);
  });

  it('takes what a log has that was stopped: its beginning is its head', async () => {
    const folder = tempFolder();
    const members = (await membersOf('capitals.eval')).filter(
      ({ name }) => name !== 'header.json' && name !== 'summaries.json' && !name.includes('epoch_2'),
    );
    writeFileSync(path.join(folder, 'stopped.eval'), zipOf(members));
    const { code, stdout } = await cli(['init', '--from-inspect', 'stopped.eval'], { cwd: folder });
    expect([code, stdout.includes('1 variant x 3 scenarios')], stdout).toEqual([0, true]);
  });
});
