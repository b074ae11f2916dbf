// When a limit is whole again, as headers of many vendors say it. Pure: time is handed in.
//   OpenAI, Groq    x-ratelimit-reset-requests: 6m0s            Cerebras   x-ratelimit-reset-requests-day: 33011.38 (seconds)
//   Anthropic       anthropic-ratelimit-tokens-reset: RFC 3339  OpenRouter x-ratelimit-reset: 1741305600000 (epoch, ms)
//   the IETF draft  ratelimit-reset: 50 (seconds)               others     epochs in seconds, HTTP dates
//   the same, newer ratelimit: "api";r=0;t=55                   before     ratelimit: limit=100, remaining=0, reset=30
//   Mistral         ratelimitbysize-reset: 38 (seconds)         Anthropic's plans  anthropic-ratelimit-unified-reset: epoch

/** What is read of `Headers`. */
export type HeaderSource = { get(name: string): string | null };

/** `6m0s`, `1.5s`, `120ms`, `1d2h`, `565.12µs`. */
export function readDuration(text: string | null): number | null {
  const micros = /^(\d{1,9}(?:\.\d{1,9})?)(?:µ|μ|u)s$/.exec(text?.trim() ?? '');
  if (micros !== null) return Number(micros[1]) / 1_000;
  const match =
    /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?$/.exec(
      text?.trim() ?? '',
    );
  if (match === null || match[0] === '') return null;
  const [, days = '0', hours = '0', minutes = '0', secs = '0', millis = '0'] = match;
  const whole = Number(days) * 86_400_000 + Number(hours) * 3_600_000 + Number(minutes) * 60_000;
  return whole + Number(secs) * 1_000 + Number(millis);
}

/** Milliseconds from now, of whatever form; null = not readable, or past. */
export function readReset(text: string | null, nowMs: number): number | null {
  const trimmed = text?.trim() ?? '';
  const duration = readDuration(trimmed);
  if (duration !== null) return duration;
  if (NUMBER.test(trimmed)) {
    const number = Number(trimmed);
    if (number < FIRST_EPOCH_S) return number * 1_000;
    const at = number < FIRST_EPOCH_MS ? number * 1_000 : number;
    return at > nowMs ? at - nowMs : null;
  }
  return readDate(trimmed, nowMs);
}

/** A number that is no wait: a moment in seconds or milliseconds. */
export function isMoment(text: string): boolean {
  return NUMBER.test(text) && Number(text) >= FIRST_EPOCH_S;
}

/** An HTTP date or RFC 3339; null = neither. One that is past is now. */
export function readDate(text: string, nowMs: number): number | null {
  // Date.parse would also take "-5" for a year.
  if (!/^(?:[A-Z][a-z]{2}|\d{4}-\d\d-\d\dT)/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** How long until the limit that refused is whole again; null = nobody says. */
export function exhaustedReset(headers: HeaderSource, nowMs: number): number | null {
  const resets = BUCKETS.flatMap(({ reset, remaining }) => {
    const left = headers.get(remaining)?.trim() ?? '';
    const isAlone = left === '' && ALONE.has(reset);
    // A bucket that still holds something is not the reason, and its reset time (until it is full) would be far too long.
    if (!isAlone && !/^-?0*(\.0*)?$|^-\d{1,15}$/.test(left || 'none')) return [];
    const ms = readReset(headers.get(reset), nowMs);
    return ms === null ? [] : [ms];
  });
  const all = [...resets, ...resetsOfDraft(headers.get('ratelimit')), ...resetOfPlan(headers, nowMs)];
  return all.length === 0 ? null : Math.max(...all);
}

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/: a list of policies, or members of one. Only of what is used up. */
function resetsOfDraft(text: string | null): readonly number[] {
  if (text === null || text.length > MOST_CHARS) return [];
  const lists = /\bremaining\s*=/.test(text) ? [text] : text.split(',');
  return lists.flatMap((policy) => {
    const left = /\b(?:r|remaining)\s*=\s*(\d{1,15})/.exec(policy)?.[1];
    const seconds = /\b(?:t|reset)\s*=\s*(\d{1,9})/.exec(policy)?.[1];
    return left !== undefined && Number(left) === 0 && seconds !== undefined ? [Number(seconds) * 1_000] : [];
  });
}

const MOST_CHARS = 2_000;

function resetOfPlan(headers: HeaderSource, nowMs: number): readonly number[] {
  if (headers.get('anthropic-ratelimit-unified-status') !== 'rejected') return [];
  const ms = readReset(headers.get('anthropic-ratelimit-unified-reset'), nowMs);
  return ms === null ? [] : [ms];
}

export const NUMBER: RegExp = /^\d{1,15}(\.\d{1,15})?$/;
/** Nobody's limit lasts thirty years: from here on it is a moment. */
const FIRST_EPOCH_S = 1e9;
const FIRST_EPOCH_MS = 1e11;

const NAMES = [
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'],
  ...['project-requests', 'project-tokens'],
];
const BUCKETS: readonly { readonly reset: string; readonly remaining: string }[] = [
  ...NAMES.flatMap((name) => [
    { reset: `x-ratelimit-reset-${name}`, remaining: `x-ratelimit-remaining-${name}` },
    { reset: `anthropic-ratelimit-${name}-reset`, remaining: `anthropic-ratelimit-${name}-remaining` },
    ...['second', 'minute', 'hour', 'day'].map((window) => ({
      reset: `x-ratelimit-reset-${name}-${window}`,
      remaining: `x-ratelimit-remaining-${name}-${window}`,
    })),
  ]),
  { reset: 'x-ratelimit-reset', remaining: 'x-ratelimit-remaining' },
  { reset: 'x-rate-limit-reset', remaining: 'x-rate-limit-remaining' },
  { reset: 'x-ratelimit-reset-after', remaining: 'x-ratelimit-remaining' },
  { reset: 'ratelimit-reset', remaining: 'ratelimit-remaining' },
  { reset: 'ratelimitbysize-reset', remaining: 'ratelimitbysize-remaining' },
];
/** Where there is one limit, its reset is that of what refused. */
const ALONE = new Set(['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset']);
