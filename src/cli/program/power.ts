// The command that plans an experiment: power.

import { collect, command, Option, type Wiring, withFile } from '../base.ts';
import { examples } from '../help/help-words.ts';

export function addPower({ program, io, done }: Wiring): void {
  withFile(
    command(program, 'power', 'how many scenarios and runs find a difference, before anything is drawn'),
  )
    .argument('[variants...]', 'with --from history: whose answers are looked at (default: all)')
    .option(
      '--effect <amount>',
      'the true difference to be found, in the unit of the metric (0.1, -0.1, 10%)',
    )
    .option('--margin <amount>', 'instead: to show that arms are within it (what compare --margin shows)')
    .addOption(
      new Option('--from <what>', 'how answers vary: from those that are there').choices(['history']),
    )
    .addOption(
      new Option('--metric <metric>', 'what is compared (default: score)').choices([
        'score',
        'pass',
        'tokens',
        'latency',
        'cost',
      ]),
    )
    .option('--base <share>', 'without --from history: the mean to be expected (default: 0.7)')
    .option('--scenarios <n>', "the design's scenarios (default: those of the manifest)")
    .option('--runs <n>', "the design's runs (default: those of the manifest)")
    .option('--arms <n>', 'arms that are compared (default: the variants of the manifest)')
    .option('--power <share>', 'how often it is to be found', '0.8')
    .option('--scorer <name>', 'with --from history: only this scorer (repeatable)', collect)
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples([
        'expgraph power --effect 0.1',
        'expgraph power --effect 0.1 --metric pass --base 0.85 --arms 4',
        'expgraph power --effect 0.05 --from history',
        'expgraph power --margin 0.05 --metric pass --from history',
        'expgraph power --effect 10% --metric cost --from history',
      ]),
    )
    .action(async (variants, options) =>
      done(await (await import('../commands/power.ts')).powerCommand(io, { ...options, variants })),
    );
}
