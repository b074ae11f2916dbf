// The use case `queue status`: what lies in Redis of an experiment, and who works at it. Changes nothing there.
import type { QueueStatus } from '../../core/queue-status.ts';
import { ordersOf } from '../../queue/names.ts';
import { lookAtQueue } from '../../queue/status.ts';
import { openExperiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { queuedProviders } from './needs.ts';
import { openLink } from './open-link.ts';

/** @throws CommandError where there is no Redis to be asked */
export async function queueStatus(
  io: World,
  { file, url }: { readonly file: string; readonly url: string },
): Promise<QueueStatus> {
  const experiment = await openExperiment(io, file);
  await using opened = await openLink(io, experiment, url);
  return await lookAtQueue({
    ask: opened.link.ask,
    experiment: experiment.manifest.name,
    url: opened.shown,
    names: opened.names,
    orders: new Map(queuedProviders(experiment).map((provider) => [provider, ordersOf(provider)])),
    sleep: (ms) =>
      new Promise<void>((resolve) => {
        io.clock.after(ms, resolve);
      }),
  });
}
