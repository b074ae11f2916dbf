// Votes that differ are told, those that stand even with what decides; votes that cannot differ are warned of beforehand.
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { startJudge } from '../rig/judge.ts';
import { tempFolder } from '../rig/temp.ts';

const env = { MY_KEY: 'sk-test-0123456789' };

function write(cwd: string, of: { readonly url: string; readonly judge: string }): void {
  writeFiles(cwd, {
    'experiment.yaml': `version: 1
name: small
provider: sim
scenarios: [s.yaml]
providers:
  p: { type: openai, base_url: "${of.url}", api_key_env: MY_KEY }
variants: { one: { system: be one } }
scorers:
  - { name: kind, judge: { model: j, provider: p, rubric: "Is it kind?", ${of.judge} } }
`,
    's.yaml': Array.from({ length: 4 }, (_, i) => `- { id: s${i}, input: "say s${i}" }\n`).join(''),
  });
}

it('tells in how many cells votes differ, in how many they stand even, and what decides there', async () => {
  const seen = new Map<string, number>();
  await using server = await startJudge((prompt) => {
    const scenario = /say (s\d)/.exec(prompt)![1]!;
    const times = (seen.get(scenario) ?? 0) + 1;
    seen.set(scenario, times);
    // Of s0 every second vote is another one, of s1 one of four.
    const against = scenario === 's0' ? times % 2 === 0 : scenario === 's1' && times === 1;
    return { text: `{"reason": "so", "score": ${against ? 0.2 : 0.9}}` };
  });
  const cwd = tempFolder();
  write(cwd, { url: server.url, judge: 'votes: 4, temperature: 0.7' });
  const run = await cli(['run', '--color', 'never'], { cwd, env });
  expect(run.stderr).not.toContain('votes');
  expect(run.stdout.replace(/\n {2}/g, ' ')).toContain(
    'kind: votes differ in 2 of 4 cells, and stand even in 1: the mean decides there what passes, and the first label is told; "votes: 5" leaves fewer',
  );
  const { votes, how } = JSON.parse((await cli(['score', '--json'], { cwd, env })).stdout);
  expect([how, votes]).toEqual(['complete', [{ scorer: 'kind', votes: 4, cells: 4, disagreed: 2, tied: 1 }]]);
});

it.each([
  ['votes: 3', true],
  ['votes: 3, temperature: 0', true],
  ['votes: 3, temperature: 0.7', false],
  ['votes: 3, temperature: null', false],
  ['votes: 1', false],
])(
  '%s is warned of beforehand: %s',
  async (judge, isWarned) => {
    const cwd = tempFolder();
    write(cwd, { url: 'http://127.0.0.1:9/v1', judge });
    const { code, stderr } = await cli(['plan'], { cwd, env });
    expect(code, stderr).toBe(0);
    expect(stderr.includes('3 votes at temperature 0'), stderr).toBe(isWarned);
    if (isWarned) expect(stderr).toContain('give the judge a temperature');
  },
  30_000,
);
