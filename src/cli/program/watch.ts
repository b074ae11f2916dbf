// The command that stays: watch.

import { command, type Wiring, waitForProvider, withFilters, withLimits } from '../base.ts';
import { EVENTS, examples, WATCH_WORDS } from '../help/help-words.ts';

export function addWatch({ program, io, argv, done }: Wiring): void {
  const watch = command(
    program,
    'watch',
    'run what each save makes stale; what costs much is asked about first',
  );
  withLimits(withFilters(watch.optionsGroup('What:')))
    .optionsGroup('What:')
    .option('--yes', 'ask nothing, whatever it costs')
    .option('--no-run', 'only plan and show: start nothing')
    .option('-n, --dry-run', 'the same as --no-run')
    .option('--retry-failed', 'begin with the tasks that failed before; later ones wait until they change')
    .optionsGroup('Limits:')
    .addOption(waitForProvider())
    .optionsGroup('Output:')
    .option('--no-clear', 'append to the terminal instead of drawing it anew')
    .option('--json', 'one JSON line per round on stdout, text on stderr')
    .option('--events <file>', EVENTS)
    .addHelpText(
      'after',
      examples([
        'expgraph watch',
        "expgraph watch --variant applike --scenario 'ambiguous:*'",
        'expgraph watch --no-run',
        'expgraph watch --yes --json >> rounds.jsonl',
      ]) + WATCH_WORDS,
    )
    .action(async (options) =>
      done(await (await import('../commands/watch.ts')).watchCommand(io, { ...options, argv })),
    );
}
