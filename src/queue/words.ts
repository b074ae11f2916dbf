// What a coordinator and its workers say to each other over Redis: JSON, versioned. Pure.
import { isJsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Cell } from '../core/task.ts';

/** Of all that is said here. A worker of another version takes nothing. */
export const QUEUE_FORMAT = 1;

/** A job. Orders above 100 kB lie beside it: here is their digest. */
export type Packet = {
  readonly v: typeof QUEUE_FORMAT;
  /** Digest of what a worker must have. */
  readonly needs: string;
  /** Its further calls are asked for. */
  readonly isGated: boolean;
} & ({ readonly order: Order } | { readonly long: string });

/** An outcome until its record is durable, with what is needed to keep it where nobody asks for it any more. */
export type Delivered = {
  readonly v: typeof QUEUE_FORMAT;
  readonly id: string;
  readonly key: string;
  readonly cell: Cell;
  readonly attempt: number;
  readonly model: string;
  readonly isScore: boolean;
  readonly worker: string;
  readonly outcome: Outcome;
};

/** To the coordinator. `question` and `told`: of a gate, understood by whoever serves and whoever asks. */
export type News =
  | { readonly kind: 'begun'; readonly id: string; readonly worker: string }
  | { readonly kind: 'asked'; readonly id: string; readonly worker: string; readonly question: unknown }
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'surplus'; readonly field: string }
  /** Its worker is gone, or was silent for longer than its lock. */
  | { readonly kind: 'lost'; readonly id: string; readonly why: string };

/** To a worker. */
export type Told =
  | { readonly kind: 'told'; readonly id: string; readonly told: unknown }
  /** Nobody waits for it any more. */
  | { readonly kind: 'abandoned'; readonly id: string };

/** What a worker says of itself every two seconds. */
export type Beat = {
  readonly v: typeof QUEUE_FORMAT;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly concurrency: number;
  /** Of these it takes orders. */
  readonly providers: readonly string[];
  /** Ids of the orders that it has begun. */
  readonly doing: readonly string[];
  readonly busy: number;
  /** Orders that it has ended. */
  readonly done: number;
  /** ISO 8601, UTC, by its own clock. */
  readonly since: string;
  readonly seen: string;
  /** Grows with each: whoever reads it needs no clock of its own. */
  readonly beat: number;
};

/** What a worker must have. */
export type Needs = {
  readonly v: typeof QUEUE_FORMAT;
  /** Major version of expgraph. */
  readonly expgraph: string;
  readonly experiment: string;
  /** Name -> digest of what a variant is made of; the same of scorers, and of all scenarios as one. */
  readonly variants: { readonly [name: string]: string };
  readonly scorers: { readonly [name: string]: string };
  readonly scenarios: string;
};

export type Holder = {
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly token: string;
};

export function write(value: Packet | Delivered | News | Told | Beat | Needs | Holder): string {
  return JSON.stringify(value);
}

/** null = it is none, or of another version: whoever may write to Redis may write anything. */
export function readDelivered(text: string): Delivered | null {
  const found = versioned<Delivered>(text);
  if (found === null) return null;
  const { id, key, model, worker, attempt, cell, outcome } = found;
  const isWhole = [id, key, model, worker].every(isText) && isNumber(attempt) && isJsonObject(cell);
  return isWhole && isOutcome(outcome) ? found : null;
}

export function readPacket(value: unknown): Packet | null {
  const found = typeof value === 'string' ? versioned<Packet>(value) : null;
  return found !== null && ('order' in found || 'long' in found) ? found : null;
}

export function readBeat(text: string): Beat | null {
  const found = versioned<Beat>(text);
  if (found === null) return null;
  const { name, doing, providers, concurrency, busy, beat } = found;
  const isWhole = isText(name) && [doing, providers].every(Array.isArray);
  return isWhole && [concurrency, busy, beat].every(isNumber) ? found : null;
}

export function readNeeds(text: string): Needs | null {
  const found = versioned<Needs>(text);
  if (found === null) return null;
  const { expgraph, scenarios, variants, scorers } = found;
  return [expgraph, scenarios].every(isText) && [variants, scorers].every(isJsonObject) ? found : null;
}

/** What each kind of news must hold. */
const NEWS: { readonly [kind in News['kind']]: (news: { readonly [name: string]: unknown }) => boolean } = {
  begun: ({ id, worker }) => isText(id) && isText(worker),
  asked: ({ id, worker, question }) => isText(id) && isText(worker) && isJsonObject(question),
  done: ({ id }) => isText(id),
  surplus: ({ field }) => isText(field),
  lost: ({ id, why }) => isText(id) && isText(why),
};

export function readNews(text: string): News | null {
  const found = parseObject(text);
  const { kind } = found ?? {};
  if (found === null || !isText(kind) || !Object.hasOwn(NEWS, kind)) return null;
  return NEWS[kind as News['kind']](found) ? (found as News) : null;
}

export function readTold(text: string): Told | null {
  const found = parseObject(text);
  if (found === null || !isText(found.id)) return null;
  if (found.kind === 'told') return isJsonObject(found.told) ? (found as Told) : null;
  return found.kind === 'abandoned' ? (found as Told) : null;
}

export function readHolder(text: string): Holder | null {
  const found = parseObject(text) as Holder | null;
  if (found === null) return null;
  const { host, pid, since, token } = found;
  return [host, since, token].every(isText) && isNumber(pid) ? found : null;
}

function versioned<Value extends { readonly v: number }>(text: string): Value | null {
  const found = parseObject(text) as unknown as Value | null;
  return found?.v === QUEUE_FORMAT ? found : null;
}

function isOutcome(outcome: Outcome): boolean {
  if (!isJsonObject(outcome) || !isText(outcome.startedAt) || !isNumber(outcome.durationMs)) return false;
  if (outcome.kind === 'success') return isJsonObject(outcome.completion);
  if (outcome.kind === 'failure') return isJsonObject(outcome.failure) && isText(outcome.failure.kind);
  return outcome.kind === 'cancelled';
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
