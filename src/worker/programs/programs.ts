// Programs of both protocols, loaded when the first attempt needs one.
import type { Clock } from '../../core/clock.ts';
import type { Env } from '../../core/env.ts';
import type { CommandHarness } from '../../core/harness.ts';
import type { Witness } from '../../core/input-moments.ts';
import type { Attempted } from '../attempt.ts';
import type { CommandInput } from './run-command.ts';
import type { Streams } from './streams.ts';

export type Programs = {
  run(input: CommandInput): Promise<Attempted>;
  close(): Promise<void>;
};

export function makePrograms(context: {
  readonly env: Env;
  readonly clock: Clock;
  readonly witness: Witness;
}): Programs {
  let streams: Promise<Streams> | null = null;
  return {
    async run(input) {
      const { protocol } = input.work.harness as CommandHarness;
      if (protocol === 'once') return (await import('./run-command.ts')).runOnce(input);
      streams ??= import('./streams.ts').then(({ makeStreams }) => makeStreams(context));
      return (await streams).run(input);
    },
    async close() {
      await (await streams)?.close();
    },
  };
}
