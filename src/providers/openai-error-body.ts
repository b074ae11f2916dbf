// The error object of an answer, in the forms in which servers of this family write it, as one ServerError.
import { isJsonObject, type Json } from '../core/json.ts';
import type { ServerError } from './openai-failure.ts';

/** @param value what stands under "error", or a whole body that has no such member, or text. */
export function readServerError(value: unknown, status: number | null): ServerError {
  if (!isJsonObject(value)) return { status, code: null, type: null, message: textOf(value) };
  // Numbers as codes are statuses: OpenRouter's 429 inside a 200, Gemini's everywhere.
  const numeric = typeof value.code === 'number' && value.code >= 400 && value.code < 600 ? value.code : null;
  return {
    status: status ?? numeric,
    code: typeof value.code === 'string' ? value.code : null,
    type: typeof value.type === 'string' ? value.type : null,
    // `detail` is FastAPI's word, so vLLM's; a nested `error` with text is Ollama's.
    message: textOf(value.message ?? value.detail ?? value.error ?? value),
  };
}

/** Text, also of what should have been text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trimStart().startsWith('<') ? titleOf(value) : value;
  if (value === undefined || value === null) return '';
  return JSON.stringify(value as Json);
}

/** Gateways answer with a page; its title is the message. Looked for by hand: the page may be megabytes. */
function titleOf(page: string): string {
  const head = page.slice(0, 10_000);
  const start = head.toLowerCase().indexOf('<title>');
  const end = start < 0 ? -1 : head.indexOf('<', start + 7);
  return end < 0 ? 'an HTML page' : `an HTML page, "${head.slice(start + 7, end).trim()}"`;
}
