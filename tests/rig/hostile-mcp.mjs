// An MCP server of raw lines over stdin and stdout, which the SDK would not let anybody write: HOSTILE_TOOLS is the JSON text of its
// list of tools, HOSTILE_RESULT that of what every call gives back.
import { createInterface } from 'node:readline';

const tools = process.env.HOSTILE_TOOLS ?? '[]';
const result = process.env.HOSTILE_RESULT ?? '{"content":[{"type":"text","text":"ok"}]}';
const name = process.env.HOSTILE_NAME ?? '"hostile"';
const ANSWERS = {
  initialize: `{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":${name},"version":"1"}}`,
  'tools/list': `{"tools":${tools}}`,
  'tools/call': result,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line);
  if (id !== undefined)
    process.stdout.write(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${ANSWERS[method]}}\n`);
}
