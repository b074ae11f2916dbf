// Batches of OpenAI: a file of requests is uploaded, a batch made of it, and its answers are files. Source:
// platform.openai.com/docs/api-reference/batch (2026-11). A batch is found again by our tag in its metadata.
import type { JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { askJson, askLines, countIn, idIn, isSureNo, odd, textIn } from './asking.ts';
import type { At, BatchWire, EachItem, Ended, FindEnd, ItemEnd, LookEnd, SendEnd, Wanted } from './wire.ts';

/** "up to 50,000 requests, and 200 MB": less what stands around the file in its upload. */
const MAX_ITEMS = 50_000;
const MAX_BYTES = 200_000_000 - 10_000;
const TAG = 'expgraph_batch';
/** Clocks of two machines. */
const SKEW_MS = 3_600_000;
const MAX_PAGES = 100;

export function openAiWire(api: 'chat' | 'responses'): BatchWire {
  const url = api === 'chat' ? '/v1/chat/completions' : '/v1/responses';
  return {
    name: 'openai',
    maxItems: MAX_ITEMS,
    maxBytes: MAX_BYTES,
    isOneModel: true,
    lineOf: (item, body) => JSON.stringify({ custom_id: item, method: 'POST', url, body: unstreamed(body) }),
    send: (at, batch) => send(at, { ...batch, url }),
    find,
    look,
    results,
    async cancel(at, id) {
      const asked = await askJson(at, { method: 'POST', path: `/batches/${id}/cancel`, ...JSON_OF({}) });
      return asked.kind === 'err' ? asked : ok(null);
    },
  };
}

/** Nothing streams out of a file. */
function unstreamed({ stream: _, stream_options: __, ...body }: JsonObject): JsonObject {
  return body;
}

function JSON_OF(body: JsonObject): {
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
} {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function send(
  at: At,
  input: { readonly tag: string; readonly lines: readonly string[]; readonly url: string },
): Promise<SendEnd> {
  const uploaded = await askJson(at, {
    method: 'POST',
    path: '/files',
    ...fileForm(`expgraph-${input.tag}.jsonl`, `${input.lines.join('\n')}\n`, input.tag),
  });
  // A file costs nothing, and no batch was asked for.
  if (uploaded.kind === 'err')
    return { kind: 'failed', failure: withoutBatches(uploaded.error), isSure: true };
  const file = idIn(uploaded.value.body.id);
  if (file === null) return { kind: 'failed', failure: odd(200, 'without the id of a file'), isSure: true };
  const made = await askJson(at, {
    method: 'POST',
    path: '/batches',
    ...JSON_OF({
      input_file_id: file,
      endpoint: input.url,
      completion_window: '24h',
      metadata: { [TAG]: input.tag },
    }),
  });
  if (made.kind === 'err') {
    const isSure = isSureNo(made.error);
    return { kind: 'failed', failure: isSure ? withoutBatches(made.error) : made.error, isSure };
  }
  const id = idIn(made.value.body.id);
  return id === null
    ? { kind: 'failed', failure: odd(200, 'without the id of a batch'), isSure: false }
    : { kind: 'sent', id };
}

/** A server that speaks like OpenAI and has no batches: no wait helps. */
function withoutBatches(failure: Failure): Failure {
  if (failure.status !== 404 && failure.status !== 405 && failure.status !== 501) return failure;
  const message = `${failure.message}: this account takes no batches; --no-batch (execution.batch: false) asks it call by call`;
  return { ...failure, kind: 'unauthorized', message, refuses: 'all' };
}

function fileForm(
  name: string,
  text: string,
  tag: string,
): { headers: { [name: string]: string }; body: string } {
  const boundary = `expgraph-${tag}`;
  const part = (head: string, value: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
  const body = `${part('name="purpose"', 'batch')}${part(
    `name="file"; filename="${name}"\r\nContent-Type: application/jsonl`,
    text,
  )}--${boundary}--\r\n`;
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body };
}

async function find(at: At, { tag, sinceMs }: Wanted): Promise<Result<FindEnd, Failure>> {
  let after = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const listed = await askJson(at, { method: 'GET', path: `/batches?limit=100${after}` });
    if (listed.kind === 'err') return listed;
    const { data, has_more: hasMore } = listed.value.body;
    const batches = Array.isArray(data) ? data.filter(isJsonObject) : [];
    const mine = batches.find(({ metadata }) => isJsonObject(metadata) && metadata[TAG] === tag);
    const id = idIn(mine?.id);
    if (id !== null) return ok({ kind: 'found', id });
    const last = batches.at(-1);
    // The newest come first.
    const isOld = last !== undefined && countIn(last.created_at) * 1_000 < sinceMs - SKEW_MS;
    const lastId = idIn(last?.id);
    if (hasMore !== true || isOld || lastId === null) return ok({ kind: 'none' });
    after = `&after=${lastId}`;
  }
  return ok({ kind: 'none' });
}

async function look(at: At, id: string): Promise<Result<LookEnd, Failure>> {
  const asked = await askJson(at, { method: 'GET', path: `/batches/${id}` });
  if (asked.kind === 'err') return asked;
  const { status, request_counts: counted, output_file_id, error_file_id, errors } = asked.value.body;
  const counts = isJsonObject(counted) ? counted : {};
  const done = countIn(counts.completed);
  const failed = countIn(counts.failed);
  switch (status) {
    case 'completed':
    case 'expired':
    case 'cancelled': {
      const files = [output_file_id, error_file_id].flatMap((file) => idIn(file) ?? []);
      return ok({ kind: 'ended', files, answers: isJsonObject(counted) ? done + failed : null });
    }
    case 'failed':
      return ok(refusedOf(errors));
    case 'validating':
    case 'in_progress':
    case 'finalizing':
    case 'cancelling':
      return ok({ kind: 'open', done, failed });
    default:
      return err(odd(200, 'a batch in a state that is not known'));
  }
}

/** A quota of what may be enqueued is over when other batches are done. */
const TOO_MUCH = /token_limit_exceeded|rate_limit|too_many|limit_exceeded/;
/** The vendor's own fault. */
const BROKE = /server_error|internal|unavailable|overloaded|timeout/;

function refusedOf(errors: unknown): LookEnd {
  const list = isJsonObject(errors) && Array.isArray(errors.data) ? errors.data.filter(isJsonObject) : [];
  const told = list.map(({ code, message, line }) => ({
    code: textIn(code) ?? '',
    words: (textIn(message) ?? textIn(code) ?? 'no reason was given').slice(0, 600),
    line: typeof line === 'number' && line >= 1 ? line - 1 : null,
  }));
  const some = told.slice(0, 3).map(({ words }) => words);
  const message = `it was refused as a whole: ${some.join('; ') || 'no reason was given'}`;
  const lines = new Map(told.flatMap(({ line, words }) => (line === null ? [] : [[line, words] as const])));
  const isAny = (what: RegExp): boolean => told.some(({ code }) => what.test(code));
  const kind = isAny(TOO_MUCH) ? 'rate-limited' : isAny(BROKE) ? 'overloaded' : 'bad-request';
  return { kind: 'refused', lines, failure: { kind, status: null, message, retryAfterMs: null } };
}

async function results(at: At, { files }: Ended, each: EachItem): Promise<Result<null, Failure>> {
  for (const file of files) {
    const read = await askLines(at, `/files/${file}/content`, async (line) => {
      const item = textIn(line.custom_id);
      const end = endOf(line);
      if (item !== null && end !== null) await each(item, end);
    });
    if (read.kind === 'err') return read;
  }
  return ok(null);
}

function endOf({ response, error }: JsonObject): ItemEnd | null {
  if (isJsonObject(response) && typeof response.status_code === 'number') {
    const requestId = textIn(response.request_id);
    const headers: { [name: string]: string } = requestId === null ? {} : { 'x-request-id': requestId };
    return {
      kind: 'answer',
      status: response.status_code,
      headers,
      text: JSON.stringify(response.body ?? null),
    };
  }
  if (!isJsonObject(error)) return null;
  const code = textIn(error.code) ?? '';
  if (/expired/.test(code)) return { kind: 'expired' };
  if (/cancel/.test(code)) return { kind: 'cancelled' };
  return { kind: 'answer', status: 500, headers: {}, text: JSON.stringify({ error }) };
}
