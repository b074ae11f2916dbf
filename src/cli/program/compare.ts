// Commands that draw conclusions: compare.

import { collect, command, Option, type Wiring, withFile, withScope } from '../base.ts';
import { COMPARE_WORDS, examples } from '../help/help-words.ts';

export function addCompare({ program, io, done }: Wiring): void {
  withScope(
    withFile(
      command(
        program,
        'compare',
        'arms against each other, over time, or one alone: intervals, tests, plain words',
      ),
    ),
  )
    .argument(
      '[variants...]',
      'names or globs; the first is held against each other one; one name: it alone (default: all)',
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
    .addOption(new Option('--by <group>', 'each group as well').choices(['category', 'tag']))
    .option(
      '--cluster <field>',
      'what scenarios belong to, counted in their place: vars.customer, category; scenario: nothing (default: cluster of the manifest)',
    )
    .option(
      '--at <moment>',
      'as it was at an invocation or a date; twice: each variant then against itself then (repeatable)',
      collect,
    )
    .option(
      '--against <what>',
      'each arm of today against itself: in a folder of results, at an invocation or a date, at a commit or branch',
    )
    .option('--first-draws', 'the first completed draw of each cell, whatever was drawn again later')
    .option(
      '--margin <amount>',
      'whether arms are the same up to it, or not worse by more, in the unit of the metric (0.05, or 5% of a score)',
    )
    .option('--scorer <name>', 'only this scorer (repeatable)', collect)
    .addOption(new Option('--failed').hideHelp())
    .addOption(new Option('--not-passed').hideHelp())
    .addOption(new Option('--stale').hideHelp())
    .addOption(new Option('--differs').hideHelp())
    .option(
      '--fail-under <share>',
      'exit 6 where fewer answers pass than this, 0.9 or 90% (beside the gate of the manifest)',
    )
    .option('--allow-incomplete', 'compare what is there, and mark every number')
    .option('--allow-mixed-models', 'the same where more than one model answered an arm')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'markdown', 'html'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        'expgraph compare',
        'expgraph compare baseline applike --by category',
        'expgraph compare baseline --metric pass',
        "expgraph compare baseline 'applike*' --metric tokens",
        'expgraph compare baseline applike --metric pass --margin 0.05',
        'expgraph compare applike --at 1 --at now',
        'expgraph compare --against origin/main --format markdown',
        'expgraph compare --format html > compare.html',
      ]) + COMPARE_WORDS,
    )
    .action(async (variants, options) =>
      done(await (await import('../commands/compare.ts')).compareCommand(io, { ...options, variants })),
    );
}
