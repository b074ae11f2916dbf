// Which cells failed or did not pass, and why: equal reasons once, then the command that shows all of them. Pure.
import { runsWords } from '../../core/run-list.ts';
import type { NotPassed, NotPassedCell } from '../../core/summary.ts';
import { cutText, displayWidth, fitText, sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { type ScopeWords, showStep } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';

export type NotPassedGroup = {
  readonly kind: NotPassedCell['kind'];
  readonly scorer: string | null;
  readonly reason: string;
  /** Of one variant and scenario each, with the runs of which it is true. */
  readonly places: readonly {
    readonly variant: string;
    readonly scenario: string;
    readonly runs: readonly number[];
  }[];
};

/** A reason that more places than this have is told once. */
const MAX_ALIKE = 2;

/** Runs with the same reason are one place; a reason of many places is one group. In the order of the first cell. */
export function groupNotPassed(shown: readonly NotPassedCell[]): readonly NotPassedGroup[] {
  const alike = Map.groupBy(shown, ({ kind, scorer, reason }) => JSON.stringify([kind, scorer, reason]));
  const groups: { readonly first: number; readonly group: NotPassedGroup }[] = [];
  for (const cells of alike.values()) {
    const { kind, scorer, reason } = cells[0]!;
    const byPlace = Map.groupBy(cells, ({ variant, scenario }) => JSON.stringify([variant, scenario]));
    const places = [...byPlace.values()].map((of) => ({
      variant: of[0]!.variant,
      scenario: of[0]!.scenario,
      runs: of.map(({ run }) => run),
      first: shown.indexOf(of[0]!),
    }));
    if (places.length > MAX_ALIKE)
      groups.push({ first: places[0]!.first, group: { kind, scorer, reason, places } });
    else
      for (const place of places)
        groups.push({ first: place.first, group: { kind, scorer, reason, places: [place] } });
  }
  return groups.sort((a, b) => a.first - b.first).map(({ group }) => group);
}

/** `baseline/ambiguous:gym/1-3`, and how many cells beside it. Text of others: not sanitized yet. */
export function placeWords({ places }: Pick<NotPassedGroup, 'places'>): string {
  const [first, ...rest] = places;
  const more = rest.reduce((sum, { runs }) => sum + runs.length, 0);
  return `${first!.variant}/${first!.scenario}/${runsWords(first!.runs)}${more === 0 ? '' : ` + ${formatCount(more)} more`}`;
}

const MAX_LINES = 10;

export function notPassedText(
  { cells, shown }: NotPassed,
  options: TextOptions & {
    /** Cells in scope. */
    readonly of: number;
    readonly what: 'not passed' | 'not judged';
    /** What shows all of them, and what it is said to do. */
    readonly command: { readonly command: string; readonly does: string };
  },
): string {
  const colors = makeColors(options.colors);
  const { columns } = options;
  const groups = groupNotPassed(shown);
  const lines = groups.slice(0, MAX_LINES);
  const names = lines.map((group) => sanitizeLine(placeWords(group)));
  // Room for the reason is worth more than the whole of a long name, which is cut in its middle.
  const width = Math.min(Math.max(...names.map(displayWidth)), Math.max(20, Math.floor(columns * 0.45)));
  const told = new Set(lines.flatMap(({ places }) => places.flatMap(cellsOf)));
  const left = cells - told.size;
  const { command, does } = options.command;
  const line = `  ${colors.note(command)}`;
  const fits = displayWidth(command) + displayWidth(does) + 6 <= columns;
  return [
    colors.warning(headOf({ cells, shown, ...options })),
    ...lines.map((group, i) => {
      const name = fitText(names[i]!, { width, from: 'middle' });
      const who = group.scorer === null ? 'failed' : sanitizeLine(group.scorer);
      const why = cutText(`${who}: ${sanitizeLine(group.reason)}`, {
        width: columns - width - 4,
        from: 'end',
      });
      return `  ${name}  ${group.kind === 'failed' ? colors.error(why) : why}`;
    }),
    ...(left > 0 ? [colors.dim(`  ... and ${formatAmount(left, 'more cell')}`)] : []),
    fits ? `${line}  ${colors.dim(`# ${does}`)}` : line,
    '',
  ].join('\n');
}

/** The same where nothing but the end is told. */
export function notPassedSentence(
  found: NotPassed,
  { of, scope }: { readonly of: number; readonly scope: ScopeWords },
): string {
  return `${headOf({ ...found, of, what: 'not passed' })} ${showStep(scope).command}`;
}

function cellsOf({ variant, scenario, runs }: NotPassedGroup['places'][number]): readonly string[] {
  return runs.map((run) => JSON.stringify([variant, scenario, run]));
}

function headOf(
  input: NotPassed & { readonly of: number; readonly what: 'not passed' | 'not judged' },
): string {
  const { cells, shown, of } = input;
  const many = `${formatCount(cells)} of ${formatAmount(of, 'cell')}`;
  if (input.what === 'not judged') return `${many} could not be judged:`;
  const kinds = new Set(shown.map(({ kind }) => kind));
  if (!kinds.has('not-passed')) return `${many} failed:`;
  return kinds.has('failed') ? `${many} failed or did not pass:` : `${many} did not pass:`;
}
