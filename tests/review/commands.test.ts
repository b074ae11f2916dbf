// Every command of the program while a blind review is open: which of them refuse, which put arms together, and which say nothing of
// results at all. No output of any of them names an arm beside what came of it.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../src/cli/base.ts';
import { declareProgram } from '../../src/cli/program/declare.ts';
import { realIo } from '../../src/cli/real-io.ts';
import type { World } from '../../src/project/open/world.ts';
import { openView } from '../../src/project/view/open-view.ts';
import { type DealtReview, dealReview } from '../rig/blind-review.ts';
import { writeFiles } from '../rig/files.ts';
import { inProcess, type Said } from '../rig/in-process.ts';
import { SIM_HEAD } from '../rig/small-experiment.ts';
import { testWorld } from '../rig/world.ts';

/** Names that no sentence of the program has in it. */
const ARMS = ['zebrafish', 'yakut'] as const;
const [FIRST] = ARMS;

const MANIFEST = `${SIM_HEAD}variants:
  ${ARMS[0]}: { system: You help. }
  ${ARMS[1]}: { system: Be brief. }
scenarios: [s.yaml]
scorers:
  - { name: words, regex: "reminder|list|please" }
gate:
  pass: ">= 0.99"
  variants.${ARMS[1]}.pass: ">= 0.99"
`;
const SCENARIOS = `- { id: one, input: Remind me to call the dentist. }
- { id: two, input: Put milk on my list. }
- { id: three, input: Who are you? }
`;

type Does =
  /** Exit code 5 and nothing on stdout. */
  | 'refuses'
  /** Does its work, tells it of all arms together, and ends with 5 where it would end with 0. */
  | 'puts arms together'
  /** Knows arms as the manifest declares them, and nothing of what came of them: the same as without any result. */
  | 'reads the manifest alone'
  /** Names no arm, open or not. */
  | 'names no arm';

type Row = {
  readonly argv: readonly string[];
  readonly does: Does;
  /** Left out = 5 for those that withhold, else 0. */
  readonly code?: number;
};

const JSON_FLAG = '--json';

