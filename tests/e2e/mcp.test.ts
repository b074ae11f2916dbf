// Tools of an MCP server: offered, called, and counted in the key.
// @project e2e: MCP servers are started.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';

const SERVER = path.join(ROOT, 'examples/mcp/shelf-server.ts');
const manifest = (more = ''): string =>
  `provider: sim\nruns: 2\nmax_turns: 4\nsystem: "Today is 2026-02-15."\nvariants:\n  served: { mcp: { command: [node, ${SERVER}]${more}, env: { SHELF_VERSION: "1.0.0" } } }`;
const BOTH = manifest(', tools: [create_reminder]')
  .replace('served:', 'keeps:')
  .concat(`\n  fails: { max_turns: 2, mcp: { command: [node, ${SERVER}], tools: [create_event] } }`);
const files = {
  'scenarios.yaml':
    '- { id: milk, input: "Remind me to buy milk tomorrow at 5pm." }\n- { id: dentist, input: "Dentist appointment tomorrow at 3pm for an hour." }\n',
};

const toldIn = (output: { messages: { role: string; content: string }[] }): readonly string[] =>
  output.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);

describe('an MCP server', () => {
  it('is asked for its tools, each attempt has one of its own, and what a tool says goes back to the model', async () => {
    const made = harnessRun({
      manifest: BOTH,
      files,
    });
    const before = await made.run('plan');
    expect(before.stderr).toMatch(
      /the tools of keeps are not known yet: "npx expgraph run" asks its MCP server/,
    );
    const first = await made.run('run', '--json');
    expect([first.code, JSON.parse(first.stdout).executed]).toEqual([0, 8]);
    for (const run of [1, 2]) {
      for (const { turns, output } of Object.values(made.records('keeps', run))) {
        expect(turns[0].tool_results).toEqual([
          expect.objectContaining({ name: 'create_reminder', source: 'mcp' }),
        ]);
        expect(toldIn(output)).toEqual(['{"ok":true,"kept":1}']);
      }
      for (const { turns, output } of Object.values(made.records('fails', run))) {
        expect(turns[0].tool_results).toEqual([
          expect.objectContaining({ name: 'create_event', source: 'mcp', error: 'tool-failed' }),
        ]);
        expect(toldIn(output)[0]).toBe('{"error":"the calendar is closed"}');
      }
    }
    expect(JSON.parse((await made.run('run', '--json')).stdout)).toMatchObject({
      executed: 0,
      cached: 8,
    });
    expect(JSON.parse((await made.run('plan', '--json')).stdout)).toMatchObject({ pending: 0 });
  });

  it('of another version is another variant; fewer tools as well', async () => {
    const made = harnessRun({ manifest: manifest(), files });
    await made.run('run');
    const write = (text: string): void =>
      writeFileSync(
        path.join(made.folder, 'experiment.yaml'),
        `version: 1\nname: made\nscenarios: [scenarios.yaml]\n${text}\n`,
      );
    write(manifest().replace('1.0.0', '1.1.0'));
    await made.run('run');
    expect(JSON.parse((await made.run('plan', '--json')).stdout)).toMatchObject({ pending: 0 });
    write(manifest(', tools: [create_reminder]'));
    expect(JSON.parse((await made.run('run', '--json')).stdout)).toMatchObject({ executed: 4 });
    write(manifest(', tools: [nothing]'));
    const none = await made.run('run');
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringMatching(/has no tool nothing; it has: create_event, create_reminder/),
    ]);
  });

  it('that cannot be started stops everything with its last words', async () => {
    const made = harnessRun({
      manifest:
        'provider: sim\nmax_turns: 2\nvariants: { served: { mcp: { command: [node, -e, "console.error(\'no port\'); process.exit(1)"] } } }',
    });
    const { code, stderr } = await made.run('run');
    expect(code).toBe(2);
    expect(stderr).toMatch(/MCP server node -e .*no port/);
  });

  it('is reached by its address too, with a session for each attempt', async () => {
    const sessions: string[] = [];
    const url = await serveMcp(sessions);
    const made = harnessRun({
      manifest: `provider: sim\nmax_turns: 3\nvariants: { served: { mcp: { url: "${url}", tools: [create_event] } } }`,
      files,
    });
    const { code, stdout, stderr } = await made.run('run', '--json');
    expect([code, stderr.includes('warning')], stderr).toEqual([0, false]);
    expect(JSON.parse(stdout)).toMatchObject({ executed: 2, failed: 0 });
    for (const { turns, output } of Object.values(made.records('served'))) {
      expect(turns[0].tool_results).toEqual([
        expect.objectContaining({ source: 'mcp', name: 'create_event' }),
      ]);
      expect(toldIn(output)).toEqual(['booked by http']);
    }
    // One to be asked for its tools, one for each attempt that called a tool.
    expect(sessions.length).toBe(3);
  });
});

async function serveMcp(sessions: string[]): Promise<string> {
  const open = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer((request, response) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? open.get(id) : undefined;
    void (known ? Promise.resolve(known) : connected()).then((transport) =>
      transport.handleRequest(request, response),
    );
  });
  async function connected(): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => {
        sessions.push(session);
        open.set(session, transport);
      },
    });
    const server = new Server({ name: 'desk', version: '2' }, { capabilities: { tools: {} } });
    const text = { type: 'string' };
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [
        {
          name: 'create_event',
          inputSchema: { type: 'object' as const, properties: { title: text, start: text, end: text } },
        },
      ],
    }));
    server.setRequestHandler(CallToolRequestSchema, () => ({
      content: [{ type: 'text', text: 'booked by http' }],
    }));
    await server.connect(transport as Transport);
    return transport;
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as { port: number }).port}/mcp`;
}
