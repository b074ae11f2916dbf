// /v1/batches of OpenAI: a file of requests in, a file of answers out. https://platform.openai.com/docs/api-reference/batch
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import { err, type Result } from '../../core/result.ts';
import { makeRandom, shuffle } from '../../core/shuffle.ts';
import { makePromptCache } from '../wire/prompt-cache.ts';
import { badRequest, errorBody, missing, type WireError } from '../wire/wire-error.ts';
import { type Life, type Stage, stageAt } from './batch-life.ts';
import {
  type DeskAnswer,
  type DeskOptions,
  type DeskRoom,
  jsonAnswer,
  lifeOf,
  pageOf,
} from './desk-answer.ts';
import { type ItemPlayer, makeItemPlayer } from './items.ts';
import { BATCH_ENDPOINTS, type LineMistake, readBatchFile } from './openai-batch-file.ts';
import type { Files } from './openai-files.ts';

type Batch = {
  readonly id: string;
  readonly endpoint: string;
  readonly inputFile: string;
  readonly window: string;
  readonly metadata: JsonObject | null;
  readonly mistakes: readonly LineMistake[];
  readonly customIds: readonly string[];
  readonly play: ItemPlayer;
  readonly createdAt: number;
  readonly life: Life;
  /** What it left, once somebody looked after its end. */
  readonly left: { files: Left | null };
};

export function makeOpenAiBatches(options: DeskOptions, files: Files): DeskRoom {
  const { settings, clock, contextTokens, scripts, count } = options;
  const batches = new Map<string, Batch>();
  const nowSeconds = (): number => Math.floor(clock.now().getTime() / 1000);
  const view = (batch: Batch, stage = stageAt(batch.life, clock.monotonicMs())) =>
    jsonAnswer(batchObject(batch, { stage, files }));
  const create = (body: JsonObject): Result<DeskAnswer, WireError> => {
    const { endpoint, input_file_id: inputFile, completion_window: window, metadata = null } = body;
    const at = typeof endpoint === 'string' && BATCH_ENDPOINTS.has(endpoint) ? endpoint : null;
    if (at === null) {
      const known = [...BATCH_ENDPOINTS.keys()].map((one) => `'${one}'`).join(', ');
      return err(badRequest(`endpoint has to be one of ${known}.`, { param: 'endpoint' }));
    }
    if (window !== '24h')
      return err(badRequest("completion_window has to be '24h'.", { param: 'completion_window' }));
    if (metadata !== null && !isMetadata(metadata))
      return err(badRequest('metadata has 16 pairs of text at most.', { param: 'metadata' }));
    const file = typeof inputFile === 'string' ? files.find(inputFile) : null;
    if (file === null) return err(badRequest('No such File object.', { param: 'input_file_id' }));
    if (file.purpose !== 'batch')
      return err(badRequest("The file has to have the purpose 'batch'.", { param: 'input_file_id' }));
    const { items, mistakes } = readBatchFile(file.text, at);
    const id = `batch_sim_${batches.size + 1}`;
    const { errorRate, answerBytes } = settings;
    const played = { contextTokens, answerBytes, clock, cache: makePromptCache(), servedModel: null };
    const api = BATCH_ENDPOINTS.get(at)!;
    const batch: Batch = {
      ...{ id, endpoint: at, inputFile: file.id, window, metadata, mistakes },
      customIds: items.map(({ customId }) => customId),
      play: makeItemPlayer({ items, api, scripts, options: played, id, errorRate, errorBody }),
      createdAt: nowSeconds(),
      life: lifeOf(items.length, options),
      left: { files: null },
    };
    batches.set(id, batch);
    count(mistakes.length > 0 ? 0 : items.length);
    // As the real one says it, however quick it is.
    return view(batch, { kind: 'validating', done: 0, endedAfterMs: null });
  };
  const cancel = (batch: Batch): Result<DeskAnswer, WireError> => {
    const { kind } = stageAt(batch.life, clock.monotonicMs());
    if (batch.mistakes.length > 0 || !['validating', 'in-progress', 'finalizing'].includes(kind))
      return err({ ...badRequest(`Cannot cancel a batch with status '${kind}'.`), status: 409 });
    const cancelled = { ...batch, life: { ...batch.life, cancelledAtMs: clock.monotonicMs() } };
    batches.set(batch.id, cancelled);
    return view(cancelled);
  };
  return ({ method, path, query, body }) => {
    const [id = '', what] = path.split('/').slice(3);
    if (id === '' && method === 'POST') {
      const asked = parseObject(body.toString());
      return asked === null
        ? err(badRequest('The body of the request is not a JSON object.'))
        : create(asked);
    }
    if (id === '') {
      const page = pageOf([...batches.values()], query, { after: 'after', before: null });
      if (page.kind === 'err') return page;
      const { listed, hasMore } = page.value;
      const data = listed.map((batch) =>
        batchObject(batch, { stage: stageAt(batch.life, clock.monotonicMs()), files }),
      );
      const [first_id = null, last_id = null] = [listed[0]?.id, listed.at(-1)?.id];
      return jsonAnswer({ object: 'list', data, first_id, last_id, has_more: hasMore });
    }
    const batch = batches.get(id);
    if (batch === undefined) return err(missing('batch', id));
    if (method === 'GET' && what === undefined) return view(batch);
    return method === 'POST' && what === 'cancel' ? cancel(batch) : null;
  };
}

