// MCP servers: what they offer and what their tools give back. The only file that knows `@modelcontextprotocol/sdk`; a
// server that is a program is started as every other program is.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { McpSeen, McpServer } from '../core/harness.ts';
import { readDigits, unread, writeDigits } from '../core/json-text.ts';
import { startLimit } from '../core/limit.ts';
import type { Tool } from '../core/manifest.ts';
import { err, ok, type Result } from '../core/result.ts';
import { exactObject } from '../core/untrusted-json.ts';
import { openReads, type Reads } from './reads.ts';
import { type Spawned, startProcess, strictEnv } from './spawn.ts';

/** A tool that cannot be offered: `why` is read after its name. */
export type RefusedTool = { readonly name: string; readonly why: string };

export type McpSession = {
  /** Its name, its version, and its tools, sorted by name. @throws what the SDK throws where it does not answer. */
  describe(): Promise<{ readonly seen: McpSeen; readonly refused: readonly RefusedTool[] }>;
  /** @returns what it gave back, as text @throws Error where the tool says that it failed */
  call(name: string, given: { readonly [name: string]: unknown }): Promise<string>;
  /** What it read of the project so far, beside its code; nothing where it is no program of ours. */
  undeclared(): readonly string[];
  close(): Promise<void>;
};

const MAX_TOOLS = 1000;
const MAX_PAGES = 100;

/** @throws Error with the server's last words where it cannot be reached. */
export async function connectMcp(input: {
  readonly server: McpServer;
  /** Absolute; a program starts here. */
  readonly folder: string;
  readonly env: Env;
  readonly clock: Clock;
  /** Of its start, and of each request. */
  readonly timeoutMs: number;
  /** Aborted: what is asked ends, and so does a server that is a program. */
  readonly signal: AbortSignal | null;
}): Promise<McpSession> {
  const { server, signal } = input;
  signal?.throwIfAborted();
  const client = new Client({ name: 'expgraph', version: '1' });
  const reads = openReads(input.folder);
  const program = server.command === null ? null : makeProgram({ ...input, command: server.command, reads });
  const transport = program ?? new StreamableHTTPClientTransport(new URL(server.url!));
  const asking = async <Value>(ask: (options: RequestOptions) => Promise<Value>): Promise<Value> => {
    const limit = startRequest(input);
    try {
      return await ask({ timeout: NEVER_MS, signal: limit.signal });
    } catch (error) {
      const said = program?.lastWords() ?? '';
      const why = limit.over() ?? (error instanceof Error ? error.message : String(error));
      throw new Error(`MCP server ${nameOf(server)}: ${why}${said === '' ? '' : ` (${said})`}`);
    } finally {
      limit.end();
    }
  };
  const leave = (): void => void client.close().catch(() => {});
  signal?.addEventListener('abort', leave, { once: true });
  await asking((options) => client.connect(transport as Transport, options)).catch(async (error: unknown) => {
    await client.close().catch(() => {});
    reads.close();
    throw error;
  });
  return {
    async describe() {
      const tools: Tool[] = [];
      const refused: RefusedTool[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const listed = await asking((options) =>
          client.listTools(cursor === undefined ? {} : { cursor }, options),
        );
        for (const listedTool of listed.tools) {
          const tool = readTool(listedTool);
          if (tool.kind === 'ok') tools.push(tool.value);
          else refused.push({ name: listedTool.name.toWellFormed(), why: tool.error });
        }
        cursor = listed.nextCursor;
        if (cursor === undefined || tools.length > MAX_TOOLS) break;
      }
      const { name = nameOf(server), version = '0' } = client.getServerVersion() ?? {};
      tools.sort((a, b) => (a.name < b.name ? -1 : 1));
      return { seen: { name: name.toWellFormed(), version: version.toWellFormed(), tools }, refused };
    },
    async call(name, given) {
      const result = await asking((options) =>
        client.callTool({ name, arguments: asJson(given) }, undefined, options),
      );
      const text = textOf(result as { content?: unknown; structuredContent?: unknown });
      if (result.isError === true) throw new Error(text === '' ? 'the tool failed' : text);
      return text;
    },
    undeclared: () => reads.undeclared(server.code),
    async close() {
      signal?.removeEventListener('abort', leave);
      await client.close();
      reads.close();
    },
  };
}

/** A BigInt as the number that it is: the SDK writes messages with JSON.stringify, which has no word for one. */
function asJson(given: { readonly [name: string]: unknown }): { [name: string]: unknown } {
  return readDigits(writeDigits(given) ?? '{}', unread) as { [name: string]: unknown };
}

/** Longer than any limit here: the SDK's own timers would throw away answers that came while this process was stopped. */
const NEVER_MS = 2 ** 31 - 1;

/** The time limit of one request, or its being called off. */
function startRequest(input: {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
}): { readonly signal: AbortSignal; readonly over: () => string | null; readonly end: () => void } {
  const { signal, timeoutMs } = input;
  const controller = new AbortController();
  let over: string | null = null;
  const limit = startLimit(input.clock, timeoutMs, () => {
    over = `no answer in ${timeoutMs / 1000} s`;
    controller.abort(new Error(over));
  });
  const onAbort = (): void => controller.abort(new Error('called off'));
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    over: () => over,
    end() {
      limit.cancel();
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Why the server cannot be used as it is; null = it can: what is not offered to a model harms nobody. */
export function refusalOf(server: McpServer, refused: readonly RefusedTool[]): string | null {
  const bad = refused.find(({ name }) => server.only?.includes(name) ?? true);
  if (!bad) return null;
  const tool = `the tool ${JSON.stringify(bad.name.slice(0, 100))} of the MCP server ${nameOf(server)}`;
  return `${tool} ${bad.why}: it cannot be offered; name the others under "mcp: { tools: [...] }", or mend the server`;
}

export function nameOf({ command, url }: McpServer): string {
  return command === null ? new URL(url!).host : command.slice(0, 3).join(' ');
}

/** What a model is shown counts in the key, so it is taken as it stands or not at all. */
function readTool(listed: {
  readonly name: string;
  readonly description?: string | undefined;
  readonly inputSchema: unknown;
}): Result<Tool, string> {
  const { name, description = null } = listed;
  if (!name.isWellFormed()) return err('has half a character in its name');
  const parameters = exactObject(listed.inputSchema ?? {});
  if (parameters.kind === 'err') return err(`has an inputSchema whose contents ${parameters.error}`);
  const told = description?.toWellFormed() ?? null;
  return ok({ name, description: told, parameters: structuredClone(parameters.value), strict: null });
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
function makeProgram(input: {
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
        argv: input.command,
        cwd: input.folder,
        env: input.reads.env(strictEnv(input.env, input.server.env)),
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
