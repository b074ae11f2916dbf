// Cards on which readers differ too much, as the protocol said before anybody read: shown still blind, and settled by a third whose
// word stands in a log of its own.
import path from 'node:path';
import type { DeckCard, NewVerdict, ReviewProtocol } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { checkVerdict } from '../../review/check-verdict.ts';
import { standingOf } from '../../review/standing.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { userName } from '../open/user-name.ts';
import type { World } from '../open/world.ts';
import { chooseReview } from './choose-review.ts';
import { readVerdictLines } from './read-verdicts.ts';
import { reviewerName } from './reviewer.ts';
import { type ReviewRead, readReview } from './status.ts';
import { appendVerdicts } from './verdict-log.ts';

export type Dispute = {
  readonly card: DeckCard;
  /** What is still to be settled. */
  readonly dimensions: readonly string[];
  /** In the order of readers; whose answer it is nobody said. */
  readonly said: readonly {
    readonly reviewer: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly note: string | null;
  }[];
};

export type Disputes = {
  readonly review: string;
  readonly protocol: ReviewProtocol;
  readonly disputes: readonly Dispute[];
  /** Cards that somebody settled. */
  readonly settled: number;
};

type Asked = { readonly experiment: Experiment; readonly review: string | null };

/** @throws CommandError where no review is open, or its files are damaged */
export function readDisputes(world: Pick<World, 'notify'>, asked: Asked): Disputes {
  return disputesIn(openOne(world, asked));
}

function openOne(world: Pick<World, 'notify'>, { experiment, review }: Asked): ReviewRead {
  return readReview(world, chooseReview(experiment.root, { id: review, state: 'open' }));
}

function disputesIn(read: ReviewRead): Disputes {
  const { deck, protocol, readings, adjudications, paths } = read;
  const { cards } = standingOf({ cards: deck.cards, protocol: protocol.protocol, readings, adjudications });
  const byName = new Map(deck.cards.map((card) => [card.card, card]));
  const disputes = cards.flatMap(({ card, disputed, readings: own }): readonly Dispute[] =>
    disputed.length === 0
      ? []
      : [
          {
            card: byName.get(card)!,
            dimensions: disputed,
            said: own.map(({ reviewer, labels, line }) => ({ reviewer, labels, note: line.note })),
          },
        ],
  );
  const settled = cards.filter(({ adjudication }) => adjudication !== null).length;
  return { review: paths.id, protocol: protocol.protocol, disputes, settled };
}

/** What a third says of a card: of what is in dispute, and of nothing else. */
export type Settling = Pick<NewVerdict, 'card' | 'labels' | 'note' | 'took_ms'>;

/**
 * Durable when it returns: all of them, or none.
 * @returns how many were settled @throws CommandError on what is not in dispute, or a label that there is not
 */
export function settleDisputes(
  world: Pick<World, 'notify' | 'env' | 'clock'>,
  input: Asked & { readonly reviewer: string | undefined; readonly settling: readonly Settling[] },
): number {
  const name = reviewerName(input.reviewer ?? userName(world.env));
  if (name.kind === 'err') throw new CommandError(name.error);
  const read = openOne(world, input);
  const { disputes, protocol } = disputesIn(read);
  const at = world.clock.now().toISOString();
  const verdicts = input.settling.map((one) => ({ at, verdict: checked(one, { disputes, protocol }) }));
  const { deck, paths } = read;
  const appended = appendVerdicts({
    folder: paths.folder,
    review: paths.id,
    rubric: deck.head.rubric,
    answers: new Map(
      deck.cards.map(({ card, answers }) => [card, answers.map(({ answer }) => answer).join(' ')]),
    ),
    reviewer: name.value,
    redact: input.experiment.redact,
    adjudicates: true,
    verdicts,
  });
  if (appended.kind === 'err') throw new CommandError(appended.error);
  for (const text of appended.value.notices) world.notify({ kind: 'note', text });
  return verdicts.length;
}

function checked(
  { card, labels, note, took_ms }: Settling,
  { disputes, protocol }: Pick<Disputes, 'disputes' | 'protocol'>,
): NewVerdict {
  const dispute = disputes.find((one) => one.card.card === card);
  if (dispute === undefined)
    throw new CommandError(
      `${sanitizeLine(card.slice(0, 80))} is not in dispute: there is nothing to settle of it`,
    );
  const dimensions = protocol.dimensions.filter(({ name }) => dispute.dimensions.includes(name));
  // What readers agree on is theirs: a file may repeat it, and it is left out.
  const open = Object.fromEntries(dimensions.map(({ name }) => [name, labels[name]]));
  const verdict = checkVerdict(
    { card, labels: open, note, took_ms },
    { protocol: { ...protocol, dimensions }, cards: [card] },
  );
  if (verdict.kind === 'err') throw new CommandError(`${verdict.error}: nothing was settled`);
  return verdict.value;
}

/** JSONL or a table: card, a label for each dimension in dispute, note. Rows of cards that are settled already are left out. */
export async function readSettling(
  world: Pick<World, 'notify' | 'cwd'>,
  { file, ...asked }: Asked & { readonly file: string },
): Promise<readonly Settling[]> {
  const { protocol, disputes } = readDisputes(world, asked);
  const shown = sanitizeLine(file);
  const lines = await readVerdictLines(
    path.resolve(world.cwd, file),
    protocol.dimensions.map(({ name }) => name),
    // Who settles is asked of whoever hands it in; what nobody disputes need not stand there.
    ['card'],
  );
  if (lines === null) throw new CommandError(`there is no file ${shown}`);
  const open = new Set(disputes.map(({ card }) => card.card));
  return lines.flatMap(({ line, said }): readonly Settling[] => {
    if (said.kind === 'err') throw new CommandError(`${shown}:${line} ${said.error}: nothing was settled`);
    const { card, labels, note = null } = said.value;
    if (typeof card !== 'string' || typeof labels !== 'object' || labels === null || Array.isArray(labels))
      throw new CommandError(`${shown}:${line} names no card, or no labels: nothing was settled`);
    if (!open.has(card)) return [];
    const words = Object.entries(labels).flatMap(([name, label]) =>
      typeof label === 'string' && label !== '' ? [[name, label] as const] : [],
    );
    return [
      { card, labels: Object.fromEntries(words), note: typeof note === 'string' ? note : null, took_ms: 0 },
    ];
  });
}
