// The error object of an answer, in the forms in which servers of this family write it, as one ServerError.
import { isJsonObject } from '../core/json.ts';
import { isDeeper, MAX_LEVELS } from '../core/outside.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { makeLeanResponse } from './lean-response.ts';
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

/** The SDK writes an error's body into its message by recursion: one nested without end would hide the status. */
export function withShallowErrors(send: LeanFetch): LeanFetch {
  return async (input, init) => {
    const answered = await send(input, init);
    if (answered.status < 300) return answered;
    const text = await answered.text();
    if (!isDeepJson(text)) return answered;
    const { status, statusText, headers, url } = answered;
    const body = Buffer.from(JSON.stringify({ error: { message: `${TOO_DEEP}: ${text.slice(0, 200)}` } }));
    return makeLeanResponse({ status, statusText, headers, url, body });
  };
}

const TOO_DEEP = `an error nested deeper than ${MAX_LEVELS} levels`;

function isDeepJson(text: string): boolean {
  try {
    return isDeeper(JSON.parse(text), MAX_LEVELS);
  } catch {
    return false;
  }
}

/** Text, also of what should have been text. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trimStart().startsWith('<') ? titleOf(value) : value;
  if (value === undefined || value === null) return '';
  return isDeeper(value, MAX_LEVELS) ? TOO_DEEP : (JSON.stringify(value) ?? '');
}

/** Gateways answer with a page; its title is the message. Looked for by hand: the page may be megabytes. */
function titleOf(page: string): string {
  const head = page.slice(0, 10_000);
  const start = head.toLowerCase().indexOf('<title>');
  const end = start < 0 ? -1 : head.indexOf('<', start + 7);
  return end < 0 ? 'an HTML page' : `an HTML page, "${head.slice(start + 7, end).trim()}"`;
}
