// What the desk is asked and what it answers: objects, and lists of them a page at a time.
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../core/clock.ts';
import type { SimSettings } from '../../core/manifest.ts';
import type { PlayedScript } from '../../core/played.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { JSON_TYPE } from '../wire/api.ts';
import { badRequest, type WireError } from '../wire/wire-error.ts';
import type { Life } from './batch-life.ts';

export type DeskCall = {
  readonly method: string;
  /** Of the API: /v1/batches/batch_1/cancel. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** What stands before the path of the API: /played/0.0, or nothing. */
  readonly pathBefore: string;
  /** Where the client found this server: http://127.0.0.1:8787/v1, with what stands before the path. */
  readonly baseUrl: string;
};

export type DeskAnswer = { readonly text: string; readonly contentType: string };

/** null = nothing is there. */
export type DeskRoom = (call: DeskCall) => Result<DeskAnswer, WireError> | null;

export type DeskOptions = {
  readonly settings: SimSettings;
  readonly contextTokens: number | null;
  readonly clock: Clock;
  readonly scripts: readonly PlayedScript[];
  readonly count: (items: number) => void;
};

export function jsonAnswer(value: object): Result<DeskAnswer, WireError> {
  return ok({ text: JSON.stringify(value), contentType: JSON_TYPE });
}

/** A window of OpenAI and of Anthropic alike. */
const DAY_MS = 86_400_000;
const DEFAULT_BATCH_MS = 1_000;

export function lifeOf(items: number, { settings, clock }: DeskOptions): Life {
  return {
    startMs: clock.monotonicMs(),
    takesMs: settings.batchMs ?? DEFAULT_BATCH_MS,
    windowMs: settings.batchWindowMs ?? DAY_MS,
    cancelledAtMs: null,
    items,
  };
}

export type Page<Listed> = { readonly listed: readonly Listed[]; readonly hasMore: boolean };

/** A page of a list, the newest first. @param cursors names of the queries that say after and before which one */
export function pageOf<Listed extends { readonly id: string }>(
  all: readonly Listed[],
  query: URLSearchParams,
  cursors: { readonly after: string; readonly before: string | null },
): Result<Page<Listed>, WireError> {
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    return err(badRequest('limit has to be an integer from 1 to 1000.', { param: 'limit' }));
  const newest = [...all].reverse();
  const after = query.get(cursors.after);
  const before = cursors.before === null ? null : query.get(cursors.before);
  const start = after === null ? 0 : newest.findIndex(({ id }) => id === after) + 1;
  const end = before === null ? newest.length : newest.findIndex(({ id }) => id === before);
  const rest = newest.slice(start, Math.max(start, end));
  return ok({ listed: rest.slice(0, limit), hasMore: rest.length > limit });
}
