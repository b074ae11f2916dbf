// Scores with the real program: what is judged, how often, what it costs, and what becomes of what fails.
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { sealLine } from '../../src/cache/disk/lines.ts';
import { until } from '../rig/appears.ts';
import { cli } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines, ROOT, writeFiles } from '../rig/files.ts';
import { type Judged, startJudge } from '../rig/judge.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
type Any = any;

const SCENARIOS = 20;
/** How many different answers the six cells of a scenario have: 91 over all. */
const DISTINCT = Array.from({ length: SCENARIOS }, (_, i) => (i < 11 ? 5 : 4));

/** Answers without a model, and notes each call: 2 variants x 20 scenarios x 3 runs, 91 different answers. */
const ANSWERS = `
import { appendFileSync } from 'node:fs';
const DISTINCT = ${JSON.stringify(DISTINCT)};
let rest = '';
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    const { id, task } = JSON.parse(line);
    appendFileSync('variant-calls.log', 'x');
    const i = Number(task.scenario.id.slice(1));
    const cell = (task.variant === 'a' ? 0 : 3) + task.run - 1;
    console.log(JSON.stringify({ id, result: { text: 'answer ' + (cell % DISTINCT[i]) + ' of ' + i } }));
  }
});
`;

function experiment(scorers: string, more: { readonly [file: string]: string } = {}, judge = ''): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: made
runs: 3
provider: none
scenarios: [scenarios.yaml]
variants:
  a: { command: [node, answers.mjs], protocol: stream }
  b: { command: [node, answers.mjs], protocol: stream, salt: b }
providers:
  none: { type: none, pricing: { none: { input: 0, output: 0 } } }
