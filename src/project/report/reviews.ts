// Blind reviews that were closed, with their protocols. A damaged one is not told of here: fsck says what is wrong with it.
import type { ReviewStatus } from '../../core/review-status.ts';
import type { ReportFacts } from '../../report/document/facts.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { listReviews, readClosed, readProtocol } from '../review/files.ts';
import { reviewStatus } from '../review/status.ts';

export function closedReviews(world: World, experiment: Experiment): ReportFacts['reviews'] {
  return listReviews(experiment.root).flatMap(({ paths, state }) => {
    if (state !== 'closed') return [];
    const [protocol, closed] = [readProtocol(paths), readClosed(paths)];
    if (protocol.kind === 'err' || closed.kind === 'err' || closed.value === null) return [];
    const status = statusOf(world, { experiment, review: paths.id });
    return [{ protocol: protocol.value, closed: closed.value, status }];
  });
}

function statusOf(
  world: World,
  of: { readonly experiment: Experiment; readonly review: string },
): ReviewStatus | null {
  try {
    return reviewStatus(world, of);
  } catch (cause) {
    if (cause instanceof CommandError) return null;
    throw cause;
  }
}
