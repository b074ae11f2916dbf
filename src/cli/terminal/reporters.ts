// Who watches a run: a live region on a terminal, a line now and then in a pipe. Both write to stderr.
import type { Reporter } from '../../progress/reporter.ts';
import type { Io } from '../io.ts';

/** stdout is for results: progress never mixes with what a pipe reads. */
export async function makeReporter(io: Io): Promise<Reporter> {
  const now = (): number => io.clock.monotonicMs();
  if (io.detail === 'quiet') {
    const { makeQuietReporter } = await import('../../progress/quiet.ts');
    return makeQuietReporter((text) => io.err.write(text));
  }
  if (io.detail === 'verbose') {
    const { makeVerboseReporter } = await import('../../progress/verbose.ts');
    return makeVerboseReporter({ write: (text) => io.err.write(text), now });
  }
  if (io.err.isTerminal) {
    const { makeLiveReporter } = await import('../../progress/live.ts');
    return makeLiveReporter({ out: io.err, now, after: io.clock.after });
  }
  const { makePlainReporter } = await import('../../progress/plain.ts');
  return makePlainReporter({ write: (text: string) => io.err.write(text), now });
}
