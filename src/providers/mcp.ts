// MCP servers: what they offer and what their tools give back. The only file that knows `@modelcontextprotocol/sdk`; a
// server that is a program is started as every other program is.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Env } from '../core/env.ts';
import type { McpSeen, McpServer } from '../core/harness.ts';
import type { JsonObject } from '../core/json.ts';
import type { Tool } from '../core/manifest.ts';
import { openReads, type Reads } from './reads.ts';
import { type Spawned, startProcess, strictEnv } from './spawn.ts';

export type McpSession = {
  /** Its name, its version, and its tools, sorted by name. @throws what the SDK throws where it does not answer. */
  describe(): Promise<McpSeen>;
  /** @returns what it gave back, as text @throws Error where the tool says that it failed */
  call(name: string, given: JsonObject): Promise<string>;
  /** What it read of the project so far, beside its code; nothing where it is no program of ours. */
  undeclared(): readonly string[];
  close(): Promise<void>;
};

const MAX_TOOLS = 1000;
const MAX_PAGES = 100;

/** @throws Error with the server's last words where it cannot be reached. */
export async function connectMcp(of: {
  readonly server: McpServer;
  /** Absolute; a program starts here. */
  readonly folder: string;
  readonly env: Env;
  readonly timeoutMs: number;
}): Promise<McpSession> {
  const { server, timeoutMs } = of;
  const client = new Client({ name: 'expgraph', version: '1' });
  const reads = openReads(of.folder);
  const program = server.command === null ? null : makeProgram({ ...of, command: server.command, reads });
  const transport = program ?? new StreamableHTTPClientTransport(new URL(server.url!));
  const options = { timeout: timeoutMs };
  const within = async <Value>(asked: Promise<Value>): Promise<Value> => {
    try {
      return await asked;
    } catch (error) {
      const said = program?.lastWords() ?? '';
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`MCP server ${nameOf(server)}: ${why}${said === '' ? '' : ` (${said})`}`);
    }
  };
  await within(client.connect(transport as Transport, options)).catch(async (error: unknown) => {
    await client.close().catch(() => {});
    reads.close();
    throw error;
  });
  return {
    async describe() {
      const tools: Tool[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const listed = await within(client.listTools(cursor === undefined ? {} : { cursor }, options));
        for (const { name, description, inputSchema } of listed.tools) {
          const parameters = plain(inputSchema);
          tools.push({ name, description: description ?? null, parameters, strict: null });
        }
        cursor = listed.nextCursor;
        if (cursor === undefined || tools.length > MAX_TOOLS) break;
      }
      const { name = nameOf(server), version = '0' } = client.getServerVersion() ?? {};
      return { name, version, tools: tools.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
    async call(name, given) {
      const result = await within(client.callTool({ name, arguments: given }, undefined, options));
      const text = textOf(result as { content?: unknown; structuredContent?: unknown });
      if (result.isError === true) throw new Error(text === '' ? 'the tool failed' : text);
      return text;
    },
    undeclared: () => reads.undeclared(server.code),
    async close() {
      await client.close();
      reads.close();
    },
  };
}

export function nameOf({ command, url }: McpServer): string {
  return command === null ? new URL(url!).host : command.slice(0, 3).join(' ');
}

function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value ?? {})) as JsonObject;
}

/** Texts as they are; what is no text (a picture, a resource) as its JSON, without its bytes. */
function textOf({ content, structuredContent }: { content?: unknown; structuredContent?: unknown }): string {
  const parts = Array.isArray(content)
    ? (content as { type?: unknown; text?: unknown; data?: unknown }[])
    : [];
  const texts = parts.map((part) =>
    typeof part.text === 'string' ? part.text : JSON.stringify({ ...part, data: part.data && '...' }),
  );
  if (texts.length > 0) return texts.join('\n');
  return structuredContent === undefined ? '' : JSON.stringify(structuredContent);
}

const MAX_LINE_CHARS = 16 * 1024 * 1024;

/** JSON-RPC lines over a program's input and output. https://modelcontextprotocol.io/specification (stdio) */
function makeProgram(of: {
  readonly command: readonly string[];
  readonly server: McpServer;
  readonly folder: string;
  readonly env: Env;
  readonly reads: Reads;
}): Transport & { readonly lastWords: () => string } {
  let child: Spawned | null = null;
  let line = '';
  let errors = '';
  const transport: Transport & { readonly lastWords: () => string } = {
    lastWords: () => errors.trimEnd().split('\n').at(-1)!.slice(0, 500),
    async start() {
      child = startProcess({
        ...{ argv: of.command, cwd: of.folder, env: of.reads.env(strictEnv(of.env, of.server.env)) },
        onErrors(text) {
          errors = (errors + text).slice(-4_000);
        },
        onOutput(text) {
          const pieces = (line + text).split('\n');
          line = pieces.pop()!;
          if (line.length > MAX_LINE_CHARS) child?.kill();
          for (const piece of pieces) if (piece.trim() !== '') take(piece);
        },
      });
      void child.ended.then(({ problem }) => {
        if (problem !== null) errors += `\n${problem}`;
        transport.onclose?.();
      });
    },
    async send(message) {
      child?.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      child?.endInput();
      child?.kill();
      await child?.ended;
    },
  };
  const take = (text: string): void => {
    try {
      transport.onmessage?.(JSON.parse(text) as JSONRPCMessage);
    } catch (error) {
      transport.onerror?.(error as Error);
    }
  };
  return transport;
}
