// What a reader's page is given, and where what he says goes. Never an arm beside an answer, never tokens, cost or time.

import { isJsonObject } from '../../core/json.ts';
import type { Redact } from '../../core/redact.ts';
import type { SavedVerdict } from '../../core/review.ts';
import { checkVerdict } from '../../review/check-verdict.ts';
import type { RevealedTools, ReviewScreen } from '../../screens/review.ts';
import type { Answer } from '../../screens/screen.ts';
import { CommandError } from '../open/command-error.ts';
import { userName } from '../open/user-name.ts';
import type { World } from '../open/world.ts';
import { type OpenReading, openReading, savedOf, savedVerdicts } from './open-reading.ts';
import { appendVerdict } from './verdict-log.ts';

/** @param query `review` and `reviewer`; left out, the one that is open and who sits here. `part=arms` for the guess block */
export function reviewScreen(
  world: Pick<World, 'env'>,
  { root, query }: { readonly root: string; readonly query: URLSearchParams },
): Answer<'review'> {
  const reading = openReading(root, {
    review: query.get('review'),
    reviewer: query.get('reviewer') ?? userName(world.env),
    as: 'known',
  });
  if (reading.kind === 'err') return refused(reading.error);
  if (query.get('part') === 'arms') return { ok: true, value: armsScreen(reading.value) };
  const saved = savedVerdicts(reading.value);
  if (saved.kind === 'err') return refused(saved.error);
  return { ok: true, value: screenOf(reading.value, saved.value) };
}

function refused(message: string): Answer<'review'> {
  return { ok: false, refusal: { kind: 'not-found', message } };
}

export function screenOf(reading: OpenReading, verdicts: readonly SavedVerdict[]): ReviewScreen {
  const { deck, protocol, reviewer, places, guesses } = reading;
  return {
    review: deck.head.review,
    experiment: deck.head.experiment,
    reviewer,
    protocol: protocol.protocol,
    rubric: deck.head.rubric,
    deck: deck.sha256,
    // Field by field: what else the deck knows of a card is not for its reader.
    cards: places.map(({ name, card: { scenario, category, description, input, answers } }) => ({
      card: name,
      scenario,
      category,
      description,
      input,
      answers,
    })),
    verdicts,
    guesses,
    arms: null,
  };
}

/** What he said before. @throws CommandError where the file of his verdicts is damaged */
export function seenVerdicts(reading: OpenReading): readonly SavedVerdict[] {
  const saved = savedVerdicts(reading);
  if (saved.kind === 'err') throw new CommandError(saved.error);
  return saved.value;
}

/** Names of arms by the letters of the guess block, and nothing else that could be put beside them. */
export function armsScreen(reading: OpenReading): ReviewScreen {
  return { ...screenOf(reading, []), cards: [], guesses: [], arms: reading.protocol.arms };
}

type Kept<Saved> =
  | { readonly ok: true; readonly saved: Saved }
  | { readonly ok: false; readonly message: string };

/** What a page says: a verdict, or that it wants to know the real names of tools. Resolves when it is durable. */
export type SaveVerdict = (said: unknown) => Promise<Kept<SavedVerdict | RevealedTools>>;

export function makeSaveVerdict(
  world: World,
  { root, redact }: { readonly root: string; readonly redact: Redact },
): SaveVerdict {
  return async (said) => {
    const given = isJsonObject(said) ? said : {};
    const { review = null, reviewer = userName(world.env), reveal, ...verdict } = given;
    if ((review !== null && typeof review !== 'string') || typeof reviewer !== 'string')
      return { ok: false, message: '"review" and "reviewer" are names' };
    const reading = openReading(root, { review, reviewer, as: 'known' });
    if (reading.kind === 'err') return { ok: false, message: `not saved: ${reading.error}` };
    if (reveal === undefined) return keepVerdict(world, { reading: reading.value, verdict, redact });
    if (typeof reveal !== 'string') return { ok: false, message: '"reveal" names a card' };
    const { revealTools } = await import('./reveal-tools.ts');
    const revealed = await revealTools(world, { root, reading: reading.value, place: reveal });
    if (revealed.kind === 'err') return { ok: false, message: `nothing is shown: ${revealed.error}` };
    return { ok: true, saved: revealed.value };
  };
}

/** The same for who serves an experiment whose manifest may be broken for a while: it is opened when something is said. */
export function lateSaveVerdict(world: World, file: string): SaveVerdict {
  return async (said) => {
    try {
      const { openExperiment } = await import('../open/experiment.ts');
      return await makeSaveVerdict(world, await openExperiment(world, file))(said);
    } catch (cause) {
      if (!(cause instanceof CommandError)) throw cause;
      return { ok: false, message: `not saved: ${cause.message}` };
    }
  };
}

/** @param input.verdict from outside, with the name of the place that the reader sees */
export function keepVerdict(
  world: Pick<World, 'clock' | 'notify'>,
  input: { readonly reading: OpenReading; readonly verdict: unknown; readonly redact: Redact },
): Kept<SavedVerdict> {
  const { reading, redact } = input;
  const { deck, protocol, paths, reviewer, places } = reading;
  const checked = checkVerdict(input.verdict, {
    protocol: protocol.protocol,
    cards: places.map(({ name }) => name),
  });
  if (checked.kind === 'err') return { ok: false, message: `not saved: ${checked.error}` };
  const { card, look, name: place } = places.find(({ name }) => name === checked.value.card)!;
  const appended = appendVerdict({
    folder: paths.folder,
    review: paths.id,
    rubric: deck.head.rubric,
    answers: new Map([[card.card, card.answers.map(({ answer }) => answer).join(' ')]]),
    reviewer,
    verdict: { ...checked.value, card: card.card, look },
    at: world.clock.now().toISOString(),
    redact,
  });
  if (appended.kind === 'err') return { ok: false, message: `not saved: ${appended.error}` };
  for (const text of appended.value.notices) world.notify({ kind: 'note', text });
  return { ok: true, saved: savedOf(appended.value.line, place) };
}
