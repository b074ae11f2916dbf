// Commands that look at what is there: status, history, show, diff, log, variants, parity.
import { command, JSON_ROW, type Wiring, withFile, withFilters, withOptions } from '../base.ts';
import { examples, PARITY_WORDS } from '../help/help-words.ts';

export function addLook({ program, io, done }: Wiring): void {
  const filtered = (name: string, about: string) => withFilters(command(program, name, about));
  withOptions(filtered('status', 'what is drawn, what is not or not any more, and what to do next'), JSON_ROW)
    .addHelpText('after', examples('expgraph status\nexpgraph status --json'))
    .action(async (options) =>
      done(await (await import('../commands/status.ts')).statusCommand(io, options)),
    );

  withOptions(
    filtered('history', 'what changed when, and which cells it touched; of few cells every record').argument(
      '[pattern]',
      'a glob over scenario, variant, variant/scenario or variant/scenario/run',
    ),
    `
    --all   every record of every cell, however many there are
    ${JSON_ROW}`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph history
        expgraph history 'applike/ambiguous:*'
        expgraph history sanity:*`),
    )
    .action(async (pattern, options) =>
      done(await (await import('../commands/history.ts')).historyCommand(io, { ...options, pattern })),
    );

  withOptions(
    filtered('show', 'one record in full, or the transcripts of all cells that match').argument(
      '[record]',
      'variant/scenario/run, a glob over these, a key (or its beginning), or key@generation; every cell if left out',
    ),
    `
    --json      the record as it is kept; of many one array, a record a line
    --no-pager  print it all; else a terminal gets it in $PAGER, or in less`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph show applike/sanity:list-week/1
        expgraph show 'applike/ambiguous:*'
        expgraph show --not-passed
        expgraph show --differs --category routing
        expgraph show 3fa9c1@2 --json`),
    )
    .action(async (record, options) =>
      done(await (await import('../commands/show.ts')).showCommand(io, { ...options, record })),
    );

  withOptions(
    filtered('diff', 'two states of the history, cell by cell')
      .argument('[a]', 'an invocation (its number is enough), a date, now, last or previous')
      .argument('[b]', 'the same; now if left out. Neither: the last two invocations that drew something'),
    JSON_ROW,
  )
    .addHelpText('after', examples('expgraph diff\nexpgraph diff 1 2\nexpgraph diff 2026-02-01 now'))
    .action(async (a, b, options) =>
      done(await (await import('../commands/diff.ts')).diffCommand(io, { ...options, a, b })),
    );

  withOptions(
    withFile(
      command(program, 'variants', 'the variants, and with --diff in what they differ, field by field'),
    ).argument('[names...]', 'only these (globs); with --diff each is held against the first'),
    `
    --diff   every difference; those that "varies" does not name are marked
    --check  with --diff: exit 1 if there is a difference that "varies" does not name
    ${JSON_ROW}`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph variants
        expgraph variants --diff
        expgraph variants baseline 'applike*' --diff
        expgraph variants --diff --check`),
    )
    .action(async (names, options) =>
      done(await (await import('../commands/variants.ts')).variantsCommand(io, { ...options, names })),
    );

  const parity = 'whether each arm can express what every scenario expects, before money is spent';
  withOptions(filtered('parity', parity), JSON_ROW)
    .addHelpText(
      'after',
      examples(`
        expgraph parity
        expgraph parity --variant 'applike*' --category routing
        expgraph parity --json | jq .findings`) + PARITY_WORDS,
    )
    .action(async (options) =>
      done(await (await import('../commands/parity.ts')).parityCommand(io, options)),
    );
}

export function addLog({ program, io, done }: Wiring): void {
  const about = 'what was run, newest first: when, what came of it, what it cost, why it ended';
  withOptions(
    withFile(command(program, 'log', about)).argument(
      '[invocation]',
      'its number, last or previous: that one in full',
    ),
    `
    -n, --number <count>  so many of them; 20 in a terminal, all in a pipe
    --reverse             oldest first
    ${JSON_ROW}`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph log
        expgraph log -n 3
        expgraph log 1
        expgraph log last --json`),
    )
    .action(async (invocation, options) =>
      done(await (await import('../commands/log.ts')).logCommand(io, { ...options, invocation })),
    );
}
