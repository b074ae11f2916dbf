// expgraph log.

import { command, type Wiring, withFile } from '../base.ts';
import { examples } from '../help/help-words.ts';

export function addLog({ program, io, done }: Wiring): void {
  withFile(
    command(program, 'log', 'what was run, newest first: when, what came of it, what it cost, why it ended'),
  )
    .argument('[invocation]', 'its number, last or previous: that one in full')
    .option('-n, --number <count>', 'so many of them; 20 in a terminal, all in a pipe')
    .option('--reverse', 'oldest first')
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples(['expgraph log', 'expgraph log -n 3', 'expgraph log 1', 'expgraph log last --json']),
    )
    .action(async (invocation, options) =>
      done(await (await import('../commands/log.ts')).logCommand(io, { ...options, invocation })),
    );
}