/** A command may stand here several times; each has to once. */
const TABLE: readonly Row[] = [
  { argv: ['run'], does: 'puts arms together' },
  { argv: ['run', JSON_FLAG], does: 'puts arms together' },
  { argv: ['run', '-q'], does: 'puts arms together' },
  { argv: ['run', '-v', '--force', '--scenario', 'one'], does: 'puts arms together' },
  { argv: ['run', '--force', '--scenario', 'two', '--events', '-'], does: 'puts arms together' },
  { argv: ['run', '--no-score'], does: 'puts arms together' },
  { argv: ['run', '--dry-run'], does: 'puts arms together' },
  { argv: ['run', '--fail-under', '0.99'], does: 'puts arms together' },
  { argv: ['run', '--variant', FIRST], does: 'puts arms together' },
  {
    argv: ['run', '--variant', FIRST, '--force', '--scenario', 'one', JSON_FLAG],
    does: 'puts arms together',
  },
  { argv: ['plan'], does: 'puts arms together' },
  { argv: ['plan', '--force', '--explain'], does: 'puts arms together' },
  { argv: ['plan', '--force', JSON_FLAG], does: 'puts arms together' },
  { argv: ['plan', '--format', 'mermaid'], does: 'refuses' },
  { argv: ['plan', '--format', 'dot'], does: 'refuses' },
  { argv: ['plan', '--variant', FIRST], does: 'refuses' },
  { argv: ['score'], does: 'puts arms together' },
  { argv: ['score', JSON_FLAG], does: 'puts arms together' },
  { argv: ['score', '-v', '--force'], does: 'puts arms together' },
  { argv: ['score', '--scorer', 'words', '--variant', FIRST], does: 'puts arms together' },
  { argv: ['score', '--dry-run'], does: 'names no arm' },
  { argv: ['score', '--at', '1'], does: 'puts arms together' },
  { argv: ['watch', '--json'], does: 'refuses' },
  { argv: ['status'], does: 'puts arms together' },
  { argv: ['status', JSON_FLAG], does: 'puts arms together' },
  { argv: ['status', '--variant', FIRST], does: 'refuses' },
  { argv: ['log'], does: 'puts arms together' },
  { argv: ['log', JSON_FLAG], does: 'puts arms together' },
  { argv: ['log', '1'], does: 'puts arms together' },
  { argv: ['log', '1', JSON_FLAG], does: 'puts arms together' },
  { argv: ['log', 'last', JSON_FLAG], does: 'puts arms together' },
  { argv: ['history'], does: 'refuses' },
  { argv: ['history', `${FIRST}/one/1`, JSON_FLAG], does: 'refuses' },
  { argv: ['show'], does: 'refuses' },
  { argv: ['show', `${FIRST}/one/1`], does: 'refuses' },
  { argv: ['show', '--not-passed', JSON_FLAG], does: 'refuses' },
  { argv: ['diff', '1', 'now'], does: 'refuses' },
  { argv: ['diff', '1', 'now', JSON_FLAG], does: 'refuses' },
  { argv: ['compare'], does: 'refuses' },
  { argv: ['compare', '--format', 'html'], does: 'refuses' },
  { argv: ['compare', '--metric', 'cost', JSON_FLAG], does: 'refuses' },
  { argv: ['compare', FIRST], does: 'refuses' },
  { argv: ['power', '--effect', '0.2', '--from', 'history'], does: 'refuses' },
  { argv: ['power', '--effect', '0.2'], does: 'names no arm' },
  { argv: ['variants'], does: 'reads the manifest alone' },
  { argv: ['variants', '--diff', JSON_FLAG], does: 'reads the manifest alone' },
  { argv: ['parity'], does: 'reads the manifest alone' },
  { argv: ['prices'], does: 'reads the manifest alone' },
  { argv: ['prices', 'sim-*', JSON_FLAG], does: 'reads the manifest alone' },
  { argv: ['report'], does: 'refuses' },
  { argv: ['report', 'adr'], does: 'refuses' },
  { argv: ['report', '--format', 'github'], does: 'refuses' },
  { argv: ['report', '--format', 'md', '--variant', FIRST], does: 'refuses' },
  { argv: ['export'], does: 'refuses' },
  { argv: ['export', '--format', 'csv', '--all'], does: 'refuses' },
  { argv: ['export', '--format', 'junit'], does: 'refuses' },
  { argv: ['export', '--format', 'inspect', '-o', 'logs'], does: 'refuses' },
  { argv: ['import', 'more.jsonl', '--dry-run'], does: 'names no arm' },
  { argv: ['remote', 'status'], does: 'names no arm', code: 2 },
  { argv: ['remote', 'pull'], does: 'names no arm', code: 2 },
  { argv: ['remote', 'push'], does: 'names no arm', code: 2 },
  { argv: ['langsmith', 'status'], does: 'names no arm' },
  { argv: ['langsmith', 'push'], does: 'refuses' },
  { argv: ['langsmith', 'sync'], does: 'refuses' },
  { argv: ['langsmith', 'feedback', `${FIRST}/one/1`, '--key', 'good', '--score', '1'], does: 'refuses' },
  { argv: ['review', 'start'], does: 'names no arm', code: 2 },
  { argv: ['review', 'import', 'nowhere.jsonl'], does: 'names no arm', code: 2 },
  { argv: ['review', 'close'], does: 'names no arm', code: 1 },
  { argv: ['review', 'start', '--id', 'no id'], does: 'names no arm', code: 2 },
  { argv: ['review', 'status'], does: 'names no arm' },
  { argv: ['review', 'status', JSON_FLAG], does: 'names no arm' },
  { argv: ['review', 'disputes'], does: 'names no arm' },
  { argv: ['review', 'disputes', JSON_FLAG], does: 'names no arm' },
  { argv: ['review', 'import', 'gone.jsonl'], does: 'names no arm', code: 2 },
  { argv: ['review', 'next', '--json'], does: 'names no arm' },
  // Nobody has read it.
  { argv: ['review', 'close'], does: 'names no arm', code: 1 },
  { argv: ['fsck'], does: 'names no arm' },
  { argv: ['gc', '--dry-run', '--keep', '1'], does: 'names no arm' },
  { argv: ['reindex'], does: 'names no arm' },
  // Another checkout of it, which drew on its own.
  { argv: ['merge', '-n', 'elsewhere'], does: 'names no arm' },
  { argv: ['merge', 'elsewhere'], does: 'names no arm' },
  { argv: ['merge', 'elsewhere', JSON_FLAG], does: 'names no arm' },
  { argv: ['batches'], does: 'names no arm' },
  // Nobody listens there.
  { argv: ['worker', '--redis', 'redis://127.0.0.1:1'], does: 'names no arm', code: 2 },
  { argv: ['queue', 'status', '--redis', 'redis://127.0.0.1:1'], does: 'names no arm', code: 2 },
  { argv: ['init', 'another'], does: 'names no arm' },
  { argv: ['schema', 'record'], does: 'names no arm' },
  { argv: ['doctor'], does: 'names no arm' },
  { argv: ['help', 'exit-codes'], does: 'names no arm' },
  { argv: ['completion', 'bash'], does: 'names no arm' },
  { argv: ['complete', '--', 'bash', 'show', ''], does: 'reads the manifest alone' },
];

