// expgraph worker: does the work of a run that goes over a queue, until Ctrl-C.
import { parseDuration } from '../../core/duration.ts';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { redisUrl } from '../../project/queue/redis-address.ts';
import { defaultConcurrency, work } from '../../project/queue/work.ts';
import { readNumber } from '../../project/sim/settings.ts';
import { formatCount } from '../../text/format.ts';
import type { Io } from '../io.ts';

export type WorkerOptions = {
  readonly file: string;
  readonly redis?: string;
  readonly concurrency?: string;
  readonly provider?: readonly string[];
  readonly idle?: string;
  readonly lock: string;
};

const LEAST_LOCK_MS = 1_000;

export async function workerCommand(io: Io, options: WorkerOptions): Promise<number> {
  const { concurrency, provider = [], idle } = options;
  const lockMs = readTime('--lock', options.lock);
  if (lockMs < LEAST_LOCK_MS) throw new CommandError('--lock takes a second or more');
  const { exitCode, done } = await work(io, {
    file: options.file,
    url: redisUrl(io, options.redis),
    concurrency:
      concurrency === undefined
        ? defaultConcurrency()
        : readNumber('--concurrency', concurrency, { min: 1, max: 10_000, isWhole: true }),
    providers: provider,
    lockMs,
    idleMs: idle === undefined ? null : readTime('--idle', idle),
    onStart: (name) => io.err.write(`worker ${sanitizeLine(name)} takes orders; Ctrl-C ends it\n`),
  });
  io.err.write(`${formatCount(done)} ${done === 1 ? 'order' : 'orders'} done\n`);
  return exitCode;
}

function readTime(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === null)
    throw new CommandError(`${option} takes a time like 30s or 5m, not ${JSON.stringify(text)}`);
  return ms;
}
