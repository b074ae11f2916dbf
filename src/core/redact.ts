// Keeps secrets out of everything that is written: the values of keys and tokens become `[redacted:NAME]`.

export type Secret = { readonly name: string; readonly value: string };
export type Redact = (text: string) => string;

/** Shorter values are words, not secrets: replacing them would damage data. */
const MIN_SECRET_CHARS = 8;

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
    if (text.length < MIN_SECRET_CHARS) continue;
    // Two levels: a tool call's arguments are JSON inside a JSON string.
    const escaped = JSON.stringify(text).slice(1, -1);
    const twice = JSON.stringify(escaped).slice(1, -1);
    for (const form of [text, escaped, twice]) found.set(form, `[redacted:${name}]`);
  }
  // The longest first: one secret may hold another.
  const forms = [...found].sort((a, b) => b[0].length - a[0].length);
  if (forms.length === 0) return (text) => text;
  return (text) => {
    let safe = text;
    for (const [form, mark] of forms) if (safe.includes(form)) safe = safe.replaceAll(form, () => mark);
    return safe;
  };
}
