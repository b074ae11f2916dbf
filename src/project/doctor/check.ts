// What doctor finds out, one thing at a time.

export type Check = {
  readonly name: string;
  /** `off`: nothing is wrong, and nothing is there. */
  readonly state: 'ok' | 'warning' | 'failed' | 'off';
  readonly found: string;
  /** What to do; null where nothing is to be done. */
  readonly advice: string | null;
};

/** Whoever does not answer in this time cannot be reached. */
export const PROBE_MS = 5_000;

export function ok(name: string, found: string): Check {
  return { name, state: 'ok', found, advice: null };
}
