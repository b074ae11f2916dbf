// Tools of an MCP server in a tool loop: a session an attempt, so that nothing of one attempt meets the next. Its start has
// the attempt's time limit, and so has each call.
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { CallGate } from '../core/gate.ts';
import type { McpServer } from '../core/harness.ts';
import type { Order } from '../core/order.ts';
import { connectMcp, type McpSession } from '../providers/mcp.ts';
import type { Attempted } from './attempt.ts';
import type { Given, Handlers } from './tool-results.ts';

export async function withMcp(
  input: {
    readonly order: Order;
    readonly mcp: McpServer;
    /** Where it is started, absolute. */
    readonly folder: string;
    readonly env: Env;
    readonly clock: Clock;
    readonly gate: CallGate;
    readonly signal: AbortSignal | null;
  },
  work: (handlers: Handlers) => Promise<Attempted>,
): Promise<Attempted> {
  const { mcp: server, folder, order } = input;
  let session: Promise<McpSession> | null = null;
  // Started when the first call comes: an answer without one costs no process.
  const open = (): Promise<McpSession> => {
    input.gate.works(order.timeoutMs);
    const { env, clock, signal } = input;
    session ??= connectMcp({ server, folder, env, clock, signal, timeoutMs: order.timeoutMs });
    return session;
  };
  const call = async (name: string, given: Given): Promise<string> => {
    const opened = await open();
    input.gate.works(order.timeoutMs);
    return opened.call(name, given);
  };
  const handlers: Handlers = new Map(
    (server.seen?.tools ?? []).map(({ name }) => [
      name,
      { source: 'mcp', call: (given) => call(name, given) },
    ]),
  );
  const close = async (): Promise<readonly string[]> => {
    const opened = await (session as Promise<McpSession> | null)?.catch(() => null);
    const undeclared = opened?.undeclared() ?? [];
    await opened?.close().catch(() => {});
    return undeclared;
  };
  const attempted = await work(handlers).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const undeclared = await close();
  return undeclared.length === 0 ? attempted : { ...attempted, undeclared };
}
