// What `compare` says of one variant at two moments: what became of its cells, and which they are. Pure.

import type { Compared, ComparedPair, Moved } from '../../analysis/compare/result.ts';
import { fitNames } from '../../core/names.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { type Block, listOf } from '../../text/sheet.ts';

const NAME_WIDTH = 44;

/** As many cells as a reader opens. */
const MAX_LISTED = 20;

export function movedBlocks({ moved, second }: ComparedPair, { arms }: Compared): readonly Block[] {
  if (!moved) return [];
  const { variant } = arms[second]!;
  const name = fitNames([variant], NAME_WIDTH).get(variant)!;
  const { cells, anotherAnswer, inputChanged, flips } = moved;
  const changed = anotherAnswer.map(({ cell, servedModels: { before, after } }) => {
    const models = `served by ${before ?? 'an unnamed model'}, then ${after ?? 'an unnamed model'}`;
    return { name: cell, note: before === after ? '' : `(${models})` };
  });
  const flipped = flips.map(({ cell, from, to, sameInput }) => {
    return { name: cell, note: `${from} -> ${to}${sameInput ? ', same input' : ''}` };
  });
  const edited = inputChanged.map((cell) => ({ name: cell, note: '' }));
  const lists = [
    { head: 'Same input, another answer', items: changed },
    { head: 'Verdict flipped', items: flipped },
    // Where every cell was edited, a list of all cells says nothing.
    { head: 'Input changed', items: edited.length === cells ? [] : edited },
  ].filter(({ items }) => items.length > 0);
  return [
    {
      kind: 'sentences',
      head: `What became of the cells of ${name}`,
      tone: 'plain',
      sentences: [movedSentence(moved)],
    },
    ...lists.map(({ head, items }) => listOf(head, items, MAX_LISTED)),
  ];
}

function movedSentence({ cells, untouched, anotherAnswer, inputChanged, flips }: Moved): string {
  if (cells === 0) return 'No cell has a record at both moments.';
  const worse = flips.filter(({ to }) => to === 'fail').length;
  const alike = cells - untouched - anotherAnswer.length - inputChanged.length;
  const parts = [
    `${formatCount(untouched)} not drawn again`,
    `${formatCount(alike)} drawn again and answered alike`,
    `${formatCount(inputChanged.length)} with changed input`,
    `${formatCount(anotherAnswer.length)} with the same input and another answer (the provider moved, or chance did)`,
  ].filter((part) => !part.startsWith('0 '));
  const flipped =
    flips.length === 0
      ? ''
      : ` ${formatAmount(flips.length, 'verdict')} flipped: ${worse} to fail, ${flips.length - worse} to pass.`;
  return `${formatAmount(cells, 'cell')} at both moments: ${parts.join(', ')}.${flipped}`;
}
