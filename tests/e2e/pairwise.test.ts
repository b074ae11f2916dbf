// Judges of two answers, with the real program: both orders, what is asked again, and what is concluded.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { type Judged, type JudgeServer, startJudge } from '../rig/judge.ts';
import { tempFolder } from '../rig/temp.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
type Any = any;

const env = { JUDGE_KEY: 'a-key-of-the-judge-123' };
const SCENARIOS = 8;

/** `good answer 3`; `same` answers the same in every arm. What an arm says otherwise stands in its command. */
const ANSWERS = `
const [manner, own = '{}'] = process.argv.slice(2);
let rest = '';
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  for (const line of lines) {
    const { id, task } = JSON.parse(line);
    const name = task.scenario.id;
    const text = (JSON.parse(own)[name] ?? manner) + ' answer ' + name.slice(1);
    console.log(JSON.stringify({ id, result: { text } }));
  }
});
`;

function experiment(
  judge: string,
  more: { readonly pairwise?: string; readonly settings?: string; readonly scorers?: string } = {},
): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: made
runs: 1
provider: none
scenarios: [scenarios.yaml]
variants:
  baseline: { command: [node, answers.mjs, plain], protocol: stream }
  applike: { command: [node, answers.mjs, good], protocol: stream }
providers:
  none: { type: none, pricing: { none: { input: 0, output: 0 } } }
  judges: { type: openai, base_url: "${judge}", api_key_env: JUDGE_KEY, pricing: { judge-1: { input: 1, output: 10 } } }
scorers:
  - { name: pref, judge: { provider: judges, model: judge-1, pairwise: ${more.pairwise ?? 'baseline'}${more.settings ?? ''} } }
