// The bodies of LangSmith's wire, read as strictly as the service reads them.
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

export type Part = { readonly name: string; readonly value: unknown };
export type WireRun = { readonly [member: string]: unknown } & { readonly id: string };

export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function decode(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined) return body;
  if (encoding === 'gzip') return gunzipSync(body);
  if (encoding === 'zstd') return zstdDecompressSync(body);
  throw new Refused(415, `encoding ${encoding}`);
}

/** Every part with its name and JSON value. @throws Refused where a part does not say its length, or says another. */
export function readParts(body: Buffer, contentType: string): readonly Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw new Refused(422, 'no boundary');
  const mark = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(mark);
  while (at >= 0) {
    const start = at + mark.length;
    if (body.subarray(start, start + 2).toString() === '--') return parts;
    const headEnd = body.indexOf('\r\n\r\n', start);
    const next = body.indexOf(mark, headEnd);
    if (headEnd < 0 || next < 0) throw new Refused(422, 'a part without an end');
    parts.push(readPart(body.subarray(start, headEnd).toString(), body.subarray(headEnd + 4, next - 2)));
    at = next;
  }
  throw new Refused(422, 'a form without an end');
}

function readPart(head: string, bytes: Buffer): Part {
  const name = /name="([^"]+)"/.exec(head)?.[1];
  if (name === undefined) throw new Refused(422, 'a part without a name');
  // The JavaScript SDK says it in the type, Python's in a header of its own.
  const length =
    /content-type:[^\r\n]*length=(\d+)/i.exec(head)?.[1] ?? /content-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined && Number(length) !== bytes.length)
    throw new Refused(422, `${name}: length is ${bytes.length}`);
  if (length === undefined && /^(post|patch)\./.test(name)) throw new Refused(422, `${name}: no length`);
  return { name, value: JSON.parse(bytes.toString()) };
}

/** Runs out of the parts of /runs/multipart: heads with their large members. */
export function runsOf(parts: readonly Part[]): {
  readonly post: readonly WireRun[];
  readonly patch: readonly WireRun[];
} {
  const runs = { post: new Map<string, object>(), patch: new Map<string, object>() };
  for (const { name, value } of parts) {
    const [kind, id, member] = name.split('.') as [string, string, string | undefined];
    if (kind !== 'post' && kind !== 'patch') continue;
    const known = runs[kind].get(id);
    if (member === undefined) runs[kind].set(id, { ...(value as object), id });
    else if (known) runs[kind].set(id, { ...known, [member]: value });
    else throw new Refused(422, `${name}: its run comes later or never`);
  }
  return { post: [...runs.post.values()] as WireRun[], patch: [...runs.patch.values()] as WireRun[] };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SEGMENT = /^(\d{8}T\d{12}Z)([0-9a-f-]{36})$/;
const TYPES = new Set(['tool', 'chain', 'llm', 'retriever', 'embedding', 'prompt', 'parser']);

/** What the service refuses a run for (seen in the wild, see docs/langsmith.md). */
export function checkRun(run: WireRun): void {
  const { id, parent_run_id: parent } = run;
  const [trace, order] = [String(run.trace_id), String(run.dotted_order)];
  const wrong = (why: string): never => {
    throw new Refused(422, `run ${id}: ${why}`);
  };
  if (!UUID.test(id)) wrong('its id is no UUID');
  const segments = order
    .split('.')
    .map((segment) => SEGMENT.exec(segment) ?? wrong(`bad segment ${segment}`));
  if (segments[0]![2] !== trace) wrong('trace_id does not match first part of dotted_order');
  if (segments.at(-1)![2] !== id) wrong('id does not match last part of dotted_order');
  if (parent === undefined || parent === null) {
    if (segments.length !== 1 || trace !== id) wrong('must contain a single part for root runs');
  } else {
    if (segments.length < 2 || segments.at(-2)![2] !== parent) wrong('parent is not the second last part');
    if (segments.at(-1)![1]! < segments.at(-2)![1]!) wrong('starts before its parent');
  }
  if (run.run_type !== undefined && !TYPES.has(String(run.run_type))) wrong(`run_type ${run.run_type}`);
  if (run.end_time !== undefined && micros(run.end_time) < micros(run.start_time))
    wrong('ends before it starts');
}

/** Numbers are milliseconds; text may have microseconds. */
function micros(time: unknown): number {
  if (typeof time === 'number') return time * 1000;
  const digits = /\.\d{3}(\d{3})/.exec(String(time))?.[1] ?? '0';
  return Date.parse(String(time)) * 1000 + Number(digits);
}
