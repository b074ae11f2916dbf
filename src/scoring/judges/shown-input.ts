// What a judge is told and shown of a scenario's files. In words a file is what its content says, never its name: a renamed file asks
// no judge again. The file itself goes with the question of a judge that reads {{files}}. Pure.
import type { ChatMessage } from '../../core/chat.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { hasMedia, isMediaPart, type MediaPart, mediaIn, mediaWords, withoutName } from '../../core/media.ts';
import type { ScoredScenario } from '../../core/scoring.ts';

type Input = ScoredScenario['input'];

/** Parts of one message as lines, several messages as JSON; without a file in them they are as they were written. */
export function inputTold(input: Input): Json {
  if (typeof input === 'string' || !hasMedia(input)) return input as Json;
  const told = input.map((message) => ({ ...message, content: partsTold(message.content) }));
  const [only] = told;
  const lines = told.length === 1 && Array.isArray(only!.content) ? linesOf(only!.content) : null;
  return lines ?? (told as unknown as Json);
}

/** What stands for {{files}}. */
export function filesTold(input: Input): string {
  const files = filesIn(input);
  return files.length === 0 ? 'none' : files.map(words).join('\n');
}

export function filesIn(input: Input): readonly MediaPart[] {
  return typeof input === 'string' ? [] : mediaIn(input);
}

/** The user's message of a question, with the files behind its text. */
export function questionMessage(text: string, files: readonly MediaPart[]): ChatMessage {
  if (files.length === 0) return { role: 'user', content: text };
  const shown = files as unknown as readonly JsonObject[];
  return { role: 'user', content: [{ type: 'text', text }, ...shown] };
}

function words(part: MediaPart): string {
  return `[${mediaWords(withoutName(part))}]`;
}

function partsTold(content: ChatMessage['content']): Json {
  if (!Array.isArray(content)) return content as Json;
  return (content as readonly Json[]).map((part) => (isMediaPart(part) ? words(part) : part));
}

/** null = there is more in it than texts and files. */
function linesOf(parts: readonly Json[]): string | null {
  const lines = parts.map((part) => {
    if (typeof part === 'string') return part;
    return isJsonObject(part) && part.type === 'text' && typeof part.text === 'string' ? part.text : null;
  });
  return lines.includes(null) ? null : lines.join('\n');
}