function isMetadata(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const pairs = Object.entries(value);
  const isFit = ([name, text]: readonly [string, unknown]): boolean =>
    name.length <= 64 && typeof text === 'string' && text.length <= 512;
  return pairs.length <= 16 && pairs.every(isFit);
}

const STATUS: { readonly [kind in Stage['kind']]: string } = {
  validating: 'validating',
  'in-progress': 'in_progress',
  finalizing: 'finalizing',
  cancelling: 'cancelling',
  completed: 'completed',
  expired: 'expired',
  cancelled: 'cancelled',
};

function batchObject(
  batch: Batch,
  { stage, files }: { readonly stage: Stage; readonly files: Files },
): object {
  const { id, endpoint, inputFile, window, metadata, mistakes, createdAt, life } = batch;
  const isFailed = mistakes.length > 0 && stage.kind !== 'validating';
  const ended = stage.endedAfterMs;
  const endedAt = ended === null ? null : createdAt + Math.ceil(ended / 1000);
  const at = (kind: Stage['kind']): number | null => (stage.kind === kind && !isFailed ? endedAt : null);
  const isRunning = !isFailed && stage.kind !== 'validating';
  const fileIds = ended === null || isFailed ? NO_FILES : leaveFiles(batch, { stage, files });
  const done = Array.from({ length: isFailed ? 0 : stage.done }, (_, item) => batch.play(item).ok);
  return {
    id,
    object: 'batch',
    endpoint,
    errors: isFailed ? { object: 'list', data: mistakes } : null,
    input_file_id: inputFile,
    completion_window: window,
    status: isFailed ? 'failed' : STATUS[stage.kind],
    ...fileIds,
    created_at: createdAt,
    in_progress_at: isRunning ? createdAt : null,
    expires_at: createdAt + Math.ceil(life.windowMs / 1000),
    finalizing_at: stage.kind === 'finalizing' || stage.kind === 'completed' ? createdAt : null,
    completed_at: at('completed'),
    failed_at: isFailed ? createdAt : null,
    expired_at: at('expired'),
    cancelling_at: life.cancelledAtMs === null ? null : createdAt,
    cancelled_at: at('cancelled'),
    request_counts: {
      total: isFailed ? 0 : life.items,
      completed: done.filter((isOk) => isOk).length,
      failed: done.filter((isOk) => !isOk).length,
    },
    metadata,
  };
}

const NO_FILES: Left = { output_file_id: null, error_file_id: null };

/** What a batch did not come to, by how it ended. */
const UNDONE: { readonly [kind: string]: { readonly code: string; readonly message: string } } = {
  expired: {
    code: 'batch_expired',
    message: 'This request could not be executed before the completion window expired.',
  },
  cancelled: { code: 'batch_cancelled', message: 'This request was not executed: its batch was cancelled.' },
};

type Left = { readonly output_file_id: string | null; readonly error_file_id: string | null };

/** Its files, made when somebody looks first. In no order: the real API promises none. */
function leaveFiles(batch: Batch, { stage, files }: { readonly stage: Stage; readonly files: Files }): Left {
  const { id, left } = batch;
  if (left.files !== null) return left.files;
  const { output, errors } = linesOf(batch, stage);
  const leave = (what: 'output' | 'error', lines: readonly string[]): string | null => {
    if (lines.length === 0) return null;
    const text = shuffle([...lines], makeRandom(lines.length))
      .map((line) => `${line}\n`)
      .join('');
    const filename = `${id}_${what}.jsonl`;
    return files.add({ id: `file-sim-${id}-${what}`, filename, purpose: 'batch_output', text }).id;
  };
  left.files = { output_file_id: leave('output', output), error_file_id: leave('error', errors) };
  return left.files;
}

function linesOf(
  { id, customIds, play }: Batch,
  stage: Stage,
): { readonly output: readonly string[]; readonly errors: readonly string[] } {
  const output: string[] = [];
  const errors: string[] = [];
  customIds.forEach((customId, at) => {
    const head = `{"id":"batch_req_${id}_${at}","custom_id":${JSON.stringify(customId)}`;
    if (at >= stage.done) {
      errors.push(`${head},"response":null,"error":${JSON.stringify(UNDONE[stage.kind])}}`);
      return;
    }
    const { ok, status, text } = play(at);
    const response = `{"status_code":${status},"request_id":"req_${id}_${at}","body":${text}}`;
    (ok ? output : errors).push(`${head},"response":${response},"error":null}`);
  });
  return { output, errors };
}
