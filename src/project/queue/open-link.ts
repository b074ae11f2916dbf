// Redis as commands reach it: the packages found, the server looked at, its troubles told once each.
import { findQueuePackages, openLinks } from '../../queue/bullmq.ts';
import type { Link } from '../../queue/link.ts';
import { type QueueNames, queueNames } from '../../queue/names.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';

/** @throws CommandError where a package is missing, or nobody answers */
export async function openLink(
  { manifest }: Experiment,
  { url, onTrouble }: { readonly url: string; readonly onTrouble: (why: string) => void },
): Promise<{ readonly link: Link; readonly names: QueueNames }> {
  const found = findQueuePackages(manifest.folder);
  if (found.kind === 'err') throw new CommandError(found.error);
  const names = queueNames(manifest.name);
  try {
    const link = await openLinks(found.value)({ url, prefix: names.prefix, onTrouble });
    return { link, names };
  } catch (error) {
    throw new CommandError(`Redis: ${(error as Error).message}`);
  }
}
