// What an import of verdicts did, in a line or two.
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount } from '../../text/format.ts';

export type ImportedFacts = {
  readonly review: string;
  readonly reviewers: readonly { readonly reviewer: string; readonly added: number }[];
  readonly added: number;
  readonly known: number;
  readonly older: number;
};

export function importedText({ review, reviewers, added, known, older }: ImportedFacts): string {
  const whose = reviewers
    .filter((one) => one.added > 0)
    .map((one) => `${sanitizeLine(one.reviewer)} ${one.added}`)
    .join(', ');
  const left = [
    ...(known > 0 ? [`${known} were there already`] : []),
    ...(older > 0 ? [`${older} are older than what is there`] : []),
  ].join(', ');
  const what = added === 0 ? 'nothing new' : `${formatAmount(added, 'verdict')} added (${whose})`;
  return `Review ${review}: ${what}${left === '' ? '' : `; ${left}`}.\n`;
}
