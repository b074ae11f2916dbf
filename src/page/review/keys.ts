// Keys of a card, and what their buttons do as well.

import { choicesOf } from '../../review/choices.ts';
import { FLAG, isComplete, openDimension, standing, toggled, type Verdicts } from '../../review/draft.ts';
import type { KeyBinding } from '../base/keys.ts';
import type { RefObject } from '../base/preact.ts';
import { keepMarkdown } from '../parts/markdown-kept.ts';
import { follow, placeAfter, type Steps } from './places.ts';
import type { Reading } from './reading.ts';

type At = { readonly reading: Reading; readonly steps: Steps; readonly at: number };

export function cardKeys({
  note,
  ...where
}: At & { readonly note: RefObject<HTMLTextAreaElement | null> }): readonly KeyBinding[] {
  const { reading, at } = where;
  const { protocol } = reading.screen;
  const draft = () => reading.draft.peek();
  const on = (): void => void goOn(where);
  return [
    ...choicesOf(protocol).map(({ name, title }, i) => ({
      key: `${i + 1}`,
      does: title,
      run: () => choose(reading, { dimension: reading.dimension.peek(), label: name }),
    })),
    { key: 'Enter', does: 'next question, then next card', run: on },
    { key: ' ', does: 'next question, then next card', run: on },
    { key: 'n', does: 'write a note; Escape leaves it', run: () => note.current?.focus() },
    {
      key: 'f',
      does: 'flag this card',
      run: () => reading.change({ flags: toggled(draft().flags, FLAG) }),
    },
    { key: 'u', does: 'undo: take back what was said last', run: () => void undo(where) },
    {
      key: 't',
      does: 'I can tell which arm',
      run: () => reading.change({ tells: !draft().tells, guess: null }),
    },
    {
      key: 'm',
      does: 'answers as written, or as meant to look',
      run: () => {
        reading.markdown.value = !reading.markdown.peek();
        keepMarkdown(reading.markdown.peek());
      },
    },
    { key: 'j', does: 'next card', run: () => leave(where, at + 1) },
    { key: 'k', does: 'card before', run: () => leave(where, at - 1) },
  ];
}

/** Says it, and turns to the next dimension that is open; complete, the card is saved. */
export function choose(
  reading: Reading,
  { dimension, label }: { readonly dimension: number; readonly label: string },
): void {
  const { protocol } = reading.screen;
  const { name } = protocol.dimensions[dimension]!;
  // The one that was said last stands last: it is what `u` takes back.
  const { [name]: _, ...others } = reading.draft.peek().labels;
  reading.change({ labels: { ...others, [name]: label } });
  const open = openDimension(reading.draft.peek(), protocol, dimension);
  if (open !== -1) reading.dimension.value = open;
}

/** To the next dimension that is open; of a card that is complete, to the next card. */
export async function goOn({ reading, steps, at }: At): Promise<void> {
  const { screen } = reading;
  const said = reading.draft.peek();
  if (!isComplete(said, screen.protocol)) {
    const from = reading.dimension.peek();
    reading.dimension.value = openDimension(said, screen.protocol, from);
    return;
  }
  if (!reading.saveNow()) return reading.again();
  const next = placeAfter(screen, { verdicts: reading.said(), after: at });
  // At the end all is kept, or nothing is called read.
  if (next.kind === 'card' || (await reading.settled())) follow(next, steps);
}

/** To another card; what was said of this one is on its way. */
export function leave({ reading, steps }: At, to: number): void {
  if (reading.screen.cards[to] !== undefined && reading.saveNow()) steps.toCard(to);
}

/** The last label of this card; where it has none, that of the card that was saved last. */
export async function undo({ reading, steps }: At): Promise<void> {
  const { screen } = reading;
  if (Object.keys(reading.draft.peek().labels).length === 0) {
    const last = lastSaved(reading.verdicts.peek());
    if (last === null || !(await reading.settled())) return;
    reading.open(last);
    steps.toCard(screen.cards.findIndex(({ card }) => card === last));
  }
  const { labels } = reading.draft.peek();
  const name = Object.keys(labels).at(-1);
  if (name === undefined) return;
  const { [name]: _, ...left } = labels;
  reading.takeBack(left);
  reading.dimension.value = screen.protocol.dimensions.findIndex((dimension) => dimension.name === name);
}

function lastSaved(verdicts: Verdicts): string | null {
  const saved = [...verdicts.values()].filter(({ card }) => standing(verdicts, card) !== undefined);
  return saved.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1)?.card ?? null;
}
