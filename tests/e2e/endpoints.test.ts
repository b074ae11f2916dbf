// Odd endpoints through the real program: what it prints, what `run --json` says, and what is kept.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import type { KeptResult } from '../../src/core/record.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines, writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { tempFolder } from '../rig/temp.ts';

const ENV = { TEST_KEY: 'sk-testkey-0123456789abcdef' };
/** More than a line of the history holds. */
const LOGPROBS = Array.from({ length: 4_000 }, (_, n) => ({ token: `t${n}`, logprob: -(n + 1) / 7 }));

const choice = (more: JsonObject): JsonObject =>
  chatAnswer('', { choices: [{ index: 0, finish_reason: 'stop', ...more }] });

const ANSWERS: { readonly [scenario: string]: JsonObject } = {
  plain: chatAnswer('four'),
  cut: choice({ message: { content: 'fo' }, finish_reason: 'length' }),
  filtered: choice({ message: { content: '' }, finish_reason: 'content_filter' }),
  thought: choice({ message: { content: null, reasoning_content: 'four' } }),
  useless: chatAnswer('', {
    choices: [],
    usage: { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 },
  }),
  routed: {
    ...chatAnswer('four', { usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5, cost: 0.5 } }),
    ...{ provider: 'Chutes', citations: ['https://a.example'] },
  },
  probable: choice({ message: { content: 'four' }, logprobs: { content: LOGPROBS } }),
};

async function run(names: readonly string[], pricing: string) {
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.on('data', (chunk) => {
      text += String(chunk);
    });
    incoming.on('end', () => {
      const { messages } = JSON.parse(text) as { readonly messages: readonly { readonly content: string }[] };
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-request-id', 'req_1');
      response.end(JSON.stringify(ANSWERS[messages.at(-1)!.content]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await using _ = {
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const folder = tempFolder();
  writeFiles(folder, {
    'scenarios.jsonl': names.map((id) => `${JSON.stringify({ id, input: id })}\n`).join(''),
    'experiment.yaml': [
      'version: 1\nname: small\nprovider: x\nmodel: m\nscenarios: [scenarios.jsonl]\nvariants: { base: {} }',
      `providers: { x: { type: openai, base_url: "${url}", api_key_env: TEST_KEY${pricing} } }`,
      '',
    ].join('\n'),
  });
  const ended = await cli(['run', '--json'], { cwd: folder, env: ENV });
  const again = await cli(['run'], { cwd: folder, env: ENV });
  server.closeAllConnections();
  const lines = jsonLines(
    path.join(folder, 'artifacts/small/runs/base_run1.jsonl'),
  ) as unknown as KeptResult[];
  const records = new Map(lines.map((line) => [line.scenario, line]));
  const blobs = filesBelow(path.join(folder, 'artifacts/small')).filter((name) => name.startsWith('blobs/'));
  const shown = await cli(['show', `base/${names.at(-1)!}/1`, '--json'], { cwd: folder, env: ENV });
  return { summary: JSON.parse(ended.stdout) as RunSummary, again, records, blobs, shown };
}

const PRICED = ', pricing: { m: { input: 1, output: 10 } }';

describe('odd endpoints', () => {
  it('are told in the summary and kept in the records, and none of it is drawn again', async () => {
    const { summary, again, records } = await run(['plain', 'cut', 'filtered', 'thought'], PRICED);
    expect(summary).toMatchObject({ complete: true, endings: { cut: 1, filtered: 1, thought_only: 1 } });
    expect(records.get('thought')!.output).toMatchObject({ text: 'four', text_from: 'reasoning_content' });
    expect(records.get('plain')!.output).not.toHaveProperty('raw');
    expect(again.stdout).toContain('0 executed, 4 cached');
  });

  it('that answer a prompt with nothing are asked three times; what that took is counted, and others go on', async () => {
    const { summary, again, records } = await run(['useless', 'plain'], PRICED);
    // 3 x (100 + 50 x 10) + 3 + 2 x 10 millionths.
    expect(summary).toMatchObject({ failed: 1, attempts: 4, how: 'incomplete', cost_usd: 0.001823 });
    const record = records.get('useless')!;
    expect(record).toMatchObject({ usage: { total_tokens: 450 }, cost_usd: 0.0018, output: null });
    expect(record.attempts[0]).toMatchObject({
      usage: { total_tokens: 150 },
      body: expect.stringContaining('"choices":[]'),
    });
    expect(again.stderr).toContain('invalid-response (200)');
    expect(again.stderr).not.toMatch(/suspended|does not answer/);
  });

  it('of routers say what they charge, and that counts where no price is declared', async () => {
    const free = await run(['routed'], '');
    expect(free.records.get('routed')).toMatchObject({ cost_usd: 0.5, usage: { cost_usd: 0.5 } });
    expect(free.summary.cost_usd).toBe(0.5);
    expect(free.records.get('routed')!.output).toMatchObject({
      raw: { provider: 'Chutes', citations: ['https://a.example'], usage: { cost: 0.5 } },
    });
    const priced = await run(['routed'], PRICED);
    expect(priced.records.get('routed')).toMatchObject({ cost_usd: 0.000023, usage: { cost_usd: 0.5 } });
  });

  it('that send more than a line holds beside a short answer have it in a blob, and show has it whole', async () => {
    const { records, blobs, shown } = await run(['probable'], PRICED);
    expect(records.get('probable')!.output).toHaveProperty('blob');
    expect(blobs).toHaveLength(1);
    expect(JSON.parse(shown.stdout).output).toMatchObject({
      text: 'four',
      raw: { choice: { logprobs: { content: LOGPROBS } } },
    });
  });
});
