// Server-sent events as data, by the standard and a little beyond it: what real servers leave out or add. Pure.
// https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

import type { JsonObject } from '../core/json.ts';

/** A stream put together; not finished = it ended before the answer did. */
export type Joined = { readonly body: JsonObject; readonly isFinished: boolean };

export type ServerEvent = {
  /** "" = none was named. */
  readonly name: string;
  readonly data: string;
};

/** One end of a line a turn, or a body of blank lines would be tried in every way there is. A field of the standard begins the first line that is neither blank nor a comment. */
const FIRST_FIELD = /^\uFEFF?(?:[ \t]*(?::[^\r\n]*)?[\r\n])*(?:data|event|id|retry)[ \t]*:/;
/** Longer preambles of comments are nobody's: a body of megabytes is not searched. */
const MAX_LOOKED_AT = 65_536;

const BARE_ERROR = /^\{\s*"error"\s*:/;

/** Text that is a stream, whatever its headers say. A comment before plain JSON (OpenRouter's sign of life) is none. */
export function isEventStream(text: string): boolean {
  return FIRST_FIELD.test(text.slice(0, MAX_LOOKED_AT));
}

/** Ends of lines of all three kinds; comments and unknown fields are left out; the last event needs no blank line. */
export function readEvents(text: string): readonly ServerEvent[] {
  const events: ServerEvent[] = [];
  let name = '';
  let data: string[] = [];
  const dispatch = (): void => {
    if (data.length > 0) events.push({ name, data: data.join('\n') });
    name = '';
    data = [];
  };
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [n, line] of lines.entries()) {
    if (line.trim() === '') {
      dispatch();
      continue;
    }
    // Gemini and others fall back to plain JSON for an error: nothing comes behind it.
    if (line.startsWith('{') && BARE_ERROR.test(lines.slice(n, n + 3).join(''))) {
      dispatch();
      events.push({ name: '', data: lines.slice(n).join('\n').trim() });
      return events;
    }
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = (colon < 0 ? line : line.slice(0, colon)).trim();
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    // A second name without a blank line between: a server that forgot it, and a new event.
    if (field === 'event') {
      if (data.length > 0) dispatch();
      name = value.trim();
    } else if (field === 'data') data.push(value);
    // llama.cpp
    else if (field === 'error') {
      dispatch();
      events.push({ name: 'error', data: value });
    }
  }
  dispatch();
  return events;
}
