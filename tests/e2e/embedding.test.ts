// A scorer by embeddings from the command line: what is asked, what it costs, what is asked again after an edit, and what an
// answer that is none becomes.
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { type EmbeddingServer, startEmbeddings } from '../rig/embedding-server.ts';
import { writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const vectorOf = (text: string): readonly number[] => [text.length, text.startsWith('P') ? 10 : 1, 3];

type Written = { readonly scorer?: string; readonly after?: string; readonly lines?: string };

function folderWith(server: EmbeddingServer, more: Written = {}) {
  const cwd = tempFolder();
  write(cwd, server, more);
  return cwd;
}

function write(cwd: string, server: EmbeddingServer, { scorer = '', after = '', lines = '' }: Written): void {
  writeFiles(cwd, {
    'experiment.yaml': `version: 1
name: small
provider: sim
scenarios: [s.yaml]
sim: { answers: { one: Paris it is, two: Paris it is, empty: " ", same: Paris } }
providers:
  p: { type: openai, base_url: "${server.url}/v1", api_key_env: MY_KEY, pricing: { v: { input: 1000, output: 0 } } }
variants: { a: {}, b: { system: other } }
scorers:
  - { name: near, embedding: { provider: p, model: v${scorer} }${after} }
${lines}`,
    's.yaml': `- { id: one, input: about one, expect: Paris }
- { id: two, input: about two, expect: { embedding: Rome } }
- { id: empty, input: about empty, expect: Paris }
- { id: same, input: about same, expect: { exact: Paris } }
- { id: none, input: about none }
`,
  });
}

const env = { MY_KEY: 'sk-test-0123456789' };
const json = async (args: readonly string[], cwd: string) => {
  const { stdout, stderr, code } = await cli([...args, '--json'], { cwd, env });
  return { told: JSON.parse(stdout), stderr, code };
};

it('asks once for equal answers, not at all for empty ones and for the reference itself, and says what it cost', async () => {
  await using server = await startEmbeddings(vectorOf);
  const cwd = folderWith(server);
  const ahead = await cli(['plan'], { cwd, env });
  expect(ahead.stdout.replace(/\s+/g, ' ')).toContain('near asks v: at most 8 calls');
  const run = await cli(['run'], { cwd, env });
  expect(run.code, run.stderr).toBe(0);
  // Of both arms the same answer: one call for each reference.
  expect(server.requests.map(({ body }) => body.input)).toEqual(
    expect.arrayContaining([
      ['Paris it is', 'Paris'],
      ['Paris it is', 'Rome'],
    ]),
  );
  expect(server.requests).toHaveLength(2);
  const { told } = await json(['score'], cwd);
  expect(told).toMatchObject({ executed: 0, cached: 4, failed: 0, missing: 0 });
  expect((await cli(['export', '--format', 'csv'], { cwd, env })).stdout).toContain('score_near');
  const shown = await cli(['show', 'a/one/1'], { cwd, env });
  expect(shown.stdout).toMatch(/near: 0\.\d+, (not )?passed: cosine/);
  // 16 + 15 tokens at $1,000 a million.
  const log = await json(['log', '1'], cwd);
  expect(JSON.stringify(log.told)).toContain('0.031');
});

it('asks again where what is asked has changed, and for no threshold', async () => {
  await using server = await startEmbeddings(vectorOf);
  const cwd = folderWith(server);
  await cli(['run'], { cwd, env });
  const pending = async () => (await json(['score', '--dry-run'], cwd)).told.pending as number;
  expect(await pending()).toBe(0);
  write(cwd, server, { after: ', pass_at: 0.1' });
  expect(await pending()).toBe(0);
  write(cwd, server, { scorer: ', dimensions: 3' });
  expect(await pending()).toBe(4);
  write(cwd, server, { scorer: ', params: { user: x }' });
  expect(await pending()).toBe(4);
  write(cwd, server, { scorer: ', reference: Berlin' });
  // Its own words go first: two's stays as it is, and what had no reference has one.
  expect(await pending()).toBe(3 + 2);
});

it('a limit is waited for, and vectors that are none leave the score missing, paid for', async () => {
  await using server = await startEmbeddings(vectorOf, ({ body }, n) => {
    if (n === 1) return { status: 429, body: { error: { message: 'slow down' } } };
    if (!(body.input as readonly string[]).includes('Rome')) return undefined;
    const data = [[1, 0], [1]].map((embedding, index) => ({ index, embedding }));
    return { status: 200, body: { data, model: 'v', usage: { prompt_tokens: 10, total_tokens: 10 } } };
  });
  const cwd = folderWith(server, { lines: 'execution: { retries: 1 }\n' });
  const { told, code } = await json(['run'], cwd);
  expect(code).toBe(1);
  expect(told.scores).toMatchObject({ failed: 1 });
  const { stdout } = await cli(['show', 'a/two/1'], { cwd, env });
  expect(stdout).toContain('vectors of 2 and 1 numbers cannot be compared');
  // Two answers of ten tokens that were no vectors, and one of sixteen.
  expect(told.scores.cost_usd).toBeCloseTo(0.036, 6);
});

it('a budget holds it, and a model without a price is refused where there is one', async () => {
  await using server = await startEmbeddings(vectorOf);
  const cwd = folderWith(server, { lines: 'execution: { budget_usd: 0.001 }\n' });
  const { code } = await json(['run'], cwd);
  expect(code).toBe(3);
  expect(server.requests).toHaveLength(0);
  const other = folderWith(server, { scorer: '-unknown', lines: 'execution: { budget_usd: 1 }\n' });
  const refused = await cli(['plan'], { cwd: other, env });
  // This machine's own: what is not priced there is free.
  expect(refused.code).toBe(0);
});

it('needs the key of its provider, and says so before anything is drawn', async () => {
  await using server = await startEmbeddings(vectorOf);
  const cwd = folderWith(server);
  const { code, stderr } = await cli(['run'], { cwd, env: {} });
  expect(code).toBe(2);
  expect(stderr).toContain('MY_KEY');
});
