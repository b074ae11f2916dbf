// A review that was closed, or what stands in the way of it.
import type { Breach, ClosedReview } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount } from '../../text/format.ts';
import { commandLines } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';

export type ClosedFacts = {
  readonly review: string;
  readonly cards: number;
  readonly adjudicated: number;
  readonly readers: readonly string[];
  readonly breaches: readonly Breach[];
  readonly closed: ClosedReview;
};

/** @param place what makes a command mean the same manifest: '' or with a space before */
export function closedText(facts: ClosedFacts, place: string, options: TextOptions): string {
  const { review, cards, adjudicated, readers, breaches, closed } = facts;
  const settled = adjudicated === 0 ? '' : `, ${adjudicated} settled by a third`;
  const judged = new Set(closed.scores.map(({ scenario, answer }) => JSON.stringify([scenario, answer])));
  const what =
    closed.preferences.length > 0
      ? formatAmount(closed.preferences.length, 'preference')
      : `verdicts on ${formatAmount(judged.size, 'answer')}`;
  const lines = [
    `Review ${review} is closed: ${formatAmount(cards, 'card')} read by ${readers.map(sanitizeLine).join(', ')}${settled}.`,
    `${capital(what)} count from now on, as scores "human".`,
    ...closed.blinding.map(blindingSentence),
    breachSentence(breaches),
  ];
  const steps = [
    { command: `npx expgraph compare${place} --metric human.pass`, does: 'do the arms differ for people?' },
    { command: `npx expgraph report${place}`, does: 'what was done and what came of it, on one page' },
  ];
  return `${lines.join('\n')}\n${commandLines(steps, options)}`;
}

function blindingSentence({ arm, guesses, right, unsure, index }: ClosedReview['blinding'][number]): string {
  const name = sanitizeLine(arm);
  return `Readers guessed ${name} ${right} of ${guesses} times (${unsure} unsure): Bang's index ${index.toFixed(2)} (0 = blind, 1 = all could tell).`;
}

function breachSentence(breaches: readonly Breach[]): string {
  if (breaches.length === 0) return 'Nothing broke the blinding.';
  const kinds = new Map<string, number>();
  for (const { kind } of breaches) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const counted = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(', ');
  return `What broke the blinding stands in its protocol.json: ${counted}.`;
}

const SHOWN = 8;

/** Cards by their names in the deck: whose they are is nobody's to know. */
export function gapsText(gaps: {
  readonly unread: readonly { readonly card: string; readonly wanted: number }[];
  readonly disputed: readonly { readonly card: string; readonly dimensions: readonly string[] }[];
}): string {
  const { unread, disputed } = gaps;
  return [
    ...listed(
      'Wait for a reader',
      unread.map(({ card, wanted }) => (wanted === 1 ? card : `${card} (${wanted})`)),
    ),
    ...listed(
      'In dispute',
      disputed.map(({ card, dimensions }) => `${card} (${dimensions.map(sanitizeLine).join(', ')})`),
    ),
  ].join('');
}

function listed(head: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  const more = items.length > SHOWN ? `, and ${items.length - SHOWN} more` : '';
  return [`${head}: ${items.slice(0, SHOWN).join(', ')}${more}\n`];
}

function capital(sentence: string): string {
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
}