${judge === '' ? '' : `  judges: { type: openai, base_url: "${judge}", api_key_env: JUDGE_KEY, pricing: { judge-1: { input: 1, output: 10 } } }\n`}${scorers}
`,
    'scenarios.yaml': DISTINCT.map(
      (_, i) =>
        `- { id: s${i}, category: ${i < 10 ? 'low' : 'high'}, input: "do ${i}", expect: { wanted: "answer 0" } }\n`,
    ).join(''),
    'answers.mjs': ANSWERS,
    ...more,
  });
  return folder;
}

const env = { JUDGE_KEY: 'a-key-of-the-judge-123' };

const CONTAINS = 'scorers: [{ contains: { any: ["answer 0"] } }]';

async function json(folder: string, ...args: string[]): Promise<Any> {
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd: folder, env });
  return { code, stderr, ...(stdout === '' ? {} : JSON.parse(stdout)) };
}

/** As it was before scorers with names of ours had files of their own: parts and scores in one. */
function mergeIntoParts(scores: string): void {
  const [parts, own] = ['parts.jsonl', 'parts_scores.jsonl'].map((name) =>
    path.join(scores, filesBelow(scores).find((file) => path.basename(file) === name)!),
  );
  const lines = [parts!, own!].flatMap((file) => jsonLines(file) as readonly Any[]);
  const redact = (text: string): string => text;
  const sealed = lines.map(({ n: _n, c: _c, ...data }, i) => sealLine(data, { n: i + 1, redact }));
  writeFileSync(parts!, Buffer.concat(sealed));
  rmSync(own!);
}

function variantCalls(folder: string): number {
  return readFileSync(path.join(folder, 'variant-calls.log'), 'utf8').length;
}

const judgeScorer = (more = ''): string =>
  `scorers:\n  - { name: polite, judge: { provider: judges, model: judge-1, rubric: "It is polite." ${more} } }`;

const verdictOf = (prompt: string): Judged => ({
  text: JSON.stringify({ reason: 'So it is.', score: prompt.includes('answer 0') ? 1 : 0.25 }),
});

describe('rules', () => {
  it('judge what is there, once, and again after the scorer has changed: no variant is called', async () => {
    const folder = experiment(CONTAINS);
    const ran = await json(folder, 'run');
    expect(ran).toMatchObject({ code: 0, executed: 120, complete: true, how: 'complete' });
    expect(ran.scores).toMatchObject({
      tasks: 91,
      executed: 91,
      cached: 0,
      failed: 0,
      missing: 0,
      cost_usd: 0,
    });
    const firsts = (of: string): number => ran.scores.rows.find((row: Any) => row.variant === of).passed;
    // Cell 0 of a gives "answer 0" always; of b cells 3 to 5, where 5 is "answer 0" of five and 4 of four.
    expect([firsts('a'), firsts('b')]).toEqual([20, 20]);
    expect(variantCalls(folder)).toBe(120);

    expect(await json(folder, 'run')).toMatchObject({
      code: 0,
      executed: 0,
      scores: { executed: 0, cached: 91 },
    });
    expect(filesBelow(folder).filter((file) => file.includes('/history/0002'))).toEqual([]);

    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text.replace('["answer 0"]', '["answer 1", "answer 2"]'),
    );
    expect(await json(folder, 'plan')).toMatchObject({ pending: 0, scores: { pending: 91, cached: 0 } });
    const again = await json(folder, 'score');
    expect(again).toMatchObject({ code: 0, executed: 91, cached: 0, failed: 0, undrawn: 0 });
    expect(variantCalls(folder)).toBe(120);
    expect(await json(folder, 'score')).toMatchObject({ code: 0, executed: 0, cached: 91 });
    // What was said before is kept: the scorer of before is judged by nobody again.
    editFile(path.join(folder, 'experiment.yaml'), (text) =>
      text.replace('["answer 1", "answer 2"]', '["answer 0"]'),
    );
    expect(await json(folder, 'score')).toMatchObject({ code: 0, executed: 0, cached: 91 });
  });

  it('of a run that was killed in a line tell so once, and keep the tail aside', async () => {
    const folder = experiment(CONTAINS);
    await json(folder, 'run');
    const [file] = filesBelow(folder).filter((name) => name.endsWith('/contains.jsonl'));
    const tear = (): void => appendFileSync(path.join(folder, file!), '{"type":"score","v":1,"half');
    for (const args of [
      ['run'],
      ['score'],
      ['run', '--events', 'events.jsonl'],
      ['run', '--force', '--runs', '1'],
    ]) {
      tear();
      const { stderr } = await cli(args, { cwd: folder });
      expect([args, stderr.match(/ended in an unfinished line of a killed run: 27 bytes/g)]).toHaveProperty(
        '1.length',
        1,
      );
      expect(stderr).toContain(file!);
      expect((await cli(args, { cwd: folder })).stderr).not.toContain('unfinished');
    }
    expect(jsonLines(path.join(folder, 'events.jsonl'))).toContainEqual(
      expect.objectContaining({ kind: 'diagnostic', code: 'torn-tail', severity: 'warning' }),
    );
    expect(filesBelow(path.join(folder, 'artifacts/made/scores/quarantine'))).toHaveLength(1);
  });

  it.each(['parts', 'attempts', 'Parts', 'invocation', 'con'])(
    'of a scorer named %s have a file of their own',
    async (name) => {
      const folder = experiment(
        `scorers: [{ contains: { any: ["answer 0"] } }, { name: ${name}, contains: { any: ["answer 1"] } }]`,
      );
      expect(await json(folder, 'run', '--scenario', 's1')).toMatchObject({ code: 0 });
      const slug = name.toLowerCase();
      const files = filesBelow(path.join(folder, 'artifacts/made/scores/history')).map((file) =>
        path.basename(file),
      );
      expect(files.sort()).toEqual(
        ['contains.jsonl', 'invocation.json', 'parts.jsonl', `${slug}_scores.jsonl`].sort(),
      );
      const [scores] = filesBelow(folder).filter((file) => file.endsWith(`${slug}_scores.jsonl`));
      const types = jsonLines(path.join(folder, scores!)).map(({ type }) => type);
      expect([types[0], new Set(types.slice(1))]).toEqual(['score_metadata', new Set(['score'])]);
      expect(await json(folder, 'fsck')).toMatchObject({ code: 0, clean: true, findings: [] });
    },
    60_000,
  );

  it('of a scorer named parts that an earlier version kept among the parts count as before', async () => {
    const folder = experiment('scorers: [{ name: parts, contains: { any: ["answer 0"] } }]');
    await json(folder, 'run', '--scenario', 's1');
    mergeIntoParts(path.join(folder, 'artifacts/made/scores'));
    expect((await cli(['reindex'], { cwd: folder })).stdout).toContain('; 5 scores');
    expect(await json(folder, 'score', '--scenario', 's1')).toMatchObject({
      code: 0,
      executed: 0,
      failed: 0,
      missing: 0,
    });
    expect(await json(folder, 'fsck')).toMatchObject({ code: 0, clean: true });
  });

  it('write lines that the schema describes, and a view beside that of the draws', async () => {
    const folder = experiment(CONTAINS);
    expect(await json(folder, 'run')).toMatchObject({ code: 0 });
    const schema = JSON.parse(readFileSync(path.join(ROOT, 'schema/record.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: false, formats: { 'date-time': true } }).compile(schema);
    const files = filesBelow(folder).filter((file) => file.includes('/scores/') && file.endsWith('.jsonl'));
    expect(files.map((file) => file.replace(/0001-[\w-]+/, '0001')).sort()).toEqual([
      'artifacts/made/scores/history/0001/contains.jsonl',
      'artifacts/made/scores/history/0001/parts.jsonl',
      ...['a', 'b'].flatMap((name) =>
        [1, 2, 3].map((run) => `artifacts/made/scores/runs/${name}_run${run}.jsonl`),
      ),
    ]);
    for (const file of files) {
      for (const line of jsonLines(path.join(folder, file))) {
        expect([file, validate(line), validate.errors]).toEqual([file, true, null]);
      }
    }
    const view = jsonLines(path.join(folder, 'artifacts/made/scores/runs/b_run1.jsonl')) as Any[];
    expect(view).toHaveLength(20);
    expect(view[0]).toMatchObject({
      type: 'score',
      variant: 'b',
      run: 1,
      scorer: 'contains',
      status: 'completed',
    });
    // Equal answers share a verdict: each cell shows it under its own names, and all else as it is kept.
    const lines = files.flatMap((file) => jsonLines(path.join(folder, file)) as Any[]);
    const byKey = (one: Any): boolean => one.type === 'score' && one.n !== undefined;
    const kept = new Map(lines.filter(byKey).map(({ n: _n, c: _c, ...record }) => [record.key, record]));
    const shown = lines.filter((one) => one.type === 'score' && one.n === undefined);
    expect(shown).toHaveLength(120);
    for (const { variant, scenario, run, category, ...line } of shown)
      expect({ variant, scenario, run, category, ...line }).toEqual({
        ...kept.get(line.key),
        ...{ variant, scenario, run, category },
      });
    expect(await json(folder, 'fsck')).toMatchObject({
      code: 0,
      clean: true,
      checked: { records: 120, scores: 91 },
    });
    const { stdout } = await cli(['reindex'], { cwd: folder });
    expect(stdout).toContain('reindexed 120 records');
    expect(stdout).toContain('91 scores');
    expect(await json(folder, 'score')).toMatchObject({ executed: 0, cached: 91 });
  });

  it('are asked of the cells that the filters name', async () => {
    const folder = experiment(CONTAINS);
    expect(await json(folder, 'run', '--no-score')).toMatchObject({ code: 0, executed: 120 });
    const some = await json(folder, 'score', '--category', 'low', '--variant', 'a');
    expect(some).toMatchObject({ code: 0, tasks: 30, executed: 30 });
    expect(await json(folder, 'score')).toMatchObject({ code: 0, tasks: 91, executed: 61, cached: 30 });
    expect(await json(folder, 'score', '--scorer', 'nobody')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no scorer "nobody"; there is contains'),
    });
  });
});

describe('a judge', () => {
  it('is asked 91 times for 120 answers of which 91 are different', async () => {
    await using judge = await startJudge(verdictOf);
    const folder = experiment(judgeScorer(), {}, judge.url);
    const ran = await json(folder, 'run');
    expect(ran).toMatchObject({ code: 0, executed: 120, scores: { tasks: 91, executed: 91, failed: 0 } });
    expect(judge.count()).toBe(91);
    // 91 x (100 tokens in at $1 and 10 out at $10 a million).
    expect(ran.scores).toMatchObject({
      usage: { input_tokens: 9_100, output_tokens: 910 },
      cost_usd: 0.0182,
    });
    expect(await json(folder, 'score')).toMatchObject({ executed: 0 });
    expect(judge.count()).toBe(91);
    expect(judge.bodies()[0]).toMatchObject({
      model: 'judge-1',
      response_format: { type: 'json_schema', json_schema: { name: 'verdict', strict: true } },
    });

    const line = (jsonLines(path.join(folder, 'artifacts/made/scores/runs/a_run1.jsonl')) as Any[])[0];
    expect(line).toMatchObject({
      ...{ scorer: 'polite', kind: 'judge', score: 1, passed: true, reason: 'So it is.', vote: 1 },
      ...{ model: 'judge-1', served_model: 'judge-1-served', provider: 'judges', cost_usd: 0.0002 },
    });
    const shown = await cli(['show', 'a/s3/1'], { cwd: folder, env });
    expect(shown.stdout).toContain('polite: 1, passed: So it is.');

    editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('It is polite.', 'It is kind.'));
    expect(await json(folder, 'plan')).toMatchObject({
      scores: { pending: 91, scorers: [{ model: 'judge-1', calls_at_most: 91 }] },
    });
    expect(await json(folder, 'score')).toMatchObject({ code: 0, executed: 91 });
    expect(judge.count()).toBe(182);
    expect(variantCalls(folder)).toBe(120);
  });

  it('has as many votes as are asked for, each kept by itself', async () => {
    let n = 0;
    await using judge = await startJudge(() => ({
      text: JSON.stringify({ reason: '', score: ++n % 3 === 0 ? 0 : 1 }),
    }));
    const folder = experiment(judgeScorer(', votes: 3'), {}, judge.url);
    expect(await json(folder, 'run', '--scenario', 's0', '--variant', 'a')).toMatchObject({
      code: 0,
      scores: { tasks: 9, executed: 9 },
    });
    expect(judge.count()).toBe(9);
    editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('votes: 3', 'votes: 4'));
    expect(await json(folder, 'score', '--scenario', 's0', '--variant', 'a')).toMatchObject({
      executed: 3,
      cached: 9,
    });
  });

  it('that fails leaves a missing score, never a zero, and is asked again for that alone', async () => {
    let broken = true;
    await using judge = await startJudge((prompt) => {
      if (!broken || !prompt.includes('do 7')) return verdictOf(prompt);
      return { status: 400, text: 'I do not judge this.' };
    });
    const folder = experiment(judgeScorer(), {}, judge.url);
    const ran = await json(folder, 'run', '--variant', 'a', '--runs', '1');
    expect(ran).toMatchObject({ code: 1, how: 'incomplete', complete: true, failed: 0 });
    expect(ran.scores).toMatchObject({ tasks: 20, executed: 20, failed: 1, missing: 0 });
    expect(ran.scores.rows).toEqual([
      { scorer: 'polite', variant: 'a', cells: 20, missing: 1, passed: 19, mean: 1, decided: 19, scored: 19 },
    ]);
    broken = false;
    expect(await json(folder, 'score', '--variant', 'a', '--runs', '1')).toMatchObject({
      ...{ code: 0, executed: 1, cached: 19, failed: 0 },
      rows: [{ cells: 20, missing: 0, passed: 20 }],
    });
  });

  it('that answers no JSON is asked again, and what it took is counted', async () => {
    let n = 0;
    await using judge = await startJudge((prompt) =>
      n++ === 0 ? { text: 'Rather polite.' } : verdictOf(prompt),
    );
    const folder = experiment(`${judgeScorer()}\nexecution: { retries: 2 }`, {}, judge.url);
    const ran = await json(folder, 'run', '--scenario', 's0', '--variant', 'a', '--runs', '1');
    expect(ran.scores).toMatchObject({
      executed: 1,
      retries: 1,
      usage: { input_tokens: 200, output_tokens: 20 },
    });
    const [record] = (jsonLines(path.join(folder, 'artifacts/made/scores/runs/a_run1.jsonl')) as Any[]).slice(
      -1,
    );
    expect(record).toMatchObject({ status: 'completed', cost_usd: 0.0004 });
    expect(record.attempts.map(({ error }: Any) => error?.kind ?? null)).toEqual(['invalid-response', null]);
  });

  it('stops at the budget, and goes on with what is left', async () => {
    await using judge = await startJudge(verdictOf);
    const folder = experiment(
      `${judgeScorer()}\nexecution: { budget_usd: 0.004, concurrency: 2 }`,
      {},
      judge.url,
    );
    const first = await json(folder, 'run');
    expect(first).toMatchObject({ code: 3, how: 'budget-reached', executed: 120 });
    expect(first.scores.executed).toBeGreaterThan(5);
    expect(first.scores.executed).toBeLessThan(30);
    expect(first.scores.missing).toBe(91 - first.scores.executed);
    const second = await json(folder, 'score');
    expect(second).toMatchObject({ code: 3, cached: first.scores.executed });
    expect(judge.count()).toBe(first.scores.executed + second.executed);
  });

  it.each([
    ['after the last draw', 0.8193, 2],
    ['in the middle of drawing', 0.41, 1],
  ])(
    'is not asked where draws that did not say what they cost have used the budget up %s; rules are',
    async (_, budget, drawn) => {
      await using judge = await startJudge(verdictOf);
      const folder = experiment(
        `${judgeScorer(', max_output_tokens: 16')}
  - { name: first, contains: { any: ["answer 0"] } }
