// /v1/messages/batches of Anthropic: requests in one body, results as JSONL.
// https://platform.claude.com/docs/en/api/creating-message-batches
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { makeRandom, shuffle } from '../../core/shuffle.ts';
import { ANTHROPIC } from '../wire/dialect.ts';
import { makePromptCache } from '../wire/prompt-cache.ts';
import { MESSAGES } from '../wire/wire-anthropic.ts';
import { badRequest, missing, type WireError } from '../wire/wire-error.ts';
import { type Life, type Stage, stageAt } from './batch-life.ts';
import {
  type DeskAnswer,
  type DeskCall,
  type DeskOptions,
  type DeskRoom,
  jsonAnswer,
  lifeOf,
  pageOf,
} from './desk-answer.ts';
import { type Item, type ItemPlayer, makeItemPlayer } from './items.ts';

type Batch = {
  readonly id: string;
  readonly customIds: readonly string[];
  readonly play: ItemPlayer;
  readonly createdAt: Date;
  readonly life: Life;
};

const MAX_ITEMS = 100_000;

export function makeAnthropicBatches(options: DeskOptions): DeskRoom {
  const { settings, clock, contextTokens, scripts, count } = options;
  const batches = new Map<string, Batch>();
  const stageOf = ({ life }: Batch): Stage => stageAt(life, clock.monotonicMs());
  const create = ({ body, pathBefore, baseUrl }: DeskCall): Result<DeskAnswer, WireError> => {
    const items = readItems(parseObject(body.toString()), `${pathBefore}/v1/messages`);
    if (items.kind === 'err') return items;
    const id = `msgbatch_sim_${batches.size + 1}`;
    const { errorRate, answerBytes } = settings;
    const batch: Batch = {
      id,
      customIds: items.value.map(({ customId }) => customId),
      play: makeItemPlayer({
        ...{ items: items.value, api: MESSAGES, scripts, id, errorRate },
        options: { contextTokens, answerBytes, clock, cache: makePromptCache(), servedModel: null },
        errorBody: ANTHROPIC.errorBody,
      }),
      createdAt: clock.now(),
      life: lifeOf(items.value.length, options),
    };
    batches.set(id, batch);
    count(items.value.length);
    const begun: Stage = { kind: 'in-progress', done: 0, endedAfterMs: null };
    return jsonAnswer(batchObject(batch, { stage: begun, baseUrl }));
  };
  const act = (batch: Batch, { method, baseUrl }: DeskCall, what: string | undefined) => {
    const stage = stageOf(batch);
    const hasEnded = stage.endedAfterMs !== null;
    const { id } = batch;
    if (method === 'GET' && what === undefined) return jsonAnswer(batchObject(batch, { stage, baseUrl }));
    if (method === 'GET' && what === 'results') {
      if (!hasEnded) return err(badRequest(`Batch ${id} has no results yet: it has not ended.`));
      return ok({ text: resultsOf(batch, stage), contentType: 'application/x-jsonl' });
    }
    if (method === 'POST' && what === 'cancel') {
      if (hasEnded) return err(badRequest(`Batch ${id} cannot be canceled because it has ended.`));
      const cancelledAtMs = batch.life.cancelledAtMs ?? clock.monotonicMs();
      const cancelled = { ...batch, life: { ...batch.life, cancelledAtMs } };
      batches.set(id, cancelled);
      return jsonAnswer(batchObject(cancelled, { stage: stageOf(cancelled), baseUrl }));
    }
    if (method !== 'DELETE' || what !== undefined) return null;
    if (!hasEnded) return err(badRequest(`Batch ${id} cannot be deleted while it is in progress.`));
    batches.delete(id);
    return jsonAnswer({ id, type: 'message_batch_deleted' });
  };
  return (call) => {
    const { method, path, query, baseUrl } = call;
    const [id = '', what] = path.split('/').slice(4);
    if (id === '' && method === 'POST') return create(call);
    if (id === '') {
      const page = pageOf([...batches.values()], query, { after: 'after_id', before: 'before_id' });
      if (page.kind === 'err') return page;
      const { listed, hasMore } = page.value;
      const data = listed.map((batch) => batchObject(batch, { stage: stageOf(batch), baseUrl }));
      const [first_id = null, last_id = null] = [listed[0]?.id, listed.at(-1)?.id];
      return jsonAnswer({ data, has_more: hasMore, first_id, last_id });
    }
    const batch = batches.get(id);
    return batch === undefined ? err(missing('message batch', id)) : act(batch, call, what);
  };
}

