// The gate with the real program: what is measured, what it is held against, and how a command ends that broke it.
// @project e2e: the sample is drawn under gate after gate.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { GateVerdict } from '../../src/core/summary.ts';
import { cli, sample } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines, ROOT, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
const expgraph = (...args: string[]): ReturnType<typeof cli> => cli(args, { cwd: folder });

type Document = { readonly gate?: readonly GateVerdict[]; readonly how?: string; readonly executed?: number };

async function json(
  ...args: string[]
): Promise<Document & { readonly code: number | null; readonly stderr: string }> {
  const { code, stdout, stderr } = await expgraph(...args, '--json');
  return { code, stderr, ...(JSON.parse(stdout || '{}') as Document) };
}

/** name, wanted, whether it held, and the sentence of what did not. */
const verdicts = ({ gate = [] }: Document): readonly unknown[][] =>
  gate.map(({ name, wanted, held, sentence }) => [name, wanted, held, ...(held ? [] : [sentence])]);

/** By variant, by scenario: what is answered. Read at each call, and no input: only --force draws again. */
type Answers = { readonly [variant: string]: { readonly [scenario: string]: string } };

const PROGRAM = `
import { readFileSync } from 'node:fs';
const { variant, scenario } = JSON.parse(readFileSync(0, 'utf8'));
const { [scenario.id]: text } = JSON.parse(readFileSync('answers.json', 'utf8'))[variant];
if (text === 'fail') process.exit(3);
const output_tokens = variant === 'two' ? 20 : 10;
console.log(JSON.stringify({ text, usage: { input_tokens: 0, output_tokens } }));
`;

const answer = (answers: Answers): void =>
  writeFileSync(path.join(folder, 'answers.json'), JSON.stringify(answers));
const gate = (lines: string): void =>
  editFile(path.join(folder, 'experiment.yaml'), (text) => `${text.split('gate:\n')[0]}gate:\n${lines}`);

const ALL = { a: 'good', b: 'good', c: 'good', d: 'good' };
const HALF = { a: 'good', b: 'good', c: 'bad', d: 'bad' };

