// Commands about the commands: help, completion, and what completions ask for.

import { command, hiddenCommand, type Wiring } from '../base.ts';
import { SHELLS } from '../completion/shells.ts';
import { COMPLETION_WORDS, examples } from '../help/help-words.ts';

export function addHelp({ program, io, done }: Wiring): void {
  command(program, 'help', 'a command, or errors, exit-codes, filters, manifest')
    .argument('[words...]', 'a command or a topic')
    .addHelpText('after', examples(['expgraph help run', 'expgraph help errors']))
    .action(async (words) =>
      done(await (await import('../commands/help.ts')).helpCommand(io, program, words)),
    );

  command(program, 'completion', 'print a script that completes commands, options and names in your shell')
    .addArgument(program.createArgument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', examples(['expgraph completion bash >> ~/.bashrc']) + COMPLETION_WORDS)
    .action(async (shell) => done((await import('../commands/completion.ts')).completionCommand(io, shell)));

  // What the scripts call at each Tab: silent whatever happens.
  hiddenCommand(program, 'complete', 'candidates for a word that is being written')
    .argument('<shell>')
    .argument('[words...]', 'bash: the line as it stands, and the place in it; else the words')
    .action(async (shell, words) =>
      done(await (await import('../commands/complete.ts')).completeCommand(io, program, { shell, words })),
    );
}
