// Each wait of a tool loop has its own limit: a call of the model, the start of a server, each call of a tool.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OPEN_GATE } from '../../src/core/gate.ts';
import type { HarnessOrder, McpServer } from '../../src/core/harness.ts';
import { startDeadline } from '../../src/worker/deadline.ts';
import { makeLog } from '../../src/worker/log.ts';
import { withMcp } from '../../src/worker/mcp-tools.ts';
import { withTools } from '../../src/worker/own-code/handlers.ts';
import type { Handlers } from '../../src/worker/tool-results.ts';
import { handClock } from '../rig/clock.ts';
import { orderAt } from '../rig/model-calls.ts';

const LIMIT_MS = 60_000;

function watched() {
  const works: number[] = [];
  return { works, gate: { ...OPEN_GATE, works: (limitMs: number) => works.push(limitMs) } };
}

describe('calls of an MCP server', () => {
  test('may take together longer than the attempt: each is told with a limit of its own', async () => {
    const clock = handClock();
    const { works, gate } = watched();
    const desk = await startDesk();
    const order = orderAt(null, { timeoutMs: LIMIT_MS });
    const said = await within({ clock, gate, desk, order }, async (call) => {
      const texts: string[] = [];
      for (const n of [1, 2, 3]) {
        const answer = call({ n });
        const held = await desk.next();
        await clock.advance(40_000);
        held(`answer ${n}`);
        texts.push(await answer);
      }
      return texts;
    });
    expect(said).toEqual(['answer 1', 'answer 2', 'answer 3']);
    expect(clock.monotonicMs()).toBe(120_000);
    // Its start, and each call; a session that is open is no wait, but asks for nothing either.
    expect(works).toEqual(Array.from({ length: 6 }, () => LIMIT_MS));
    expect(clock.pending()).toBe(0);
  });

  test('that take longer than they may fail as a tool, with the time in their words', async () => {
    const clock = handClock();
    const desk = await startDesk();
    const order = orderAt(null, { timeoutMs: LIMIT_MS });
    const said = await within({ clock, gate: OPEN_GATE, desk, order }, async (call) => {
      const answer = call({ n: 1 }).catch((error: Error) => error.message);
      await desk.next();
      await clock.advance(LIMIT_MS);
      return [await answer];
    });
    expect(said).toEqual([expect.stringMatching(/^MCP server 127\.0\.0\.1:\d+: no answer in 60 s$/)]);
  });

  test('end when the attempt is given up', async () => {
    const clock = handClock();
    const desk = await startDesk();
    const giveUp = new AbortController();
    const order = orderAt(null, { timeoutMs: LIMIT_MS });
    const said = await within(
      { clock, gate: OPEN_GATE, desk, order, signal: giveUp.signal },
      async (call) => {
        const answer = call({ n: 1 }).catch((error: Error) => error.message);
        await desk.next();
        giveUp.abort();
        return [await answer];
      },
    );
    expect(said).toEqual([expect.stringMatching(/^MCP server .*: .+/)]);
    expect(clock.monotonicMs()).toBe(0);
  });
});

type Call = (given: { readonly n: number }) => Promise<string>;

/** Tool calls over a real server that the test holds. */
async function within(
  of: {
    readonly clock: ReturnType<typeof handClock>;
    readonly gate: typeof OPEN_GATE;
    readonly desk: Desk;
    readonly order: ReturnType<typeof orderAt>;
    readonly signal?: AbortSignal;
  },
  work: (call: Call) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const { clock, gate, desk, order, signal = null } = of;
  const tool = { name: 'ask', description: null, parameters: null, strict: null };
  const server: McpServer = {
    ...{ command: null, url: desk.url, env: { set: {}, pass: [] }, only: null },
    ...{ code: { files: [], packages: [] }, seen: { name: 'desk', version: '1', tools: [tool] } },
  };
  let said: readonly string[] = [];
  await withMcp({ order, mcp: server, folder: '/', env: {}, clock, gate, signal }, async (handlers) => {
    said = await work((given) => handlers.get('ask')!.call(given) as Promise<string>);
    return { answer: { kind: 'cancelled' }, turns: null };
  });
  return said;
}

type Desk = { readonly url: string; next(): Promise<(text: string) => void> };

async function startDesk(): Promise<Desk> {
  const waiting: ((answer: (text: string) => void) => void)[] = [];
  const asked: ((text: string) => void)[] = [];
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID });
  const server = new Server({ name: 'desk', version: '1' }, { capabilities: { tools: {} } });
  server.setRequestHandler(
    CallToolRequestSchema,
    () =>
      new Promise((resolve) => {
        const answer = (text: string): void => resolve({ content: [{ type: 'text', text }] });
        const waiter = waiting.shift();
        if (waiter) waiter(answer);
        else asked.push(answer);
      }),
  );
  await server.connect(transport as Transport);
  const http = createServer((request, response) => void transport.handleRequest(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    next: () => {
      const known = asked.shift();
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}

describe('handlers in code', () => {
  /** Three handlers one after the other, as the loop calls them; each is done when the test says so. */
  function handling() {
    const clock = handClock();
    const { works, gate } = watched();
    const deadline = startDeadline({ timeoutMs: LIMIT_MS, cancel: null, clock });
    deadline.pause();
    let done = (): void => {};
    const handler = () =>
      new Promise<string>((resolve) => {
        done = () => resolve('done');
      });
    const made = withTools({
      order: orderAt(null, { timeoutMs: LIMIT_MS }),
      work: { scenario: { id: 's' } } as HarnessOrder,
      tools: [{ name: 'ask', handler }],
      under: { deadline, gate, log: makeLog() },
    });
    if (made.kind === 'err') throw new Error(made.error);
    const { handlers }: { readonly handlers: Handlers } = made.value;
    return { clock, works, deadline, call: () => handlers.get('ask')!.call({}), done: () => done() };
  }

  test("have each the whole limit, and the time between them is nobody's", async () => {
    const { clock, works, deadline, call, done } = handling();
    for (let n = 0; n < 3; n++) {
      const answer = call();
      await clock.advance(40_000);
      done();
      expect(await answer).toBe('done');
      // A model that thinks has a limit of its own.
      await clock.advance(50_000);
    }
    expect(deadline.signal.aborted).toBe(false);
    expect(works).toEqual([LIMIT_MS, LIMIT_MS, LIMIT_MS]);
  });

  test('that take longer end the attempt', async () => {
    const { clock, deadline, call } = handling();
    void call();
    await clock.advance(LIMIT_MS);
    expect(deadline.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });
});
