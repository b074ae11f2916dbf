// S3 without a server of S3: signatures, addresses, and what refusals mean.
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RemoteSettings } from '../../src/core/remote.ts';
import { openRemote } from '../../src/remote/index.ts';
import type { RemoteError, RemoteFiles } from '../../src/remote/remote.ts';
import { credentialsOf, placeOf } from '../../src/remote/s3-place.ts';
import { signedHeaders } from '../../src/remote/s3-sign.ts';
import { type FileServerOptions, fileServer } from '../rig/file-server.ts';
import { envName, remoteSettings, remoteWorld } from '../rig/remote-settings.ts';

const never = new AbortController().signal;
const MAX = { maxBytes: 1000, signal: never };
const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE0000000001',
  AWS_SECRET_ACCESS_KEY: 'sec/ret+0123456789abcdefghij',
};

describe('a signature', () => {
  it('is that of the documentation', async () => {
    // docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "PUT Object"
    const headers = await signedHeaders(
      {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        sessionToken: null,
      },
      {
        ...{ method: 'PUT', region: 'us-east-1', now: new Date('2013-05-24T00:00:00Z') },
        url: new URL('https://examplebucket.s3.amazonaws.com/test%24file.text'),
        headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
        body: Buffer.from('Welcome to Amazon S3.'),
      },
    );
    expect(headers.authorization).toContain(
      'Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    );
  });
});

describe('an address of S3', () => {
  const urlOf = (of: Partial<RemoteSettings>, env = {}): string =>
    placeOf(remoteSettings({ kind: 's3', url: 's3://bucket/team/a b', ...of }), env).urlOf('x/log/1.json')
      .href;

  it.each([
    [{}, {}, 'https://bucket.s3.us-east-1.amazonaws.com/team/a%20b/x/log/1.json'],
    [{ region: 'eu-west-1' }, {}, 'https://bucket.s3.eu-west-1.amazonaws.com/team/a%20b/x/log/1.json'],
    [
      {},
      { AWS_REGION: 'cn-north-1' },
      'https://bucket.s3.cn-north-1.amazonaws.com.cn/team/a%20b/x/log/1.json',
    ],
    [
      {},
      { AWS_DEFAULT_REGION: 'eu-west-1' },
      'https://bucket.s3.eu-west-1.amazonaws.com/team/a%20b/x/log/1.json',
    ],
    [{ url: 's3://a.b.c' }, {}, 'https://s3.us-east-1.amazonaws.com/a.b.c/x/log/1.json'],
    [
      { url: "s3://bucket/(1)+é'*!" },
      { AWS_REGION: 'r' },
      'https://bucket.s3.r.amazonaws.com/%281%29%2B%C3%A9%27%2A%21/x/log/1.json',
    ],
    [
      { endpoint: 'https://minio.example:9000' },
      {},
      'https://minio.example:9000/bucket/team/a%20b/x/log/1.json',
    ],
    [
      { endpoint: 'https://h.example/s3', style: 'virtual' },
      {},
      'https://bucket.h.example/s3/team/a%20b/x/log/1.json',
    ],
    [{}, { AWS_ENDPOINT_URL: 'https://e.example' }, 'https://e.example/bucket/team/a%20b/x/log/1.json'],
    [
      {},
      { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', AWS_ENDPOINT_URL: 'https://e.example' },
      'http://127.0.0.1:9/bucket/team/a%20b/x/log/1.json',
    ],
  ] as const)('%j with %j', (of, env, wanted) => {
    expect(urlOf(of, env)).toBe(wanted);
  });

  it.each([
    ['https://s3.eu-central-003.backblazeb2.com', 'eu-central-003'],
    ['https://abc.r2.cloudflarestorage.com', 'auto'],
    ['https://s3.eu-west-2.wasabisys.com', 'eu-west-2'],
    ['https://minio.example', 'us-east-1'],
  ])('at %s is in the region %s', (endpoint, region) => {
    expect(placeOf(remoteSettings({ kind: 's3', url: 's3://bucket', endpoint }), {}).region).toBe(region);
  });

  it('is not one of the environment that everybody can listen to', () => {
    const env = { AWS_ENDPOINT_URL: 'http://minio.example:9000' };
    expect(() => urlOf({}, env)).toThrow('the endpoint of the environment');
    expect(urlOf({ allowHttp: true }, env)).toMatch(/^http:\/\/minio\.example:9000\/bucket/);
  });
});

describe('who asks', () => {
  const settings = remoteSettings({ kind: 's3', url: 's3://bucket' });

  it('is who the usual variables say, with their session, or nobody', () => {
    const env = { ...KEYS, AWS_SESSION_TOKEN: ' tok\n' };
    expect(credentialsOf(settings, env).credentials).toEqual({
      accessKeyId: KEYS.AWS_ACCESS_KEY_ID,
      ...{ secretAccessKey: KEYS.AWS_SECRET_ACCESS_KEY, sessionToken: 'tok' },
    });
    expect(credentialsOf(settings, { AWS_SESSION_TOKEN: 'tok' }).credentials).toBeNull();
  });

  it('is who the named variables say, without the session of another key', () => {
    const named = { ...settings, accessKeyEnv: envName('ID'), secretKeyEnv: envName('SECRET') };
    const env = { ...KEYS, AWS_SESSION_TOKEN: 'tok', ID: 'mine', SECRET: 'hidden' };
    expect(credentialsOf(named, env).credentials).toEqual({
      ...{ accessKeyId: 'mine', secretAccessKey: 'hidden', sessionToken: null },
    });
    expect(() => credentialsOf(named, KEYS)).toThrow(
      'the environment variable ID is not set, which experiment.yaml:12',
    );
  });

  it('is nobody with half a key', () => {
    expect(() => credentialsOf(settings, { AWS_ACCESS_KEY_ID: 'a' })).toThrow(
      'of the two variables of an S3 key, AWS_SECRET_ACCESS_KEY is not set',
    );
  });
});

async function opened(
  first: FileServerOptions['first'],
  env: { readonly [name: string]: string } = KEYS,
): Promise<{
  readonly remote: RemoteFiles;
  readonly asked: readonly { readonly authorization: string | null }[];
}> {
  const server = await fileServer(first === undefined ? {} : { first });
  const settings = remoteSettings({
    kind: 's3',
    url: 's3://bucket',
    endpoint: `http://127.0.0.1:${server.port}`,
  });
  const remote = await openRemote(settings, remoteWorld(env));
  onTestFinished(async () => {
    await remote[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { remote, asked: server.asked };
}

const failureOf = (work: Promise<unknown>): Promise<RemoteError> =>
  work.then(
    (value) => Promise.reject(new Error(`it worked: ${String(value)}`)),
    (cause: RemoteError) => cause,
  );

type Said = {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly more?: string;
  readonly headers?: { readonly [name: string]: string };
};

function refusing({
  status,
  code,
  message = 'No.',
  more = '',
  headers = {},
}: Said): NonNullable<FileServerOptions['first']> {
  const xml = `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;
  return (request, response) => {
    // What is sent is taken first, as real stores do.
    request.resume().on('end', () => response.writeHead(status, headers).end(code === undefined ? '' : xml));
    return true;
  };
}

describe('a refusal of S3', () => {
  it.each<[Said, 'read' | 'write', object]>([
    [
      { status: 403, code: 'AccessDenied' },
      'write',
      { kind: 'forbidden', advice: expect.stringContaining('s3:PutObject') },
    ],
    [
      { status: 403, code: 'AccessDenied' },
      'read',
      { kind: 'forbidden', advice: expect.stringContaining('s3:ListBucket') },
    ],
    [{ status: 403 }, 'read', { kind: 'forbidden', message: expect.stringContaining('x/a: refused (403)') }],
    [
      { status: 403, code: 'InvalidAccessKeyId' },
      'read',
      { kind: 'unauthorized', advice: 'look at the values of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' },
    ],
    [{ status: 403, code: 'SignatureDoesNotMatch' }, 'write', { kind: 'unauthorized' }],
    [
      { status: 400, code: 'ExpiredToken' },
      'read',
      { kind: 'unauthorized', advice: 'get new credentials: AWS_SESSION_TOKEN is too old' },
    ],
    [
      { status: 404, code: 'NoSuchBucket' },
      'read',
      { kind: 'refused', message: expect.stringContaining('there is no bucket bucket') },
    ],
    [{ status: 404, code: 'NoSuchBucket' }, 'write', { kind: 'refused' }],
    [
      { status: 501, code: 'NotImplemented' },
      'write',
      { kind: 'unsupported', advice: expect.stringContaining('If-None-Match') },
    ],
    [{ status: 413 }, 'write', { kind: 'too-large' }],
    [{ status: 400, code: 'EntityTooLarge' }, 'write', { kind: 'too-large' }],
    [
      { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-west-1' } },
      'read',
      { kind: 'refused', advice: 'write region: eu-west-1 under "remote"' },
    ],
    [
      { status: 400, code: 'AuthorizationHeaderMalformed', more: '<Region>eu-north-1</Region>' },
      'write',
      { kind: 'refused', advice: 'write region: eu-north-1 under "remote"' },
    ],
    [{ status: 307, code: 'TemporaryRedirect' }, 'write', { kind: 'refused' }],
    [
      { status: 400, code: 'InvalidRequest', message: 'A &lt;b&gt; &amp;amp; c\u001b[31m' },
      'write',
      { kind: 'refused', message: expect.stringContaining('InvalidRequest (400): A <b> &amp; c') },
    ],
  ])('%j to a %s', async (said, asked, wanted) => {
    const { remote } = await opened(refusing(said));
    const work = asked === 'read' ? remote.get('x/a', MAX) : remote.create('x/a', Buffer.from('1'), never);
    const error = await failureOf(work);
    expect(error).toMatchObject({ ...wanted, status: said.status });
    expect(error.message).not.toContain('\u001b');
    expect(error.message).toContain('s3://bucket at 127.0.0.1');
  });

  it('is no refusal where a name is not there', async () => {
    const { remote } = await opened(refusing({ status: 404, code: 'NoSuchKey' }));
    expect(await remote.get('x/a', MAX)).toBeNull();
  });

  it('of a clock that is wrong says by how much', async () => {
    const now = Date.now();
    const headers = { date: new Date(now - 47 * 60_000).toUTCString() };
    const { remote } = await opened(refusing({ status: 403, code: 'RequestTimeTooSkewed', headers }));
    expect(await failureOf(remote.get('x/a', MAX))).toMatchObject({
      kind: 'unauthorized',
      advice: "set the clock of this machine: it is 47 minutes ahead of the store's",
    });
  });

  it('tells no secret, though the store says it', async () => {
    const message = `The key ${KEYS.AWS_SECRET_ACCESS_KEY} of ${KEYS.AWS_ACCESS_KEY_ID} is wrong`;
    const { remote } = await opened(refusing({ status: 403, code: 'AccessDenied', message }));
    const error = await failureOf(remote.get('x/a', MAX));
    expect(error.message).toContain(
      'The key [redacted:AWS_SECRET_ACCESS_KEY] of [redacted:AWS_ACCESS_KEY_ID]',
    );
    expect(`${error.stack}${String(error.cause)}`).not.toContain(KEYS.AWS_SECRET_ACCESS_KEY);
  });

  it('of two writers at one time is asked again', async () => {
    let times = 0;
    const conflict = refusing({ status: 409, code: 'ConditionalRequestConflict' });
    const { remote } = await opened((request, response) =>
      times++ < 2 ? conflict(request, response) : false,
    );
    expect(await remote.create('x/a', Buffer.from('1'), never)).toBe('made');
    expect(times).toBe(3);
  });

  it('is asked for without a signature where there is no key', async () => {
    const { remote, asked } = await opened(undefined, {});
    expect(await remote.get('x/a', MAX)).toBeNull();
    expect(asked).toMatchObject([{ authorization: null }]);
    const { remote: kept } = await opened(refusing({ status: 403, code: 'AccessDenied' }), {});
    expect(await failureOf(kept.get('x/a', MAX))).toMatchObject({
      kind: 'unauthorized',
      advice: 'no key is set: export AWS_ACCESS_KEY_ID=... and AWS_SECRET_ACCESS_KEY=...',
    });
  });
});
