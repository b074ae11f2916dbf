// Keeps secrets out of everything that is written: the values of keys and tokens become `[redacted:NAME]`.

export type Secret = { readonly name: string; readonly value: string };
export type Redact = (text: string) => string;

/** What `makeRedact` gives where there is nothing to hide. */
const NO_SECRETS: Redact = (text) => text;

/**
 * Redacts the named fields of a plain object, however deep, and nothing else: types, names, keys and digests are what
 * records are found by. Returns the same object where there is nothing to take out.
 */
export function redactFields<Data extends object>(
  data: Data,
  by: { readonly fields: readonly string[]; readonly redact: Redact },
): Data {
  if (by.redact === NO_SECRETS) return data;
  let safe = data;
  for (const field of by.fields) {
    const value = (data as Record<string, unknown>)[field];
    if (value === undefined || value === null) continue;
    const text = JSON.stringify(value);
    // One search over the text; walking and copying is for the rare case.
    if (by.redact(text) !== text) safe = { ...safe, [field]: redactDeep(value, by.redact) };
  }
  return safe;
}

/**
 * The JSON text of a value with the secrets taken out: one search, and a copy only where something is found.
 * `text` is the value's JSON where it was made before.
 */
export function redactedJson(
  value: unknown,
  by: { readonly redact: Redact; readonly text?: string },
): { readonly text: string; readonly isRedacted: boolean } {
  const text = by.text ?? JSON.stringify(value);
  if (by.redact === NO_SECRETS || by.redact(text) === text) return { text, isRedacted: false };
  return { text: JSON.stringify(redactDeep(value, by.redact)), isRedacted: true };
}

function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [redact(name), redactDeep(member, redact)]),
  );
}

/** Shorter values are words, not secrets: replacing them would damage data. */
const MIN_SECRET_CHARS = 8;
/** Letters alone are a word of a language, digits alone a number: nobody gives out keys like that. */
const PLAIN_WORD = /^(\p{L}+|\d+)$/u;

/** Names of environment variables whose values are taken as secrets even if the manifest does not name them. */
const SECRET_NAME = /(^|_)(API_?KEY|ACCESS_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(_|$)/i;

/** Secrets of an environment by the usual names. */
export function secretsOf(env: { readonly [name: string]: string | undefined }): readonly Secret[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAME.test(name) ? [{ name, value }] : [],
  );
}

/** A function over text, plain or JSON: each secret is found as it is and as JSON writes it inside a string. */
export function makeRedact(secrets: readonly Secret[]): Redact {
  const found = new Map<string, string>();
  for (const { name, value } of secrets) {
    const text = value.trim();
    if (text.length < MIN_SECRET_CHARS || PLAIN_WORD.test(text)) continue;
    // Two levels: a tool call's arguments are JSON inside a JSON string.
    const escaped = JSON.stringify(text).slice(1, -1);
    const twice = JSON.stringify(escaped).slice(1, -1);
    for (const form of [text, escaped, twice]) found.set(form, `[redacted:${name}]`);
  }
  // The longest first: one secret may hold another.
  const forms = [...found].sort((a, b) => b[0].length - a[0].length);
  if (forms.length === 0) return NO_SECRETS;
  return (text) => {
    let safe = text;
    for (const [form, mark] of forms) if (safe.includes(form)) safe = safe.replaceAll(form, () => mark);
    return safe;
  };
}
