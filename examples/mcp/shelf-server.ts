// A small MCP server on the official SDK: reminders that it remembers for as long as it lives, and a calendar that is closed.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const version = process.env.SHELF_VERSION ?? '1.0.0';
const server = new Server({ name: 'shelf', version }, { capabilities: { tools: {} } });
const kept: string[] = [];

const text = { type: 'string' };
server.setRequestHandler(ListToolsRequestSchema, () => ({
  tools: [
    {
      name: 'create_reminder',
      description: 'Creates a reminder.',
      inputSchema: { type: 'object' as const, properties: { title: text, due: text }, required: ['title'] },
    },
    {
      name: 'create_event',
      description: 'Creates an event in the calendar.',
      inputSchema: { type: 'object' as const, properties: { title: text, start: text, end: text } },
    },
  ],
}));

server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
  if (params.name === 'create_event') {
    return { isError: true, content: [{ type: 'text', text: 'the calendar is closed' }] };
  }
  kept.push(String(params.arguments?.title));
  return { content: [{ type: 'text', text: JSON.stringify({ ok: true, kept: kept.length }) }] };
});

await server.connect(new StdioServerTransport());
