// What `merge` prints: what came from where, and what did not. Pure.
import { sanitizeLine } from '../../core/text.ts';
import type { Told, United } from '../../core/united.ts';
import { formatAmount } from '../../text/format.ts';

export type MergedFacts = {
  readonly experiment: string;
  readonly stores: readonly (United & { readonly other: string; readonly batches: number })[];
};

type Store = MergedFacts['stores'][number];

/** Lines of one kind that are printed; --json has all of them. */
const MOST = 10;

export function mergeJson({ experiment, stores }: MergedFacts, dryRun: boolean): object {
  return {
    experiment,
    dry_run: dryRun,
    stores: stores.map((store) => ({
      other: store.other,
      invocations: store.invocations,
      records: store.records,
      scores: store.scores,
      blobs: store.blobs,
      archives: store.archives,
      reviews: store.reviews,
      left_out: store.leftOut,
      conflicts: store.conflicts,
      damaged: store.damaged,
      batches_out: store.batches,
    })),
  };
}

export function mergeText({ stores }: MergedFacts, dryRun: boolean): string {
  return stores.map((store) => `${cameLine(store, dryRun)}${besides(store)}`).join('');
}

function cameLine(store: Store, dryRun: boolean): string {
  const amounts = [
    [store.invocations.length, 'invocation'],
    [store.records, 'record'],
    [store.scores, 'score'],
    [store.blobs, 'blob'],
    [store.archives.length, 'archive'],
    [store.reviews.length, 'review'],
  ] as const;
  const some = amounts.filter(([count]) => count > 0);
  if (some.length === 0) return `nothing new in ${store.other}: all that it has is here\n`;
  const came = dryRun ? 'would come' : 'came';
  return `${some.map(([count, noun]) => formatAmount(count, noun)).join(', ')} ${came} from ${store.other}\n`;
}

function besides(store: Store): string {
  const put = ({ kept }: { readonly kept: string | null }): string =>
    kept === null ? '; ours stays, theirs is left out' : `; ours stays, theirs is in ${kept}`;
  const conflicts = store.conflicts.map(({ why, ...one }) => ({ ...one, why: `${why}${put(one)}` }));
  return [
    lines('conflict', conflicts),
    lines('damaged there', store.damaged),
    lines('left out', store.leftOut),
    batchLine(store),
  ].join('');
}

function lines(kind: string, told: readonly Told[]): string {
  const shown = told
    .slice(0, MOST)
    .map(({ what, why }) => `${kind}: ${sanitizeLine(what)} ${sanitizeLine(why)}\n`);
  const more = told.length > MOST ? `${kind}: ${told.length - MOST} more; --json has them all\n` : '';
  return `${shown.join('')}${more}`;
}

function batchLine({ batches, other }: Store): string {
  if (batches === 0) return '';
  const [are, them] = batches === 1 ? ['batch is', 'it'] : ['batches are', 'them'];
  return `${batches} ${are} out from ${other}: the account that sent ${them} fetches the answers, with \`npx expgraph run\` there\n`;
}
