// Commands that look at what is there: status, history, show, diff, variants, parity.

import { command, type Wiring, withFile, withFilters } from '../base.ts';
import { examples } from '../help/help-words.ts';

export function addLook({ program, io, done }: Wiring): void {
  withFilters(command(program, 'status', 'what is drawn, what is not or not any more, and what to do next'))
    .option('--json', 'as one JSON document')
    .addHelpText('after', examples(['expgraph status', 'expgraph status --json']))
    .action(async (options) =>
      done(await (await import('../commands/status.ts')).statusCommand(io, options)),
    );

  withFilters(
    command(program, 'history', 'what changed when, and which cells it touched; of few cells every record'),
  )
    .argument('[pattern]', 'a glob over scenario, variant, variant/scenario or variant/scenario/run')
    .option('--all', 'every record of every cell, however many there are')
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples(['expgraph history', "expgraph history 'applike/ambiguous:*'", 'expgraph history sanity:*']),
    )
    .action(async (pattern, options) =>
      done(await (await import('../commands/history.ts')).historyCommand(io, { ...options, pattern })),
    );

  withFilters(command(program, 'show', 'one record in full, or the transcripts of all cells that match'))
    .argument(
      '[record]',
      'variant/scenario/run, a glob over these, a key (or its beginning), or key@generation; every cell if left out',
    )
    .option('--json', 'the record as it is kept; of many one array, a record a line')
    .option('--no-pager', 'print it all; else a terminal gets it in $PAGER, or in less')
    .addHelpText(
      'after',
      examples([
        'expgraph show applike/sanity:list-week/1',
        "expgraph show 'applike/ambiguous:*'",
        'expgraph show --not-passed',
        'expgraph show --differs --category routing',
        'expgraph show 3fa9c1@2 --json',
      ]),
    )
    .action(async (record, options) =>
      done(await (await import('../commands/show.ts')).showCommand(io, { ...options, record })),
    );

  withFilters(command(program, 'diff', 'two states of the history, cell by cell'))
    .argument('[a]', 'an invocation (its number is enough), a date, now, last or previous')
    .argument('[b]', 'the same; now if left out. Neither: the last two invocations that drew something')
    .option('--json', 'as one JSON document')
    .addHelpText('after', examples(['expgraph diff', 'expgraph diff 1 2', 'expgraph diff 2026-02-01 now']))
    .action(async (a, b, options) =>
      done(await (await import('../commands/diff.ts')).diffCommand(io, { ...options, a, b })),
    );

  withFile(command(program, 'variants', 'the variants, and with --diff in what they differ, field by field'))
    .argument('[names...]', 'only these (globs); with --diff each is held against the first')
    .option('--diff', 'every difference; those that "varies" does not name are marked')
    .option('--check', 'with --diff: exit 1 if there is a difference that "varies" does not name')
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples([
        'expgraph variants',
        'expgraph variants --diff',
        "expgraph variants baseline 'applike*' --diff",
        'expgraph variants --diff --check',
      ]),
    )
    .action(async (names, options) =>
      done(await (await import('../commands/variants.ts')).variantsCommand(io, { ...options, names })),
    );

  withFilters(
    command(
      program,
      'parity',
      'whether each arm can express what every scenario expects, before money is spent',
    ),
  )
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      `${examples([
        'expgraph parity',
        "expgraph parity --variant 'applike*' --category routing",
        'expgraph parity --json | jq .findings',
      ])}\nExit: 0 every arm can · 1 an arm cannot express a scenario · 2 usage or manifest\n      error\n`,
    )
    .action(async (options) =>
      done(await (await import('../commands/parity.ts')).parityCommand(io, options)),
    );
}
