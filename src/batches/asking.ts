// One question to a vendor, and what its answer says as JSON. Anything may come: nothing of it is believed unread.
import { isJsonObject, type JsonObject } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { parseTold } from '../core/untrusted-json.ts';
import type { TakeBytes } from '../providers/lean-fetch.ts';
import type { SplitClient } from '../providers/provider.ts';
import type { At } from './wire.ts';

type Question = Omit<Parameters<SplitClient['ask']>[0], 'signal'>;

/** A failure has the vendor's words, classified as those of a call are. */
export async function askText(
  { client, signal }: At,
  question: Question,
): Promise<Result<Answered, Failure>> {
  const asked = await client.ask({ ...question, signal });
  if (asked.kind === 'err') return asked;
  const { status, headers, text } = asked.value;
  if (status >= 200 && status < 300) return ok({ text, headers });
  const told = await client.read({ request: NO_REQUEST, status, headers: Object.fromEntries(headers), text });
  return err(told.kind === 'failure' ? told.failure : odd(status, 'an answer that is none'));
}

export type Answered = { readonly text: string; readonly headers: Headers };

export async function askJson(
  at: At,
  question: Question,
): Promise<Result<{ readonly body: JsonObject; readonly headers: Headers }, Failure>> {
  const asked = await askText(at, question);
  if (asked.kind === 'err') return asked;
  const body = parseTold(asked.value.text);
  return isJsonObject(body)
    ? ok({ body, headers: asked.value.headers })
    : err(odd(200, `what is no JSON object to ${question.method} ${question.path.split('?')[0]}`));
}

export function odd(status: number, what: string): Failure {
  return { kind: 'invalid-response', status, message: `the server answered ${what}`, retryAfterMs: null };
}

/** Only for words of errors: no answer of a model is read with it. */
const NO_REQUEST: Parameters<SplitClient['read']>[0]['request'] = {
  model: 'any',
  messages: [{ role: 'user', content: 'hello' }],
  tools: [],
  temperature: null,
  maxOutputTokens: null,
  seed: null,
  params: {},
};

/** Whether the failed question was answered with a no: whatever was asked for was not done. */
export function isSureNo({ status, isUnsent, kind }: Failure): boolean {
  if (isUnsent === true) return true;
  if (kind === 'unauthorized' && status === null) return true;
  return status !== null && status >= 400 && status < 500 && status !== 408;
}

/**
 * A file with a JSON object a line, each given out as it comes: a file may be longer than any string. A last line that was cut off,
 * and what is no object, is left out. Where `each` rejects, no more is read.
 */
export async function askLines(
  at: At,
  path: string,
  each: (line: JsonObject) => Promise<void>,
): Promise<Result<null, Failure>> {
  const lines = makeLines(each);
  const asked = await askText(at, { method: 'GET', path, take: lines.take });
  if (asked.kind === 'err') return asked;
  await lines.end();
  return ok(null);
}

const NEWLINE = 10;

function makeLines(each: (line: JsonObject) => Promise<void>): {
  readonly take: TakeBytes;
  readonly end: () => Promise<void>;
} {
  let held: Uint8Array[] = [];
  async function end(): Promise<void> {
    const text = Buffer.concat(held).toString('utf8').trim();
    held = [];
    const value = text === '' ? undefined : parseTold(text);
    if (isJsonObject(value)) await each(value);
  }
  return {
    async take(bytes) {
      let from = 0;
      for (let stop = bytes.indexOf(NEWLINE); stop >= 0; stop = bytes.indexOf(NEWLINE, from)) {
        held.push(bytes.subarray(from, stop));
        from = stop + 1;
        await end();
      }
      if (from < bytes.length) held.push(bytes.subarray(from));
    },
    end,
  };
}

export function textIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function countIn(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
}

/** Ids become parts of addresses. */
export function idIn(value: unknown): string | null {
  const id = textIn(value);
  return id !== null && /^[\w.-]{1,200}$/.test(id) && !/^\.+$/.test(id) ? id : null;
}
