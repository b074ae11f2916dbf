// Plain HTTP as a remote: its contract, and who is told the token.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RemoteSettings } from '../../src/core/remote.ts';
import { openRemote } from '../../src/remote/index.ts';
import type { RemoteError, RemoteFiles } from '../../src/remote/remote.ts';
import { remoteContract } from '../contract/remote.ts';
import { faultyLine } from '../rig/faulty-line.ts';
import { type FileServerOptions, fileServer } from '../rig/file-server.ts';
import { envName, remoteSettings, remoteWorld } from '../rig/remote-settings.ts';

const TOKEN = 'tok-writer-0a1b2c3d4e';
const READER = 'tok-reader-9f8e7d6c5b';
const WRONG = 'tok-nobody-5555555555';

remoteContract('https', {
  ...{ hasLine: true, asksWho: true },
  async makePlace() {
    const server = await fileServer({ token: TOKEN, readerToken: READER });
    const line = await faultyLine(server.port);
    onTestFinished(async () => {
      await line[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });
    const as = (token: string, timeoutMs = 30_000) =>
      openRemote(
        remoteSettings({
          ...{ kind: 'https', url: `http://127.0.0.1:${line.port}/results`, timeoutMs },
          tokenEnv: envName('SHARE_TOKEN'),
        }),
        remoteWorld({ SHARE_TOKEN: token }),
      );
    return {
      open: ({ timeoutMs } = {}) => as(TOKEN, timeoutMs),
      openReader: () => as(READER),
      wrong: { open: () => as(WRONG), secrets: [WRONG] },
      line,
    };
  },
});

const never = new AbortController().signal;
const MAX = { maxBytes: 1000, signal: never };

async function served(options: FileServerOptions = {}) {
  const server = await fileServer(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { ...server, url: `http://127.0.0.1:${server.port}/results` };
}

async function opened(
  of: Partial<RemoteSettings> & { readonly url: string },
  env = {},
): Promise<RemoteFiles> {
  const remote = await openRemote(remoteSettings({ kind: 'https', ...of }), remoteWorld(env));
  onTestFinished(() => remote[Symbol.asyncDispose]());
  return remote;
}

/** Answers `status`, and so many times only. */
function answering(
  status: number,
  headers: { readonly [name: string]: string } = {},
  times = Number.POSITIVE_INFINITY,
): NonNullable<FileServerOptions['first']> {
  let left = times;
  return (_, response) => {
    if (left-- <= 0) return false;
    response.writeHead(status, headers).end();
    return true;
  };
}

const failureOf = (work: Promise<unknown>): Promise<RemoteError> =>
  work.then(
    (value) => Promise.reject(new Error(`it worked: ${String(value)}`)),
    (cause: RemoteError) => cause,
  );

describe('a remote over HTTP', () => {
  it('tells its token to no other host that it is sent on to', async () => {
    const other = await served();
    other.files.set('/elsewhere/x/a', Buffer.from('moved'));
    const first = await served({
      token: TOKEN,
      first(request, response) {
        if (request.url!.startsWith('/results')) response.writeHead(302, { location: '/moved/x/a' }).end();
        else response.writeHead(307, { location: `http://127.0.0.1:${other.port}/elsewhere/x/a` }).end();
        return true;
      },
    });
    const remote = await opened({ url: first.url, tokenEnv: envName('T') }, { T: TOKEN });
    expect(Buffer.from((await remote.get('x/a', MAX))!).toString()).toBe('moved');
    expect(first.asked.map(({ authorization }) => authorization)).toEqual([
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
    expect(other.asked).toEqual([{ method: 'GET', url: '/elsewhere/x/a', authorization: null }]);
  });

  it('is sent on in a circle no further than a few times, to another machine without TLS not at all, and writes only where it is said', async () => {
    const circle = await served({ first: answering(301, { location: '/results/x/a' }) });
    const round = await failureOf((await opened({ url: circle.url })).get('x/a', MAX));
    expect(round).toMatchObject({ kind: 'refused', status: 301 });
    expect(circle.asked).toHaveLength(6);
    const plain = await served({ first: answering(302, { location: 'http://files.example/x/a' }) });
    const down = await failureOf((await opened({ url: plain.url })).get('x/a', MAX));
    expect(down).toMatchObject({ kind: 'refused', message: expect.stringContaining('http://files.example') });
    const put = await failureOf((await opened({ url: circle.url })).create('x/a', Buffer.from('1'), never));
    expect(put).toMatchObject({ kind: 'refused', advice: 'write the address where the files are' });
  });

  it.each([
    [404, null],
    [410, null],
    [401, { kind: 'unauthorized', advice: 'name the variable that holds a token: token_env: NAME' }],
    [403, { kind: 'forbidden' }],
    [407, { kind: 'unauthorized', advice: 'look at HTTPS_PROXY' }],
    [418, { kind: 'refused' }],
    [204, { kind: 'refused' }],
    [501, { kind: 'network' }],
  ])('takes %i to GET for what it is', async (status, wanted) => {
    const { url } = await served({ first: answering(status) });
    const remote = await opened({ url });
    if (wanted === null) expect(await remote.get('x/a', MAX)).toBeNull();
    else expect(await failureOf(remote.get('x/a', MAX))).toMatchObject({ ...wanted, status });
  });

  it.each([
    [409, { kind: 'refused', advice: expect.stringContaining('WebDAV makes no folders') }],
    [412, 'there'],
    [200, 'made'],
    [204, 'made'],
    [405, { kind: 'forbidden', advice: 'write push: false under "remote"' }],
    [404, { kind: 'forbidden' }],
    [413, { kind: 'too-large' }],
    [401, { kind: 'unauthorized' }],
  ])('takes %i to PUT for what it is', async (status, wanted) => {
    const { url } = await served({ first: answering(status) });
    const remote = await opened({ url });
    const work = remote.create('x/a', Buffer.from('1'), never);
    if (typeof wanted === 'string') expect(await work).toBe(wanted);
    else expect(await failureOf(work)).toMatchObject({ ...wanted, status });
  });

  it('takes 409 to PUT for a file that is there only where one is', async () => {
    const conflict = answering(409);
    const server = await served({ first: (...asked) => asked[0].method === 'PUT' && conflict(...asked) });
    const remote = await opened({ url: server.url });
    expect((await failureOf(remote.create('x/a', Buffer.from('1'), never))).kind).toBe('refused');
    server.files.set('/results/x/a', Buffer.from('theirs'));
    expect(await remote.create('x/a', Buffer.from('1'), never)).toBe('there');
    server.files.set('/results/x/b', Buffer.from(''));
    expect(await remote.create('x/b', Buffer.from('1'), never)).toBe('there');
  });

  it('asks a server again that is busy, and none that asks for an hour', async () => {
    const busy = await served({ first: answering(503, { 'retry-after': '0' }, 2) });
    expect(await (await opened({ url: busy.url })).get('x/a', MAX)).toBeNull();
    expect(busy.asked).toHaveLength(3);
    const far = await served({ first: answering(429, { 'retry-after': '3600' }) });
    expect(await failureOf((await opened({ url: far.url })).get('x/a', MAX))).toMatchObject({
      ...{ kind: 'network', status: 429 },
      message: `${far.url}: x/a: the server is busy or broken (429)`,
    });
    expect(far.asked).toHaveLength(1);
    const broken = await served({ first: answering(500) });
    await failureOf((await opened({ url: broken.url })).get('x/a', MAX));
    expect(broken.asked).toHaveLength(4);
  });

  it('does not take an answer for its own that another wrote after an attempt that failed', async () => {
    const server = await served({ first: answering(502, {}, 1) });
    server.files.set('/results/x/a', Buffer.from('theirs'));
    const remote = await opened({ url: server.url });
    expect(await remote.create('x/a', Buffer.from('mine'), never)).toBe('there');
  });

  it('stops reading what has no length when it is too long', async () => {
    const { url } = await served({
      first(_, response) {
        const more = (): void => void response.write('x'.repeat(10_000), () => setImmediate(more));
        response.on('close', () => response.destroy());
        more();
        return true;
      },
    });
    expect(await failureOf((await opened({ url })).get('x/a', MAX))).toMatchObject({ kind: 'too-large' });
  });

  it('goes through the proxy of the environment, but not to this machine', async () => {
    const proxy = await served();
    proxy.files.set('http://share.example/results/x/a', Buffer.from('by proxy'));
    const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
    const remote = await opened({ url: 'http://share.example/results', allowHttp: true }, env);
    expect(Buffer.from((await remote.get('x/a', MAX))!).toString()).toBe('by proxy');
    const near = await served();
    expect(await (await opened({ url: near.url }, env)).get('x/a', MAX)).toBeNull();
    expect(near.asked).toHaveLength(1);
  });

  it('says which line names a variable that is not set', async () => {
    const url = 'https://share.example/results';
    expect(await failureOf(opened({ url, tokenEnv: envName('SHARE_TOKEN') }))).toMatchObject({
      kind: 'unauthorized',
      message:
        'the environment variable SHARE_TOKEN is not set, which experiment.yaml:12 names for the remote',
    });
  });
});
