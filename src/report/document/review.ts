// Blind review in a report: the protocol as it was declared, what was hidden, how it could be guessed, and what broke it. Pure.

import type { Estimate } from '../../core/agreement.ts';
import type { BlindingIndex, Breach } from '../../core/review.ts';
import type { ReviewStatus } from '../../core/review-status.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import type { DocumentBlock } from './document.ts';
import type { ReportFacts } from './facts.ts';

export function reviewBlocks({ reviews }: Pick<ReportFacts, 'reviews'>): readonly DocumentBlock[] {
  if (reviews.length === 0) {
    const text = 'No blind review of these answers was closed: nobody judged them without knowing the arm.';
    return [{ kind: 'sentences', head: 'Blinding', tone: 'plain', sentences: [text] }];
  }
  return reviews.flatMap(blocksOf);
}

function blocksOf({
  protocol: file,
  closed,
  status,
}: ReportFacts['reviews'][number]): readonly DocumentBlock[] {
  const { protocol, leak } = file;
  const said = closed.scores.flatMap(({ labels }) => labels.map(({ reviewer }) => reviewer));
  const readers = [...new Set([...said, ...closed.preferences.map(({ reviewer }) => reviewer)])].sort();
  const adjudicated = closed.scores.filter((one) => one.adjudicated).length;
  const hidden = protocol.mask.length === 0 ? 'nothing beside arm and run' : protocol.mask.join(', ');
  return [
    {
      kind: 'sentences',
      head: `Blind review ${file.review}`,
      tone: 'plain',
      sentences: [
        `Declared before anybody read: rubric ${file.rubric_digest.slice(0, 12)}, ${protocol.mode === 'pair' ? 'two answers side by side' : 'one answer at a time'}, ${protocol.order === 'shuffled' ? 'shuffled' : 'by scenario'}, seed ${file.seed}; started ${file.started_at} by ${file.started_by}, closed ${closed.closed_at} by ${closed.closed_by}.`,
        `Read by ${formatAmount(readers.length, 'reader')}${readers.length === 0 ? '' : ` (${readers.join(', ')})`}; ${percent(protocol.overlap)} of cards by ${formatCount(protocol.reviewers)}, ${percent(protocol.repeats)} shown twice; ${formatCount(adjudicated)} settled by adjudication. An answer passes with: ${protocol.pass}.`,
        `Hidden: ${hidden}. ${
          leak.auc === null
            ? 'Too few cards to say how well the arm could be guessed.'
            : `From what was shown a plain classifier guesses the arm with an area under the curve of ${leak.auc.toFixed(2)} (0.5 = it cannot).`
        }`,
      ],
    },
    {
      kind: 'table',
      head: 'Dimensions',
      columns: [{ head: 'dimension' }, { head: 'question' }],
      rows: protocol.dimensions.map(({ name, question }) => ({ kind: 'cells', cells: [name, question] })),
    },
    {
      kind: 'table',
      head: 'Labels',
      columns: [{ head: 'label' }, { head: 'value', align: 'right' }, { head: 'anchor' }],
      rows: protocol.labels.map(({ name, value, anchor }) => ({
        kind: 'cells',
        cells: [name, String(value), anchor],
      })),
    },
    ...(status === null ? [] : agreementBlocks(status)),
    ...blindingBlocks(closed.blinding),
    breachBlock(file.breaches),
  ];
}

/** Raw agreement, ordinal alpha and AC2 stand together: where nearly all is good, one of them alone misleads. */
function agreementBlocks({ agreement }: ReviewStatus): readonly DocumentBlock[] {
  const told = agreement.filter(({ cards }) => cards > 0);
  if (told.length === 0) return [];
  return [
    {
      kind: 'table',
      head: 'Agreement of readers',
      columns: [
        { head: 'dimension' },
        ...['cards', 'agree', 'kappa, quadratic', 'alpha, ordinal', 'AC2'].map((head) => ({
          head,
          align: 'right' as const,
        })),
      ],
      rows: told.map((one) => ({
        kind: 'cells',
        cells: [
          one.dimension,
          formatCount(one.cards),
          estimate(one.percent),
          one.kappa_quadratic === undefined ? '-' : estimate(one.kappa_quadratic),
          estimate(one.alpha_ordinal),
          estimate(one.ac2),
        ],
      })),
    },
  ];
}

function estimate({ value, low, high }: Estimate): string {
  if (value === null) return '-';
  return low === null || high === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

/** Bang's index: 0 = by chance, 1 = everybody could tell. */
function blindingBlocks(blinding: readonly BlindingIndex[]): readonly DocumentBlock[] {
  if (blinding.length === 0) return [];
  return [
    {
      kind: 'table',
      head: 'Which arm readers guessed at the end (Bang: 0 = by chance, 1 = everybody could tell)',
      columns: [
        { head: 'arm' },
        ...['guesses', 'right', 'cannot tell', 'index'].map((head) => ({ head, align: 'right' as const })),
      ],
      rows: blinding.map(({ arm, guesses, right, unsure, index }) => ({
        kind: 'cells',
        cells: [arm, formatCount(guesses), formatCount(right), formatCount(unsure), index.toFixed(2)],
      })),
    },
  ];
}

function breachBlock(breaches: readonly Breach[]): DocumentBlock {
  if (breaches.length === 0)
    return { kind: 'sentences', head: null, tone: 'plain', sentences: ['Nothing broke the blinding.'] };
  return {
    kind: 'table',
    head: 'What broke the blinding',
    columns: [{ head: 'when' }, { head: 'who' }, { head: 'how' }, { head: 'what' }, { head: 'reason' }],
    rows: breaches.map(({ at, user, kind, what, reason }) => ({
      kind: 'cells',
      cells: [at, user, kind, what, reason ?? '-'],
    })),
  };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
