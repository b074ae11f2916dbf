// What `show` prints: one record as a transcript that a person reads from top to bottom. Pure.
import { isJsonObject } from '../core/json.ts';
import type { Attempt, RecordedToolCall, ScenarioResult } from '../core/record.ts';
import { sanitizeBlock, sanitizeLine } from '../core/text.ts';
import { makeColors } from '../progress/colors.ts';
import { formatAmount, formatCount, formatDuration, formatMoney, formatTime } from '../progress/format.ts';
import type { TextOptions } from './table.ts';

/** @param options.tracePage of its trace; null where it is not known */
export function recordText(
  record: ScenarioResult,
  options: TextOptions & { readonly tracePage: string | null },
): string {
  const blocks = [
    headBlock(record, options),
    ...record.input.messages.map((message) => messageBlock(message, options)),
    answerBlock(record, options),
    block('attempts', record.attempts.map(attemptLine).join('\n'), options),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function headBlock(
  record: ScenarioResult,
  options: TextOptions & { readonly tracePage: string | null },
): string {
  const colors = makeColors(options.colors);
  const name = sanitizeLine(`${record.variant}/${record.scenario}/${record.run}`);
  const status = record.status === 'completed' ? colors.good('completed') : colors.error('failed');
  const facts: readonly (readonly [string, string])[] = [
    ['key', `${record.key}${record.generation === undefined ? '' : `@${record.generation}`}`],
    ['invocation', record.invocation],
    ['category', record.category ?? '-'],
    ['model', modelWords(record)],
    ['sent', `temperature ${record.temperature ?? 'not sent'}, seed ${record.seed ?? 'not sent'}`],
    ['started', `${formatTime(record.started_at)} UTC`],
    ['took', `${formatDuration(record.duration_ms)}, ${formatAmount(record.attempts.length, 'attempt')}`],
    ['tokens', tokenWords(record)],
    ['cost', formatMoney(record.cost_usd)],
    ['output', record.output_digest ?? '-'],
    ...(record.trace === null
      ? []
      : [['trace', options.tracePage ?? record.trace.langsmith_run_id] as const]),
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
  return `${record.model}${by} at ${record.provider}`;
}

function tokenWords({ usage }: ScenarioResult): string {
  if (usage === null) return 'not reported';
  const cached =
    usage.cached_input_tokens === undefined ? '' : ` (${formatCount(usage.cached_input_tokens)} cached)`;
  const reasoning =
    usage.reasoning_tokens === undefined ? '' : ` (${formatCount(usage.reasoning_tokens)} reasoning)`;
  return `${formatCount(usage.input_tokens)} in${cached}, ${formatCount(usage.output_tokens)} out${reasoning}, ${formatCount(usage.total_tokens)} in all`;
}

function messageBlock(message: { readonly [name: string]: unknown }, options: TextOptions): string {
  const { role, content, tool_calls: calls } = message;
  const lines = [
    contentText(content),
    ...(Array.isArray(calls) ? calls.map((call) => JSON.stringify(call)) : []),
  ];
  return block(
    typeof role === 'string' ? role : 'message',
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

function answerBlock({ output }: ScenarioResult, options: TextOptions): string {
  if (output === null) return block('answer', '(none)', options);
  const lines = [
    output.text,
    ...output.tool_calls.map(callLine),
    output.refusal === undefined ? '' : `refused: ${output.refusal}`,
    `(finish reason: ${output.finish_reason ?? 'not reported'})`,
  ];
  return block('answer', lines.filter((line) => line !== '').join('\n'), options);
}

function callLine(call: RecordedToolCall): string {
  const given =
    call.arguments_text === undefined ? JSON.stringify(call.arguments) : `not JSON: ${call.arguments_text}`;
  return `-> ${call.name}(${given})`;
}

function attemptLine({ n, duration_ms, error, request_id }: Attempt): string {
  const request = request_id === null ? '' : `, request ${request_id}`;
  const how =
    error === null ? 'answered' : `${error.kind}${error.status === null ? '' : ` (${error.status})`}`;
  const message = error === null ? '' : `: ${error.message}`;
  return sanitizeLine(`${n}  ${how} after ${formatDuration(duration_ms)}${request}${message}`);
}

/** A rule with a name, then text of others, harmless. */
function block(name: string, text: string, options: TextOptions): string {
  const colors = makeColors(options.colors);
  const title = `── ${sanitizeLine(name)} `;
  return `${colors.note(title.padEnd(Math.min(options.columns, MAX_RULE), '─'))}\n${sanitizeBlock(text)}`;
}

const MAX_RULE = 60;
