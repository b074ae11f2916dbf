// Message batches of Anthropic: the requests are the body, the answers a file. Source:
// docs.anthropic.com/en/api/creating-message-batches (2026-11). A batch has no place for a tag of ours, so its items have it in
// their ids: which batch is ours is seen in its answers, and until they are there in its age and its size.
import type { JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import { askJson, askLines, countIn, idIn, isSureNo, odd, textIn } from './asking.ts';
import type { At, BatchWire, EachItem, Ended, FindEnd, ItemEnd, LookEnd, SendEnd, Wanted } from './wire.ts';

/** "100,000 Message requests or 256 MB in size, whichever is reached first". */
const MAX_ITEMS = 100_000;
const MAX_BYTES = 256_000_000 - 10_000;
const PATH = '/messages/batches';
/** Of the vendor's clock, which its answers tell; the rest of a second, and a little. */
const SKEW_MS = 120_000;
/** Where it does not tell. */
const UNKNOWN_SKEW_MS = 3_600_000;
const MAX_PAGES = 100;

export const anthropicWire: BatchWire = {
  name: 'anthropic',
  maxItems: MAX_ITEMS,
  maxBytes: MAX_BYTES,
  isOneModel: false,
  lineOf: (item, { stream: _, ...params }) => JSON.stringify({ custom_id: item, params }),
  send,
  find,
  look,
  results,
  async cancel(at, id) {
    const asked = await askJson(at, { method: 'POST', path: `${PATH}/${id}/cancel` });
    return asked.kind === 'err' ? asked : ok(null);
  },
};

async function send(at: At, { lines }: { readonly lines: readonly string[] }): Promise<SendEnd> {
  const made = await askJson(at, {
    method: 'POST',
    path: PATH,
    headers: { 'content-type': 'application/json' },
    body: `{"requests":[${lines.join(',')}]}`,
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

function withoutBatches(failure: Failure): Failure {
  if (failure.status !== 404 && failure.status !== 405) return failure;
  const message = `${failure.message}: this account takes no batches; --no-batch (execution.batch: false) asks it call by call`;
  return { ...failure, kind: 'unauthorized', message, refuses: 'all' };
}

async function find(at: At, wanted: Wanted): Promise<Result<FindEnd, Failure>> {
  const candidates = await listed(at, wanted);
  if (candidates.kind === 'err') return candidates;
  const open: string[] = [];
  const gone: string[] = [];
  for (const { id, batch } of candidates.value) {
    const ended = lookOf(batch);
    if (ended.kind === 'err' || ended.value.kind !== 'ended') {
      open.push(id);
      continue;
    }
    const first = await firstItem(at, ended.value);
    if (first.kind === 'err' && first.error.status !== 404) return first;
    if (first.kind === 'err' || first.value === null) gone.push(id);
    else if (wanted.items.includes(first.value)) return ok({ kind: 'found', id });
  }
  if (open.length > 0) return ok({ kind: 'later', ids: open });
  return ok(gone.length > 0 ? { kind: 'untold', ids: gone } : { kind: 'none' });
}

/** One says whose it is: all items of a batch have its tag. null = it has none. */
async function firstItem(at: At, ended: Ended): Promise<Result<string | null, Failure>> {
  let first: string | null = null;
  const read = await results(at, ended, async (item) => {
    first = item;
    throw new Error('the rest of the file is not needed');
  });
  return read.kind === 'err' && first === null ? read : ok(first);
}

/** Those that were made since, of that size. */
async function listed(
  at: At,
  { sinceMs, nowMs, items }: Wanted,
): Promise<Result<readonly { readonly id: string; readonly batch: JsonObject }[], Failure>> {
  const found: { readonly id: string; readonly batch: JsonObject }[] = [];
  let after = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const asked = await askJson(at, { method: 'GET', path: `${PATH}?limit=100${after}` });
    if (asked.kind === 'err') return asked;
    const { body, headers } = asked.value;
    const toldMs = Date.parse(headers.get('date') ?? '');
    const earliestMs = Number.isNaN(toldMs)
      ? sinceMs - UNKNOWN_SKEW_MS
      : sinceMs + (toldMs - nowMs) - SKEW_MS;
    let isOld = false;
    const batches = Array.isArray(body.data) ? body.data.filter(isJsonObject) : [];
    for (const batch of batches) {
      const id = idIn(batch.id);
      if (id === null) continue;
      isOld = Date.parse(textIn(batch.created_at) ?? '') < earliestMs;
      if (!isOld && sizeOf(batch) === items.length) found.push({ id, batch });
    }
    const lastId = idIn(batches.at(-1)?.id);
    if (body.has_more !== true || isOld || lastId === null) break;
    after = `&after_id=${lastId}`;
  }
  return ok(found);
}

const COUNTS = ['processing', 'succeeded', 'errored', 'canceled', 'expired'] as const;

function countsOf({ request_counts: counted }: JsonObject): {
  readonly [name in (typeof COUNTS)[number]]: number;
} {
  const counts = isJsonObject(counted) ? counted : {};
  return {
    processing: countIn(counts.processing),
    succeeded: countIn(counts.succeeded),
    errored: countIn(counts.errored),
    canceled: countIn(counts.canceled),
    expired: countIn(counts.expired),
  };
}

function sizeOf(batch: JsonObject): number {
  const counts = countsOf(batch);
  return COUNTS.reduce((sum, name) => sum + counts[name], 0);
}

async function look(at: At, id: string): Promise<Result<LookEnd, Failure>> {
  const asked = await askJson(at, { method: 'GET', path: `${PATH}/${id}` });
  return asked.kind === 'err' ? asked : lookOf(asked.value.body);
}

function lookOf(batch: JsonObject): Result<LookEnd, Failure> {
  const { succeeded, errored, canceled, expired } = countsOf(batch);
  switch (batch.processing_status) {
    case 'in_progress':
    case 'canceling':
      return ok({ kind: 'open', done: succeeded, failed: errored });
    case 'ended': {
      const id = idIn(batch.id);
      const answers = isJsonObject(batch.request_counts) ? succeeded + errored + canceled + expired : null;
      return ok({ kind: 'ended', files: id === null ? [] : [id], answers });
    }
    default:
      return err(odd(200, 'a batch in a state that is not known'));
  }
}

/** By its own address: the one that it names may be anybody's, and would be given the key. */
async function results(at: At, { files }: Ended, each: EachItem): Promise<Result<null, Failure>> {
  for (const id of files) {
    const read = await askLines(at, `${PATH}/${id}/results`, async (line) => {
      const item = textIn(line.custom_id);
      const end = isJsonObject(line.result) ? endOf(line.result) : null;
      if (item !== null && end !== null) await each(item, end);
    });
    if (read.kind === 'err') return read;
  }
  return ok(null);
}

function endOf({ type, message, error }: JsonObject): ItemEnd | null {
  switch (type) {
    case 'succeeded':
      return { kind: 'answer', status: 200, headers: {}, text: JSON.stringify(message ?? null) };
    case 'errored':
      return { kind: 'answer', status: statusOf(error), headers: {}, text: JSON.stringify(error ?? null) };
    case 'expired':
      return { kind: 'expired' };
    case 'canceled':
      return { kind: 'cancelled' };
    default:
      return null;
  }
}

/** Of the errors that a call is answered with: docs.anthropic.com/en/api/errors. */
const STATUS: ReadonlyMap<string, number> = new Map([
  ['invalid_request_error', 400],
  ['authentication_error', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['not_found_error', 404],
  ['request_too_large', 413],
  ['rate_limit_error', 429],
  ['api_error', 500],
  ['timeout_error', 504],
  ['overloaded_error', 529],
]);

function statusOf(error: unknown): number {
  const inner = isJsonObject(error) && isJsonObject(error.error) ? error.error : error;
  const type = isJsonObject(inner) ? (textIn(inner.type) ?? '') : '';
  return STATUS.get(type) ?? 500;
}
