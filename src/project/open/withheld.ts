// While a blind review is open nothing is shown by arm: whoever reads must not know which arm leads. One question, asked by every
// use case whose result names an arm beside what came of it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Withheld } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { WithheldError } from './command-error.ts';
import type { Experiment } from './experiment.ts';
import { type OpenReview, openReviews } from './open-reviews.ts';
import type { World } from './world.ts';

type Blinded = Pick<Experiment, 'root' | 'redact'>;

/**
 * What is to be kept back; null = nothing is. Who asked for it all the same is written into each open review first: what is not
 * logged is not shown.
 * @throws CommandError where it cannot be logged
 */
export async function withheldNow(world: World, experiment: Blinded): Promise<Withheld | null> {
  const open = openReviews(experiment.root);
  if (open.length === 0) return null;
  const { unblind } = world.given;
  if (unblind === undefined) return withheldBy(open);
  (await import('./unblind.ts')).logUnblinding(world, { ...experiment, open, unblind });
  return null;
}

/** @throws WithheldError where a review is open and nobody said `--unblind` */
export async function refuseWithheld(world: World, experiment: Blinded): Promise<void> {
  const withheld = await withheldNow(world, experiment);
  if (withheld !== null) throw new WithheldError(withheld);
}

/**
 * For what is told of all arms together.
 * @throws WithheldError where the filter means some of them: a total of one arm is a number by arm
 */
export async function withheldOfAll(
  world: World,
  experiment: Blinded,
  filter: Pick<Filter, 'variant'>,
): Promise<Withheld | null> {
  const withheld = await withheldNow(world, experiment);
  if (withheld !== null && filter.variant.length > 0) throw new WithheldError(withheld);
  return withheld;
}

function withheldBy(open: readonly OpenReview[]): Withheld {
  const reviews = open.map(({ id }) => id);
  const which = open.map(({ id, folder }) => `${sanitizeLine(id)}${sinceWords(folder)}`).join('; ');
  const [is, opens] =
    open.length === 1 ? ['a blind review is', 'opens the key'] : ['blind reviews are', 'open the keys'];
  const named = (id: string): string => (open.length === 1 ? '' : ` ${sanitizeLine(id)}`);
  const close = reviews.map((id) => `\`npx expgraph review close${named(id)}\``).join(' and ');
  const why = `${is} open (${which}): nothing is shown by arm until its cards are read. \`npx expgraph review status\` says who still reads, ${close} ${opens}. --unblind shows it now, and is written into the protocol with time and user`;
  return { reviews, why };
}

/** Said where its protocol can be read: a damaged one withholds no less. */
function sinceWords(folder: string): string {
  const { started_at: at, started_by: by } = readStart(folder);
  const since =
    typeof at === 'string' ? `, since ${sanitizeLine(at.slice(0, 16).replace('T', ' '))} UTC` : '';
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
