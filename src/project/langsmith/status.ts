// What was sent to LangSmith, what waits, what was refused and why. Asks nobody.
import { countSpool, type SpoolCounts } from '../../tracing/spool/count.ts';
import { countFeedback, type FeedbackCounts } from '../../tracing/spool/feedback.ts';
import { spoolFolders } from '../../tracing/spool/spool-read.ts';
import { MAX_AGE_MS } from '../../tracing/upload/upload.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { projectPage } from './pages.ts';
import { readTracing, tracesRoot } from './settings.ts';

export type TracingStatus = {
  readonly tracing: 'on' | 'off';
  /** Why not; null where it is on. */
  readonly why: string | null;
  readonly api: string | null;
  readonly project: string | null;
  /** The project's page; null until something was sent. */
  readonly url: string | null;
  /** One an invocation that was traced, and one of what `sync` made. */
  readonly spools: readonly SpoolCounts[];
  readonly feedback: FeedbackCounts;
};

export function tracingStatus(world: World, experiment: Experiment): TracingStatus {
  const root = tracesRoot(experiment);
  const state = readTracing(world, experiment);
  const tracing = state.kind === 'on' ? state.tracing : null;
  const now = world.clock.now();
  const spools = spoolFolders(root).map((folder) => countSpool({ root, folder, now, maxAgeMs: MAX_AGE_MS }));
  return {
    tracing: state.kind,
    why: state.kind === 'off' ? state.why : null,
    api: tracing?.endpoint.apiUrl ?? null,
    project: tracing?.project ?? null,
    url: tracing && projectPage(tracing),
    spools,
    feedback: countFeedback(root),
  };
}
