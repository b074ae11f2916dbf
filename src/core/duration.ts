// A length of time as people write it: 500ms, 60s, 30m, 1.5h, 30d.
const UNITS_MS: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
};

/** In milliseconds, rounded up; null where the text is no length of time. A bare number has no unit and is none. */
export function parseDuration(text: string): number | null {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)$/.exec(text.trim());
  return match ? Math.ceil(Number(match[1]) * UNITS_MS[match[2]!]!) : null;
}
