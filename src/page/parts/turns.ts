// Messages of a conversation as a reader follows them: who speaks, what is said, what is called, what a tool gave back. Pure.
import type { ChatMessage } from '../../core/chat.ts';
import { spoken } from '../../core/chat-form.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { parseJson } from '../../core/json-text.ts';
import { isMediaPart, type MediaPart, mediaIn } from '../../core/media.ts';
import { type Called, callsOf, hear } from '../../report/records/heard.ts';
import type { ToolCallText } from '../../screens/scenario.ts';
import { formatAmount } from '../../text/format.ts';

export type Turn = {
  /** `user`, `assistant`, `list_events answers`. */
  readonly title: string;
  readonly isResult: boolean;
  readonly text: string;
  readonly calls: readonly ToolCallText[];
  readonly files: readonly MediaPart[];
};

/** What says nothing and calls nothing is left out. */
export function turnsOf(messages: readonly ChatMessage[]): readonly Turn[] {
  const names = new Map<string, string>();
  return (spoken(messages) as readonly ChatMessage[]).flatMap((message) => {
    for (const { id, name } of callsOf(message)) if (id !== null) names.set(id, name);
    const files = mediaIn([message]);
    const { who, result, lines, calls } = hear(files.length === 0 ? message : withoutFiles(message), names);
    const tool = result?.tool ?? null;
    const title = tool === null ? who : `${tool} answers`;
    const turn = {
      title,
      isResult: result !== null,
      text: lines.join('\n'),
      calls: calls.map(callText),
      files,
    };
    return turn.text === '' && calls.length === 0 && files.length === 0 ? [] : [turn];
  });
}

/** They are shown, not named. */
function withoutFiles(message: JsonObject): JsonObject {
  const content = message.content as readonly JsonObject[];
  return { ...message, content: content.filter((part) => !isMediaPart(part)) };
}

function callText({ name, arguments: given }: Called): ToolCallText {
  const read = typeof given === 'string' ? (parseJson(given) ?? given) : given;
  return { name, arguments: read as Json };
}

/** Without the last one where it is the answer, which stands by itself. */
export function betweenOf(turns: readonly Turn[], answer: string | null): readonly Turn[] {
  const last = turns.at(-1);
  if (last === undefined || last.isResult) return turns;
  const isAnswer = last.calls.length === 0 && last.text.trim() === (answer ?? '').trim();
  return isAnswer ? turns.slice(0, -1) : turns;
}

/** `6 messages, 2 results of tools`: what a fold says. */
export function turnsSummary(turns: readonly Turn[]): string {
  const results = turns.filter(({ isResult }) => isResult).length;
  const told = results === 0 ? '' : `, ${results === 1 ? '1 result' : `${results} results`} of tools`;
  return `${formatAmount(turns.length, 'message')}${told}`;
}

/** The first words of a long text, on one line. */
export function beginningOf(text: string, chars: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= chars ? line : `${line.slice(0, chars).trimEnd()}…`;
}
