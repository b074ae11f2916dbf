// What `status` prints: which cells are there, per variant x run. Pure.
import type { StatusSummary } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { commandLines, mergeStep, type ScopeWords, type Step, WHOLE_SCOPE } from '../../text/next.ts';
import { playedSentence } from '../../text/played.ts';
import { ofShard } from '../../text/shard-words.ts';
import { type Column, type Row, renderTable, type TextOptions } from '../../text/table.ts';
import { indentWords, wrapWords } from '../../text/wrap.ts';
import { outSentence } from '../words/batch-words.ts';
import type { Interleaving } from './interleaving.ts';
import { withheldText } from './withheld.ts';

type StatusRow = StatusSummary['rows'][number];

/** What stands behind the numbers, in words. */
export type StatusDetails = {
  /** Equal reasons once, the most frequent first: `variant.system changed`. */
  readonly stale: readonly Counted[];
  /** Of the last attempt: `rate-limited (429)`. */
  readonly failed: readonly Counted[];
  /** null = the experiment has no scorers. */
  readonly scores: StatusScores | null;
  /** null = no review is closed. */
  readonly people: StatusPeople | null;
};

export type StatusPeople = {
  /** Answers in scope that count. */
  readonly answers: number;
  /** Of these: read in a closed review with the newest rubric. */
  readonly read: number;
  /** Of these: people would let them pass. */
  readonly passed: number;
  readonly reviews: readonly string[];
};

export type Counted = { readonly words: string; readonly count: number };

export type StatusScores = {
  /** Answers in scope that a scorer is about. */
  readonly answers: number;
  /** Of these: all of their scorers have a verdict. */
  readonly judged: number;
  /** null = no scorer says pass or fail. */
  readonly passed: number | null;
  /** Answers of which a scorer says so. */
  readonly notPassed: number;
};

export function statusTable(
  status: StatusSummary,
  options: TextOptions & {
    readonly interleaving?: Interleaving | null;
    readonly details?: StatusDetails;
    readonly scope?: ScopeWords;
  },
): string {
  const { details = NO_DETAILS } = options;
  const total = totalOf(status.rows);
  const none = status.shard === undefined ? 'No cell is in scope.' : `Shard ${status.shard} has no cell.`;
  if (total.scenarios === 0) return `${none}\n${importedText(status, options)}`;
  const rows: Row[] = status.rows.map((row) => ({
    kind: 'cells',
    cells: [row.variant, String(row.run), ...numbersOf(row)],
    tone: row.failed > 0 ? 'bad' : row.completed === row.scenarios ? 'good' : 'plain',
  }));
  rows.push({ kind: 'rule' }, { kind: 'cells', cells: ['total', '', ...numbersOf(total)], tone: 'strong' });
  const blocks = [
    renderTable({ columns: COLUMNS, rows }, options),
    `${sentence({ status, total, options })}\n${lackingText({ total, details, options })}${scoresText(details.scores, { ...options, isWithheld: status.withheld !== undefined })}${peopleText(details.people, options)}${batchesText(status, options)}${playedText(status, options)}${importedText(status, options)}${interleavingText(options)}`,
  ];
  if (status.withheld) return [...blocks, withheldText(status.withheld, options)].join('\n');
  const step = nextStep({ status, total, details, scope: options.scope ?? WHOLE_SCOPE });
  if (step !== null) blocks.push(commandLines([step], options));
  return blocks.join('\n');
}

const NO_DETAILS: StatusDetails = { stale: [], failed: [], scores: null, people: null };

type Total = Omit<StatusRow, 'variant' | 'run'>;