${more.scorers ?? ''}`,
    'scenarios.yaml': Array.from(
      { length: SCENARIOS },
      (_, i) => `- { id: s${i}, category: c, input: "do ${i}", expect: { contains: answer } }\n`,
    ).join(''),
    'answers.mjs': ANSWERS,
  });
  return folder;
}

/** Every cell of baseline is another one then, whatever it says. */
function sayOtherwise(folder: string, own: { readonly [scenario: string]: string }): void {
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace('answers.mjs, plain]', `answers.mjs, plain, '${JSON.stringify(own)}']`),
  );
}

const text = async (folder: string, ...args: string[]) => cli(args, { cwd: folder, env });

async function json(folder: string, ...args: string[]): Promise<Any> {
  const { code, stdout, stderr } = await text(folder, ...args, '--json');
  return { code, stderr, ...(stdout === '' ? {} : JSON.parse(stdout)) };
}

const places = (prompt: string): readonly string[] =>
  ['first', 'second'].map((place) => new RegExp(`<${place}>\\n([\\s\\S]*?)\\n</${place}>`).exec(prompt)![1]!);
const says = (winner: string): Judged => ({ text: JSON.stringify({ reason: 'So it is.', winner }) });
/** Prefers a good answer, wherever it stands. */
const fair = (prompt: string): Judged => {
  const [first, second] = places(prompt).map((answer) => answer.startsWith('good'));
  return says(first === second ? 'tie' : first ? 'first' : 'second');
};
const worse = (prompt: string): Judged => says(places(prompt)[0]!.startsWith('good') ? 'second' : 'first');
const prompts = (judge: JudgeServer): readonly string[] =>
  judge.bodies().map((body) => (body.messages as Any).at(-1).content);

describe('a pairwise judge', () => {
  it('is shown both answers in both orders, and its score is that of the arm that is not held against itself', async () => {
    await using judge = await startJudge(fair);
    const folder = experiment(judge.url);
    const ran = await json(folder, 'run');
    expect(ran.code).toBe(0);
    expect(judge.count()).toBe(2 * SCENARIOS);
    const shown = prompts(judge).map((prompt) => places(prompt).join(' | '));
    for (let i = 0; i < SCENARIOS; i++) {
      expect(shown).toContain(`good answer ${i} | plain answer ${i}`);
      expect(shown).toContain(`plain answer ${i} | good answer ${i}`);
    }
    expect(judge.bodies()[0]).toMatchObject({
      response_format: {
        json_schema: { schema: { properties: { winner: { enum: ['first', 'second', 'tie'] } } } },
      },
    });
    expect(ran.scores.rows).toEqual([
      expect.objectContaining({
        ...{ scorer: 'pref', variant: 'applike', cells: 8, missing: 0, passed: 8, mean: 1 },
        followed_order: 0,
      }),
    ]);
  });

  it('that goes by the place gives a tie, and that is counted and told', async () => {
    await using judge = await startJudge((prompt) =>
      prompt.includes('answer 3') ? fair(prompt) : says('first'),
    );
    const folder = experiment(judge.url);
    const ran = await json(folder, 'run');
    expect(ran.scores.rows[0]).toMatchObject({ mean: (7 * 0.5 + 1) / 8, followed_order: 7 });
    const again = await text(folder, 'score');
    expect(again.stdout.replace(/\s+/g, ' ')).toContain(
      'pref, applike: in 7 of 8 pairs the judge followed the order, whatever stood there: taken as ties.',
    );
    expect((await text(folder, 'compare')).stdout.replace(/\s+/g, ' ')).toContain('in 7 of 8 pairs');
  });

  it('is not asked about equal answers', async () => {
    await using judge = await startJudge(fair);
    const folder = experiment(judge.url);
    sayOtherwise(folder, { s0: 'good', s1: 'good' });
    const ran = await json(folder, 'run');
    expect(judge.count()).toBe(2 * (SCENARIOS - 2));
    expect(ran.scores.rows[0]).toMatchObject({ cells: 8, missing: 0, mean: (6 + 2 * 0.5) / 8 });
  });

  it('asks again about the pairs whose other answer was drawn anew, and about no other', async () => {
    await using judge = await startJudge(fair);
    const folder = experiment(judge.url);
    await json(folder, 'run');
    const before = judge.count();
    await json(folder, 'score');
    expect(judge.count()).toBe(before);
    // Two of its eight answers are others.
    sayOtherwise(folder, { s0: 'better', s5: 'finer' });
    const ran = await json(folder, 'run');
    expect(ran.executed).toBe(SCENARIOS);
    expect(judge.count()).toBe(before + 4);
    const asked = prompts(judge).slice(before);
    expect(asked.every((prompt) => /better answer 0|finer answer 5/.test(prompt))).toBe(true);
  });

  it('waits for the other answer: a pair without it is missing, and nobody is asked', async () => {
    await using judge = await startJudge(fair);
    const folder = experiment(judge.url);
    const half = await json(folder, 'run', '--variant', 'applike');
    expect(judge.count()).toBe(0);
    expect(half.scores.rows[0]).toMatchObject({ variant: 'applike', cells: 8, missing: 8, mean: null });
    const open = await text(folder, 'compare');
    expect(open.code).not.toBe(0);
    expect(open.stdout.replace(/\s+/g, ' ')).toContain(
      '8 of 8 pairs of applike and baseline have no verdict',
    );
    const whole = await json(folder, 'run');
    expect(judge.count()).toBe(2 * SCENARIOS);
    expect(whole.scores.rows[0]).toMatchObject({ missing: 0, mean: 1 });
  });

  it('holds answers to several scenarios against one draw, where the other arm is told the same of all', async () => {
    await using judge = await startJudge(fair);
    const folder = tempFolder();
    writeFiles(folder, {
      'experiment.yaml': `version: 1
