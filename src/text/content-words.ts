// What a message says, as text: a file in it is a line that says what it is. Pure.
import { isJsonObject, type Json } from '../core/json.ts';
import { isMediaPart, mediaWords } from '../core/media.ts';
import { sanitizeLine } from '../core/text.ts';

/** `[image a.png 640x480 12 kB]`, on one line whatever the name is. */
export function fileLine(part: Parameters<typeof mediaWords>[0]): string {
  return `[${sanitizeLine(mediaWords(part))}]`;
}

/** A content of texts and files as its text; of anything else its JSON. */
export function contentWords(content: unknown): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content) || !content.some(isMediaPart)) return JSON.stringify(content, null, 2);
  return (content as readonly Json[])
    .map((part) => {
      if (isMediaPart(part)) return fileLine(part);
      return isJsonObject(part) && typeof part.text === 'string' ? part.text : JSON.stringify(part, null, 2);
    })
    .join('\n');
}
