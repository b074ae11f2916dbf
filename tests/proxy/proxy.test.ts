// The recording proxy itself: what passes is what came, whoever does not belong gets nothing, and what cannot be told apart
// is not guessed.
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { OPEN_GATE } from '../../src/core/gate.ts';
import { mergeSeen } from '../../src/proxy/merge.ts';
import { openProxy, upstreamsOf } from '../../src/proxy/proxy.ts';
import { tellTurn } from '../../src/worker/programs/proxy-line.ts';
import { orderAt } from '../rig/model-calls.ts';

const clock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: Buffer) => void;

async function upstream(handler: Handler): Promise<string> {
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    handler(request, response, Buffer.concat(chunks));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answer = (text: string): string =>
  JSON.stringify({
    model: 'm-1',
    choices: [{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
  });

async function recorded(url: string) {
  const proxy = await openProxy({ env: {}, clock });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const open = () =>
    proxy.open({
      order: orderAt(null),
      gate: OPEN_GATE,
      upstreams: { OPENAI_BASE_URL: `${url}/v1` },
      exchanges: null,
    });
  return { proxy, open };
}

/** As it comes: status, headers, bytes. */
function raw(url: string, options: http.RequestOptions & { readonly body?: string | Buffer } = {}) {
  const { body = '{"model": "m", "messages": []}', ...more } = options;
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; bytes: Buffer }>(
    (resolve, reject) => {
      const request = http.request(url, { method: 'POST', agent: false, ...more }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(chunks) }),
        );
      });
      request.on('error', reject);
      request.end(body);
    },
  );
}

describe('what passes', () => {
  test('is byte for byte what came, compressed as it was, and read all the same', async () => {
    const packed = gzipSync(answer('packed'));
    let came: http.IncomingHttpHeaders = {};
    const { open } = await recorded(
      await upstream((request, response) => {
        came = request.headers;
        response.writeHead(200, {
          ...{ 'content-type': 'application/json', 'content-encoding': 'gzip', 'x-mine': 'kept' },
          ...{ 'content-length': packed.length, connection: 'close, x-hop', 'x-hop': 'dropped' },
        });
        response.end(packed);
      }),
    );
    const route = open();
    const { base, route: token } = route.order;
    const got = await raw(`${base}/${token}/OPENAI_BASE_URL/chat/completions?v=1`, {
      headers: {
        authorization: 'Bearer k',
        'proxy-authorization': 'no',
        'x-mine': '1',
        'accept-encoding': 'gzip',
      },
    });
    expect([got.bytes.equals(packed), got.headers['x-mine'], got.headers['x-hop']]).toEqual([
      true,
      'kept',
      undefined,
    ]);
    expect(gunzipSync(got.bytes).toString()).toBe(answer('packed'));
    expect(came).toMatchObject({
      authorization: 'Bearer k',
      'x-mine': '1',
      host: expect.stringContaining('127.0.0.1'),
    });
    expect(came['proxy-authorization']).toBeUndefined();
    expect((await route.close()).calls[0]?.completion.text).toBe('packed');
  });

  test('comes piece by piece as it was said, also when it is long', async () => {
    const long = 'x'.repeat(1024 * 1024);
    let goOn = (): void => {};
    const { open } = await recorded(
      await upstream((_, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"choices": [{"index": 0, "delta": {"content": "first"}}]}\n\n');
        goOn = () => {
          for (let n = 0; n < 8; n++) response.write(`: ${long}\n\n`);
          response.end(
            'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n',
          );
        };
      }),
    );
    const route = open();
    const { base, route: token } = route.order;
    const request = http.request(`${base}/${token}/OPENAI_BASE_URL/chat/completions`, {
      method: 'POST',
      agent: false,
    });
    request.end('{"model": "m", "messages": [], "stream": true}');
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(first.toString()).toContain('first');
    let size = first.length;
    goOn();
    for await (const chunk of response) size += (chunk as Buffer).length;
    expect(size).toBeGreaterThan(8 * long.length);
    expect((await route.close()).calls[0]?.completion.text).toBe('first');
  });

  test('is a broken connection where the server breaks it, and a redirect is handed on and not followed', async () => {
    const url = await upstream((request, response) => {
      if (request.url?.endsWith('/responses'))
        response.writeHead(307, { location: 'http://elsewhere.test/' }).end();
      else {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('half');
        setTimeout(() => response.destroy(), 10);
      }
    });
    const { open } = await recorded(url);
    const route = open();
    const at = `${route.order.base}/${route.order.route}/OPENAI_BASE_URL`;
    await expect(raw(`${at}/chat/completions`)).rejects.toThrow();
    expect(await raw(`${at}/responses`)).toMatchObject({
      status: 307,
      headers: { location: 'http://elsewhere.test/' },
    });
    expect((await route.close()).failed).toMatchObject([{ kind: 'network' }, { status: 307 }]);
  });

  test('shows no key in what is kept of a refusal that says it back', async () => {
    const { open } = await recorded(
      await upstream((request, response) => {
        response.writeHead(401, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { message: `bad key ${request.headers['x-api-key']}` } }));
      }),
    );
    const route = open();
    await raw(`${route.order.base}/${route.order.route}/OPENAI_BASE_URL/chat/completions`, {
      headers: { 'x-api-key': 'sk-0123456789-abc' },
    });
    const [failure] = (await route.close()).failed;
    expect(failure?.message).toContain('bad key');
    expect(JSON.stringify(failure)).not.toContain('sk-0123456789-abc');
  });
});

