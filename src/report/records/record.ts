// What `show` prints: one record as a transcript that a person reads from top to bottom. Pure.
import type { Json } from '../../core/json.ts';
import type { Attempt, RecordedTurn, ScenarioResult, ScoreRecord } from '../../core/record.ts';
import type { HumanScore } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { isUntold, modelAsked, settingWords } from '../../core/untold.ts';
import { type BlockOptions, ownBlock, saidBlock } from '../../text/block.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount, formatCount, formatDuration, formatMoney, formatTime } from '../../text/format.ts';
import { playedSentence } from '../../text/played.ts';
import { valueLines } from '../../text/value-lines.ts';
import { conversationOf, recordedCallLines } from './conversation.ts';
import type { ShownStanding } from './standing.ts';
import { askedLines, factLines, noteLines, standingWord } from './transcript-head.ts';

/** What is known of a record beside itself. */
export type Beside = {
  /** Of its trace; null where it is not known. */
  readonly tracePage: string | null;
  /** The simulation played it. */
  readonly simulated: boolean;
  readonly scores: ShownScores;
  /** What people said of it in closed reviews; left out = nobody read it. */
  readonly people?: readonly HumanScore[];
  /** As the manifest describes it now; null where it does not hold the scenario. */
  readonly scenario: { readonly description: string | null; readonly expect: Json } | null;
  readonly standing: ShownStanding;
};

