// What a coordinator and its workers say to each other over Redis: JSON, versioned. Pure.
import { parseObject } from '../core/json-text.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Cell } from '../core/task.ts';

/** Of all that is said here. A worker of another version takes nothing. */
export const QUEUE_FORMAT = 1;

/** A job. Orders above 100 kB lie beside it, by their digest. */
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

/** null = it is none, or of another version. */
export function readDelivered(text: string): Delivered | null {
  const found = versioned<Delivered>(text);
  return found !== null && typeof found.id === 'string' && typeof found.outcome === 'object' ? found : null;
}

export function readPacket(value: unknown): Packet | null {
  const found = typeof value === 'string' ? versioned<Packet>(value) : null;
  return found !== null && ('order' in found || 'long' in found) ? found : null;
}

export function readBeat(text: string): Beat | null {
  const found = versioned<Beat>(text);
  return found !== null && Array.isArray(found.doing) ? found : null;
}

export function readNeeds(text: string): Needs | null {
  return versioned<Needs>(text);
}

export function readNews(text: string): News | null {
  return parseObject(text) as News | null;
}

export function readTold(text: string): Told | null {
  return parseObject(text) as Told | null;
}

export function readHolder(text: string): Holder | null {
  return parseObject(text) as Holder | null;
}

function versioned<Value extends { readonly v: number }>(text: string): Value | null {
  const found = parseObject(text) as unknown as Value | null;
  return found?.v === QUEUE_FORMAT ? found : null;
}
