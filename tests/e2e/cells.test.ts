// Which cells failed or did not pass: told after run, chosen by filters, shown one after another.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST = `version: 1
name: cells
provider: sim
model: sim-small
runs: 2
system: Be brief.
execution: { retries: 0 }
scenarios: [s.yaml]
variants:
  tweet: { matrix: { temperature: [0, 0.7] } }
  plain: { system: Be kind. }
providers:
  sim: { type: sim, sim: { latency_ms: 1, latency_spread: 0, answers: answers.yaml } }
`;

const SCENARIOS = `- { id: z-first, input: Say yes., category: simple, tags: [t], description: A plain question., expect: { contains: yes } }
- { id: a-second, input: Say yes again., expect: { contains: yes } }
- { id: unjudged, input: Say what you like. }
`;

/** Of z-first plain says no in both runs; of a-second one arm says no once; the rest passes. */
const ANSWERS = `z-first: { variants: { plain: "no, never", "tweet*": "yes" } }
a-second: { variants: { "tweet[temperature=0]": ["yes", "no"], "tweet[temperature=0.7]": "yes", plain: "yes" } }
unjudged: what I like
`;

function made(answers = ANSWERS) {
  const folder = tempFolder();
  writeFiles(folder, { 'experiment.yaml': MANIFEST, 's.yaml': SCENARIOS, 'answers.yaml': answers });
  const run = (...args: string[]) => cli(args, { cwd: folder });
  return {
    folder,
    run,
    json: async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout),
  };
}

type Made = ReturnType<typeof made>;

const cellsOf = (list: readonly { variant: string; scenario: string; run: number }[]): readonly string[] =>
  list.map(({ variant, scenario, run }) => `${variant}/${scenario}/${run}`);

const planned = async ({ json }: Made, ...args: string[]): Promise<readonly string[]> =>
  cellsOf((await json('plan', '--force', ...args)).pending_tasks).toSorted();

const NOT_PASSED = ['plain/z-first/1', 'plain/z-first/2', 'tweet[temperature=0]/a-second/2'];

describe('after a run', { timeout: 120_000 }, () => {
  it('cells that did not pass stand with their reasons, runs together, above the command that shows them', async () => {
    const of = made();
    const { code, stdout } = await of.run('run', '--category', 'simple', '--variant', 'plain');
    expect(code).toBe(0);
    expect(stdout).toContain(
      [
        '2 of 2 cells did not pass:',
        '  plain/z-first/1-2  expect: lacks "yes"; found "no, never"',
        '  npx expgraph show --not-passed --variant plain --category simple',
      ].join('\n'),
    );
    const again = await of.run('run');
    expect(again.stdout).toContain(
      '3 of 18 cells did not pass:\n  tweet[temperature=0]/a-second/2  expect: ',
    );
    const { not_passed } = await of.json('score');
    expect(not_passed).toEqual({
      cells: 3,
      shown: ['tweet[temperature=0]/a-second/2', 'plain/z-first/1', 'plain/z-first/2'].map((cell) => {
        const [variant, scenario, run] = cell.split('/');
        const reason = expect.stringContaining('lacks "yes"; found "no');
        return { variant, scenario, run: Number(run), kind: 'not-passed', scorer: 'expect', reason };
      }),
    });
    expect(await of.json('run')).toMatchObject({ not_passed });
  });

  it('tasks that failed are told by their errors, those among them that have an older answer', async () => {
    await using server = await startModelServer();
    const of = made();
    editFile(
      path.join(of.folder, 'experiment.yaml'),
      (text) =>
        `${text.replace('provider: sim', 'provider: local')}  local: { type: openai, base_url: "${server.url}" }\n`,
    );
    const only = ['--variant', 'plain', '--scenario', 'unjudged', '--runs', '1'];
    const first = of.run('run', ...only);
    (await server.next()).answer(chatAnswer('what I like'));
    expect((await first).code).toBe(0);
    const second = of.run('run', '--force', ...only);
    (await server.next()).answer({ error: { message: 'no such thing' } }, { status: 400 });
    const { stdout, code } = await second;
    expect(code).toBe(1);
    expect(stdout).toMatch(/1 of 1 cell failed:\n {2}plain\/unjudged\/1 {2}failed: .*\(400\).*no such thing/);
    expect(stdout).toContain(
      'npx expgraph run --force --failed --variant plain --scenario unjudged --runs 1',
    );
    // What counts is the older answer, and the newest record is the failed one.
    expect(await planned(of, '--failed')).toEqual(['plain/unjudged/1']);
    const shown = await of.run('show', 'plain/unjudged/1');
    expect(shown.stdout).toMatch(
      /^plain\/unjudged\/1 completed\nnote {8}a newer record \([0-9a-f]{12}@2\) failed: .*no such thing.* What is shown is the answer that counts\.\n/,
    );
    expect(shown.stdout).toContain('what I like');
  });
});

describe('filters by what became of cells', { timeout: 120_000 }, () => {
  it('mean what their names say, also after an edit, and are recorded', async () => {
    const of = made();
    await of.run('run');
    expect(await planned(of, '--not-passed')).toEqual(NOT_PASSED);
    // plain says no where the others say yes, and one run of one arm is alone with its no.
    expect(await planned(of, '--differs', '--runs', '1')).toEqual(
      ['plain', 'tweet[temperature=0.7]', 'tweet[temperature=0]'].map((arm) => `${arm}/z-first/1`),
    );
    expect(await planned(of, '--differs', '--variant', 'tweet')).toEqual([
      'tweet[temperature=0.7]/a-second/2',
      'tweet[temperature=0]/a-second/2',
    ]);
    expect(await planned(of, '--stale')).toEqual([]);
    editFile(path.join(of.folder, 'experiment.yaml'), (text) => text.replace('Be kind.', 'Be kinder.'));
    expect((await planned(of, '--stale')).length).toBe(6);
    // What did not pass is drawn again with the edit that is to mend it.
    expect(await planned(of, '--not-passed')).toEqual(NOT_PASSED);
    expect(await planned(of, '--stale', '--not-passed')).toHaveLength(7);
    const forced = await of.json('run', '--force', '--not-passed');
    expect(forced).toMatchObject({ scope: { tasks: 3 }, executed: 3 });
    const record = readFileSync(
      path.join(of.folder, 'artifacts/cells/history', forced.invocation, 'invocation.json'),
      'utf8',
    );
    expect(JSON.parse(record).filter).toEqual({ not_passed: true });
    expect((await of.run('fsck')).code).toBe(0);
    const history = await of.json('history', '--stale');
    expect(new Set(cellsOf(history.records))).toEqual(
      new Set(['plain/a-second/1', 'plain/a-second/2', 'plain/unjudged/1', 'plain/unjudged/2']),
    );
    expect((await of.json('diff', '1', 'now', '--not-passed')).rows).toHaveLength(3);
    const exported = await of.run('export', '--not-passed');
    expect(
      cellsOf(
        exported.stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toSorted(),
    ).toEqual(NOT_PASSED);
  });

  it.each<[readonly string[], RegExp]>([
    [['plan', '--variant', 'twet'], /no variant matches "twet"; did you mean "tweet"\?/],
    [
      ['plan', '--variant', 'tweet[temperature=9]'],
      /no variant matches .*; did you mean "tweet\[temperature=0\]"/,
    ],
    [['plan', '--variant', 'plain', '--variant', 'nobody'], /no variant matches "nobody"; there are tweet/],
    [['plan', '--scenario', 'second'], /no scenario matches "second"; did you mean "a-second"\?/],
    [['status', '--category', 'simpel'], /no category matches "simpel"; did you mean "simple"\?/],
    [['run', '--tag', 'nope'], /no tag matches "nope"; there is t/],
    [['score', '--runs', '7-9'], /there is no run 7-9; there are 1-2/],
    [['show', '--failed', '--variant', 'plian'], /no variant matches "plian"; did you mean "plain"\?/],
    [['show', 'plain/z-frist/1'], /no record matches "plain\/z-frist\/1"; did you mean "z-first"\?/],
    [['history', '--variant', 'plian'], /no variant matches "plian"; did you mean "plain"\?/],
    [['parity', '--scenario', 'zfirst'], /no scenario matches "zfirst"; did you mean "z-first"\?/],
    [
      ['plan', '--category', 'simple', '--scenario', 'unjudged'],
      /each of them means something, and no cell is meant by all/,
    ],
    [['compare', '--not-passed'], /compare takes no --not-passed: /],
  ])('that mean nothing are mistakes with the name that was meant: %j', async (args, message) => {
    const { run } = made();
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('take the name of a matrix for all that it expands to, and a whole name as it is written', async () => {
    const of = made();
    const only = ['--scenario', 'unjudged', '--runs', '1'];
    const arms = ['tweet[temperature=0.7]', 'tweet[temperature=0]'].map((arm) => `${arm}/unjudged/1`);
    expect(await planned(of, '--variant', 'tweet', ...only)).toEqual(arms);
    expect(await planned(of, '--variant', 'twe?t', ...only)).toEqual(arms);
    expect(await planned(of, '--variant', 'tweet[temperature=0]', ...only)).toEqual([arms[1]]);
    expect(await planned(of, '--variant', '*[temperature=0.7]', ...only)).toEqual([arms[0]]);
    const variants = await of.json('variants', 'tweet');
    expect(variants.variants.map(({ name }: { name: string }) => name)).toHaveLength(2);
  });
});

describe('show', { timeout: 120_000 }, () => {
  it('of many has them in the order of the manifest, question by question, each once', async () => {
    const of = made();
    await of.run('run');
    const { stdout } = await of.run('show', '--runs', '1');
    const heads = [...stdout.matchAll(/^━━ (\S+) ━+ (\d+ of \d+) ━━$/gm)].map(
      ([, name, place]) => `${name} ${place}`,
    );
    expect(heads).toEqual(
      ['z-first', 'a-second', 'unjudged'].flatMap((scenario, s) =>
        ['tweet[temperature=0]', 'tweet[temperature=0.7]', 'plain'].map(
          (arm, a) => `${arm}/${scenario}/1 ${s * 3 + a + 1} of 9`,
        ),
      ),
    );
    expect(stdout.match(/^ {2}Be brief\.$/gm)).toHaveLength(1);
    expect(stdout).toContain('── system ── as in tweet[temperature=0]/z-first/1\n');
    expect(stdout).toContain('about       A plain question.\nexpected    contains: yes\n');
    expect(stdout.match(/^ {2}no, never$/gm)).toHaveLength(1);
    expect(stdout).toContain('expect: 0, not passed: lacks "yes"; found "no, never"');
    const glob = await of.run('show', 'tweet/a-second/1-2');
    expect(glob.stdout.match(/^━━ /gm)).toHaveLength(4);
    const nothing = await of.run('show', '--failed');
    expect(nothing).toMatchObject({ code: 0, stdout: '', stderr: 'expgraph: no cell in scope is failed\n' });
  });

  it('as JSON is one array of many, and the record itself of one that is named', async () => {
    const of = made();
    await of.run('run', '--variant', 'plain');
    const { stdout } = await of.run('show', '--not-passed', '--json');
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    const many = JSON.parse(stdout);
    expect(cellsOf(many)).toEqual(['plain/z-first/1', 'plain/z-first/2']);
    expect(many[0].scores).toEqual([expect.objectContaining({ scorer: 'expect', passed: false })]);
    expect(await of.json('show', 'plain/z-first/1')).toMatchObject({
      type: 'scenario_result',
      key: many[0].key,
    });
    expect(await of.json('show', `${many[0].key.slice(0, 10)}@1`)).toMatchObject({ key: many[0].key });
    expect(await of.json('show', '--failed')).toEqual([]);
  });

  it('of a cell that failed after an edit shows the failure, and says which older answer is kept', async () => {
    const of = made();
    await of.run('run', '--variant', 'plain', '--scenario', 'unjudged', '--runs', '1');
    const [old] = await of.json('show', 'plain/unjudged');
    editFile(path.join(of.folder, 'experiment.yaml'), (text) => text.replace('Be kind.', 'Be kinder.'));
    expect((await of.run('show', 'plain/unjudged/1')).stdout).toMatch(
      /^plain\/unjudged\/1 completed · stale\nnote {8}stale: variant\.system changed, from "Be kind\." to "Be kinder\."; npx expgraph run draws it again\n/,
    );
    expect(await of.json('show', 'plain/unjudged')).toMatchObject([{ key: old.key, stale: true }]);
    editFile(
      path.join(of.folder, 'answers.yaml'),
      () => `"*": { error: { status: 400, message: "no such thing" } }\n`,
    );
    await of.run('run', '--variant', 'plain', '--scenario', 'unjudged', '--runs', '1');
    const shown = (await of.run('show', 'plain/unjudged/1')).stdout;
    expect(shown).toMatch(/^plain\/unjudged\/1 failed\nerror {7}.*no such thing/);
    expect(shown).toContain(
      `an answer to other content is kept: npx expgraph show ${old.key.slice(0, 12)}@1`,
    );
    expect((await of.run('show', `${old.key.slice(0, 12)}@1`)).stdout).toContain('what I like');
  });
});
