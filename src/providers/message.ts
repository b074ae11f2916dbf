// The text of a failure: one line, bounded, without control characters and without the secrets that were sent.
import type { Endpoint } from '../core/order.ts';
import { makeRedact, type Secret } from '../core/redact.ts';

/** Longer texts are somebody's whole page: the start says what happened. */
const MAX_MESSAGE_CHARS = 2_000;
/** What is looked at at all: redacting is linear, and a server may send megabytes. Far above MAX_MESSAGE_CHARS, so
 * that a secret cut in half here is never shown. */
const MAX_READ_CHARS = 64_000;
/** `makeRedact` leaves secrets under 8 characters alone because it works on data; a message may lose a word. */
const MIN_SHORT_SECRET_CHARS = 4;

/** A writer of messages that never show these secrets, not even when the server sends them back. */
export function makeMessageWriter(secrets: readonly Secret[]): (text: string) => string {
  const redact = makeRedact(secrets);
  const short = secrets.filter(({ value }) => value.length >= MIN_SHORT_SECRET_CHARS && value.length < 8);
  return (text) => {
    let safe = redact(text.slice(0, MAX_READ_CHARS));
    for (const { name, value } of short) safe = safe.replaceAll(value, () => `[redacted:${name}]`);
    return oneLine(safe);
  };
}

/** Control characters of both ranges go too: messages reach terminals. */
function oneLine(text: string): string {
  const line = text.replace(/[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ').trim();
  const cut = line.length > MAX_MESSAGE_CHARS ? `${line.slice(0, MAX_MESSAGE_CHARS - 3)}...` : line;
  // A cut may go through a surrogate pair.
  return cut.toWellFormed();
}

/** What of an endpoint's settings no message may show. A version is none, and a message about it has to name it. */
export function endpointSecrets({ headers, settings }: Endpoint): readonly Secret[] {
  const query = Object.entries(settings?.query ?? {}).filter(([name]) => !/version$/i.test(name));
  const { proxy = null } = settings ?? {};
  const password = proxy === null ? '' : (URL.parse(proxy)?.password ?? '');
  return [
    ...Object.entries(headers).map(([name, value]) => ({ name: `header ${name}`, value })),
    ...query.map(([name, value]) => ({ name: `query ${name}`, value })),
    ...(password === '' ? [] : [{ name: 'proxy', value: decodeURIComponent(password) }]),
  ];
}
