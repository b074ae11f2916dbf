// What is said of `until:`: what a look saw, what is drawn next, and why it ends. Pure.

import { formatP } from '../../analysis/compare/numbers.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { UntilQuestion, UntilSummary } from '../../core/until.ts';
import { formatAmount, formatMoney } from '../../text/format.ts';
import type { Block } from '../../text/sheet.ts';
import { sheetText } from '../../text/sheet-text.ts';
import type { TextOptions } from '../../text/table.ts';

/** One line between two runs: `until: after 4 runs +-0.071 of 0.05: draws run 5 (40 tasks)` */
export function drawsNext(until: UntilSummary): string {
  const { next, questions } = until;
  const open = questions.filter(({ state }) => state === 'open');
  const first = open[0]!;
  const more = open.length === 1 ? '' : `, and ${open.length - 1} more open`;
  const seen = `${nameOf(first)} ${numbersOf(first)}${more}`;
  return `until: after ${formatAmount(first.runs, 'run')} ${seen}; run ${next!.run} is drawn, ${formatAmount(next!.tasks, 'task')}`;
}

/** Empty where no question stands. */
export function untilText(until: UntilSummary, options: TextOptions): string {
  return sheetText([untilBlock(until)], options);
}

/** What may be drawn beyond a plan. */
export type UntilAhead = {
  readonly tasks: number;
  /** null = at least one price is unknown. */
  readonly cost_usd: number | null;
};

/** For `plan`: what a look says of what is there, and what it may come to after what is planned. */
export function untilAheadText(
  input: { readonly until: UntilSummary; readonly more: UntilAhead },
  options: TextOptions,
): string {
  const { until, more } = input;
  const cost = more.cost_usd === null ? 'at a cost that is not known' : `about ${formatMoney(more.cost_usd)}`;
  const ahead =
    more.tasks === 0
      ? []
      : [
          `After these up to ${formatAmount(more.tasks, 'task')} more, ${cost}: as many runs as it takes, at most ${until.looks.last}.`,
        ];
  const { questions, waits } = until;
  const seen = waits !== null ? [] : questions.map((one) => questionWords(one, until));
  if (seen.length + ahead.length === 0) return '';
  const sentences = [...seen, ...ahead];
  return sheetText([{ kind: 'sentences', head: headOf(until), tone: 'plain', sentences }], options);
}

export function untilBlock(until: UntilSummary): Block {
  const isReached = until.questions.length > 0 && until.questions.every(({ state }) => REACHED.has(state));
  return {
    kind: 'sentences',
    head: headOf(until),
    tone: isReached || until.next !== null || until.waits !== null ? 'plain' : 'warning',
    sentences: untilSentences(until),
  };
}

const REACHED: ReadonlySet<UntilQuestion['state']> = new Set(['narrow', 'found', 'smaller']);

function headOf({ goal, looks }: UntilSummary): string {
  const wanted = 'decided' in goal ? `decided ${goal.decided}` : `half_width ${goal.half_width}`;
  return `Until ${wanted}, at most ${formatAmount(looks.last, 'run')}`;
}

/** What a look saw; of several questions each. */
export function untilSeen(until: UntilSummary): readonly string[] {
  const { waits, questions } = until;
  if (waits !== null) return [`No look yet: ${sanitizeLine(waits)}.`];
  return questions.map((question) => questionWords(question, until));
}

export function untilSentences(until: UntilSummary): readonly string[] {
  const { waits, questions, next, looks } = until;
  if (waits !== null) return untilSeen(until);
  const count = looks.last - looks.first + 1;
  const level = questions[0]!.level;
  return [
    ...untilSeen(until),
    `Each of at most ${formatAmount(count, 'look')} is held to p <= ${formatP(level)}, and intervals are as much wider, so that all of them together are wrong in 5 %.`,
    ...(next === null
      ? []
      : [
          `npx expgraph run draws run ${next.run} of ${next.variants.map(sanitizeLine).join(', ')}: ${formatAmount(next.tasks, 'task')}.`,
        ]),
  ];
}

function questionWords(question: UntilQuestion, until: UntilSummary): string {
  return `${nameOf(question)}: ${numbersOf(question)}, ${stateWords(question, until)}.`;
}

function nameOf({ first, second }: UntilQuestion): string {
  return second === null ? sanitizeLine(first) : `${sanitizeLine(second)} - ${sanitizeLine(first)}`;
}

function numbersOf({ estimate, low, high, half_width: half, p, second }: UntilQuestion): string {
  const signed = (value: number): string =>
    second === null ? value.toFixed(3) : `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
  const sure = p === null ? '' : `, p ${formatP(p)}`;
  return `${signed(estimate)} (${signed(low)} to ${signed(high)}, +-${half.toFixed(3)}${sure})`;
}

function stateWords(question: UntilQuestion, { goal }: UntilSummary): string {
  const { runs, needs, scenarios } = question;
  const after = `after ${formatAmount(runs, 'run')}`;
  switch (question.state) {
    case 'narrow':
      return `narrow enough ${after}`;
    case 'found':
      return `found ${after}`;
    case 'smaller':
      return `shown to be smaller than ${'decided' in goal ? goal.decided : ''} ${after}`;
    case 'open':
      return `not yet ${after}`;
    case 'last':
      return `not reached ${after}, which is "max_runs"`;
    case 'runs-short':
      return `not reached ${after}: it takes some ${formatAmount(needs ?? 0, 'run')}, and "max_runs" allows fewer`;
    case 'scenarios-vary': {
      const more = needs === null ? '' : `, some ${needs} instead of ${scenarios}`;
      return `not reached ${after}: more runs do not help, because the scenarios themselves differ; it takes more scenarios${more}`;
    }
  }
}
