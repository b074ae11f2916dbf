// Keys that are not set are told before anything starts, by every command that would need them: of variants, and of judges.
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { startModelServer } from '../rig/model-server.ts';
import { tempFolder } from '../rig/temp.ts';

/** Drawn by the simulation, or by `variants`; judged by `judges`. */
function experiment(of: { readonly provider?: string; readonly judge: string }): string {
  const folder = tempFolder();
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: small
provider: drawn
model: m
scenarios: [s.yaml]
providers: { drawn: { type: ${of.provider ?? 'sim'} }, judges: { type: openai${of.judge} } }
variants: { one: { system: be one } }
scorers:
  - contains
  - { name: quality, judge: { model: j, provider: judges, rubric: "Is it good?" } }
`,
    's.yaml': '- { id: a, input: say a, expect: { contains: [a] } }\n- { id: b, input: say b }\n',
  });
  return folder;
}

const JUDGED_BY_OPENAI = experiment.bind(null, { judge: '' });
const REFUSED = `error: OPENAI_API_KEY is not set: the key of provider judges, for up to 2 scores of quality
  help: export OPENAI_API_KEY=..., or name another variable: providers: { judges: { api_key_env: NAME } }; --no-score draws and judges nothing
expgraph: a key is missing; nothing was started
`;

it('a judge whose key is not set is refused before anything is drawn, and --no-score draws', async () => {
  const cwd = JUDGED_BY_OPENAI();
  expect(await cli(['run'], { cwd })).toMatchObject({ code: 2, stdout: '', stderr: REFUSED });
  expect((await cli(['run', '--no-score'], { cwd })).code).toBe(0);
  const judging = await cli(['run'], { cwd });
  expect([judging.code, judging.stderr]).toEqual([2, REFUSED.replace('up to ', '')]);
  expect((await cli(['run', '--offline', '--no-score'], { cwd })).code).toBe(0);
});

it('a key of variants and judges is told once, with both', async () => {
  const cwd = tempFolder();
  writeFiles(cwd, {
    'experiment.yaml': `version: 1
name: small
provider: p
model: m
scenarios: [s.yaml]
providers: { p: { type: openai, base_url: "http://127.0.0.1:9/v1", api_key_env: MY_KEY } }
variants: { one: { system: be one } }
scorers: [{ name: quality, judge: { model: j, rubric: "Is it good?" } }]
`,
    's.yaml': '- { id: a, input: say a }\n',
  });
  const { code, stderr } = await cli(['run'], { cwd });
  expect([code, stderr]).toEqual([
    2,
    `error: MY_KEY is not set: the key of provider p, for 1 task of one and up to 1 score of quality
  help: export MY_KEY=..., or name another variable: providers: { p: { api_key_env: NAME } }; without api_key_env no key is sent
expgraph: a key is missing; nothing was started
`,
  ]);
});

it('score refuses before it judges, and judges by the scorers that need no key', async () => {
  const cwd = JUDGED_BY_OPENAI();
  expect((await cli(['run', '--no-score'], { cwd })).code).toBe(0);
  const { code, stdout, stderr } = await cli(['score'], { cwd });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toBe(`error: OPENAI_API_KEY is not set: the key of provider judges, for 2 scores of quality
  help: export OPENAI_API_KEY=..., or name another variable: providers: { judges: { api_key_env: NAME } }; --scorer judges by others alone
expgraph: a key is missing; nothing was started
`);
  expect((await cli(['score', '--scorer', 'contains'], { cwd })).code).toBe(0);
});

it('what is judged already needs no key', async () => {
  await using server = await startModelServer();
  const cwd = experiment({ judge: `, base_url: "${server.url}", api_key_env: MY_KEY` });
  const answered = (async () => {
    for (let i = 0; i < 2; i++) (await server.next()).answer(chatAnswer('{"score": 1, "reason": "good"}'));
  })();
  expect((await cli(['run'], { cwd, env: { MY_KEY: 'sk-test-0123456789' } })).code).toBe(0);
  await answered;
  expect((await cli(['run'], { cwd })).code).toBe(0);
  expect((await cli(['score'], { cwd })).code).toBe(0);
});

it('watch says it in place of its first round', async () => {
  const cwd = JUDGED_BY_OPENAI();
  const { code, stderr } = await cli(['watch', '--yes'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain(
    'OPENAI_API_KEY is not set: the key of provider judges, for up to 2 scores of quality',
  );
});
