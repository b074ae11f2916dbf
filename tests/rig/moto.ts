// A server of S3 that is not ours: moto, from PyPI. With a bucket, a key that may write and one that may read.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pythonEnv } from './python-env.ts';

export type S3Key = { readonly id: string; readonly secret: string };

export type Moto = {
  readonly port: number;
  readonly bucket: string;
  readonly writer: S3Key;
  readonly reader: S3Key;
  [Symbol.asyncDispose](): Promise<void>;
};

/**
 * It looks whether a file is there, and puts it there, in two steps, each request in a thread: on a busy machine two of thirty writers won.
 * Requests are answered one after the other here, each once its body is there.
 */
const SERVER = `
import io, sys, threading, flask
from moto.server import main
answer, lock = flask.Flask.wsgi_app, threading.Lock()
def one(self, environ, start):
    if 'HTTP_TRANSFER_ENCODING' not in environ:
        length = int(environ.get('CONTENT_LENGTH') or 0)
        environ['wsgi.input'] = io.BytesIO(environ['wsgi.input'].read(length))
    with lock:
        return answer(self, environ, start)
flask.Flask.wsgi_app = one
main(sys.argv[1:])
`;

/** null = PyPI does not give it here; that was said, and the suite is to be left out. With CI=true it throws. */
export async function motoEnv(): Promise<string | null> {
  return pythonEnv(['moto[server]>=5']);
}

export async function startMoto(env: string): Promise<Moto> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-moto-'));
  const child = spawn(path.join(env, 'bin/python'), ['-c', SERVER, '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: folder,
    // It keeps large bodies in files of the folder for those.
    env: { ...process.env, TMPDIR: folder, PYTHONUNBUFFERED: '1' },
  });
  const port = await portOf(child.stderr);
  child.stderr.resume();
  const base = `http://127.0.0.1:${port}`;
  const bucket = 'shared';
  await asAdmin(base, { service: 's3', path: `/${bucket}`, method: 'PUT' });
  // As docs/remotes.md names them.
  const reading = ['s3:GetObject', 's3:ListBucket'];
  const writer = await user(base, { name: 'writer', actions: ['s3:PutObject', ...reading] });
  const reader = await user(base, { name: 'reader', actions: reading });
  // From now on keys and signatures are looked at.
  await fetch(`${base}/moto-api/reset-auth`, { method: 'POST', body: '0' }).then(mustBeOk);
  return {
    ...{ port, bucket, writer, reader },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function portOf(stderr: NodeJS.ReadableStream): Promise<number> {
  let said = '';
  for await (const line of createInterface({ input: stderr })) {
    said += `${line}\n`;
    const port = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`moto did not start: ${said}`);
}

async function user(
  base: string,
  { name, actions }: { readonly name: string; readonly actions: readonly string[] },
): Promise<S3Key> {
  const iam = (form: { readonly [field: string]: string }): Promise<string> =>
    asAdmin(base, {
      ...{ service: 'iam', path: '/', method: 'POST' },
      body: new URLSearchParams({ ...form, UserName: name, Version: '2010-05-08' }),
    });
  await iam({ Action: 'CreateUser' });
  const made = await iam({ Action: 'CreateAccessKey' });
  const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
  const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam({ Action: 'PutUserPolicy', PolicyName: 'rights', PolicyDocument: document });
  const element = (tag: string): string => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(made)![1]!;
  return { id: element('AccessKeyId'), secret: element('SecretAccessKey') };
}

async function asAdmin(
  base: string,
  input: {
    readonly service: string;
    readonly path: string;
    readonly method: string;
    readonly body?: URLSearchParams;
  },
): Promise<string> {
  const scope = `admin/20260101/us-east-1/${input.service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=x`;
  const { body = null, method } = input;
  return fetch(`${base}${input.path}`, { method, headers: { authorization }, body }).then(mustBeOk);
}

async function mustBeOk(answer: Response): Promise<string> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`moto answered ${answer.status}: ${text.slice(0, 300)}`);
  return text;
}
