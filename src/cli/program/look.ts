// Commands that look at what is there: status, history, show, diff, variants, parity, prices, log.
import { declare, type Wiring } from '../base.ts';
import { JSON_ROW, UNBLIND_ROW } from './rows.ts';

export function addLook({ program, io, done }: Wiring): void {
  const { filed, filtered } = declare(program);
  filtered(`
    status  what is drawn, what is not or not any more, and what to do next
    ${JSON_ROW}
    ${UNBLIND_ROW}`).action(async (options) =>
    done(await (await import('../commands/status.ts')).statusCommand(io, options)),
  );

  filtered(`
    history    what changed when, and which cells it touched; of few cells every record
    [pattern]  a glob over scenario, variant, variant/scenario or variant/scenario/run
    --all      every record of every cell, however many there are
    ${JSON_ROW}
    ${UNBLIND_ROW}`).action(async (pattern, options) =>
    done(await (await import('../commands/history.ts')).historyCommand(io, { ...options, pattern })),
  );

  filtered(`
    show        one record in full, or the transcripts of all cells that match
    [record]    variant/scenario/run, a glob over these, a key (or its beginning), or key@generation; every cell if left out
    --json      the record as it is kept; of many one array, a record a line
    --no-pager  print it all; else a terminal gets it in $PAGER, or in less
    ${UNBLIND_ROW}`).action(async (record, options) =>
    done(await (await import('../commands/show.ts')).showCommand(io, { ...options, record })),
  );

  filtered(`
    diff  two states of the history, cell by cell
    [a]   an invocation (its number is enough), a date, now, last or previous
    [b]   the same; now if left out. Neither: the last two invocations that drew something
    ${JSON_ROW}
    ${UNBLIND_ROW}`).action(async (a, b, options) =>
    done(await (await import('../commands/diff.ts')).diffCommand(io, { ...options, a, b })),
  );

  filed(`
    variants    the variants, and with --diff in what they differ, field by field
    [names...]  only these (globs); with --diff each is held against the first
    --diff      every difference; those that "varies" does not name are marked
    --check     with --diff: exit 1 if there is a difference that "varies" does not name
    ${JSON_ROW}`).action(async (names, options) =>
    done(await (await import('../commands/variants.ts')).variantsCommand(io, { ...options, names })),
  );

  filtered(`
    parity  whether each arm can express what every scenario expects, before money is spent
    ${JSON_ROW}`).action(async (options) =>
    done(await (await import('../commands/parity.ts')).parityCommand(io, options)),
  );
}

export function addPrices({ program, io, done }: Wiring): void {
  declare(program)
    .filed(`
    prices   what the models cost, as far as it is known, and who says so
    [model]  an id or a glob: what is known of it at the providers that are used (default: what variants and scorers ask)
    ${JSON_ROW}`)
    .action(async (model, options) =>
      done(await (await import('../commands/prices.ts')).pricesCommand(io, { ...options, model })),
    );
}

export function addLog({ program, io, done }: Wiring): void {
  declare(program)
    .filed(`
    log                   what was run, newest first: when, what came of it, what it cost, why it ended
    [invocation]          its number, last or previous: that one in full
    -n, --number <count>  so many of them; 20 in a terminal, all in a pipe
    --reverse             oldest first
    ${JSON_ROW}
    ${UNBLIND_ROW}`)
    .action(async (invocation, options) =>
      done(await (await import('../commands/log.ts')).logCommand(io, { ...options, invocation })),
    );
}
