// What a reader has said of the card that lies open, before and after it is saved. Pure.
import type { NewVerdict, ReviewProtocol, SavedVerdict } from '../core/review.ts';

export type Draft = Pick<NewVerdict, 'card' | 'flags' | 'tells' | 'guess'> & {
  /** Some of the dimensions, until all have one. */
  readonly labels: Readonly<Record<string, string>>;
  readonly note: string;
};

/** The one flag that `f` sets: this card has to be looked at by somebody. */
export const FLAG = 'flagged';

export function emptyDraft(card: string): Draft {
  return { card, labels: {}, note: '', flags: [], tells: false, guess: null };
}

export function draftOf({ card, labels, note, flags, tells, guess }: SavedVerdict): Draft {
  return { card, labels, note: note ?? '', flags, tells, guess };
}

export function isComplete({ labels }: Draft, { dimensions }: ReviewProtocol): boolean {
  return dimensions.every(({ name }) => Object.hasOwn(labels, name));
}

/** Place of the first dimension without a label, from `from` on and then from the first; -1 = there is none. */
export function openDimension({ labels }: Draft, { dimensions }: ReviewProtocol, from = 0): number {
  const open = dimensions.map(({ name }) => !Object.hasOwn(labels, name));
  const later = open.indexOf(true, from);
  return later === -1 ? open.indexOf(true) : later;
}

export function toggled(flags: readonly string[], flag: string): readonly string[] {
  return flags.includes(flag) ? flags.filter((one) => one !== flag) : [...flags, flag];
}

/** Whether what is saved, or on its way, says the same: what took how long is no reason to save again. */
export function saysTheSame(draft: Draft, saved: NewVerdict | undefined): boolean {
  if (saved === undefined || saved.undone) return false;
  const { labels, flags } = saved;
  const names = Object.keys(draft.labels);
  return (
    names.length === Object.keys(labels).length &&
    names.every((name) => draft.labels[name] === labels[name]) &&
    draft.note.trim() === (saved.note ?? '').trim() &&
    draft.flags.join('\n') === flags.join('\n') &&
    draft.tells === saved.tells &&
    draft.guess === saved.guess
  );
}

/** Verdicts that stand: those that were taken back are open again. */
export type Verdicts = ReadonlyMap<string, SavedVerdict>;

export function standing(verdicts: Verdicts, card: string): SavedVerdict | undefined {
  const saved = verdicts.get(card);
  return saved?.undone ? undefined : saved;
}

/** The next card that is open behind this one, or else from the first; null = all are read. */
export function nextOpen(
  cards: readonly { readonly card: string }[],
  { verdicts, after }: { readonly verdicts: Verdicts; readonly after: number },
): number | null {
  for (let step = 1; step <= cards.length; step++) {
    const at = (after + step) % cards.length;
    if (standing(verdicts, cards[at]!.card) === undefined) return at;
  }
  return null;
}

/** Until somebody has read so many, nobody knows how long a card takes. */
const MIN_TIMES = 3;

/** Minutes that the open cards will take, by the median of those that were read; null = it is not known yet. */
export function minutesLeft(cards: readonly { readonly card: string }[], verdicts: Verdicts): number | null {
  const saved = cards.flatMap(({ card }) => standing(verdicts, card) ?? []);
  const times = saved
    .map((verdict) => verdict.took_ms)
    .filter((ms) => ms > 0)
    .sort((a, b) => a - b);
  if (times.length < MIN_TIMES) return null;
  return Math.ceil((times[times.length >> 1]! * (cards.length - saved.length)) / 60_000);
}
