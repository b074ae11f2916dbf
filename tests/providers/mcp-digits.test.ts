// Numbers that JavaScript cannot hold, on their way to an MCP server: a program that gives back the line it was sent.
import path from 'node:path';
import { expect, test } from 'vitest';
import { connectMcp } from '../../src/providers/mcp.ts';
import { writeFiles } from '../rig/files.ts';
import { realClock } from '../rig/model-calls.ts';
import { tempFolder } from '../rig/temp.ts';

const ECHO = `
import { createInterface } from 'node:readline';
const say = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize')
    say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'echo', version: '1' } });
  if (method === 'tools/call') say(id, { content: [{ type: 'text', text: line }] });
});
`;

test('arrive with every digit, as numbers', async () => {
  const folder = tempFolder();
  writeFiles(folder, { 'echo.mjs': ECHO });
  const session = await connectMcp({
    server: {
      ...{ command: [process.execPath, path.join(folder, 'echo.mjs')], url: null, only: null, seen: null },
      ...{ env: { set: {}, pass: [] }, code: { files: [], packages: [] } },
    },
    ...{ folder, env: {}, clock: realClock, timeoutMs: 30_000, signal: null },
  });
  try {
    const line = await session.call('get', {
      id: 2512292042121000001n,
      in: [-2512292042121000002n, 7],
      s: 'x',
    });
    expect(line).toContain('"arguments":{"id":2512292042121000001,"in":[-2512292042121000002,7],"s":"x"}');
  } finally {
    await session.close();
  }
});
