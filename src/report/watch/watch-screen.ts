// The screen that watch leaves when a round is over, never higher than the terminal: what was saved, why what ran, the answers
// that changed, and below them the statistics. Pure.
import type { Cell, Change, Plan } from '../../core/task.ts';
import { cutText, displayWidth, sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { excerptPair } from '../../text/excerpt.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { typedHere } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';
import { flipOf } from '../records/history.ts';
import { partName } from '../words/explain.ts';
import { leftOutWords, nothingWords } from './watch.ts';

export type ChangedAnswer = {
  readonly cell: Cell;
  /** null = there was no record. */
  readonly before: AnswerSide | null;
  readonly after: AnswerSide;
};

type AnswerSide = {
  readonly text: string;
  readonly digest: string | null;
  readonly isFailed: boolean;
  readonly passed: boolean | null;
};

export type RoundScreen = {
  /** What commands repeat to mean the same manifest. */
  readonly place: string;
  /** What was saved. */
  readonly head: string;
  /** One line each. */
  readonly why: readonly string[];
  readonly answers: readonly ChangedAnswer[];
  /** Text of more lines, each block whole where there is room for it. */
  readonly table: string;
  /** Totals, warnings, the simulation: always shown, cut where they are too many. */
  readonly notes: string;
  /** The last line; '' while something goes on. */
  readonly rest: string;
};

/** Below this a terminal shows nothing that could be read: it gets the beginning. */
const MIN_ROWS = 6;
/** Of so many changed answers something is seen however large the table is. */
const SEEN = 2;

/** Ends with a line end. The last row stays free: the cursor is there. */
export function roundScreenText(
  screen: RoundScreen,
  options: TextOptions & { readonly rows: number },
): string {
  const rows = Math.max(MIN_ROWS, options.rows) - 1;
  const head = linesOf(screen.head).slice(0, 2);
  const rest = linesOf(screen.rest).filter((line) => line !== '');
  const notes = linesOf(screen.notes).slice(0, Math.max(2, Math.floor(rows / 4)));
  const why = screen.why.slice(0, Math.max(1, Math.floor(rows / 5)));
  let room = Math.max(0, rows - head.length - why.length - notes.length - rest.length);
  const answers = answerBlocks(screen.answers, options);
  const table = linesOf(screen.table);
  const summary = answersSentence(screen.answers);
  const shown: string[] = [];
  if (summary !== '' && room > 1) {
    shown.push(makeColors(options.colors).bold(summary));
    room--;
    const least = answers.slice(0, SEEN).flat().length;
    let left = Math.max(Math.min(room, least), room - tableWithin(table, room - least - 2).length - 1);
    let told = 0;
    for (const block of answers) {
      // One line is kept for what is not told.
      if (block.length > left - (told + 1 < answers.length ? 1 : 0)) break;
      shown.push(...block);
      left -= block.length;
      room -= block.length;
      told++;
    }
    if (told < answers.length && room > 0) {
      shown.push(
        `  and ${formatAmount(answers.length - told, 'more answer')}: npx expgraph diff${screen.place}`,
      );
      room--;
    }
  }
  const stats = tableWithin(table, room - 1);
  const lines = [...head, ...why, ...shown, ...(stats.length > 0 ? ['', ...stats] : []), ...notes, ...rest];
  return `${lines
    .slice(0, rows)
    .map((line) => fitLine(line, options.columns))
    .join('\n')}\n`;
}

/** What there was to do, and what was left out. */
export function roundReasons(
  { plan, leftOut }: { readonly plan: Plan; readonly leftOut: number },
  options: TextOptions & { readonly place: string },
): readonly string[] {
  return [
    ...(plan.pending.length === 0 ? [nothingWords(plan, leftOut)] : shortReasons(plan, options)),
    ...(leftOut === 0 ? [] : [typedHere(leftOutWords(leftOut), options.place)]),
  ];
}

/** Why what runs, each reason on one line: `6 tasks: scenario.input "..." -> "..."`. */
export function shortReasons(plan: Plan, { columns }: TextOptions): readonly string[] {
  const chosen = new Set(plan.pending);
  const counts = new Map<string, { readonly words: string; count: number }>();
  for (const task of plan.tasks) {
    if (!chosen.has(task) || task.state.kind !== 'pending') continue;
    const { reason } = task.state;
    const words =
      reason.kind === 'stale' && !reason.forgot
        ? reason.changed
        : reason.kind === 'stale'
          ? 'their keys hold more than before'
          : { new: 'never drawn', failed: 'failed before', forced: 'drawn again' }[reason.kind];
    const id = typeof words === 'string' ? words : JSON.stringify(words);
    const known = counts.get(id) ?? {
      words: typeof words === 'string' ? words : changeWords(words, columns),
      count: 0,
    };
    known.count++;
    counts.set(id, known);
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .map(({ words, count }) =>
      cutText(`${formatAmount(count, 'task')}: ${words}`, { width: columns, from: 'end' }),
    );
}

function changeWords(changed: readonly Change[], columns: number): string {
  const [first] = changed;
  if (first === undefined) return 'changed';
  const more = changed.length > 1 ? ` and ${formatAmount(changed.length - 1, 'more change')}` : '';
  const name = partName(first.part);
  if (first.from === undefined && first.to === undefined) return `${name} changed${more}`;
  const width = Math.max(14, Math.floor((columns - displayWidth(name + more) - 18) / 2));
  const { from, to } = excerptPair({ from: first.from, to: first.to, width });
  return `${name} ${from} -> ${to}${more}`;
}

/** Verdicts that flipped first, then what failed, then other answers. The same answer again is counted, not shown. */
function answerBlocks(
  answers: readonly ChangedAnswer[],
  options: TextOptions,
): readonly (readonly string[])[] {
  return answers
    .filter(isChanged)
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map((answer) => answerBlock(answer, options));
}

function answerBlock({ cell, before, after }: ChangedAnswer, options: TextOptions): readonly string[] {
  const colors = makeColors(options.colors);
  const name = sanitizeLine(`${cell.variant}/${cell.scenario}/${cell.run}`);
  const flip = flipOf(before, after);
  const verdict = flip === null ? '' : flip === 'to-pass' ? '  fail -> pass' : '  pass -> FAIL';
  const paint =
    flip === 'to-pass' ? colors.good : flip === 'to-fail' || after.isFailed ? colors.error : String;
  const room = Math.max(8, options.columns - verdict.length - 2);
  const width = options.columns - 9;
  const text = excerptPair({ from: before?.isFailed ? undefined : before?.text, to: after.text, width });
  const was = before === null ? 'nothing' : before.isFailed ? 'failed' : text.from;
  const is = after.isFailed ? `failed: ${sanitizeLine(after.text)}` : text.to;
  return [
    paint(`  ${cutText(name, { width: room, from: 'middle' })}${verdict}`),
    `    was  ${was}`,
    `    now  ${is}`,
  ].map((line) => fitLine(line, options.columns));
}

function answersSentence(answers: readonly ChangedAnswer[]): string {
  if (answers.length === 0) return '';
  const fresh = answers.filter(({ before, after }) => before === null && !after.isFailed).length;
  const failed = answers.filter(({ after }) => after.isFailed).length;
  const changed = answers.filter(isChanged).filter(({ after }) => !after.isFailed).length;
  const same = answers.length - fresh - failed - changed;
  const flips = answers.map(({ before, after }) => flipOf(before, after));
  const [toFail, toPass] = (['to-fail', 'to-pass'] as const).map(
    (to) => flips.filter((flip) => flip === to).length,
  );
  const parts = [
    ...(changed > 0 ? [`${formatCount(changed)} changed`] : []),
    ...(same > 0 ? [`${formatCount(same)} the same`] : []),
    ...(fresh > 0 ? [`${formatCount(fresh)} new`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(toFail! > 0 ? [`${formatCount(toFail!)} to fail`] : []),
    ...(toPass! > 0 ? [`${formatCount(toPass!)} to pass`] : []),
  ];
  return `${formatAmount(answers.length, 'answer')}: ${parts.join(', ')}`;
}

function isChanged({ before, after }: ChangedAnswer): boolean {
  if (after.isFailed) return true;
  return before !== null && (before.isFailed || before.digest !== after.digest);
}

function rankOf({ before, after }: ChangedAnswer): number {
  const flip = flipOf(before, after);
  return flip === 'to-fail' ? 0 : after.isFailed ? 1 : flip === 'to-pass' ? 2 : 3;
}

/** The whole of it, or as many of its blocks from the beginning as there is room for: half a table says nothing. */
function tableWithin(lines: readonly string[], room: number): readonly string[] {
  const whole = lines.at(0) === '' ? lines.slice(1) : lines;
  if (whole.length <= room) return whole;
  const end = whole.lastIndexOf('', room);
  return end < MIN_TABLE ? [] : whole.slice(0, end);
}

/** A title, a head, a rule and a row. */
const MIN_TABLE = 4;

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

const ESCAPES = /\x1b\[[0-9;]*m/g;

/** A line that is painted is cut without its colours: half of an escape would paint the rest of the screen. */
function fitLine(line: string, columns: number): string {
  const plain = line.replaceAll(ESCAPES, '');
  return displayWidth(plain) <= columns ? line : cutText(plain, { width: columns, from: 'end' });
}
