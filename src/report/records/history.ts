// What `history` prints: every record of each cell over time, and what changed from one to the next. Pure.
import { shortName } from '../../core/invocation-id.ts';
import type { Cell, Change } from '../../core/task.ts';
import { cutText, sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { excerptPair } from '../../text/excerpt.ts';
import { formatAmount, formatCount, formatDuration, formatMoney, formatTime } from '../../text/format.ts';
import { commandLines, quoteWord, type ScopeWords, WHOLE_SCOPE } from '../../text/next.ts';
import { playedSentence } from '../../text/played.ts';
import { type Column, type Row, renderTable, type TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

/** One record. Rows of one cell stand together, oldest first. */
export type HistoryRow = Cell & {
  readonly key: string;
  /** 1 for the first record of its key. */
  readonly generation: number;
  readonly invocation: string;
  /** How commands take it, where its number alone means several; left out = by its number. */
  readonly called?: string;
  readonly startedAt: string;
  readonly status: 'completed' | 'failed';
  readonly attempts: number;
  readonly latencyMs: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  /** null where nothing was answered. */
  readonly outputDigest: string | null;
  readonly servedModel: string | null;
  /** The cell's record before it with this same content was answered otherwise: the provider moved, or chance did. */
  readonly moved: boolean;
  /** What the scorers say of the answer; null = nothing. */
  readonly score: number | null;
  readonly passed: boolean | null;
  /** What people said of it in closed reviews, by dimension, from 0 to 1; only where they read it. */
  readonly human?: Readonly<Record<string, number>>;
  /** Fields of the content that differ from the cell's record before; empty = the same content. null = it is the first. */
  readonly changed: readonly Change[] | null;
  /** `current`: this record counts for what the manifest asks for now. `archived`: gc took it out of the history. */
  readonly standing: 'current' | 'superseded' | 'stale' | 'out-of-scope' | 'archived';
  /** The simulation played it. */
  readonly simulated: boolean;
};

export function historyTable(
  rows: readonly HistoryRow[],
  options: TextOptions & { readonly scope?: ScopeWords },
): string {
  if (rows.length === 0) return 'No record: what matches was not drawn yet.\n';
  const isJudged = rows.some(
    ({ score, passed, human }) => score !== null || passed !== null || human !== undefined,
  );
  const isNarrow = isJudged && options.columns < WIDE;
  const lines: Row[] = [];
  let before: HistoryRow | null = null;
  for (const row of rows) {
    const previous: HistoryRow | null = before !== null && isSameCell(before, row) ? before : null;
    if (previous === null) {
      const name = `${row.variant}/${row.scenario}/${row.run}`;
      // Of a name that no line holds the record's own name stands below it.
      lines.push({
        kind: 'heading',
        text: cutText(sanitizeLine(name), { width: options.columns, from: 'middle' }),
      });
    }
    lines.push({
      kind: 'cells',
      cells: [
        ...cellsOf(row, previous, { isNarrow }),
        ...(isJudged ? [withPeople(verdictWords(row, previous), row)] : []),
      ],
      tone: row.status === 'failed' ? 'bad' : row.standing === 'current' ? 'plain' : 'weak',
    });
    lines.push(...changeNotes(row, options.columns));
    before = row;
  }
  const columns = [...(isNarrow ? NARROW : COLUMNS), ...(isJudged ? [VERDICT] : [])];
  const table = renderTable({ columns, rows: lines }, options);
  return `${table}\n${historyEnd(rows, { ...options, isGrouped: false })}`;
}

/** Whether people would let it pass, behind what scorers say. */
function withPeople(words: string, { human }: HistoryRow): string {
  const pass = human?.pass;
  if (pass === undefined) return words;
  const said = `people: ${pass > 0.5 ? 'passed' : 'not passed'}`;
  return words === '' || words === '-' ? said : `${words}; ${said}`;
}

/** How much it was, and how to see more of it. */
export function historyEnd(
  rows: readonly HistoryRow[],
  options: TextOptions & { readonly isGrouped: boolean; readonly scope?: ScopeWords },
): string {
  const cells = new Set(rows.map(({ variant, scenario, run }) => JSON.stringify([variant, scenario, run])))
    .size;
  const example = rows.at(-1)!;
  const count = `${formatAmount(rows.length, 'record')} of ${formatAmount(cells, 'cell')}`;
  const { scope = WHOLE_SCOPE } = options;
  const one = `npx expgraph show ${recordName(example)}${scope.place}`;
  const moved = rows.some((row) => row.moved) ? MOVED : '';
  const played = rows.filter(({ simulated }) => simulated).length;
  const simulation =
    played === 0
      ? ''
      : `${makeColors(options.colors).warning(wrapWords(playedSentence(played, 'record'), { ...options, indent: '  ' }))}\n`;
  if (!options.isGrouped) return `${count}; * counts now. One in full: ${one}\n${moved}${simulation}`;
  const cell = quoteWord(sanitizeLine(`${example.variant}/${example.scenario}/${example.run}`));
  const steps = [
    { command: `npx expgraph history ${cell}${scope.place}`, does: 'every record of one cell' },
    { command: `npx expgraph history --all${scope.named}`, does: 'every record of every cell' },
  ];
  return `${count}.\n${moved}${simulation}\n${commandLines(steps, options)}`;
}

const MOVED = 'moved: the same input got another answer. The provider moved, or chance did.\n';

export function calledOf({ called, invocation }: Pick<HistoryRow, 'called' | 'invocation'>): string {
  return called ?? shortName(invocation, 4);
}

/** As `show` takes it: enough of the key to be told apart, and which draw of it. */
export function recordName(row: Pick<HistoryRow, 'key' | 'generation'>): string {
  return `${row.key.slice(0, KEY_CHARS)}@${row.generation}`;
}

const KEY_CHARS = 10;

/** Below it the year, the seconds and the tokens make room for what an answer was worth. */
const WIDE = 100;

const VERDICT: Column = { head: 'verdict', shrinksTo: 9 };

const COLUMNS: readonly Column[] = [
  { head: '' },
  { head: 'record' },
  { head: 'invocation', shortHead: 'inv.' },
  { head: 'started (UTC)' },
  { head: 'latency', align: 'right' },
  { head: 'tokens', align: 'right' },
  { head: 'cost', align: 'right' },
  { head: 'answer', shrinksTo: 16 },
];

const NARROW: readonly Column[] = [
  { head: '' },
  { head: 'record' },
  { head: 'inv.' },
  { head: 'UTC' },
  { head: 'latency', align: 'right' },
  { head: 'cost', align: 'right' },
  { head: 'answer', shrinksTo: 16 },
];

function cellsOf(
  row: HistoryRow,
  previous: HistoryRow | null,
  { isNarrow }: { readonly isNarrow: boolean },
): readonly string[] {
  const tokens =
    row.inputTokens === null || row.outputTokens === null ? null : row.inputTokens + row.outputTokens;
  return [
    row.standing === 'current' ? '*' : '',
    recordName(row),
    calledOf(row),
    isNarrow ? formatTime(row.startedAt).slice(5, 16) : formatTime(row.startedAt),
    row.status === 'failed' ? 'failed' : formatDuration(row.latencyMs),
    ...(isNarrow ? [] : [tokens === null ? '-' : formatCount(tokens)]),
    row.status === 'failed' ? '-' : formatMoney(row.costUsd),
    answerWords(row, previous),
  ];
}

function answerWords(row: HistoryRow, previous: HistoryRow | null): string {
  if (row.standing === 'archived') return 'archived';
  if (row.status === 'failed') return formatAmount(row.attempts, 'attempt');
  if (row.moved) return isAnotherModel(row, previous) ? `moved (${row.servedModel})` : 'moved';
  if (previous === null) return 'first';
  if (previous.outputDigest === null) return 'answered';
  return previous.outputDigest === row.outputDigest ? 'same' : 'another';
}

function isAnotherModel(row: HistoryRow, previous: HistoryRow | null): boolean {
  return previous !== null && row.servedModel !== null && previous.servedModel !== row.servedModel;
}

/** `pass 1.00`, `fail 0.33 (was pass)` */
function verdictWords(row: HistoryRow, previous: HistoryRow | null): string {
  const { score, passed } = row;
  const words = [
    ...(passed === null ? [] : [passed ? 'pass' : 'fail']),
    ...(score === null ? [] : [score.toFixed(2)]),
    ...(flipOf(previous, row) === null ? [] : [`(was ${passed ? 'fail' : 'pass'})`]),
  ];
  return words.join(' ');
}

type Judged = { readonly passed: boolean | null };

/** null = the verdict is the same, or one of the two has none. */
export function flipOf(before: Judged | null, after: Judged | null): 'to-pass' | 'to-fail' | null {
  if (before === null || after === null || before.passed === null || after.passed === null) return null;
  if (before.passed === after.passed) return null;
  return after.passed ? 'to-pass' : 'to-fail';
}

const MAX_NOTES = 3;

/** What another content means: which field, from what to what. */
function changeNotes({ changed }: HistoryRow, columns: number): readonly Row[] {
  if (changed === null) return [];
  const notes = changed.slice(0, MAX_NOTES).flatMap(({ part, from, to }): readonly string[] => {
    if (from === undefined && to === undefined) return [`${part} changed`];
    const shown = excerptPair({ from, to, width: columns - NOTE_INDENT.length - 5 });
    return [`${part} changed`, `from ${shown.from}`, `to   ${shown.to}`];
  });
  if (changed.length > MAX_NOTES) notes.push(`and ${changed.length - MAX_NOTES} more changes`);
  return notes.map((text) => ({ kind: 'note', text: NOTE_INDENT + text }));
}

const NOTE_INDENT = '     ';

function isSameCell(a: Cell, b: Cell): boolean {
  return a.variant === b.variant && a.scenario === b.scenario && a.run === b.run;
}
