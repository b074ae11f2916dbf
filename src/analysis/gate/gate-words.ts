// Sentences of the gate: what was wanted, what was found, in how many cells, and which command shows them. Pure.
import type { GateLine, GateMeasure, GateSubject } from '../../core/gate-line.ts';
import { isMoreBetter } from '../../core/gate-line.ts';
import { filterWords } from '../../text/filter-words.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { quoteWord } from '../../text/next.ts';
import { LACKS } from '../compare/input.ts';
import { formatDifference, formatInterval, formatMetric } from '../compare/numbers.ts';
import type { GateAgainst, GateCell } from './gate-evidence.ts';
import type { Held, Measured } from './gate-numbers.ts';

type Common = {
  readonly line: GateLine;
  readonly filters: readonly string[];
  readonly cells: readonly GateCell[];
};
type OfNumber = Common & { readonly measured: Measured };
type OfDifference = Common & {
  readonly found: Held;
  /** What the condition looked at: the difference, or the bound of its interval. */
  readonly number: number;
  readonly against: Extract<GateAgainst, { kind: 'found' }>;
};

export function heldNumber(input: OfNumber): string {
  const { line } = input;
  return `${line.name} is ${numberWords(input)}, as wanted: ${line.wanted}`;
}

export function brokenNumber(input: OfNumber): string {
  const { line } = input;
  return `${line.name} has to be ${line.wanted}, and is ${numberWords(input)}`;
}

function numberWords({ line, measured, cells, filters }: OfNumber): string {
  const { subject, condition } = line;
  const format = (value: number): string => formatGate(subject.measure, value);
  const limit = condition.kind === 'number' ? condition.value : 0;
  const value = apart(measured.value, limit, subject);
  const interval =
    condition.at === 'bound' && measured.interval !== null
      ? `, 95 % interval ${formatInterval(measured.interval, format)},`
      : '';
  const passed =
    subject.measure === 'pass'
      ? ` (${formatCount(cells.filter((cell) => cell.value === 1).length)} passed)`
      : '';
  const place = subject.measure === 'answers' ? '' : ` in ${cellsWords(cells)}${passed}`;
  return `${value}${interval}${place}${within(filters)}`;
}

export function heldDifference(input: OfDifference): string {
  return `${input.line.name} is ${differenceWords(input)}, as wanted: ${input.line.wanted}`;
}

export function brokenDifference(input: OfDifference): string {
  const { line } = input;
  return `${line.name} has to be ${line.wanted}, and is ${differenceWords(input)}`;
}

/** `0.067 worse: 0.933 against 1.000 of baseline in 20 scenarios` */
function differenceWords({ line, found, number, against, cells, filters }: OfDifference): string {
  const { subject, condition } = line;
  const { measure } = subject;
  const isUp = isMoreBetter(measure) !== false;
  const format = (value: number): string => formatGate(measure, value);
  const amount = format(Math.abs(number));
  const part = condition.kind !== 'number' && condition.by?.kind === 'percent' && found.other !== 0;
  const percent = part ? ` (${((100 * Math.abs(number)) / Math.abs(found.other)).toFixed(1)} %)` : '';
  const isSame = !/[1-9]/.test(amount);
  const gain = isUp ? number : -number;
  const word = isSame ? 'just as good' : `${amount}${percent} ${gain < 0 ? 'worse' : 'better'}`;
  const how = condition.at === 'bound' ? `${word} at the bound of its 95 % interval` : word;
  const interval =
    condition.at === 'bound' && found.interval !== null
      ? `, interval of the difference ${formatInterval(found.interval, (value) => signed(measure, value))}`
      : '';
  const scenarios = formatAmount(found.scenarios, 'scenario');
  const simulated = cells.some((cell) => cell.simulated) ? ' (simulated)' : '';
  return `${how}: ${format(found.own)} against ${format(found.other)} of ${against.name} in ${scenarios}${simulated}${interval}${within(filters)}`;
}

/** `60 cells`, `60 simulated cells`, `60 cells (20 of them simulated)` */
export function cellsWords(cells: readonly GateCell[]): string {
  const played = cells.filter(({ simulated }) => simulated).length;
  if (played === 0) return formatAmount(cells.length, 'cell');
  if (played === cells.length) return formatAmount(cells.length, 'simulated cell');
  return `${formatAmount(cells.length, 'cell')} (${formatCount(played)} of them simulated)`;
}