name: made
provider: sim
scenarios: [s.yaml]
sim: { answers: answers.yaml }
variants: { deaf: { template: Hello }, hears: {} }
providers: { judges: { type: openai, base_url: "${judge.url}", api_key_env: JUDGE_KEY } }
scorers: [{ name: pref, judge: { provider: judges, model: judge-1, pairwise: deaf } }]
`,
      's.yaml': '- { id: a, input: say a }\n- { id: b, input: say b }\n',
      'answers.yaml': ['a', 'b']
        .map((id) => `${id}: { variants: { deaf: [plain], hears: [good ${id}] } }\n`)
        .join(''),
    });
    const ran = await json(folder, 'run');
    expect(ran.executed).toBe(3);
    expect(ran.scores.rows).toMatchObject([{ variant: 'hears', cells: 2, missing: 0, passed: 2 }]);
  });

  it('says the same of the arms when they change places', async () => {
    await using judge = await startJudge(fair);
    const there = await json(experiment(judge.url), 'run');
    const back = await json(experiment(judge.url, { pairwise: 'applike' }), 'run');
    expect(there.scores.rows[0]).toMatchObject({ variant: 'applike', mean: 1 });
    expect(back.scores.rows[0]).toMatchObject({ variant: 'baseline', mean: 0, passed: 0 });
  });

  it('asks both orders of every vote', async () => {
    await using judge = await startJudge(fair);
    const folder = experiment(judge.url, { settings: ', votes: 3' });
    const ran = await json(folder, 'run');
    expect(judge.count()).toBe(6 * SCENARIOS);
    expect(ran.scores.rows[0]).toMatchObject({ mean: 1, passed: 8 });
    // Votes of a clear win name the first place and then the second: that is no disagreement.
    expect(ran.scores.agreement).toBeUndefined();
    expect(ran.scores.votes).toBeUndefined();
    expect((await text(folder, 'score')).stdout).not.toContain('votes');
  });

  it('is compared as a win rate, beside the scores that every arm has and in no mean of theirs', async () => {
    await using judge = await startJudge((prompt) =>
      /answer [0-5]/.test(prompt) ? fair(prompt) : says('tie'),
    );
    const folder = experiment(judge.url, { scorers: '  - expect\n' });
    await json(folder, 'run');
    const compared = await json(folder, 'compare');
    expect(compared).toMatchObject({ code: 0, refused: false, scorers: ['expect'] });
    expect(compared.arms.map((arm: Any) => arm.mean)).toEqual([1, 1]);
    expect(compared.preferences).toEqual([
      expect.objectContaining({
        ...{ scorer: 'pref', variant: 'applike', against: 'baseline', scenarios: 8, pairs: 8, missing: 0 },
        ...{ wins: 6, losses: 0, ties: 2, followed_order: 0, rate: 0.875 },
        // Six differences of one sign: 2 of 2^6 flips.
        permutation: { p: 2 / 64, p_holm: 2 / 64, tests: 1 },
      }),
    ]);
    const { stdout, code } = await text(folder, 'compare', '--scorer', 'pref');
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /applike's answers are preferred to baseline's in 88 % of pairs \(ties count half; 95 % CI \d+ to \d+ %, p = 0\.031\)/,
    );
    expect(stdout).not.toContain('no scenario in common');
    for (const option of [
      ['--by', 'category'],
      ['--margin', '0.1'],
      ['--at', '1'],
    ]) {
      const refused = await text(folder, 'compare', '--scorer', 'pref', ...option);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(`without ${option[0]}`)]);
    }
  });

  it('holds a gate, and its words stand in exports and with the answer', async () => {
    await using judge = await startJudge((prompt) =>
      prompt.includes('answer 2') ? worse(prompt) : fair(prompt),
    );
    const folder = experiment(judge.url);
    await json(folder, 'run');
    const passes = await text(folder, 'compare', '--scorer', 'pref', '--fail-under', '0.85');
    expect(passes.code).toBe(0);
    const fails = await text(folder, 'compare', '--scorer', 'pref', '--fail-under', '0.9');
    expect(fails.code).not.toBe(0);
    const shown = await text(folder, 'show', 'applike/s1/1');
    expect(shown.stdout).toContain('pref');
    expect(shown.stdout).toContain('So it is.');
    const out = await text(folder, 'export', '--format', 'csv');
    expect(out.stdout).toContain('pref');
  });

  it.each([
    ['baselin', '', 'did you mean "baseline"'],
    ['baseline', ', choices: { a: 1, b: 0 }', 'has no "choices"'],
    ['baseline', ', prompt: "{{first}} or what?"', 'does not read {{second}}'],
    ['baseline', ', prompt: "{{first}} {{second}} {{output}}"', 'unknown placeholder {{output}}'],
  ])('is refused as %s%s', async (pairwise, settings, words) => {
    const folder = experiment('http://127.0.0.1:1', { pairwise, settings });
    const { code, stderr } = await text(folder, 'plan');
    expect(code).not.toBe(0);
    expect(stderr.replace(/\s+/g, ' ')).toContain(words);
  });
});