describe('whoever does not belong', () => {
  test.each([
    [
      'another token',
      (base: string) => [`${base}/nobody/OPENAI_BASE_URL/chat/completions`, {}] as const,
      404,
    ],
    ['no token', (base: string) => [`${base}/v1/chat/completions`, {}] as const, 404],
    [
      'a place that no variable named',
      (base: string, token: string) => [`${base}/${token}/EVIL/chat/completions`, {}] as const,
      404,
    ],
    [
      'a path upwards',
      (base: string, token: string) =>
        [`${base}/${token}/OPENAI_BASE_URL/../x`, { path: `/${token}/OPENAI_BASE_URL/../x` }] as const,
      404,
    ],
    [
      'another host name',
      (base: string, token: string) =>
        [`${base}/${token}/OPENAI_BASE_URL/chat/completions`, { headers: { host: 'evil.test' } }] as const,
      421,
    ],
    [
      'an absolute address',
      (base: string, token: string) => [base, { path: `http://evil.test/${token}` }] as const,
      404,
    ],
  ])('is refused: %s', async (_, asked, status) => {
    let calls = 0;
    const { open } = await recorded(
      await upstream((_, response) => {
        calls++;
        response.end();
      }),
    );
    const { order } = open();
    const [url, options] = asked(order.base, order.route);
    expect([(await raw(url, options)).status, calls]).toEqual([status, 0]);
  });

  test('gets no tunnel, and nothing once its attempt has ended', async () => {
    const { open } = await recorded(await upstream((_, response) => response.end(answer('late'))));
    const route = open();
    const url = new URL(route.order.base);
    const socket = net.connect(Number(url.port), '127.0.0.1');
    socket.write(`CONNECT example.test:443 HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
    await once(socket, 'close');
    await route.close();
    expect(
      (await raw(`${route.order.base}/${route.order.route}/OPENAI_BASE_URL/chat/completions`)).status,
    ).toBe(404);
  });
});

describe('a process that serves many', () => {
  test("has its calls told to whoever's turn it is, and to nobody where it is nobody's or two have it", async () => {
    const { proxy, open } = await recorded(await upstream((_, response) => response.end(answer('yes'))));
    const [a, b] = [open(), open()];
    const at = `${a.order.base}/${a.order.share}/line/OPENAI_BASE_URL/chat/completions`;
    await raw(at);
    expect(proxy.unattributed()).toBe(1);
    await tellTurn(a.order, { line: 'line', begins: true });
    await raw(at);
    await tellTurn(a.order, { line: 'line', begins: false });
    await tellTurn(b.order, { line: 'line', begins: true });
    await raw(at);
    await raw(at);
    await tellTurn(a.order, { line: 'other', begins: true });
    await tellTurn(b.order, { line: 'line', begins: false });
    const seen = [await a.close(), await b.close()];
    expect(seen.map(({ calls, isUnclear }) => [calls.length, isUnclear])).toEqual([
      [1, false],
      [2, false],
    ]);

    const [c, d] = [open(), open()];
    await tellTurn(c.order, { line: 'line', begins: true });
    await tellTurn(d.order, { line: 'line', begins: true });
    await raw(at);
    for (const one of [c, d]) {
      const both = await one.close();
      expect([both.calls.length, both.isUnclear]).toEqual([0, true]);
      const outcome = mergeSeen(
        {
          ...{
            kind: 'success',
            startedAt: '2026-01-01T00:00:00.000Z',
            durationMs: 1,
            requestId: null,
            limits: null,
          },
          completion: {
            text: 'x',
            toolCalls: [],
            messages: [],
            finishReason: null,
            refusal: null,
            usage: null,
            servedModel: null,
            systemFingerprint: null,
          },
        },
        both,
      );
      expect(outcome).toMatchObject({
        kind: 'failure',
        failure: { message: expect.stringContaining('cannot be told') },
      });
    }
  });
});

describe('where a request would have gone', () => {
  test('is where its variable says, else the variable that it falls back to, else the vendor', () => {
    const { upstreams } = upstreamsOf({ OPENAI_BASE_URL: 'http://mine/v1/', ANTHROPIC_BASE_URL: '' });
    expect(upstreams).toMatchObject({
      OPENAI_BASE_URL: 'http://mine/v1',
      OPENAI_API_BASE: 'http://mine/v1',
      ANTHROPIC_BASE_URL: 'https://api.anthropic.com',
      ANTHROPIC_API_URL: 'https://api.anthropic.com',
    });
    expect(upstreams.AZURE_OPENAI_ENDPOINT).toBeUndefined();
    expect(upstreamsOf({ OPENAI_BASE_URL: 'mine' }).problem).toContain('OPENAI_BASE_URL is no address');
  });
});
