// Verdicts that cannot be read cost what they cost and are missing; all others of the same judge are made all the same.
// @project e2e: forty answers are judged again and again.
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { startJudge } from '../rig/judge.ts';
import { tempFolder } from '../rig/temp.ts';

it('a judge that cannot be read on every second of 40 answers judges the others, and its provider is not given up', async () => {
  await using server = await startJudge((prompt) => ({
    text: /say s\d*[02468]\b/.test(prompt) ? 'Hard to say.' : '{"reason": "good", "score": 1}',
  }));
  const cwd = tempFolder();
  writeFiles(cwd, {
    'experiment.yaml': `version: 1
name: small
provider: sim
scenarios: [s.yaml]
providers:
  p: { type: openai, base_url: "${server.url}", api_key_env: MY_KEY }
variants: { one: { system: be one } }
scorers:
  - { name: quality, judge: { model: j, provider: p, rubric: "Is it good?" } }
`,
    's.yaml': Array.from({ length: 40 }, (_, i) => `- { id: s${i}, input: "say s${i}" }\n`).join(''),
  });
  const env = { MY_KEY: 'sk-test-0123456789' };
  await cli(['run', '--no-score'], { cwd, env });
  const { stdout, stderr } = await cli(['score', '--json'], { cwd, env });
  expect(JSON.parse(stdout), stderr).toMatchObject({
    ...{ failed: 20, missing: 0 },
    unread: [
      { scorer: 'quality', verdicts: 40, unread: 20, first: expect.stringMatching(/no JSON: Hard to say/) },
    ],
  });
  expect(stderr).not.toMatch(/did not come back|suspended|paused/);
  // At temperature 0 each unreadable one is asked once more, and no more.
  expect(server.count()).toBe(20 + 2 * 20);
});

it('tells of each scorer how many of its verdicts could not be read, what was said is printed harmless, and the others stand', async () => {
  await using server = await startJudge((prompt) => ({
    text: /say s[01]\b/.test(prompt) ? 'Hard \u001b[31mto say.' : '{"reason": "good", "score": 1}',
  }));
  const cwd = tempFolder();
  writeFiles(cwd, {
    'experiment.yaml': `version: 1
name: small
provider: sim
scenarios: [s.yaml]
providers:
  p: { type: openai, base_url: "${server.url}", api_key_env: MY_KEY }
variants: { one: { system: be one } }
scorers:
  - { name: warm, judge: { model: j, provider: p, rubric: "Is it good?", temperature: 0.7 } }
  - { name: coded, use: ./score.mjs }
  - { name: printed, command: [node, print.mjs] }
execution: { retries: 3 }
`,
    's.yaml': Array.from({ length: 12 }, (_, i) => `- { id: s${i}, input: "say s${i}" }\n`).join(''),
    'score.mjs': `export default { score: ({ scenario }) => (/^s[0-4]$/.test(scenario.id) ? 'fine, I think' : 1) };\n`,
    'print.mjs': `let all = '';
process.stdin.on('data', (text) => (all += text)).on('end', () =>
  console.log(/"id":"s[0-2]"/.test(all) ? 'cannot say' : JSON.stringify({ score: 1 })));\n`,
  });
  const env = { MY_KEY: 'sk-test-0123456789' };
  await cli(['run', '--no-score'], { cwd, env });
  const { stdout, stderr } = await cli(['score', '--color', 'never'], { cwd, env });
  const text = stdout.replace(/\n {2}/g, ' ');
  expect(text, stderr).toMatch(/^2 of 12 verdicts of warm could not be read; the first: .*Hard .*to say\.$/m);
  expect(text).toMatch(/^5 of 12 verdicts of coded could not be read; the first: .+$/m);
  expect(text).toMatch(/^3 of 12 verdicts of printed could not be read; the first: .*cannot say$/m);
  expect(stdout).not.toContain('\u001b');
  expect(stderr).not.toMatch(/did not come back|suspended|paused/);
  // Warm, a third try may do better.
  expect(server.count()).toBe(10 + 3 * 2);
  const rows = JSON.parse((await cli(['score', '--json', '--dry-run'], { cwd, env })).stdout);
  expect(rows).toMatchObject({ cached: 36 - 10 });
});
