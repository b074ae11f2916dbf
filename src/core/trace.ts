// What an attempt's trace is, before and after: what travels with an order, what comes back, and its ids. Pure.
import { createHash } from 'node:crypto';
import { sha256 } from './canonical.ts';
import type { Price, PriceList } from './rates.ts';

/** How much of inputs or outputs leaves the machine. */
export type Disclosure = 'full' | 'hash' | 'none';

/** What is done to a trace before it is written anywhere. Plain data: secrets go by the names of their variables. */
export type Shield = {
  /** Variables whose values are secrets whatever their names look like. */
  readonly secretNames: readonly string[];
  /** The user's own rules: regular expressions (flags `gu`) and what stands for a match. */
  readonly rules: readonly { readonly pattern: string; readonly replace: string }[];
  readonly inputs: Disclosure;
  readonly outputs: Disclosure;
  /** Whether spans say anything of themselves beside. */
  readonly metadata: 'full' | 'none';
  /** Longer strings are cut, with a mark. */
  readonly maxChars: number;
};

/** Flat facts: LangSmith filters and groups by them. */
export type Facts = { readonly [name: string]: string | number | boolean };

/** By model, USD per million tokens: as a provider of the manifest has them. */
export type Prices = {
  readonly pricing: { readonly [model: string]: Price };
  readonly lists?: readonly PriceList[];
  readonly isLocal?: true;
};

/** What an attempt's trace is made from; it travels with the order. */
export type TraceOrder = {
  /** With the start time it makes the trace's id: one attempt of one invocation. */
  readonly seed: string;
  readonly name: string;
  readonly tags: readonly string[];
  /** On every span of the trace. */
  readonly facts: Facts;
  readonly shield: Shield;
  /** What its models cost: LangSmith's own price list has not all of them. */
  readonly prices?: Prices;
  /** Where others may send spans of it; absent where that is not known before it has ended. */
  readonly project?: string;
};

/** A trace of the same work that the work's own tools sent: it names ours, and ours names it. */
export type TraceBeside = {
  readonly runId: string;
  readonly sessionId: string | null;
  /** ISO 8601. */
  readonly startedAt: string | null;
  /** What was said of it there. */
  readonly feedback: readonly SaidFeedback[];
};

export type SaidFeedback = {
  readonly key: string;
  readonly score: number | null;
  readonly value: string | null;
  readonly comment: string | null;
};

/** One span as it is sent, but for its project: times in ISO 8601, parents by id. */
export type Span = {
  readonly id: string;
  readonly trace_id: string;
  readonly parent_run_id?: string;
  /** Times and ids from the root down to this span: LangSmith's tree. */
  readonly dotted_order: string;
  readonly name: string;
  readonly run_type: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly inputs: unknown;
  readonly outputs?: unknown;
  readonly error?: string;
  readonly extra: { readonly [name: string]: unknown };
  readonly tags?: readonly string[];
  readonly events?: unknown;
};

/** What a record keeps of its trace. */
export type RecordedTrace = {
  readonly langsmith_run_id: string;
  readonly project: string;
  /** The LangSmith experiment that it counts in; absent where it is a plain trace. */
  readonly experiment?: string;
  /** The trace that the harness's own tools made of the same item, in an experiment of theirs. */
  readonly harness?: { readonly run_id: string; readonly session_id?: string; readonly started_at?: string };
};

/**
 * A UUID of version 7 (RFC 9562) that is the same each time: 48 bits of milliseconds, 74 bits of a hash. LangSmith
 * takes a second create of one id for the same thing, so a trace may be sent as often as it takes.
 */
export function traceId(input: { readonly startMs: number; readonly seed: string }): string {
  const hex = sha256(input.seed);
  const time = Math.max(0, Math.trunc(input.startMs)).toString(16).padStart(12, '0').slice(-12);
  return uuid(time + hex.slice(0, 20), '7');
}

/** Names of ours as ids of LangSmith's things: a UUID of version 5 (RFC 9562), the same on every machine. */
export function nameId(kind: 'dataset' | 'example' | 'experiment' | 'feedback', ...names: string[]): string {
  const digest = createHash('sha1')
    .update(NAMESPACE)
    .update(JSON.stringify([kind, ...names]))
    .digest('hex');
  return uuid(digest.slice(0, 32), '5');
}

/** Made once with uuidgen: names of another program with the same words are other ids. */
const NAMESPACE = Buffer.from('6f1b9c0e52d84a3b9c1be3f2a7d40c85', 'hex');

function uuid(hex: string, version: '5' | '7'): string {
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  const all = `${hex.slice(0, 12)}${version}${hex.slice(13, 16)}${variant}${hex.slice(17, 32)}`;
  return [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20)].join('-');
}

/** One segment of a dotted order: the time without marks, with microseconds that keep the order of spans, then the id. */
export function orderSegment(input: {
  readonly startMs: number;
  readonly order: number;
  readonly id: string;
}): string {
  const micros = String(Math.min(input.order, 999)).padStart(3, '0');
  const time = new Date(input.startMs).toISOString().slice(0, -1).replace(/[-:.]/g, '');
  return `${time}${micros}Z${input.id}`;
}

/** Kept or left out by scenario and run alone, so that what is kept of one variant is kept of all. `share` 0..1. */
export function isSampled(input: {
  readonly scenario: string;
  readonly run: number;
  readonly share: number;
}): boolean {
  if (input.share >= 1) return true;
  const first = Number.parseInt(sha256(JSON.stringify([input.scenario, input.run])).slice(0, 12), 16);
  return first / 2 ** 48 < input.share;
}
