// What judges were paid for, and what came from elsewhere, is shared as draws are: by the command that made it.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { startJudge } from '../rig/judge.ts';
import { tempFolder } from '../rig/temp.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
type Any = any;

const SCENARIOS = 4;

/** Checkouts of one repository whose answers a paid judge reads, and a folder that all of them share. */
async function team() {
  let judged = 0;
  const judge = await startJudge(() => {
    judged++;
    return { text: JSON.stringify({ reason: 'So it is.', score: 1 }) };
  });
  const folder = tempFolder();
  const files = {
    'experiment.yaml': `version: 1
name: made
provider: p
model: m
scenarios: [s.yaml]
remote: file://${path.join(folder, 'share')}
providers:
  p: { type: sim }
  judges: { type: openai, base_url: "${judge.url}", api_key_env: JUDGE_KEY, pricing: { judge-1: { input: 1, output: 10 } } }
scorers:
  - { name: polite, judge: { provider: judges, model: judge-1, rubric: "It is polite." }, calibrate: labels.jsonl }
variants: { one: { system: be one } }
`,
    's.yaml': Array.from({ length: SCENARIOS }, (_, i) => `- { id: s${i}, input: "say s${i}" }\n`).join(''),
    'labels.jsonl': Array.from(
      { length: 3 },
      (_, i) => `${JSON.stringify({ scenario: `s${i}`, output: `an answer ${i}`, human: true })}\n`,
    ).join(''),
    'theirs.jsonl': `${JSON.stringify({ scenario: 's0', variant: 'other', run: 1, output: 'from elsewhere' })}\n`,
  };
  for (const name of ['ann', 'ben']) writeFiles(path.join(folder, name), files);
  const run = async (name: string, ...args: string[]) =>
    cli(args, { cwd: path.join(folder, name), env: { JUDGE_KEY: 'a-key-of-the-judge-123' } });
  return {
    ...{ run, folder },
    judged: () => judged,
    async json(name: string, ...args: string[]): Promise<Any> {
      const { stdout, stderr } = await run(name, ...args, '--json');
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout);
    },
    [Symbol.asyncDispose]: () => judge[Symbol.asyncDispose](),
  };
}

it('score takes what others drew and judged, and gives what it judged: no judge is paid twice', async () => {
  await using at = await team();
  await at.run('ann', 'run', '--no-score');
  expect(await at.json('ben', 'score')).toMatchObject({
    ...{ undrawn: 0, executed: SCENARIOS },
    remote: { pulled: { invocations: 1, records: SCENARIOS }, pushed: { scores: SCENARIOS }, problem: null },
  });
  expect(at.judged()).toBe(SCENARIOS);
  const ahead = await at.run('ann', 'score', '--dry-run');
  expect(ahead.stderr).toMatch(/expgraph: pulled 1 invocation \(0 records, 4 scores, \d+ kB\) from file:/);
  expect(await at.json('ann', 'score')).toMatchObject({
    ...{ executed: 0, cached: SCENARIOS },
    remote: { pulled: { invocations: 0 }, problem: null },
  });
  expect(at.judged()).toBe(SCENARIOS);
  for (const name of ['ann', 'ben']) expect((await at.run(name, 'fsck')).code).toBe(0);
});

it('what a scorer was paid for at labelled answers is shared, too', async () => {
  await using at = await team();
  const first = await at.json('ann', 'score', '--calibrate');
  expect(first).toMatchObject({ how: 'complete', remote: { pushed: { scores: 3 }, problem: null } });
  expect(at.judged()).toBe(3);
  const ahead = await at.json('ben', 'score', '--calibrate', '--dry-run');
  expect(ahead.calibration).toMatchObject([{ scorer: 'polite', answers: 3, pending: 0 }]);
  const second = await at.json('ben', 'score', '--calibrate');
  expect(second.calibration).toEqual(first.calibration);
  expect(at.judged()).toBe(3);
});

it('import gives what came from elsewhere, and --offline-remote leaves a remote alone', async () => {
  await using at = await team();
  await at.run('ann', 'import', 'theirs.jsonl', '--offline-remote');
  expect(existsSync(path.join(at.folder, 'share'))).toBe(false);
  const imported = await at.json('ben', 'import', 'theirs.jsonl');
  expect(imported).toMatchObject({ imported: 1, remote: { pushed: { invocations: 1, records: 1 } } });
  const shared = filesBelow(path.join(at.folder, 'share'));
  await at.run('ann', 'score', '--offline-remote');
  expect(filesBelow(path.join(at.folder, 'share'))).toEqual(shared);
  expect(await at.json('ann', 'import', 'theirs.jsonl', '--dry-run')).toMatchObject({
    ...{ imported: 0, already_there: 1 },
    remote: { pulled: { invocations: 1, records: 1 }, pushed: null },
  });
});

it('an import is held against what it takes from others: a run that another result has is refused, and not left out', async () => {
  await using at = await team();
  await at.run('ann', 'import', 'theirs.jsonl');
  const other = { scenario: 's0', variant: 'other', run: 1, output: 'another answer' };
  writeFileSync(path.join(at.folder, 'ben/other.jsonl'), `${JSON.stringify(other)}\n`);
  for (const flags of [[], ['--dry-run']]) {
    const refused = await at.run('ben', 'import', 'other.jsonl', ...flags);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining(
        'other.jsonl:1: is run 1 of other/s0/1, and invocation 0001 has another result',
      ),
    ]);
    expect(refused.stderr).toContain('--next-runs gives results whose run is taken the next free numbers');
  }
  expect(await at.json('ben', 'import', 'other.jsonl', '--next-runs')).toMatchObject({ imported: 1, bad: 0 });
});

it('a remote that is not there fails neither: what was judged is kept, told once, and given by the next run', async () => {
  await using at = await team();
  await at.run('ann', 'run', '--no-score', '--offline-remote');
  writeFileSync(path.join(at.folder, 'share'), 'a file where the folder should be');
  const scored = await at.run('ann', 'score');
  expect([scored.code, scored.stderr.match(/warning: what others made is not here: /g)]).toEqual([
    0,
    expect.objectContaining({ length: 1 }),
  ]);
  expect(at.judged()).toBe(SCENARIOS);
  expect((await at.run('ann', 'import', 'theirs.jsonl')).code).toBe(0);
});
