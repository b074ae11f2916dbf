// Commands about what is kept: fsck, gc, reindex.

import { command, type Wiring, withFile } from '../base.ts';
import { examples, FSCK_WORDS, GC_WORDS, WAIT } from '../help/help-words.ts';

export function addKeep({ program, io, argv, done }: Wiring): void {
  withFile(command(program, 'fsck', 'check every line, number, key, blob, archive, the index and the view'))
    .option('--repair', 'mend what is derived, clear away what a crash left; damaged truth stays and is told')
    .option('-n, --dry-run', 'with --repair: only check, as without it')
    .option('--wait', `with --repair: ${WAIT}`)
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      `${examples(['expgraph fsck', 'expgraph fsck --repair', 'expgraph fsck --json | jq .findings'])}${FSCK_WORDS}`,
    )
    .action(async (options) =>
      done(await (await import('../commands/fsck.ts')).fsckCommand(io, { ...options, argv })),
    );

  withFile(command(program, 'gc', 'move records that nothing shows or asks for into an archive; asks first'))
    .option('--older-than <age>', 'only records older than this: 12h, 30d, 8w, or a date')
    .option('--keep <n>', 'of each cell keep at least its n newest records', '1')
    .option('--yes', 'do it without asking')
    .option('-n, --dry-run', 'say what would go and ask nothing, even with --yes')
    .option('--restore <archive>', 'put an archive back into the history')
    .option('--wait', WAIT)
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      `${examples([
        'expgraph gc',
        'expgraph gc --older-than 30d --keep 3',
        'expgraph gc --older-than 2026-01-01 --yes',
        'expgraph gc --restore 1',
      ])}${GC_WORDS}`,
    )
    .action(async (options) =>
      done(await (await import('../commands/gc.ts')).gcCommand(io, { ...options, argv })),
    );

  withFile(command(program, 'reindex', 'rebuild index.db and the view from the history'))
    .option('--wait', WAIT)
    .addHelpText(
      'after',
      `${examples([
        'expgraph reindex',
        'expgraph reindex --wait',
      ])}\nIt has no dry run: it writes only what follows from the history, which it never\nchanges. expgraph fsck says beforehand what is not as the history says.\n`,
    )
    .action(async (options) =>
      done(await (await import('../commands/reindex.ts')).reindexCommand(io, { ...options, argv })),
    );
}
