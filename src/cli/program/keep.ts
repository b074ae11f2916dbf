// Commands about what is kept: fsck, gc, reindex.
import { command, JSON_ROW, type Wiring, withFile, withOptions } from '../base.ts';
import { examples, FSCK_WORDS, GC_WORDS, REINDEX_WORDS, WAIT, WAIT_ROW } from '../help/help-words.ts';

export function addKeep({ program, io, argv, done }: Wiring): void {
  withOptions(
    withFile(
      command(program, 'fsck', 'check every line, number, key, blob, archive, the index and the view'),
    ),
    `
    --repair       mend what is derived, clear away what a crash left; damaged truth stays and is told
    -n, --dry-run  with --repair: only check, as without it
    --wait         with --repair: ${WAIT}
    ${JSON_ROW}`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph fsck
        expgraph fsck --repair
        expgraph fsck --json | jq .findings`) + FSCK_WORDS,
    )
    .action(async (options) =>
      done(await (await import('../commands/fsck.ts')).fsckCommand(io, { ...options, argv })),
    );

  withOptions(
    withFile(
      command(program, 'gc', 'move records that nothing shows or asks for into an archive; asks first'),
    ),
    `
    --older-than <age>   only records older than this: 12h, 30d, 8w, or a date
    --keep <n>           of each cell keep at least its n newest records  = 1
    --yes                do it without asking
    -n, --dry-run        say what would go and ask nothing, even with --yes
    --restore <archive>  put an archive back into the history
    ${WAIT_ROW}
    ${JSON_ROW}`,
  )
    .addHelpText(
      'after',
      examples(`
        expgraph gc
        expgraph gc --older-than 30d --keep 3
        expgraph gc --older-than 2026-01-01 --yes
        expgraph gc --restore 1`) + GC_WORDS,
    )
    .action(async (options) =>
      done(await (await import('../commands/gc.ts')).gcCommand(io, { ...options, argv })),
    );

  withOptions(
    withFile(command(program, 'reindex', 'rebuild index.db and the view from the history')),
    WAIT_ROW,
  )
    .addHelpText('after', examples('expgraph reindex\nexpgraph reindex --wait') + REINDEX_WORDS)
    .action(async (options) =>
      done(await (await import('../commands/reindex.ts')).reindexCommand(io, { ...options, argv })),
    );
}
