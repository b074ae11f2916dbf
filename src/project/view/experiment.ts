// The screen `experiment`: what the frame of each page needs.
import type { ExperimentScreen } from '../../screens/experiment.ts';
import { openReviews } from '../open/open-reviews.ts';
import type { World } from '../open/world.ts';
import { runningNow } from './running.ts';
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
    running: runningNow(experiment, cells.unended),
    review: reviewOf(world, experiment),
  };
}

/** The first of them by name: one is enough to withhold numbers. */
function reviewOf({ given }: World, { root }: Snapshot['experiment']): ExperimentScreen['review'] {
  const [open] = openReviews(root);
  return open === undefined ? null : { id: open.id, isUnblinded: given.unblind !== undefined };
}
