// What people said in closed reviews, as feedback on the traces of the answers that they read: one a trace and dimension, once. It
// is said when a review closes and at each `sync`, and never before.
import type { StoreReader } from '../../cache/store.ts';
import type { HumanScore } from '../../core/review.ts';
import { type ShieldedValues, shieldedValues } from '../../tracing/spans/shield.ts';
import { loadShield } from '../../tracing/spans/shield-settings.ts';
import { makeSayFeedback } from '../../tracing/spool/feedback.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { HUMAN, type HumanBook, openHumanBook } from '../select/human-scores.ts';
import { type Pushed, push } from './push.ts';
import { feedbackOfRoots, openSyncedRoots, type Saying } from './roots.ts';
import { readTracing, type Tracing } from './settings.ts';

/** Who says it: a later review of the same answer revises what an earlier one said, whoever read. */
export const REVIEW_SPEAKER = 'review';

/** What is said of one answer, one a dimension; none where nobody read it. */
export function humanSayings(
  book: Pick<HumanBook, 'saidOf' | 'reviews'>,
  input: {
    readonly scenario: string;
    readonly outputDigest: string;
    readonly tracing: Pick<Tracing, 'shield'>;
    readonly text: ShieldedValues['text'];
  },
): readonly Saying[] {
  const { tracing, text } = input;
  const at = book.reviews.at(-1)?.closed_at;
  if (at === undefined) return [];
  return book.saidOf(input).map((said) => ({
    key: text(`${HUMAN}.${said.dimension}`),
    score: said.score,
    value: text(labelsWords(said)),
    // Notes speak of the answer: they go where it goes.
    comment:
      said.notes.length === 0 || tracing.shield.outputs !== 'full' ? null : text(said.notes.join('\n')),
    source: 'app',
    reviewer: text(readersOf(said).join(', ')),
    at,
  }));
}

function labelsWords({ labels, adjudicated }: HumanScore): string {
  const words = labels.map(({ label }) => label).join(', ');
  return adjudicated ? `${words}; settled` : words;
}

function readersOf({ labels }: HumanScore): readonly string[] {
  return [...new Set(labels.map(({ reviewer }) => reviewer))];
}

/**
 * Writes down what closed reviews say of answers that were traced, and sends it.
 * @returns null = there is no tracing, or nothing to be said
 */
export async function tellHumanScores(
  world: World,
  experiment: Experiment,
): Promise<{ readonly said: number; readonly pushed: Pushed } | null> {
  const state = readTracing(world, experiment);
  if (state.kind === 'off') return null;
  const { tracing } = state;
  const { text } = shieldedValues(await loadShield({ env: world.env, shield: tracing.shield }));
  using store = experiment.stores.read();
  const said = sayAll({ store, tracing, text, book: openHumanBook(experiment) });
  if (said === 0) return null;
  const pushed = await push({ io: world, tracing, folders: [], age: { kind: 'hold' } });
  return { said, pushed };
}

function sayAll(input: {
  readonly store: StoreReader;
  readonly tracing: Tracing;
  readonly text: ShieldedValues['text'];
  readonly book: HumanBook;
}): number {
  const { store, tracing, text, book } = input;
  const say = makeSayFeedback(tracing.root);
  const synced = openSyncedRoots(tracing.root);
  let count = 0;
  for (const row of store.counting()) {
    const { scenario, outputDigest } = row;
    if (outputDigest === null) continue;
    const sayings = humanSayings(book, { scenario, outputDigest, tracing, text });
    const read = sayings.length === 0 ? null : store.read(row);
    if (read?.kind !== 'ok') continue;
    for (const saying of sayings) {
      const of = { record: read.value, cell: null, synced, tracing, saying, speaker: REVIEW_SPEAKER };
      for (const feedback of feedbackOfRoots(of)) if (say(feedback) === 'new') count++;
    }
  }
  return count;
}
