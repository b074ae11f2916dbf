// Verdicts that cannot be read cost what they cost and are missing; all others of the same judge are made all the same.
import { expect, it } from 'vitest';
import { cli, writeFiles } from '../rig/cli.ts';
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
  expect(JSON.parse(stdout), stderr).toMatchObject({ failed: 20, missing: 0 });
  expect(stderr).not.toMatch(/did not come back|suspended|paused/);
  // Each unreadable one is asked three times, and no more.
  expect(server.count()).toBe(20 + 3 * 20);
}, 60_000);
