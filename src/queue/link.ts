// The face of a queue's server, as a coordinator and its workers use it. One implementation: BullMQ on Redis (bullmq.ts).

import type { RedisTarget } from './redis-url.ts';

/** Told of what a client or the server throws; it is told in words elsewhere (redis-errors.ts). */
export type OnTrouble = (thrown: unknown) => void;

/** A job that a worker holds. */
export type HeldJob = {
  readonly id: string;
  readonly data: unknown;
  /** Of its lock. */
  readonly token: string;
  readonly lockKey: string;
  /** It goes back to where it was; called last. @throws what ends it in the place of an outcome */
  handBack(): Promise<never>;
};

export interface Link extends AsyncDisposable {
  /** False: there is no connection now. */
  isUp(): boolean;
  /** One command, and its answer. Waits while there is no connection. @throws what the server refuses */
  ask(command: string, ...words: readonly (string | number)[]): Promise<unknown>;
  script(lua: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** All that is in a list, at once where there is something, else as soon as there is; [] after some seconds, or where it ends. */
  pull(list: string): Promise<readonly string[]>;
  /** Adds what is not there by its id. */
  add(queue: string, jobs: readonly { readonly id: string; readonly data: string }[]): Promise<void>;
  /** @returns false: somebody has begun it */
  remove(queue: string, id: string): Promise<boolean>;
  /** Of jobs that are to be taken, and that somebody has taken. */
  ids(queue: string): Promise<{ readonly waiting: readonly string[]; readonly active: readonly string[] }>;
  /** Of a queue that holds nothing, what is left of its own. */
  clean(queue: string): Promise<void>;
  /** Takes jobs until it is disposed, which waits for those that are held. */
  work(
    queue: string,
    input: {
      readonly concurrency: number;
      readonly lockMs: number;
      readonly name: string;
      readonly perform: (job: HeldJob) => Promise<void>;
      /** It was not ended by whoever had it. */
      readonly lost: (id: string, why: string) => void;
    },
  ): Taker;
}

export type Taker = AsyncDisposable & {
  /** So many jobs at one time from now on; those that it has it keeps. */
  hold(jobs: number): void;
  /** Leaves at once, whatever is held. */
  drop(): void;
};

export type OpenLink = (input: {
  readonly target: RedisTarget;
  readonly prefix: string;
  readonly onTrouble: OnTrouble;
}) => Promise<Link>;
