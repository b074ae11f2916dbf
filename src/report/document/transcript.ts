// Conversations as lines of text, for documents that nobody clicks in. Pure.
import type { ChatMessage } from '../../core/chat.ts';
import { isThought, spoken } from '../../core/chat-form.ts';
import type { Json } from '../../core/json.ts';
import { contentWords } from '../../text/content-words.ts';
import { formatDuration, formatMoney } from '../../text/format.ts';
import { type DrawFacts, hasAnswer } from './facts.ts';

/** What was asked: who said what. A single message of a user needs no name. */
export function inputText(input: readonly ChatMessage[]): string {
  const [only] = input;
  if (input.length === 1 && only!.role === 'user') return contentText(only!);
  return input.map((message) => `[${message.role}]\n${contentText(message)}`).join('\n\n');
}

function contentText({ content }: ChatMessage): string {
  if (Array.isArray(content)) {
    const thoughts = content.map(({ thinking }) => thinking);
    if (content.length > 0 && thoughts.every((thought) => typeof thought === 'string'))
      return thoughts.join('\n');
  }
  return contentWords(content);
}

/** `schedule_task {"title": "..."}`, a line each. */
export function callLines(
  calls: readonly { readonly name: string; readonly arguments: Json }[],
): readonly string[] {
  return calls.map(
    ({ name, arguments: given }) => `${name} ${typeof given === 'string' ? given : JSON.stringify(given)}`,
  );
}

export function answerText({ text, toolCalls }: Pick<DrawFacts, 'text' | 'toolCalls'>): string {
  const said = text === null || text === '' ? [] : [text];
  const calls =
    toolCalls.length === 0
      ? []
      : [
          `calls:\n${callLines(toolCalls)
            .map((line) => `  ${line}`)
            .join('\n')}`,
        ];
  return [...said, ...calls].join('\n\n') || '(an empty answer)';
}

/** The whole conversation where it had several turns, else the answer. */
export function drawText(draw: DrawFacts): string {
  if (!hasAnswer(draw)) return `(${NO_ANSWER[draw.mark as keyof typeof NO_ANSWER]})`;
  if (draw.turns.length <= 1) return answerText(draw);
  const turns = (spoken(draw.turns) as readonly ChatMessage[]).map((message) => {
    const { tool_calls: calls } = message;
    const lines = [
      contentText(message),
      ...(calls === undefined ? [] : [JSON.stringify(calls, null, 2)]),
    ].filter(Boolean);
    return `[${message.role}${isThought(message) ? ' thinks' : ''}]\n${lines.join('\n')}`;
  });
  return turns.join('\n\n');
}

const NO_ANSWER = {
  error: 'no answer: the call failed',
  stale: 'what is kept answers another content',
  missing: 'nothing is kept',
} as const;

const MARKS: { readonly [mark in DrawFacts['mark']]: string } = {
  passed: 'passed',
  failed: 'did not pass',
  unjudged: 'not judged',
  error: 'failed',
  stale: 'stale',
  missing: 'missing',
};

export function markWords(mark: DrawFacts['mark']): string {
  return MARKS[mark];
}

/** What is known of a draw in one line. */
export function drawWords(draw: DrawFacts): string {
  const { mark, score, inputTokens, outputTokens, costUsd, latencyMs, servedModel, langsmithUrl } = draw;
  return [
    markWords(mark),
    ...(score === null ? [] : [`score ${score.toFixed(3)}`]),
    ...(inputTokens === null || outputTokens === null ? [] : [`${inputTokens}/${outputTokens} tokens`]),
    ...(costUsd === null ? [] : [formatMoney(costUsd)]),
    ...(latencyMs === null ? [] : [formatDuration(latencyMs)]),
    ...(servedModel === null ? [] : [servedModel]),
    ...(langsmithUrl === null ? [] : ['traced']),
  ].join(' · ');
}

/** Each scorer and reader who gave a reason. */
export function noteLines({ scores }: Pick<DrawFacts, 'scores'>): readonly string[] {
  return scores.flatMap(({ scorer, reason, missing }) =>
    reason !== null ? [`${scorer}: ${reason}`] : missing === null ? [] : [`${scorer}: ${missing}`],
  );
}