/** What each word of the table means, where there is one of them, and what is behind it. */
function lackingText(input: {
  readonly total: Total;
  readonly details: StatusDetails;
  readonly options: TextOptions;
}): string {
  const { total, details, options } = input;
  // Who has run nothing yet asks for no glossary.
  if (total.missing === total.scenarios) return '';
  const meanings = [
    {
      count: total.stale,
      word: 'stale',
      means: 'answered, but what is asked was edited since',
      of: details.stale,
    },
    {
      count: total.failed,
      word: 'failed',
      means: 'asked, and no attempt brought an answer',
      of: details.failed,
    },
    { count: total.missing, word: 'missing', means: 'never asked', of: [] },
  ].filter(({ count }) => count > 0);
  const width = Math.max(0, ...meanings.map(({ count }) => formatCount(count).length));
  const lines = meanings.flatMap(({ count, word, means, of }) => {
    const head = `  ${formatCount(count).padStart(width)} ${word.padEnd(7)}  `;
    const shown = of
      .slice(0, MAX_REASONS)
      .map((one) => `${sanitizeLine(one.words)} (${formatCount(one.count)})`);
    if (of.length > MAX_REASONS) shown.push(`and ${of.length - MAX_REASONS} more reasons`);
    const words = shown.length === 0 ? means : `${means}: ${shown.join(', ')}`;
    const [first, ...rest] = indentWords(words, {
      columns: options.columns,
      indent: ' '.repeat(head.length),
    });
    return [head + first!.slice(head.length), ...rest];
  });
  return lines.map((line) => `${line}\n`).join('');
}

const MAX_REASONS = 3;

function scoresText(
  scores: StatusScores | null,
  options: TextOptions & { readonly scope?: ScopeWords; readonly isWithheld: boolean },
): string {
  const { named } = options.scope ?? WHOLE_SCOPE;
  if (scores === null || scores.answers === 0) return '';
  const { answers, judged, passed, notPassed } = scores;
  const left = answers - judged;
  const passes = passed === null ? '' : `: ${formatCount(passed)} passed`;
  const open =
    left === 0
      ? ''
      : `; ${formatCount(left)} ${left === 1 ? 'waits' : 'wait'} for npx expgraph score${named}`;
  const words = `Scores: ${formatCount(judged)} of ${formatAmount(answers, 'answer')} judged${passes}${open}.`;
  const told = `${wrapWords(words, { columns: options.columns, indent: '  ' })}\n`;
  // What would show them is withheld as well.
  if (notPassed === 0 || options.isWithheld) return told;
  const did = `${formatAmount(notPassed, 'answer')} did not pass: npx expgraph show --not-passed${named}`;
  return `${told}${makeColors(options.colors).warning(did)}\n`;
}

/** What was drawn since the last review was closed is read by nobody. */
function peopleText(
  people: StatusPeople | null,
  options: TextOptions & { readonly scope?: ScopeWords },
): string {
  if (people === null) return '';
  const { answers, read, passed, reviews } = people;
  const { place } = options.scope ?? WHOLE_SCOPE;
  const left = answers - read;
  const open =
    left === 0 ? '' : `; npx expgraph review start --unread${place} deals the other ${formatCount(left)}`;
  const names = reviews.map(sanitizeLine).join(', ');
  const words = `People: ${formatCount(read)} of ${formatAmount(answers, 'answer')} read (${names}): ${formatCount(passed)} passed${open}.`;
  return `${wrapWords(words, { columns: options.columns, indent: '  ' })}\n`;
}

/** One: what brings it further. null = nothing is left to do. */
function nextStep(input: {
  readonly status: StatusSummary;
  readonly total: Total;
  readonly details: StatusDetails;
  readonly scope: ScopeWords;
}): Step | null {
  const { status, total, details, scope } = input;
  const pending = total.scenarios - total.completed;
  const amount = formatCount(pending);
  if (pending > 0 && pending === total.failed) {
    return { command: `npx expgraph run --failed${scope.named}`, does: `try the ${amount} again` };
  }
  if (pending > 0) {
    const what =
      total.missing === total.scenarios ? `ask all ${amount}` : `ask the ${amount} that are not complete`;
    return { command: `npx expgraph run${scope.all}`, does: what };
  }
  const { scores } = details;
  if (scores === null || scores.answers === 0) return null;
  const left = scores.answers - scores.judged;
  if (left > 0)
    return {
      command: `npx expgraph score${scope.named}`,
      does: `judge the ${formatCount(left)} that are left`,
    };
  if (status.shard !== undefined) return mergeStep(scope);
  const arms = new Set(status.rows.map(({ variant }) => variant)).size;
  return arms > 1 ? { command: `npx expgraph compare${scope.cells}`, does: 'do the variants differ?' } : null;
}

