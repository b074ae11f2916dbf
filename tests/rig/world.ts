// A world without a command line, for use cases: an environment of its own, notices kept as data, an end that a test asks for.
import { clockOf } from '../../src/core/clock.ts';
import type { Notice, World } from '../../src/project/open/world.ts';

export type TestWorld = World & {
  readonly notices: readonly Notice[];
  /** As Ctrl-C would. */
  stop(): void;
};

export function testWorld(cwd: string, env: World['env'] = {}): TestWorld {
  const notices: Notice[] = [];
  const stop = new AbortController();
  const abort = new AbortController();
  return {
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    cwd,
    given: { folders: [], file: null },
    clock: clockOf(globalThis),
    random: () => 0.5,
    notify: (notice) => notices.push(notice),
    interrupts: {
      listen: () => ({
        stop: stop.signal,
        abort: abort.signal,
        signal: () => (stop.signal.aborted ? 'SIGINT' : null),
        [Symbol.dispose]() {},
      }),
      hold: () => ({ signal: () => null, [Symbol.dispose]() {} }),
      whilePrograms: (work) => work(abort.signal),
      wait: () => ({
        isLeaving: () => stop.signal.aborted,
        sleep: () => Promise.resolve(),
        [Symbol.dispose]() {},
      }),
    },
    makeReporter: async () => ({ report() {}, close() {} }),
    redactWith() {},
    clean: (text) => text,
    notices,
    stop: () => stop.abort(),
  };
}
