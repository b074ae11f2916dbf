// A reader at work, for whoever is no page: his cards, what he has said of them, and saving more of it.
import type { NewVerdict, ProtocolFile, SavedVerdict } from '../../core/review.ts';
import { standing, type Verdicts } from '../../review/draft.ts';
import type { RevealedTools, ReviewScreen } from '../../screens/review.ts';
import { CommandError } from '../open/command-error.ts';
import { openExperiment } from '../open/experiment.ts';
import { userName } from '../open/user-name.ts';
import type { World } from '../open/world.ts';
import { type OpenReading, openReading } from './open-reading.ts';
import { keepVerdict, screenOf, seenVerdicts } from './reader-screen.ts';
import { revealTools } from './reveal-tools.ts';

export type ReaderInput = {
  readonly file: string;
  /** Left out, the one that is open. */
  readonly review?: string | undefined;
  /** Left out, who sits here. */
  readonly reviewer?: string | undefined;
};

export type ReaderSession = {
  readonly screen: ReviewScreen;
  readonly arms: ProtocolFile['arms'];
  /** The newest of each place. */
  verdicts(): Verdicts;
  /** Durable when it returns. @throws CommandError where it is refused: nothing was written */
  save(verdict: NewVerdict): SavedVerdict;
  /** Real names of the tools on a card, once it is written into the protocol that he asked. @throws CommandError */
  reveal(card: string): Promise<RevealedTools>;
};

/** He begins to read now, if he has not yet. @throws CommandError */
export async function openReaderSession(world: World, input: ReaderInput): Promise<ReaderSession> {
  const { root, redact } = await openExperiment(world, input.file);
  const reading = beginReading(world, { root, ...input });
  const before = seenVerdicts(reading);
  const verdicts = new Map(before.map((verdict) => [verdict.card, verdict]));
  return {
    screen: screenOf(reading, before),
    arms: reading.protocol.arms,
    verdicts: () => verdicts,
    save(verdict) {
      const kept = keepVerdict(world, { reading, verdict, redact });
      if (!kept.ok) throw new CommandError(kept.message);
      verdicts.set(kept.saved.card, kept.saved);
      return kept.saved;
    },
    async reveal(card) {
      const revealed = await revealTools(world, { root, reading, place: card });
      if (revealed.kind === 'err') throw new CommandError(revealed.error);
      return revealed.value;
    },
  };
}

/** @throws CommandError */
export function beginReading(
  world: Pick<World, 'env'>,
  { root, review, reviewer }: { readonly root: string } & Omit<ReaderInput, 'file'>,
): OpenReading {
  const reading = openReading(root, {
    review: review ?? null,
    reviewer: reviewer ?? userName(world.env),
    as: 'reader',
  });
  if (reading.kind === 'err') throw new CommandError(reading.error);
  return reading.value;
}

/** Of the cards at the end those that the arm was not guessed of yet. */
export function openGuesses({ screen, verdicts }: ReaderSession): readonly string[] {
  return screen.guesses.filter((card) => standing(verdicts(), card)?.guess === null);
}