/** By what the records say of themselves. */
function batchesText({ batches = [] }: StatusSummary, options: TextOptions): string {
  if (batches.length === 0) return '';
  const words = `Batches: ${outSentence(batches)}. npx expgraph run fetches what is done.`;
  return `${wrapWords(words, { columns: options.columns, indent: '  ' })}\n`;
}

function playedText({ played }: StatusSummary, options: TextOptions): string {
  return played === 0
    ? ''
    : `${makeColors(options.colors).warning(wrapWords(playedSentence(played, 'record'), { columns: options.columns, indent: '  ' }))}\n`;
}

/** They count for no cell: who just imported wonders where they are. */
function importedText({ imported }: StatusSummary, options: TextOptions): string {
  if (imported === 0) return '';
  const stand = imported === 1 ? 'answer stands' : 'answers stand';
  const words = `${formatCount(imported)} imported ${stand} beside these cells: score and compare take them for what is not drawn.`;
  return `${wrapWords(words, { columns: options.columns, indent: '  ' })}\n`;
}

/** Who compares arms wants to know whether a bad hour of the provider hit one of them alone. */
function interleavingText(options: TextOptions & { readonly interleaving?: Interleaving | null }): string {
  const told = options.interleaving;
  if (!told) return '';
  const { dim } = makeColors(options.colors);
  const ranked = [...told.arms].sort((a, b) => a.mean_rank - b.mean_rank);
  const [first, last] = [ranked[0]!, ranked.at(-1)!];
  const place = (arm: Interleaving['arms'][number]): string =>
    `${sanitizeLine(arm.variant)} ${arm.mean_rank.toFixed(2)}`;
  const words = `Newest invocation ${told.invocation}: mean place of ${formatAmount(told.calls, 'start')} from ${place(first)} to ${place(last)} (0.50 = arms side by side), largest gap ${told.distance.toFixed(2)}.`;
  const lines = wrapWords(words, { columns: options.columns, indent: '  ' }).split('\n');
  return `${lines.map(dim).join('\n')}\n`;
}

const COLUMNS: readonly Column[] = [
  { head: 'variant', shrinksTo: 20, cut: 'names' },
  ...['run', 'scenarios', 'completed', 'stale', 'failed', 'missing'].map(
    (head): Column => ({ head, align: 'right' }),
  ),
];

function numbersOf(row: Omit<StatusRow, 'variant' | 'run'>): readonly string[] {
  const { scenarios, completed, stale, failed, missing } = row;
  return [scenarios, completed, stale, failed, missing].map((number) =>
    number === 0 ? '.' : formatCount(number),
  );
}

function totalOf(rows: readonly StatusRow[]): Omit<StatusRow, 'variant' | 'run'> {
  const sum = (pick: (row: StatusRow) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  return {
    scenarios: sum((row) => row.scenarios),
    completed: sum((row) => row.completed),
    stale: sum((row) => row.stale),
    failed: sum((row) => row.failed),
    missing: sum((row) => row.missing),
  };
}

function sentence(input: {
  readonly status: StatusSummary;
  readonly total: Omit<StatusRow, 'variant' | 'run'>;
  readonly options: TextOptions;
}): string {
  const { status, total } = input;
  const colors = makeColors(input.options.colors);
  const cells = `${formatAmount(total.scenarios, 'cell')}${ofShard(status.shard)}`;
  if (status.complete) return colors.good(`Complete: ${cells}, each with a current record.`);
  if (total.missing === total.scenarios) {
    return colors.warning(`Nothing was asked yet: ${cells} (variants x scenarios x runs) to fill.`);
  }
  return colors.warning(`Incomplete: ${formatCount(total.completed)} of ${cells} have a current answer.`);
}