beforeEach(() => {
  folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: made
runs: 1
provider: none
model: m
scenarios: [s.yaml]
variants:
  one: { command: [node, program.mjs] }
  two: { command: [node, program.mjs], salt: two }
providers:
  none: { type: none, pricing: { m: { input: 0, output: 10000 } } }
scorers:
  - contains
  - { name: text, regex: "." }
execution: { retries: 0 }
`,
    's.yaml': ['a', 'b', 'c', 'd']
      .map(
        (id) =>
          `- { id: ${id}, category: ${id < 'c' ? 'low' : 'high'}, tags: [t${id}], input: x, expect: { contains: good } }\n`,
      )
      .join(''),
    'program.mjs': PROGRAM,
  });
  answer({ one: ALL, two: HALF });
});

describe('a gate', () => {
  it('ends run, a run that found all of it cached, score and compare with 6 and a sentence each', async () => {
    gate('  pass: ">= 0.75"\n  variants.two.pass: ">= 0.9"\n  cost: "<= $1"\n');
    const ran = await json('run', '--events', 'events.jsonl');
    const expected = [
      ['pass', '>= 0.75', true],
      [
        'variants.two.pass',
        '>= 0.9',
        false,
        'variants.two.pass has to be >= 0.9, and is 0.500 in 4 cells (2 passed): npx expgraph show --not-passed --variant two',
      ],
      ['cost', '<= $1', false, 'cost has to be <= $1, and is $1.20 in 8 cells: npx expgraph history'],
    ];
    expect(verdicts(ran)).toEqual(expected);
    expect(ran).toMatchObject({
      code: 6,
      how: 'complete',
      executed: 8,
      gate: [{ found: 0.75 }, { found: 0.5 }, {}],
    });
    expect(ran.stderr).toContain('expgraph: gate broken: variants.two.pass has to be >= 0.9, and is 0.500');
    expect(jsonLines(path.join(folder, 'events.jsonl')).at(-1)).toMatchObject({
      kind: 'invocation-ended',
      exit_code: 6,
    });
    const [record] = filesBelow(path.join(folder, 'artifacts/made/history')).filter((file) =>
      /invocation\.json$/.test(file),
    );
    expect(
      JSON.parse(readFileSync(path.join(folder, 'artifacts/made/history', record!), 'utf8')),
    ).toMatchObject({
      how: 'complete',
      exit_code: 6,
    });

    const again = await json('run');
    expect(again).toMatchObject({ code: 6, executed: 0 });
    expect(verdicts(again)).toEqual(expected);
    for (const command of ['score', 'compare']) {
      const said = await json(command);
      expect(said.code).toBe(6);
      expect(verdicts(said)).toEqual(expected);
    }
  });

  it('stands below the table of run, score and compare, and in markdown and HTML', async () => {
    gate('  variants.two.pass: "no worse than one by 0.05"\n  answers: ">= 8"\n');
    for (const command of ['run', 'score', 'compare']) {
      const { stdout, code } = await expgraph(command);
      expect(code).toBe(6);
      expect(stdout).toMatch(/^variants\.two\.pass +no worse than one by 0\.05 +-0\.500 +broken$/m);
      expect(stdout).toMatch(/^answers +>= 8 +8 +holds$/m);
      expect(stdout).toContain(
        'Gate broken: variants.two.pass has to be no worse than one by 0.05, and is 0.500 worse:',
      );
      expect(stdout).toMatch(/^ {2}npx expgraph compare one two --metric pass$/m);
    }
    const markdown = await expgraph('compare', '--format', 'markdown');
    expect(markdown.stdout).toContain('| variants.two.pass | no worse than one by 0.05 | -0.500 | broken |');
    expect(markdown.stdout).toMatch(/^### Gate broken\n\n- variants\.two\.pass has to be/m);
    const html = await expgraph('compare', '--format', 'html');
    expect(html.stdout).toContain('variants.two.pass has to be no worse than one by 0.05');
  });

  it('says nothing in plan and status, and moves no key', async () => {
    await expgraph('run');
    gate('  pass: ">= 0.99"\n');
    for (const command of ['plan', 'status', 'history']) {
      const { stdout, stderr, code } = await expgraph(command);
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/gate/i);
    }
    expect(await json('run')).toMatchObject({ code: 6, executed: 0 });
  });

  it('measures by category, by tag, by scorer, and each variant that a glob fits', async () => {
    gate(`  categories.low.pass: "== 100%"
  variants.two.categories.high.pass: "> 0"
  tags.ta.scorers.contains.score: ">= 1"
  scorers.text.pass: ">= 1"
  variants.*.tokens: "<= 40"
  variants.*.cost.mean: "<= 0.15"
`);
    const ran = await json('run');
    expect(ran.gate?.map(({ name, found, held }) => [name, found, held])).toEqual([
      ['categories.low.pass', 1, true],
      ['variants.two.categories.high.pass', 0, false],
      ['tags.ta.scorers.contains.score', 1, true],
      ['scorers.text.pass', 1, true],
      ['variants.one.tokens', 40, true],
      ['variants.two.tokens', 80, false],
      ['variants.one.cost.mean', 0.1, true],
      ['variants.two.cost.mean', 0.2, false],
    ]);
  });

  it('looks at the bound of the interval where that is asked for', async () => {
    gate('  variants.one.pass: [">= 0.9", ">= 0.9, 95%", ">= 0.4, 95%"]\n');
    const ran = await json('run');
    expect(ran.code).toBe(6);
    expect(ran.gate?.map(({ held }) => held)).toEqual([true, false, true]);
    expect(ran.gate?.[1]?.found).toBeCloseTo(0.51, 2);
    expect(ran.gate?.[1]?.sentence).toBe(
      'variants.one.pass has to be >= 0.9, 95%, and is 1.000, 95 % interval 0.510 to 1.000, in 4 cells (4 passed): npx expgraph show --not-passed --variant one',
    );
  });

  it('holds an arm against another one by a margin, and the margin itself holds', async () => {
    gate(`  variants.two.pass: ["no worse than one by 0.5", "no worse than one by 49%", "better than one"]
  variants.one.pass: ["better than two", "better than two by 0.5", "better than two by 51%"]
  variants.two.cost: ["no worse than one by 100%", "no worse than one by 99%", "no worse than one by $0.3"]
  variants.one.tokens.mean: "better than two by 50%"
`);
    const ran = await json('run');
    expect(ran.gate?.map(({ held }) => held)).toEqual([
      true,
      false,
      false,
      true,
      true,
      false,
      true,
      false,
      false,
      true,
    ]);
    expect(ran.gate?.[7]?.sentence).toBe(
      'variants.two.cost has to be no worse than one by 99%, and is $0.400 (100.0 %) worse: $0.800 against $0.400 of one in 4 scenarios: npx expgraph compare one two --metric cost',
    );
  });
});

describe('what is held against an earlier state', () => {
  it('is previous, an invocation or a date, and goes on being so when nothing is drawn', async () => {
    gate(
      '  variants.one.pass: ["no worse than previous by 0.2", "no worse than invocation 1 by 0.2"]\n  variants.two.pass: no worse than previous\n',
    );
    const first = await json('run');
    expect(first.code).toBe(6);
    expect(verdicts(first)[0]?.[3]).toBe(
      'variants.one.pass has to be no worse than previous by 0.2, and there is no earlier state: these are the first answers.',
    );
    answer({ one: HALF, two: HALF });
    await expgraph('run', '--force', '--variant', 'one', '--scenario', 'c');
    for (const again of [await json('run'), await json('run'), await json('compare')]) {
      expect(again.code).toBe(6);
      expect(verdicts(again).slice(0, 2)).toEqual([
        [
          'variants.one.pass',
          'no worse than previous by 0.2',
          false,
          'variants.one.pass has to be no worse than previous by 0.2, and is 0.250 worse: 0.750 against 1.000 of invocation 0001 in 4 scenarios: npx expgraph compare one --at 0001 --at now --metric pass',
        ],
        [
          'variants.one.pass',
          'no worse than invocation 1 by 0.2',
          false,
          'variants.one.pass has to be no worse than invocation 1 by 0.2, and is 0.250 worse: 0.750 against 1.000 of invocation 0001 in 4 scenarios: npx expgraph compare one --at 0001 --at now --metric pass',
        ],
      ]);
    }
    gate(
      '  variants.one.pass: ["no worse than invocation 9", "no worse than 2001-01-01", "no worse than 2999-01-01"]\n',
    );
    expect(verdicts(await json('run'))).toEqual([
      [
        'variants.one.pass',
        'no worse than invocation 9',
        false,
        expect.stringMatching(/and there is no invocation 9; the last one is 2;/),
      ],
      [
        'variants.one.pass',
        'no worse than 2001-01-01',
        false,
        expect.stringContaining('and nothing was drawn before 2001-01-01.'),
      ],
      ['variants.one.pass', 'no worse than 2999-01-01', true],
    ]);
  });

  it('is what another folder holds: artifacts, an experiment, or results of one name', async () => {
    await expgraph('run');
    cpSync(path.join(folder, 'artifacts'), path.join(folder, 'before'), { recursive: true });
    answer({ one: HALF, two: HALF });
    await expgraph('run', '--force');
    gate(`  variants.one.pass: ["no worse than ./before by 0.4", "no worse than ./before/made by 0.5", "no worse than . by 0"]
  pass: ["no worse than ./before by 0.25", "no worse than ./nowhere"]
`);
    const ran = await json('run');
    expect(ran.code).toBe(6);
    expect(verdicts(ran)).toEqual([
      [
        'variants.one.pass',
        'no worse than ./before by 0.4',
        false,
        'variants.one.pass has to be no worse than ./before by 0.4, and is 0.500 worse: 0.500 against 1.000 of ./before in 4 scenarios: npx expgraph compare one --against ./before --metric pass',
      ],
      ['variants.one.pass', 'no worse than ./before/made by 0.5', true],
      ['variants.one.pass', 'no worse than . by 0', true],
      ['pass', 'no worse than ./before by 0.25', true],
      [
        'pass',
        'no worse than ./nowhere',
        false,
        'pass has to be no worse than ./nowhere, and there are no results of made in ./nowhere.',
      ],
    ]);
  });
});

describe('what cannot be measured', () => {
  it('is broken where nothing judges, no price is known, or one scenario has no interval', async () => {
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text.replace(/^scorers:\n.*\n.*\n/m, '').replace(', pricing: { m: { input: 0, output: 10000 } }', ''),
    );
    editFile(path.join(folder, 's.yaml'), (text) => text.replaceAll(', expect: { contains: good }', ''));
    gate(
      '  pass: ">= 0"\n  cost: ["<= 5", "> 0"]\n  tokens.mean: "<= 20, 95%"\n  categories.low.tokens.mean: ">= 10"\n',
    );
    const ran = await json('run', '--scenario', 'a');
    expect(ran.code).toBe(6);
    expect(verdicts(ran)).toEqual([
      [
        'pass',
        '>= 0',
        false,
        'pass has to be >= 0, and nothing judges these 2 cells: give scenarios an "expect:", or declare "scorers:".',
      ],
      [
        'cost',
        '<= 5',
        false,
        'cost has to be <= 5, and 2 of 2 cells do not tell what they cost: write prices under providers.NAME.pricing and draw again.',
      ],
      ['cost', '> 0', false, expect.stringContaining('do not tell what they cost')],
      [
        'tokens.mean',
        '<= 20, 95%',
        false,
        'tokens.mean has to be <= 20, 95%, and of one scenario no interval can be told.',
      ],
      ['categories.low.tokens.mean', '>= 10', true],
    ]);
    expect(ran.gate?.map(({ found }) => found)).toEqual([null, null, null, null, 15]);
  });

  it('cannot be said where something is missing, and the exit code is that of what is missing', async () => {
    answer({ one: ALL, two: { ...HALF, d: 'fail' } });
    gate('  pass: ">= 0.99"\n  variants.one.pass: ">= 0.99"\n  variants.one.cost: "<= $0.1"\n');
    const failed = await json('run');
    expect(failed.code).toBe(1);
    expect(verdicts(failed)).toEqual([
      [
        'pass',
        '>= 0.99',
        false,
        'pass cannot be said (wanted: >= 0.99): of 8 cells 1 failed: npx expgraph run --failed',
      ],
      ['variants.one.pass', '>= 0.99', true],
      ['variants.one.cost', '<= $0.1', false, expect.stringContaining('has to be <= $0.1')],
    ]);
    expect(failed.gate?.[0]).toMatchObject({ found: null, unsaid: true });
    expect((await expgraph('run', '--offline')).stdout).toMatch(/^pass +>= 0\.99 +- +cannot be said$/m);
    const compared = await expgraph('compare');
    expect([compared.code, compared.stdout]).toEqual([1, '']);

    answer({ one: ALL, two: HALF });
    const stopped = await json('run', '--force', '--max-new', '2');
    expect(stopped.code).toBe(3);
  });

  it('cannot be said before it is drawn: score exits with 1, and with 0 where no gate asks', async () => {
    await expgraph('run', '--variant', 'one');
    expect((await expgraph('score')).code).toBe(0);
    gate('  pass: ">= 0.99"\n');
    const scored = await json('score');
    expect(scored.code).toBe(1);
    expect(verdicts(scored)[0]?.[3]).toBe(
      'pass cannot be said (wanted: >= 0.99): of 8 cells 4 missing: npx expgraph run',
    );
  });
});

describe('what the command line leaves out', () => {
  it('is not measured, which is said; what is left is measured within the filters', async () => {
    gate(
      '  variants.one.pass: ">= 1"\n  variants.two.pass: ">= 0.5"\n  categories.high.pass: ">= 0.5"\n  variants.two.cost: "no worse than one by 200%"\n',
    );
    await expgraph('run');
    const ran = await json('run', '--variant', 'two', '--category', 'low', '--runs', '1');
    expect(ran.code).toBe(0);
    expect(ran.gate?.map(({ name, sentence }) => [name, sentence])).toEqual([
      [
        'variants.two.pass',
        'variants.two.pass is 1.000 in 2 cells (2 passed), within --variant two --category low --runs 1, as wanted: >= 0.5.',
      ],
      [
        'variants.two.cost',
        expect.stringContaining('$0.200 (100.0 %) worse: $0.400 against $0.200 of one in 2 scenarios'),
      ],
    ]);
    expect(ran.stderr).toContain(
      'gate: variants.one.pass is not measured (wanted: >= 1): the filters leave none of its cells.',
    );
    expect(ran.stderr).toContain('gate: categories.high.pass is not measured');
  });

  it('is no cell that --failed did not name: what is mended is measured as a whole', async () => {
    answer({ one: { ...ALL, a: 'fail' }, two: HALF });
    gate('  variants.one.pass: ">= 1"\n  variants.two.pass: ">= 0.6"\n');
    expect((await expgraph('run')).code).toBe(1);
    answer({ one: ALL, two: HALF });
    const mended = await json('run', '--failed');
    expect(mended).toMatchObject({ code: 6, executed: 1 });
    expect(mended.gate?.map(({ held }) => held)).toEqual([true, false]);
  });

  it('is every pass where --no-score or --scorer left answers unjudged, and it is left to score', async () => {
    gate('  pass: ">= 0.99"\n  scorers.text.pass: ">= 0.99"\n  tokens: ">= 1"\n');
    const drawn = await json('run', '--no-score');
    expect(drawn.code).toBe(0);
    expect(drawn.gate?.map(({ name }) => name)).toEqual(['tokens']);
    expect(drawn.stderr).toContain(
      'gate: pass is not measured (wanted: >= 0.99): of 8 cells 8 not judged; npx expgraph score judges them.',
    );
    const some = await json('score', '--scorer', 'text');
    expect(some.code).toBe(0);
    expect(some.gate?.map(({ name }) => name)).toEqual(['scorers.text.pass', 'tokens']);
    expect((await expgraph('score')).code).toBe(6);
  });
});

describe('--fail-under', () => {
  it('stands beside the manifest, in run, score and compare', async () => {
    for (const command of ['run', 'score', 'compare']) {
      const broken = await json(command, '--fail-under', '76%');
      expect(broken.code).toBe(6);
      expect(verdicts(broken)).toEqual([
        [
          'pass',
          '>= 76%',
          false,
          'pass has to be >= 76%, and is 0.750 in 8 cells (6 passed): npx expgraph show --not-passed',
        ],
      ]);
      expect((await json(command, '--fail-under', '0.75')).code).toBe(0);
    }
    expect((await json('score', '--scorer', 'text', '--fail-under', '1')).gate?.[0]).toMatchObject({
      name: 'scorers.text.pass',
      held: true,
    });
    gate('  tokens: "<= 1"\n');
    expect((await json('run', '--fail-under', '.5')).gate?.map(({ held }) => held)).toEqual([false, true]);
  });

  it.each([
    [
      ['run', '--fail-under', '90'],
      '--fail-under takes a share of passes such as 0.9 or 90%, not "90": did you mean 0.9 or 90%?',
    ],
    [['score', '--fail-under', '-1'], '--fail-under takes a share of passes such as 0.9 or 90%, not "-1"'],
    [['compare', '--fail-under', 'all'], 'not "all"'],
    [
      ['compare', 'one', '--at', '1', '--at', 'now', '--fail-under', '1'],
      '--fail-under is about the answers of today',
    ],
    [['run', '--no-score', '--fail-under', '1'], '--no-score leaves the answers unjudged'],
  ])('%j is told what is right', async (args, sentence) => {
    const { code, stderr } = await expgraph(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});

describe('whoever answered', () => {
  it('is measured: imported answers stand for cells that are not drawn', async () => {
    writeFileSync(
      path.join(folder, 'r.jsonl'),
      Object.entries(HALF)
        .map(([scenario, text]) => `${JSON.stringify({ variant: 'two', scenario, run: 1, text })}\n`)
        .join(''),
    );
    expect((await expgraph('import', 'r.jsonl')).code).toBe(0);
    gate('  variants.two.pass: ">= 0.6"\n  variants.two.answers: "== 4"\n');
    const scored = await json('score');
    expect(scored.code).toBe(6);
    expect(scored.gate?.map(({ found }) => found)).toEqual([0.5, 4]);
  });

  it('is what imported answers of another name are held against', async () => {
    const rows = Object.entries(ALL).filter(([scenario]) => scenario !== 'd');
    writeFileSync(
      path.join(folder, 'r.jsonl'),
      rows
        .map(([scenario, text]) => `${JSON.stringify({ variant: 'old', scenario, run: 1, text })}\n`)
        .join(''),
    );
    await expgraph('import', 'r.jsonl');
    await expgraph('run');
    gate(
      '  variants.two.pass: ["no worse than imported old by 0.2", "no worse than imported \\"older\\""]\n',
    );
    expect(verdicts(await json('run'))).toEqual([
      [
        'variants.two.pass',
        'no worse than imported old by 0.2',
        false,
        'variants.two.pass has to be no worse than imported old by 0.2, and is 0.333 worse: 0.667 against 1.000 of old in 3 scenarios: npx expgraph compare old two --metric pass',
      ],
      [
        'variants.two.pass',
        'no worse than imported "older"',
        false,
        'variants.two.pass has to be no worse than imported "older", and nothing was imported as older.',
      ],
    ]);
  });

  it('is said to be a simulation where it is one', async () => {
    folder = tempFolder();
    await sample(folder);
    gate('  pass: ">= 0.99"\n  variants.applike.pass: "better than baseline by 0.5"\n');
    const { code, stdout } = await expgraph('run');
    expect(code).toBe(6);
    expect(stdout).toContain('in 120 simulated cells');
    expect(stdout).toContain('of baseline in 20 scenarios (simulated)');
  });
});

describe('docs/gates.md', () => {
  const page = readFileSync(path.join(ROOT, 'docs/gates.md'), 'utf8');
  const blocks = (kind: string): readonly string[] =>
    [...page.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text]) => text!);

  it('shows what the program prints for the sample', async () => {
    const [table, mistake] = blocks('text');
    folder = tempFolder();
    await sample(folder);
    gate('  pass: ">= 0.9"\n  variants.applike.pass: "no worse than baseline by 0.01"\n  cost: "<= $0.50"\n');
    expect((await expgraph('run')).stdout).toContain(table);
    gate('  variants.applike.pass: "no worse than basline by 0.05"\n');
    const lines = (text: string): string =>
      text
        .replace(/^experiment\.yaml:\d+/m, 'experiment.yaml:N')
        .replace(/^ +\d+ \|/m, ' N |')
        .replace(/^ +(\||help)/gm, '$1');
    expect(lines((await expgraph('run')).stderr)).toContain(lines(mistake!));
  });

  it('has an example that is a gate, measured over the sample', async () => {
    folder = tempFolder();
    await sample(folder);
    const example = blocks('yaml')[0]!
      .replaceAll('categories.safety', 'categories.sanity')
      .replaceAll('scorers.polite', 'scorers.expect');
    editFile(path.join(folder, 'experiment.yaml'), (text) => text + example);
    const ran = await json('run');
    expect(ran.gate?.map(({ name, found }) => [name, found === null])).toEqual([
      ['pass', false],
      ['variants.applike.pass', false],
      ['variants.baseline.categories.sanity.pass', false],
      ['variants.applike.categories.sanity.pass', false],
      ['scorers.expect.score', false],
      // The first answers have no earlier state.
      ['scorers.expect.score', true],
      ['variants.applike.latency.p95', false],
      ['cost', false],
    ]);
  });
});
