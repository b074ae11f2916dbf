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
  input: { readonly fields: readonly string[]; readonly redact: Redact },
): Data {
  if (input.redact === NO_SECRETS) return data;
  let safe = data;
  for (const field of input.fields) {
    const value = (data as Record<string, unknown>)[field];
    if (value === undefined || value === null) continue;
    const text = JSON.stringify(value);
    // One search over the text; walking and copying is for the rare case.
    if (input.redact(text) !== text) safe = { ...safe, [field]: redactDeep(value, input.redact) };
  }
  return safe;
}

/**
 * The JSON text of a value with the secrets taken out: one search, and a copy only where something is found.
 * `text` is the value's JSON where it was made before.
 */
export function redactedJson(
  value: unknown,
  input: { readonly redact: Redact; readonly text?: string },
): { readonly text: string; readonly isRedacted: boolean } {
  const text = input.text ?? JSON.stringify(value);
  if (input.redact === NO_SECRETS || input.redact(text) === text) return { text, isRedacted: false };
  return { text: JSON.stringify(redactDeep(value, input.redact)), isRedacted: true };
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

/**
 * A function over text, plain or JSON: each secret is found as it is, as JSON writes it inside a string, as a URL does, and in
 * base64, alone or within other bytes (`Basic dXNlcjp...`).
 */
export function makeRedact(secrets: readonly Secret[]): Redact {
  const found = new Map<string, string>();
  const coded: Coded[] = [];
  for (const { name, value } of secrets) {
    const text = value.trim();
    if (text.length < MIN_SECRET_CHARS || PLAIN_WORD.test(text)) continue;
    // Two levels: a tool call's arguments are JSON inside a JSON string.
    const escaped = JSON.stringify(text).slice(1, -1);
    const twice = JSON.stringify(escaped).slice(1, -1);
    const mark = `[redacted:${name}]`;
    for (const form of [text, escaped, twice, ...percentForms(text)]) found.set(form, mark);
    coded.push(...base64Forms(text, mark));
  }
  // The longest first: one secret may hold another.
  const forms = [...found].sort((a, b) => b[0].length - a[0].length);
  coded.sort((a, b) => b.core.length - a.core.length);
  if (forms.length === 0) return NO_SECRETS;
  return (text) => {
    let safe = text;
    for (const [form, mark] of forms) if (safe.includes(form)) safe = safe.replaceAll(form, () => mark);
    for (const { core, pattern, mark } of coded)
      if (safe.includes(core)) safe = safe.replaceAll(pattern, () => mark);
    return safe;
  };
}

/** As query strings and forms write it. */
function percentForms(text: string): readonly string[] {
  if (!text.isWellFormed()) return [];
  const percent = encodeURIComponent(text);
  if (percent === text) return [];
  return [
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    percent.replaceAll('%20', '+'),
  ];
}

type Coded = {
  /** What of the secret is the same whatever stands before and behind it. */
  readonly core: string;
  /** With the two characters at its ends that tell a part of it. */
  readonly pattern: RegExp;
  readonly mark: string;
};

/** Three bytes are four characters: a secret begins at one of three places of them. Both alphabets (RFC 4648, 4 and 5). */
function base64Forms(text: string, mark: string): readonly Coded[] {
  const bytes = new TextEncoder().encode(text);
  const forms = [0, 1, 2].flatMap((before) => {
    const all = base64Of(new Uint8Array([...new Uint8Array(before), ...bytes]));
    const first = Math.ceil((before * 8) / 6);
    const core = all.slice(first, Math.floor(((before + bytes.length) * 8) / 6));
    const isCutBefore = before > 0;
    const isCutBehind = ((before + bytes.length) * 8) % 6 !== 0;
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')].map((form) => ({
      core: form,
      pattern: new RegExp(
        `${isCutBefore ? ANY_CHAR : ''}${form.replace(/[+/]/g, '\\$&')}${isCutBehind ? ANY_CHAR : ''}={0,2}`,
        'g',
      ),
      mark,
    }));
  });
  return [...new Map(forms.map((form) => [form.pattern.source, form])).values()];
}

const ANY_CHAR = '[A-Za-z0-9+/_-]?';

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
