// Names in Redis: all of one experiment's begin alike, with a hash tag, so that a cluster keeps them in one slot. Pure.
import { sha256 } from '../core/canonical.ts';

export type QueueNames = {
  /** Of BullMQ's keys, and of ours. */
  readonly prefix: string;
  /** Who coordinates: one at a time. */
  readonly coordinator: string;
  /** What a worker must have. */
  readonly meta: string;
  /** Of each worker what it last said of itself. */
  readonly workers: string;
  /** Outcomes that no record holds yet, by the job's id. */
  readonly outcomes: string;
  /** The same of attempts that had been taken for lost. */
  readonly surplus: string;
  /** What workers tell whoever coordinates, the oldest first. */
  readonly news: string;
  /** What one worker is told. */
  readonly told: (worker: string) => string;
  /** The order of a job that is too long for it. */
  readonly long: (job: string) => string;
};

/** Where an outcome lies. */
export type Where = { readonly hash: string; readonly field: string };

export function queueNames(experiment: string): QueueNames {
  const tag = `${experiment.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 60)}-${sha256(experiment).slice(0, 8)}`;
  const prefix = `expgraph:{${tag}}`;
  return {
    prefix,
    coordinator: `${prefix}:coordinator`,
    meta: `${prefix}:meta`,
    workers: `${prefix}:workers`,
    outcomes: `${prefix}:outcomes`,
    surplus: `${prefix}:surplus`,
    news: `${prefix}:news`,
    told: (worker) => `${prefix}:told:${worker}`,
    long: (job) => `${prefix}:long:${job}`,
  };
}

/** BullMQ's queue of one provider's orders. Its own keys are told apart by colons. */
export function ordersOf(provider: string): string {
  return `orders.${encodeURIComponent(provider).replaceAll('.', '%2E')}`;
}

/** One draw of a key: an attempt of it that was begun answers whoever asks for that draw next. */
export function drawId(key: string, generation: number): string {
  return `${key}.${generation}`;
}

export function jobId(draw: string, n: number): string {
  return `${draw}.${n}`;
}

/** null = it is none of ours. */
export function drawOfJob(id: string): string | null {
  return /^([0-9a-f]{64}\.\d+)\.\d+$/.exec(id)?.[1] ?? null;
}