export function recordText(record: ScenarioResult, options: BlockOptions & Beside): string {
  const { messages } = conversationOf(record);
  const blocks = [
    headBlock(record, options),
    ...messages.map(({ title, lines }) => saidBlock(title, lines.join('\n'), options)),
    answerBlock(record, options),
    ...scoresBlocks(options.scores, options),
    ...peopleBlocks(options.people, options),
    ...propertiesBlocks(record, options),
    ...(record.turns ? [ownBlock('turns', record.turns.map(turnLine), options)] : []),
    ownBlock('attempts', record.attempts.map(attemptLine), options),
    ...record.attempts.flatMap(({ n, body }) =>
      body === undefined ? [] : [saidBlock(`what came of attempt ${n}`, body, options)],
    ),
    ...record.attempts.flatMap(({ n, log }) =>
      log === undefined ? [] : [saidBlock(`log of attempt ${n}`, log, options)],
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** By scorer; no judgement = it was not asked yet. */
export type ShownScores = readonly {
  readonly scorer: string;
  readonly judgements: readonly ScoreRecord[];
}[];

export function scoresBlocks(scores: ShownScores, options: BlockOptions): readonly string[] {
  if (scores.length === 0) return [];
  const lines = scores.flatMap(({ scorer, judgements }) => {
    const name = sanitizeLine(scorer);
    if (judgements.length === 0) return [`${name}: not judged yet`];
    return judgements.map(
      (one) => `${name}${judgements.length > 1 ? ` (vote ${one.vote})` : ''}: ${verdictWords(one)}`,
    );
  });
  return [ownBlock('scores', lines, options)];
}

export function peopleBlocks(
  people: readonly HumanScore[] | undefined,
  options: BlockOptions,
): readonly string[] {
  if (people === undefined || people.length === 0) return [];
  const lines = people.flatMap(({ dimension, score, passed, labels, notes, adjudicated }) => {
    const each = labels.map(({ reviewer, label }) => `${sanitizeLine(reviewer)} ${sanitizeLine(label)}`);
    const said =
      passed === null ? String(Math.round(score * 1_000) / 1_000) : passed ? 'passed' : 'not passed';
    const settled = adjudicated ? '; settled by a third' : '';
    return [
      `human.${sanitizeLine(dimension)}: ${said} (${each.join(', ')}${settled})`,
      ...notes.map((note) => `  ${sanitizeLine(note)}`),
    ];
  });
  return [ownBlock('people', lines, options)];
}

function verdictWords({ status, score, passed, label, reason, attempts }: ScoreRecord): string {
  if (status === 'failed') return `missing: ${sanitizeLine(attempts.at(-1)?.error?.message ?? 'it failed')}`;
  const words = [
    ...(score === null ? [] : [String(Math.round(score * 1_000) / 1_000)]),
    ...(label === null ? [] : [sanitizeLine(label)]),
    ...(passed === null ? [] : [passed ? 'passed' : 'not passed']),
  ];
  return `${words.join(', ')}${reason === null ? '' : `: ${sanitizeLine(reason)}`}`;
}

function headBlock(record: ScenarioResult, options: BlockOptions & Beside): string {
  const colors = makeColors(options.colors);
  const name = sanitizeLine(`${record.variant}/${record.scenario}/${record.run}`);
  const status = record.status === 'completed' ? colors.good('completed') : colors.error('failed');
  const facts: readonly (readonly [string, string])[] = [
    ['key', `${record.key}${record.generation === undefined ? '' : `@${record.generation}`}`],
    ['invocation', record.invocation],
    ['category', record.category ?? '-'],
    ['model', modelWords(record)],
    ['sent', sentWords(record)],
    ...(record.input.tools === undefined
      ? []
      : [['tools', `${record.input.tools.join(', ') || 'none'} (of the scenario)`] as const]),
    ['started', `${formatTime(record.started_at)} UTC`],
    ['took', `${tookWords(record.duration_ms)}, ${formatAmount(record.attempts.length, 'attempt')}`],
    ['tokens', tokenWords(record)],
    ['cost', costWords(record)],
    ['output', record.output_digest ?? '-'],
    ...(record.trace === null
      ? []
      : [['trace', options.tracePage ?? record.trace.langsmith_run_id] as const]),
    ...(options.simulated ? [['note', playedSentence(1, 'answer')] as const] : []),
  ];
  return [
    `${colors.bold(name)} ${status}${standingWord(options.standing, options)}`,
    ...noteLines(record, options),
    ...facts.flatMap(([label, value]) => factLines(label, [sanitizeLine(value)], options)),
    ...askedLines(options.scenario, options),
  ].join('\n');
}

function modelWords(record: ScenarioResult): string {
  const served = record.served_model;
  const by = served === null || served === record.model ? '' : ` (served by ${served})`;
  return `${modelAsked(record) ?? 'unknown'}${by} at ${record.provider}`;
}

/** What was left out of the request is one thing, what nobody told of it another. */
function sentWords(record: ScenarioResult): string {
  const told = [
    `temperature ${settingWords(record, 'temperature')}`,
    `seed ${settingWords(record, 'seed')}`,
    ...(isUntold(record, 'system') ? ['system prompt unknown'] : []),
    ...(isUntold(record, 'input') ? ['messages unknown'] : []),
  ];
  return told.join(', ');
}

function tookWords(ms: number | null): string {
  return ms === null ? 'an unknown time' : formatDuration(ms);
}

function tokenWords({ usage }: ScenarioResult): string {
  if (usage === null) return 'not reported';
  const cached =
    usage.cached_input_tokens === undefined ? '' : ` (${formatCount(usage.cached_input_tokens)} cached)`;
  const { cache_write_1h_input_tokens: for1h } = usage;
  const hour = for1h === undefined ? '' : `, ${formatCount(for1h)} of them for an hour`;
  const written =
    usage.cache_write_input_tokens === undefined
      ? ''
      : ` (${formatCount(usage.cache_write_input_tokens)} into the cache${hour})`;
  const reasoning =
    usage.reasoning_tokens === undefined ? '' : ` (${formatCount(usage.reasoning_tokens)} reasoning)`;
  return `${formatCount(usage.input_tokens)} in${cached}${written}, ${formatCount(usage.output_tokens)} out${reasoning}, ${formatCount(usage.total_tokens)} in all`;
}

/** What is paid beside the answer, or was paid before this invocation, is told. */
function costWords({ cost_usd, paid, invocation }: ScenarioResult): string {
  const cost = formatMoney(cost_usd);
  return paid === undefined ? cost : `${cost}; paid by ${invocation}: ${formatMoney(paid.cost_usd)}`;
}

function propertiesBlocks({ output }: ScenarioResult, options: BlockOptions): readonly string[] {
  if (!output?.properties) return [];
  return [saidBlock('properties', valueLines(output.properties).join('\n'), options)];
}

function turnLine(turn: RecordedTurn): string {
  const tokens = turn.usage === null ? '' : `, ${formatCount(turn.usage.total_tokens)} tokens`;
  const results = turn.tool_results.map(
    ({ name, source, error }) => `${name} from ${source}${error === undefined ? '' : ` (${error})`}`,
  );
  const told = results.length === 0 ? '' : `; told: ${results.join(', ')}`;
  const by = turn.invocation === undefined ? '' : `; paid by ${turn.invocation}`;
  const said = turn.repaired?.map((name) =>
    name.startsWith('-') ? `without ${name.slice(1)}` : `with ${name}`,
  );
  const back = said === undefined ? '' : `; said back ${sanitizeLine(said.join(', '))}`;
  return sanitizeLine(
    `${turn.n}  ${turn.finish_reason ?? 'ended'} after ${formatDuration(turn.duration_ms)}${tokens}${told}${by}${back}`,
  );
}

/** What a model said last, with the calls that stand in no message above it. */
export function answerBlock(record: ScenarioResult, options: BlockOptions): string {
  const { output } = record;
  if (output === null) return saidBlock('answer', '(none)', options);
  const { calls } = conversationOf(record);
  const lines = [
    output.text,
    ...calls.flatMap(recordedCallLines),
    ...(output.refusal === undefined ? [] : [`refused: ${output.refusal}`]),
    `(finish reason: ${output.finish_reason ?? 'not reported'}${output.turn_limit ? '; cut off at max_turns' : ''}${output.text_from === undefined ? '' : `; the text is ${output.text_from}`})`,
  ];
  return saidBlock('answer', lines.filter((line) => line !== '').join('\n'), options);
}

export function attemptLine({ n, duration_ms, error, request_id }: Attempt): string {
  const request = request_id === null ? '' : `, request ${request_id}`;
  const how =
    error === null ? 'answered' : `${error.kind}${error.status === null ? '' : ` (${error.status})`}`;
  const message = error === null ? '' : `: ${error.message}`;
  return sanitizeLine(`${n}  ${how} after ${tookWords(duration_ms)}${request}${message}`);
}