/** What is wrong with the parameters of one stands in its result; that it has none is told at once. */
function readItems(body: JsonObject | null, url: string): Result<readonly Item[], WireError> {
  const requests = body?.requests;
  if (!Array.isArray(requests)) return err(badRequest('requests: Field required'));
  if (requests.length === 0)
    return err(badRequest('requests: List should have at least 1 item after validation, not 0'));
  if (requests.length > MAX_ITEMS)
    return err({ ...badRequest(`requests: a batch has ${MAX_ITEMS} at most`), status: 413 });
  const items: Item[] = [];
  const seen = new Set<string>();
  for (const [at, request] of requests.entries()) {
    const { custom_id: customId, params } = isJsonObject(request) ? request : {};
    const where = `requests.${at}`;
    if (typeof customId !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(customId))
      return err(badRequest(`${where}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'`));
    if (seen.has(customId)) return err(badRequest(`${where}.custom_id: Duplicate custom_id: ${customId}`));
    if (!isJsonObject(params)) return err(badRequest(`${where}.params: Field required`));
    seen.add(customId);
    items.push({ customId, url, body: JSON.stringify(params) });
  }
  return ok(items);
}

function batchObject(
  { id, createdAt, life, play }: Batch,
  { stage, baseUrl }: { readonly stage: Stage; readonly baseUrl: string },
): object {
  const after = (ms: number): string => new Date(createdAt.getTime() + ms).toISOString();
  const ended = stage.endedAfterMs;
  const isCancelled = life.cancelledAtMs !== null;
  const status = ended !== null ? 'ended' : isCancelled ? 'canceling' : 'in_progress';
  const oks = Array.from({ length: ended === null ? 0 : stage.done }, (_, at) => play(at).ok);
  const left = life.items - stage.done;
  return {
    id,
    type: 'message_batch',
    processing_status: status,
    request_counts: {
      // As the API has it: everything is processing until all of it has ended.
      processing: ended === null ? life.items : 0,
      succeeded: oks.filter((isOk) => isOk).length,
      errored: oks.filter((isOk) => !isOk).length,
      canceled: stage.kind === 'cancelled' ? left : 0,
      expired: stage.kind === 'expired' ? left : 0,
    },
    ended_at: ended === null ? null : after(ended),
    created_at: createdAt.toISOString(),
    expires_at: after(life.windowMs),
    archived_at: null,
    cancel_initiated_at: isCancelled ? after(life.cancelledAtMs! - life.startMs) : null,
    results_url: ended === null ? null : `${baseUrl}/messages/batches/${id}/results`,
  };
}

/** In no order: the API promises none. */
function resultsOf({ id, customIds, play }: Batch, { kind, done }: Stage): string {
  const lines = customIds.map((customId, at) => {
    const name = JSON.stringify(customId);
    if (at >= done)
      return `{"custom_id":${name},"result":{"type":"${kind === 'expired' ? 'expired' : 'canceled'}"}}\n`;
    const { ok, text } = play(at);
    const result = ok ? `{"type":"succeeded","message":${text}}` : `{"type":"errored","error":${text}}`;
    return `{"custom_id":${name},"result":${result}}\n`;
  });
  return shuffle(lines, makeRandom(id.length)).join('');
}
