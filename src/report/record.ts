// What `show` prints: one record as a transcript that a person reads from top to bottom. Pure.
import { isJsonObject } from '../core/json.ts';
import { argumentsProblem, NO_OBJECT } from '../core/outside.ts';
import type { Attempt, RecordedToolCall, RecordedTurn, ScenarioResult, ScoreRecord } from '../core/record.ts';
import { sanitizeBlock, sanitizeLine } from '../core/text.ts';
import { isUntold, modelAsked, settingWords } from '../core/untold.ts';
import { makeColors } from '../progress/colors.ts';
import { formatAmount, formatCount, formatDuration, formatMoney, formatTime } from '../progress/format.ts';
import { playedSentence } from './played.ts';
import type { TextOptions } from './table.ts';

type Shown = {
  /** Of its trace; null where it is not known. */
  readonly tracePage: string | null;
  /** The simulation played it. */
  readonly simulated: boolean;
};

export function recordText(
  record: ScenarioResult,
  options: TextOptions & Shown & { readonly scores: ShownScores },
): string {
  const blocks = [
    headBlock(record, options),
    ...record.input.messages.map((message) => messageBlock(message, options)),
    ...conversationBlocks(record, options),
    answerBlock(record, options),
    ...scoresBlocks(options.scores, options),
    ...propertiesBlocks(record, options),
    ...(record.turns ? [block('turns', record.turns.map(turnLine).join('\n'), options)] : []),
    block('attempts', record.attempts.map(attemptLine).join('\n'), options),
    ...record.attempts.flatMap(({ n, body }) =>
      body === undefined ? [] : [block(`what came of attempt ${n}`, body, options)],
    ),
    ...record.attempts.flatMap(({ n, log }) =>
      log === undefined ? [] : [block(`log of attempt ${n}`, log, options)],
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** By scorer; no judgement = it was not asked yet. */
export type ShownScores = readonly {
  readonly scorer: string;
  readonly judgements: readonly ScoreRecord[];
}[];

function scoresBlocks(scores: ShownScores, options: TextOptions): readonly string[] {
  if (scores.length === 0) return [];
  const lines = scores.flatMap(({ scorer, judgements }) => {
    const name = sanitizeLine(scorer);
    if (judgements.length === 0) return [`${name}: not judged yet`];
    return judgements.map(
      (one) => `${name}${judgements.length > 1 ? ` (vote ${one.vote})` : ''}: ${verdictWords(one)}`,
    );
  });
  return [block('scores', lines.join('\n'), options)];
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

function headBlock(record: ScenarioResult, options: TextOptions & Shown): string {
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
    ...(record.stale ? [['note', 'stale: the manifest asks for other content now'] as const] : []),
    ...(record.in_scope === false
      ? [['note', 'the manifest does not hold this cell any more'] as const]
      : []),
  ];
  const lines = facts.map(
    ([label, value]) => `${colors.dim(label.padEnd(LABEL_WIDTH))}${sanitizeLine(value)}`,
  );
  return [`${colors.bold(name)} ${status}`, ...lines].join('\n');
}

const LABEL_WIDTH = 12;

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
  const reasoning =
    usage.reasoning_tokens === undefined ? '' : ` (${formatCount(usage.reasoning_tokens)} reasoning)`;
  return `${formatCount(usage.input_tokens)} in${cached}, ${formatCount(usage.output_tokens)} out${reasoning}, ${formatCount(usage.total_tokens)} in all`;
}

/** What is paid beside the answer, or was paid before this invocation, is told. */
function costWords({ cost_usd, paid, invocation }: ScenarioResult): string {
  const cost = formatMoney(cost_usd);
  return paid === undefined ? cost : `${cost}; paid by ${invocation}: ${formatMoney(paid.cost_usd)}`;
}

function messageBlock(message: { readonly [name: string]: unknown }, options: TextOptions): string {
  const { role, type, content, output: told, tool_calls: calls } = message;
  const isItem = content === undefined && told === undefined && calls === undefined;
  const lines = [
    isItem ? JSON.stringify(message) : contentText(content ?? told),
    ...(Array.isArray(calls) ? calls.map((call) => JSON.stringify(call)) : []),
  ];
  return block(
    typeof role === 'string' ? role : typeof type === 'string' ? type : 'message',
    lines.filter((line) => line !== '').join('\n'),
    options,
  );
}

/** Text, or a list of parts of which some are text. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) return JSON.stringify(content);
  return content
    .map((part) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : JSON.stringify(part)))
    .join('\n');
}

/** What was said on the way, where there is more than the answer itself. */
function conversationBlocks({ output, turns }: ScenarioResult, options: TextOptions): readonly string[] {
  if (!turns) return [];
  // Of a failed record what was said stands in its turns.
  const messages = output === null ? turns.flatMap((turn) => turn.messages ?? []) : output.messages;
  if (output !== null && messages.length < 2) return [];
  return messages.map((message) => messageBlock(message, options));
}

function propertiesBlocks({ output }: ScenarioResult, options: TextOptions): readonly string[] {
  if (!output?.properties) return [];
  const lines = Object.entries(output.properties).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return [block('properties', lines.join('\n'), options)];
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

function answerBlock({ output }: ScenarioResult, options: TextOptions): string {
  if (output === null) return block('answer', '(none)', options);
  const lines = [
    output.text,
    ...output.tool_calls.map(callLine),
    output.refusal === undefined ? '' : `refused: ${output.refusal}`,
    `(finish reason: ${output.finish_reason ?? 'not reported'}${output.turn_limit ? '; cut off at max_turns' : ''}${output.text_from === undefined ? '' : `; the text is ${output.text_from}`})`,
  ];
  return block('answer', lines.filter((line) => line !== '').join('\n'), options);
}

function callLine(call: RecordedToolCall): string {
  const { arguments_text: text } = call;
  if (text === undefined) return `-> ${call.name}(${JSON.stringify(call.arguments)})`;
  const problem = argumentsProblem(text);
  return `-> ${call.name}(${problem === NO_OBJECT ? 'not JSON' : `as text, for the arguments ${problem}`}: ${text})`;
}

function attemptLine({ n, duration_ms, error, request_id }: Attempt): string {
  const request = request_id === null ? '' : `, request ${request_id}`;
  const how =
    error === null ? 'answered' : `${error.kind}${error.status === null ? '' : ` (${error.status})`}`;
  const message = error === null ? '' : `: ${error.message}`;
  return sanitizeLine(`${n}  ${how} after ${tookWords(duration_ms)}${request}${message}`);
}

/** A rule with a name, then text of others, harmless. */
function block(name: string, text: string, options: TextOptions): string {
  const colors = makeColors(options.colors);
  const title = `── ${sanitizeLine(name)} `;
  return `${colors.note(title.padEnd(Math.min(options.columns, MAX_RULE), '─'))}\n${sanitizeBlock(text)}`;
}

const MAX_RULE = 60;