model: dear
execution: { budget_usd: ${budget} }`,
        {},
        judge.url,
      );
      // An answer of unknown length is taken for 4,096 tokens: 0.4096 USD.
      editFile(path.join(folder, 'experiment.yaml'), (text) =>
        text.replace('none: { input: 0, output: 0 }', 'dear: { input: 0, output: 100 }'),
      );
      const only = ['--variant', 'a', '--scenario', 's0', '--scenario', 's1', '--runs', '1'];
      const ran = await json(folder, 'run', ...only);
      expect(ran).toMatchObject({ code: 3, how: 'budget-reached', executed: drawn, missing: 2 - drawn });
      expect(ran.scores).toMatchObject({ executed: drawn, missing: drawn, how: 'budget-reached' });
      expect(ran.scores.rows).toMatchObject([
        { scorer: 'polite', missing: drawn },
        { scorer: 'first', missing: 0, passed: drawn },
      ]);
      expect(ran.scores.why).toMatch(
        /^budget of \$0\.\d+ reached: \$0\.\d+ is spent, and a call of polite may cost up to/,
      );
      expect(judge.count()).toBe(0);
      expect(ran.stderr).not.toContain('budget of $0 ');
    },
    60_000,
  );

  it('killed with -9 in the middle keeps what was told, and no judgement is paid for twice', async () => {
    await using judge = await startJudge(verdictOf);
    const folder = experiment(`${judgeScorer()}\nexecution: { concurrency: 1 }`, {}, judge.url);
    expect(await json(folder, 'run', '--no-score')).toMatchObject({ code: 0 });
    const events = path.join(folder, 'events.jsonl');
    const { child, ended } = startCli(['score', '--events', events], { cwd: folder, env });
    await until(() => judge.count() >= 30);
    child.kill('SIGKILL');
    await ended;
    const atKill = judge.count();
    const told = jsonLines(events).filter((line: Any) => line.kind === 'score-finished') as Any[];
    expect(told.length).toBeGreaterThan(0);
    const rest = await json(folder, 'score');
    expect(rest).toMatchObject({ code: 0, failed: 0, missing: 0 });
    expect(rest.cached).toBeGreaterThanOrEqual(told.length);
    // What was not told yet may be asked again; what was told is not.
    expect(rest.executed).toBeLessThanOrEqual(91 - told.length);
    expect(judge.count()).toBe(atKill + rest.executed);
    const kept = new Set(
      filesBelow(folder)
        .filter((file) => file.includes('/scores/history/') && file.endsWith('polite.jsonl'))
        .flatMap((file) => (jsonLines(path.join(folder, file)) as Any[]).map(({ key }) => key)),
    );
    for (const { key } of told) expect(kept.has(key)).toBe(true);
    expect(await json(folder, 'fsck')).toMatchObject({ code: 0, clean: true });
  });

  it('whose key is refused says so once', async () => {
    await using judge = await startJudge(() => ({ status: 401, text: 'no such key' }));
    const folder = experiment(judgeScorer(), {}, judge.url);
    const ran = await json(folder, 'run');
    expect(ran).toMatchObject({
      code: 1,
      executed: 120,
      scores: { executed: 0, missing: 91, how: 'halted' },
    });
    expect(ran.scores.why).toContain('provider judges answered unauthorized (401): ');
    expect(judge.count()).toBeLessThanOrEqual(64);
    expect(JSON.stringify(ran)).not.toContain(env.JUDGE_KEY);
  });
});

describe('own scorers', () => {
  const SCORE = `