/** They serve until they are stopped. The first reads no experiment; what the others show is asked below. */
const LEFT_OUT = ['sim', 'view', 'review open'];

const folders = { drawn: '', undrawn: '' };
let review: DealtReview;

beforeAll(async () => {
  for (const name of ['drawn', 'undrawn'] as const) {
    folders[name] = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
    writeFiles(folders[name], {
      'experiment.yaml': MANIFEST,
      's.yaml': SCENARIOS,
      'more.jsonl': '{"variant":"other","scenario":"one","run":1,"output":"yes"}\n',
    });
  }
  const ran = await inProcess(['run'], { cwd: folders.drawn });
  // The gate is broken, which would say something of an arm.
  expect(ran.code, ran.err).toBe(6);
  expect((await inProcess(['run', '--force', '--variant', FIRST], { cwd: folders.drawn })).code).toBe(6);
  const elsewhere = path.join(folders.drawn, 'elsewhere');
  for (const name of ['experiment.yaml', 's.yaml', 'artifacts'])
    cpSync(path.join(folders.drawn, name), path.join(elsewhere, name), { recursive: true });
  expect((await inProcess(['run', '--force', '--variant', FIRST], { cwd: elsewhere })).code).toBe(6);
  review = dealReview(path.join(folders.drawn, 'artifacts/small'));
  mkdirSync(path.join(folders.drawn, 'ci'));
});

afterAll(() => {
  for (const folder of Object.values(folders)) rmSync(folder, { recursive: true, force: true });
});

function namesArm({ out, err }: Pick<Said, 'out' | 'err'>): readonly string[] {
  return `${out}\n${err}`.split('\n').filter((line) => ARMS.some((arm) => line.includes(arm)));
}

