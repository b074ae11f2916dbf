// Commands about the commands: help, completion, and what completions ask for.
import { declare, hiddenCommand, type Wiring } from '../base.ts';
import { SHELLS } from '../completion/shells.ts';

export function addHelp({ program, io, done }: Wiring): void {
  const { plain } = declare(program);
  plain(`
    help        a command, or errors, exit-codes, filters, manifest
    [words...]  a command or a topic`).action(async (words) =>
    done(await (await import('../commands/help.ts')).helpCommand(io, program, words)),
  );

  plain(`
    completion  print a script that completes commands, options and names in your shell
    <shell>     which shell  { ${SHELLS.join(' ')} }`).action(async (shell) =>
    done((await import('../commands/completion.ts')).completionCommand(io, shell)),
  );

  // What the scripts call at each Tab: silent whatever happens.
  hiddenCommand(program, 'complete', 'candidates for a word that is being written')
    .argument('<shell>')
    .argument('[words...]', 'bash: the line as it stands, and the place in it; else the words')
    .action(async (shell, words) =>
      done(await (await import('../commands/complete.ts')).completeCommand(io, program, { shell, words })),
    );
}
