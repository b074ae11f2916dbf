// The screen `experiment`: what the frame of each page needs.
import { orderOf } from '../../cache/disk/layout.ts';
import { hasJustEnded, readHolder } from '../../cache/disk/lock.ts';
import type { ExperimentScreen } from '../../screens/experiment.ts';
import { makeFilter } from '../open/filters.ts';
import { openReviews } from '../open/open-reviews.ts';
import type { World } from '../open/world.ts';
import { allCells } from '../select/plan-experiment.ts';
import { makeRowFilter } from '../select/row-filter.ts';
import type { Snapshot } from './snapshot.ts';
import type { ViewContext } from './view-context.ts';

export function experimentScreen({ world, snapshot }: ViewContext): ExperimentScreen {
  const { experiment, cells, index } = snapshot;
  const { manifest } = experiment;
  return {
    name: manifest.name,
    description: manifest.description,
    variants: cells.columns.map(({ variant: name }) => {
      const known = experiment.variants.get(name)?.variant;
      if (known === undefined) return { variant: name, provider: 'imported', model: null };
      return { variant: name, provider: known.provider, model: known.model === '' ? null : known.model };
    }),
    scenarios: cells.rows.length,
    runs: [...new Set(cells.columns.flatMap(({ runs }) => runs))].sort((a, b) => a - b),
    categories: [...new Set(cells.rows.flatMap(({ category }) => category ?? []))],
    tags: [...new Set(cells.rows.flatMap(({ tags }) => tags))],
    scorers: manifest.scorers.map(({ name }) => name),
    simulated: cells.isSimulated,
    revision: index.revision,
    running: runningOf(snapshot),
    review: reviewOf(world, experiment),
  };
}

/** The first of them by name: one is enough to withhold numbers. */
function reviewOf({ given }: World, { root }: Snapshot['experiment']): ExperimentScreen['review'] {
  const [open] = openReviews(root);
  return open === undefined ? null : { id: open.id, isUnblinded: given.unblind !== undefined };
}

/** The newest invocation, where it did not say how it ended and whoever has the lock is there. */
function runningOf({ experiment, store }: Snapshot): ExperimentScreen['running'] {
  const newest = store.newestInvocation();
  if (newest === undefined || newest.how !== 'running') return null;
  const holder = readHolder(experiment.root);
  if (holder === null || hasJustEnded(holder) || holder.since > newest.started_at) return null;
  const order = orderOf(newest.invocation);
  const { filter, force, invocation } = newest;
  const asked = makeFilter({ ...filter, runs: (filter.runs ?? []).map(String) });
  const means = makeRowFilter(experiment, asked);
  const drawn = new Set<string>();
  for (const row of store.measures())
    if (row.sequence === order?.sequence && row.stamp === order.stamp) drawn.add(row.key);
  let left = 0;
  for (const cell of allCells(experiment)) {
    if (drawn.has(cell.key) || !means(cell)) continue;
    if (force || store.history.byKey(cell.key)?.status !== 'completed') left++;
  }
  return { invocation, done: drawn.size, total: drawn.size + left };
}
