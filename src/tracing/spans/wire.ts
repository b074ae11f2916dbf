// Spans -> the body of POST /runs/multipart: each span's head and its large members as parts of their own.
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Span } from '../../core/trace.ts';

/** A span with the project that it goes to. */
export type WireRun = Span & {
  readonly session_name?: string;
  readonly session_id?: string;
  readonly reference_example_id?: string;
};

export type Body = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly headers: { readonly [name: string]: string };
};

/** Members that the service reads only when somebody looks at them. */
const LARGE = ['inputs', 'outputs', 'events', 'extra', 'error'] as const;

export function multipartBody(runs: readonly WireRun[], encoding: 'gzip' | 'plain'): Body {
  const parts = runs.flatMap((run) => {
    const head: { [member: string]: unknown } = { ...run };
    for (const name of LARGE) delete head[name];
    const large = LARGE.flatMap((name) =>
      run[name] === undefined ? [] : [[`post.${run.id}.${name}`, run[name]] as const],
    );
    return [[`post.${run.id}`, head] as const, ...large];
  });
  const plain = partsBody(parts);
  if (encoding === 'plain') return plain;
  const bytes = new Uint8Array(gzipSync(plain.bytes));
  return { bytes, headers: { ...plain.headers, 'content-encoding': 'gzip' } };
}

/** JSON values by name as one form. */
export function partsBody(parts: readonly (readonly [name: string, value: unknown])[]): Body {
  // Nobody who writes a text that is sent can know it.
  const boundary = `----expgraph${randomUUID()}`;
  const pieces = parts.map(([name, value]) => {
    const json = JSON.stringify(value);
    return [
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n`,
      `Content-Type: application/json; length=${Buffer.byteLength(json)}\r\n\r\n${json}\r\n`,
    ].join('');
  });
  return {
    bytes: new Uint8Array(Buffer.from(`${pieces.join('')}--${boundary}--\r\n`)),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** What a service without multipart takes. */
export function batchBody(runs: readonly WireRun[]): Body {
  return jsonBody({ post: runs, patch: [] });
}

export function jsonBody(value: unknown): Body {
  return {
    bytes: new Uint8Array(Buffer.from(JSON.stringify(value))),
    headers: { 'content-type': 'application/json' },
  };
}
