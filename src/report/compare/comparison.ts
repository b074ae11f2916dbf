// A comparison as `compare` prints it: tables and words, a page, JSON; or why there is none. Pure.
import type { CompareInput } from '../../analysis/compare/input.ts';
import { type Preference, preferenceBlocks, preferenceJson } from '../../analysis/compare/preference.ts';
import { type Compared, isRefused } from '../../analysis/compare/result.ts';
import type { GateVerdict } from '../../core/summary.ts';
import { typedHere } from '../../text/next.ts';
import type { Block } from '../../text/sheet.ts';
import { sheetHtml } from '../../text/sheet-html.ts';
import { sheetMarkdown } from '../../text/sheet-markdown.ts';
import { sheetText } from '../../text/sheet-text.ts';
import type { TextOptions } from '../../text/table.ts';
import { gateBlocks, gateText } from './gate-sheet.ts';
import { compareJson } from './json.ts';
import { compareSheet, refusalSentences } from './sheet.ts';

export type Comparison = {
  /** Arms, pairs and groups with their numbers; `findings` say what stands against these, and why it was refused. */
  readonly compared: Compared;
  /** Where judges hold answers against those of one arm: how often each other arm is preferred. null = none does. */
  readonly preferences: readonly Preference[] | null;
  /** Nothing judges one answer alone: no arm has a number of its own. */
  readonly onlyPairs: boolean;
  /** The cells that the numbers were made of. */
  readonly cells: Pick<CompareInput, 'arms' | 'between' | 'groupsOf' | 'cluster'>;
  /** Absent where there is no gate. */
  readonly gate?: readonly GateVerdict[];
  /** Of `--metric human`: every further dimension that people judged, each p corrected for all of them. */
  readonly beside?: readonly Comparison[];
  /** Numbers could be given for all that was asked. */
  readonly concluded: boolean;
};

/** Empty where it was refused. Where nothing judges one answer alone, there is no other number of the arms. */
export function comparisonSheet(comparison: Comparison): readonly Block[] {
  return [comparison, ...(comparison.beside ?? [])].flatMap(oneSheet);
}

function oneSheet({ compared, preferences, onlyPairs }: Comparison): readonly Block[] {
  if (isRefused(compared)) return [];
  if (preferences === null) return compareSheet(compared);
  const title = { kind: 'title', text: `${compared.experiment}: which answers are preferred` } as const;
  return [...(onlyPairs ? [title] : compareSheet(compared)), ...preferenceBlocks(preferences)];
}

/** One stable shape in snake_case (docs/compare.md). */
export function comparisonJson({ beside, gate, ...comparison }: Comparison): object {
  const gated = gate === undefined ? {} : { gate };
  if (beside === undefined) return { ...oneJson(comparison), ...gated };
  const { experiment } = comparison.compared;
  return { v: 1, experiment, metric: 'human', dimensions: [comparison, ...beside].map(oneJson), ...gated };
}

function oneJson({ compared, preferences, onlyPairs }: Omit<Comparison, 'gate'>): object {
  return {
    ...compareJson(compared),
    ...(onlyPairs ? { scorers: [], comparisons: [], conclusions: { can: [], cannot: [] } } : {}),
    ...(preferences === null ? {} : { preferences: preferences.map(preferenceJson) }),
  };
}

export function comparisonText(comparison: Comparison, options: TextOptions): string {
  const { gate = [] } = comparison;
  const below = gate.length === 0 ? '' : `\n${gateText(gate, options)}`;
  return sheetText(comparisonSheet(comparison), options) + below;
}

export function comparisonMarkdown(comparison: Comparison): string {
  return sheetMarkdown(withGate(comparison));
}

export function comparisonHtml(comparison: Comparison, now: Date): string {
  const foot = `expgraph compare, ${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return sheetHtml(withGate(comparison), { title: `${comparison.compared.experiment}: compare`, foot });
}

function withGate(comparison: Comparison): readonly Block[] {
  return [...comparisonSheet(comparison), ...gateBlocks(comparison.gate ?? [])];
}

/** Why it was refused, and what compares what is there all the same. @param place what commands repeat to mean the same manifest */
export function refusalText(
  { findings }: Compared,
  options: TextOptions & { readonly place: string },
): string {
  const isKind = (pattern: RegExp): boolean =>
    findings.some(({ kind, severity }) => severity === 'refusal' && pattern.test(kind));
  const flags = [
    ...(isKind(/^incomplete$/) ? ['--allow-incomplete'] : []),
    ...(isKind(/models/) ? ['--allow-mixed-models'] : []),
  ];
  const sentences = [
    ...refusalSentences(findings).map((sentence) => typedHere(sentence, options.place)),
    ...(flags.length === 0
      ? []
      : [`To compare what is there all the same, with every number marked: ${flags.join(' ')}.`]),
  ];
  return sheetText([{ kind: 'sentences', head: 'Not compared:', tone: 'plain', sentences }], options);
}

/** For the page of a job: what stands on the sheet, or why there is none. */
export function jobBlocks(comparison: Comparison): readonly Block[] {
  const { compared } = comparison;
  if (!isRefused(compared)) return withGate(comparison);
  const sentences = refusalSentences(compared.findings);
  return [{ kind: 'sentences', head: 'Not compared', tone: 'plain', sentences }];
}
