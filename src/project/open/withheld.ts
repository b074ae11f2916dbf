// While a blind review is open nothing is shown by arm: whoever reads must not know which arm leads. One question, asked by every
// use case whose result names an arm beside what came of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError, EXIT } from './command-error.ts';
import type { Experiment } from './experiment.ts';
import { openReviews } from './open-reviews.ts';
import type { World } from './world.ts';

type Blinded = Pick<Experiment, 'root' | 'redact'>;

/** Numbers by arm are withheld: exit code 5. Whoever catches it finds the reviews that are open. */
export class WithheldError extends CommandError {
  readonly reviews: readonly string[];
  constructor(message: string, reviews: readonly string[]) {
    super(message, EXIT.withheld);
    this.reviews = reviews;
  }
}

/**
 * Whether what names arms is to be kept back. Who asked for it all the same is written into each open review first: what is not
 * logged is not shown.
 * @throws CommandError where it cannot be logged
 */
export async function isWithheld(world: World, experiment: Blinded): Promise<boolean> {
  const open = openReviews(experiment.root);
  if (open.length === 0) return false;
  const { unblind } = world.given;
  if (unblind === undefined) return true;
  await (await import('./unblind.ts')).logUnblinding(world, { ...experiment, open, unblind });
  return false;
}

/** @throws WithheldError where a review is open and nobody said `--unblind` */
export async function refuseWithheld(world: World, experiment: Blinded): Promise<void> {
  if (await isWithheld(world, experiment)) throw withheldError(experiment.root);
}

export function withheldError(root: string): WithheldError {
  const open = openReviews(root);
  return new WithheldError(
    withheldWords(root),
    open.map(({ id }) => id),
  );
}

/** Why, and what to do, in one paragraph. */
export function withheldWords(root: string): string {
  const open = openReviews(root);
  const which = open.map(({ id, folder }) => `${sanitizeLine(id)}${sinceWords(folder)}`).join(', ');
  const [is, it] = open.length === 1 ? ['review', 'is'] : ['reviews', 'are'];
  const closing = open.map(({ id }) => `npx expgraph review close ${sanitizeLine(id)}`).join(' and ');
  return `a blind ${is} ${it} open (${which}): nothing is shown by arm until all cards are read. \`npx expgraph review status\` says who still reads; \`${closing}\` opens the key. --unblind shows it now, and is written into the protocol with time and user`;
}

/** Said where its protocol can be read: a damaged one withholds no less. */
function sinceWords(folder: string): string {
  const { started_at: at, started_by: by } = readStart(folder);
  const since = typeof at === 'string' ? `, since ${sanitizeLine(at.slice(0, 16).replace('T', ' '))}` : '';
  return `${since}${typeof by === 'string' ? `, started by ${sanitizeLine(by)}` : ''}`;
}

function readStart(folder: string): { readonly started_at?: unknown; readonly started_by?: unknown } {
  try {
    const said: unknown = JSON.parse(readFileSync(path.join(folder, 'protocol.json'), 'utf8'));
    return typeof said === 'object' && said !== null ? said : {};
  } catch {
    return {};
  }
}