describe('while a blind review is open', () => {
  test.each(TABLE.map((row) => [row.argv.join(' '), row] as const))('%s', async (_, { argv, does, code }) => {
    const said = await inProcess(argv, { cwd: folders.drawn });
    switch (does) {
      case 'refuses':
        expect(said.code, said.err).toBe(5);
        expect(said.out).toBe('');
        expect(said.err).toContain('a blind review is open (r001');
        expect(namesArm(said)).toEqual([]);
        return;
      case 'puts arms together':
        expect(said.code, said.err).toBe(code ?? 5);
        expect(said.out + said.err).toContain('a blind review is open (r001');
        expect(namesArm(said)).toEqual([]);
        return;
      case 'reads the manifest alone': {
        const without = await inProcess(argv, { cwd: folders.undrawn });
        expect(said).toEqual({ ...without, out: without.out.replaceAll(folders.undrawn, folders.drawn) });
        return;
      }
      case 'names no arm':
        expect(said.code, said.err).toBe(code ?? 0);
        expect(namesArm(said)).toEqual([]);
    }
  });

  test('there is a row for each command of the program', async () => {
    const program = await declareProgram({ io: realIo(), words: [], argv: [], done: () => {} });
    const names = (command: Command): readonly string[] =>
      command.commands.flatMap((one) =>
        one.commands.length === 0 ? [one.name()] : names(one).map((below) => `${one.name()} ${below}`),
      );
    const lacking = names(program).filter(
      (name) =>
        !LEFT_OUT.includes(name) && !TABLE.some(({ argv }) => `${argv.join(' ')} `.startsWith(`${name} `)),
    );
    expect(lacking, 'say in the table what it does while a review is open').toEqual([]);
  });

  test('the viewer shows no screen but the experiment and the cards, and all of them once it is unblinded', async () => {
    const file = path.join(folders.drawn, 'experiment.yaml');
    const names = [
      'experiment',
      'matrix',
      'scenario',
      'cell',
      'invocations',
      'diff',
      'plan',
      'compare',
      'timeline',
    ] as const;
    const query = new URLSearchParams({
      scenario: 'one',
      variant: FIRST,
      run: '1',
      a: '1',
      b: '2',
      invocation: '1',
    });
    const withheld = async (world: World): Promise<readonly string[]> => {
      using view = await openView(world, { file });
      const answers = await Promise.all(names.map((name) => view.answer(name, query)));
      return names.filter((_, i) => {
        const answer = answers[i]!;
        return !answer.ok && answer.refusal.kind === 'withheld';
      });
    };
    const world = testWorld(folders.drawn, { USER: 'bea' });
    expect(await withheld(world)).toEqual(names.slice(1));
    const unblind = { what: 'expgraph view --unblind', reason: null };
    expect(await withheld({ ...world, given: { ...world.given, unblind } })).toEqual([]);
  });

  test('CI is told of no arm: no annotation, no JUnit file, no row of the job summary, no event', async () => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(folders.drawn, 'ci/summary.md') };
    const files = ['--junit', 'ci/junit.xml', '--events', 'ci/events.jsonl'];
    const said = await inProcess(['run', '--force', ...files], { cwd: folders.drawn, env });
    expect(said.code).toBe(5);
    expect(existsSync(path.join(folders.drawn, 'ci/junit.xml'))).toBe(false);
    const written = ['ci/summary.md', 'ci/events.jsonl'].map((name) =>
      readFileSync(path.join(folders.drawn, name), 'utf8'),
    );
    expect(written[0]).toContain('a blind review is open');
    expect(written[1]).toContain('"kind":"task-finished"');
    expect(namesArm({ out: said.out + said.err, err: written.join('\n') })).toEqual([]);
    expect(said.err).not.toMatch(/^::(?:error|warning)/m);
  });

  test('a failure is told as one, whatever is withheld', async () => {
    writeFiles(folders.drawn, { 's.yaml': `${SCENARIOS}- { id: four, input: And now? }\n` });
    const said = await inProcess(['run', '--max-new', '1'], { cwd: folders.drawn });
    expect(said.code).toBe(3);
    expect((await inProcess(['status'], { cwd: folders.drawn })).code).toBe(1);
    expect(namesArm(said)).toEqual([]);
    writeFiles(folders.drawn, { 's.yaml': SCENARIOS });
  });

  test('whoever says --unblind is written down, and shown what there is', async () => {
    const before = review.breaches().length;
    const shown = await inProcess(['compare', '--unblind'], { cwd: folders.drawn, env: { USER: 'bea' } });
    expect(shown.code).not.toBe(5);
    expect(namesArm(shown)).not.toEqual([]);
    expect(review.breaches().slice(before)).toMatchObject([
      { kind: 'unblind', user: 'bea', what: 'expgraph compare --unblind', reason: null },
    ]);
  });

  test('whatever withholds has --unblind, and says so in its help', async () => {
    const withholding = TABLE.filter(({ does }) => does === 'refuses' || does === 'puts arms together');
    const heads = new Set(
      withholding.map(({ argv }) => (argv[0] === 'langsmith' ? `${argv[0]} ${argv[1]}` : argv[0]!)),
    );
    for (const head of heads) {
      const { out } = await inProcess([...head.split(' '), '--help'], { cwd: folders.drawn });
      expect(out, head).toContain('--unblind');
    }
  });
});
