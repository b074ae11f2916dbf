// A model that calls a tool in each turn but the last of a conversation, and counts what it was asked and what it gave.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Asked = {
  /** The user's words. */
  readonly of: string;
  /** From 1. */
  readonly turn: number;
};

export type LoopServer = AsyncDisposable & {
  readonly url: string;
  /** Every request, in the order in which they came. */
  readonly asked: readonly Asked[];
  /** Answers of which every byte was handed over, refusals not included. */
  readonly given: readonly Asked[];
  /** Asked before each answer: a refusal, `never` for no answer at all, null for an answer. */
  refuse: (asked: Asked) => { readonly status: number; readonly body: unknown } | 'never' | null;
};

/** Of every answer: at the price of `loopManifest` 0.2 cents. */
export const TURN_TOKENS = 1_100;
export const TURN_USD = 0.002;

export async function startLoopServer(of: {
  /** Calls of the model in a whole conversation. */
  readonly turns: number;
  readonly latencyMs?: number;
}): Promise<LoopServer> {
  const asked: Asked[] = [];
  const given: Asked[] = [];
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of incoming) text += String(chunk);
    const { messages } = JSON.parse(text) as {
      readonly messages: readonly { readonly role: string; readonly content: unknown }[];
    };
    const user = messages.find(({ role }) => role === 'user')!;
    const turn = messages.filter(({ role }) => role === 'assistant').length + 1;
    const one = { of: String(user.content), turn };
    asked.push(one);
    const refusal = server.refuse(one);
    if (refusal === 'never') return;
    if (of.latencyMs) await new Promise((resolve) => setTimeout(resolve, of.latencyMs));
    const { status, body } = refusal ?? { status: 200, body: chat({ ...one, isLast: turn >= of.turns }) };
    if (refusal === null) response.once('finish', () => given.push(one));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const http = createServer((incoming, response) => {
    // Whoever was killed asks no more.
    answer(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: LoopServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    asked,
    given,
    refuse: () => null,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
    },
  };
  return server;
}

function chat({ of, turn, isLast }: Asked & { readonly isLast: boolean }): unknown {
  const call = {
    id: `call_${turn}`,
    type: 'function',
    function: { name: 'look', arguments: JSON.stringify({ at: `${of} ${turn}` }) },
  };
  return {
    id: `chat-${turn}`,
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [
      {
        index: 0,
        finish_reason: isLast ? 'stop' : 'tool_calls',
        message: {
          role: 'assistant',
          content: isLast ? `done with ${of}` : null,
          ...(isLast ? {} : { tool_calls: [call] }),
        },
      },
    ],
    usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: TURN_TOKENS },
  };
}

export function loopManifest(of: {
  readonly url: string;
  readonly maxTurns: number;
  readonly scenarios: number;
  /** Lines of the manifest beyond these. */
  readonly more?: readonly string[];
  readonly execution?: string;
}): { readonly [file: string]: string } {
  const parameters = '{ type: object, properties: { at: { type: string } }, required: [at] }';
  const scenarios = Array.from({ length: of.scenarios }, (_, i) =>
    JSON.stringify({ id: `s${i}`, input: `look ${i}` }),
  );
  return {
    'scenarios.jsonl': `${scenarios.join('\n')}\n`,
    'experiment.yaml': [
      'version: 1',
      'name: small',
      'provider: x',
      'model: m',
      'scenarios: [scenarios.jsonl]',
      `tools: [{ name: look, description: looks, parameters: ${parameters}, result: { seen: "{{arguments.at}}" } }]`,
      `max_turns: ${of.maxTurns}`,
      'variants: { base: {} }',
      `providers: { x: { type: openai, base_url: "${of.url}", api_key_env: TEST_KEY, pricing: { m: { input: 1, output: 10 } } } }`,
      `execution: { workers: 1, ${of.execution ?? 'concurrency: 4'} }`,
      ...(of.more ?? []),
      '',
    ].join('\n'),
  };
}

export const LOOP_ENV = { TEST_KEY: 'sk-testkey-0123456789abcdef' };
