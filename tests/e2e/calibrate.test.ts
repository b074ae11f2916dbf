// Judges against themselves and against people, with the real program: votes, labels, what is paid, and bad lines.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { type Judged, startJudge } from '../rig/judge.ts';
import { tempFolder } from '../rig/temp.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
type Any = any;

const SCENARIOS = 12;
const env = { JUDGE_KEY: 'a-key-of-the-judge-123' };

/** Answers `answer <i>`, the same in every run. */
const ANSWERS = `
let rest = '';
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    const { id, task } = JSON.parse(line);
    console.log(JSON.stringify({ id, result: { text: 'answer ' + task.scenario.id.slice(1) } }));
  }
});
`;

function experiment(judge: string, scorer: string, labels: readonly Any[] | string = []): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: made
runs: 2
provider: none
scenarios: [scenarios.yaml]
variants:
  a: { command: [node, answers.mjs], protocol: stream }
providers:
  none: { type: none, pricing: { none: { input: 0, output: 0 } } }
  judges: { type: openai, base_url: "${judge}", api_key_env: JUDGE_KEY, pricing: { judge-1: { input: 1, output: 10 } } }
scorers:
  - ${scorer}
`,
    'scenarios.yaml': Array.from(
      { length: SCENARIOS },
      (_, i) => `- { id: s${i}, category: ${i < 6 ? 'low' : 'high'}, input: "do ${i}" }\n`,
    ).join(''),
    'answers.mjs': ANSWERS,
    'labels.jsonl':
      typeof labels === 'string' ? labels : labels.map((label) => `${JSON.stringify(label)}\n`).join(''),
  });
  return folder;
}

async function json(folder: string, ...args: string[]): Promise<Any> {
  const { code, stdout, stderr } = await cli([...args, '--json'], { cwd: folder, env });
  return { code, stderr, ...(stdout === '' ? {} : JSON.parse(stdout)) };
}

const text = async (folder: string, ...args: string[]) => cli(args, { cwd: folder, env });

/** The number of the answer in a prompt. */
const numberIn = (prompt: string): number => Number(/answer (\d+)/.exec(prompt)![1]);
const says = (score: number, reason = 'So it is.'): Judged => ({ text: JSON.stringify({ reason, score }) });
const POLITE = (more = ''): string =>
  `{ name: polite, judge: { provider: judges, model: judge-1, rubric: "It is polite."${more} }, calibrate: labels.jsonl }`;

describe('votes', () => {
  it('tell how far they agree, per answer that was judged, with intervals over scenarios', async () => {
    let n = 0;
    await using judge = await startJudge((prompt) => {
      n++;
      const i = numberIn(prompt);
      // Of two scenarios the votes differ.
      return says(i < 2 ? (n % 2 === 0 ? 1 : 0) : i < 7 ? 1 : 0);
    });
    const folder = experiment(judge.url, POLITE(', votes: 3').replace(', calibrate: labels.jsonl', ''));
    const ran = await json(folder, 'run');
    const [votes] = ran.scores.agreement;
    // Both runs have the same answer, which was judged once.
    expect(votes).toMatchObject({ scorer: 'polite', votes: 3, answers: 12, scenarios: 12 });
    expect(votes.unanimous).toBeGreaterThanOrEqual(10);
    expect(votes).toMatchObject({ alpha_scale: 'interval', ac_kind: 'AC1' });
    const again = await text(folder, 'score');
    expect(again.stdout).toContain(
      `polite: 3 votes agree on ${votes.unanimous} of 12 answers (12 scenarios)`,
    );
    expect(again.stdout).toMatch(/alpha \(interval\) \d\.\d\d/);
  });

  it('of a judge with one vote have nothing to agree on', async () => {
    await using judge = await startJudge(() => says(1));
    const ran = await json(experiment(judge.url, POLITE()), 'run');
    expect(ran.scores).not.toHaveProperty('agreement');
  });
});

describe('labels', () => {
  const cells = (human: (i: number) => unknown): readonly Any[] =>
    Array.from({ length: SCENARIOS }, (_, i) => ({
      variant: 'a',
      scenario: `s${i}`,
      run: 1,
      human: human(i),
    }));

  it('are held against the scorer, and what was judged is not paid again', async () => {
    await using judge = await startJudge((prompt) => says(numberIn(prompt) / 12, 'By its number.'));
    // People pass from 8 on, the judge from 6.
    const folder = experiment(
      judge.url,
      POLITE(),
      cells((i) => i >= 8),
    );
    await json(folder, 'run');
    const paid = judge.count();
    const held = await json(folder, 'score', '--calibrate');
    expect(judge.count()).toBe(paid);
    expect(held).toMatchObject({ code: 0, how: 'complete' });
    const [one] = held.calibration;
    expect(one).toMatchObject({
      ...{ scorer: 'polite', sources: ['labels.jsonl'], labels: 12, answers: 12, compared: 12, agree: 10 },
      ...{ gone: 0, not_judged: 0, undecided: 0, humans: null },
      confusion: [
        [6, 2],
        [0, 4],
      ],
      threshold: { now: 0.5, of: 12, agree_now: 10, agree_fitted: 12 },
    });
    expect(one.threshold.fitted).toBeGreaterThan(7 / 12);
    expect(one.threshold.fitted).toBeLessThanOrEqual(8 / 12);
    expect(one.agreement.kappa.value).toBeCloseTo(2 / 3, 10);
    expect(one.differ.map(({ where }: Any) => where)).toEqual(['labels.jsonl:7', 'labels.jsonl:8']);
    const { stdout } = await text(folder, 'score', '--calibrate', '--scorer', 'polite');
    expect(stdout).toContain('They agree on 10 of 12');
    expect(stdout).toContain('It is fitted to these labels');
    expect(stdout).toContain('By its number.');
  });

  it('bring answers of their own, which are judged once and kept', async () => {
    await using judge = await startJudge((prompt) => says(prompt.includes('Thank you') ? 1 : 0));
    const folder = experiment(judge.url, POLITE(), [
      { scenario: 's1', output: 'Thank you!', human: true },
      { scenario: 's2', output: 'No.', human: { score: 0.1, rater: 'ann' } },
      { scenario: 's2', output: 'No.', human: { passed: true, rater: 'ben' } },
      { scenario: 's2', output: 'No.', human: { passed: false, rater: 'cy' } },
      { input: 'Say thanks.', output: 'Thank you all.', human: true },
      { input: 'Say thanks.', output: 'Why?', human: true },
    ]);
    expect(await json(folder, 'score', '--calibrate', '--dry-run')).toMatchObject({
      calibration: [{ scorer: 'polite', answers: 4, pending: 4 }],
    });
    expect(judge.count()).toBe(0);
    const held = await json(folder, 'score', '--calibrate');
    expect(judge.count()).toBe(4);
    expect(held.calibration[0]).toMatchObject({ labels: 6, answers: 4, compared: 4, agree: 3, scenarios: 3 });
    expect(held.calibration[0].humans).toMatchObject({ answers: 1, raters: 3 });
    expect(held.calibration[0].differ).toMatchObject([{ where: 'labels.jsonl:6', human: 'passed' }]);
    await json(folder, 'score', '--calibrate');
    expect(judge.count()).toBe(4);
    expect((await text(folder, 'fsck')).code).toBe(0);
  });

  it('are choices where the judge has some, in their order', async () => {
    await using judge = await startJudge((prompt) => {
      const label = ['invented', 'partly', 'faithful'][numberIn(prompt) % 3]!;
      return { text: JSON.stringify({ reason: 'So it is.', label }) };
    });
    const human = (i: number): string => (i === 5 ? 'partly' : ['invented', 'partly', 'faithful'][i % 3]!);
    const choices = ', choices: { faithful: 1, partly: 0.5, invented: 0 }';
    const folder = experiment(judge.url, POLITE(choices), cells(human));
    await json(folder, 'run');
    const [one] = (await json(folder, 'score', '--calibrate')).calibration;
    expect(one.categories).toEqual(['invented', 'partly', 'faithful']);
    expect(one.confusion[1]).toEqual([0, 4, 1]);
    expect(one.agreement).toMatchObject({ alpha_scale: 'ordinal', ac_kind: 'AC2' });
    expect(one.agreement.kappa_quadratic.value).toBeGreaterThan(one.agreement.kappa.value);
    expect(one.threshold).toBeNull();
  });

  it('know the answer that was labelled by its digest, whatever was drawn since', async () => {
    await using judge = await startJudge(() => says(1));
    const folder = experiment(judge.url, POLITE(), []);
    await json(folder, 'run');
    const rows = (await text(folder, 'export', '--format', 'jsonl')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Any);
    const labelled = rows.filter(({ run }) => run === 1).map((row) => ({ ...row, human: true }));
    writeFileSync(
      path.join(folder, 'labels.jsonl'),
      [...labelled, { variant: 'a', scenario: 's1', run: 9, human: true }]
        .map((one) => `${JSON.stringify(one)}\n`)
        .join(''),
    );
    editFile(path.join(folder, 'answers.mjs'), (code) => code.replace("'answer '", "'other answer '"));
    await json(folder, 'run');
    const [one] = (await json(folder, 'score', '--calibrate')).calibration;
    expect(one).toMatchObject({ labels: 13, compared: 12, gone: 1, agree: 12 });
    expect(one.agreement.kappa.value).toBeNull();
    expect(one.agreement.ac.value).toBe(1);
  });

  it('that are wrong are told with their lines, and nobody is asked', async () => {
    await using judge = await startJudge(() => says(1));
    const folder = experiment(
      judge.url,
      POLITE(),
      [
        '{"scenario": "s1", "output": "x", "human": true}',
        '{"scenario": "s99", "output": "x", "human": true}',
        '{"scenario": "s1", "output": "x"}',
        '{"scenario": "s1", "output": "x", "human": 4}',
        '{"scenario": "s1", "output": "x", "human": "fine"}',
        '{"scenario": "s1", "output": "x", "human": tru}',
        '["s1"]',
      ].join('\n'),
    );
    const { code, stderr, stdout } = await text(folder, 'score', '--calibrate');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const line of [2, 3, 4, 5, 6, 7]) expect(stderr).toContain(`labels.jsonl:${line}:`);
    expect(stderr).not.toContain('labels.jsonl:1:');
    expect(stderr).toContain('there is no scenario "s99"');
    expect(stderr).toContain('"human" is missing');
    expect(judge.count()).toBe(0);
  });

  it('that nobody wrote are asked for, and a file that is not there is a mistake of the manifest', async () => {
    const none = experiment('http://127.0.0.1:9', POLITE().replace(', calibrate: labels.jsonl', ''));
    const asked = await text(none, 'score', '--calibrate');
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('calibrate: labels.jsonl');
    const lost = experiment('http://127.0.0.1:9', POLITE().replace('labels.jsonl', 'label.jsonl'));
    const told = await text(lost, 'plan');
    expect(told.code).toBe(2);
    expect(told.stderr).toContain('did you mean "labels.jsonl"?');
  });

  it('of answers that were never traced take nothing from feedback on other traces', async () => {
    await using judge = await startJudge((prompt) => says(numberIn(prompt) < 6 ? 1 : 0));
    const folder = experiment(judge.url, POLITE(), cells((i) => i < 6).slice(0, 2));
    await json(folder, 'run');
    const calibrated = await json(folder, 'score', '--calibrate');
    expect(calibrated.calibration[0].sources).toEqual(['labels.jsonl']);
    // Of an answer that was not traced nothing can be said.
    const traces = path.join(folder, 'artifacts', 'traces', 'feedback');
    mkdirSync(traces, { recursive: true });
    const said = {
      v: 1,
      id: 'x',
      trace: 'gone',
      key: 'polite',
      score: 1,
      value: null,
      source: 'app',
      reviewer: null,
    };
    writeFileSync(path.join(traces, 'feedback.jsonl'), `${JSON.stringify(said)}\n`);
    expect((await json(folder, 'score', '--calibrate')).calibration[0].sources).toEqual(['labels.jsonl']);
  });
});
