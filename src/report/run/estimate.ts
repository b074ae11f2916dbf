// What an estimate says: one sentence, a row per variant, and where the numbers come from. Pure.
import type { Amount, Estimate, InputSource, OutputSource, VariantAmount } from '../../core/estimate.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount, formatMoney } from '../../text/format.ts';
import { type Column, type Row, renderTable, type TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

/** One sentence, for `run` before it starts and for `plan`. Ends with a line end. */
export function estimateLine(estimate: Estimate, options: TextOptions): string {
  const { calls, inputTokens } = estimate;
  const input = inputTokens === null ? 'tokens in unknown' : `about ${formatAmount(inputTokens, 'token')} in`;
  const sentence = `Estimate: ${formatAmount(calls, 'call')}, ${input}, ${outputWords(estimate)}, ${costWords(estimate)}. Retries are not included.`;
  return `${wrapWords(sentence, { columns: options.columns, indent: INDENT })}\n`;
}

/** All that is known, for `plan`, to stand below a line of text. Ends with a line end. */
export function estimateText(estimate: Estimate, options: TextOptions): string {
  const { dim } = makeColors(options.colors);
  const notes = sourceNotes(estimate).map((note) =>
    wrapWords(note, { columns: options.columns, indent: INDENT })
      .split('\n')
      .map((line) => dim(line))
      .join('\n'),
  );
  const table = estimate.byVariant.length > 1 ? `\n${variantsTable(estimate, options)}\n` : '';
  return `${table}${estimateLine(estimate, options)}${notes.join('\n')}\n`;
}

const INDENT = '  ';

function outputWords({ outputTokens, outputTokensAtMost }: Amount): string {
  if (outputTokens !== null) return `about ${formatCount(outputTokens)} out`;
  return outputTokensAtMost === null
    ? 'tokens out unknown'
    : `at most ${formatCount(outputTokensAtMost)} out`;
}

function costWords(estimate: Estimate): string {
  const unpriced = [...new Set(estimate.byVariant.filter((one) => !one.isPriced).map((one) => one.model))];
  if (unpriced.length > 0) {
    const shown = unpriced.slice(0, MAX_MODELS).map(sanitizeLine).join(', ');
    const more = unpriced.length > MAX_MODELS ? ` and ${unpriced.length - MAX_MODELS} more` : '';
    const names = `${unpriced.length === 1 ? 'model' : 'models'} ${shown}${more}`;
    if (estimate.byVariant.every((one) => !one.isPriced)) return `cost unknown: no price for ${names}`;
    return `at least ${formatMoney(estimate.costUsdAtLeast)}, price unknown for ${names}`;
  }
  return `${rangeWords(estimate)}${simulationWords(estimate)}${localWords(estimate)}`;
}

const MAX_MODELS = 3;

function rangeWords({ costUsd, costUsdAtLeast, costUsdAtMost }: Amount): string {
  if (costUsd !== null) return `about ${formatMoney(costUsd)}`;
  const least = formatMoney(costUsdAtLeast);
  return costUsdAtMost === null ? `at least ${least}` : `from ${least} to ${formatMoney(costUsdAtMost)}`;
}

/** Nobody should take invented prices for a bill, or fear one. */
function simulationWords({ byVariant }: Estimate): string {
  const simulated = byVariant.filter((one) => one.isSimulated).length;
  if (simulated === 0) return '';
  return simulated === byVariant.length ? ' of simulated money' : ', some of it simulated money';
}

/** A gateway on this machine may well cost something: that it is taken to cost nothing has to be seen. */
function localWords({ byVariant }: Estimate): string {
  const local = byVariant.filter((one) => one.isLocal).length;
  if (local === 0) return '';
  return local === byVariant.length ? ' (local)' : `, ${formatAmount(local, 'variant')} local at $0`;
}

const COLUMNS: readonly Column[] = [
  { head: 'variant', shrinksTo: 20, cut: 'names' },
  { head: 'calls', align: 'right' },
  { head: 'tokens in', align: 'right' },
  { head: 'tokens out', align: 'right' },
  { head: 'cost', align: 'right' },
];

function variantsTable(estimate: Estimate, options: TextOptions): string {
  const rows: Row[] = estimate.byVariant.map((one) => ({
    kind: 'cells',
    cells: [one.variant, ...cells(one)],
  }));
  rows.push({ kind: 'rule' });
  rows.push({ kind: 'cells', cells: ['estimate', ...cells(estimate)], tone: 'strong' });
  return renderTable({ columns: COLUMNS, rows }, options);
}

function cells(amount: Amount | VariantAmount): readonly string[] {
  return [
    formatCount(amount.calls),
    amount.inputTokens === null ? 'unknown' : formatCount(amount.inputTokens),
    bounded({ known: amount.outputTokens, most: amount.outputTokensAtMost, words: formatCount }),
    costCell(amount),
  ];
}

function costCell(amount: Amount): string {
  const { costUsd, costUsdAtLeast, costUsdAtMost } = amount;
  if (costUsd === null && costUsdAtMost === null && costUsdAtLeast > 0)
    return `≥ ${formatMoney(costUsdAtLeast)}`;
  return bounded({ known: costUsd, most: costUsdAtMost, words: formatMoney });
}

function bounded(input: {
  readonly known: number | null;
  readonly most: number | null;
  readonly words: (value: number) => string;
}): string {
  if (input.known !== null) return input.words(input.known);
  return input.most === null ? 'unknown' : `≤ ${input.words(input.most)}`;
}

const INPUT_WORDS: { readonly [source in InputSource]: string } = {
  cell: 'as in the same cells before',
  variant: 'by the mean of the same variant',
  tokenizer: 'counted with a tokenizer',
  simulation: 'counted as the simulation counts',
  unknown: 'unknown (not only text, or a program asks)',
};

const OUTPUT_WORDS: { readonly [source in OutputSource]: string } = {
  cell: INPUT_WORDS.cell,
  variant: INPUT_WORDS.variant,
  unknown: 'never drawn',
};

function sourceNotes(estimate: Estimate): readonly string[] {
  const { cell, variant } = estimate.sources.input;
  if (cell === estimate.calls) return [`Tokens: ${INPUT_WORDS.cell}.`];
  if (variant === estimate.calls) return [`Tokens: ${INPUT_WORDS.variant}.`];
  return [inputNote(estimate), outputNote(estimate), ...moreCallsNote(estimate)];
}

/** Without a history one call a task is counted, and there may be more. */
function moreCallsNote({ byVariant }: Estimate): readonly string[] {
  const names = byVariant.filter((one) => one.mayCallAgain).map((one) => sanitizeLine(one.variant));
  if (names.length === 0) return [];
  const shown = names.slice(0, MAX_MODELS).join(', ');
  const more = names.length > MAX_MODELS ? ` and ${names.length - MAX_MODELS} more` : '';
  return [`Calls: one a task; tool loops, own code and programs may make more: ${shown}${more}.`];
}

function inputNote({ sources, isSampled }: Estimate): string {
  const sample = isSampled ? '; a sample of the texts was counted, the rest goes by length' : '';
  return `Tokens in: ${sourceWords(sources.input, INPUT_WORDS)}${sample}.`;
}

function outputNote({ sources, outputTokensAtMost }: Estimate): string {
  const limit = outputTokensAtMost === null ? 'without a limit' : 'at most max_output_tokens';
  const bound = sources.output.unknown > 0 ? `, ${limit}` : '';
  return `Tokens out: ${sourceWords(sources.output, OUTPUT_WORDS)}${bound}.`;
}

/** One source needs no number. */
function sourceWords<Source extends string>(
  counts: { readonly [source in Source]: number },
  words: { readonly [source in Source]: string },
): string {
  const used = (Object.keys(counts) as Source[]).filter((source) => counts[source] > 0);
  if (used.length === 1) return words[used[0]!];
  return used.map((source) => `${formatAmount(counts[source], 'call')} ${words[source]}`).join(', ');
}
