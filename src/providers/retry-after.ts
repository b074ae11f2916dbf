// How long the provider asks us to wait, in milliseconds: in the headers of its answer, or in its body. Pure.

import {
  exhaustedReset,
  type HeaderSource,
  isMoment,
  NUMBER,
  readDate,
  readDuration,
  readReset,
} from './reset-headers.ts';
import type { ServerError } from './server-error.ts';

export type { HeaderSource } from './reset-headers.ts';

/** A server that asks for more is as good as down: the policy decides, but not on absurd numbers. */
const MAX_RETRY_AFTER_MS = 3_600_000;

export function boundWait(askedMs: number | null): number | null {
  return askedMs === null ? null : Math.min(askedMs, MAX_RETRY_AFTER_MS);
}

/**
 * `retry-after-ms` (OpenAI), `x-ms-retry-after-ms` (Azure), then `retry-after` in seconds or as an HTTP date (RFC 9110,
 * 10.2.3), then what the body says, then, for a 429 only, the reset time of an exhausted bucket. As it stands: hours are
 * told and not obeyed. null = the provider did not say, or not readably.
 */
export function readAskedMs(
  headers: HeaderSource,
  { status, nowMs, error }: { readonly status: number; readonly nowMs: number; readonly error?: ServerError },
): number | null {
  const asked =
    milliseconds(headers.get('retry-after-ms')) ??
    milliseconds(headers.get('x-ms-retry-after-ms')) ??
    readAfter(headers.get('retry-after'), nowMs) ??
    (error === undefined ? null : readBodyWait(error, nowMs)) ??
    (status === 429 ? exhaustedReset(headers, nowMs) : null);
  return asked === null ? null : Math.ceil(asked);
}

/**
 * Seconds or a date; and what is neither by the standard: a moment in seconds or milliseconds, which as seconds would be a life long,
 * `1m30s`, and the words of a gateway and of what stands behind it, of which the longer one counts.
 */
function readAfter(text: string | null, nowMs: number): number | null {
  const trimmed = text?.trim() ?? '';
  if (/^\d[^,]{0,30}(?:,\s*\d[^,]{0,30}){1,3}$/.test(trimmed)) {
    const waits = trimmed.split(',').map((one) => readAfter(one, nowMs));
    return waits.includes(null) ? null : Math.max(...waits.map(Number));
  }
  if (isMoment(trimmed)) return readReset(trimmed, nowMs) ?? 0;
  return seconds(trimmed) ?? readDuration(trimmed) ?? readDate(trimmed, nowMs);
}

/**
 * Gemini's RetryInfo, members named retry_after, sentences ("try again in 1m2.3s"), and the headers that OpenRouter puts
 * into the body; the longest of what one error says in the same way.
 */
export function readBodyWait(
  { message, whole }: Pick<ServerError, 'message' | 'whole'>,
  nowMs: number,
): number | null {
  return (
    longest(whole, RETRY_INFO, (text) => readDuration(text)) ??
    longest(whole, MEMBER_MS, (text) => milliseconds(text)) ??
    longest(whole, MEMBER_S, (text) => seconds(text) ?? readDuration(text)) ??
    longest(message, SENTENCE, readSpoken) ??
    longest(message, DATE, (text) => readDate(text.replace(/ at | /, 'T').replace(/ ?UTC$/, 'Z'), nowMs)) ??
    longest(whole, RESET_MEMBER, (text) => readReset(text, nowMs))
  );
}

const RETRY_INFO = /"retryDelay"\s*:\s*"([\d.]{1,20}m?s)"/g;
const MEMBER_MS = /"retry_?after_?ms"\s*:\s*"?(\d{1,15}(?:\.\d{1,9})?)"?/gi;
/** HuggingFace says how long a model loads, ChatGPT's plans when they begin anew. */
const MEMBER_S =
  /"(?:retry[_-]?after(?:_?s(?:econds)?)?|estimated_time|resets_in_seconds)"\s*:\s*"?(\d{1,15}(?:\.\d{1,9})?s?)"?/gi;
const RESET_MEMBER = /"x-ratelimit-reset"\s*:\s*"?([\w.:+-]{1,40})"?/gi;
/** "Please try again in 7m12s", "retry after 20 seconds", "Please retry in 36.4s", "wait 1 minute and 5 seconds". */
const SENTENCE =
  /(?:(?:try|retry)(?: your request)?(?: again)?|wait(?: for)?|available again|resets?)(?: in| after| for)? (?:about |approximately )?(\d[\d.]{0,12} ?[a-z]{1,12}(?:,? ?(?:and )?\d[\d.]{0,12} ?[a-z]{1,12}){0,3})/gi;

/** "resets at 2026-12-15T15:00:00Z", "You will regain access on 2027-01-01 at 00:00 UTC"; without its zone it is no moment. */
const DATE =
  /(?:resets? at:?|regain access on|available again (?:at|on)) (\d{4}-\d\d-\d\d(?:T| at | )\d\d:\d\d(?::\d\d)?(?:Z| ?UTC))/gi;

function longest(text: string, pattern: RegExp, read: (found: string) => number | null): number | null {
  const waits = [...text.matchAll(pattern)].map((match) => read(match[1]!)).filter((ms) => ms !== null);
  return waits.length === 0 ? null : Math.max(...waits);
}

const UNITS: readonly (readonly [unit: RegExp, ms: number])[] = [
  [/^(ms|millis(econds?)?|milliseconds?)$/i, 1],
  [/^s(ecs?|econds?)?$/i, 1_000],
  [/^m(ins?|inutes?)?$/i, 60_000],
  [/^h(rs?|ours?)?$/i, 3_600_000],
  [/^d(ays?)?$/i, 86_400_000],
];

function readSpoken(text: string): number | null {
  let sum: number | null = null;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?) ?([a-z]{1,12})/gi)) {
    const ms = UNITS.find(([pattern]) => pattern.test(unit!))?.[1];
    if (ms === undefined) break;
    sum = (sum ?? 0) + Number(count) * ms;
  }
  return sum;
}

function milliseconds(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return NUMBER.test(trimmed) ? Number(trimmed) : null;
}

function seconds(text: string | null): number | null {
  const value = milliseconds(text);
  return value === null ? null : value * 1_000;
}
