// What an error of JavaScript says of itself, and whatever caused it, in the words of the plugin's. Code of others throws
// what it likes: each look is guarded and bounded.
import type { ThrownLink } from '../../providers/thrown-failure.ts';

const MAX_LINKS = 12;
const MAX_TYPES = 16;
const MAX_WORDS = 2_000;
const MAX_BODY = 16_000;
const MAX_HEADERS = 40;

/** Outermost first; the members of an AggregateError count as causes. */
export function linksOf(thrown: unknown): readonly ThrownLink[] {
  const waiting: unknown[] = [thrown];
  const seen = new Set<unknown>();
  const links: ThrownLink[] = [];
  while (waiting.length > 0 && links.length < MAX_LINKS) {
    const one = waiting.shift();
    if (typeof one !== 'object' || one === null || seen.has(one)) continue;
    seen.add(one);
    links.push(linkOf(one));
    const members = peek(one, 'errors');
    waiting.push(peek(one, 'cause'), ...(Array.isArray(members) ? members.slice(0, 4) : []));
  }
  return links;
}

function linkOf(error: object): ThrownLink {
  const response = peek(error, 'response');
  const metadata = peek(error, '$metadata');
  const codes = [
    peek(error, 'code'),
    peek(error, 'type'),
    peek(error, 'reason'),
    peek(peek(error, 'error'), 'type'),
  ];
  // AWS keeps the code in the name.
  if (metadata !== undefined) codes.push(peek(error, 'name'));
  return {
    types: typesOf(error),
    message: text(peek(error, 'message'), MAX_WORDS),
    status: statusOf(
      peek(error, 'status'),
      peek(error, 'statusCode'),
      peek(metadata, 'httpStatusCode'),
      peek(response, 'status'),
    ),
    codes: codes.map((code) => text(code, 200)).filter((code) => code !== ''),
    headers: headersOf(
      peek(error, 'headers'),
      peek(error, 'responseHeaders'),
      peek(response, 'headers'),
      peek(peek(error, '$response'), 'headers'),
    ),
    body: bodyOf(peek(error, 'error'), peek(error, 'responseBody'), peek(response, 'data')),
    retryable: peek(error, 'retryable') === true,
  };
}

/** Its own name, and the classes that it is made of. */
function typesOf(error: object): readonly string[] {
  const names = [text(peek(error, 'name'), 200)];
  try {
    for (
      let at: unknown = Object.getPrototypeOf(error);
      at !== null && at !== Object.prototype && names.length < MAX_TYPES;
      at = Object.getPrototypeOf(at)
    )
      names.push(text(peek(peek(at, 'constructor'), 'name'), 200));
  } catch {
    // A proxy that refuses to be looked at: what is known by now is known.
  }
  return [...new Set(names)].filter((name) => name !== '');
}

function statusOf(...values: readonly unknown[]): number | null {
  const found = values.find(
    (value) => Number.isInteger(value) && Number(value) >= 400 && Number(value) < 600,
  );
  return found === undefined ? null : Number(found);
}

function headersOf(...sources: readonly unknown[]): ThrownLink['headers'] {
  for (const source of sources) {
    const found: [string, string][] = [];
    try {
      if (typeof source !== 'object' || source === null) continue;
      const pairs = source instanceof Headers ? [...source] : Object.entries(source);
      for (const [name, value] of pairs.slice(0, 200)) {
        if (/retry-after|ratelimit/i.test(name) && (typeof value === 'string' || typeof value === 'number'))
          found.push([name.toLowerCase().slice(0, 100), String(value).slice(0, 300)]);
      }
    } catch {
      continue;
    }
    if (found.length > 0) return Object.fromEntries(found.slice(0, MAX_HEADERS));
  }
  return {};
}

function bodyOf(...values: readonly unknown[]): string {
  for (const value of values) {
    if (typeof value === 'string' && value !== '') return value.slice(0, MAX_BODY);
    if (typeof value !== 'object' || value === null) continue;
    try {
      return JSON.stringify(value)?.slice(0, MAX_BODY) ?? '';
    } catch {
      // A circle, or a toJSON that throws.
    }
  }
  return '';
}

function text(value: unknown, limit: number): string {
  return typeof value === 'string' ? value.slice(0, limit).toWellFormed() : '';
}

function peek(value: unknown, name: string): unknown {
  try {
    return (value as { readonly [name: string]: unknown } | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
