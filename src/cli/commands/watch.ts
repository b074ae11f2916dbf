// expgraph watch: plans and runs what an edit made stale, round after round, until somebody leaves.

import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { type FilterOptions, makeFilter } from '../../project/open/filters.ts';
import { type LimitOptions, readGivenLimits } from '../../project/open/limits-given.ts';
import { type PatienceOptions, readPatience } from '../../project/run/patience.ts';
import { type Round, startWatch } from '../../watch/watch.ts';
import type { Io } from '../io.ts';
import { eventsOf } from '../terminal/results.ts';
import { type Keys, listenForKeys } from '../watch/keys.ts';
import { makeScreen } from '../watch/screen.ts';
import { makeWorker } from '../watch/worker.ts';

export type WatchOptions = FilterOptions &
  LimitOptions &
  PatienceOptions & {
    readonly file: string;
    readonly yes?: boolean;
    /** --no-run: false. */
    readonly run: boolean;
    readonly dryRun?: boolean;
    readonly retryFailed?: boolean;
    readonly json?: boolean;
    /** --no-clear: false. */
    readonly clear: boolean;
    readonly events?: string;
    readonly argv: readonly string[];
  };

export async function watchCommand(io: Io, options: WatchOptions): Promise<number> {
  const filter = makeFilter(options);
  if (options.events === '-') {
    throw new CommandError(
      'watch has --json for stdout, one line a round: write --events to a file, or to a pipe: --events >(jq .kind)',
    );
  }
  const screen = makeScreen(io, { json: options.json ?? false, keep: !options.clear });
  const first: Round = {
    files: [],
    retry: (options.retryFailed ?? false) || filter.failed || filter.notPassed,
  };
  const keyboard: { keys: Keys | null } = { keys: null };
  const worker = makeWorker({
    settings: {
      ...{ io, filter, file: options.file, argv: options.argv, watched: { cells: null } },
      events: eventsOf(io, options.events),
      mayRun: options.run && !options.dryRun,
      limits: readGivenLimits(options),
      patienceMs: readPatience(options),
    },
    screen,
    consent: options.yes ? 'given' : options.json ? 'nobody' : 'asked',
    keys: () => keyboard.keys,
  });
  const watch = startWatch({ clock: io.clock, worker, first });
  using keys = listenForKeys({ onRetry: watch.retry, onLeave: watch.leave });
  keyboard.keys = keys;
  const left = await watch.ended;
  screen.close();
  screen.tell({ kind: 'left', while: left });
  return left === 'running' ? EXIT.interrupted : EXIT.complete;
}
