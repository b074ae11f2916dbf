// Commands about what is kept, and what is still out: fsck, gc, reindex, merge, batches.
import { declare, type Wiring } from '../base.ts';
import { JSON_ROW, REPAIR_WAIT_ROW, WAIT_ROW } from './rows.ts';

export function addKeep({ program, io, argv, done }: Wiring): void {
  const { filed } = declare(program);
  filed(`
    fsck           check every line, number, key, blob, archive and review, the index and the view
    --repair       mend what is derived, clear away what a crash left; damaged truth stays and is told
    -n, --dry-run  with --repair: only check, as without it
    ${REPAIR_WAIT_ROW}
    ${JSON_ROW}`).action(async (options) =>
    done(await (await import('../commands/fsck.ts')).fsckCommand(io, { ...options, argv })),
  );

  filed(`
    gc                   move records that nothing shows or asks for into an archive; asks first
    --older-than <age>   only records older than this: 12h, 30d, 8w, or a date
    --keep <n>           of each cell keep at least its n newest records  = 1
    --yes                do it without asking
    -n, --dry-run        say what would go and ask nothing, even with --yes
    --restore <archive>  put an archive back into the history
    ${WAIT_ROW}
    ${JSON_ROW}`).action(async (options) =>
    done(await (await import('../commands/gc.ts')).gcCommand(io, { ...options, argv })),
  );

  filed(`
    reindex  rebuild index.db and the view from the history
    ${WAIT_ROW}`).action(async (options) =>
    done(await (await import('../commands/reindex.ts')).reindexCommand(io, { ...options, argv })),
  );

  filed(`
    merge          take in what another store of this experiment has; twice is once, in any order
    <others...>    a folder (a store, artifacts, a checkout, a git worktree), or a tar of one: plain, gzip or zstd
    -n, --dry-run  say what would come, write nothing
    ${WAIT_ROW}
    ${JSON_ROW}`).action(async (others, options) =>
    done(await (await import('../commands/merge.ts')).mergeCommand(io, { ...options, others, argv })),
  );

  filed(`
    batches         which cells are out in batches of their providers, and since when
    --cancel        cancel them there; what they had answered by then is fetched by the next run
    --forget <tag>  take one for lost: its cells count as never sent, and are sent again, and paid again
    ${WAIT_ROW}
    ${JSON_ROW}`).action(async (options) =>
    done(await (await import('../commands/batches.ts')).batchesCommand(io, { ...options, argv })),
  );
}
