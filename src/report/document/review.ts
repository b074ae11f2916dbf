// Blind review in a report: the protocol as it was declared, what was hidden, how it could be guessed, and what broke it. Pure.
import type { Breach } from '../../core/review.ts';
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

function blocksOf({ protocol: file, closed }: ReportFacts['reviews'][number]): readonly DocumentBlock[] {
  const { protocol, leak } = file;
  const readers = [...new Set(closed.scores.flatMap(({ labels }) => labels.map(({ reviewer }) => reviewer)))];
  const adjudicated = closed.scores.filter((one) => one.adjudicated).length;
  const hidden = protocol.mask.length === 0 ? 'nothing beside arm and run' : protocol.mask.join(', ');
  return [
    {
      kind: 'sentences',
      head: `Blind review ${file.review}`,
      tone: 'plain',
      sentences: [
        `Declared before data, rubric ${file.rubric_digest.slice(0, 12)}, ${protocol.mode === 'pair' ? 'two answers side by side' : 'one answer at a time'}, ${protocol.order === 'shuffled' ? 'shuffled' : 'by scenario'}, seed ${file.seed}; started ${file.started_at} by ${file.started_by}, closed ${closed.closed_at} by ${closed.closed_by}.`,
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
    breachBlock(file.breaches),
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