import { defineScorer } from 'expgraph';
import { WORST } from './lib.ts';
export default defineScorer({
  score({ scenario, output, options, log }) {
    if (scenario.id === 's1') throw new Error('cannot say');
    log('judged', scenario.id);
    const n = Number(output.text.split(' ')[1]);
    return { score: 1 - n / WORST, label: n === 0 ? options.best : 'other', reason: 'counted', details: { n } };
  },
});
`;

  it('in TypeScript are scored in threads, keyed by what they import, and throw for themselves alone', async () => {
    const folder = experiment('scorers: [{ use: ./score.ts, options: { best: first } }]', {
      'score.ts': SCORE,
      'lib.ts': 'export const WORST = 5;\n',
      'node_modules/expgraph/package.json': '{"name":"expgraph","type":"module","exports":"./index.js"}',
      'node_modules/expgraph/index.js': 'export const defineScorer = (definition) => definition;\n',
    });
    const ran = await json(folder, 'run');
    expect(ran).toMatchObject({ code: 1, executed: 120, scores: { tasks: 91, failed: 5, missing: 0 } });
    const lines = jsonLines(path.join(folder, 'artifacts/made/scores/runs/a_run1.jsonl')) as Any[];
    expect(lines.find(({ scenario }) => scenario === 's0')).toMatchObject({
      ...{ scorer: 'score', kind: 'code', score: 1, label: 'first', reason: 'counted', details: { n: 0 } },
      attempts: [{ log: 'judged s0\n' }],
    });
    expect(lines.find(({ scenario }) => scenario === 's1')).toMatchObject({
      ...{ status: 'failed', score: null, passed: null },
      attempts: [{ error: { kind: 'code-failed', message: expect.stringContaining('cannot say') } }],
    });
    editFile(path.join(folder, 'lib.ts'), () => 'export const WORST = 6;\n');
    expect(await json(folder, 'score')).toMatchObject({ executed: 91, cached: 0 });
    expect(variantCalls(folder)).toBe(120);
  }, 120_000);

  it('in any language are programs: JSON in, a verdict out', async () => {
    const folder = experiment('scorers: [{ name: program, command: [node, score.mjs] }]', {
      'score.mjs': `
let text = '';
for await (const chunk of process.stdin) text += chunk;
const { scorer, scenario, output, variant } = JSON.parse(text);
if (variant !== undefined) throw new Error('it is told whose answer it is');
const isFirst = output.text.startsWith('answer 0 ');
console.log(JSON.stringify({ score: isFirst ? 1 : 0, reason: scorer + ' on ' + scenario.id + ': ' + scenario.expect.wanted }));
`,
    });
    const ran = await json(folder, 'run', '--scenario', 's1?');
    expect(ran).toMatchObject({ code: 0, executed: 60, scores: { failed: 0, missing: 0 } });
    const [line] = jsonLines(path.join(folder, 'artifacts/made/scores/runs/a_run1.jsonl')) as Any[];
    expect(line).toMatchObject({
      kind: 'command',
      score: 1,
      passed: true,
      reason: 'program on s10: answer 0',
    });
  }, 120_000);
});
