// One request and its answer over HTTP. What is sent and what comes is bytes; nothing is followed, unpacked or tried again here.
import http from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import { makeAgents } from '../providers/lean-fetch.ts';
import { RemoteError } from './remote.ts';
import { socketWords } from './socket-words.ts';

export type Asked = {
  readonly method: 'GET' | 'PUT';
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  /** null = none. */
  readonly body: Uint8Array | null;
  /** Of an answer that is a file; of others so much is read as says what is wrong. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

export type Answer = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Uint8Array;
};

export type Exchange = {
  /** @throws RemoteError of the kinds network, timeout, too-large; the signal's reason */
  ask(asked: Asked): Promise<Answer>;
  close(): void;
};

/** What a refusal says is a few hundred bytes of XML, or a page of a proxy. */
const MAX_REFUSAL_BYTES = 64 * 1024;
/** A part of a body, after which a connection has shown that it lives. */
const PART_BYTES = 64 * 1024;
/** Whoever is slower for long is as good as gone. */
const LEAST_BYTES_PER_S = 10_000;

/** Proxies of the environment are used as by all else (HTTPS_PROXY, NO_PROXY). */
export function makeExchange(input: {
  readonly env: Env;
  readonly clock: Clock;
  readonly timeoutMs: number;
}): Exchange {
  const { env, clock, timeoutMs } = input;
  const agentFor = makeAgents(env);
  const agents = new Set<http.Agent>();
  return {
    ask(asked) {
      const agent = agentFor(asked.url);
      agents.add(agent);
      return exchange({ asked, agent, clock, timeoutMs });
    },
    close() {
      for (const agent of agents) agent.destroy();
    },
  };
}

function exchange({
  asked,
  agent,
  clock,
  timeoutMs,
}: {
  readonly asked: Asked;
  readonly agent: http.Agent;
  readonly clock: Clock;
  readonly timeoutMs: number;
}): Promise<Answer> {
  const { method, url, headers, body, maxBytes, signal } = asked;
  const { host } = url;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const { request: open } = url.protocol === 'https:' ? https : http;
    const request = open({
      ...{ ...urlToHttpOptions(url), agent, method },
      headers: {
        // Bytes are what their digest says, or damage: nothing on the way may pack them.
        ...{ 'accept-encoding': 'identity', ...headers },
        ...(body === null ? {} : { 'content-length': String(body.length) }),
      },
    });
    let answer: http.IncomingMessage | null = null;
    let isOver = false;

    /** Nothing may be thrown through `destroy`: on a socket that was just freed nobody listens. */
    const finish = (end: () => void, { isWhole }: { readonly isWhole: boolean }) => {
      if (isOver) return;
      isOver = true;
      cancelIdle();
      cancelWhole();
      signal.removeEventListener('abort', abort);
      end();
      if (!isWhole) request.destroy();
    };
    const fail = (error: unknown) => finish(() => reject(error), { isWhole: false });
    const abort = () => fail(signal.reason);
    const late = () =>
      fail(
        new RemoteError({
          ...{ kind: 'timeout', status: answer?.statusCode ?? null },
          message: `${host}: nothing moved for ${timeoutMs / 1000} s`,
        }),
      );
    const tooSlow = () =>
      fail(
        new RemoteError({ kind: 'timeout', message: `${host}: slower than ${LEAST_BYTES_PER_S} bytes/s` }),
      );
    const wholeMs = timeoutMs + (((body?.length ?? 0) + maxBytes) / LEAST_BYTES_PER_S) * 1000;
    let cancelIdle = clock.after(timeoutMs, late);
    const cancelWhole = clock.after(wholeMs, tooSlow);
    const moved = () => {
      if (isOver) return;
      cancelIdle();
      cancelIdle = clock.after(timeoutMs, late);
    };
    const broken = (cause: Error) => {
      const stage = answer === null ? 'asking' : 'answering';
      fail(new RemoteError({ kind: 'network', ...socketWords(cause, { host, stage }), cause }));
    };

    signal.addEventListener('abort', abort, { once: true });
    request.on('error', (cause) => {
      // Who refuses a long body answers first and closes then: the answer counts.
      if (answer === null) broken(cause);
    });
    request.on('close', () => broken(new Error('the connection closed without an answer')));
    request.on('socket', moved);
    request.on('response', (incoming) => {
      answer = incoming;
      moved();
      const status = incoming.statusCode ?? 0;
      const isFile = status >= 200 && status < 300 && method === 'GET';
      const limit = isFile ? maxBytes : MAX_REFUSAL_BYTES;
      const chunks: Buffer[] = [];
      let size = 0;
      const end = (isWhole: boolean) =>
        finish(() => resolve({ status, headers: incoming.headers, body: Buffer.concat(chunks) }), {
          isWhole,
        });
      const tooLarge = () =>
        fail(
          new RemoteError({
            kind: 'too-large',
            message: `${host}: the answer has more than ${maxBytes} bytes`,
          }),
        );
      if (isFile && Number(incoming.headers['content-length'] ?? 0) > limit) return tooLarge();
      incoming.on('data', (chunk: Buffer) => {
        moved();
        size += chunk.length;
        if (size <= limit) chunks.push(chunk);
        else if (isFile) tooLarge();
        else end(false);
      });
      incoming.on('error', broken);
      incoming.on('end', () => {
        if (incoming.complete) end(request.writableFinished);
        else broken(new Error('the answer ended early'));
      });
    });
    send();

    function send(at = 0): void {
      if (isOver) return;
      if (body === null || at >= body.length) return void request.end();
      const next = Math.min(at + PART_BYTES, body.length);
      request.write(body.subarray(at, next), (cause) => {
        if (cause) return;
        moved();
        send(next);
      });
    }
  });
}
