// With a local server: not started at first, then with another model than the manifest's.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Walk } from './walk.ts';

/** What it says where it is asked to judge. */
const VERDICT = '{"reason": "It is short.", "label": "fair"}';

export async function localServer(walk: Walk): Promise<void> {
  const { port, start } = await reserved();
  await walk.type('npx expgraph init --template prompt');
  // As the README of the template says: a provider, its models, the judge's model; here with a typing mistake.
  walk.edit('experiment.yaml', (text) =>
    text
      .replace(/^provider: sim.*$/m, 'provider: local')
      .replaceAll('[sim-small, sim-large]', '[qwen3]')
      .replace('model: sim-large', 'model: "qwen3:8b"')
      .replace(
        /^providers:$/m,
        `providers:\n  local: { type: openai, base_url: "http://127.0.0.1:${port}/v1" }`,
      ),
  );
  const silent = await walk.type('npx expgraph run --wait-for-provider 1s', { code: 1 });
  assert.match(silent.stderr, new RegExp(`127\\.0\\.0\\.1:${port}`));
  assert.equal(silent.stderr.match(/nothing listens/gi)?.length, 1, silent.stderr);

  start();
  // Which models there are is asked for nothing, and a close one is named.
  const doctor = await walk.type('npx expgraph doctor');
  assert.match(doctor.stdout, /did you mean qwen3:8b/);
  const wrong = await walk.type('npx expgraph run', { code: 1 });
  assert.match(wrong.stderr, /qwen3/);

  walk.edit('experiment.yaml', (text) => text.replaceAll('[qwen3]', '["qwen3:8b"]'));
  const run = await walk.type('npx expgraph run');
  assert.match(run.stdout, /\$0/);
  const read = await walk.type('npx expgraph show --not-passed');
  assert.match(read.stdout, /An answer\./);
}

/** A port that nothing listens on until it is started. */
async function reserved(): Promise<{ readonly port: number; start(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (request.url?.endsWith('/models')) {
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'qwen3:8b', object: 'model' }] }));
        return;
      }
      const asked = Buffer.concat(chunks).toString('utf8');
      const { model } = JSON.parse(asked) as { model: string };
      if (model !== 'qwen3:8b') {
        response.statusCode = 404;
        response.end(
          JSON.stringify({ error: { message: `model "${model}" not found`, type: 'not_found_error' } }),
        );
        return;
      }
      response.end(
        JSON.stringify({
          id: 'c',
          object: 'chat.completion',
          created: 1,
          model,
          choices: [
            {
              index: 0,
              message: {
                role: 'assistant',
                content: asked.includes('response_format') ? VERDICT : 'An answer.',
              },
              finish_reason: 'stop',
            },
          ],
          usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
        }),
      );
    });
  });
  const { port } = await new Promise<AddressInfo>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo));
  });
  await new Promise((resolve) => server.close(resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port, start: () => void server.listen(port, '127.0.0.1') };
}
