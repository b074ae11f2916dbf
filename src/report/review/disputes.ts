// Cards that readers differ on, one after another, each with what was said of it. Pure.
import type { DeckCard } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount } from '../../text/format.ts';
import { commandLines } from '../../text/next.ts';
import { wrapWords } from '../../text/wrap.ts';
import { type CardOptions, cardText } from './card.ts';

export type ShownDispute = {
  readonly card: DeckCard;
  readonly dimensions: readonly string[];
  readonly said: readonly {
    readonly reviewer: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly note: string | null;
  }[];
};

export function disputeText(dispute: ShownDispute, given: CardOptions & { readonly place: string }): string {
  const { bold } = makeColors(given.colors);
  const lines = [
    ...dispute.dimensions.map((dimension) => {
      const each = dispute.said.map(
        ({ reviewer, labels }) => `${sanitizeLine(reviewer)} ${sanitizeLine(labels[dimension] ?? '-')}`,
      );
      return bold(
        wrapWords(`${sanitizeLine(dimension)}: ${each.join(', ')}`, { columns: given.columns, indent: '  ' }),
      );
    }),
    ...dispute.said.flatMap(({ reviewer, note }) =>
      note === null
        ? []
        : [
            wrapWords(`${sanitizeLine(reviewer)}: ${sanitizeLine(note)}`, {
              columns: given.columns,
              indent: '  ',
            }),
          ],
    ),
  ];
  return `${cardText(dispute.card, given)}\n${lines.join('\n')}\n`;
}

/** What stands below all of them. @param place what makes a command mean the same manifest: '' or with a space before */
export function disputesEnd(
  { open, settled }: { readonly open: number; readonly settled: number },
  options: { readonly columns: number; readonly colors: boolean; readonly place: string },
): string {
  const before = settled === 0 ? '' : `; ${formatAmount(settled, 'card')} settled`;
  if (open === 0) return `Nothing is in dispute${before}.\n`;
  const steps = [
    {
      command: `npx expgraph review disputes --adjudicate${options.place}`,
      does: 'settle them one by one, here',
    },
    {
      command: `npx expgraph review disputes --adjudicate FILE${options.place}`,
      does: 'by a file: card, a label a dimension, note',
    },
  ];
  return `${formatAmount(open, 'card')} in dispute${before}.\n${commandLines(steps, options)}`;
}
