// A review as it stands: readers, agreement, what is in dispute; once it is closed who could tell the arms, and which are preferred. Pure.
import type { Estimate } from '../../core/agreement.ts';
import type { Breach } from '../../core/review.ts';
import type { DimensionStrengths, OwnRepeats, ReviewStatus } from '../../core/review-status.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount, formatDuration } from '../../text/format.ts';
import { commandLines, type Step } from '../../text/next.ts';
import { type Column, type Row, renderTable, type TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

/** @param options.place what makes a command mean the same manifest: '' or with a space before */
export function reviewStatusText(
  status: ReviewStatus,
  options: TextOptions & { readonly place: string },
): string {
  const { bold, warning } = makeColors(options.colors);
  const wrapped = (words: string): string => wrapWords(words, { columns: options.columns, indent: '  ' });
  const sentences = (all: readonly string[]): readonly string[] =>
    all.length === 0 ? [] : [`${all.map(wrapped).join('\n')}\n`];
  const steps = stepsOf(status, options.place);
  return [
    `${bold(wrapped(headWords(status)))}\n`,
    ...(status.rubric_changed
      ? [
          `${warning(wrapped('"review:" of the manifest was edited since this review began: it goes on with the questions that stand in its protocol.json.'))}\n`,
        ]
      : []),
    ...(status.readers.length === 0 ? [] : [readersTable(status, options)]),
    ...(status.agreement.some(({ cards }) => cards > 0) ? [agreementTable(status, options)] : []),
    ...sentences([...status.repeats.map(repeatWords), ...disputeWords(status)]),
    ...((status.blinding ?? []).length === 0
      ? []
      : sentences([
          'Could readers tell the arms? (Bang’s index: 0 = no better than chance, 1 = everybody could)',
          ...blindingWords(status),
        ])),
    ...(status.strengths ?? []).flatMap((one) => [
      strengthsTable(one, options),
      ...sentences(signWords(one)),
    ]),
    ...sentences(status.breaches.map(breachWords)),
    ...(steps.length === 0 ? [] : [commandLines(steps, options)]),
  ].join('\n');
}

function headWords(status: ReviewStatus): string {
  const { review, state, cards, complete, readers, wanted_readers: wanted } = status;
  const since = status.started_at.slice(0, 16).replace('T', ' ');
  const by = `${since} UTC by ${sanitizeLine(status.started_by)}`;
  const what = status.mode === 'pair' ? 'pair' : 'card';
  const done = `${formatCount(complete)} of ${formatAmount(cards, what)} read by all that should`;
  if (state === 'closed')
    return `Review ${sanitizeLine(review)} is closed (begun ${by}, closed ${status.closed_at!.slice(0, 16).replace('T', ' ')} UTC): ${done}.`;
  const lack = wanted - readers.length;
  const missing =
    lack > 0 ? ` ${formatAmount(lack, 'reader')} ${lack === 1 ? 'has' : 'have'} not begun.` : '';
  return `Review ${sanitizeLine(review)} is open since ${by}: ${done}.${missing}`;
}

const READERS: readonly Column[] = [
  { head: 'reader', shrinksTo: 12, cut: 'names' },
  { head: 'read', align: 'right' },
  { head: 'left', align: 'right' },
  { head: 'a card\n(median)', align: 'right' },
  { head: 'notes', align: 'right' },
  { head: 'flags', align: 'right' },
  { head: 'last' },
];

function readersTable({ readers }: ReviewStatus, options: TextOptions): string {
  const rows = readers.map(
    ({ reviewer, looks, read, median_ms, notes, flagged, last_at }): Row => ({
      kind: 'cells',
      cells: [
        sanitizeLine(reviewer),
        `${formatCount(read)} of ${formatCount(looks)}`,
        formatCount(Math.max(0, looks - read)),
        median_ms === null ? '-' : formatDuration(median_ms),
        formatCount(notes),
        formatCount(flagged),
        last_at === null ? '-' : sanitizeLine(last_at.slice(0, 16).replace('T', ' ')),
      ],
      tone: read >= looks ? 'good' : 'plain',
    }),
  );
  return renderTable({ columns: READERS, rows }, options);
}

const AGREEMENT: readonly Column[] = [
  { head: 'agreement', shrinksTo: 12, cut: 'names' },
  { head: 'cards', align: 'right' },
  { head: 'same', align: 'right' },
  { head: 'kappa\n(quadratic)', align: 'right' },
  { head: 'alpha\n(ordinal)', align: 'right' },
  { head: 'AC2\n(quadratic)', align: 'right' },
];

/** Below each number its interval of 95 %, over scenarios. */
function agreementTable({ agreement }: ReviewStatus, options: TextOptions): string {
  const hasKappa = agreement.some(({ kappa_quadratic: kappa }) => kappa !== undefined);
  const kept = <Cell>(cells: readonly Cell[]): readonly Cell[] =>
    hasKappa ? cells : cells.filter((_, at) => at !== 3);
  const rows = agreement.flatMap((one): readonly Row[] => {
    const { percent, kappa_quadratic: kappa = NONE, alpha_ordinal: alpha, ac2 } = one;
    const numbers = [kappa, alpha, ac2];
    const cells = [sanitizeLine(one.dimension), formatCount(one.cards), percentWords(percent)];
    return [
      { kind: 'cells', cells: kept([...cells, ...numbers.map(numberWords)]), tone: 'plain' },
      {
        kind: 'cells',
        cells: kept([
          '',
          '',
          intervalWords(percent, share),
          ...numbers.map((two) => intervalWords(two, fixed)),
        ]),
        tone: 'weak',
      },
    ];
  });
  return renderTable({ columns: kept(AGREEMENT), rows }, options);
}

const NONE: Estimate = { value: null, low: null, high: null };
const fixed = (value: number): string => value.toFixed(2);
const share = (value: number): string => `${Math.round(value * 100)}`;

function numberWords({ value }: Estimate): string {
  return value === null ? '-' : fixed(value);
}

function percentWords({ value }: Estimate): string {
  return value === null ? '-' : `${share(value)} %`;
}

function intervalWords({ low, high }: Estimate, format: (value: number) => string): string {
  return low === null || high === null ? '' : `${format(low)} to ${format(high)}`;
}

function repeatWords({ reviewer, cards, same }: OwnRepeats): string {
  const each = same.map((one) => `${sanitizeLine(one.dimension)} ${one.cards}`).join(', ');
  return `${sanitizeLine(reviewer)} was shown ${formatAmount(cards, 'card')} a second time and said the same: ${each}.`;
}

function disputeWords({ disputes }: ReviewStatus): readonly string[] {
  const { cards, open } = disputes;
  if (cards === 0) return [];
  const settled = open === 0 ? 'all settled' : `${formatCount(open)} still to be settled`;
  return [`${formatAmount(cards, 'card')} in dispute, ${settled}.`];
}

function blindingWords({ blinding = [] }: ReviewStatus): readonly string[] {
  return blinding.map(
    ({ arm, guesses, right, unsure, index }) =>
      `${sanitizeLine(arm)}: ${index.toFixed(2)} (${formatAmount(guesses, 'guess')}: ${right} right, ${guesses - right - unsure} wrong, ${unsure} could not tell)`,
  );
}

const STRENGTHS: readonly Column[] = [
  { head: 'arm', shrinksTo: 12, cut: 'names' },
  { head: 'strength (log odds)', align: 'right' },
];

function strengthsTable(
  { dimension, cards, scenarios, ties, arms }: DimensionStrengths,
  options: TextOptions,
): string {
  const head = `${sanitizeLine(dimension)}: ${formatAmount(cards, 'verdict')} on pairs of ${formatAmount(scenarios, 'scenario')}, ${formatAmount(ties, 'tie')}`;
  const sorted = arms.toSorted((a, b) => (b.strength.value ?? 0) - (a.strength.value ?? 0));
  const rows = sorted.map(
    ({ arm, strength }): Row => ({
      kind: 'cells',
      cells: [
        sanitizeLine(arm),
        strength.value === null ? 'none: an arm never lost' : strengthWords(strength),
      ],
      tone: 'plain',
    }),
  );
  const titled = wrapWords(head, { columns: options.columns, indent: '  ' });
  return `${titled}\n${renderTable({ columns: STRENGTHS, rows }, options)}`;
}

function strengthWords(strength: Estimate): string {
  const interval = intervalWords(strength, fixed);
  return interval === '' ? numberWords(strength) : `${numberWords(strength)} (${interval})`;
}

function signWords({ signs }: DimensionStrengths): readonly string[] {
  return signs.map((one) => {
    const even = one.even === 0 ? '' : `, ${formatCount(one.even)} even`;
    return `${sanitizeLine(one.arm)} against ${sanitizeLine(one.against)}: preferred in ${formatAmount(one.for, 'scenario')}, not in ${formatCount(one.against_it)}${even}; exact sign test p = ${one.p < 0.001 ? '<0.001' : one.p.toFixed(3)}.`;
  });
}

function breachWords({ at, user, kind, what, reason }: Breach): string {
  const said = reason === null ? '' : ` (${sanitizeLine(reason)})`;
  const how = {
    unblind: 'looked at the numbers',
    reveal: 'revealed names of tools',
    'accept-leak': 'began it although the arm can be guessed',
  }[kind];
  return `Blinding: ${sanitizeLine(at.slice(0, 16).replace('T', ' '))} ${sanitizeLine(user)} ${how}: ${sanitizeLine(what)}${said}`;
}

function stepsOf(status: ReviewStatus, place: string): readonly Step[] {
  const { state, disputes, cards, complete } = status;
  if (state === 'closed') {
    return [{ command: `npx expgraph compare --metric human${place}`, does: 'what people say of the arms' }];
  }
  return [
    ...(complete < cards
      ? [{ command: `npx expgraph review next${place}`, does: 'read the next card' }]
      : []),
    ...(disputes.open > 0
      ? [{ command: `npx expgraph review disputes${place}`, does: 'the cards that readers differ on' }]
      : []),
    ...(complete === cards && disputes.open === 0
      ? [{ command: `npx expgraph review close${place}`, does: 'open the key: from then on it counts' }]
      : []),
  ];
}
