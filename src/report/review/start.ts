// A review that began, in a few lines: nothing here tells which words tell which arm.
import type { LeakCheck } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount } from '../../text/format.ts';
import { commandLines } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';

export type StartedFacts = {
  readonly review: string;
  /** As it is shown: from where the command was typed. */
  readonly folder: string;
  readonly cards: number;
  readonly shared: number;
  readonly draws: number;
  readonly same: number;
  readonly reviewers: number;
  readonly mode: 'single' | 'pair';
  readonly leak: LeakCheck;
};

/** @param place what makes a command mean the same manifest: '' or with a space before */
export function startedText(facts: StartedFacts, place: string, options: TextOptions): string {
  const { review, cards, draws, same, shared, reviewers, mode } = facts;
  const what = mode === 'pair' ? 'pair' : 'distinct answer';
  const left = same === 0 ? '' : ` (${formatAmount(same, 'pair')} of equal answers left out)`;
  const divided = cards - shared;
  const reading =
    reviewers === 1
      ? 'one reader reads them all'
      : divided === 0
        ? `${reviewers} readers read them all`
        : `${reviewers} readers read ${shared} of them each and divide the other ${divided}`;
  const lines = [
    `Review ${review} is open: ${formatAmount(cards, 'card')}, each ${article(what)} ${what}, of ${formatAmount(draws, 'draw')}${left}.`,
    `${capital(reading)}. ${leakSentence(facts.leak)}`,
    `Whose answers they are is sealed in ${sanitizeLine(facts.folder)}; until it is closed nothing is shown by arm.`,
  ];
  const steps = [
    { command: `npx expgraph review open${place}`, does: 'read in the browser' },
    { command: `npx expgraph review next${place}`, does: 'read in this terminal' },
    { command: `npx expgraph review status${place}`, does: 'who has read what, and whether readers agree' },
  ];
  return `${lines.join('\n')}\n${commandLines(steps, options)}`;
}

/** What a refusal is followed by: tokens as they stand on cards, not whose they are. */
export function tellsText({ tells }: LeakCheck): string {
  const shown = tells
    .slice(0, 6)
    .map(({ token, weight }) => `  ${percent(weight).padStart(4)}  ${sanitizeLine(token)}`);
  return shown.length === 0
    ? ''
    : `What tells most, by how much oftener one arm's cards have it:\n${shown.join('\n')}\n`;
}

function leakSentence({ auc }: LeakCheck): string {
  if (auc === null) return 'There are too few answers of two arms to say whether they can be told apart.';
  return `A plain classifier guesses the arm with an AUC of ${auc.toFixed(2)} (0.50 = it cannot).`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

function article(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}

function capital(sentence: string): string {
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
}
