// The face of the room: an OpenAI-compatible server on loopback that plays a model. It is a simulation, no model.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, clockOf } from '../../core/clock.ts';
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import { makeListener } from './listener.ts';
import { makeCounters, type SimStats } from './stats.ts';

export type { SimStats };

export type SimOptions = {
  readonly settings: SimSettings;
  /** 0 or left out = a free one. */
  readonly port?: number;
  /** Demanded of each call; null or left out = none is. */
  readonly apiKey?: string | null;
  /** A prompt with more tokens is refused with 400; null or left out = no limit. */
  readonly contextTokens?: number | null;
  /** Played at /played/<n>.<answered>/v1 (core/played-by.ts); left out = there are none. */
  readonly scripts?: readonly PlayedScript[];
  /** Left out = the machine's. */
  readonly clock?: Clock;
};

export type Sim = AsyncDisposable & {
  readonly port: number;
  /** Base URL for clients: http://127.0.0.1:PORT/v1 */
  readonly url: string;
  readonly stats: () => SimStats;
  /** Ends every connection, answered or not. */
  readonly close: () => Promise<void>;
};

/** What the thread is started with. */
export type Started = { readonly settings: SimSettings; readonly scripts: readonly PlayedScript[] };

/** What it tells once it listens. `url`: base URL for clients, http://127.0.0.1:PORT/v1. */
export type Listening = { readonly port: number; readonly url: string };

/** Rejects where the port cannot be had, with the error of node:net. */
export async function startSim(options: SimOptions): Promise<Sim> {
  const counters = makeCounters();
  const { port: wanted = 0, ...rest } = options;
  const server = createServer(makeListener({ ...DEFAULTS, ...rest, counters }));
  // An idle connection stays until its client ends it: a server that hangs up first races with the next request.
  server.keepAliveTimeout = 0;
  const port = await listen(server, wanted);
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    port,
    url: `http://127.0.0.1:${port}/v1`,
    stats: () => ({ ...counters }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const DEFAULTS = { apiKey: null, contextTokens: null, clock: clockOf(globalThis), scripts: [] };

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Loopback only, with room for hundreds of clients that connect at once.
    server.listen({ port, host: '127.0.0.1', backlog: 1024 }, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
