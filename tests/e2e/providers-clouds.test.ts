// Bedrock and Azure through their true packages, against servers that look at the door: signatures of AWS, keys of both, and paths.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { startAws } from '../rig/aws-server.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { chatAnswer, responseAnswer } from '../rig/model-calls.ts';
import { startModelServer } from '../rig/model-server.ts';
import { installPackages } from '../rig/packages.ts';
import { tempFolder } from '../rig/temp.ts';

const ACCOUNT = {
  ...{ accessKeyId: 'AKIACANARY', secretAccessKey: 'secret/canary+0123456789', region: 'eu-central-1' },
  ...{ sessionToken: 'session-canary-0123456789', bearer: 'bedrock-api-key-canary-0123456789' },
};
const MODEL = 'eu.anthropic.claude-haiku-4-5-20251001-v1:0';
const SIGNING = {
  ...{ AWS_REGION: ACCOUNT.region, AWS_ACCESS_KEY_ID: ACCOUNT.accessKeyId },
  ...{ AWS_SECRET_ACCESS_KEY: ACCOUNT.secretAccessKey, AWS_SESSION_TOKEN: ACCOUNT.sessionToken },
};

/** Two variants, two scenarios. */
function experiment(folder: string, provider: string, model: string): void {
  installPackages(folder);
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: clouds
provider: cloud
model: "${model}"
max_output_tokens: 100
scenarios: [s.yaml]
variants: { short: { system: Be short. }, long: { system: Be long. } }
providers: { cloud: ${provider} }
`,
    's.yaml': '- { id: a, input: Say a. }\n- { id: b, input: Say b. }\n',
  });
}

async function run(folder: string, env: { readonly [name: string]: string }) {
  const { code, stdout, stderr } = await cli(['run', '--json'], { cwd: folder, env });
  if (stdout === '') throw new Error(`nothing printed, exit ${code}: ${stderr}`);
  return { code, stderr, summary: JSON.parse(stdout) as RunSummary };
}

/** All that a run leaves, and what it printed. */
function left(folder: string, printed: string): string {
  const root = `${folder}/artifacts`;
  return (
    printed +
    filesBelow(root)
      .map((file) => readFileSync(`${root}/${file}`, 'latin1'))
      .join('\n')
  );
}

describe('Bedrock', () => {
  const PATH = `/model/${encodeURIComponent(MODEL)}/converse`;

  it.each([
    ['keys of the environment', '', SIGNING],
    [
      'keys that its options name',
      ', options: { region: eu-central-1, accessKeyId: "${KEY_ID}", secretAccessKey: "${SECRET}", sessionToken: "${SESSION}" }',
      { KEY_ID: ACCOUNT.accessKeyId, SECRET: ACCOUNT.secretAccessKey, SESSION: ACCOUNT.sessionToken },
    ],
  ])('signs each request by %s', async (_, more, env) => {
    await using aws = await startAws(ACCOUNT);
    const folder = tempFolder();
    experiment(folder, `{ type: bedrock, base_url: "${aws.url}"${more} }`, MODEL);
    const { code, stderr, summary } = await run(folder, env);
    expect([code, summary.executed, summary.failed, aws.refused]).toEqual([0, 4, 0, []]);
    expect(aws.taken.map(({ path, by }) => [path, by])).toEqual(Array(4).fill([PATH, 'signature']));
    expect(new Set(aws.taken.map(({ body }) => body)).size).toBe(4);
    const all = left(folder, stderr);
    for (const secret of [ACCOUNT.secretAccessKey, ACCOUNT.sessionToken]) expect(all).not.toContain(secret);
    expect((await run(folder, env)).summary).toMatchObject({ executed: 0, cached: 4 });
  });

  it('sends its own kind of key as a bearer', async () => {
    await using aws = await startAws(ACCOUNT);
    const folder = tempFolder();
    experiment(folder, `{ type: bedrock, base_url: "${aws.url}" }`, MODEL);
    const env = { AWS_REGION: ACCOUNT.region, AWS_BEARER_TOKEN_BEDROCK: ACCOUNT.bearer };
    const { code, stderr } = await run(folder, env);
    expect([code, aws.refused]).toEqual([0, []]);
    expect(aws.taken.map(({ path, by }) => [path, by])).toEqual(Array(4).fill([PATH, 'bearer']));
    expect(left(folder, stderr)).not.toContain(ACCOUNT.bearer);
  });

  it('whose secret is another is refused, and the account is left', async () => {
    await using aws = await startAws(ACCOUNT);
    const folder = tempFolder();
    experiment(folder, `{ type: bedrock, base_url: "${aws.url}" }`, MODEL);
    const { code, stderr, summary } = await run(folder, {
      ...SIGNING,
      AWS_SECRET_ACCESS_KEY: 'other-canary',
    });
    expect([code, summary.complete, aws.taken]).toEqual([1, false, []]);
    // Two at most, of those that were under way.
    expect(aws.refused.length).toBeLessThanOrEqual(4);
    expect(summary.why).toContain('key');
    expect(stderr).toContain('The request signature we calculated does not match');
    expect(left(folder, stderr)).not.toContain('other-canary');
  });
});

/** The package takes nothing less. */
const RESPONSE = responseAnswer('Said.', {
  created_at: 1,
  output: [
    {
      ...{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' },
      content: [{ type: 'output_text', text: 'Said.', annotations: [] }],
    },
  ],
});
const AZURE_KEY = 'azure-canary-0123456789';

describe('Azure', () => {
  it.each([
    ['responses', '', '/v1/responses', RESPONSE],
    ['chat', ', api: chat', '/v1/chat/completions', chatAnswer('Said.')],
    [
      'addresses of deployments',
      ', api: chat, options: { useDeploymentBasedUrls: true, apiVersion: 2025-04-01-preview }',
      '/v1/deployments/my-deployment/chat/completions?api-version=2025-04-01-preview',
      chatAnswer('Said.'),
    ],
  ])('is asked with its header and at its path: %s', async (_, more, path, answer) => {
    await using server = await startModelServer();
    const folder = tempFolder();
    const account = `{ type: azure, base_url: "${server.url}", api_key_env: AZURE_KEY${more} }`;
    experiment(folder, account, 'my-deployment');
    const running = run(folder, { AZURE_KEY });
    const ended = running.then(({ stderr }) => {
      throw new Error(stderr);
    });
    for (let n = 0; n < 4; n++) {
      const held = await Promise.race([server.next(), ended]);
      expect([held.path, held.headers['api-key'], held.headers.authorization]).toEqual([
        ...[path, AZURE_KEY, undefined],
      ]);
      held.answer(answer);
    }
    const { code, stderr, summary } = await running;
    expect([code, summary.executed, summary.failed]).toEqual([0, 4, 0]);
    expect(left(folder, stderr)).not.toContain(AZURE_KEY);
  });
});
