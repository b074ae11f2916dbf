// Many transcripts one after another: a line that tells each by its name, what came of it, and nothing twice. Pure.
import type { ScenarioResult } from '../../core/record.ts';
import { cutText, displayWidth, sanitizeLine } from '../../core/text.ts';
import { modelAsked } from '../../core/untold.ts';
import { type BlockOptions, ownBlock, saidBlock } from '../../text/block.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatDuration, formatMoney } from '../../text/format.ts';
import { playedSentence } from '../../text/played.ts';
import { wrapParts } from '../../text/wrap.ts';
import { conversationOf, type Said } from './conversation.ts';
import { answerBlock, attemptLine, type Beside, peopleBlocks, scoresBlocks } from './record.ts';
import { askedLines, noteLines, standingWord } from './transcript-head.ts';

export type Transcript = Beside & {
  readonly record: ScenarioResult;
  /** What all scorers say; null = none says pass or fail, or one has not said it yet. */
  readonly passed: boolean | null;
  readonly whole: string;
};

type Options = Omit<BlockOptions, 'whole'>;

/** Widths that a reader's eye gets used to, whatever the transcripts hold. */
const MAX_COLUMNS = 120;

/** Each as it comes, and what stands below the last one. */
export function* transcriptsText(
  transcripts: Iterable<Transcript>,
  options: Options & { readonly count: number; readonly missing: number; readonly run: string },
): Generator<string> {
  let played = 0;
  function* counted(): Generator<Transcript> {
    for (const one of transcripts) {
      if (one.simulated) played++;
      yield one;
    }
  }
  yield* transcriptTexts(counted(), options);
  yield transcriptsEnd({ missing: options.missing, played, run: options.run });
}

export function* transcriptTexts(
  transcripts: Iterable<Transcript>,
  input: Options & { readonly count: number },
): Generator<string> {
  const columns = Math.min(input.columns, MAX_COLUMNS);
  const systems = new Map<string, string>();
  let n = 0;
  for (const transcript of transcripts) {
    n++;
    const { record } = transcript;
    const options = { ...input, columns, ...transcript };
    const cell = `${record.variant}/${record.scenario}/${record.run}`;
    const head = [
      headLine(sanitizeLine(cell), { n, ...options }),
      factsLine(transcript, options),
      ...noteLines(record, options),
      ...askedLines(transcript.scenario, options),
    ];
    const blocks = [
      head.join('\n'),
      ...conversationOf(record).messages.map((said, i) =>
        messageBlock(said, { i, cell, systems, ...options }),
      ),
      answerBlock(record, options),
      ...scoresBlocks(transcript.scores, options),
      ...peopleBlocks(transcript.people, options),
      ...(record.attempts.some(({ error }) => error !== null)
        ? [ownBlock('attempts', record.attempts.map(attemptLine), options)]
        : []),
    ];
    yield `${n === 1 ? '' : '\n'}${blocks.join('\n\n')}\n`;
  }
}

/** `━━ applike/ambiguous:gym/1 ━━━━━━ 3 of 120 ━━`: as wide as the screen, and nothing else is. */
function headLine(name: string, options: Options & { readonly n: number; readonly count: number }): string {
  const { n, count, columns } = options;
  const place = ` ${n} of ${count} ━━`;
  const room = Math.max(10, columns - displayWidth(place) - 5);
  const shown = cutText(name, { width: room, from: 'middle' });
  const rule = '━'.repeat(Math.max(1, columns - displayWidth(place) - displayWidth(shown) - 4));
  const colors = makeColors(options.colors);
  return `${colors.note('━━')} ${colors.bold(shown)} ${colors.note(`${rule}${place}`)}`;
}

function factsLine(transcript: Transcript, options: BlockOptions): string {
  const { record, standing, simulated } = transcript;
  const { usage, cost_usd: cost, duration_ms: ms, category } = record;
  const parts = [
    verdictWord(transcript),
    ...(category === null ? [] : [category]),
    modelAsked(record) ?? 'unknown model',
    ...(ms === null ? [] : [formatDuration(ms)]),
    ...(usage === null ? [] : [formatAmount(usage.total_tokens, 'token')]),
    ...(cost === null ? [] : [formatMoney(cost)]),
    ...(simulated ? ['SIMULATION'] : []),
  ].map(sanitizeLine);
  const colors = makeColors(options.colors);
  const [verdict = '', ...rest] = parts;
  const paint =
    verdict === 'passed' ? colors.good : /^(?:failed|not passed)$/.test(verdict) ? colors.error : colors.bold;
  const line = wrapParts([verdict, ...rest].join(' · '), options.columns);
  return `${paint(verdict)}${line.slice(verdict.length)}${standingWord(standing, options)}`;
}

function verdictWord({ record, passed, scores }: Transcript): string {
  if (record.status === 'failed') return 'failed';
  if (passed !== null) return passed ? 'passed' : 'not passed';
  const isOpen = scores.some(({ judgements }) => judgements.length === 0);
  return isOpen ? 'not judged yet' : 'answered';
}

/** More texts than this are rendered anew for each scenario: none of them comes back. */
const MAX_SYSTEMS = 50;

/** The same instructions are read once. */
function messageBlock(
  said: Said,
  options: BlockOptions & {
    readonly i: number;
    readonly cell: string;
    /** By their text the cell where they were shown. */
    readonly systems: Map<string, string>;
  },
): string {
  const { systems, cell } = options;
  const text = said.lines.join('\n');
  if (options.i > 0 || !/^(?:system|developer)$/.test(said.title))
    return saidBlock(said.title, text, options);
  const known = systems.get(text);
  if (known !== undefined) {
    return makeColors(options.colors).dim(`── ${said.title} ── as in ${sanitizeLine(known)}`);
  }
  if (systems.size < MAX_SYSTEMS) systems.set(text, cell);
  return saidBlock(said.title, text, options);
}

/** Below the last one. */
export function transcriptsEnd(input: {
  /** Cells in scope that have no record. */
  readonly missing: number;
  /** How many the simulation played. */
  readonly played: number;
  readonly run: string;
}): string {
  const missing = input.missing === 1 ? 'is 1 cell' : `are ${input.missing} cells`;
  const lines = [
    ...(input.played > 0 ? [playedSentence(input.played, 'answer')] : []),
    ...(input.missing === 0
      ? []
      : [`Beside these there ${missing} without a record: ${input.run} draws what is missing.`]),
  ];
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}
