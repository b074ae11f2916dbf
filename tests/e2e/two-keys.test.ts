// What is asked of a judge and what is made of its answer are two things: only the first is asked again when it changes.
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, ROOT, writeFiles } from '../rig/files.ts';
import { startJudge } from '../rig/judge.ts';
import { tempFolder } from '../rig/temp.ts';

const env = { MY_KEY: 'sk-test-0123456789' };

type Row = { readonly scorer: string; readonly passed: number | null; readonly mean: number | null };

/** Scores as `score` tells them, and how many it made. */
async function scored(
  cwd: string,
): Promise<{ executed: number; rows: { [scorer: string]: readonly unknown[] } }> {
  const { stdout, stderr } = await cli(['score', '--json'], { cwd, env });
  const { executed, rows } = JSON.parse(stdout || '{}') as { executed: number; rows: readonly Row[] };
  expect(rows, stderr).toBeDefined();
  return { executed, rows: Object.fromEntries(rows.map((row) => [row.scorer, [row.mean, row.passed]])) };
}

function keptStore(): { readonly cwd: string; readonly root: string } {
  const cwd = tempFolder();
  const from = path.join(ROOT, 'tests/stores/v1-judges');
  for (const name of ['experiment.yaml', 'scenarios'])
    cpSync(path.join(from, name), path.join(cwd, name), { recursive: true });
  const root = path.join(cwd, 'artifacts/judged-before');
  mkdirSync(path.dirname(root));
  cpSync(path.join(from, 'store'), root, { recursive: true });
  return { cwd, root };
}

it('counts scores whose keys held thresholds, numbers and the order of labels, and asks nobody again', async () => {
  const { cwd, root } = keptStore();
  const view = path.join(root, 'scores/runs/one_run1.jsonl');
  const before = readFileSync(view, 'utf8');
  // Nobody answers at its judges' address: an attempt would be a failure.
  expect(await scored(cwd)).toEqual({
    executed: 0,
    rows: {
      words: [0, 0],
      tone: [0.6, 2],
      ownwords: [0.6, 0],
      strict: [0.7, 0],
      voted: [0.7, 2],
      says: [0.5, 2],
    },
  });
  expect(readFileSync(view, 'utf8')).toBe(before);
  expect((await cli(['fsck'], { cwd })).code).toBe(0);
}, 30_000);

it('makes of scores of then what the manifest says now; what a judge said itself no threshold moves', async () => {
  const { cwd, root } = keptStore();
  editFile(path.join(cwd, 'experiment.yaml'), (text) =>
    text
      .replaceAll('rude: 0, polite: 1, fine: 0.6', 'polite: 1, fine: 0.4, rude: 0')
      .replace('pass_at: 0.8', 'pass_at: 0.7')
      .replace('pass_at: 0.9', 'pass_at: 0.95')
      .replace('pass_at: 0.5', 'pass_at: 0')
      .replace('votes: 2 } }', 'votes: 2 }, pass_at: 0.71 }'),
  );
  expect(await scored(cwd)).toEqual({
    executed: 0,
    rows: {
      words: [0, 2],
      tone: [0.4, 0],
      ownwords: [0.4, 0],
      strict: [0.7, 2],
      voted: [0.7, 0],
      says: [0.5, 2],
    },
  });
  const view = readFileSync(path.join(root, 'scores/runs/one_run1.jsonl'), 'utf8');
  const tone = view.split('\n').filter((line) => line.includes('"scorer":"tone"'));
  expect(tone.map((line) => JSON.parse(line))).toMatchObject([
    { score: 0.4, passed: false, pass_at: 0.5 },
    { score: 0.4, passed: false, pass_at: 0.5 },
  ]);
}, 30_000);

const MANIFEST = (url: string, scorers: string): string => `version: 1
name: small
provider: sim
scenarios: [s.yaml]
providers:
  p: { type: openai, base_url: "${url}", api_key_env: MY_KEY }
variants: { one: { system: be one } }
scorers:
${scorers}`;

const CHOSEN = (choices: string, more = ''): string =>
  `  - { name: tone, judge: { model: j, provider: p, rubric: "Is it good?", choices: { ${choices} } }${more} }\n`;

it('asks no judge again for another threshold, other numbers or another order of labels, and shows them at once', async () => {
  await using server = await startJudge((prompt) => ({
    text: `{"reason": "so", "label": "${/say s[12]\b/.test(prompt) ? 'good' : 'fair'}"}`,
  }));
  const cwd = tempFolder();
  const write = (scorers: string): void =>
    writeFiles(cwd, { 'experiment.yaml': MANIFEST(server.url, scorers) });
  write(CHOSEN('poor: 0, fair: 0.5, good: 1'));
  writeFiles(cwd, { 's.yaml': [1, 2, 3, 4].map((i) => `- { id: s${i}, input: "say s${i}" }\n`).join('') });
  await cli(['run'], { cwd, env });
  expect(server.count()).toBe(4);
  /** What is shown before anybody is asked, and what `score` says then. */
  const rows = async (scorers: string): Promise<unknown> => {
    write(scorers);
    const { stdout } = await cli(['export', '--format', 'jsonl'], { cwd, env });
    const passed = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).passed_tone);
    const { executed, rows: all } = await scored(cwd);
    expect([executed, server.count()], scorers).toEqual([0, 4]);
    return [...all.tone!, passed.filter(Boolean).length];
  };
  expect(await rows(CHOSEN('poor: 0, fair: 0.5, good: 1'))).toEqual([0.75, 4, 4]);
  expect(await rows(CHOSEN('good: 1, poor: 0, fair: 0.5'))).toEqual([0.75, 4, 4]);
  expect(await rows(CHOSEN('fair: 0.1, good: 0.9, poor: 0'))).toEqual([0.5, 2, 2]);
  expect(await rows(CHOSEN('fair: 0.1, good: 0.9, poor: 0', ', pass_at: 0.95'))).toEqual([0.5, 0, 0]);
  expect(await rows(CHOSEN('fair: 0.1, good: 0.9, poor: 0', ', pass_at: 0'))).toEqual([0.5, 4, 4]);
  for (const [what, scorers] of [
    ['a label by another name', CHOSEN('bad: 0, fair: 0.5, good: 1')],
    ['another rubric', CHOSEN('poor: 0, fair: 0.5, good: 1').replace('Is it good?', 'Is it kind?')],
    ['another model', CHOSEN('poor: 0, fair: 0.5, good: 1').replace('model: j', 'model: k')],
  ] as const) {
    write(scorers);
    const before = server.count();
    expect((await scored(cwd)).executed, what).toBe(4);
    expect(server.count() - before, what).toBe(4);
  }
});
