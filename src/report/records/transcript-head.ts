// The lines above a transcript: how its record stands, what the scenario is about, what is expected of its answer. Pure.
import type { Json } from '../../core/json.ts';
import type { ScenarioResult } from '../../core/record.ts';
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import type { BlockOptions } from '../../text/block.ts';
import { makeColors } from '../../text/colors.ts';
import { valueLines } from '../../text/value-lines.ts';
import { wrapBlock } from '../../text/wrap-block.ts';
import { type ShownStanding, standingSentences } from './standing.ts';

const LABEL_WIDTH = 12;

/** The label once, everything else below the value's beginning. The values are harmless. */
export function factLines(
  label: string,
  values: readonly string[],
  options: BlockOptions,
  paint: (text: string) => string = (text) => text,
): readonly string[] {
  const room = options.columns - LABEL_WIDTH;
  const lines =
    options.lines === 'whole' ? values : values.flatMap((line) => wrapBlock(line, room).split('\n'));
  const dim = makeColors(options.colors).dim;
  return lines.map(
    (line, i) => `${i === 0 ? dim(label.padEnd(LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH)}${paint(line)}`,
  );
}

/** ` · stale` beside the name; nothing where the record counts. */
export function standingWord({ kind }: ShownStanding, options: BlockOptions): string {
  return kind === 'current' ? '' : makeColors(options.colors).warning(` · ${kind.replaceAll('-', ' ')}`);
}

/** What a reader has to know first: what failed, and whether what is shown is what counts. */
export function noteLines(
  record: Pick<ScenarioResult, 'status' | 'attempts'>,
  options: BlockOptions & { readonly standing: ShownStanding },
): readonly string[] {
  const colors = makeColors(options.colors);
  const error = record.status === 'failed' ? record.attempts.at(-1)?.error : undefined;
  const status = error?.status == null ? '' : ` (${error.status})`;
  return [
    ...(error
      ? factLines('error', [sanitizeLine(`${error.kind}${status}: ${error.message}`)], options, colors.error)
      : []),
    ...standingSentences(options.standing).flatMap((sentence) =>
      factLines('note', [sanitizeLine(sentence)], options, colors.warning),
    ),
  ];
}

/** Of a list that goes on for pages the beginning says what kind it is. */
const MAX_EXPECTED_LINES = 40;

export function askedLines(
  scenario: { readonly description: string | null; readonly expect: Json } | null,
  options: BlockOptions,
): readonly string[] {
  if (scenario === null) return [];
  const { description, expect } = scenario;
  const about = description === null ? [] : [sanitizeBlock(description).trim().split('\n')];
  const all = expect === null ? [] : valueLines(expect).map(sanitizeLine);
  const more = all.length - MAX_EXPECTED_LINES;
  const expected = more > 1 ? [...all.slice(0, MAX_EXPECTED_LINES), `... and ${more} more lines`] : all;
  return [
    ...about.flatMap((lines) => factLines('about', lines, options)),
    ...(expected.length === 0 ? [] : factLines('expected', expected, options)),
  ];
}