const LACK_WORDS: { readonly [lack in NonNullable<GateCell['lack']>]: string } = {
  missing: 'missing',
  stale: 'stale',
  failed: 'failed',
  archived: 'archived',
  unscored: 'not judged',
  'not-told': 'without this number',
  unjudged: 'without a scorer',
  silent: 'judged without an answer to this',
};

/** `of 60 cells 2 missing, 1 failed` */
export function lackingWords(lacking: readonly GateCell[], all: number): string {
  const words = LACKS.flatMap((lack) => {
    const count = lacking.filter((cell) => cell.lack === lack).length;
    return count === 0 ? [] : [`${formatCount(count)} ${LACK_WORDS[lack]}`];
  });
  return `of ${formatAmount(all, 'cell')} ${words.join(', ')}`;
}

/** In the unit of what is measured. */
export function formatGate(measure: GateMeasure, value: number): string {
  if (measure === 'answers') return formatCount(value);
  return formatMetric(measure, value);
}

export function signed(measure: GateMeasure, value: number): string {
  return measure === 'answers' ? formatCount(value) : formatDifference(measure, value);
}

/** A number that is not the limit does not look like it: 0.8996 is not 0.900. */
function apart(value: number, limit: number, { measure }: GateSubject): string {
  const usual = formatGate(measure, value);
  if ((measure !== 'pass' && measure !== 'score') || Math.abs(value - limit) < 1e-9) return usual;
  for (let digits = 3; digits < 10; digits++) {
    if (value.toFixed(digits) !== limit.toFixed(digits)) return value.toFixed(digits);
  }
  return usual;
}

function within(filters: readonly string[]): string {
  return filters.length === 0 ? '' : `, within ${filters.join(' ')}`;
}

export function command(words: readonly string[]): string {
  return ['npx expgraph', ...words.map(quoteWord)].join(' ');
}

/** The cells that made it so. */
export function showsCells({ line: { subject }, filters }: Common): string {
  const { measure, variant } = subject;
  const [people] = subject.scorers.filter((name) => name.startsWith('human.'));
  if (people !== undefined)
    return joined(command(['compare', ...(variant === null ? [] : [variant]), '--metric', people]), [
      ...scopeOf({ ...subject, variant: null }),
      ...filters.filter((filter) => !filter.startsWith('--variant ')),
    ]);
  if (measure === 'pass' || measure === 'score')
    return joined(command(['show', '--not-passed']), [...scopeOf(subject), ...filters]);
  if (measure === 'answers') return command(['status']);
  return command(['history', ...(variant === null ? [] : [`${variant}/*`])]);
}

export function compares({ line: { subject, condition }, filters, against }: OfDifference): string {
  const { measure, variant, scorers } = subject;
  if (condition.kind === 'number') return command(['status']);
  const { than } = condition;
  const isArm = than.kind === 'variant' || than.kind === 'imported';
  const arms = [...(isArm ? [than.variant] : []), ...(variant === null ? [] : [variant])];
  const at = isArm
    ? []
    : than.kind === 'store'
      ? ['--against', than.shown]
      : ['--at', against.name.replace(/^invocation /, ''), '--at', 'now'];
  const scope = scopeOf({ ...subject, variant: null });
  const words = [
    'compare',
    ...arms,
    ...at,
    '--metric',
    measure,
    ...scorers.flatMap((name) => ['--scorer', name]),
  ];
  const others = filters.filter((filter) => !filter.startsWith('--variant '));
  return joined(command(words), [...scope, ...others]);
}

function scopeOf({ variant, category, tag }: GateSubject): readonly string[] {
  return filterWords({
    variant: variant === null ? [] : [variant],
    scenario: [],
    category: category === null ? [] : [category],
    tag: tag === null ? [] : [tag],
    runs: [],
    shard: null,
  });
}

/** What a line is about and what the filters say may be the same. */
function joined(text: string, options: readonly string[]): string {
  return [text, ...new Set(options)].join(' ');
}
