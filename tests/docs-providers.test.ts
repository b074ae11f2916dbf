// The table of docs/providers.md says what was seen here: each vendor's true package (or our own adapter of the OpenAI wire)
// asks a server of the test, and what it sent and read of the answer is the row.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../src/core/json.ts';
import type { ModelRequest } from '../src/core/order.ts';
import type { ClientAnswer } from '../src/providers/provider.ts';
import { REQUEST } from './rig/model-calls.ts';
import { type ModelServer, startModelServer } from './rig/model-server.ts';
import { ROOT, sdkClient, sdkEndpoint } from './rig/sdk-calls.ts';
import { COUNTS, THOUGHT, TOOL, VENDOR_WIRES, type VendorWire } from './rig/vendor-wires.ts';

type Cell = 'yes' | 'no' | 'untested';

const COLUMNS = [
  ...['seed', 'usage', 'cached tokens', 'reasoning', 'tools', 'images', 'batch', 'rate headers'],
] as const;

/** A picture of one point. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const ASKED: ModelRequest = {
  ...REQUEST,
  seed: 7,
  maxOutputTokens: 100,
  tools: [
    { name: TOOL, description: 'Looks it up.', parameters: { type: 'object', properties: {} }, strict: null },
  ],
};

const SHOWN: ModelRequest = {
  ...REQUEST,
  maxOutputTokens: 100,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        {
          type: 'image',
          file: 'a.png',
          media_type: 'image/png',
          sha256: '0'.repeat(64),
          bytes: 70,
          data: PIXEL,
        },
      ],
    },
  ],
};

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

async function seen(
  wire: VendorWire,
  request: ModelRequest,
): Promise<{ readonly sent: Json; readonly answer: ClientAnswer }> {
  const { type, api, sdk } = wire;
  const endpoint = sdkEndpoint(type, server.url, { api, sdk });
  const { sdk: _, ...plain } = endpoint;
  const client = await sdkClient(type === 'openai' ? plain : endpoint);
  const asked = client.complete(
    { ...request, model: wire.model },
    { signal: new AbortController().signal, run: 1 },
  );
  const failed = asked.then((answer) => ({ failed: answer }));
  const held = await Promise.race([server.next(), failed]);
  if ('failed' in held) return { sent: null, answer: held.failed };
  held.answer(wire.answer, { headers: typeof wire.limits === 'object' ? (wire.limits ?? {}) : {} });
  return { sent: held.body, answer: await asked };
}

async function rowOf(wire: VendorWire): Promise<readonly Cell[]> {
  const { sent, answer } = await seen(wire, ASKED);
  if (answer.kind !== 'completion') throw new Error(`${wire.row}: ${JSON.stringify(answer)}`);
  const { usage, messages, toolCalls } = answer.completion;
  const picture = await seen(wire, SHOWN);
  const told = JSON.stringify(messages);
  return [
    hasSeed(sent) ? 'yes' : 'no',
    usage?.inputTokens === COUNTS.input && usage.outputTokens === COUNTS.output ? 'yes' : 'no',
    usage?.cachedInputTokens === COUNTS.cached ? 'yes' : 'no',
    told.includes(THOUGHT) ? 'yes' : 'no',
    JSON.stringify(sent).includes(`"${TOOL}"`) && toolCalls[0]?.name === TOOL ? 'yes' : 'no',
    JSON.stringify(picture.sent).includes(PIXEL) ? 'yes' : 'no',
    BATCHES.has(wire.type) ? 'yes' : 'no',
    wire.limits === 'unknown' ? 'untested' : answer.limits !== null ? 'yes' : 'no',
  ];
}

function resultFor({ type }: VendorWire, id: string | null | undefined): JsonObject {
  if (type === 'openai') return { type: 'function_call_output', call_id: id ?? '', output: '12' };
  const output = { type: 'text', value: '12' };
  return { role: 'tool', content: [{ type: 'tool-result', toolCallId: id ?? '', toolName: TOOL, output }] };
}

/** Whose batches expgraph hands in: tests/e2e and tests/sim show them. */
const BATCHES: ReadonlySet<string> = new Set(['openai', 'anthropic']);

function hasSeed(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, member]) => (/seed$/.test(name) && member === 7) || hasSeed(member as Json),
  );
}

describe('the table of docs/providers.md', () => {
  const page = readFileSync(path.join(ROOT, 'docs/providers.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| `(?!type`)/.test(line));
  const head = `| \`type\` | ${COLUMNS.join(' | ')} |`;

  test('has a row for each wire, and these columns', () => {
    expect(page).toContain(head);
    expect(rows.map((row) => row.split('|')[1]!.trim())).toEqual(VENDOR_WIRES.map(({ row }) => `\`${row}\``));
  });

  test.each(VENDOR_WIRES)('says of $row what was seen', async (wire) => {
    const row = `| \`${wire.row}\` | ${(await rowOf(wire)).join(' | ')} |`;
    expect(rows).toContain(row);
  });

  test('says where a thought that is kept does not go back with the next turn', async () => {
    const forgetful: string[] = [];
    for (const wire of VENDOR_WIRES.filter(({ answer }) => JSON.stringify(answer).includes(THOUGHT))) {
      const { answer } = await seen(wire, ASKED);
      if (answer.kind !== 'completion') throw new Error(wire.row);
      const { messages, toolCalls } = answer.completion;
      const since = [...messages, resultFor(wire, toolCalls[0]!.id)];
      const { sent } = await seen(wire, { ...ASKED, since });
      if (!JSON.stringify(sent).includes(THOUGHT)) forgetful.push(`\`${wire.row}\``);
    }
    expect(page).toContain(`but not on ${forgetful.join(' and ')} |`);
  });
});
