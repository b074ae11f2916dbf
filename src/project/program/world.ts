// The world of a use case that a program calls: its environment and clock, no terminal, and listeners in the place of streams.
import { type Clock, clockOf } from '../../core/clock.ts';
import type { Env } from '../../core/env.ts';
import type { Redact } from '../../core/redact.ts';
import type { Reporter } from '../../progress/reporter.ts';
import type { MakeStores } from '../open/stores.ts';
import type { Notice, Unblinding, World } from '../open/world.ts';
import { type AbortOptions, abortInterrupts } from './interrupts.ts';

/** Ports of a program; each has the process's own as its default. */
export type WorldOptions = AbortOptions & {
  /** Where relative paths start. */
  readonly cwd?: string;
  /** Keys of providers and `${NAME}` of the manifest are read here. */
  readonly env?: Env;
  /** `memory`: results live as long as the experiment does, and no file is written; `files`, the default: in artifacts/. */
  readonly store?: 'files' | 'memory';
  readonly clock?: Clock;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
  /** Told what is noticed on the way: mistakes with their places, notes, the words of programs that failed. */
  readonly onNotice?: (notice: Notice) => void;
};

/** With what only one call of a use case says. */
export type ProgramWorldOptions = WorldOptions & { readonly unblinding?: Unblinding | undefined };

const SILENT: Reporter = { report() {}, close() {} };

/** @param stores of an experiment that is kept in memory; its draws are to be found by the next call */
export function programWorld(options: ProgramWorldOptions, stores?: MakeStores): World {
  let redact: Redact = (text) => text;
  return {
    env: options.env ?? process.env,
    cwd: options.cwd ?? process.cwd(),
    given: { folders: [], file: null, ...(options.unblinding ? { unblind: options.unblinding } : {}) },
    clock: options.clock ?? clockOf(globalThis),
    random: options.random ?? Math.random,
    notify: (notice) => options.onNotice?.(notice),
    interrupts: abortInterrupts(options),
    makeReporter: async () => SILENT,
    ...(stores ? { stores } : {}),
    redactWith(next) {
      redact = next;
    },
    clean: (text) => redact(text),
  };
}
