// expgraph watch: plans and runs what an edit made stale, round after round, until somebody leaves.
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { type Asked, type WatchInput, watchExperiment } from '../../project/watch/watch.ts';
import { consentWords } from '../../report/watch/watch.ts';
import type { Io } from '../io.ts';
import { ask, canAsk } from '../terminal/ask.ts';
import { eventsOf } from '../terminal/results.ts';
import { type Keys, listenForKeys } from '../watch/keys.ts';
import { makeScreen } from '../watch/screen.ts';
import { watchView } from '../watch/view.ts';

export type WatchOptions = Omit<WatchInput, 'mayRun' | 'ask' | 'comparesIdle' | 'events' | 'onEvent'> & {
  /** --no-run: false. */
  readonly run: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  /** --no-clear: false. */
  readonly clear: boolean;
  readonly events?: string;
};

export async function watchCommand(io: Io, options: WatchOptions): Promise<number> {
  const { json = false, yes = false } = options;
  if (options.events === '-') {
    throw new CommandError(
      'watch has --json for stdout, one line a round: write --events to a file, or to a pipe: --events >(jq .kind)',
    );
  }
  const screen = makeScreen(io, { json, keep: !options.clear });
  const keyboard: { keys: Keys | null } = { keys: null };
  const watch = watchExperiment(io, {
    ...options,
    mayRun: options.run && !options.dryRun,
    ask: json || !canAsk() ? null : (consent, withdrawn) => askFirst(keyboard.keys, consent, withdrawn),
    comparesIdle: screen.isRedrawn,
    events: eventsOf(io, options.events),
    onEvent: watchView(io, screen, (yes || !json) && canAsk()),
  });
  using keys = listenForKeys({ onRetry: watch.retry, onLeave: watch.leave });
  keyboard.keys = keys;
  const left = await watch.ended;
  screen.close();
  screen.tell({ kind: 'left', while: left });
  return left === 'running' ? EXIT.interrupted : EXIT.complete;
}

async function askFirst(
  keys: Keys | null,
  consent: Asked,
  withdrawn: AbortSignal,
): Promise<'yes' | 'no' | 'left'> {
  keys?.pause();
  const answer = await ask(`Run it: ${consentWords(consent)}? [y/N] `, withdrawn);
  keys?.resume();
  // Ctrl-C at a question is Ctrl-C.
  if (answer.kind === 'left' && !withdrawn.aborted) process.emit('SIGINT', 'SIGINT');
  if (answer.kind === 'left') return 'left';
  return answer.kind === 'answered' && /^\s*y(?:es)?\s*$/i.test(answer.text) ? 'yes' : 'no';
}
